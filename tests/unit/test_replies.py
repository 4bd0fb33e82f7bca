"""What a reply says besides its sentences, and what may be pressed below it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from bot.answers import Answer, Case, Citation, Conflict, Contact, Outcome, Sentence, System
from bot.channels.pointing import address_of, seen_by_text
from bot.channels.slack.blocks import body_markdown, reply_for
from bot.channels.slack.errands import Errand
from bot.channels.slack.laid_out import LaidOut
from bot.channels.slack.offers import MOST_BUTTONS, case_choices, may_be_shared, read_pressed, share_button
from bot.channels.slack.sources import Shown
from bot.channels.slack.views import source_view
from bot.settings import HOME
from bot.wording import load_wording
from knowledge.holds import Hold
from knowledge.values import AccessRule, Hit
from playground.limits import check_message_blocks, check_view
from tests.factories import EVERYONE, HR, a_document, a_hit, a_question

WORDING = load_wording(HOME / "wording")
TODAY = date(2026, 11, 16)
CONTACT = Contact("harassment", "You can talk to *Ines Okafor* in confidence.")
HOLD = Hold(number=1, document="leave/annual-leave.md", sentence="Being <corrected>.", by="U1", until=date(2026, 12, 31))


def a_citation(number: int = 1, text: str = "4.1 Five days carry over.", title: str = "Annual leave", url: str | None = None) -> Citation:
    document = a_document(title.lower().replace(" ", "-"), title=title)
    hit = a_hit(text, document=replace(document, url=document.url if url is None else url))
    return Citation(number=number, hit=hit, start=4, end=len(text))


def answered(**more: object) -> Answer:
    sentences = (Sentence("Five days carry over.", (a_citation(),)),)
    return replace(Answer(receipt="7f3a-91c2", outcome=Outcome.ANSWERED, sentences=sentences), **more)  # type: ignore[arg-type]  # tests name what they change


def shown(answer: Answer, *, lines: LaidOut | None = None) -> str:
    """The reply as Slack would take it, and all that stands in it."""
    laid = lines.ending_with(answer.sentences) if lines else None
    reply = reply_for(answer, a_question(), WORDING, "Fernhill", TODAY, lines=laid)
    return json.dumps(check_message_blocks(reply.blocks), ensure_ascii=False)


def test_a_condition_of_the_clause_is_told_apart_from_what_the_writer_said() -> None:
    lines = (Sentence("Five days carry over.", (a_citation(),)), Sentence("unless HR agrees", (a_citation(),), condition=True))
    assert body_markdown(lines, WORDING) == "Five days carry over. [1]\n\n_Condition in the same section:_ unless HR agrees [1]\n\n"


def test_both_sides_of_a_contradiction_are_shown_alike_with_their_owners_and_nobody_is_said_to_be_right() -> None:
    other = a_citation(2, "7.1 Ten days carry over.", "Leave in Berlin")
    text = shown(answered(conflicts=(Conflict(a_citation(), other),)))
    assert "*Two documents disagree.*" in text
    assert "“Five days carry over.”" in text
    assert "“Ten days carry over.”" in text
    assert text.count("Owner: ruth") == 2
    assert "Leave in Berlin, 4.1" in text
    assert '"action_id": "source"' in text.partition("“Ten days")[2]


def test_a_contradiction_and_nothing_else_is_a_reply_too() -> None:
    answer = answered(sentences=(), conflicts=(Conflict(a_citation(), a_citation(2, "7.1 Ten days.", "Other")),))
    text = shown(answer)
    assert "*Two documents disagree.*" in text
    assert "Something went wrong" not in text
    assert "the document decides" in text


def test_what_may_help_is_shown_as_no_answer_and_not_as_a_numbered_source() -> None:
    text = shown(Answer(receipt="1", outcome=Outcome.NOT_FOUND, looked_for="parking", may_help=(a_citation(),)))
    assert text.index("I could not find this") < text.index("May help, but does not answer") < text.index("“Five days carry over.”")
    assert "Source 1" not in text
    assert '"action_id": "source"' in text


def test_one_small_line_says_for_whom_and_for_when_and_that_the_document_decides() -> None:
    footer = reply_for(answered(applies_to="UK <staff>"), a_question(), WORDING, "Fernhill", TODAY).tail[-1]
    assert footer["type"] == "context"
    (line,) = footer["elements"]
    assert line["text"] == "Applies to: UK &lt;staff&gt; · as of 16 November 2026. Ibid is automated: the document decides."


def test_whom_to_speak_to_stands_above_a_private_answer() -> None:
    reply = reply_for(answered(contact=CONTACT), a_question(), WORDING, "Fernhill", TODAY)
    assert "*Ines Okafor*" in str(reply.blocks[0])
    assert reply.blocks[1]["type"] == "markdown"
    assert reply.text.index("Ines") < reply.text.index("Five days")


def test_a_record_is_looked_for_in_its_system_and_only_https_becomes_a_link() -> None:
    system = System("Work<day>", "Time Off & balance", "https://workday.example/x")
    text = shown(Answer(receipt="1", outcome=Outcome.OWN_RECORD, system=system))
    assert "I know the rules, not your record" in text
    assert "<https://workday.example/x|Work&lt;day&gt;>" in text
    assert "Time Off &amp; balance" in text
    for link_ in ("http://workday.example", "javascript:alert(1)", ""):
        text = shown(Answer(receipt="1", outcome=Outcome.OWN_RECORD, system=replace(system, link=link_)))
        assert "Work&lt;day&gt;" in text
        assert "workday.example" not in text
        assert "javascript" not in text


def test_a_hold_is_told_in_its_own_sentence_with_its_end_and_without_who_ordered_it() -> None:
    text = shown(Answer(receipt="1", outcome=Outcome.HELD, hold=HOLD))
    assert "held back until 31 December 2026" in text
    assert "Being &lt;corrected&gt;." in text
    assert "U1" not in text


def test_what_is_taken_back_leaves_one_sentence_in_its_place() -> None:
    first, second, third = (Sentence(text, (a_citation(),)) for text in ("One.", "Two.", "Three."))
    laid = LaidOut()
    for sentence in (first, second, third):
        laid.show(sentence)
    assert laid.take_back(second)
    assert not laid.take_back(Sentence("Never shown.", ()))
    text = shown(answered(sentences=(first, third), complete=False), lines=laid)
    assert text.index("One.") < text.index("is taken back") < text.index("Three.")
    assert "Two." not in text
    assert "broke off" not in text
    laid.take_back(third)
    assert shown(answered(sentences=(first,), complete=False), lines=laid).count("is taken back") == 1


def test_an_answer_that_is_taken_back_whole_says_so_and_not_that_something_went_wrong() -> None:
    laid, sentence = LaidOut(), Sentence("One.", (a_citation(),))
    laid.show(sentence)
    laid.take_back(sentence)
    text = shown(Answer(receipt="1", outcome=Outcome.FAILED), lines=laid)
    assert "is taken back" in text
    assert "Something went wrong" not in text


def _hit_at(url: str, page: int | None = None, anchor: str = "") -> Hit:
    hit = a_hit(document=replace(a_document(), url=url))
    return replace(hit, passage=replace(hit.passage, page=page, anchor=anchor))


@pytest.mark.parametrize(
    ("hit", "address"),
    [
        (_hit_at("https://x.example/a.pdf", page=12), "https://x.example/a.pdf#page=12"),
        (_hit_at("https://x.example/a", anchor="4-carrying over"), "https://x.example/a#4-carrying%20over"),
        (_hit_at("https://x.example/a#there", page=3), "https://x.example/a#there"),
        (_hit_at("file:///a.pdf", page=12), "file:///a.pdf"),
        (_hit_at("", page=12), ""),
    ],
)
def test_a_citation_opens_at_its_page_or_heading(hit: Hit, address: str) -> None:
    assert address_of(hit) == address


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (EVERYONE, "everyone at Fernhill"),
        (AccessRule(groups=frozenset({"hr", "finance"})), "members of finance, hr"),
        (AccessRule(people=frozenset({"priya"})), "you, by name"),
        (AccessRule(people=frozenset({"priya", "tom", "ruth"})), "you, by name, and others (2)"),
    ],
)
def test_who_can_see_a_document_is_said_without_naming_anybody_else(rule: AccessRule, words: str) -> None:
    assert seen_by_text(rule, WORDING, "Fernhill") == words


def test_the_modal_says_place_page_version_owner_and_who_can_see_it() -> None:
    hit = replace(a_hit(document=a_document(rule=HR)), passage=replace(a_hit().passage, page=12))
    view = str(check_view(source_view(hit, Shown("p", ((4, 20),)), WORDING, "Fernhill")))
    for fact in (
        "4. Carrying leave over › 4.1 · page 12",
        "Version effective 1 January 2026",
        "Owner: ruth",
        "Who can see this: members of hr",
    ):
        assert fact in view
    assert "https://handbook.example/leave#page=12" in view


def test_each_case_is_a_button_and_of_many_the_rest_is_a_list_that_slack_takes() -> None:
    few = case_choices("7f3a-91c2", [Case("country", "Germany"), Case("country", "Germany"), Case("country", "France")], WORDING)
    assert [one["text"]["text"] for one in few] == ["Germany", "France"]
    many = case_choices("7f3a-91c2", [Case("plan", f"plan {number} {'x' * 200}") for number in range(200)], WORDING)
    assert check_message_blocks([{"type": "actions", "elements": many}])
    assert [one["type"] for one in many] == ["button"] * MOST_BUTTONS + ["static_select"]
    short = case_choices("7f3a-91c2", [Case("plan", f"plan {number}") for number in range(200)], WORDING)
    assert check_message_blocks([{"type": "actions", "elements": short}])
    assert len(short[-1]["options"]) == 100
    pressed = read_pressed(json.dumps({"value": short[-1]["options"][0]["value"]}))
    assert pressed
    assert (pressed.receipt, pressed.name) == ("7f3a-91c2", "plan 5")


def test_a_share_button_says_what_its_answer_rests_on_or_that_it_is_too_much_to_say() -> None:
    for labels in (["everyone", "groups:hr"], [f"groups:{'g' * 90}{number}" for number in range(40)]):
        one = share_button("7f3a-91c2", labels, WORDING)
        assert check_message_blocks([{"type": "actions", "elements": [one]}])
        pressed = read_pressed(json.dumps({"value": one["value"]}))
        assert pressed
        assert pressed.labels == (frozenset(labels) if len(labels) == 2 else frozenset())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"value": ""}', '{"value": "{"}', '{"value": "{}"}', '{"value": "[1]"}', "null"])
def test_an_offer_that_is_none_of_ours_is_read_as_nothing(text: str) -> None:
    pressed = read_pressed(text)
    assert pressed is None or pressed.receipt == "[1]"  # a receipt that nobody has


def _ask(**more: object) -> Errand:
    plain = Errand(what="ask", key="1", team="T1", user="U1", channel="C1", kind="public", response_url="https://hooks.example/1")
    return replace(plain, **more)  # type: ignore[arg-type]  # tests name what they change


@pytest.mark.parametrize(
    ("errand", "shared"),
    [
        (_ask(), True),
        (_ask(response_url="", alone=True, act="private"), True),
        (_ask(response_url="", alone=True, act="case"), False),  # from what is only known of the asker
        (_ask(response_url="", alone=True), False),  # a sensitive matter
        (_ask(response_url=""), False),  # the others read it already
        (_ask(kind="direct"), False),
        (_ask(kind=None), False),
    ],
)
def test_only_what_was_asked_alone_where_others_are_may_be_shared(errand: Errand, *, shared: bool) -> None:
    assert may_be_shared(errand, a_question(), answered()) == shared


@pytest.mark.parametrize("more", [{"contact": CONTACT}, {"country": "Germany"}, {"outcome": Outcome.NOT_FOUND}])
def test_nothing_that_is_the_askers_own_is_offered_to_be_shared(more: dict[str, object]) -> None:
    assert not may_be_shared(_ask(), a_question(), answered(**more))


def test_nothing_is_offered_to_be_shared_where_nothing_may_be_said() -> None:
    question = a_question()
    outside = replace(question, audience=replace(question.audience, why_alone="outsiders_present"))
    assert not may_be_shared(_ask(), outside, answered())
