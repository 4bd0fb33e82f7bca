"""The reference of sources.yaml as Markdown, made of its model."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from knowledge.connectors.fields import FORMS
from knowledge.connectors.sources import AnySource, PathRule
from knowledge.connectors.sources_file import KINDS

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

_WORDS: Mapping[object, str] = {str: "text", bool: "true or false", int: "a number", date: "a date", Any: "anything"}


def reference() -> str:
    """A table for what every source may say, one for each kind, and one for a rule of `mapping`."""
    parts = ["### Every source\n\n" + _table(AnySource, ())]
    for kind, model in KINDS.items():
        sentence = " ".join((model.__doc__ or "").split())
        parts.append(f"### `kind: {kind}`\n\n{sentence}\n\n" + _table(model, (*AnySource.model_fields, "kind")))
    parts.append("### A rule of `mapping`\n\n" + " ".join((PathRule.__doc__ or "").split()) + "\n\n" + _table(PathRule, ()))
    return "\n".join(parts)


def _table(model: type[BaseModel], without: tuple[str, ...]) -> str:
    rows = [f"| `{name}` | {what} | {meaning} |" for name, what, meaning in _rows(model, without)]
    return "\n".join(["| field | what stands there | what it means |", "| --- | --- | --- |", *rows, ""])


def _rows(model: type[BaseModel], without: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    hints = {name: annotation for base in reversed(model.__mro__) for name, annotation in _annotations(base).items()}
    for name, known in model.model_fields.items():
        if name not in without:
            yield known.alias or name, _form(hints[name]), f"{known.description}{_default(known)}"


def _annotations(base: type) -> dict[str, Any]:
    """As they are written: pydantic takes its own apart."""
    from typing import get_type_hints

    return get_type_hints(base, include_extras=True) if base.__module__ == AnySource.__module__ else {}


def _form(annotation: object) -> str:
    """In words."""
    if annotation in FORMS:
        return FORMS[annotation]
    if annotation is PathRule:
        return "rules"
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " or ".join(f"`{part}`" for part in parts) if len(parts) <= 4 else ", ".join(f"`{part}`" for part in parts)
    if origin in (Union, types.UnionType):
        return _form(next(part for part in parts if part is not type(None)))
    if origin is tuple:
        return f"a list of {_plural(_form(parts[0]))}"
    if origin is dict:
        return f"fields: {_form(parts[0])} → {_form(parts[1])}"
    if origin is Annotated:
        return _form(parts[0])
    return _WORDS[annotation]


def _plural(word: str) -> str:
    return {"text": "texts"}.get(word, word)


def _default(known: FieldInfo) -> str:
    if known.is_required():
        return " **Needed.**"
    said = known.default if isinstance(known.default, int | str) and known.default not in ("", False) else None
    return "" if said is None else f" Default: `{said}`."
