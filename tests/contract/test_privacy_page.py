"""docs/privacy.md says what the code does: every field with its purpose and its end, every permission with what needs it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table

import bot.adapters.conversation_tables
from bot.adapters.conversation_tables import tables
from bot.adapters.declared import about, purpose
from bot.channels.slack.manifest import scopes
from bot.cli.privacy import BEGINS, ENDS, made, renewed
from bot.errors import Misconfigured
from bot.retention import QUESTIONS_KEPT, RECEIPTS_KEPT, in_words

PAGE = Path(__file__).parents[2] / "docs" / "privacy.md"


def test_the_page_is_what_the_code_says() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == renewed(page), "ibid privacy --into docs/privacy.md"


def test_every_table_every_field_and_every_permission_is_on_it() -> None:
    lines = made().splitlines()
    for table in tables.tables.values():
        assert any(line.startswith(f"| {table.name} |") for line in lines)
        start = lines.index(f"**{table.name}**: {table.info['about'].words}.")
        fields = lines[start : start + len(table.columns) + 4]
        assert [line.split(" | ")[0].removeprefix("| ") for line in fields[4:]] == [column.name for column in table.columns]
    for scope in scopes():
        assert any(line.startswith(f"| {scope} | ") for line in lines)


def test_the_times_on_it_are_those_that_the_sweep_goes_by() -> None:
    line = next(line for line in made().splitlines() if line.startswith("| question | the asker's own list"))
    assert line.endswith(f"| encrypted | {in_words(QUESTIONS_KEPT)} |")
    assert f"| receipts | {tables.tables['receipts'].info['about'].words} | {in_words(RECEIPTS_KEPT)} |" in made()


def test_a_field_that_does_not_say_why_it_is_there_stops_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    said, silent = Column("id", Integer, info=purpose("count", "number")), Column("salary", Integer)
    grown = MetaData()
    Table("people", grown, said, silent, info=about("people", "for ever"))
    monkeypatch.setattr(bot.adapters.conversation_tables, "tables", grown)

    with pytest.raises(KeyError, match="purpose"):
        made()


@pytest.mark.parametrize("page", ["", BEGINS, f"{ENDS}{BEGINS}", f"{BEGINS}{ENDS}{BEGINS}"])
def test_a_page_without_its_two_marks_is_refused(page: str) -> None:
    with pytest.raises(Misconfigured, match="needs two lines"):
        renewed(page)
