"""The models that a run of the index may ask, each for something of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.describing import Describer
    from knowledge.situating import Situator


@dataclass(frozen=True, kw_only=True)
class Models:
    """Who is there to be asked."""

    situator: Situator | None = None  # without one no passage has a model's line
    describer: Describer | None = None  # without one pictures are told by their alt texts and captions


NO_MODELS = Models()
