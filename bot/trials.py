"""What a change is tried on before it is live: golden questions, answered with the old and with the new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.models import Spent

Verdict = Literal["right", "wrong", "forbidden", "refused", "failed"]  # refused is right where nothing answers: then the verdict is "right"


@dataclass(frozen=True, kw_only=True)
class TrialPlan:
    """What a trial will take, told before it is begun."""

    questions: int
    seconds: float
    money: float | None  # None where the model's price is not known
    model: str  # who will speak; "quotes" where no model is set up: then a prompt changes nothing


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One question, and how both did. The texts are shown to admins: the questions are only those whose answers everyone may read."""

    question: str
    before: Verdict
    after: Verdict
    said_before: str
    said_after: str


@dataclass(frozen=True, kw_only=True)
class TrialReport:
    """The difference."""

    questions: tuple[Compared, ...]
    seconds: float
    spent: Spent
    model: str

    @property
    def better(self) -> int:
        return sum(one.after == "right" != one.before for one in self.questions)

    @property
    def worse(self) -> int:
        return sum(one.before == "right" != one.after for one in self.questions)
