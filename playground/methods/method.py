"""What a Web API method is here: the fields it knows and the function that answers it."""

from collections.abc import Callable
from dataclasses import dataclass

from playground.errors import SlackError
from playground.state import State
from playground.values import BOT_USER_ID, Channel, Json


@dataclass(frozen=True, slots=True)
class Method:
    """One Web API method; a field outside `fields` is accepted, and recorded as unexpected."""

    fields: frozenset[str]
    answer: Callable[[State, Json], Json]


def method(fields: str, answer: Callable[[State, Json], Json]) -> Method:
    """A method and its fields, separated by spaces."""
    return Method(frozenset(fields.split()), answer)


def required(fields: Json, name: str, error: str = "invalid_arguments") -> str:
    """The field's text, or the refusal that Slack gives when it is missing."""
    text = fields.get(name)
    if not isinstance(text, str) or not text:
        raise SlackError(error, f"missing required field: {name}")
    return text


def flag(fields: Json, name: str) -> bool:
    """A yes or no, in any of the spellings that clients use."""
    return fields.get(name) in (True, 1, "1", "true", "True")


def bot_channel(state: State, name: str) -> Channel:
    """A channel that the bot may read: a private one that it is not in does not exist for it."""
    channel = state.channel(name)
    if channel.private and BOT_USER_ID not in channel.members:
        raise SlackError("channel_not_found")
    return channel


def paged(fields: Json, rows: list[Json], default: int) -> tuple[list[Json], Json]:
    """The page of these rows that cursor and limit ask for, and the response_metadata that leads to the next."""
    limit = int(fields.get("limit") or default)
    cursor = str(fields.get("cursor") or "row:0")
    if not cursor.startswith("row:") or not cursor[4:].isdigit():
        raise SlackError("invalid_cursor")
    start = int(cursor[4:])
    following = f"row:{start + limit}" if start + limit < len(rows) else ""
    return rows[start : start + limit], {"response_metadata": {"next_cursor": following}}
