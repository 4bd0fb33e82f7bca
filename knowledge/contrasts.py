"""Small words that turn a rule around: before and after, at least and at most, with and without, a month and a year.

They are everybody's words, so no list of a source's own words tells that one of them was changed. Each stands here with its opposites: a
line that has one of them, where its source has only an opposite, says something else.
"""

from __future__ import annotations

import re


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b", re.IGNORECASE)


_EARLIER = _words(
    "before", "until", "till", "by", "prior to", "ahead", "in advance", "beforehand", "earlier", "no later than", "at the latest"
)
_LATER = _words("after", "afterwards", "from", "since", "following", "later", "once", "when", "then")
_MORE = _words(
    "at least",
    "more",
    "over",
    "above",
    "exceed\\w*",
    "minimum",
    "longer",
    "higher",
    "or older",
    "beyond",
    "no less",
    "no fewer",
    "upwards?",
)
_LESS = _words(
    "at most", "up to", "less", "under", "below", "fewer", "maximum", "shorter", "lower", "within", "no more", "not more", "younger",
    "no longer than", "no later than", "only", "most", "cap\\w*", "limit\\w*",
)  # fmt: skip
_OPPOSITES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (_words("before", "prior to", "until", "ahead of", "in advance"), _LATER),
    (_words("after", "following", "afterwards"), _EARLIER),
    (_words("at least", "more than", "over", "above", "no less than", "no fewer than", "minimum"), _LESS),
    (_words("at most", "up to", "less than", "under", "below", "no more than", "fewer than", "maximum"), _MORE),
    (_words("with", "including", "includes?", "plus"), _words("without", "excluding", "excludes?", "except", "apart from")),
    (_words("without", "excluding", "excludes?"), _words("with", "including", "includes?", "required")),
    (_words("inside"), _words("outside")),
    (_words("outside"), _words("inside", "within")),
    (_words("first"), _words("second", "third", "last", "final")),
    (_words("last", "final"), _words("first", "second", "next")),
    (_words("beginning", "start"), _words("end")),
    (_words("end"), _words("beginning", "start")),
    (_words("opens?", "opened"), _words("closes?", "closed")),
    (_words("working days?"), _words("calendar days?")),
    (_words("calendar days?"), _words("working days?")),
    (_words("paid"), _words("unpaid")),
    (_words("gross"), _words("net")),
    (_words("net"), _words("gross")),
    (_words("plus", "in addition to", "on top of"), _words("less", "minus", "in place of", "instead of", "deducted")),
    (_words("in place of", "instead of"), _words("in addition", "on top", "as well as", "plus")),
    (_words("rises?", "rose", "increases?", "grows?"), _words("falls?", "fell", "decreases?", "reduced", "shrinks?")),
    (_words("falls?", "decreases?", "shrinks?"), _words("rises?", "increases?", "grows?")),
    (_words("both (?!\\w+ (?:\\w+ )?and\\b)\\w+"), _words("except", "only", "not")),
    (_words("same"), _words("another", "other", "different", "following", "next")),
)
_PAIRS = tuple(
    (_words(one), _words(other))
    for one, other in (
        ("before", "after"), ("above|over", "below|under"), ("more", "less|fewer"), ("earlier", "later"), ("at least", "at most"),
        ("with", "without"),
    )
)  # fmt: skip
_PERIODS = ("minute", "hour", "day", "night", "week", "month", "quarter", "year", "mile", "kilometre", "km", "person", "head", "lifetime")
_RATE = re.compile(
    rf"\b(?:an?|per|each|every)\s+(?:calendar |full |working |single )?({'|'.join(_PERIODS)})\b"
    r"|\b(daily|nightly|weekly|monthly|quarterly|yearly|annual(?:ly)?)\b",
    re.IGNORECASE,
)
_EVERY = re.compile(rf"\b(?:every|each) ({'|'.join(_PERIODS)})\b", re.IGNORECASE)
_ADVERBS = {
    "daily": "day",
    "nightly": "night",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
    "annual": "year",
    "annually": "year",
}
_NON = re.compile(r"\bnon[- ]?(\w{4,})", re.IGNORECASE)
_SHARES = {
    "half": r"half|halves|50|0\.5|\.5|two equal",
    "third": r"third|33|three|3rd|3",
    "quarter": r"quarter|25|75|three months|4|fourth|quarterly",
    "twice": r"twice|two|2|double|second",
    "double": r"double|twice|two|2",
    "once": r"once|one|1|single|first|as soon as|when|after",
}
_SHARE = re.compile(
    r"\b(half(?! an? hour| a year|[- ]hour)|third|quarter|twice|double)s?\b|\b(once)\b(?= (?:a|an|per|every|each|in)\b)", re.IGNORECASE
)


def turned_around(line: str, near: str) -> str:
    """The word of the line that its source has only the opposite of; empty where there is none."""
    for one, other in _PAIRS:
        for said, opposite in ((one, other), (other, one)):
            word = said.search(line)
            if word and not said.search(near) and opposite.search(near) and not opposite.search(line):
                return str(word.group().lower())
    for said, opposite in _OPPOSITES:
        word = said.search(line)
        if word and not said.search(near) and opposite.search(near) and not opposite.search(line):
            return str(word.group().lower())
    bare = {match.lower() for match in _NON.findall(near)}
    without = _NON.sub(" ", near).lower()
    for word_without in bare:
        if re.search(rf"(?<!non)(?<!non-)(?<!non )\b{re.escape(word_without)}\b", line, re.IGNORECASE) and word_without not in without:
            return str(word_without)
    return ""


def other_rates(line: str, near: str) -> str:
    """A "per month" or an "every year" of the line whose period its source does not have, or a share that it does not name."""
    for period, adverb in _RATE.findall(line):
        name = str(period or _ADVERBS[adverb.lower()]).lower()
        stem = (
            "annual|year|twelve|12"
            if name == "year"
            else "dail|day"
            if name == "day"
            else "km|kilomet"
            if name in ("km", "kilometre")
            else name
        )
        if re.search(rf"(?:{_ALIKE.get(name, stem)})", near, re.IGNORECASE) is None:
            return name
    for period in _EVERY.findall(line):
        if re.search(rf"\bevery (?:\w+ ){period}s", near, re.IGNORECASE) and not re.search(
            rf"\b(?:every|each|an?|per) {period}\b", near, re.IGNORECASE
        ):
            return f"every {period}"
    for share, once in _SHARE.findall(line):
        name = str(share or once).lower()
        if re.search(rf"\b(?:{_SHARES[name]})s?\b", near, re.IGNORECASE) is None:
            return name
    return ""


_ALIKE = {
    "person": "person|head|each|employee|everyone|per|member",
    "head": "person|head",
    "day": "da(?:y|il)",
    "night": "night",
    "year": "year|annual|twelve|12|anniversary",
}
