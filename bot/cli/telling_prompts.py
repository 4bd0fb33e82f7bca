"""What `ibid prompts` is told about the prompts: JSON lines, the same from this process or the owner's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import asdict
from typing import TYPE_CHECKING

from bot.errors import IbidError, NoTrial
from bot.prompts import BadPrompt, Prompt, bare

if TYPE_CHECKING:
    from bot.bootstrap import House
    from bot.flows.edit_prompt import PromptDesk
    from bot.owner_socket import Line
    from bot.ports import Trial
    from bot.prompts import PromptSet, PromptVersion
    from bot.trials import Compared, TrialReport

_NO_TRIAL = "There is nothing here to try a prompt on: golden questions are missing for these documents."
_QUOTES = "quotes"


async def tell_prompts(house: House, request: Line) -> AsyncGenerator[Line, None]:
    """Do what `request["what"]` says."""
    what = str(request.get("what"))
    if what in ("plan", "try"):
        async with aclosing(_tell_trial(house, request, run=what == "try")) as lines:
            async for line in lines:
                yield line
        return
    if what not in _TELL:
        raise IbidError(f"The running process does not know how to {what!r} prompts; is it another version?")
    yield await _TELL[what](house.prompts, request)


async def _list(desk: PromptDesk, _: Line) -> Line:
    listed = []
    for name, prompt in desk.live.prompts.items():
        newest = (await desk.versions(name))[0]
        listed.append(_version(newest) | {"purpose": prompt.purpose, "trouble": desk.troubles.get(name, "")})
    return {"prompts": listed}


async def _show(desk: PromptDesk, request: Line) -> Line:
    versions = await desk.versions(_name(request))
    number = versions[0].number if request.get("version") is None else request["version"]
    found = next((version for version in versions if version.number == number), None)
    if found is None:
        raise BadPrompt(f"{versions[0].name} has no version {number}; the newest is {versions[0].number}.")
    inputs = sorted(Prompt(found.name, "", found.text).inputs)
    return {"prompt": _version(found) | {"purpose": desk.live[found.name].purpose, "inputs": inputs, "text": found.text}}


async def _versions(desk: PromptDesk, request: Line) -> Line:
    return {"versions": [_version(version) for version in await desk.versions(_name(request))]}


async def _check(desk: PromptDesk, request: Line) -> Line:
    return {"remarks": _remarks(desk, request)}


async def _publish(desk: PromptDesk, request: Line) -> Line:
    remarks = _remarks(desk, request)
    author, reason = str(request.get("author") or ""), str(request.get("reason") or "")
    version = await desk.publish(_name(request), _text(request), author=author, reason=reason)
    return {"remarks": remarks, "published": _version(version)}


async def _roll_back(desk: PromptDesk, request: Line) -> Line:
    version = await desk.roll_back(_name(request), author=str(request.get("author") or ""), to=request.get("to"))
    return {"published": _version(version)}


_TELL: dict[str, Callable[[PromptDesk, Line], Awaitable[Line]]] = {
    "list": _list,
    "show": _show,
    "versions": _versions,
    "check": _check,
    "publish": _publish,
    "rollback": _roll_back,
}


async def _tell_trial(house: House, request: Line, *, run: bool) -> AsyncGenerator[Line, None]:
    """What there is to say about the text, what a trial will take, and if it is to run, how far it is and the difference."""
    desk, trial = house.prompts, house.trial
    remarks = _remarks(desk, request)
    yield {"remarks": remarks}
    if any(remark["level"] == "error" for remark in remarks):
        return
    if trial is None:
        raise NoTrial(_NO_TRIAL)
    await house.library.ready()
    old = desk.live
    new = old.having(_name(request), bare(_text(request)))
    plan = await trial.plan(new)
    yield {"plan": asdict(plan) | {"changes_nothing": plan.model == _QUOTES}}
    if run and plan.model != _QUOTES:
        async with aclosing(_run(trial, old, new)) as lines:
            async for line in lines:
                yield line


async def _run(trial: Trial, old: PromptSet, new: PromptSet) -> AsyncGenerator[Line, None]:
    steps: asyncio.Queue[tuple[int, int] | None] = asyncio.Queue()
    run = asyncio.create_task(trial.run(old, new, lambda done, total: steps.put_nowait((done, total))))
    run.add_done_callback(lambda _: steps.put_nowait(None))
    try:
        while (step := await steps.get()) is not None:
            yield {"step": {"done": step[0], "total": step[1]}}
        yield {"report": _report(await run)}
    finally:
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)


def _report(report: TrialReport) -> Line:
    return asdict(report) | {"better": report.better, "worse": report.worse, "questions": [_compared(one) for one in report.questions]}


def _compared(one: Compared) -> Line:
    change = "worse" if one.before == "right" != one.after else "better" if one.after == "right" != one.before else ""
    return asdict(one) | {"change": change}


def _version(version: PromptVersion) -> Line:
    """Without its words, which `hash` stands for."""
    return {
        "name": version.name,
        "version": version.number,
        "author": version.author,
        "reason": version.reason,
        "at": version.at.isoformat(),
        "hash": Prompt(version.name, "", version.text).hash,
    }


def _remarks(desk: PromptDesk, request: Line) -> list[Line]:
    return [asdict(remark) for remark in desk.check(_name(request), _text(request))]


def _name(request: Line) -> str:
    return str(request.get("name") or "")


def _text(request: Line) -> str:
    return str(request.get("text") or "")
