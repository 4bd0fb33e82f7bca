"""The words that `understand` decides by: patterns for small talk and one's own record, and word lists of languages."""

from __future__ import annotations

import re

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+")

SMALL_TALK = re.compile(
    r"""(?: hi+ | hello | hey | hiya | good\ (?:morning|afternoon|evening) | thanks?(?:\ you)?(?:\ (?:so|very)\ much|\ a\ lot)? | ta
    | cheers | great | ok(?:ay)? | perfect | nice | lol | bye | help | test(?:ing)? | how\ are\ you
    | who\ are\ you | what\ are\ you | what\ can\ you\ do | are\ you\ (?:a\ )?(?:bot|human|real) )
    (?:[\s,!.?]+(?:ibid|there|all|everyone|thanks?|thank\ you|so\ much))*""",
    re.IGNORECASE | re.VERBOSE,
)

OWN_RECORD = re.compile(
    r"""\b(?:do|have|did|will|am|was|can|could)\ i\ (?:still\ )?(?:\w+\ ){0,4}?
        (?:left|remaining|accrued|used\ up|used\ so\ far|taken\ so\ far|enrolled|owed)\b
    | \b(?:left|remaining)\ (?:do|have)\ i\b
    | \bmy\ (?:own\ |current\ |remaining\ |latest\ |last\ |next\ |exact\ |personal\ )*(?:\w+\ ){0,2}?
        (?:balance(?!\ (?:is|was)\ at)|pay\ ?slips?|payroll\ record|leave\ record|personal\ file|rating|claim\ status|start\ date
        |line\ manager|account\ number|tax\ code|bonus\ amount|p45|p60|w-?2)\b
    | \bwhat(?:'?s|\ is|\ was|\ will)\ (?:be\ )?my\ (?:\w+\ )?(?:salary|band|pay|rating|score|allowance\ balance)\b(?!\ (?:if|when))
    | \b(?:has|have|was|were|did|is|are)\ (?:my|i)\ (?:\w+\ ){0,4}?(?:been\ )?
        (?:approved|submitted|reimbursed|processed|received|paid\ out|rejected|registered|gone\ through|booked)\b
    | \bstatus\ of\ my\b | \bwhat(?:'?s|\ is)\ (?:the\ )?balance\ (?:on|of)\ my\b
    | \b(?:how\ (?:much|many)|has|have\ i|did)\b(?=.*\b(?:my|i|i've)\b)
        .*\b(?:so\ far|right\ now|currently|at\ the\ moment|yet|already|still\ (?:have|open|left))\b
    | \bhow\ (?:much|many)\ (?:\w+\ ){0,4}have\ i\ (?:got|used|taken|spent|claimed|booked|done|completed)\b""",
    re.IGNORECASE | re.VERBOSE,
)

LEANS = re.compile(
    r"""^(?: and | but | or | so | also | then | what\ about | whatabout | wat\ about | how\ about | what\ if | same\ (?:for|in)
    | in\ that\ case | ok(?:ay)?,?\ (?:and|but|so) | does\ (?:it|that|this) | is\ (?:it|that|this) | do\ they
    | even\ (?:if|for) | only | which\ ones? | really )\b""",
    re.IGNORECASE | re.VERBOSE,
)
POINTS_BACK = re.compile(r"\b(?:its?|that|this|those|these|they|them|there|then|same|ones?|either|instead|else|above)\b", re.IGNORECASE)

STOP = frozenset(
    """a an the of for to in on at by with from and or but so if is are was were be been do does did can could may might must
    should will would shall i me my we our us you your he she it its they them this that these those there here what when where
    who which how why much many long any some no not yes as than then too also about just really please pls hey hi quick q
    question get got have has had need want know tell say said let per up out off am im i'm ive i've id i'd ill i'll dont don't cant can't
    whats what's hows thats that's while during still ever even now again thanks thx ok okay yeah well like sure maybe case thing""".split()
)
ENGLISH = frozenset("the is are do does can how what when who where i my we for of to in a if it and much many get have need not".split())
OTHER = frozenset(
    """der die das und ist wie viele ich wir nicht ein eine für mit wann bekomme habe kann mein meine le la les des est et je nous
    quel quelle combien pour dans avec puis el los las que cuantos cuántos cuanto es por para mi como cómo tengo puedo de het een ik
    wat hoe voor met mijn o os um uma quantos posso meu minha não il lo gli quanti mio""".split()
)

MONTHS = "january february march april may june july august september october november december".split()
