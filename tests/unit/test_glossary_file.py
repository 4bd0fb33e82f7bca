"""The glossary is what its file says now; a broken edit changes nothing, and is told to the operator."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from knowledge.errors import BadMetadata
from knowledge.glossary_file import GlossaryFile


def _write(file: Path, text: str, at: int) -> None:
    file.write_text(text, encoding="utf-8")
    os.utime(file, (at, at))


def test_an_edit_counts_from_the_next_question_on(tmp_path: Path) -> None:
    file = tmp_path / "glossary.md"
    _write(file, "- vacay: annual leave\n", 1)
    glossary = GlossaryFile(file)
    before = glossary()
    assert before.sought("vacay").also == ("annual leave",)
    assert glossary() is before
    _write(file, "- vacay: paid time off\n", 2)
    assert glossary().sought("vacay").also == ("paid time off",)
    assert glossary().name != before.name
    file.unlink()
    assert glossary().entries == ()


def test_a_broken_edit_changes_nothing_and_is_logged_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "glossary.md"
    _write(file, "- vacay: annual leave\n", 1)
    glossary = GlossaryFile(file)
    _write(file, "- vacay\n", 2)
    with caplog.at_level(logging.WARNING):
        assert glossary().sought("vacay").also == ("annual leave",)
        assert glossary().sought("vacay").also == ("annual leave",)
    assert len(caplog.records) == 1
    _write(file, "- vacay: holiday\n", 3)
    assert glossary().sought("vacay").also == ("holiday",)


def test_a_glossary_that_is_broken_at_the_start_stops_it(tmp_path: Path) -> None:
    (tmp_path / "glossary.md").write_text("- vacay\n")
    with pytest.raises(BadMetadata):
        GlossaryFile(tmp_path / "glossary.md")
