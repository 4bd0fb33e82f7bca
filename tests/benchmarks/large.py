"""A corpus of any size for measurements: the sample handbook's clauses, over and over, with some of their words exchanged.

Lengths, labels and rare words are as in a company's folder; what is said makes no sense. Vectors are drawn at random: an exact search reads
them all whatever is in them.
"""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from knowledge import mirror
from knowledge.catalog import Catalog
from knowledge.holdings import Holdings
from knowledge.keyword import Keywords
from knowledge.live import Live
from knowledge.mirror import MIRROR
from knowledge.store import Store
from knowledge.values import AccessRule, Document, Passage, Version, content_id
from knowledge.weights import WEIGHTS
from knowledge.words import REVISION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from knowledge.embedding import Embedder

HANDBOOK = Path(__file__).parents[2] / "handbook"
TO_A_DOCUMENT = 25  # passages, as in the sample handbook
CLAUSES = (1, 1, 2, 4, 6, 8)  # of a passage, each as often: 600 characters on average, where company documents have 550 to 900
EXCHANGED = 0.3  # of a clause's words
MADE_UP = 0.1  # of those, the ones that are no word of the handbook: names, products, codes
RARE_WORDS = 60_000
FOLDERS = ("leave", "money", "people", "it", "travel", "sites")
SIX = {"everyone": 0.5, "groups:hr": 0.2, "groups:finance": 0.12, "groups:it": 0.08, "groups:legal": 0.06, "people:ruth": 0.04}

_CLAUSE = re.compile(r"^\d+\.\d+ .+$|^\*\*\d+\.\d+\*\* .+$|^- .+$", re.MULTILINE)
_WORD = re.compile(r"[A-Za-z]{4,}")


def many_labels(count: int) -> dict[str, float]:
    """Everyone's half, and groups of very different sizes that share the rest."""
    sizes = {f"groups:team-{number:03}": 1 / (number + 5) for number in range(1, count)}
    whole = 2 * sum(sizes.values())
    return {"everyone": 0.5} | {label: size / whole for label, size in sizes.items()}


def fill(data_dir: Path, embedder: Embedder, passages: int, labels: Mapping[str, float]) -> None:
    """Write a data directory with that many passages under these labels, published and ready to be opened. Chroma stays empty."""
    data_dir.mkdir(parents=True, exist_ok=True)
    holdings = Holdings(
        catalog=Catalog(f"sqlite:///{data_dir / 'catalog.db'}"),
        store=Store(data_dir / "chroma", embedder.identity),
        keywords=Keywords(data_dir / "keywords" / REVISION, title_boost=WEIGHTS.title_boost),
        embedder=embedder,
    )
    chosen: dict[str, str] = {}
    for version in versions(passages, labels):
        holdings.keep(version)
        chosen[version.document.id] = version.id
    editions = holdings.catalog.editions
    edition = editions.publish(editions.prepare(chosen, embedder.identity).number, datetime.now(UTC))
    contents = editions.contents(edition)
    holdings.keywords.add((passage, contents.documents[passage.document].title) for passage in contents.passages)
    mirror.save(data_dir / MIRROR, Live(contents, unit_vectors(len(contents.rows), embedder.dimensions)))
    holdings.catalog.close()


def unit_vectors(count: int, dimensions: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """The same ones every time."""
    vectors = np.random.default_rng(7).standard_normal((count, dimensions), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def versions(passages: int, labels: Mapping[str, float]) -> Iterator[Version]:
    """Documents of 25 passages until there are enough; each under one of the labels, by their shares."""
    chance = random.Random(7)
    for number in range(-(-passages // TO_A_DOCUMENT)):
        label = chance.choices(list(labels), list(labels.values()))[0]
        title = words(chance, 3)
        document = Document(id=f"{chance.choice(FOLDERS)}/policy-{number:05}.md", title=title, rule=AccessRule.from_label(label))
        yield _version(document, [text(chance) for _ in range(min(TO_A_DOCUMENT, passages - number * TO_A_DOCUMENT))])


def text(chance: random.Random) -> str:
    """Clauses of the handbook with words exchanged."""

    def other(found: re.Match[str]) -> str:
        if chance.random() > EXCHANGED:
            return found[0]
        return _made_up(chance) if chance.random() < MADE_UP else chance.choice(vocabulary())

    return _WORD.sub(other, " ".join(chance.choices(clauses(), k=chance.choice(CLAUSES))))


def words(chance: random.Random, count: int) -> str:
    """For a title or heading."""
    return " ".join(chance.choices(vocabulary(), k=count)).capitalize()


@cache
def clauses() -> list[str]:
    """Every clause and item of the sample handbook's Markdown, without its number."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(HANDBOOK.rglob("*.md"))]
    return [re.sub(r"^(?:- |\*\*|[\d.]+)+", "", found).strip() for text in texts for found in _CLAUSE.findall(text)]


@cache
def vocabulary() -> list[str]:
    """Its words, each as often as it is used."""
    return _WORD.findall(" ".join(clauses()))


def _made_up(chance: random.Random) -> str:
    """Few of them often, most of them seldom."""
    return f"q{int(RARE_WORDS ** chance.random()):x}"


def _version(document: Document, texts: list[str]) -> Version:
    found: list[Passage] = []
    at = 0
    for number, text in enumerate(texts, start=1):
        section = f"{1 + number // 6}. {clauses()[number // 6].split('.')[0][:40]}"
        found.append(
            Passage(
                id=content_id(document.id, str(number), text),
                document=document.id,
                label=document.rule.label,
                path=(section,),
                clause=f"{1 + number // 6}.{number % 6}",
                text=text,
                start=at,
                end=at + len(text),
                anchor=section.lower().replace(" ", "-"),
                situation=f"{document.title} › {section}",
            )
        )
        at += len(text) + 2
    whole = "\n\n".join(texts)
    source_hash = content_id(document.id, whole) * 2
    return Version(id=content_id(document.id, source_hash), document=document, text=whole, passages=tuple(found), source_hash=source_hash)
