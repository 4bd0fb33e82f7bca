"""A cross-encoder of sentence-transformers, by name: it reads question and passage together. An optional install."""

from __future__ import annotations

from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Any

from knowledge.errors import RerankerFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

MISSING = "the package sentence-transformers is not installed: pip install sentence-transformers"


class CrossEncoding:
    """Loaded at the first search, in this process: nothing leaves it, so it may see every label. Raises RerankerFailed without it."""

    def __init__(self, model: str, load: Callable[[str], Any] | None = None) -> None:
        if load is None and find_spec("sentence_transformers") is None:
            raise RerankerFailed(MISSING)
        self.name = f"cross-encoder:{model}"
        self._model = model
        self._load = load or _of_sentence_transformers
        self._loading = Lock()
        self._loaded: Any = None  # sentence-transformers is not there to be checked against

    def sees(self, labels: Collection[str]) -> bool:  # noqa: ARG002  # the port's signature
        return True

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load(self._model)
        try:
            return [float(score) for score in self._loaded.predict([(question, text) for text in texts])]
        except (RuntimeError, ValueError, TypeError) as problem:  # torch's own, such as too little memory
            raise RerankerFailed(type(problem).__name__) from problem


def _of_sentence_transformers(model: str) -> Any:  # noqa: ANN401 - an optional package
    from sentence_transformers import CrossEncoder  # type: ignore[import-not-found]  # an optional install

    try:
        return CrossEncoder(model)
    except (OSError, ValueError, RuntimeError) as problem:
        raise RerankerFailed(f"the cross-encoder {model} cannot be loaded: {type(problem).__name__}") from problem
