"""The re-ranker that settings name: the built-in one, none, a cross-encoder in this process, an endpoint, or the model as judge."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.errors import Misconfigured
from bot.model_settings import labels_of
from bot.models import ALL
from bot.setting_checks import key, read_url

RerankerKind = Literal["built-in", "none", "cross-encoder", "endpoint", "model"]
_CROSS_ENCODER = "cross-encoder:"
_EXAMPLE = "https://reranker.example/v1#model"


@dataclass(frozen=True, kw_only=True)
class RerankerSettings:
    """What puts the first passages in order where the search alone is not decisive."""

    kind: RerankerKind = "built-in"
    name: str = ""  # of the cross-encoder, or of the endpoint's model
    url: str = ""
    key: str = field(default="", repr=False)
    may_see: frozenset[str] = frozenset({"everyone"})  # the endpoint; under another label the built-in one ranks

    def sees(self, labels: Collection[str]) -> bool:
        return ALL in self.may_see or self.may_see.issuperset(labels)


BUILT_IN = RerankerSettings()


def read_reranker(value: Mapping[str, str]) -> RerankerSettings:
    """Of the variables' values. Raises Misconfigured with the variable's name."""
    said = value["IBID_RERANKER"]
    may_see = labels_of("IBID_RERANKER_MAY_SEE", value["IBID_RERANKER_MAY_SEE"])
    if said in ("built-in", "none"):
        return BUILT_IN if said == "built-in" else RerankerSettings(kind="none")
    if said == "model":
        if not value["IBID_MODEL"] and not value["IBID_TUNED_MODEL"]:
            raise Misconfigured("IBID_RERANKER is model, and there is none: set IBID_MODEL too.")
        return RerankerSettings(kind="model")
    if said.startswith(_CROSS_ENCODER) and (name := said.removeprefix(_CROSS_ENCODER).strip()):
        return RerankerSettings(kind="cross-encoder", name=name)
    address, _, model = said.partition("#")
    if not model or not address.startswith(("http://", "https://")):
        raise Misconfigured(
            f"IBID_RERANKER is {said.rpartition('@')[2]!r}; write built-in, none, model, {_CROSS_ENCODER}NAME, or an address and the name "
            f"of its model, as {_EXAMPLE}."
        )
    url = read_url("IBID_RERANKER", address, _EXAMPLE)
    return RerankerSettings(kind="endpoint", name=model, url=url, key=key("IBID_RERANKER_KEY", value["IBID_RERANKER_KEY"]), may_see=may_see)
