"""What a robots.txt says to Ibid, as RFC 9309 has it: the group of our name or else of everybody, the longest rule, wildcards."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

MOST_RULES = 2000
_LINE = re.compile(r"\s*(user-agent|allow|disallow|crawl-delay)\s*:\s*([^#]*)", re.IGNORECASE)
_SECONDS = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,3})?")


@dataclass(frozen=True)
class RobotsRules:
    """What one group says. Rules: the path's pattern, and whether it allows."""

    rules: tuple[tuple[str, bool], ...] = ()
    pause: float | None = None  # seconds that are asked for between two requests

    def allow(self, target: str) -> bool:
        """Whether this path with its query may be read; what no rule names may be."""
        fitting = [(len(pattern), allows) for pattern, allows in self.rules if _fits(pattern, target)]
        return max(fitting, default=(0, True))[1]


def read_robots(text: str, agent: str) -> RobotsRules:
    """Lines that are not understood are passed over."""
    groups: dict[str, list[tuple[str, str]]] = {}
    named: list[str] = []
    naming = False
    for line in text.splitlines():
        found = _LINE.match(line)
        if not found:
            continue
        key, value = found[1].lower(), found[2].strip()
        if key == "user-agent":
            named = [*named, value.lower()] if naming else [value.lower()]
            naming = True
            groups.setdefault(named[-1], [])
            continue
        naming = False
        for name in set(named):
            groups[name].append((key, value))
    return _rules(groups.get(agent.lower(), groups.get("*", [])))


def _rules(said: list[tuple[str, str]]) -> RobotsRules:
    pauses = [float(value) for key, value in said if key == "crawl-delay" and _SECONDS.fullmatch(value)]
    rules = [(value, key == "allow") for key, value in said if key != "crawl-delay" and value.startswith(("/", "*"))]
    return RobotsRules(tuple(rules[:MOST_RULES]), max(pauses, default=None))


def _fits(pattern: str, target: str) -> bool:
    """`*` is anything, `$` the end. Without backtracking: whoever writes the pattern decides nothing about our time."""
    path, to_the_end = unquote(target), pattern.endswith("$")
    first, *parts = (unquote(part) for part in pattern.removesuffix("$").split("*"))
    if not path.startswith(first):
        return False
    at, last = len(first), parts.pop() if parts and to_the_end else None
    for part in parts:
        at = path.find(part, at) + len(part)
        if at < len(part):
            return False
    if last is not None:
        return path.endswith(last) and len(path) - len(last) >= at
    return at == len(path) if to_the_end else True
