"""The models that settings name, in the order in which they are asked: the tone-tuned one, then the plain one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.errors import Misconfigured
from bot.models import ALL, ASKER, Model, Price
from bot.setting_checks import key, read_url
from bot.variable import Variable
from knowledge.values import AccessRule

LOCAL = "local"  # what an admin writes instead of labels for a model that runs with them
OPENAI = "https://api.openai.com/v1"

MODEL_VARIABLES = (
    Variable("OPENAI_BASE_URL", "Where a model answers: OpenAI, Azure, vLLM, Ollama (http://127.0.0.1:11434/v1)…", OPENAI),
    Variable("OPENAI_API_KEY", "The key for it; a local server may need none.", secret=True),
    Variable("OPENAI_API_VERSION", "Only for Azure: its API version. IBID_MODEL is then a deployment."),
    Variable("IBID_TUNED_MODEL", "The tone-tuned model, which speaks first; default: none."),
    Variable("IBID_TUNED_URL", "Where the tuned model answers, if not at OPENAI_BASE_URL."),
    Variable("IBID_TUNED_KEY", "The key for that address.", secret=True),
    Variable("IBID_TUNED_MAY_SEE", "As IBID_MODEL_MAY_SEE, for the tuned model at an address of its own."),
    Variable("IBID_TUNED_PRICE", "As IBID_MODEL_PRICE, for the tuned model."),
    Variable("IBID_MODEL", "The plain model, which speaks when the tuned one does not; default: none. Behind both stand quotes."),
    Variable(
        "IBID_MODEL_MAY_SEE",
        "The access labels that the model may be given, apart by spaces: everyone, groups:hr…; asker for what is asked anywhere but in a "
        "public channel; or only local, for a model that runs with you and may see all.",
        "everyone",
    ),
    Variable("IBID_MODEL_PRICE", "Money for a million prompt, cached and written tokens, as 0.40,0.10,1.60; for trials and `ibid eval`."),
    Variable("IBID_TEMPERATURE", "The sampling temperature, or none for models that take none.", "0"),
    Variable(
        "IBID_SITUATE",
        "yes: the model writes a line on each passage, by which it is found better. The index asks once for every new passage, with up to "
        "6,000 characters of its document, and for all after a change of prompts/situate.md or of the model. yes or no.",
        "no",
    ),
    Variable(
        "IBID_VISION_MODEL",
        "A model at OPENAI_BASE_URL that sees: the index shows it each picture in documents once, and what it says is read as a paragraph. "
        "Documents that may hold pictures are then read again. Default: none; pictures are told by their alt texts and captions.",
    ),
    Variable("IBID_VISION_MAY_SEE", "As IBID_MODEL_MAY_SEE, which is its default, for the documents whose pictures are shown."),
    Variable(
        "IBID_RERANKER",
        "What puts the first passages in order where a search is not decisive: built-in, none, cross-encoder:NAME (after pip install "
        "sentence-transformers), model (the model judges), or an address and its model, as https://reranker.example/v1#model.",
        "built-in",
    ),
    Variable("IBID_RERANKER_KEY", "The key for that address.", secret=True),
    Variable(
        "IBID_RERANKER_MAY_SEE",
        "As IBID_MODEL_MAY_SEE, for the re-ranker at an address; where it may not see all, the built-in one ranks.",
        "everyone",
    ),
)


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
                may_see=labels_of("IBID_TUNED_MAY_SEE", value["IBID_TUNED_MAY_SEE"] or ("" if own else may_see)),
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
                may_see=labels_of("IBID_MODEL_MAY_SEE", may_see),
                temperature=_temperature(value["IBID_TEMPERATURE"]),
                price=_price("IBID_MODEL_PRICE", value["IBID_MODEL_PRICE"]),
            )
        )
    return tuple(found)


def read_vision(value: Mapping[str, str]) -> Model | None:
    """The model that is shown pictures, at the plain model's address. Raises Misconfigured with the variable's name."""
    if not value["IBID_VISION_MODEL"]:
        return None
    return Model(
        name=value["IBID_VISION_MODEL"],
        url=read_url("OPENAI_BASE_URL", value["OPENAI_BASE_URL"] or OPENAI),
        key=value["OPENAI_API_KEY"],
        api_version=value["OPENAI_API_VERSION"],
        may_see=labels_of("IBID_VISION_MAY_SEE", value["IBID_VISION_MAY_SEE"] or value["IBID_MODEL_MAY_SEE"]),
        temperature=_temperature(value["IBID_TEMPERATURE"]),
    )


def labels_of(name: str, text: str) -> frozenset[str]:
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
