"""Does the answer depend on something that the question leaves open: a country, a kind of contract, years of service, a plan?

Asked back is only where the documents themselves tell cases apart: what is found first is for one case, and asked again for another
case, a document of that case answers too; or one table has a row for each case, and more rows than an answer has lines. What one
document says to everybody, and what only one case's document speaks of, is answered as it stands: the reply says for whom it is.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.answers import Case, Fact
from bot.flows.quote import MOST_LINES
from bot.flows.told_apart import FACTS, names_case, rows_told_apart, told_apart
from knowledge.values import Document, Findings, Hit
from knowledge.words import content_words, words

MOST_CASES = 8  # buttons

# When another case is answered as well as the first. Chosen on the `tune` half of evals/cases.yaml, where 20 of 23 open questions are
# asked back; of the other half 12 of 17, and of 60 questions that leave nothing open none.
AT_LEAST = 0.3  # confidence in each case's own answer
LEADS = 0.9  # of the best score: what is for everybody and stands so little before it does not answer for all
AS_SURE = 0.55  # of the confidence in the first case's answer, where the two documents are called alike
AS_SURE_ELSEWHERE = 0.9  # the same, where they are not
COVERED = 0.5  # of the question's words that the first one has
COVERED_ELSEWHERE = 2  # words at the least, where they are not called alike

_NAME = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][A-Za-z]+\b")

Search = Callable[[str], Awaitable[Findings]]


async def open_cases(question: str, hits: Sequence[Hit], known: Mapping[Fact, str], search: Search) -> tuple[Case, ...]:
    """The cases among which the asker has to choose; empty where nothing is open. Searches once for each case that it doubts."""
    in_a_table = await asyncio.to_thread(cases_in_a_table, question, hits, known)  # the analyzer is no work for the loop
    if in_a_table:
        return in_a_table
    doubtful = await asyncio.to_thread(doubtful_cases, question, hits, known)
    if not doubtful:
        return ()
    found = {case: await search(f"{question} ({case.name})") for case in doubtful}
    return await asyncio.to_thread(answered_apart, question, found)


def doubtful_cases(question: str, hits: Sequence[Hit], known: Mapping[Fact, str]) -> tuple[Case, ...]:
    """The case that what was found first is for, and the others that found documents are for; empty where the question names one."""
    for fact in _open(question, hits, known):
        first = _first(fact, set(content_words(question)), hits)
        apart = [told_apart(fact, document) for document in (first.document, *(hit.document for hit in hits))]
        names = tuple(dict.fromkeys(name for case in apart if len(case) == 1 for name in case))
        if len(apart[0]) == 1 and len(names) > 1 and not _says_its_name(question, first, hits):
            return tuple(Case(fact, name) for name in names)
    return ()


def answered_apart(question: str, found: Mapping[Case, Findings]) -> tuple[Case, ...]:
    """Of the cases that were searched for one by one, those that a document of their own answers; empty for fewer than two."""
    (own, first), *others = found.items()
    if not _of_its_own(own, first):
        return ()
    asked = set(content_words(question))
    cases = [own, *(case for case, findings in others if _of_its_own(case, findings) and _as_sure(asked, first, findings))]
    return tuple(cases[:MOST_CASES]) if len(cases) > 1 else ()


def cases_in_a_table(question: str, hits: Sequence[Hit], known: Mapping[Fact, str]) -> tuple[Case, ...]:
    """The rows of the best passage's table, where each is a case, their figures differ, and they are more than an answer can name."""
    of_facts = (rows_told_apart(fact, question, hits[0].passage.text, MOST_LINES) for fact in _open(question, hits, known))
    return next((cases[:MOST_CASES] for cases in of_facts if cases), ())


def _open(question: str, hits: Sequence[Hit], known: Mapping[Fact, str]) -> tuple[Fact, ...]:
    return tuple(fact for fact in FACTS if hits and not known.get(fact) and not names_case(fact, question))


def _first(fact: Fact, asked: set[str], hits: Sequence[Hit]) -> Hit:
    """The best hit; the second where that is for one case, as good, and has no fewer of the question's words."""
    best, second = hits[0], hits[min(1, len(hits) - 1)]
    passed_over = not told_apart(fact, best.document) and len(told_apart(fact, second.document)) == 1
    as_good = second.score >= LEADS * best.score and len(asked & _read(second)) >= len(asked & _read(best))
    return second if passed_over and as_good else best


def _says_its_name(question: str, first: Hit, hits: Sequence[Hit]) -> bool:
    """Whether the question has a name that only the first document says: who speaks of PTO has said which country is meant."""
    elsewhere = {word for hit in hits if hit.document.id != first.document.id for word in _read(hit)}
    names = {word for name in _NAME.findall(question) for word in words(name)}
    return bool(names & _read(first) - elsewhere)


def _of_its_own(case: Case, findings: Findings) -> bool:
    """Whether what answers the case best is a document for that case alone."""
    best = findings.hits[0].document if findings.hits and findings.confidence >= AT_LEAST else None
    return best is not None and told_apart(case.fact, best) == {case.name}


def _as_sure(asked: set[str], first: Findings, other: Findings) -> bool:
    """Whether the other case is answered as well as the first: nearly as surely, and by the same words of the question."""
    alike = _subject(first.hits[0].document) == _subject(other.hits[0].document)
    if other.confidence < (AS_SURE if alike else AS_SURE_ELSEWHERE) * first.confidence:
        return False
    shared, had = len(asked & _read(other.hits[0])), len(asked & _read(first.hits[0]))
    return shared >= (COVERED * had if alike else max(COVERED_ELSEWHERE, had))


def _subject(document: Document) -> str:
    """The title without what stands in brackets or behind a dash, which is for whom it is."""
    return re.split(r"\s*[(\[–—:]|\s-\s", document.title, maxsplit=1)[0].strip().casefold()


def _read(hit: Hit) -> set[str]:
    return set(words(" ".join((hit.document.title, *hit.passage.path, hit.passage.text))))
