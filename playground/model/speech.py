"""What the pretend model says of itself: it knows nothing, it rewords the sources that it is given."""

import math
import re
from collections import Counter
from dataclasses import dataclass

from playground.model.lie import falsified, invented
from playground.model.reading import Sentence, fenced, read_sources
from playground.model.voice import friendly, joined

NOT_FOUND = "NOT FOUND"
MOST_LINES = 4
ENOUGH = 0.2  # of the question's words, rare ones counting more, that the best sentence and its headings must hold
NEAR_THE_BEST = 0.6  # of the best sentence's score, for another to be said too
UNHEARD = 1.0  # the rarity of a word that no source has
PLACE = 0.4  # what a word in the headings counts, against one in the sentence
LATER_SOURCE = 0.1  # what each place further down the list of sources takes off
LEANS = re.compile(r"(?:It|They|This|These|That|Those|Such|He|She|Otherwise|However)\b")
ASKS_FOR_NUMBERS = re.compile(
    r"\bnumbers? of (?:the|its|each) sources?\b|\bcit(?:e|es|ing|ation)\b|\b(?:like|as)\W{1,3}\[(?:\d|n)\]", re.IGNORECASE
)
_STOP = frozenset(
    "a about all also am an and any are as at be been but by can could do does did for from get gets give given go had has have how i if"
    " in into is it its me may much many must my no not of on or our out shall she should so than that the their them there they this to"
    " up us was we what when where which who why will with would you your".split()
)


@dataclass(frozen=True, slots=True)
class Speech:
    """What is said, and whether one of its sentences is false."""

    text: str
    lied: bool = False

    @property
    def words(self) -> list[str]:
        """As they are streamed."""
        return re.findall(r"\S+\s*", self.text)


def speak(prompt: str, *, told: str = "", lie: bool = False) -> Speech:
    """Answer the last message of the person: a question about sources, or one that is to be made to stand alone.

    Of all that it is `told` it heeds one rule: it writes the numbers of its sources only where it is asked for them.
    """
    question = fenced(prompt, "question")
    earlier = fenced(prompt, "earlier")
    if earlier:
        return Speech(_standalone(earlier, question))
    sources = fenced(prompt, "sources")
    picked = _pick(question, read_sources(sources))
    if not picked:
        return Speech(NOT_FOUND)
    lines = [friendly(sentence.text) for sentence in picked]
    said = [f"{line} [{sentence.number}]" for line, sentence in zip(joined(lines), picked, strict=True)]
    if lie:
        said.insert(1, _lie(lines, picked, f"{sources}\n{question}"))
    if told and not ASKS_FOR_NUMBERS.search(told):
        said = [line.rpartition(" [")[0] for line in said]
    return Speech("\n".join(said) + "\n", lied=lie)


def _standalone(earlier: str, question: str) -> str:
    """The last question asked earlier, with the new one behind it."""
    before = re.sub(r"^\W*(?:\d+[.)]\s*)?", "", earlier.splitlines()[-1]).rstrip(" ?.!")
    return f"{before}, {question[:1].lower()}{question[1:]}" if before else question


def _lie(lines: list[str], picked: list[Sentence], truth: str) -> str:
    for line, sentence in zip(lines, picked, strict=True):
        false = falsified(line, truth)
        if false:
            return f"{false} [{sentence.number}]"
    return f"{invented(truth)} [{picked[0].number}]"


def _pick(question: str, sentences: list[Sentence]) -> list[Sentence]:
    """The best two to four, the best first; the others as they stand in the sources. Empty where none is about the question."""
    asked = _stems(question)
    texts = [_stems(sentence.text) for sentence in sentences]
    holding = Counter(stem for stems in texts for stem in stems)
    rarity = {stem: math.log(1 + len(texts) / holding[stem]) if holding[stem] else UNHEARD for stem in asked}
    whole = sum(rarity.values())

    def covered(n: int) -> float:
        place = _stems(sentences[n].place) - texts[n]
        return sum(rarity[stem] for stem in asked & texts[n]) + PLACE * sum(rarity[stem] for stem in asked & place)

    def score(n: int) -> float:
        worth = covered(n) * (1 - LATER_SOURCE * (sentences[n].number - 1))
        return worth * (0.5 if LEANS.match(sentences[n].text) else 1.0)

    order = sorted(range(len(sentences)), key=lambda n: (-score(n), n))
    if not order or not whole or covered(order[0]) < ENOUGH * whole:
        return []
    near = [n for n in order[:MOST_LINES] if score(n) >= NEAR_THE_BEST * score(order[0])]
    chosen = near if len(near) > 1 else [n for n in order[:2] if score(n) > 0]
    return [sentences[n] for n in (chosen[0], *sorted(chosen[1:]))]


def _stems(text: str) -> set[str]:
    words = re.findall(r"[a-z0-9]+", re.sub(r"\buk\b", "united kingdom", text.lower()))
    return {_stem(word) for word in words if word not in _STOP}


def _stem(word: str) -> str:
    for ending in ("ies", "ing", "ed", "es", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) > 2:
            return word[: -len(ending)]
    return word
