"""What the pretend workspace refuses, and what it lets through."""

import pytest

from playground.errors import SlackError
from playground.limits import check_message_blocks, check_view
from playground.values import Json


def section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(**changed: object) -> Json:
    return {"type": "actions", "elements": [{"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Go"}, **changed}]}


CONFIRM = {
    "title": {"type": "plain_text", "text": "Sure?"},
    "text": {"type": "plain_text", "text": "x" * 300},
    "confirm": {"type": "plain_text", "text": "Yes"},
    "deny": {"type": "plain_text", "text": "No"},
}


def typed(**changed: object) -> Json:
    element = {"type": "plain_text_input", "action_id": "a", **changed}
    return {"type": "input", "block_id": "b", "label": {"type": "plain_text", "text": "Why?"}, "element": element}


def modal(**changed: object) -> Json:
    return {"type": "modal", "title": {"type": "plain_text", "text": "Source 1"}, "blocks": [section("x")], **changed}


@pytest.mark.parametrize(
    "block",
    [
        section("x" * 3000),
        {"type": "header", "text": {"type": "plain_text", "text": "x" * 150}},
        {"type": "markdown", "text": "x" * 12_000},
        button(value="x" * 2000),
        button(confirm=CONFIRM),
        typed(initial_value="x" * 3000, max_length=3000),
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "small"}]},
        {"type": "divider"},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]},
    ],
)
def test_a_block_at_its_limit_is_accepted(block: Json) -> None:
    assert check_message_blocks([block])[0]["type"] == block["type"]


@pytest.mark.parametrize(
    ("block", "why"),
    [
        (section("x" * 3001), "3000"),
        (section(""), "at least 1"),
        ({"type": "section"}, "text or fields"),
        ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "plain_text"),
        ({"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}, "150"),
        ({"type": "markdown", "text": "x" * 12_001}, "12000"),
        (button(value="x" * 2001), "2000"),
        (button(style="teal"), "primary or danger"),
        (button(text={"type": "plain_text", "text": "x" * 76}), "75"),
        (button(confirm={"title": {"type": "plain_text", "text": "Sure?"}}), "confirm confirm"),
        (typed(initial_value=""), "at least 1"),
        (typed(initial_value="x" * 3001), "3000"),
        (typed(initial_value="x" * 11, max_length=10), "10"),
        (typed(max_length=3001), "between 1 and 3000"),
        ({"type": "actions", "elements": []}, "between 1 and 25"),
        ({"type": "table", "rows": []}, "rows"),
        ({"type": "citation"}, "unsupported type"),
    ],
)
def test_a_block_over_its_limit_is_refused_with_the_reason(block: Json, why: str) -> None:
    with pytest.raises(SlackError, match="invalid_blocks") as refusal:
        check_message_blocks([block])
    assert why in refusal.value.messages[0]


@pytest.mark.parametrize(
    ("blocks", "code"),
    [
        ([{"type": "divider"}] * 51, "invalid_blocks"),
        ([section("x" * 2900)] * 5, "msg_blocks_too_long"),
        ([{"type": "divider", "block_id": "same"}] * 2, "invalid_blocks"),
        ([{"type": "actions", "elements": button(action_id="same")["elements"] * 2}], "invalid_blocks"),
        ([{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}] * 2, "invalid_attachments"),
        ("not a list", "invalid_blocks_format"),
    ],
)
def test_too_many_or_misshapen_blocks_are_refused(blocks: object, code: str) -> None:
    with pytest.raises(SlackError, match=code):
        check_message_blocks(blocks)


def test_a_block_without_an_id_gets_one() -> None:
    assert check_message_blocks([{"type": "divider"}])[0]["block_id"] == "b0"


@pytest.mark.parametrize(
    ("view", "why"),
    [
        (modal(title={"type": "plain_text", "text": "x" * 25}), "24"),
        (modal(private_metadata="x" * 3001), "3000"),
        (
            modal(blocks=[{"type": "input", "label": {"type": "plain_text", "text": "Why"}, "element": {"type": "plain_text_input"}}]),
            "submit",
        ),
        (modal(blocks=[{"type": "divider"}] * 101), "100"),
        ({"type": "sheet"}, "modal or home"),
    ],
)
def test_a_view_over_its_limits_is_refused(view: Json, why: str) -> None:
    with pytest.raises(SlackError) as refusal:
        check_view(view)
    assert why in refusal.value.messages[0]


def test_a_modal_within_its_limits_is_accepted() -> None:
    assert check_view(modal(private_metadata="x" * 3000))["title"]["text"] == "Source 1"
