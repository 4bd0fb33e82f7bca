"""sources.yaml: read, checked against its model, and complained about by line and field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import TypeAdapter, ValidationError

from knowledge.connectors.sources import FolderSource, GitSource, PathRule, ReaderSource, Sources, WebSource
from knowledge.errors import BadSources
from knowledge.plain_yaml import TypedLoader

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

KINDS: dict[str, type[BaseModel]] = {"folder": FolderSource, "git": GitSource, "web": WebSource, "reader": ReaderSource}
_LARGEST = 1024 * 1024
_MOST_TOLD = 10
_PLAINLY = {
    "too_short": "needs at least one",
    "tuple_type": "must be a list, each entry behind a hyphen",
    "model_type": "must have fields, each with a colon behind its name",
    "model_attributes_type": "must have fields, each with a colon behind its name",
    "dict_type": "must have fields, each with a colon behind its name",
    "string_too_short": "must not be empty",
}
_NOT_FILLED = "${…} is not filled in here; a secret is named by its name under `secret` or `secrets`, everything else is written out"


def read_sources(path: Path) -> Sources:
    """Raises BadSources with every mistake: its line, its field, and what to do."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadSources(f"IBID_SOURCES names {path}, which cannot be read: {error.strerror}") from error
    if len(content) > _LARGEST:
        raise BadSources(f"{path.name} is larger than 1 MB; it names sources, and holds none")
    try:
        return parse_sources(content.decode("utf-8-sig"), path.name)
    except UnicodeDecodeError:
        raise BadSources(f"{path.name} is not UTF-8 text; save it as UTF-8") from None


def parse_sources(text: str, name: str = "sources.yaml") -> Sources:
    """Raises BadSources."""
    node, value = _composed(text, name)
    if mistakes := [f"line {line}: {_NOT_FILLED}" for line in _lines_to_fill(node)]:
        raise _bad(name, mistakes)
    try:
        return TypeAdapter(Sources).validate_python(value)
    except ValidationError as error:
        mistakes = [_told(one, node, value) for one in error.errors(include_url=False, include_context=True)]
    raise _bad(name, mistakes)


def _bad(name: str, mistakes: Sequence[str]) -> BadSources:
    told = list(mistakes[:_MOST_TOLD]) + ([f"and {len(mistakes) - _MOST_TOLD} more"] if len(mistakes) > _MOST_TOLD else [])
    return BadSources(f"{name}, {told[0]}" if len(told) == 1 else "\n  ".join([f"{name}:", *told]))


def _composed(text: str, name: str) -> tuple[yaml.Node, object]:
    """The nodes, which know their lines, and what they say."""
    try:
        loader = TypedLoader(text)
        try:
            node = loader.get_single_node()
            value: object = loader.construct_document(node) if node else None
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        where = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise BadSources(f"{name}{where}: does not parse: {error.problem or 'not YAML'}") from error
    except yaml.YAMLError as error:
        raise BadSources(f"{name} does not parse: it holds characters that YAML does not allow") from error
    except (RecursionError, TypeError, ValueError) as error:  # a number of ten thousand digits
        raise BadSources(f"{name} does not parse: it is nested too deep, uses a list as a key, or holds an endless number") from error
    if node is None or not isinstance(value, dict):
        raise BadSources(f"{name} begins with `sources:`, and below it a list; deploy/sources.example.yaml shows one")
    return node, value


def _lines_to_fill(node: yaml.Node) -> Iterator[int]:
    """Where somebody expects that a variable is filled in."""
    if isinstance(node, yaml.ScalarNode) and "${" in node.value:
        yield node.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _lines_to_fill(one)
    elif isinstance(node, yaml.MappingNode):
        for key, one in node.value:
            yield from _lines_to_fill(key)
            yield from _lines_to_fill(one)


def _told(error: ErrorDetails, node: yaml.Node, value: Any) -> str:  # noqa: ANN401  # what YAML made of it
    """One mistake as a sentence. What stands there is not repeated: it may be a secret in the wrong place."""
    steps = [step for step in error["loc"] if step != "[key]"]
    line, known = _place(node, steps)
    source = _source_of(value, steps)
    field = ".".join(str(step) for step in known if not isinstance(step, int))
    where = f"line {line}" + (f", source {source}" if source else "")
    kind = error["type"]
    if kind == "extra_forbidden":
        return f"{where}: `{steps[-1]}` is not known{_meant(str(steps[-1]), _model_of(steps))}"
    if kind == "missing":
        return f"{where}: `{steps[-1]}` is missing"
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return f"{where}: `kind` must be one of {', '.join(KINDS)}"
    said = _PLAINLY.get(kind) or error["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"{where}: `{field}` {said}" if field else f"{where}: {said}"


def _place(node: yaml.Node, steps: Sequence[int | str]) -> tuple[int, list[int | str]]:
    """The line that the steps lead to, and those of them that stand in the file: pydantic names the kind between them."""
    line, known = node.start_mark.line, list[int | str]()
    for step in steps:
        found = None
        if isinstance(node, yaml.MappingNode):
            found = next(((key.start_mark, one) for key, one in node.value if key.value == str(step)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            found = (node.value[step].start_mark, node.value[step])
        if found is not None:
            line, node = found[0].line, found[1]
            known.append(step)
    return line + 1, known[1:] if len(known) > 1 else known


def _source_of(value: Any, steps: Sequence[int | str]) -> str:  # noqa: ANN401  # as above
    """The name of the source that holds the mistake, as far as it has one."""
    if len(steps) < 2 or not isinstance(steps[1], int) or not isinstance(value.get("sources"), list):
        return ""
    source = value["sources"][steps[1]]
    name = source.get("name") if isinstance(source, dict) else None
    return name if isinstance(name, str) and len(name) <= 40 and name.isprintable() else f"{steps[1] + 1}"


def _model_of(steps: Sequence[int | str]) -> type[BaseModel]:
    if "mapping" in steps[:-1]:
        return PathRule
    return next((KINDS[str(step)] for step in steps[2:3] if step in KINDS), Sources)


def _meant(name: str, model: type[BaseModel]) -> str:
    names = [field.alias or key for key, field in model.model_fields.items()]
    close = get_close_matches(name.lower(), names, n=1, cutoff=0.6)
    return f"; did you mean `{close[0]}`?" if close else f"; the fields are: {', '.join(names)}"
