"""Asked back is only where documents tell cases apart and the question leaves open which is meant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers import Case
from bot.flows.asking_back import open_cases
from knowledge.values import Findings, Hit
from tests.factories import a_document, a_hit

UK, GERMANY = Case("country", "United Kingdom"), Case("country", "Germany")
ASKED = "How many days of annual leave do I get?"


def for_country(stem: str, country: str, text: str, score: float = 1.0) -> Hit:
    document = replace(a_document(stem, title=f"Annual leave ({country})"), applies_to=f"Employees in {country}")
    return a_hit(text, document=document, clause="2.1", score=score)


IN_UK = for_country("annual-leave-uk", "the United Kingdom", "2.1 Employees are entitled to 25 days of annual leave.")
IN_GERMANY = for_country("annual-leave-de", "Germany", "2.1 Employees are entitled to 30 days of annual leave.", score=0.8)
FOR_ALL = a_hit("2.1 Employees are entitled to 25 days of annual leave.", clause="2.1")


class Index:
    """Finds for each country what it is told to, and counts."""

    def __init__(self, uk: tuple[Hit, ...] = (IN_UK,), germany: tuple[Hit, ...] = (IN_GERMANY,), sure: float = 0.8) -> None:
        self.found = {"United Kingdom": (uk, 0.9), "Germany": (germany, sure)}
        self.asked: list[str] = []

    async def search(self, question: str) -> Findings:
        self.asked.append(question)
        hits, sure = next(found for country, found in self.found.items() if country in question)
        return Findings(hits=hits, confidence=sure, edition=1)


async def test_a_question_that_two_countries_answer_otherwise_is_asked_back_with_both() -> None:
    index = Index()
    assert await open_cases(ASKED, (IN_UK, IN_GERMANY), {}, index.search) == (UK, GERMANY)
    assert index.asked == [f"{ASKED} (United Kingdom)", f"{ASKED} (Germany)"]


async def test_the_cases_stand_in_the_order_in_which_they_were_found() -> None:
    assert (await open_cases(ASKED, (replace(IN_GERMANY, score=1.0), IN_UK), {}, Index().search))[0] == GERMANY


@pytest.mark.parametrize("asked", ["How many days of annual leave do I get in Germany?", "annual leave in the UK?"])
async def test_a_question_that_names_its_country_is_not_asked_back(asked: str) -> None:
    index = Index()
    assert await open_cases(asked, (IN_UK, IN_GERMANY), {}, index.search) == ()
    assert not index.asked


async def test_who_is_known_to_be_somewhere_is_not_asked_where() -> None:
    assert await open_cases(ASKED, (IN_UK, IN_GERMANY), {"country": "Germany"}, Index().search) == ()


async def test_a_country_that_is_not_known_is_as_good_as_none() -> None:
    assert await open_cases(ASKED, (IN_UK, IN_GERMANY), {"country": ""}, Index().search) == (UK, GERMANY)


async def test_what_one_document_says_to_everybody_is_not_asked_back() -> None:
    assert await open_cases(ASKED, (FOR_ALL, replace(IN_UK, score=0.5), replace(IN_GERMANY, score=0.4)), {}, Index().search) == ()


async def test_what_only_one_country_has_is_answered_for_it() -> None:
    index = Index()
    assert await open_cases(ASKED, (IN_UK,), {}, index.search) == ()
    assert not index.asked


async def test_a_case_that_its_own_documents_hardly_answer_is_not_offered() -> None:
    assert await open_cases(ASKED, (IN_UK, IN_GERMANY), {}, Index(sure=0.4).search) == ()


async def test_a_case_that_only_another_countrys_document_answers_is_not_offered() -> None:
    assert await open_cases(ASKED, (IN_UK, IN_GERMANY), {}, Index(germany=(IN_UK,)).search) == ()
    assert await open_cases(ASKED, (IN_UK, IN_GERMANY), {}, Index(germany=(FOR_ALL,)).search) == ()


async def test_a_name_that_only_the_first_document_knows_says_which_case_is_meant() -> None:
    here = for_country("pto-us", "the United Kingdom", "2.1 Employees have 25 days of annual leave with Corvane.")
    assert await open_cases("How many days of annual leave does Corvane give?", (here, IN_GERMANY), {}, Index(uk=(here,)).search) == ()


async def test_nothing_found_is_nothing_to_ask_about() -> None:
    assert await open_cases(ASKED, (), {}, Index().search) == ()


TABLE = "2.2 Leave grows with service.\n\n| Years of service | Days |\n| --- | --- |\n" + "".join(
    f"| {years} | {days} |\n" for years, days in (("0–1", 20), ("2–3", 22), ("4–5", 24), ("6–7", 26), ("8–9", 28), ("10 or more", 30))
)


async def test_a_table_with_more_cases_than_an_answer_has_lines_is_asked_back() -> None:
    cases = await open_cases(ASKED, (a_hit(TABLE),), {}, Index().search)
    assert [case.name for case in cases][:2] == ["0–1 years of service", "2–3 years of service"]
    assert {case.fact for case in cases} == {"tenure"}
    assert len(cases) == 6


async def test_a_table_that_fits_an_answer_is_told_and_not_asked_about() -> None:
    assert await open_cases(ASKED, (a_hit("\n".join(TABLE.splitlines()[:-1])),), {}, Index().search) == ()


async def test_whoever_says_how_long_they_are_there_is_not_asked_for_it() -> None:
    assert await open_cases("How much leave do I get after 4 years?", (a_hit(TABLE),), {}, Index().search) == ()


async def test_rows_that_all_say_the_same_are_no_cases() -> None:
    same = TABLE
    for days in (22, 24, 26, 28, 30):
        same = same.replace(f"| {days} |", "| 20 |")
    assert await open_cases(ASKED, (a_hit(same),), {}, Index().search) == ()


async def test_documents_for_different_contracts_are_cases_too() -> None:
    def for_contract(kind: str, score: float) -> Hit:
        document = replace(a_document(f"leave-{kind}", title="Annual leave"), applies_to=f"Employees on {kind} contracts")
        return a_hit("2.1 Employees are entitled to 25 days of annual leave.", document=document, score=score)

    permanent, fixed = for_contract("permanent", 1.0), for_contract("fixed-term", 0.9)

    async def search(question: str) -> Findings:
        return Findings(hits=(permanent if "permanent" in question else fixed,), confidence=0.8, edition=1)

    assert await open_cases(ASKED, (permanent, fixed), {}, search) == (Case("contract", "permanent"), Case("contract", "fixed term"))
    assert await open_cases(ASKED, (permanent, fixed), {"contract": "permanent"}, search) == ()
