"""The words Ibid says are whole, or the start says what is wrong with them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answers import Outcome
from bot.errors import Misconfigured
from bot.messages import MESSAGES
from bot.settings import HOME
from bot.wording import Wording, load_wording, read_wording


def _loaded(folder: Path, text: str) -> Wording:
    (folder / "messages.md").write_text(text, encoding="utf-8")
    return read_wording(folder)


def test_a_message_is_what_stands_below_its_heading(tmp_path: Path) -> None:
    wording = _loaded(tmp_path, "# Title\nNot a message.\n\n## one\nFirst.\nSecond.\n\n## two\nOther.\n")

    assert wording.messages == {"one": "First.\nSecond.", "two": "Other."}


def test_names_are_filled_in_and_what_is_filled_in_is_not_read_again(tmp_path: Path) -> None:
    wording = _loaded(tmp_path, "## hello\nHello {name}, from {place}.\n")

    assert wording.say("hello", name="{place}", place="here") == "Hello {place}, from here."


def test_a_name_that_is_not_given_is_an_error_and_never_a_half_sentence(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"hello uses \{name\}"):
        _loaded(tmp_path, "## hello\nHello {name}.\n").say("hello")


def test_an_unknown_message_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="'goodbye'"):
        _loaded(tmp_path, "## hello\nHello.\n").say("goodbye")


def test_a_message_said_twice_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="'hello' twice"):
        _loaded(tmp_path, "## hello\nHello.\n\n## hello\nHi.\n")


def test_a_missing_file_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"messages\.md cannot be read"):
        load_wording(tmp_path)


def test_every_outcome_but_an_answer_has_its_words() -> None:
    wording = load_wording(HOME / "wording")

    missing = {outcome.value for outcome in Outcome} - wording.messages.keys() - {Outcome.ANSWERED.value}

    assert not missing


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("## muted\n", "## smuted\n"), "(no words under `## muted`|a heading `## smuted`)"),
        (("## muted\n", "## unheard\nOf.\n\n## muted\n"), "a heading `## unheard`, which Ibid never says"),
        (("with the number {receipt}", "with the number {number}"), r"failed uses \{number\}, which is not known there; known: "),
        (("Thank you, noted.", ""), "no words under `## feedback_thanks`"),
    ],
)
def test_a_start_with_a_message_missing_unknown_or_with_a_wrong_name_says_which(
    tmp_path: Path, change: tuple[str, str], complaint: str
) -> None:
    shipped = (HOME / "wording" / "messages.md").read_text(encoding="utf-8")
    assert change[0] in shipped
    (tmp_path / "messages.md").write_text(shipped.replace(*change), encoding="utf-8")

    with pytest.raises(Misconfigured, match=complaint):
        load_wording(tmp_path)


def test_what_is_no_utf_8_is_said(tmp_path: Path) -> None:
    (tmp_path / "messages.md").write_bytes(b"## help\n\xff\xfe\n")

    with pytest.raises(Misconfigured, match="not UTF-8"):
        load_wording(tmp_path)


def test_the_messages_that_the_code_says_are_those_that_the_start_asks_for() -> None:
    said = [call for tree in _trees() for call in _calls_of_say(tree)]
    fixed = {str(call.args[0].value): call for call in said if isinstance(call.args[0], ast.Constant)}

    assert len(fixed) > 30
    assert fixed.keys() <= MESSAGES.keys()
    for key, call in fixed.items():
        given = {keyword.arg for keyword in call.keywords}
        assert given == MESSAGES[key] or None in given, key


def test_no_message_is_kept_that_nothing_says() -> None:
    words = {node.value for tree in _trees() for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    beginnings = {
        str(call.args[0].values[0].value)
        for tree in _trees()
        for call in _calls_of_say(tree)
        if isinstance(call.args[0], ast.JoinedStr) and isinstance(call.args[0].values[0], ast.Constant)
    }

    assert not {key for key in MESSAGES if key not in words and not key.startswith(tuple(beginnings))}


def _trees() -> Iterator[ast.Module]:
    for file in sorted((HOME / "bot").rglob("*.py")):
        if file.name != "messages.py":
            yield ast.parse(file.read_text(encoding="utf-8"))


def _calls_of_say(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and "say" in (getattr(node.func, "attr", ""), getattr(node.func, "id", "")):
            yield node
