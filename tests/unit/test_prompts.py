"""A prompt file is right in every part, or it is refused with its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import Misconfigured
from bot.prompts import Prompt, load_prompt
from bot.settings import HOME

GOOD = "---\npurpose: Says hello.\ninputs: [name]\n---\nHello {{ name }}.\n"


def _loaded(folder: Path, text: str) -> Prompt:
    (folder / "greet.md").write_text(text, encoding="utf-8")
    return load_prompt(folder, "greet")


def test_a_prompt_is_filled_with_its_inputs(tmp_path: Path) -> None:
    assert _loaded(tmp_path, GOOD).fill({"name": "Priya"}) == "Hello Priya."


def test_what_is_filled_in_is_never_read_as_a_template(tmp_path: Path) -> None:
    assert _loaded(tmp_path, GOOD).fill({"name": "{{ name }}"}) == "Hello {{ name }}."


@pytest.mark.parametrize("values", [{}, {"name": "Priya", "age": "7"}, {"nome": "Priya"}])
def test_missing_and_unknown_inputs_are_errors(tmp_path: Path, values: dict[str, str]) -> None:
    with pytest.raises(Misconfigured, match=r"prompts/greet\.md"):
        _loaded(tmp_path, GOOD).fill(values)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Hello.", "front matter"),
        ("---\n: [\n---\nHello.", "not YAML"),
        ("---\npurpose: x\ninputs: []\nmodel: big\n---\nHello.", "exactly"),
        ("---\npurpose: x\ninputs: name\n---\nHello.", "list"),
        ("---\npurpose: x\ninputs: [name]\n---\nHello.", "declared but not used"),
        ("---\npurpose: x\ninputs: []\n---\nHello {{ name }}.", "used but not declared"),
    ],
)
def test_a_wrong_file_is_refused_with_what_is_wrong(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(Misconfigured, match=complaint):
        _loaded(tmp_path, text)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"prompts/nothing\.md cannot be read"):
        load_prompt(tmp_path, "nothing")


def test_the_hash_changes_with_the_words_and_with_nothing_else(tmp_path: Path) -> None:
    first = _loaded(tmp_path, GOOD).hash

    assert _loaded(tmp_path, GOOD.replace("Says hello.", "Greets.")).hash == first
    assert _loaded(tmp_path, GOOD.replace("Hello", "Hallo")).hash != first


def test_the_shipped_prompt_loads() -> None:
    assert "sources" in load_prompt(HOME / "prompts", "answer").inputs
