"""What Slack is shown: harmless, within its limits, and the same in words for every outcome."""

from __future__ import annotations

import html
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.answers import Answer, Case, Citation, Contact, Outcome, Sentence
from bot.channels.replies import refusal_text
from bot.channels.slack.blocks import body_markdown, reply_for
from bot.channels.slack.errands import errand_again, errand_in
from bot.channels.slack.escaping import code, link, markdown, mrkdwn, plain
from bot.channels.slack.sources import Shown, read_value
from bot.channels.slack.views import MOST, highlighted, source_view
from bot.settings import HOME
from bot.values import Audience, Delivery
from bot.wording import load_wording
from knowledge.holds import Hold
from playground.limits import check_message_blocks, check_view
from tests.factories import a_document, a_hit, a_person, a_question

WORDING = load_wording(HOME / "wording")
TODAY = date(2026, 11, 16)
CONTACT = Contact("harassment", "You can talk to *Ines Okafor* in confidence.")
HOLD = Hold(number=1, document="leave/annual-leave.md", sentence="Being <corrected>.", by="U1", until=date(2026, 12, 31))
COMMONMARK = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def an_answer(*texts: str, sources: int = 1) -> Answer:
    hits = [a_hit(clause=f"4.{number}") for number in range(1, sources + 1)]
    citations = tuple(Citation(number=number, hit=hit, start=0, end=10) for number, hit in enumerate(hits, start=1))
    return Answer(receipt="7f3a-91c2", outcome=Outcome.ANSWERED, sentences=tuple(Sentence(text, citations) for text in texts))


@given(st.text(alphabet=st.sampled_from("*_~`[]()#>|!+-=:\\<&1. ab/wh\n"), max_size=60))
def test_whatever_a_document_wrote_looks_in_markdown_as_it_was_written(text: str) -> None:
    rendered = COMMONMARK.render(markdown(text))
    assert not any(
        f"<{tag}" in rendered for tag in ("em", "strong", "s>", "code", "a ", "img", "h1", "h2", "ul", "ol", "li", "hr", "table", "pre")
    )
    shown = COMMONMARK.renderInline(markdown(text)).replace("\u2060", "")
    assert "".join(shown.split()) == "".join(html.escape(text, quote=False).split())


@pytest.mark.parametrize("text", ["<!channel>", "<@U1>", "<#C1|x>", "<https://evil.example|pay>"])
def test_nothing_that_slack_acts_on_survives_either_dialect(text: str) -> None:
    for shown in (markdown(text), mrkdwn(text)):
        assert "<" not in shown
        assert "https://" not in shown


def test_mrkdwn_shows_look_alikes_of_what_would_format() -> None:
    assert mrkdwn("*a* _b_ ~c~ `d`") == "∗a∗ ˍbˍ ∼c∼ ˋdˋ"


def test_a_question_is_read_as_the_person_typed_it() -> None:
    assert plain("is 5 &lt; 6 &amp; <https://x.example/a|x.example>? <@U2|tom> <!here> <#C1|general> :wave: :+1: at 10:30:00") == (
        "is 5 < 6 & x.example? tom  general   at 10:30:00"
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://x", "//x", "", "https:// x", "slack://open"])
def test_only_http_addresses_become_links(url: str) -> None:
    assert link(url, "open") == ""


def test_a_link_cannot_be_broken_out_of() -> None:
    assert link("https://x.example/a|b>c&d", "open") == "<https://x.example/a%7Cb%3Ec&amp;d|open>"


def test_a_reply_stays_within_slacks_limits_however_long_its_lines_are() -> None:
    answer = an_answer(*["long " * 1000] * 5, sources=6)
    reply = reply_for(answer, a_question(), WORDING, "Fernhill", date(2026, 11, 16))
    assert check_message_blocks(reply.blocks)
    assert reply.body.rstrip().endswith("…")
    assert len(reply.text) <= 3000
    assert sum(block["type"] == "section" for block in reply.tail) == 6


def test_the_marks_stand_behind_each_sentence() -> None:
    assert body_markdown(an_answer("Five days.", sources=2).sentences, WORDING) == "Five days. [1][2]\n\n"


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome not in (Outcome.ANSWERED, Outcome.TOO_MANY)])
@pytest.mark.parametrize("circle", ["alone", "members", "whole_company"])
def test_every_outcome_has_words_for_every_audience(outcome: Outcome, circle: str) -> None:
    audience = Audience(circle=circle, readers=(a_person(),))  # type: ignore[arg-type]  # a test passes plain strings
    question = a_question()
    asked = type(question)(**{**vars(question), "audience": audience})
    answer = Answer(
        receipt="7f3a-91c2",
        outcome=outcome,
        looked_for="parking",
        nearest_title="Leave",
        nearest_owner="ruth",
        cases=(Case("country", "Germany"),),
        contact=CONTACT if outcome is Outcome.CONTACT_FIRST else None,
        hold=HOLD if outcome is Outcome.HELD else None,
    )
    text = refusal_text(answer, asked, WORDING, "Fernhill")
    assert text
    assert "{" not in text
    assert ("parking" in text) == (outcome is Outcome.NOT_FOUND)
    assert ("direct message" in text) == (outcome is Outcome.NOT_FOUND and circle != "alone")
    assert ("7f3a-91c2" in text) == (outcome is Outcome.FAILED)


