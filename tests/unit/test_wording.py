"""The words Ibid says are whole, or the start says what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import Misconfigured
from bot.settings import HOME
from bot.values import Outcome
from bot.wording import Wording, load_wording


def _loaded(folder: Path, text: str) -> Wording:
    (folder / "messages.md").write_text(text, encoding="utf-8")
    return load_wording(folder)


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
