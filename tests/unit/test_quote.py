"""The answer without a model: verbatim sentences, cited, in order."""

from __future__ import annotations

from bot.answers import Request, Sentence, Source
from bot.flows.ground import check
from bot.flows.quote import MOST_LINES, draft, drafted
from knowledge.values import Hit
from tests.factories import a_hit, a_request

CARRY = "4.1 Employees may carry over up to five days. Carried days lapse on 31 March. Harbour shows the balance. Managers are told in May."
TABLE = "2.2 Leave grows with service.\n\n| Years of service | Days |\n| --- | --- |\n| 0–2 | 25 |\n| 3–4 | 27 |"
LIST = "3.3 A manager may refuse leave only when:\n\n- (a) a third of the team is away; or\n- (b) an audit is due."


def sources(*hits: Hit) -> tuple[Source, ...]:
    return tuple(Source(number, hit) for number, hit in enumerate(hits, start=1))


def test_the_sentence_that_shares_the_questions_words_is_quoted_with_its_number() -> None:
    lines = draft("until when do carried days lapse", sources(a_hit(CARRY)))
    assert "Carried days lapse on 31 March. [1]" in lines
    assert len(lines) <= MOST_LINES


def test_every_line_is_verbatim_and_passes_the_check() -> None:
    question = "when may a manager refuse, how does leave grow, and what lapses"
    given = sources(a_hit(CARRY, clause="4.1"), a_hit(LIST, clause="3.3"), a_hit(TABLE, clause="2.2"))
    lines = draft(question, given)
    assert lines
    request = Request(question, given, (), "")
    assert all(isinstance(check(line, request), Sentence) for line in lines)


def test_a_row_is_told_with_the_names_of_its_columns() -> None:
    assert "Years of service: 3–4 · Days: 27 [1]" in draft("how many days after 3 years of service", sources(a_hit(TABLE)))


def test_an_item_brings_the_sentence_that_introduces_it() -> None:
    assert "A manager may refuse leave only when: an audit is due. [1]" in draft("can leave be refused for an audit", sources(a_hit(LIST)))


def test_no_sources_give_no_lines() -> None:
    assert draft("anything", ()) == ()


TAXIS = "4.4 Taxis may be used:\n\n- when no bus leaves within 30 minutes;\n- when three colleagues share the ride."


def test_what_only_leads_to_a_list_is_not_quoted_without_its_items() -> None:
    lines = draft("When may taxis be used?", sources(a_hit(TAXIS, clause="4.4")))
    assert "Taxis may be used: [1]" not in lines
    assert [line for line in lines if "share the ride" in line]
    assert [line for line in lines if "no bus leaves" in line]


def test_of_a_table_only_the_rows_that_the_question_names_are_quoted() -> None:
    rows = "| Berlin hotels | €135 |\n| Munich hotels | €165 |\n| London hotels | £160 |"
    text = f"4.1 Limits for hotels.\n\n| City | Hotel limit |\n| --- | --- |\n{rows}"
    lines = drafted(a_request(text, question="what is the hotel limit for hotels in Munich?"))
    assert any("€165" in line for line in lines)
    assert not any("€135" in line or "£160" in line for line in lines)
    everything = drafted(a_request(text, question="what are the limits for hotels?"))
    assert any("€135" in line for line in everything)


def test_of_a_list_only_the_items_that_the_question_names_are_quoted() -> None:
    text = "4.1 The company does not reimburse:\n\n- minibar purchases\n- clothing and luggage\n- parking fines"
    lines = drafted(a_request(text, question="does the company reimburse the minibar?"))
    assert [line for line in lines if "minibar" in line]
    assert not [line for line in lines if "luggage" in line or "fines" in line]
    assert [line for line in drafted(a_request(text, question="what does the company not reimburse?")) if "luggage" in line]
