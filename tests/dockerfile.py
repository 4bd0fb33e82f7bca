"""Reads a Dockerfile and a .dockerignore as Docker does, as far as ours go; whatever goes further is refused."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import PurePosixPath

KNOWN = frozenset("FROM COPY RUN ENV USER WORKDIR VOLUME EXPOSE HEALTHCHECK LABEL ENTRYPOINT CMD".split())
_A_FLAG = re.compile(r"--([a-z-]+)=(\S+)\s+")


@dataclass(frozen=True)
class Step:
    """One instruction: its word, the --flags before its arguments, and the arguments as one line."""

    word: str
    flags: tuple[tuple[str, str], ...]
    rest: str

    def flag(self, name: str) -> str:
        return dict(self.flags).get(name, "")

    def commands(self) -> list[list[str]]:
        """Those of a RUN, joined by &&. Anything else that a shell knows would need a shell."""
        parts = [shlex.split(part) for part in self.rest.split("&&")]
        assert not re.search(r"[|;<>`$*]", self.rest), f"too clever for a test that runs no shell: {self.rest}"
        return parts

    def pairs(self) -> dict[str, str]:
        """Those of an ENV or LABEL."""
        words = shlex.split(self.rest)
        assert all("=" in word for word in words), self.rest
        return dict(word.split("=", 1) for word in words)


@dataclass(frozen=True)
class Stage:
    """What one FROM begins."""

    image: str
    name: str
    steps: tuple[Step, ...]

    def every(self, word: str) -> list[Step]:
        return [step for step in self.steps if step.word == word]

    def only(self, word: str) -> Step:
        (step,) = self.every(word)
        return step


def read_stages(text: str) -> list[Stage]:
    """In their order. An instruction that is not known here fails whoever asks."""
    stages: list[Stage] = []
    for step in _steps(text):
        if step.word == "FROM":
            image, _, name = step.rest.partition(" AS ")
            stages.append(Stage(image, name, ()))
        else:
            last = stages.pop()
            stages.append(Stage(last.image, last.name, (*last.steps, step)))
    return stages


def _steps(text: str) -> list[Step]:
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    whole = re.sub(r"\\\n", "", "\n".join(lines))
    return [_step(line) for line in whole.splitlines()]


def _step(line: str) -> Step:
    word, _, rest = line.partition(" ")
    assert word in KNOWN, f"unknown instruction {word}"
    flags = []
    rest = rest.lstrip()
    while found := _A_FLAG.match(rest):
        flags.append((found[1], found[2]))
        rest = rest[found.end() :]
    return Step(word, tuple(flags), rest.strip())


class Ignored:
    """A .dockerignore: the last pattern that matches a path, or a folder above it, decides; patterns begin at the top."""

    def __init__(self, text: str) -> None:
        lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
        self._rules = [(not line.startswith("!"), _pattern(line.removeprefix("!"))) for line in lines]

    def __contains__(self, path: str) -> bool:
        whole = PurePosixPath(path)
        above = [str(part) for part in (whole, *whole.parents) if str(part) != "."]
        verdicts = [ignored for ignored, pattern in self._rules if any(pattern.fullmatch(part) for part in above)]
        return bool(verdicts) and verdicts[-1]


def _pattern(line: str) -> re.Pattern[str]:
    pieces = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(pieces.get(piece) or re.escape(piece) for piece in re.findall(r"\*\*/|\*\*|\*|\?|[^*?]+", line.strip("/"))))
