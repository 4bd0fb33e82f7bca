"""The YAML between two `---` lines at a Markdown file's head, read without surprises."""

from __future__ import annotations

import re
from typing import cast

import yaml

from knowledge.errors import BadMetadata

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


class _PlainLoader(yaml.BaseLoader):
    """Every scalar stays the text that was written (`no` is not False, a wrong date is not a crash); no aliases, no key twice."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # the stubs leave it out
            raise yaml.constructor.ConstructorError(None, None, "a reference (*) is not used here", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value!r} is given twice", key.start_mark)
            seen.add(str(key.value))
        return cast("dict[object, object]", super().construct_mapping(node, deep))


def take_front_matter(text: str) -> tuple[dict[str, object], str]:
    """The front matter, and the text after it. Raises BadMetadata where it does not parse."""
    found = _FRONT_MATTER.match(text)
    if found is None:
        return {}, text
    try:
        metadata = yaml.load(found[1] or "", _PlainLoader)  # noqa: S506  # a BaseLoader builds nothing but text, lists and mappings
    except yaml.MarkedYAMLError as error:
        where = f" (line {error.problem_mark.line + 2})" if error.problem_mark else ""
        raise BadMetadata(f"front matter does not parse{where}: {error.problem or 'not YAML'}") from error
    except yaml.YAMLError as error:
        raise BadMetadata("front matter does not parse: it holds characters that YAML does not allow") from error
    except (RecursionError, TypeError) as error:
        raise BadMetadata("front matter does not parse: it is nested too deep or uses a list as a key") from error
    if metadata is None or metadata == "":
        return {}, text[found.end() :]
    if not isinstance(metadata, dict):  # a rule, a sentence and another rule: text like any other
        return {}, text
    return {str(key): value for key, value in metadata.items()}, text[found.end() :]
