"""Is it something that no handbook could answer: the weather, a joke, homework, code, general knowledge, the bot itself?

A question about working here that finds nothing is told to be missing from the handbook, and somebody may write it; the weather is not
missing. So this says yes only to what plainly is something else. Whoever asks for a poem or for the bot's instructions is told so
whatever was found; a subject of the wide world only where next to nothing was found, and nobody's work is spoken of.
"""

from __future__ import annotations

import re

from knowledge.values import Findings

NEXT_TO_NOTHING = 0.3  # confidence: above it the documents speak of the subject after all


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})", re.IGNORECASE)


_WRITINGS = (
    r"(?:poem|haiku|limerick|song|rap|story|fairy tale|essay|jokes?|riddles?|code|script|program|function|regex|(?:sql )?query|tweet"
    r"|speech|(?:linkedin|blog) post|cover letter)\b"
)
_FOR_ME = r"(?:me |us |this |my |some |any |good |a |an |short |funny |little ){0,4}"
_TAUGHT = r"(?:your|previous|prior|above|earlier|you were|you have)"
ABOUT_THE_BOT = _any_of(
    rf"(?:ignore|disregard|forget|override|bypass) (?:(?:all|any|everything|the|of) )*{_TAUGHT}\b",
    r"(?:your|the) (?:(?:system|initial|hidden|secret|original) )?(?:prompt|system message|instructions)\b(?=\W*$)",
    r"(?:print|show|reveal|repeat|output|leak|display|give|tell|read) (?:me )?(?:your|the) (?:\w+ )?(?:prompt|instructions|rules)\b",
    r"(?:what|which) (?:\w+ )?(?:instructions|rules|prompt) (?:were|was|are|have) you\b",
    r"(?:what|which) (?:(?:large|language|ai|llm) )*(?:model|llm) are you\b|what are you (?:running|based|built|trained) on\b",
    r"are you (?:chat ?gpt|gpt|claude|gemini|copilot|llama|a language model|an ai|sentient|conscious|alive)\b",
    r"do you (?:have feelings|feel|dream|like|love|believe)\b|will ai (?:take|rule|destroy|replace)\b",
    r"repeat (?:the|all|every) (?:\w+ )?(?:text|words?|lines?|messages?) (?:above|before)\b|(?:developer|dan|god|debug) mode\b|jailbreak",
    r"you are now\b|(?:act|behave|talk|speak|answer) (?:as|like) (?:a|an|my|if you)\b",
    r"(?:pretend|imagine) (?:you are|you're|to be my|that you)\b",
    r"(?:let'?s|can we|shall we) play\b|play (?:a game|chess|twenty questions)\b",
)
AN_ERRAND = _any_of(
    rf"(?:write|compose|generate|make up|give|tell|sing|draft|create|know|fix|debug) {_FOR_ME}{_WRITINGS}",
    r"summari[sz]e the (?:plot|book|film|movie)\b|translate (?:[\"'‘“]|this|the (?:word|sentence|phrase)|\w+ (?:in)?to\b)",
    r"convert \d|(?:solve|simplify|factori[sz]e|differentiate|integrate)\b.*\d|square root\b",
    r"what(?:'s| is) \d+ ?(?:times|plus|minus|x|\*|\+|/|divided)|(?:maths?|school|physics|chemistry|history) homework\b",
)
THE_WIDE_WORLD = _any_of(
    r"weather\b|(?:will|does|is) it (?:going to )?(?:rain|snow|sunny|cold)\b|forecast\b|what time is it\b",
    r"capital (?:city )?of\b|population of\b|(?:president|prime minister|king|queen|chancellor) of\b",
    r"who (?:won|wins|will win|invented|discovered|painted|wrote|composed|directed|killed|is \w+ \w+ (?:dating|married))\b",
    r"win the (?:election|cup)\b",
    r"how (?:tall|high|deep) (?:is|are|was)\b|how far is it\b|in the world\b|planets?\b|galax|solar system\b|universe\b|dinosaur",
    r"when (?:did|was|were) (?:the )?(?:\w+ ){0,4}(?:end|born|die|invented|war|founded|built)\b",
    r"(?:boiling|melting) point\b|explain (?:quantum|gravity|relativity|evolution)|photosynthesis\b|meaning of life\b|symptoms of\b",
    r"recipe\b|(?:boil|cook|bake|fry) (?:an?|some|the|my)\b|(?:film|movie|restaurant|pizza)\b|good book\b|stain\b",
    r"(?:bitcoin|crypto|ethereum)\b|(?:buy|sell) \w+ (?:stock|shares)\b|stock market\b|horoscope\b|zodiac\b|lottery\b|celebrit",
    r"(?:python|javascript|java|c\+\+|rust|html|css|excel formula|sql|\w+exception|segfault|stack ?trace) ?(?:mean|error|code|\?|$)",
    r"in (?:python|javascript|typescript|java|c\+\+|rust|golang|sql)\b|name my (?:dog|cat|baby|son|daughter)\b",
)
_WORKING_HERE = _any_of(
    r"(?:polic(?:y|ies)|allowed|may (?:i|we|employees|staff)|can (?:i|we)|(?:do|does|are|is|have) (?:we|our|us|employees|staff)|am i|are we"
    r"|company|employe\w+|staff|colleagues?|(?:at|to|from|about|my|our|in) work|work (?:laptop|phone|time)|working (?:hours|time|here)"
    r"|workplace|office (?:hours|open|may|closes)|customers?|expenses?|allowance|hire car|leave|works council|paid|reimburse\w*|benefit"
    r"|scheme|have to)\b"
)
_AN_ORDER = _any_of(r"(?:please )?(?:ignore|disregard|forget|print|reveal|repeat|write|compose|draft|create) ")


def no_policy_matter(text: str, findings: Findings) -> bool:
    """Whether the message asks for nothing that a handbook could say."""
    plain = " ".join(text.replace("’", "'").split())
    if _WORKING_HERE.search(plain) and not _AN_ORDER.match(plain):
        return False
    if ABOUT_THE_BOT.search(plain) or AN_ERRAND.search(plain):
        return True
    return findings.confidence < NEXT_TO_NOTHING and bool(THE_WIDE_WORLD.search(plain))
