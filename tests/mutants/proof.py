"""What the check holds a line against, one rule less each time."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_GROUND = "bot/flows/ground.py"
_OBJECTIONS = "bot/flows/objections.py"
_STANCE = "knowledge/stance.py"
_CHECK = ("tests/unit/test_ground.py", "tests/unit/test_calculations.py", "tests/unit/test_measures.py")
_STANCES = ("tests/unit/test_stance.py", "tests/unit/test_ground.py")
_CONDITIONS = ("tests/unit/test_conditions.py",)
_PROVED = "tests/unit/test_proved_answers.py"


def _rule(rule: str, function: str, *tests: str) -> Mutant:
    """One of the check's rules, taken off its list."""
    return Mutant(rule=rule, file=_OBJECTIONS, old=f"    {function},\n", new="", tests=tests or _CHECK)


def _stance(rule: str, function: str) -> Mutant:
    """One of the rules about must, may, not and only, taken off their list."""
    return Mutant(rule=rule, file=_STANCE, old=f"    ({function}, ", new=f"    (lambda *_: {function} is None, ", tests=_STANCES)


MUTANTS = (
    Mutant(
        rule="a line names its source",
        file=_GROUND,
        old="    if not all(number in known for number in numbers):",
        new="    numbers = tuple(number if number in known else min(known) for number in numbers)\n    if not numbers:",
        tests=(_PROVED,),
    ),
    Mutant(
        rule="what cannot be seen is not shown",
        file=_GROUND,
        old="if sign.isspace() or category(sign) not in _UNSEEN",
        new="if sign",
        tests=("tests/unit/test_ground.py",),
    ),
    _rule("a calculation is made again", "_calculates_wrongly"),
    _rule("a figure stands in the source", "_says_other_figures"),
    _rule("a name stands in the sentences that are cited", "_names_others", _PROVED),
    _rule("a figure is of the sentence that says it", "_says_figures_of_others", _PROVED),
    _rule("a value stands in its row and its column", "_misreads_a_table", "tests/unit/test_edits.py", _PROVED),
    Mutant(
        rule="a figure is of the piece of the sentence that says it",
        file=_OBJECTIONS,
        old="mispaired(said.reckoned, said.near) or ",
        new="",
        tests=("tests/unit/test_edits.py", "tests/unit/test_calculations.py", "tests/unit/test_ground.py"),
    ),
    Mutant(
        rule="what comes after the first is no answer by itself",
        file=_OBJECTIONS,
        old='half_told(said.reckoned, said.near, f"{held.places} {held.question}")',
        new='""',
        tests=_CHECK,
    ),
    _rule("a line takes the stance of its source", "_claims_otherwise"),
    _rule("the words of a rule are the source's own", "_says_other_words", _PROVED),
    _stance("a line does not lose a not", "_loses_a_not"),
    _stance("a line does not add a not", "_adds_a_not"),
    _stance("a line leaves no condition out", "_drops_a_condition"),
    _stance("a may does not become a must", "_makes_it_a_must"),
    _stance("a must does not become a may", "_makes_it_a_may"),
    _stance("advice does not become a must", "_makes_advice_a_must"),
    _stance("a line leaves no only out", "_drops_an_only"),
    _stance("a line leaves no up to out", "_drops_a_limit"),
    Mutant(
        rule="a condition that the answer lacks is shown",
        file="bot/flows/writing.py",
        old="        self.proved += [self._numbering.sentence(condition) for condition in missing]\n",
        new="",
        tests=(_PROVED,),
    ),
    Mutant(
        rule="what remains has to answer the question",
        file="bot/flows/writing.py",
        old="return answers_it(self._request.question, self._checked, self.dropped)",
        new="return bool(self._checked)",
        tests=(_PROVED,),
    ),
    Mutant(
        rule="the first sentence waits for the check of the second",
        file="bot/flows/writing.py",
        old="if len(self.proved) >= 2 and self._answers:",
        new="if len(self.proved) >= 1 and self._answers:",
        tests=("tests/unit/test_answer.py",),
    ),
)
