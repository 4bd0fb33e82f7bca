"""What people say, and what the documents say for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import BadMetadata
from knowledge.glossary import NO_GLOSSARY, load_glossary


def glossary_of(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "glossary.md"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_question_is_also_searched_in_the_documents_words(tmp_path: Path) -> None:
    glossary = load_glossary(glossary_of(tmp_path, "# Words\n\n- holiday, days off: annual leave\n- boss: manager\n"))
    assert glossary.sought("how many holidays does my boss get?").also == ("annual leave", "manager")
    assert glossary.sought("how many days do I get off?").also == ()


def test_what_the_question_says_already_is_not_added(tmp_path: Path) -> None:
    glossary = load_glossary(glossary_of(tmp_path, "- holiday: annual leave\n"))
    assert glossary.sought("is a holiday the same as annual leave?").also == ()


def test_no_file_adds_nothing(tmp_path: Path) -> None:
    assert load_glossary(tmp_path / "none.md") == NO_GLOSSARY
    assert NO_GLOSSARY.sought("holiday").also == ()


@pytest.mark.parametrize("line", ["- holiday", "- : annual leave", "- holiday:"])
def test_a_line_that_is_not_an_entry_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(BadMetadata, match="line 2"):
        load_glossary(glossary_of(tmp_path, f"# Words\n{line}\n"))


def test_the_glossary_that_ships_is_readable() -> None:
    assert len(load_glossary(Path("wording/glossary.md")).entries) > 50