def test_a_guest_who_may_read_nothing_gets_the_neutral_sentence_and_no_word_about_policies() -> None:
    question = a_question(asker=a_person("carla", membership="guest"))
    text = refusal_text(Answer(receipt="1", outcome=Outcome.NOTHING_READABLE), question, WORDING, "Fernhill")
    assert "policy" not in text
    assert "Fernhill" in text


@given(st.integers(0, 9000), st.integers(0, 9000), st.integers(0, 9000))
def test_the_highlighted_span_is_always_shown_and_the_text_never_too_long(size: int, start: int, end: int) -> None:
    text = "".join(chr(97 + number % 26) for number in range(size))
    elements = highlighted(text, Shown("p", ((start, end),)))
    shown = "".join(element["text"] for element in elements)
    assert len(shown) <= MOST + 10
    quote = text[start:end]
    if quote and len(quote) <= MOST:
        (span,) = [element["text"] for element in elements if "style" in element]
        assert span == f"▸ {quote} ◂"


def test_the_modal_of_a_very_long_clause_is_one_that_slack_takes() -> None:
    hit = a_hit("x" * 9000, document=a_document(title="T" * 400))
    assert check_view(source_view(hit, Shown("p", ((4000, 4100),)), WORDING, "Fernhill"))


@pytest.mark.parametrize("value", ["", "[]", "{}", "null", '{"p": 1}', '{"p": "a", "s": "x", "e": 2}', "not json"])
def test_a_button_value_that_is_none_of_ours_is_read_as_nothing(value: str) -> None:
    assert read_value(value) is None


def test_a_button_carries_the_span() -> None:
    assert read_value(Shown("a#4.1", ((3, 9), (12, 20))).value()) == Shown("a#4.1", ((3, 9), (12, 20)))


def test_all_that_the_answer_quotes_from_a_clause_is_highlighted_and_nothing_else() -> None:
    text = "4.1 Five days carry over. Harbour shows them. They lapse in March."
    elements = highlighted(text, Shown("p", ((46, 66), (4, 25))))
    assert [element["text"] for element in elements if "style" in element] == ["▸ Five days carry over. ◂", "▸ They lapse in March. ◂"]
    assert "".join(element["text"] for element in elements).replace("▸ ", "").replace(" ◂", "") == text


def test_a_table_is_shown_without_the_bars_of_markdown() -> None:
    text = "2.2 It grows.\n\n| Years | Days |\n| --- | --- |\n| 0–2 | 25 |\n| 3–4 | 27 |"
    row = text.index("| 3–4")
    elements = highlighted(text, Shown("p", ((row, len(text)),)))
    shown = "".join(element["text"] for element in elements)
    assert shown == "2.2 It grows.\n\nYears · Days\n0–2 · 25\n▸ 3–4 · 27 ◂"


def test_an_errand_survives_its_row_in_the_inbox() -> None:
    event = {"type": "app_mention", "channel": "C1", "user": "U1", "ts": "1.1", "thread_ts": "1.0", "text": "<@U0> how?"}
    errand = errand_in({"team_id": "T1", "event_id": "E1", "event": event}, "U0")
    assert errand
    assert errand.delivery().message == "T1/C1/1.1"
    assert errand_again(errand.delivery()) == errand
    assert errand_again(Delivery(key="k", payload="")) is None
    assert errand_again(Delivery(key="k", payload="[]")) is None


@pytest.mark.parametrize("hidden", ["\x1b[31m", "\u202e", "\u2066", "\u200b", "\ufeff", "\ud83d", "\x07"])
def test_what_only_steers_the_eye_is_left_out(hidden: str) -> None:
    for escaped in (markdown(f"Leave{hidden} policy"), mrkdwn(f"Leave{hidden} policy"), code(f"Leave{hidden} policy")):
        assert hidden[0] not in escaped
        assert "Leave" in escaped


def test_joined_emoji_stay_joined() -> None:
    assert "\u200d" in mrkdwn("\U0001f468\u200d\U0001f469")
