"""Documents that contradict each other: whether a reply shows both sides of what was planted, and how often it shows some in vain.

Each plant is a second document for the same people, of the same day, that says a golden question's clause once more, shorter or as it
stands, with one figure changed. The handbook itself is asked too: there only those contradictions are right whose both sides are clauses
that answer the question.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.adapters.quote_writer import QuoteWriter
from evals.desk import KEPT, Desk, furnish, own_corpus
from evals.figures import Reply
from evals.runner import reply_to
from evals.statistics import Figure, share
from knowledge.sentences import units

if TYPE_CHECKING:
    from bot.settings import Settings
    from evals.golden import GoldenQuestion
    from knowledge.embedding import Embedder
    from knowledge.values import Hit

MOST = 60
FOLDER = "planted"
_FIGURE = re.compile(r"(?<![\w.:,-])\d{1,3}(?:,\d{3})*(?![\w:-]|[.,]\d)")

_NUMBER = re.compile(r"^(?:\d+\.)+\d*\s+")


@dataclass(frozen=True)
class Plant:
    """A question, and the document that answers it wrongly."""

    golden: GoldenQuestion
    stem: str
    text: str  # a Markdown file with its front matter


async def conflict_figures(
    settings: Settings, embedder: Embedder, questions: Sequence[GoldenQuestion], told: Callable[[int, int], None]
) -> dict[str, Figure]:
    """How many of the replies that rest on a clause, or on what was planted against it, show both; and of how many plants one is there."""
    with tempfile.TemporaryDirectory(prefix="ibid-conflicts-", ignore_cleanup_errors=True) as scratch:
        own = Path(scratch)
        if (settings.data_dir / KEPT).exists():  # begun from the last run's index, which stays as it is
            (own / KEPT).symlink_to((settings.data_dir / KEPT).resolve(), target_is_directory=True)
        with own_corpus(replace(settings, data_dir=own), embedder) as corpus:
            documents = own / "documents"
            shutil.copytree(settings.documents, documents)
            desk = await furnish(corpus, documents, (QuoteWriter(),), lambda _: None, settings.prompts)
            plants = planted(questions, desk)
            for plant in plants:
                (documents / FOLDER).mkdir(exist_ok=True)
                (documents / FOLDER / f"{plant.stem}.md").write_text(plant.text, encoding="utf-8")
            desk = await furnish(corpus, documents, (QuoteWriter(),), lambda _: None, settings.prompts)
            replies = []
            for done, plant in enumerate(plants, start=1):
                replies.append((await reply_to(plant.golden, desk), plant))
                told(done, len(plants))
    touched = [(reply, plant) for reply, plant in replies if _touched(reply, plant)]
    return {
        "planted_conflicts": share([_shown(reply, plant) for reply, plant in touched]),
        "planted_touched": share([pair in touched for pair in replies]),
    }


def falsely_conflicting(replies: Sequence[Reply]) -> Figure:
    """The share of replies that show a contradiction where the golden question knows of none."""
    verdicts = ([_known(reply, conflict.first.hit, conflict.second.hit) for conflict in reply.answer.conflicts] for reply in replies)
    return share([not all(known) for known in verdicts])


def planted(questions: Sequence[GoldenQuestion], desk: Desk) -> tuple[Plant, ...]:
    """One for each question whose clause everyone may read and has a sentence or a row with the figure that is asked for."""
    found: dict[str, Plant] = {}
    for golden in questions:
        if golden.kind not in ("plain", "own_numbers") or golden.before or len(found) == MOST:
            continue
        for hit in desk.clauses(*golden.clauses[:1]):
            text = altered(hit.passage.text, golden.says, short=len(found) % 2 == 1) if hit.document.rule.everyone else ""
            if text and hit.passage.id not in found:
                stem = f"{hit.document.stem}-{golden.id}"
                found[hit.passage.id] = Plant(golden, stem, _document(hit, text))
                break
    return tuple(found.values())


def altered(text: str, says: Sequence[str], *, short: bool) -> str:
    """The passage, or only its sentence, with another figure where the right answer stands; empty where no figure stands there."""
    wanted = [one for phrase in says for one in phrase.split("|") if any(sign.isdigit() for sign in one)]
    for unit in units(text):
        unit_text = text[unit.start : unit.end]
        phrase = next((one for one in wanted if one.casefold() in unit_text.casefold()), None)
        if phrase is None:
            continue
        start = unit.start + unit_text.casefold().index(phrase.casefold())
        figure = _FIGURE.search(text, max(start - 1, unit.start), start + len(phrase) + 1)
        if figure is None:
            continue
        wrong = f"{text[: figure.start()]}{_another(int(figure.group().replace(',', ''))):,}{text[figure.end() :]}"
        grown = len(wrong) - len(text)
        return wrong[unit.start : unit.end + grown] if short and unit.kind == "sentence" else wrong
    return ""


def _another(number: int) -> int:
    """One that could stand there too: a day of a month stays one."""
    if number > 31:
        return number + number // 4
    return number + 2 if number < 27 else number - 3


def _document(hit: Hit, text: str) -> str:
    document = hit.document
    told = {"title": f"{document.title}, in brief", "owner": "hiro", "access": "everyone", "applies_to": document.applies_to}
    front = "".join(f"{key}: {value}\n" for key, value in told.items() if value)
    heading = _NUMBER.sub("", hit.passage.path[-1]) if hit.passage.path else document.title
    return f"---\n{front}---\n# {document.title}, in brief\n\n## {heading}\n\n{_NUMBER.sub('', text)}\n"


def _shown(reply: Reply, plant: Plant) -> bool:
    sides = [side.hit.document.stem for conflict in reply.answer.conflicts for side in (conflict.first, conflict.second)]
    return plant.stem in sides


def _touched(reply: Reply, plant: Plant) -> bool:
    """Whether the reply cites either side: a search that finds another clause has nothing to hold against the plant."""
    return any(reply.is_gold(one.hit) or one.hit.document.stem == plant.stem for one in reply.answer.citations)


def _known(reply: Reply, first: Hit, second: Hit) -> bool:
    """Whether both sides are clauses that answer the question."""
    return reply.is_gold(first) and reply.is_gold(second)
