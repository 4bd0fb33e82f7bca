"""The voice: says a policy's sentence to the person who reads it, and changes no fact, figure or "must" in it.

Where it is not plain who is meant, the sentence stays as it is.
"""

import re

_PLAINER = {
    "prior to": "before",
    "in order to": "to",
    "in the event that": "if",
    "per annum": "a year",
    "utilise": "use",
    "commence": "start",
}
_PLAIN = re.compile(rf"\b(?:{'|'.join(_PLAINER)})\b")
# "Employees in the United Kingdom may…", "Part-time employees receive…", "An employee must…", "Employees on parental leave may…"
_SUBJECT = re.compile(
    r"(?:(?P<many>(?:All )?(?:(?P<kind>[Ff]ull-time|[Pp]art-time) )?[Ee]mployees)|(?P<one>(?:An|The|Every|Each) employee))"
    r"(?: in (?P<country>(?:the )?[A-Z]\w+(?: [A-Z]\w+)*))?(?: on (?P<on>[a-z, ]+? leave))? (?P<verb>[a-z]+)\b"
)
_NO_VERB = frozenset("and or of who whose whom on with without from at in under over as for to by that which between not always".split())
_OF_ONE = {"is": "are", "has": "have", "does": "do", "goes": "go"}
# Somebody or something else that "their" could belong to: a plural, or a person.
_OTHERS = re.compile(r"\b(?:\w+s|children|people|person|manager|colleague|partner|child|parent|family|team|customer|supplier|guest)\b")
_LEFT_ALONE = re.compile(r"\b(?:employees?|they|them|theirs)\b")
_THEIR = re.compile(r"\btheir\b")
_MAY_BE_LOWERED = ("You ", "In ", "If ", "When ", "The ", "A ", "An ", "For ", "This ", "Only ")


def friendly(sentence: str) -> str:
    """The sentence as one would say it to a colleague."""
    plain = _PLAIN.sub(lambda match: _PLAINER[match.group()], sentence)
    return _ended(_addressed(plain))


def joined(lines: list[str]) -> list[str]:
    """The second line goes on from the first."""
    return [f"Also, {line[0].lower()}{line[1:]}" if n == 1 and line.startswith(_MAY_BE_LOWERED) else line for n, line in enumerate(lines)]


def _addressed(sentence: str) -> str:
    subject = _SUBJECT.match(sentence)
    if not subject or subject["verb"] in _NO_VERB:
        return sentence
    rest = _to_you(sentence[subject.end() :])
    if rest is None:
        return sentence
    does = subject["verb"] if subject["many"] else _OF_ONE.get(subject["verb"], re.sub(r"(?<=[^s])s$", "", subject["verb"]))
    country = f"in {subject['country']}" if subject["country"] else ""
    state = f"work {subject['kind'].lower()}" if subject["kind"] else f"are on {subject['on']}" if subject["on"] else ""
    if state:
        return f"If you {state}{' ' + country if country else ''}, you {does}{rest}"
    return f"I{country[1:]}, you {does}{rest}" if country else f"You {does}{rest}"


def _to_you(rest: str) -> str | None:
    """ "Their" becomes "your"; None where it might be somebody else's."""
    theirs = list(_THEIR.finditer(rest))
    if _LEFT_ALONE.search(rest) or (theirs and _OTHERS.search(rest[: theirs[-1].start()])):
        return None
    return _THEIR.sub("your", rest)


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence.rstrip(',;:')}."
