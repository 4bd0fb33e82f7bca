"""`ibid index undo`: answer from the version before. A removed document comes back only when somebody types its title."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from bot.cli.index_shown import counted, followed, print_json
from bot.cli.terminal import asked, can_ask, put
from bot.errors import Misconfigured

if TYPE_CHECKING:
    from bot.owner_socket import Line
    from bot.settings import Settings

WHICH = "Type the title of one to show it again, or press Enter to go on: "


def undo(settings: Settings, titles: Sequence[str], *, plan: bool, as_json: bool) -> int:
    """Titles are looked up in what the undo would leave away: nobody brings back what they cannot name."""
    from bot.cli.reaching import reach

    plans: list[Line] = []
    show = partial(_show, plan=True, as_json=as_json) if plan else None
    code = reach(settings, {"do": "undo", "plan_only": True, "bring_back": []}, partial(_planned, plans=plans, show=show))
    if plan or not plans:
        return code
    removed = plans[0]["removed"]
    if removed and not titles and not as_json and can_ask():
        titles = _asked_for(removed)
    named = [document["id"] for document in removed if document["title"] in titles]
    if unknown := sorted(set(titles) - {document["title"] for document in removed}):
        listed = ", ".join(map(repr, unknown))
        raise Misconfigured(f"No removed document of the version before is called {listed}; `ibid index undo --plan` lists them.")
    return reach(settings, {"do": "undo", "bring_back": named}, partial(_done, as_json=as_json))


def show_undo(report: Line, *, plan: bool) -> None:
    """What went back, or would."""
    away = [document for document in report["removed"] if document["id"] not in report["brought_back"]]
    would, documents = "would be" if plan else "is", counted(len(report["changed"]), "document")
    put(f"Version {report['edition']} {would} live instead of {report['undone']}; {documents} {'would be ' if plan else ''}as before.")
    for name in report["changed"]:
        put(f"  {name}{' (brought back)' if name in report['brought_back'] else ''}")
    if away:
        stays = "Removed since, and shown again only by their titles" if plan else "Removed since, and not shown again"
        put(f"{stays}:")
        for document in away:
            put(f"  {document['title']} ({document['id']})")
    if report["withheld"]:
        stay = "stays" if report["withheld"] == 1 else "stay"
        put(f"{counted(report['withheld'], 'document')} {stay} away: narrowed, held or erased since.")
    if plan:
        title = f' --bring-back "{away[0]["title"]}"' if away else ""
        put(f"Nothing was changed; `ibid index undo{title}` does it.")
    else:
        put("`ibid index` takes in again what the sources say now; no automatic run does.")


def _asked_for(removed: Sequence[Line]) -> list[str]:
    """At a terminal, before it is done."""
    titles = {document["title"] for document in removed}
    put("Removed since the version before, and not shown again by going back:")
    for document in removed:
        put(f"  {document['title']} ({document['id']})")
    chosen: list[str] = []
    while title := asked(WHICH):
        if title in titles:
            chosen.append(title)
        else:
            put("None of them is called that.")
    return chosen


async def _planned(lines: AsyncIterator[Line], plans: list[Line], show: Callable[[Line], int] | None) -> int:
    last = await followed(lines)
    if last is None:
        return 1
    plans.append(last["undo"])
    return show(last["undo"]) if show else 0


async def _done(lines: AsyncIterator[Line], *, as_json: bool) -> int:
    last = await followed(lines)
    return 1 if last is None else _show(last["undo"], plan=False, as_json=as_json)


def _show(report: Line, *, plan: bool, as_json: bool) -> int:
    if as_json:
        print_json({"plan": plan, **report})
    else:
        show_undo(report, plan=plan)
    return 0
