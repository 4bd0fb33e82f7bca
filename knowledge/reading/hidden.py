"""What a file holds that nobody who looks at it sees: counted by reason and place for its owner, and never repeated."""

from __future__ import annotations

from collections import defaultdict

from knowledge.reading.remarks import counted
from knowledge.reading.smuggled import Marks, marks, marks_by_line

_MOST_PLACES = 6
_LONGEST_HEADING = 60


class Hidden:
    """What was left out so far. A remark says how much, why it counts as hidden, and where; not a word of it."""

    def __init__(self) -> None:
        self._counts: defaultdict[str, int] = defaultdict(int)
        self._places: defaultdict[str, dict[str, None]] = defaultdict(dict)  # in the order they were found
        self._notes: list[str] = []

    def text(self, words: str, why: str, where: str = "") -> None:
        """Count words that were left out; white space hides nothing. `why` goes on after "… characters of text"."""
        self._count(len("".join(words.split())), f"of text {why}", where)

    def characters(self, text: str, where: str = "") -> None:
        """Count the characters in a text that show nothing and yet carry something."""
        self._marks(marks(text), where)

    def lines(self, text: str) -> None:
        """The same for a file of lines, each named by its number."""
        for number, found in marks_by_line(text):
            self._marks(found, f"line {number}")

    def note(self, sentence: str) -> None:
        """Say something else about what could or could not be seen."""
        if sentence not in self._notes:
            self._notes.append(sentence)

    @property
    def any_text(self) -> bool:
        return bool(self._counts)

    def remarks(self) -> tuple[str, ...]:
        told = [
            f"Has {counted(count, 'character')} {why}{self._where(why)}, left out; "
            "take them out of the file, or make them visible if they belong there."
            for why, count in self._counts.items()
        ]
        return (*told, *self._notes)

    def _marks(self, found: Marks, where: str) -> None:
        self._count(found.message, "that show nothing and can carry a message", where)
        self._count(found.turning, "that turn the order of the letters around", where)

    def _count(self, count: int, why: str, where: str) -> None:
        if count:
            self._counts[why] += count
            if where:
                self._places[why][where] = None

    def _where(self, why: str) -> str:
        """(page 2, page 5, below “4. Carrying over”)."""
        places = list(self._places[why])
        more = len(places) - _MOST_PLACES
        shown = places[:_MOST_PLACES] + ([f"{more:,} more places"] if more > 0 else [])
        return f" ({', '.join(shown)})" if shown else ""


def below(heading: str) -> str:
    """A place named by the heading it stands below."""
    short = heading if len(heading) <= _LONGEST_HEADING else f"{heading[:_LONGEST_HEADING].rstrip()}…"
    return f"below “{short}”" if short else ""
