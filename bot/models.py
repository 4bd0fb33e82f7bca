"""The models that may write: where each answers, which access labels it may see, and what it costs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

ASKER = "asker"  # the label of a question that was asked in private
ALL = "all"


@dataclass(frozen=True)
class Price:
    """Money per million tokens, in whatever currency the bill has."""

    prompt: float
    cached: float
    written: float


@dataclass(frozen=True)
class Spent:
    """Tokens that one call took; `cached` of the prompt's were read from the provider's own cache."""

    prompt: int = 0
    cached: int = 0
    written: int = 0

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.prompt + other.prompt, self.cached + other.cached, self.written + other.written)

    def money(self, price: Price) -> float:
        fresh = self.prompt - self.cached
        return (fresh * price.prompt + self.cached * price.cached + self.written * price.written) / 1_000_000


@dataclass(frozen=True, kw_only=True)
class Model:
    """One OpenAI-compatible endpoint and the model asked for there. With an `api_version` it is Azure's, and `name` a deployment."""

    name: str
    url: str
    key: str = field(default="", repr=False)
    api_version: str = ""
    may_see: frozenset[str] = frozenset({"everyone"})  # access labels; "all" only where the model is local
    temperature: float | None = 0.0  # None: not sent, for models that do not take one
    price: Price | None = None
    remember: bool = True  # whether its whole answers may be cached

    def sees(self, labels: Collection[str]) -> bool:
        """Whether it may be given text under these labels."""
        return ALL in self.may_see or self.may_see.issuperset(labels)
