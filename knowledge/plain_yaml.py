"""YAML without surprises, for files that people write by hand."""

from __future__ import annotations

import re
from typing import cast

import yaml


class WithoutSurprises:
    """To stand before a loader: no references, and no key twice."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):  # type: ignore[attr-defined]  # the loader behind this class has it
            mark = self.peek_event().start_mark  # type: ignore[attr-defined]  # the same
            raise yaml.constructor.ConstructorError(None, None, "a reference (*) is not used here", mark)
        return cast("yaml.Node | None", super().compose_node(parent, index))  # type: ignore[misc]  # the same

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value!r} is given twice", key.start_mark)
            seen.add(str(key.value))
        return cast("dict[object, object]", super().construct_mapping(node, deep))  # type: ignore[misc]  # the same


class TextLoader(WithoutSurprises, yaml.BaseLoader):
    """Every scalar stays the text that was written: `no` is not False, and a wrong date is not a crash."""


class TypedLoader(WithoutSurprises, yaml.SafeLoader):
    """Numbers are numbers, true and false are true and false, and everything else is text: `no`, dates and 007 too."""

    yaml_implicit_resolvers = {}  # noqa: RUF012  # as the loader has it: what each letter may begin


for _tag, _form, _letters in (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", ["t", "f"]),
    ("int", r"-?(?:0|[1-9][0-9]*)", list("-0123456789")),
    ("float", r"-?[0-9]+\.[0-9]+", list("-0123456789")),
):
    TypedLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_form})\Z"), _letters)
