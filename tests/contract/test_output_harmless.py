"""Nothing that a document, a person or a model wrote is alive in what Ibid shows: no ping, no picture, no link but to a source."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncGenerator, Collection
from dataclasses import dataclass, replace
from datetime import date

import pytest

from bot.adapters.memory import ListLibrary
from bot.adapters.quote_writer import QuoteWriter
from bot.answers import Answer, Citation, Closed, Outcome, Released, Request, Sentence
from bot.channels.slack.blocks import reply_for, sentence_markdown
from bot.channels.slack.escaping import markdown, mrkdwn, plain
from bot.channels.slack.sources import Shown
from bot.channels.slack.views import source_view
from bot.cli.terminal import printable
from bot.models import Spent
from bot.settings import HOME
from bot.wording import load_wording
from evals.egress import alive
from knowledge.holds import Hold
from tests.factories import TODAY, a_document, a_hit, a_question, an_answering
from tests.hostile_sets import ALWAYS, SETS, hostile_texts

WORDING = load_wording(HOME / "wording")
OURS = ("handbook.example",)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def test_the_sets_are_as_large_as_they_should_be_where_they_are() -> None:
    assert len(hostile_texts()) >= (1100 if SETS.is_dir() else len(ALWAYS))


def test_every_hostile_text_is_dead_as_a_sentence_of_an_answer() -> None:
    for text in hostile_texts():
        assert alive({"type": "markdown", "text": markdown(text)}, ()) == (), text
        assert alive({"type": "mrkdwn", "text": mrkdwn(text)}, ()) == (), text
        assert "\n" not in markdown(text)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_hostile_text_is_dead_wherever_a_reply_repeats_what_somebody_wrote(outcome: Outcome) -> None:
    for text in hostile_texts() if outcome in (Outcome.ANSWERED, Outcome.NOT_FOUND) else ALWAYS:
        words = text.encode("utf-8", "replace").decode() or "x"
        document = replace(a_document(title=words, owner=words), applies_to=words, url="https://handbook.example/leave")
        hit = a_hit(f"4.1 {words}", document=document)
        hit = replace(hit, passage=replace(hit.passage, path=(words,), clause=words[:20]))
        citation = Citation(number=1, hit=hit, start=0, end=len(words))
        answer = Answer(
            receipt="7f3a-91c2",
            outcome=outcome,
            sentences=(Sentence(words, (citation,)),) if outcome is Outcome.ANSWERED else (),
            looked_for=words,
            nearest_title=words,
            nearest_owner=words,
            may_help=() if outcome is Outcome.ANSWERED else (citation,),
            applies_to=words,
            since=date(2025, 1, 1),
            country=words,
            unanswered=(words,),
            hold=Hold(number=1, document=document.id, sentence=words, by="U1", until=date(2026, 12, 31)),
        )
        reply = reply_for(answer, a_question(words), WORDING, "Fernhill", TODAY)
        found = alive([*reply.blocks, {"type": "mrkdwn", "text": reply.text}], OURS)
        assert found == (), (text, found)


@dataclass
class InTwoPieces:
    """A model whose stream breaks a draft at one place."""

    pieces: tuple[str, str]
    name: str = "model"
    signature: str = ""

    def sees(self, labels: Collection[str]) -> bool:
        return True

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        for piece in self.pieces:
            yield piece


async def test_a_stream_shows_whole_sentences_only_wherever_it_is_cut() -> None:
    lines = ("Days <!channel> lapse, see <https://evil.example|here>.", "Ask <@U02TOM> by 31 March.")
    library = ListLibrary(hits=(a_hit(f"4.1 {' '.join(lines)}"),))
    draft = "".join(f"{line} [1]\n" for line in lines)
    for at in range(len(draft)):
        events = an_answering(library, InTwoPieces((draft[:at], draft[at:]))).answer(a_question())
        shown = [event.sentence async for event in events if isinstance(event, Released)]
        assert [sentence.text for sentence in shown] == list(lines)
        for sentence in shown:
            assert alive({"type": "markdown", "text": sentence_markdown(sentence, WORDING)}, OURS) == ()


async def test_every_hostile_text_can_be_asked_and_gets_one_harmless_reply() -> None:
    library = ListLibrary(hits=(a_hit(),))
    answering = an_answering(library, QuoteWriter())
    for text in hostile_texts():
        question = a_question(plain(text))
        (answer,) = [event.answer async for event in answering.answer(question) if isinstance(event, Closed)]
        assert answer.outcome is not Outcome.FAILED, text
        assert alive(reply_for(answer, question, WORDING, "Fernhill", TODAY).blocks, OURS) == (), text


def test_every_hostile_text_is_dead_in_the_window_that_shows_the_clause() -> None:
    for text in hostile_texts():
        words = text.encode("utf-8", "replace").decode() or "x"
        document = replace(a_document(title=words, owner=words), url="https://handbook.example/leave")
        hit = a_hit(f"4.1 {words}", document=document)
        hit = replace(hit, passage=replace(hit.passage, path=(words,)))
        view = source_view(hit, Shown(hit.passage.id, ((0, 9),)), WORDING, "Fernhill")
        assert alive(view["blocks"], OURS) == (), text
        assert not any(element.get("type") != "text" for block in view["blocks"] for part in block.get("elements", ())
                       for element in part.get("elements", ()))  # fmt: skip


def test_no_hostile_text_moves_the_cursor_or_turns_the_line_in_a_terminal() -> None:
    for text in hostile_texts():
        assert not CONTROL.search(printable(text)), repr(text)


@pytest.mark.parametrize(
    "live",
    [
        "<!channel>",
        "<@U1>",
        "@here",
        "https://evil.example",
        "www.evil.example",
        "evil.example/x",
        "<https://evil.example|x>",
        "<https://evil.example>",
    ],
)
@pytest.mark.parametrize("kind", ["markdown", "mrkdwn"])
def test_what_looks_for_live_words_finds_them(live: str, kind: str) -> None:
    assert alive([{"type": "section", "text": {"type": kind, "text": f"so {live} it is"}}], OURS)


def test_what_looks_for_live_words_finds_pictures_and_lets_sources_be() -> None:
    assert alive({"type": "markdown", "text": "![x](y)"}, ())
    assert alive({"type": "image", "image_url": "https://handbook.example/x.png"}, OURS)
    assert alive({"type": "section", "accessory": {"type": "image", "image_url": "x"}}, OURS)
    assert alive({"type": "mrkdwn", "text": "<https://handbook.example/leave|open> ruth@handbook.example, 4.1 e.g. 5.30 p.m."}, OURS) == ()
    assert alive({"type": "plain_text", "text": "https://evil.example"}, ()) == ()


@pytest.mark.parametrize("said", ["&lt;!here&gt;", "&#60;!channel&#62;", "&amp;lt;!here&amp;gt;", "R&D < 5"])
def test_what_was_written_as_an_entity_is_shown_as_it_was_written(said: str) -> None:
    for shown in (markdown(said), mrkdwn(said)):
        assert html.unescape(shown.replace("\\", "")).replace("\u2060", "") == said
        assert not re.search(r"&(?!amp;|lt;|gt;)", shown)


@pytest.mark.parametrize(
    ("said", "shown"), [("ruth.baker@fernhill.example", True), ("4.1, i.e. at 5.30 p.m.", True), ("fernhill.example", False)]
)
def test_addresses_of_people_and_figures_can_still_be_copied(said: str, shown: bool) -> None:
    assert (said in mrkdwn(said)) is shown
