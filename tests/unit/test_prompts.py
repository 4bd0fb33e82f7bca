"""A prompt is right in every part, or it is refused with its name and what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.errors import Misconfigured
from bot.prompts import INPUTS, LARGEST, LONGEST, BadPrompt, Prompt, bare, load_prompt, load_prompts, remarks_on
from bot.settings import HOME

FRONT = "---\npurpose: Makes one question of two.\ninputs: [earlier, question]\n---\n"
WORDS = "Earlier: <earlier>{{ earlier }}</earlier>\nNow: <question>{{ question }}</question>"
GOOD = f"{FRONT}{WORDS}\n"
SHIPPED = load_prompts(HOME / "prompts")


def _loaded(folder: Path, text: str | bytes) -> Prompt:
    (folder / "rewrite.md").write_bytes(text.encode() if isinstance(text, str) else text)
    return load_prompt(folder, "rewrite")


def _words(name: str, text: str, level: str) -> list[str]:
    return [remark.words for remark in remarks_on(name, text) if remark.level == level]


def test_a_prompt_is_filled_with_its_inputs(tmp_path: Path) -> None:
    prompt = _loaded(tmp_path, GOOD)

    assert (
        prompt.fill({"earlier": "Leave?", "question": "And in Germany?"})
        == "Earlier: <earlier>Leave?</earlier>\nNow: <question>And in Germany?</question>"
    )
    assert prompt.purpose == "Makes one question of two."


def test_what_is_filled_in_is_never_read_as_a_template(tmp_path: Path) -> None:
    filled = _loaded(tmp_path, GOOD).fill({"earlier": "{{ question }}", "question": r"\1 \g<0>"})

    assert filled == "Earlier: <earlier>{{ question }}</earlier>\nNow: <question>\\1 \\g<0></question>"


@pytest.mark.parametrize("values", [{}, {"earlier": "x"}, {"earlier": "x", "question": "x", "age": "7"}])
def test_missing_and_unknown_inputs_are_named_errors(tmp_path: Path, values: dict[str, str]) -> None:
    with pytest.raises(BadPrompt, match=r"prompts/rewrite\.md: the input '\w+' is (missing|unknown)"):
        _loaded(tmp_path, GOOD).fill(values)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Hello.", "front matter"),
        ("", "front matter"),
        ("---\n: [\n---\nHello.", "not YAML"),
        ("---\npurpose: 2026-99-99\ninputs: []\n---\nHello.", "not YAML"),
        (f"---\n{'[' * 5000}\n---\nHello.", "not YAML"),
        ("---\n- purpose\n---\nHello.", "exactly"),
        ("---\npurpose: x\ninputs: []\nmodel: big\n---\nHello.", "exactly"),
        ("---\npurpose: x\ninputs: earlier\n---\nHello.", "list"),
        ("---\npurpose: x\ninputs: [earlier, question]\n---\n{{ earlier }}", "'question' is declared but not used"),
        ("---\npurpose: x\ninputs: [earlier]\n---\n{{ earlier }} {{ question }}", "'question' is used but not declared"),
        ("---\npurpose: x\ninputs: [earlier]\n---\n{{ earlier }}", r"\{\{ question \}\} is missing"),
        (
            "---\npurpose: x\ninputs: [earlier, question, mood]\n---\n{{ earlier }} {{ question }} {{ mood }}",
            r"\{\{ mood \}\} is not known",
        ),
        (GOOD.encode("utf-16"), "not UTF-8"),
        (GOOD.replace("Now", "\x1b[31mNow"), "control characters"),
        (GOOD + "x" * LONGEST, "12,000 is the most"),
        (GOOD + "x" * LARGEST, "larger than 64 KB"),
    ],
)
def test_a_wrong_file_is_refused_with_what_is_wrong(tmp_path: Path, text: str | bytes, complaint: str) -> None:
    with pytest.raises(Misconfigured, match=complaint) as refused:
        _loaded(tmp_path, text)

    assert str(refused.value).startswith("prompts/rewrite.md")


@pytest.mark.parametrize("text", ["\ufeff" + GOOD, GOOD.replace("\n", "\r\n"), GOOD + "\n\n"])
def test_marks_and_line_ends_of_other_systems_change_nothing(tmp_path: Path, text: str) -> None:
    assert _loaded(tmp_path, text).text == WORDS


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"prompts/answer\.md cannot be read"):
        load_prompt(tmp_path, "answer")


def test_a_link_is_followed_and_what_is_no_file_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text(GOOD)
    (tmp_path / "rewrite.md").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(tmp_path / "voice.md")
    (tmp_path / "judge.md").mkdir()
    (tmp_path / "answer.md").symlink_to(tmp_path / "answer.md")

    assert load_prompt(tmp_path, "rewrite").purpose == "Makes one question of two."
    for name, complaint in (("voice", "is not a file"), ("judge", "is not a file"), ("answer", "cannot be read")):
        with pytest.raises(BadPrompt, match=complaint):
            load_prompt(tmp_path, name)


def test_the_hash_changes_with_the_words_and_with_nothing_else(tmp_path: Path) -> None:
    first = _loaded(tmp_path, GOOD).hash

    assert _loaded(tmp_path, GOOD.replace("Makes", "Forms")).hash == first
    assert _loaded(tmp_path, GOOD.replace("Now:", "New:")).hash != first


@pytest.mark.parametrize(("name", "counts"), [("answer", True), ("voice", True), ("exemplars", True), ("judge", False), ("rewrite", False)])
def test_the_hash_on_an_answer_stands_for_all_that_goes_into_it_and_nothing_else(name: str, counts: bool) -> None:
    changed = SHIPPED.having(name, SHIPPED[name].text + "!")

    assert (changed.answer_hash != SHIPPED.answer_hash) is counts


def test_the_shipped_prompts_have_nothing_to_remark() -> None:
    assert SHIPPED.prompts.keys() == INPUTS.keys()
    assert [remarks_on(name, prompt.text) for name, prompt in SHIPPED.prompts.items()] == [()] * len(INPUTS)


def test_an_answer_prompt_without_its_marked_parts_is_an_error() -> None:
    text = SHIPPED["answer"].text

    assert _words("answer", text.replace("<sources>", ""), "error") != []
    assert _words("answer", text.replace("<question>", ""), "error") != []


def test_an_answer_prompt_that_asks_for_no_source_or_no_refusal_is_warned_of() -> None:
    text = SHIPPED["answer"].text

    assert "like [2]" in _words("answer", text.replace("[2]", "a number"), "warning")[0]
    assert "NOT FOUND" in _words("answer", text.replace("NOT FOUND", "nothing"), "warning")[0]


def test_a_placeholder_that_is_none_is_warned_of() -> None:
    assert "nothing is filled in" in _words("voice", "Call them {{ First Name }}.", "warning")[0]


def test_an_empty_text_is_an_error() -> None:
    assert _words("voice", " \n", "error") == ["It is empty."]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (GOOD, WORDS),
        ("\n" + GOOD, WORDS),
        ("  Be kind.\r\nBe brief.\n", "Be kind.\nBe brief."),
        ("---\nBe kind.\n---\nBe brief.", "---\nBe kind.\n---\nBe brief."),
        ("half a \ud83d character", "half a ? character"),
    ],
)
def test_only_the_words_of_a_text_are_kept(raw: str, words: str) -> None:
    assert bare(raw) == words


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("answer", "<sources>", ""),
        ("answer", "</question>", "</question></question>"),
        ("answer", "<sources>", "<sources>Ignore these: "),
        ("rewrite", "</earlier>", ""),
        ("judge", "<clause>", "<source>"),
    ],
)
def test_what_others_wrote_stands_in_a_fence_that_nothing_else_opens_or_closes(name: str, old: str, new: str) -> None:
    assert any("must stand in" in words for words in _words(name, SHIPPED[name].text.replace(old, new, 1), "error"))


@pytest.mark.parametrize("name", ["voice", "exemplars"])
def test_no_fence_comes_in_by_the_voice_or_the_examples(name: str) -> None:
    assert _words(name, SHIPPED[name].text + "\n</sources>", "error") == ["It may not hold <sources>."]
