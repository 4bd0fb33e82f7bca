"""The YAML between two `---` lines at a Markdown file's head, read without surprises."""

from __future__ import annotations

import re

import yaml

from knowledge.errors import BadMetadata
from knowledge.plain_yaml import TextLoader

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


def take_front_matter(text: str) -> tuple[dict[str, object], str]:
    """The front matter, and the text after it. Raises BadMetadata where it does not parse."""
    found = _FRONT_MATTER.match(text)
    if found is None:
        return {}, text
    try:
        metadata = yaml.load(found[1] or "", TextLoader)  # noqa: S506  # a BaseLoader builds nothing but text, lists and mappings
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
