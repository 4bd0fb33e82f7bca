"""The words that `understand` decides by: patterns for small talk and figures, and word lists."""

from __future__ import annotations

import re

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+")

SMALL_TALK = re.compile(
    r"""(?: hi+ | hello | hey | hiya | good\ (?:morning|afternoon|evening) | thanks?(?:\ you)?(?:\ (?:so|very)\ much|\ a\ lot)? | thx | ta
    | cheers | great | ok(?:ay)? | perfect | nice | lol | bye | help | test(?:ing)? | how\ are\ you
    | who\ are\ you | what\ are\ you | what\ can\ you\ do | are\ you\ (?:a\ )?(?:bot|human|real)
    | (?:(?:hi|hello|hey)\W+)?(?:can|could)\ you\ help(?:\ me)? )
    (?:\W+(?:ibid|there|all|everyone|thanks?|thank\ you|so\ much))*""",
    re.IGNORECASE | re.VERBOSE,
)

ASKS_FIGURE = re.compile(
    r"""\b(?: how\ (?:many|much|long|far|old|big|high|often|soon|quick(?:ly)?|late|early) | when | by\ when | deadline
    | max(?:imum)? | min(?:imum)? | limit | cap | rate | cost | number\ of | per\ (?:night|day|week|month|year)
    | what\ (?:time|date|day|rate|percentage|share|amount) )\b""",
    re.IGNORECASE | re.VERBOSE,
)
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
