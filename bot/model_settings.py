"""The models that settings name, in the order in which they are asked: the tone-tuned one, then the plain one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.errors import Misconfigured
from bot.models import ALL, ASKER, Model, Price
from bot.setting_checks import key, read_url
from knowledge.values import AccessRule

LOCAL = "local"  # what an admin writes instead of labels for a model that runs with them
OPENAI = "https://api.openai.com/v1"


def read_models(value: Mapping[str, str]) -> tuple[Model, ...]:
    """Of the variables' values. Raises Misconfigured with the variable's name."""
    shared_url = read_url("OPENAI_BASE_URL", value["OPENAI_BASE_URL"] or OPENAI)
    may_see = value["IBID_MODEL_MAY_SEE"]
    found = []
    if value["IBID_TUNED_MODEL"]:
        own = value["IBID_TUNED_URL"]
        url = read_url("IBID_TUNED_URL", own) if own else shared_url
        found.append(
            Model(
                name=value["IBID_TUNED_MODEL"],
                url=url,
                # a key is shown to no other address than its own
                key=key("IBID_TUNED_KEY", value["IBID_TUNED_KEY"]) or ("" if own else value["OPENAI_API_KEY"]),
                api_version="" if own else value["OPENAI_API_VERSION"],
                may_see=_labels("IBID_TUNED_MAY_SEE", value["IBID_TUNED_MAY_SEE"] or ("" if own else may_see)),
                temperature=_temperature(value["IBID_TEMPERATURE"]),
                price=_price("IBID_TUNED_PRICE", value["IBID_TUNED_PRICE"]),
            )
        )
    if value["IBID_MODEL"]:
        found.append(
            Model(
                name=value["IBID_MODEL"],
                url=shared_url,
                key=value["OPENAI_API_KEY"],
                api_version=value["OPENAI_API_VERSION"],
                may_see=_labels("IBID_MODEL_MAY_SEE", may_see),
                temperature=_temperature(value["IBID_TEMPERATURE"]),
                price=_price("IBID_MODEL_PRICE", value["IBID_MODEL_PRICE"]),
            )
        )
    return tuple(found)


def _labels(name: str, text: str) -> frozenset[str]:
    """Words apart by white space: everyone, asker, groups:hr, people:priya, or local alone."""
    words = frozenset(text.split()) or frozenset({"everyone"})
    if words == {LOCAL}:
        return frozenset({ALL})
    labels = words & {ASKER}
    for word in words - {ASKER}:
        try:
            labels |= {AccessRule.from_label(word).label}  # as documents have it, in whatever order its groups are named here
        except ValueError as problem:
            raise Misconfigured(
                f"{name} holds {word!r}; write labels such as everyone, asker, groups:hr, or only {LOCAL} for a model that runs with you."
            ) from problem
    return labels


def _temperature(text: str) -> float | None:
    if text == "none":
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 2:
        raise Misconfigured(f"IBID_TEMPERATURE is {text!r}; write a number from 0 to 2, or none for models that take none.")
    return value


def _price(name: str, text: str) -> Price | None:
    """Three numbers: a million tokens of prompt, of cached prompt, and written."""
    if not text:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*,\s*(\d+(?:\.\d+)?)\s*,\s*(\d+(?:\.\d+)?)", text)
    if not match:
        raise Misconfigured(f"{name} is {text!r}; write the price of a million prompt, cached and written tokens, as 0.40,0.10,1.60.")
    return Price(*map(float, match.groups()))
