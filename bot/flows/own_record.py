"""Is it a record about the asker that is wanted: a balance, a pay slip, how far a request has come?

Documents hold rules and no records, so such a question gets a signpost instead of an answer. It is in the first person and asks
for a present state or amount. Whoever asks what they may, must or should do, where a thing is found or what happens if, asks
about the rules, and so does whoever brings figures of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.answers import System
from bot.flows.phrases import levelled, phrase_pattern


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})", re.IGNORECASE)


_FEW = r"(?:[\w'’-]+ ){0,6}?"  # a few words between
_IS = r"(?:'?s| is| was| are| were| will be| will)?"
_SO_FAR = r"(?:so far|right now|currently|at the moment|atm|already|up to now|to date|until now|yet)"
_COUNT = r"h[ou]?w (?:much|many)(?! (?:notice|time)\b)"
_PEOPLE = r"(?:manager|boss|lead|supervisor|team|partner|wife|husband|colleagues?|kids?|child|children|son|daughter|dog)\b"
_ENTRY = (  # what stands in a record
    r"(?:balances?|pay ?slips?|pay ?stubs?|p45|p60|p11d|w-?2|contract|salary|wages?|pay|bonus|raise|band|grade|ratings?|score|probation"
    r"|bank (?:details|account)|address|tax code|start date|(?:personal|personnel) (?:file|record)"
    r"|(?:employee|staff|personnel) (?:id|number)"
    r"|leave record|pot|hsa|fsa|401k|objectives)"
)
_CASE = (  # what somebody decides or delivers, and so has a state
    r"(?:requests?|applications?|claims?|expenses|expense report|tickets?|orders?|booking|appeal|leave|holidays?|vacation|pto|time off"
    r"|days? off|reimbursement|refund|receipts?|certificate|(?:sick|fit|doctor'?s) ?note|payment|overtime|laptop|card|badge|account"
    r"|visa|training|course|warning|timesheet|plan)"
)
_RULE_WORDS = (  # what is looked up under `my` but stands in a policy
    r"(?:rights\b|options?|entitlement|notice|deductible|excess|copay|allowance|limit|max\w*|per diem|mileage|dut\w+|obligation\w*"
    r"|responsib\w+|next steps?|budget|pay ?day|role|hotel|employer|company|office)"
)
_STANDS = (
    r"(?:approved|rejected|declined|refused|reimbursed|processed|received|registered|added|listed|named|enrolled|accepted|confirmed|booked"
    r"|arrived|shipped|sent|signed|blocked|locked|suspended|credited|closed|on (?:its|the) way|ready|granted|cancelled|overdue|pending"
    r"|active|in yet|on my|in my|correct|right|up to date|complete|still|already|permanent|fixed|showing|stuck|late|done|due"
    r"|ending|running out)"
)

ABOUT_RULES = _any_of(
    r"(?:can|could|may|should|must|shall|would) (?:i|we|my|they|one|the company|hr)\b",
    r"(?:do|will|would) i (?:still )?(?:need|lose|keep|qualify)\b|do they keep\b",
    r"am i (?:still )?(?:allowed|entitled|eligible|able|supposed|required|expected|liable|responsible)\b",
    r"do i (?:still )?get\b(?! paid\W*$)|do i have to\b|have i (?:got )?(?:the|a) right\b",
    r"(?:how|where) (?:do|does|can|would)\b|who (?:do|should|decides|can)\b|what (?:do|should) i do\b",
    r"what (?:now|next|happens|if|counts)\b",
    r"how (?:long|soon|fast|quickly|often) (?:do(?:es)?|is|will|until|till|before)\b",
    r"(?:if|once|unless|while|whilst|when|after|before|during) (?:i|im|i'm|ive|i've|my|they|an?|the|parental|maternity|sick|probation)\b",
    # figures of one's own
    r"(?:i|i'?ve|i'?m) [^?]*?\b(?!401)\d+(?:\.\d+)? ?(?:days?|weeks?|months?|hours?|hrs|years?|miles|km|k|pounds|euros?)\b",
    r"(?:mine|my \w+|my \w+ \w+) (?:is|are|was) \d+|i (?:started|joined) (?:on|in)\b",
    r"how (?:is|are) (?:my|the|our)\b|(?:wrong|mistakes?|errors?|disagree)\b",
)
LOOK_FOR_ME = _any_of(  # `can you see if my leave got signed off`: an errand, whatever else the words look like
    rf"(?:you|u|someone) (?:please |pls )?(?:see|check|look up|look at|find out|pull up|confirm) {_FEW}my {_FEW}(?:{_CASE}|{_ENTRY})\b",
    r"(?:show|send|tell|give|email) me (?!(?:\w+ )?(?:part|some|half|an advance)\b)"
    rf"{_FEW}my {_FEW}(?:{_CASE}|{_ENTRY})\b(?! (?:rules?|polic\w+))(?!.* (?:works?|calculated)\b)",
    rf"(?:idea|know|tell me) (?:when|if|whether|where|why) my {_FEW}(?:{_CASE}|{_ENTRY})\b.*\b(?:paid|approved|off|through|ready)\b",
)
WHAT_IS_LEFT = _any_of(
    rf"(?:do|have|did|am) i {_FEW}(?:left|remaining|outstanding|overdue|used up|open|on file|owed|due)\b",
    r"(?:left|remaining|outstanding|carried over|unused|toil|lieu) (?:\w+ )?(?:(?:do|have) i|for me)\b",
    r"left (?:in|of|on) my\b|my remaining\b",
    rf"{_COUNT} of my\b.*\b(?:left|have i)\b|{_COUNT}\b.*\b(?:have i|i'?ve|(?<!do )i have)\b",
    rf"{_COUNT}\b.*\bdo i (?:still|currently|actually) have\b|do i still have (?!to\b)",
    rf"{_COUNT}\b.*\bdo i have(?: in my\b| on my\b| booked\b| saved\b| available\b| this year\b|\W*$)",
    rf"{_COUNT}\b.*\bleft for\b",
    rf"{_COUNT}\b(?=.*\b(?:my|i|i've|ive)\b).*\b{_SO_FAR}\b|how much (?:\w+ )?(?:will|am|did) i\b",
    r"how much do i (?:earn|make|owe|get paid)\b",
    rf"how much (?:is|was|will) (?:in |on |be )?my (?:\w+ )?{_ENTRY}\b|how close am i\b",
)
HOW_FAR_IT_IS = _any_of(
    rf"(?:has|have|hasn'?t|haven'?t|did|was|were) my (?!{_PEOPLE}){_FEW}(?:{_CASE}|{_ENTRY}|\w+ed|been|come|gone?|get|arrived?)\b",
    rf"(?:is|are|isn'?t) my {_FEW}{_STANDS}\b|(?:is|are) my (?:claims?|refund|expenses|overtime)(?: \d+)? paid\b",
    rf"my (?:claim|refund|expenses|reimbursement|payment|pay|salary) (?:is|are) {_FEW}(?:missing|late|stuck)\b",
    r"(?<!i )(?:has|have|did) (?!my\b|i\b|to\b|the rules?\b)(?:[\w'’]+ ){1,5}?my \w+",
    r"(?:has|did) my (?:manager|boss|lead) \w+",
    r"(?:has|have|was) (?:[\w'’]+ ){1,6}for me\b",
    r"(?:have|did|was) i (?!hear|miss|understand|read|to\b)\w+",
    r"(?:gave|said about|wrote about|rated|scored) me\b",
    rf"my (?!{_PEOPLE}){_FEW}(?:hasn'?t|has not|haven'?t|have not|didn'?t|wasn'?t|still not)\b",
    r"i (?:still )?haven'?t (?:got|had|received|seen)\b",
    r"i (?:put in|applied|requested|submitted|handed in|ordered|asked|uploaded)\b.*\b(?:has|have|when|where|status|any news|ready)\b",
    r"am i (?:still |already |currently |actually )?(?:enrolled|vested|registered|booked|signed up|opted|in|past)\b",
    r"am i (?:still |already |currently )?(?:on (?!full|half|bank|public)|through|f\d|(?:non )?exempt)",
    r"(?:which|what) (?:\w+ ){1,5}(?:am|was) i\b|am i (?:assigned|contracted|getting)\b",
    r"why (?:was|is|were|are|has|hasn'?t|have|haven'?t|did|didn'?t|am|isn'?t) (?:my|i)\b",
    r"(?:status|progress|news|updates?|word) (?:of|on|about|for|with) my\b|happen+e?d (?:to|with) my\b",
    r"(?:happening|going on|up) with my\b",
    r"where(?:'?s| is| are) my\b",
)
WHEN_IT_COMES = _any_of(
    r"when (?:am|did|was) (?:i|my)\b|when(?:'?s| is| are) my (?:next|first|last|work|service)\b",
    r"when do i (?:finish|reach|complete|pass)\b|how long have i\b",
    rf"when (?:will|is|are) my (?!bonus|salary|pay|pto|leave){_FEW}(?:paid|approved|processed|arriv\w+|ready|com(?:e|ing))\b",
    r"(?:idea|know) when my\b",
    rf"when do(?:es)? my (?!access|leave|cover|pension|insurance|notice|pto){_FEW}(?:end|arrive|expire|come|start|finish|run out)\b",
)
WHAT_IT_SAYS = _any_of(
    rf"wh?at{_IS} my (?!{_PEOPLE}|(?:[\w'’-]+ ){{0,2}}{_RULE_WORDS})\w+",
    r"what(?:'?s| is) (?:the )?(?:balance|limit|status|amount|number) (?:on|of|in|for) my\b",
    r"who(?:'?s| is| was) my (?:line |people |hr )?(?:man\w+|boss|partner|mentor|reviewer|lead|approver)\b",
    r"who did i\b|(?:holding up|approving|handling|covering|dealing with) my\b|who(?:'?s| has) (?:got )?my\b",
    r"what i (?:was |am |got )?(?:rated|got|scored|earned?|claimed|used|spent)\b",
    r"do i still have to (?:do|complete|finish|take)\b",
    r"(?<!a )(?:says?|wr[io]te|stands?) (?:\w+ )?(?:in|on) my\b",
    r"what do(?:es)? my (?:contract|pay ?slip|letter)\b|(?:to|under) my contract\b",
    r"(?:on|in) my (?:\w+ )?pay ?slip",
    r"(?:have|got|hold) (?:\w+ ){0,3}for me\b|(?:do|did) you (?:have|get|got|know) my\b",
    rf"need (?:a copy of )?my (?:\w+ )?{_ENTRY}\b",
)
BARE = _any_of(  # the whole message: `my leave balance`, `pls check my pto`
    r"(?:\w+ ){0,3}balance(?: pls| plz| please)?$",
    r"(?:(?:plz|pls|please) )*(?:show|list|check) (?:me )?(?:all )?my\b[^?]*$",
    rf"(?:(?:plz|pls|please|show|check) )*my {_ENTRY}$",
    rf"(?:(?:plz|pls|please) )*(?:show|check) my (?:\w+ )?(?:{_ENTRY}|{_CASE})$",
)
ASKS = (WHAT_IS_LEFT, HOW_FAR_IT_IS, WHEN_IT_COMES, WHAT_IT_SAYS)


def asks_own_record(text: str) -> bool:
    """Whether the words ask for what only a record about the asker can tell."""
    plain = " ".join(text.replace("’", "'").split())
    if LOOK_FOR_ME.search(plain):
        return True
    if ABOUT_RULES.search(plain):
        return False
    return bool(BARE.match(plain.rstrip(" ?!."))) or any(asks.search(plain) for asks in ASKS)


@dataclass(frozen=True)
class Signpost:
    """A system of the company, and the words of a question that lead there. The default has none, and stands last."""

    asked: tuple[str, ...]
    system: System

    @cached_property
    def leads(self) -> re.Pattern[str]:
        return re.compile(rf"\b{phrase_pattern(self.asked)}\b")


def system_for(text: str, signposts: Sequence[Signpost]) -> System | None:
    """Where the record is kept that is asked for: the first system that one of the words leads to, else the default."""
    said = levelled(text)
    fitting = (signpost.system for signpost in signposts if not signpost.asked or signpost.leads.search(said))
    return next(fitting, None)
