"""Which access labels a reply rests on: all that it quotes or names, not all that was searched."""

from __future__ import annotations

from bot.answers import Answer
from knowledge.values import Hit

EVERYONE = "everyone"


def labels_shown(answer: Answer) -> frozenset[str]:
    """Of what is cited, of both sides of a contradiction, of what may help, and of the documents that are merely named.

    Where it cannot be told which document a word comes from, all that was searched counts: rather one label too many.
    """
    hits: list[Hit] = [citation.hit for citation in (*answer.citations, *answer.may_help)]
    hits += [citation.hit for conflict in answer.conflicts for citation in (conflict.first, conflict.second)]
    nearest = [hit for hit in answer.evidence.found if hit.document.title == answer.nearest_title]
    documents = [life.document for life in answer.lives] + [life.other for life in answer.lives if life.other]
    documents += [hit.document for hit in (*hits, *nearest)]
    labels = {document.rule.label for document in documents} | {hit.passage.label for hit in (*hits, *nearest)}
    unsourced = bool(answer.cases or answer.hold or (answer.nearest_title and not nearest))
    return frozenset(labels) | (answer.evidence.scope.labels if unsourced else frozenset())
