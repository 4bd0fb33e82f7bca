"""Turns about the answer before: shorter, as a list, in German, and where it stands. They ask nothing new, so nothing is searched."""

from __future__ import annotations

import re
from typing import Literal

Wish = Literal["reworded", "translated", "sources"]

_POLITE = r"(?:(?:ok(?:ay)?|thanks?|thx|thank you|cheers|great|perfect|nice|cool|and|but|so|now|please|pls|plz|sorry|hm+)\b[\s,.!]*)*"
_CAN_YOU = (
    r"(?:(?:can|could|would|will) (?:you|u|i)(?: please| pls)? (?:have |get )?|i(?:'d| would) like |give me |i need )?(?:it |that |this )?"
)
_VERB = r"(?:(?:make|put|say|write|explain|rephrase|reword|summari[sz]e|sum up|shorten|repeat|give|answer|show|format|tell me|break)\b\s*)"
_IT = r"(?:(?:it|that|this|the answer|your answer|all (?:of )?that|everything|again|up|down|me)\s*)*"
_FORM = (
    r"(?:(?:a (?:bit|little)|even|much)\s+)?(?:shorter|briefer|simpler|longer|more (?:briefly|simply|detail(?:ed)?|formal(?:ly)?)"
    r"|(?:in (?:a |an )?)?(?:(?:one|a single|two|three|\d) (?:short )?(?:sentences?|lines?|words?|bullets?|bullet points?))"
    r"|(?:as|in|into|with) (?:a )?(?:(?:short|simple|numbered|bulleted|bullet)\s)?(?:list|bullets?|bullet points?|points|table|steps)"
    r"|in (?:simple|plain|easy|other|simpler|fewer|your own) (?:words|english|terms|language)|bullet points?|simply|briefly"
    r"|tl;?dr|eli5|summary|a summary|for (?:dummies|a (?:child|five year old)))"
)
_LANGUAGES = (
    r"(?:german|deutsch|french|fran[cç]ais|spanish|espa[nñ]ol|italian|italiano|portuguese|dutch|polish|turkish|russian|ukrainian|arabic"
    r"|hindi|chinese|mandarin|japanese|korean|swedish|danish|norwegian|finnish|czech|hungarian|greek|romanian|another language)"
)
_END = r"[\s,.!?]*(?:(?:please|pls|plz|thanks?|thank you|for me|again|version)\b[\s,.!?]*)*"
_REWORDED = re.compile(
    rf"{_POLITE}{_CAN_YOU}(?:{_VERB}?{_IT}{_FORM}|(?:shorten|summari[sz]e|rephrase|reword|simplify|repeat) {_IT}{_FORM}?"
    rf"|say (?:that|it) again|(?:shorten|summari[sz]e|rephrase|reword|simplify|repeat)(?: (?:it|that|this))?){_END}",
    re.IGNORECASE,
)
_TRANSLATED = re.compile(rf"{_POLITE}{_CAN_YOU}(?:translate\b.{{0,40}}|{_VERB}?{_IT}(?:in|into|to|auf) {_LANGUAGES}){_END}", re.IGNORECASE)
_SOURCES = re.compile(
    rf"{_POLITE}{_CAN_YOU}(?:what(?:'?s| is| are| was)|where(?:'?s| is| does)|which(?: is| are)?"
    rf"|(?:show|send|give|link)(?: me)?|do you have|have you got|any|got)?\s*(?:to )?(?:the|your|that|its|this|a|it)?\s*"
    rf"(?:sources?|references?|citations?|links?|document|policy|evidence|proof)?\s*"
    rf"(?:sources?|references?|citations?|links?|(?:say|says|said|written|stand|stands|come from|from)(?: that| this| it)?"
    rf"|for (?:that|this|it))?{_END}",
    re.IGNORECASE,
)
_SOURCE_WORD = re.compile(
    r"\b(?:sources?|references?|citations?|links?|evidence|proof)\b"
    r"|\bwhere (?:does|is) (?:it|that|this) (?:say|written|stand|come from)\b",
    re.IGNORECASE,
)


def wish_of(text: str) -> Wish | None:
    """What is wished of the answer before; None for what asks something of its own."""
    plain = " ".join(text.replace("’", "'").split())
    if _TRANSLATED.fullmatch(plain):
        return "translated"
    if _REWORDED.fullmatch(plain):
        return "reworded"
    if _SOURCE_WORD.search(plain) and _SOURCES.fullmatch(plain):
        return "sources"
    return None
