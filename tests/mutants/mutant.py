"""One rule taken out: where it stands, what stands there instead, and the tests that notice."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """`old` stands exactly once in the file. With `new` in its place at least one of the tests fails."""

    rule: str  # that is gone, as a sentence
    file: str
    old: str
    new: str
    tests: tuple[str, ...]  # files, or file::test

    def applied(self, home: Path) -> str:
        """The file's text without the rule."""
        return (home / self.file).read_text(encoding="utf-8").replace(self.old, self.new)

    def trouble(self, home: Path) -> str:
        """Why this mutant proves nothing any more; empty where it does."""
        source = home / self.file
        if not source.is_file():
            return f"{self.file} is gone"
        found = source.read_text(encoding="utf-8").count(self.old)
        if found != 1:
            return f"what it changes in {self.file} stands there {found} times"
        if self.new == self.old:
            return "it changes nothing"
        try:
            ast.parse(self.applied(home))
        except SyntaxError as problem:
            return f"it makes {self.file} unreadable: {problem.msg}"
        return next(filter(None, (_missing(home, test) for test in self.tests)), "" if self.tests else "no test is to notice it")


def _missing(home: Path, test: str) -> str:
    """Why these tests cannot be run; empty where they can."""
    file, _, name = test.partition("::")
    if not (home / file).is_file():
        return f"{file} is gone"
    if not name:
        return ""
    known = {node.name for node in ast.walk(ast.parse((home / file).read_text(encoding="utf-8"))) if hasattr(node, "name")}
    return "" if name.partition("[")[0] in known else f"{test} is gone"
