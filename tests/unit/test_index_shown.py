"""What a run looks like at a terminal, where a person reads, and in a file, where a program does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from bot.cli import choosing, index_shown, terminal
from bot.cli.index_shown import report_code, show_report

if TYPE_CHECKING:
    from bot.owner_socket import Line

NOTHING: dict[str, Any] = {
    **dict.fromkeys(("added", "changed", "removed", "unchanged", "moved", "unread", "warnings", "unruled"), ()),
    **dict.fromkeys(("passages", "embedded", "situated", "pictured", "stale", "answers"), 0),
    "edition": None,
    "live": None,
    "held": "",
    "seconds": 0.0,
}


def a_report(**fields: object) -> Line:
    return NOTHING | fields


def shown(monkeypatch: pytest.MonkeyPatch, report: Line, *, watched: bool, plan: bool = False) -> list[str]:
    """The lines, without the blanks at their ends."""
    page = Console(force_terminal=watched, color_system=None, width=120, record=True, quiet=False, soft_wrap=not watched)
    for module in (index_shown, terminal):
        monkeypatch.setattr(module, "console", lambda: page)
    with page.capture() as captured:
        show_report(report, plan=plan)
    return [line.rstrip() for line in captured.get().splitlines()]


def test_a_person_reads_the_first_twenty_of_a_kind_and_a_file_gets_all(monkeypatch: pytest.MonkeyPatch) -> None:
    report = a_report(added=[f"policy-{number:03}.md" for number in range(54)], passages=1274, edition=1, seconds=3.21)

    seen = shown(monkeypatch, report, watched=True)
    assert len(seen) == 22
    assert seen[20:] == ["… and 34 more  added", "54 added; 1,274 passages; version 1 is live (3.2 s)."]
    assert len(shown(monkeypatch, report, watched=False)) == 55


def test_a_reason_that_many_share_stands_there_once_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    report = a_report(
        unchanged=[f"{letter}.md" for letter in "abcde"],
        warnings=[{"path": f"{letter}.md", "reason": "is gone"} for letter in "abcd"],
        live=7,
    )

    assert shown(monkeypatch, report, watched=True)[1:] == [
        "a.md, b.md and 2 more  note  is gone",
        "5 unchanged; 0 passages; version 7 stays live (0.0 s).",
    ]
    assert [line.split()[0] for line in shown(monkeypatch, report, watched=False)[1:5]] == ["a.md", "b.md", "c.md", "d.md"]


def test_a_document_cannot_colour_the_report_or_write_markup_into_it(monkeypatch: pytest.MonkeyPatch) -> None:
    report = a_report(added=["[bold]\x1b[31m.md"], held="[red]worse[/red]", live=1)

    text = "\n".join(shown(monkeypatch, report, watched=True))
    assert "[bold][31m.md" in text
    assert "[red]worse[/red]." in text
    assert "\x1b" not in text


def test_a_plan_says_what_it_takes_and_whom_it_concerns(monkeypatch: pytest.MonkeyPatch) -> None:
    figures = {"embedded": 1, "situated": 1200, "pictured": 2, "stale": 3, "answers": 12}

    line = shown(monkeypatch, a_report(changed=["a.md"], **figures), watched=False, plan=True)[-1]

    assert line == (
        "Plan: 1 changed. 1 piece of text to embed. 1,200 lines to ask a model for. 2 pictures to have described. 3 clauses would change "
        "or go, on which 12 answers of the last 90 days rest. Nothing was written; `ibid index` does it."
    )


def test_where_nothing_came_of_it_the_suffixes_are_told_unless_there_was_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    unread = [{"path": "a.pdf", "reason": "is empty", "withheld": False}]

    assert "The files that are read end in .csv, .docx" in shown(monkeypatch, a_report(), watched=False)[-1]
    assert shown(monkeypatch, a_report(unread=unread), watched=False)[-1] == "Nothing could be indexed: 1 not read."


@pytest.mark.parametrize(
    ("fields", "plan", "code"),
    [
        ({}, False, 1),
        ({}, True, 0),
        ({"unchanged": ["a.md"]}, False, 0),
        ({"moved": [("a.md", "b.md")]}, False, 0),
        ({"removed": ["a.md"]}, False, 1),
        ({"changed": ["a.md"], "held": "worse"}, False, 1),
    ],
)
def test_the_exit_code_says_whether_the_documents_are_live(fields: dict[str, object], plan: bool, code: int) -> None:
    assert report_code(a_report(**fields), plan=plan) == code


def test_each_source_without_a_rule_is_named_with_the_line_that_is_missing() -> None:
    told = choosing.in_sources(Path("sources.yaml"), ("wiki/a", "wiki/b", "handbook/c.md"))

    assert "3 documents (2 of the source wiki, 1 of the source handbook)" in told
    assert "below `name: wiki` and `name: handbook` in sources.yaml `access: everyone`" in told
