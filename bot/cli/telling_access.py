"""What `ibid access` is told: who can see a document, what a person can see, what may be said in a channel; and why."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

from bot.adapters.file_directory import Channel
from bot.channels.replies import in_words
from bot.cli.company import company_of
from bot.errors import Misconfigured
from bot.flows.access import circle_of
from bot.flows.explaining import MEMBERSHIPS, applied, in_order, rule_words, shown_in, why
from bot.values import Person

if TYPE_CHECKING:
    from bot.bootstrap import House
    from bot.cli.company import Company
    from bot.house_rules import Grant
    from bot.owner_socket import Line
    from knowledge.values import AccessRule, Document


async def tell_access(house: House, request: Line) -> AsyncGenerator[Line, None]:
    """One line. Raises Misconfigured for a word that names nothing, or more than one thing."""
    await house.library.ready()
    documents = await house.library.documents()
    async with company_of(house) as company:
        meant = await _meant(str(request.get("about") or ""), documents, company)
        house_rules, today = await house.ibid.rulebook.now(), house.ibid.clock.today()
        if isinstance(meant, Person):
            told = await _of_person(meant, documents, company)
        elif isinstance(meant, Channel):
            grants = [grant for grant in house_rules.grants if grant.channel == meant.id]
            told = _of_channel(meant, documents, grants, today) | {"recorded": house_rules.records(meant.id)}
        else:
            told = await _of_document(meant, company)
        yield {"access": told | {"asked": company.where}}


async def _meant(word: str, documents: Sequence[Document], company: Company) -> Document | Person | Channel:
    bare = word.removeprefix("#").removeprefix("@")
    wanted = bare.casefold()
    found: list[tuple[str, Document | Person | Channel]] = []
    if not word.startswith(("#", "@")):
        named = [one for one in documents if wanted in (one.id.casefold(), one.stem.casefold(), one.title.casefold())]
        found += [(one.id, one) for one in named]
    if not word.startswith("#") and (person := await company.find_person(bare)):
        found.append((f"@{bare}", person))
    if not word.startswith("@") and (channel := await company.find_channel(bare)):
        found.append((f"#{bare}", channel))
    if len(found) == 1:
        return found[0][1]
    if found:
        raise Misconfigured(f"{word!r} names more than one thing; write one of: {', '.join(name for name, _ in found)}.")
    close = get_close_matches(wanted, [one.id for one in documents] + [one.stem for one in documents], n=3)
    hint = f" Did you mean {', '.join(close)}?" if close else ""
    raise Misconfigured(
        f"There is no document, person or channel {word!r}.{hint} A document goes by the path that `ibid index` lists or by its title, "
        f"a person by @name or Slack id, a channel by #name or id."
    )


async def _of_document(document: Document, company: Company) -> Line:
    verdicts = [(person, why(person, document.rule)) for person in await company.everybody()]
    channels = [(channel, shown_in(channel.facts, document.rule)) for channel in await company.channels()]
    return {
        "kind": "document",
        "document": document.id,
        "title": document.title,
        "rule": rule_words(document.rule),
        "people": [_person(person) | {"because": verdict.because} for person, verdict in verdicts if verdict.may],
        "others": sum(not verdict.may and person.membership not in ("app", "deactivated") for person, verdict in verdicts),
        "channels": [{"channel": channel.name, "shown": verdict.may, "because": verdict.because} for channel, verdict in channels],
    }


async def _of_person(person: Person, documents: Sequence[Document], company: Company) -> Line:
    readable = [(document, why(person, document.rule)) for document in documents]
    counts = person.membership == "full"  # whoever else is in a channel is told nothing there
    mine = [one for one in await company.channels() if counts and any(member.id == person.id for member in one.facts.members or ())]
    rows = [{"document": document.id, "title": document.title, "because": verdict.because} for document, verdict in readable if verdict.may]
    rows += [
        {"document": document.id, "title": document.title, "because": f"in #{channel.name} by a grant"}
        for document, verdict in readable
        for channel in mine
        if not verdict.may and document.rule.label in circle_of(channel.facts).granted
    ]
    return {
        "kind": "person",
        **_person(person),
        "groups": sorted(person.groups),
        "groups_known": person.groups_known,
        "names": sorted(person.names),
        "admin": person.admin,
        "documents": rows,
        "hidden": len({document.id for document in documents} - {row["document"] for row in rows}),
    }


def _of_channel(channel: Channel, documents: Sequence[Document], grants: Sequence[Grant], today: date) -> Line:
    rule = applied(channel.facts)
    rules = {document.rule for document in documents}
    return {
        "kind": "channel",
        "channel": channel.name,
        "id": channel.id,
        "place": "shared" if channel.facts.shared else channel.facts.kind or "unknown",
        "applied": {"number": rule.number, "words": rule.words},
        "readers": [_person(member) | {"groups": sorted(member.groups), "stores": member.stores} for member in channel.facts.members or ()],
        "rules": [_shown(channel, one, documents) for one in in_order(rules)],
        "grants": [_grant(grant, today, holds=grant.label in channel.facts.granted) for grant in grants],
    }


def _shown(channel: Channel, rule: AccessRule, documents: Sequence[Document]) -> Line:
    verdict = shown_in(channel.facts, rule)
    titles = sorted(document.title for document in documents if document.rule == rule)
    return {"rule": rule_words(rule), "shown": verdict.may, "because": verdict.because, "titles": titles}


def _grant(grant: Grant, today: date, *, holds: bool) -> Line:
    return {
        "label": grant.label,
        "by": grant.by,
        "reason": grant.reason,
        "until": in_words(grant.until),
        "holds": holds,
        "why_not": "" if holds else "it has ended" if today > grant.until else f"{grant.by} is no admin",
    }


def _person(person: Person) -> Line:
    return {"name": person.name, "id": person.id, "kind_of_account": MEMBERSHIPS[person.membership]}
