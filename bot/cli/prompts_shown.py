"""What `ibid prompts` prints: tables, a prompt as its file would be, remarks, and what a trial found."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.cli.terminal import console, printable

if TYPE_CHECKING:
    from rich.table import Table

    from bot.owner_socket import Line

_CHANGES = ("worse", "better", "")  # in this order: what speaks against the new text comes first


async def show_list(lines: AsyncIterator[Line]) -> int:
    """Every prompt, and below what is wrong with files."""
    async for line in lines:
        columns = ("Prompt", "Version", "Author", "When", "Hash", "Purpose")
        rows = [(one["name"], one["version"], one["author"], _when(one), one["hash"], one["purpose"]) for one in line["prompts"]]
        console().print(_table(columns, rows))
        for one in line["prompts"]:
            if one["trouble"]:
                _say(f"✗ {one['trouble']}")
    return 0


async def show_versions(lines: AsyncIterator[Line]) -> int:
    """Newest first."""
    async for line in lines:
        columns = ("Version", "Author", "When", "Hash", "Reason")
        rows = [(one["version"], one["author"], _when(one), one["hash"], one["reason"]) for one in line["versions"]]
        console().print(_table(columns, rows))
    return 0


async def show_prompt(lines: AsyncIterator[Line]) -> int:
    """As its file would be: `ibid prompts show answer --version 2 > prompts/answer.md` makes a file that loads."""
    import yaml

    async for line in lines:
        prompt = line["prompt"]
        about = {"purpose": prompt["purpose"], "inputs": prompt["inputs"]}
        front = yaml.safe_dump(about, default_flow_style=None, allow_unicode=True, sort_keys=False, width=1000)
        text = f"---\n{front}---\n{prompt['text']}\n"
        sys.stdout.write(printable(text) if sys.stdout.isatty() else text)
    return 0


async def show_check(lines: AsyncIterator[Line]) -> int:
    """1 when it cannot be published like this."""
    async for line in lines:
        if not line["remarks"]:
            _say("✓ It can be published.")
        return _show_remarks(line["remarks"])
    return 1


async def show_published(lines: AsyncIterator[Line]) -> int:
    """The version that is live now."""
    async for line in lines:
        _show_remarks(line.get("remarks", ()))
        version = line["published"]
        _say(f"Version {version['version']} of {version['name']} is live ({version['hash']}): {version['reason']}")
        return 0
    return 1


async def show_plan(lines: AsyncIterator[Line]) -> int:
    """1 when there is nothing to try."""
    code = 1
    async for line in lines:
        _show_remarks(line.get("remarks", ()))
        if "plan" in line:
            code = _show_plan(line["plan"])
    return code


async def show_trial(lines: AsyncIterator[Line], *, planned: bool = False) -> int:
    """The plan and the remarks, unless they were shown before; how far it is; the difference. 1 when something got worse."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    report: Line | None = None
    columns = (TextColumn("Answering"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(), disable=not console().is_terminal) as bars:
        task: Any = None
        async for line in lines:
            if not planned:
                _show_remarks(line.get("remarks", ()))
            if "plan" in line and not planned:
                _show_plan(line["plan"])
            if "step" in line:
                task = bars.add_task("", total=line["step"]["total"]) if task is None else task
                bars.update(task, completed=line["step"]["done"])
            report = line.get("report", report)
    return 1 if report is None else _show_report(report)


def _show_remarks(remarks: list[Line]) -> int:
    for remark in remarks:
        _say(f"{'✗' if remark['level'] == 'error' else '!'} {remark['words']}")
    return 1 if any(remark["level"] == "error" for remark in remarks) else 0


def _show_plan(plan: Line) -> int:
    if plan["changes_nothing"]:
        _say("No model is set up (IBID_MODEL): answers are quotes, and no prompt changes them. There is nothing to try.")
        return 1
    if plan["money"] is None:
        cost = "what it costs is not known (IBID_MODEL_PRICE)"
    else:
        cost = f"it costs about {plan['money']:,.{2 if plan['money'] >= 1 else 4}f} (by IBID_MODEL_PRICE)"
    _say(
        f"{_counted(plan['questions'], 'golden question')}, old against new, with {plan['model']}: about {plan['seconds']:,.0f} s; {cost}."
    )
    return 0


def _show_report(report: Line) -> int:
    differing = [one for one in report["questions"] if one["change"] or one["said_before"] != one["said_after"]]
    for one in sorted(differing, key=lambda one: _CHANGES.index(one["change"])):
        _say(f"{one['change'] or 'in other words'}: {one['question']}")
        for when in ("before", "after"):
            _say(f"  {when} ({one[when]})")
            for spoken in one[f"said_{when}"].splitlines() or ["(nothing)"]:
                _say(f"    {spoken}")
        _say("")
    spent = report["spent"]
    other = sum(not one["change"] for one in differing)
    _say(
        f"{_counted(len(report['questions']), 'question')} with {report['model']} in {report['seconds']:.1f} s: {report['better']} better, "
        f"{report['worse']} worse, {len(report['questions']) - report['better'] - report['worse']} as before ({other} in other words)."
    )
    _say(f"Tokens: {spent['prompt']:,} read ({spent['cached']:,} of them from the provider's cache), {spent['written']:,} written.")
    return 1 if report["worse"] else 0


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _when(version: Line) -> str:
    return f"{datetime.fromisoformat(version['at']).astimezone():%Y-%m-%d %H:%M}"


def _say(words: str) -> None:
    console().print(printable(words), markup=False)


def _table(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(printable(str(cell))) for cell in row))
    return table


SHOW = {
    "list": show_list,
    "show": show_prompt,
    "versions": show_versions,
    "check": show_check,
    "publish": show_published,
    "rollback": show_published,
}
