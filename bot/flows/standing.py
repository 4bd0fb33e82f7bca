"""Does a question in a thread say enough by itself, or does it lean on what was asked before?

It stands alone when it names its subject. Words such as `deadline` or `managers` name an aspect or a group and no subject, so
`is there a deadline` leans; `it` and `that` lean unless what they mean stands before them in the same message.
"""

from __future__ import annotations

import re

from bot.flows.words import STOP, WORD

GOES_ON = re.compile(  # opens a question that goes on from another
    r"(?:(?:and|but|or|so|also|then|ok(?:ay)?|oh|ah|right|hm+|yes|yeah|no|thanks|cool|even|only|just|really|plus)\b[\s,.!?]*)+",
    re.IGNORECASE,
)
ABOUT = re.compile(r"(?:what|whatabout|wat|how) ?(?:about|abt)\b(?! \w+ing\b)|same\b|in that case\b|which one|not ", re.IGNORECASE)
FRAGMENT = re.compile(r"(?:for|in|at|from|with|without|per|on|during|until|since|by|to|of|if|what if)\b", re.IGNORECASE)  # half a question
ASKS = re.compile(r"\b(?:do|does|did|can|could|is|are|am|was|may|should|must|will|would|have|has|get|gets|need)\b", re.IGNORECASE)
NOTHING = re.compile(  # words that look like pointing back and are not
    r"\b(?:is|are|was) there\b|\bthere(?:'?s| is| are)\b|\binstead of\b"
    r"|\b(?:some|any|every|no)(?:one|body|thing) else\b|\beither\b(?=.* or )"
    r"|\b(?:is|was|would) it (?:\w+ )?(?:ok(?:ay)?|allowed|possible|fine|legal|normal|permitted|necessary) (?:to|for|if|that|when)\b"
    r"|\b(?:is|was) (?:it|that|this) true\b|\bdoes it matter\b|\bis this the (?:right|place)\b|\bdoes it take (?:to|until|for|before)\b"
    r"|\bthis (?:year|month|week|quarter|summer|winter|christmas|time)\b|\bthese days\b|\bthe same (?:day|time|week|month|year)\b",
    re.IGNORECASE,
)
POINTS = frozenset("it its that this those these ones same then there else instead either".split())
PEOPLE = frozenset("they them their".split())  # who they are is often plain: the company
ASPECTS = frozenset(
    """deadline limit form exception rule policy maximum max minimum cost price rate notice amount number difference approve approved
    approves approval include includes included apply applies count counts mean means happen happens happened taxable tax taxed extend
    extended expire expires paid pay change changed online ask find claim claims request requests do done see send year years month
    months week weeks weekend weekends day days hour hours time times once twice second first last next every each after before other
    another another's more less most least part full person team manager managers employee employees everyone everybody contractor
    contractors intern interns student students timer timers partner people boss hr euro euros dollar dollars pound pounds receipt
    proof permission late early work works working office country countries germany german berlin uk usa us states boston york
    bristol london england britain munich abroad exactly again back over out know should else anything something require required
    says said only own my both two three kid parent age way around far advance sign signs""".split()
)
ENOUGH = 5  # subject words that no pointing word outweighs


def stands_alone(text: str) -> bool:
    """Whether the words say enough without what was asked before."""
    plain = " ".join(text.replace("’", "'").split())
    rest = GOES_ON.sub("", plain, count=1) if GOES_ON.match(plain) else plain
    subjects = _subjects(rest)
    if ABOUT.match(rest):
        return len(subjects) >= ENOUGH
    if _points_back(NOTHING.sub(" ", rest)):
        return len(subjects) >= ENOUGH
    if rest != plain or FRAGMENT.match(rest):
        return bool(subjects) and len(_content(rest)) >= (2 if ASKS.search(rest) else 4)
    return bool(subjects)


def _points_back(text: str) -> bool:
    """Whether a pointing word stands where nothing before it in the text can be meant."""
    words = WORD.findall(text.lower())
    for place, word in enumerate(words):
        before, after = words[:place], words[place + 1 : place + 3]
        if word in POINTS:
            if word != "that" or not after:
                before = before[:-1]  # "book it": what is done, not what is meant
            named = _subjects(" ".join(before)) or len(_subjects(" ".join(after))) == len(after) > 1
            if not named:
                return True
        elif word in PEOPLE and len(_subjects(text)) < 2:
            return True
    return False


def _content(text: str) -> list[str]:
    return [word for word in WORD.findall(text.lower()) if word not in STOP]


def _subjects(text: str) -> list[str]:
    return [word for word in _content(text) if word not in ASPECTS and word.removesuffix("s") not in ASPECTS]
