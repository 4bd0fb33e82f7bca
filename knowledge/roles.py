"""Who a sentence speaks of: employees, contractors, the manager, Finance. What holds for the one does not hold for the other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.words import telling_stems

_PEOPLE = (
    r"contractors?|agency workers?|freelancers?|temporary (?:staff|employees|workers)|interns?|trainees?|apprentices?|working students?"
    r"|(?:line |people |head )?managers?(?! of)|heads? of \w+|(?:people|finance|managing|hr) directors?|chief \w+|directors?|executives?"
    r"|people team|people partners?|finance|it service desk|service desk|legal|payroll|works? council|boards?|reception\w*"
    r"|data protection officers?|record owners?|account owners?|owners?|holders?|hosts?|visitors?|guests?"
    r"|buyers?|suppliers?|customers?|leavers?|joiners?|applicants?"
    r"|interviewers?|drivers?|passengers?|witness\w*|investigators?|reviewers?|contacts?|doctors?|insurers?|state|authorit\w+|police"
    r"|partners?|spouses?|child(?:ren)?|adults?|parents?|mothers?|fathers?|family members?|relatives?|friends?"
    r"|exempt|full[- ]time|part[- ]time|permanent|fixed[- ]term|company|employer|engineers?|colleagues?|teams?"
)
_ROLE = re.compile(rf"\b(?:{_PEOPLE})\b", re.IGNORECASE)
_ANYBODY = frozenset({"company", "employee", "team", "owner"})  # may always be named
_OPENING = re.compile(r"^(?:(?:yes|no|in (?:the )?[A-Z]\w+(?: [A-Z]\w+)?)\b[,;:]?\s*)+", re.IGNORECASE)
_FAMILY = frozenset("team owner child adult parent mother father partner relative friend colleague doctor".split()) | {"family member"}
_EMPLOYEE = re.compile(r"\bemployees?\b", re.IGNORECASE)
_ANYONE = re.compile(rf"\b(?:{_PEOPLE}|employees?)\b", re.IGNORECASE)
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\s(?:\w+\s)?\w+(?:ed|en|ne|de|ld|id|ght)\b|\bby\s(?:the|an?|your|their)\b|\band\b", re.IGNORECASE
)
_OWN = re.compile(r"((?:\w+\s)?\w+(?:['’]s?|\s)(?:\s?own)?)\s(cost|risk|expense|request|consent|approval|account)s?\b", re.IGNORECASE)
_CLAUSES = re.compile(
    r"[,;:()|·]\s|\s[–—-]\s|\s(?=(?:but|while|whereas|who|which|if|when|where|unless|after|before|within)\s)|[.!?]\s|\n", re.IGNORECASE
)
BOTH = 2
SAYS_SOMETHING = 2  # telling words beside the names
THE_SAME = 0.75  # of them another piece has when it says the same
_BY = re.compile(rf"\bby\s+(?:the\s+|your\s+|an?\s+|their\s+|own\s+)*({_PEOPLE}|employees?|you|holder)\b", re.IGNORECASE)
_ALIKE = {
    "line manager": "manager", "people manager": "manager", "employer": "company", "children": "child",
    "you": "employee", "employee": "employee", "service desk": "it service desk", "holder": "employee", "works council": "work council",
    "spouse": "partner",
}  # fmt: skip


def roles(text: str) -> frozenset[str]:
    """Everybody who is named, each by one name."""
    return frozenset(_one(match) for match in _ROLE.findall(text))


def strange_roles(line: str, near: str) -> list[str]:
    """Those of the line that the sentences it speaks of do not name; the company and the asker may always be named."""
    return sorted(roles(line) - roles(near) - _ANYBODY)


def other_subject(line: str, closest: str) -> str:
    """Who the line begins with, where the one sentence that is closest to it speaks only of others; empty for nobody."""
    opening = " ".join(_OPENING.sub("", line).split()[:5])
    first = _ROLE.search(opening)
    there = roles(closest)
    name = _one(first.group()) if first else ""
    return name if name and name not in _ANYBODY and there - _ANYBODY and name not in there else ""


def other_role(line: str, near: Sequence[str]) -> str:
    """Who does by a piece of the line what others do by the piece of the source that says the same; empty for nobody."""
    there = [piece for unit in near for piece in _CLAUSES.split(unit) if piece.strip()]
    for piece in _CLAUSES.split(line):
        said = _named(piece)
        rest = telling_stems(_ROLE.sub(" ", piece)) if said and piece.strip() else frozenset[str]()
        if len(rest) < SAYS_SOMETHING:
            continue
        closest = max(there, key=lambda other: len(rest & telling_stems(other)), default="")
        others = _named(closest)
        if others and not said & others and len(rest & telling_stems(closest)) >= THE_SAME * len(rest):
            return min(said)
    return ""


def turned_roles(line: str, closest: str) -> bool:
    """Whether two who are named in the closest sentence are named in the other order, though nothing is put the other way round."""
    there = [_in_order(piece) for piece in _CLAUSES.split(closest) if piece and not _PASSIVE.search(piece)]
    said = [_in_order(piece) for piece in _CLAUSES.split(line) if piece and not _PASSIVE.search(piece)]
    return any(len(pair) == len(other) == BOTH and pair == other[::-1] for pair in said for other in there)


def other_possessor(line: str, near: str) -> str:
    """At whose cost, risk or request something is, where the source says that it is at somebody else's; empty where it is the same."""
    there = {thing.lower(): _whose(whose) for whose, thing in _OWN.findall(near)}
    said = {thing.lower(): _whose(whose) for whose, thing in _OWN.findall(line)}
    return next((f"{whose}'s {thing}" for thing, whose in said.items() if whose and there.get(thing) and there[thing] != whose), "")


def _whose(text: str) -> str:
    named = _ROLE.search(text)
    if named:
        return _one(named.group())
    return "employee" if re.search(r"\bown\b|\b(?:your|their|his|her|employees?)\b", text, re.IGNORECASE) else ""


def _named(text: str) -> frozenset[str]:
    """Those that are named, "you" not among them: it stands for whoever the rule is about."""
    return (roles(text) | ({"employee"} if _EMPLOYEE.search(text) else frozenset())) - _FAMILY


def _in_order(text: str) -> list[str]:
    return [name for name in dict.fromkeys(_one(match) for match in _ANYONE.findall(text)) if name != "company"]


def other_agent(line: str, near: str) -> str:
    """Who does it by the line's "by", where the source names only others behind its own; empty for nobody."""
    said, there = _agents(line), _agents(near)
    return min(said - there, default="") if said and there and not said & there else ""


def _agents(text: str) -> set[str]:
    return {_one(match) for match in _BY.findall(text)}


def _one(text: str) -> str:
    plain = " ".join(text.lower().replace("-", " ").split())
    plain = _ALIKE.get(plain, plain)
    single = plain.removesuffix("s") if not plain.endswith("ss") else plain
    return _ALIKE.get(single, single)
