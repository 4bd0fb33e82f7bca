"""The words we say to models: strict Markdown files with a purpose and named inputs, identified by their hash."""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

import yaml

from bot.errors import Misconfigured

_INPUT = re.compile(r"\{\{ *([a-z_]+) *\}\}")
_FRONT = re.compile(r"---\n(.*?)\n---\n(.*)", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_KEYS = {"purpose", "inputs"}

# What each prompt is filled with: it has to use all of it.
INPUTS: Mapping[str, frozenset[str]] = {
    "answer": frozenset({"voice", "exemplars", "company", "today", "sources", "question"}),
    "rewrite": frozenset({"earlier", "question"}),
    "judge": frozenset({"question", "clause", "answer"}),
    "situate": frozenset({"place", "document", "passage"}),
    "describe": frozenset(),
    "rank": frozenset({"question", "passages"}),
    "voice": frozenset(),
    "exemplars": frozenset(),
}
FENCED: Mapping[str, tuple[str, ...]] = {  # the inputs that people and documents wrote
    "answer": ("sources", "question"),
    "rewrite": ("earlier", "question"),
    "judge": ("clause", "answer", "question"),
    "situate": ("document", "passage"),
    "rank": ("passages", "question"),
}
OF_ANSWER = ("answer", "voice", "exemplars")  # what the hash on an answer stands for
LONGEST = 12_000  # characters of one prompt
LARGEST = 64 * 1024  # bytes of its file: LONGEST in any script, and the front matter
_CITES = re.compile(r"\[(?:\d|n)\]")
NOT_FOUND = "NOT FOUND"  # what a model says when the sources do not answer


class BadPrompt(Misconfigured):
    """A prompt cannot be used as it stands. The message says why."""


@dataclass(frozen=True)
class Remark:
    """What there is to say about a text before it is published. An error keeps it from being published, a warning does not."""

    level: Literal["error", "warning"]
    words: str


@dataclass(frozen=True)
class Prompt:
    """One file of prompts/. `text` holds {{ inputs }}."""

    name: str
    purpose: str
    text: str

    @property
    def hash(self) -> str:
        """12 hex digits that name exactly these words."""
        return _hash(self.text)

    @property
    def inputs(self) -> frozenset[str]:
        """What it has to be filled with."""
        return frozenset(_INPUT.findall(self.text))

    def fill(self, values: Mapping[str, str]) -> str:
        """Put the inputs in. Raises BadPrompt when one is missing or unknown. What is put in is never read as a template again."""
        used = self.inputs
        if values.keys() != used:
            wrong = min(used ^ values.keys())
            raise BadPrompt(f"prompts/{self.name}.md: the input {wrong!r} is {'missing' if wrong in used else 'unknown'}.")
        return _INPUT.sub(lambda match: values[match.group(1)], self.text)


@dataclass(frozen=True, kw_only=True)
class PromptVersion:
    """One of a prompt's versions. The newest is live."""

    name: str
    number: int  # from 1, for each prompt its own
    text: str
    author: str  # an admin's name, or "file"
    reason: str
    at: datetime


@dataclass(frozen=True)
class PromptSet:
    """Every prompt, as it is at one moment."""

    prompts: Mapping[str, Prompt]

    def __getitem__(self, name: str) -> Prompt:
        return self.prompts[name]

    @property
    def answer_hash(self) -> str:
        """12 hex digits on every answer: the answer prompt with the voice and the exemplars that go into it."""
        return _hash("\x00".join(self.prompts[name].text for name in OF_ANSWER))

    def having(self, name: str, text: str) -> PromptSet:
        """With other words for one of them."""
        return PromptSet({**self.prompts, name: replace(self.prompts[name], text=text)})


def remarks_on(name: str, text: str) -> tuple[Remark, ...]:
    """Whether a text can stand as this prompt: its inputs, its size, and the clauses without which an answer is not what it should be."""
    used, known = frozenset(_INPUT.findall(text)), INPUTS[name]
    found = [Remark("error", f"{{{{ {unknown} }}}} is not known here.") for unknown in sorted(used - known)]
    found += [Remark("error", f"{{{{ {missing} }}}} is missing.") for missing in sorted(known - used)]
    if not text.strip():
        found.append(Remark("error", "It is empty."))
    if _CONTROL.search(text):
        found.append(Remark("error", "It holds control characters; take them out."))
    if "{{" in _INPUT.sub("", text):
        found.append(Remark("warning", "It holds {{ where no input's name follows: nothing is filled in there."))
    if len(text) > LONGEST:
        found.append(Remark("error", f"It has {len(text):,} characters; {LONGEST:,} is the most."))
    found += [Remark("error", words) for words in _unfenced(name, text)]
    if name == "answer":
        if not _CITES.search(text):
            found.append(Remark("warning", "It does not ask for a source, like [2], behind each line: lines without one are dropped."))
        if NOT_FOUND not in text:
            found.append(Remark("warning", f"It does not say to write {NOT_FOUND} when the sources do not answer: the model will guess."))
    return tuple(found)


def _unfenced(name: str, text: str) -> list[str]:
    """What people and documents wrote stands between tags of its own; a second such tag would end it early."""
    wrong = []
    for tag in sorted({tag for tags in FENCED.values() for tag in tags}):
        if tag not in FENCED.get(name, ()):
            if f"<{tag}>" in text or f"</{tag}>" in text:
                wrong.append(f"It may not hold <{tag}>.")
        elif not re.search(rf"<{tag}>\s*\{{\{{ *{tag} *\}}\}}\s*</{tag}>", text) or text.count(f"<{tag}>") + text.count(f"</{tag}>") != 2:
            wrong.append(f"{{{{ {tag} }}}} must stand in <{tag}>…</{tag}>, and these tags nowhere else.")
    return wrong


def load_prompts(folder: Path) -> PromptSet:
    """Read every prompt of a folder. Raises BadPrompt, naming the file."""
    return PromptSet({name: load_prompt(folder, name) for name in INPUTS})


def load_prompt(folder: Path, name: str) -> Prompt:
    """Read prompts/NAME.md. Unknown front-matter keys, and inputs that are unknown, missing or not declared, are errors."""
    place = f"prompts/{name}.md"
    match = _FRONT.fullmatch(_read(folder / f"{name}.md", place))
    if not match:
        raise BadPrompt(f"{place} must begin with front matter between two lines of ---.")
    front = _front_matter(match.group(1))
    if front is None:
        raise BadPrompt(f"{place}: the front matter is not YAML.")
    if not isinstance(front, dict) or front.keys() != _KEYS or not isinstance(front["inputs"], list):
        raise BadPrompt(f"{place}: the front matter needs exactly {' and '.join(sorted(_KEYS))}; inputs is a list.")
    text = match.group(2).strip()
    declared, used = frozenset(map(str, front["inputs"])), frozenset(_INPUT.findall(text))
    if declared != used:
        wrong = min(declared ^ used)
        raise BadPrompt(f"{place}: the input {wrong!r} is {'declared but not used' if wrong in declared else 'used but not declared'}.")
    errors = [remark.words for remark in remarks_on(name, text) if remark.level == "error"]
    if errors:
        raise BadPrompt(f"{place}: {errors[0]}")
    return Prompt(name, " ".join(str(front["purpose"]).split()), text)


def bare(raw: str) -> str:
    """The words alone, as they are kept: without front matter, foreign line ends, halves of characters, and the space around them."""
    text = _lines(raw.encode("utf-8", "replace").decode())
    match = _FRONT.fullmatch(text.lstrip())
    if match:
        front = _front_matter(match.group(1))
        if isinstance(front, dict) and front.keys() <= _KEYS:
            text = match.group(2)
    return text.strip()


def decoded(raw: bytes, place: str) -> str:
    """The text of a file, front matter and all. Raises BadPrompt, naming the file."""
    if len(raw) > LARGEST:
        raise BadPrompt(f"{place} is larger than {LARGEST // 1024} KB; a prompt has {LONGEST:,} characters at most.")
    try:
        return _lines(raw.decode())
    except UnicodeDecodeError as problem:
        raise BadPrompt(f"{place} is not UTF-8 text; save it as that.") from problem


def _read(file: Path, place: str) -> str:
    """A link is followed; what is no file, or far too large, is not read: a pipe would keep the reader waiting for ever."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise BadPrompt(f"{place} is not a file.")
        with file.open("rb") as opened:
            raw = opened.read(LARGEST + 1)
    except OSError as problem:
        raise BadPrompt(f"{place} cannot be read: {problem.strerror}. IBID_PROMPTS is {file.parent}.") from problem
    return decoded(raw, place)


def _lines(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _front_matter(text: str) -> object:
    """None where it is not YAML: a day that no month has, or brackets without end, are none either."""
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
