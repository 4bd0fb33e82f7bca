"""Whether anything reached a reply that its readers may not see: worked out from workspace.yaml alone, not by the bot's own rules.

Two programs that agree are better evidence than one program that agrees with itself; so nothing here imports bot.flows.access.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.answers import Answer
from knowledge.values import AccessRule, Document


def may_read(workspace: Mapping[str, Any], asker: str, where: str, rule: AccessRule) -> bool:
    """Whether everyone who can open a reply to this asker in this place may read a document with this rule."""
    people = workspace["people"]
    channel = {} if where == "dm" else workspace["channels"][where.removeprefix("#")]
    members = {asker, *channel.get("members", ())}
    strangers = any("guest" in people[name] or "team" in people[name] for name in members)
    if where == "dm" or strangers or channel["kind"] == "shared":
        return _reads(people[asker], asker, rule)
    if channel["kind"] == "public":
        return rule.everyone
    return all(_reads(people[name], name, rule) for name in members if not people[name].get("deactivated"))


def leaked(answer: Answer, readable: Iterable[Document], everything: Iterable[Document]) -> bool:
    """Whether the prompt, the reply or the refusal holds or names a document that is not among the readable ones."""
    allowed = {document.id for document in readable}
    titles = {document.title for document in everything if document.id in allowed}
    shown = [source.hit for source in answer.evidence.sources]
    shown += [citation.hit for sentence in answer.sentences for citation in sentence.citations]
    if any(hit.document.id not in allowed or hit.passage.document not in allowed for hit in shown):
        return True
    return bool(answer.nearest_title) and answer.nearest_title not in titles


def _reads(person: Mapping[str, Any], name: str, rule: AccessRule) -> bool:
    if person.get("deactivated"):
        return False
    if "guest" in person or "team" in person:
        return name in rule.people
    return rule.everyone or name in rule.people or bool(rule.groups & set(person.get("groups", ())))
