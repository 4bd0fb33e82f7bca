"""Everyday words that carry no rule of their own: whoever rewords a clause may use them, whatever the clause's own words are.

What a rule turns on is not among them: first and last, all and any, only, always, every name of a thing, a person or a place. Numbers
are held against the source as figures; yes, no and not as stance.
"""

from __future__ import annotations

from functools import cache

from knowledge.words import words

_PLAIN = """
yes no not nor neither none nothing nobody never without isnt arent wasnt werent dont doesnt didnt cant cannot couldnt wont wouldnt
shouldnt mustnt neednt hasnt havent hadnt
you your yours yourself youll youre youve youd its their theyre theyll theyve whose who whom here there itself themselves own
one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty seventy eighty ninety hundred
st nd rd th half quarter single double both either each per
because since so though although however otherwise but while whereas once then than as like such too very also again still already yet
about around above below beyond under over out off up down back away aside ahead inside outside into onto through until before after
since during between within past later earlier sooner longer shorter more most less least fewer many few
come came comes go goes went going give gives gave given take takes took taken put puts keep keeps kept get gets got make makes made
turn turns turned show shows showed shown ask asks asked mean means meant look looks looked lose loses lost hold holds held
move moves moved end ends ended start starts started begin begins began use uses used need needs want wants wanted stay stays stayed
find finds found tell tells told let lets say says said see sees saw seen know knows call calls called happen happens set sets
bring brings brought leave leaves left count counts counted run runs fall falls follow follows add adds added hand hands handed
pick picks picked choose chooses chose chosen send sends sent speak talk hear reach reaches match matches stand stands
able allowed fine ok okay possible right sure please sorry thing things way ways case cases part parts rule rules time times
day days week weeks month months year years hour hours minute minutes date dates am pm clock night morning noon round
same other another else soon straight top plus simply just
cover covers covered cost costs spend
"""


@cache
def plain_words() -> frozenset[str]:
    """As `words` has them, stemmed."""
    return frozenset(words(_PLAIN))
