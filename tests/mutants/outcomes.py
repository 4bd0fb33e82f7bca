"""How a question may end besides an answer, one rule less each time: asked back, contradicted, a contact first, no policy matter."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_ASKING = "tests/unit/test_asking_back.py"
_CONFLICTS = "tests/unit/test_conflicts.py"
_SENSITIVE = "tests/unit/test_sensitive.py"
_POLICY = "tests/unit/test_policy_matter.py"
_OPEN = "tests/unit/test_open_questions.py"

MUTANTS = (
    Mutant(
        rule="what is known of the asker is not asked back",
        file="bot/flows/asking_back.py",
        old="if hits and not known.get(fact) and not names_case",
        new="if hits and not names_case",
        tests=(_ASKING,),
    ),
    Mutant(
        rule="what the question names is not asked back",
        file="bot/flows/asking_back.py",
        old=" and not names_case(fact, question)",
        new="",
        tests=(_ASKING,),
    ),
    Mutant(
        rule="a case that hardly anything answers is not offered",
        file="bot/flows/asking_back.py",
        old="    if other.confidence < (AS_SURE if alike else AS_SURE_ELSEWHERE) * first.confidence:\n        return False\n",
        new="",
        tests=(_ASKING,),
    ),
    Mutant(
        rule="a case is offered only where a document of its own answers it",
        file="bot/flows/asking_back.py",
        old="best is not None and told_apart(case.fact, best) == {case.name}",
        new="best is not None",
        tests=(_ASKING,),
    ),
    Mutant(
        rule="what came nowhere near is not asked back",
        file="bot/flows/answer.py",
        old="if unsure or looked.since",
        new="if looked.since",
        tests=(_OPEN,),
    ),
    Mutant(
        rule="documents for different countries do not contradict each other",
        file="bot/flows/conflicts.py",
        old="    return all(not first or not second or first & second for first, second in cases)",
        new="    return bool(tuple(cases))",
        tests=(_CONFLICTS,),
    ),
    Mutant(
        rule="a version does not contradict the one that replaced it",
        file="bot/flows/conflicts.py",
        old="    holding = current(documents.values(), as_of)\n",
        new="    holding = documents.keys()\n",
        tests=(_CONFLICTS,),
    ),
    Mutant(
        rule="two documents with other figures are a conflict",
        file="bot/flows/conflicts.py",
        old="for measure in same):\n        return True",
        new="for measure in same):\n        return False",
        tests=(_CONFLICTS,),
    ),
    Mutant(
        rule="a rule and its negation are a conflict",
        file="bot/flows/conflicts.py",
        old="bool(_NOT.search(one.text)) != bool(_NOT.search(other.text))",
        new="False",
        tests=(_CONFLICTS,),
    ),
    Mutant(
        rule="a conflict is about the same matter",
        file="bot/flows/conflicts.py",
        old="    if alike < SAME_MATTER or not _same_place(one, other):\n        return False\n",
        new="",
        tests=(_CONFLICTS,),
    ),
    Mutant(
        rule="an answer shows what contradicts it",
        file="bot/flows/closing.py",
        old="replace(answer, conflicts=against, ",
        new="replace(answer, ",
        tests=(_OPEN,),
    ),
    Mutant(
        rule="a supposed case is no trouble of one's own",
        file="bot/flows/sensitive.py",
        old="    return bool(_SUPPOSED.search(said[:start].rstrip()))",
        new="    return not said",
        tests=(_SENSITIVE,),
    ),
    Mutant(
        rule="who asks about a rule gets no contact",
        file="bot/flows/sensitive.py",
        old="(topic.own_trouble, topic.stated) if _ASKS_RULE.search(said) else ",
        new="",
        tests=(_SENSITIVE,),
    ),
    Mutant(
        rule="a question about working here is a policy matter",
        file="bot/flows/policy_matter.py",
        old="    if _WORKING_HERE.search(plain) and not _AN_ORDER.match(plain):\n        return False\n",
        new="",
        tests=(_POLICY,),
    ),
    Mutant(
        rule="what the documents speak of is a policy matter",
        file="bot/flows/policy_matter.py",
        old="findings.confidence < NEXT_TO_NOTHING and ",
        new="",
        tests=(_POLICY,),
    ),
    Mutant(
        rule="a link to a system is https",
        file="bot/company_words.py",
        old='if link and (urlsplit(link).scheme != "https" or not urlsplit(link).hostname or ',
        new="if link and (",
        tests=("tests/unit/test_company_words.py",),
    ),
)
