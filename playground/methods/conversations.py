"""conversations and reactions: the channels, who is in them and what was said."""

from playground.errors import SlackError
from playground.methods.method import bot_channel, flag, method, paged, required
from playground.shapes import channel_json, message_json
from playground.state import Change, State
from playground.values import BOT_USER_ID, Channel, Json, Message

_KINDS = {"public_channel": ("public", "shared"), "private_channel": ("private",), "im": ("im",), "mpim": ("mpim",)}


def _info(state: State, fields: Json) -> Json:
    channel = bot_channel(state, required(fields, "channel", "channel_not_found"))
    return {"channel": channel_json(state, channel, count=flag(fields, "include_num_members"))}


def _members(state: State, fields: Json) -> Json:
    """Everybody in the channel: the bot itself, guests and deactivated accounts that never left included."""
    channel = bot_channel(state, required(fields, "channel", "channel_not_found"))
    page, metadata = paged(fields, [{"id": member} for member in channel.members], default=100)
    return {"members": [row["id"] for row in page], **metadata}


def _list(state: State, fields: Json) -> Json:
    wanted = [kind for name in str(fields.get("types") or "public_channel").split(",") for kind in _KINDS.get(name.strip(), ())]
    seen = [c for c in state.channels.values() if c.kind in wanted and (not c.private or BOT_USER_ID in c.members)]
    page, metadata = paged(fields, [channel_json(state, channel, count=True) for channel in seen], default=100)
    return {"channels": page, **metadata}


def _open(state: State, fields: Json) -> Json:
    if fields.get("channel"):
        channel = bot_channel(state, str(fields["channel"]))
    else:
        channel = state.direct_message(*[user.strip() for user in required(fields, "users", "users_list_not_supplied").split(",")])
    return {"channel": channel_json(state, channel) if flag(fields, "return_im") else {"id": channel.id}}


def _history(state: State, fields: Json) -> Json:
    channel = _joined(state, fields)
    roots = [message for message in state.messages.get(channel.id, {}).values() if message.thread == message.ts and not message.only_for]
    return _spoken(state, fields, sorted(roots, key=lambda message: message.ts, reverse=True))


def _replies(state: State, fields: Json) -> Json:
    """The thread of a message: of its first, or of any reply in it."""
    channel = _joined(state, fields)
    message = state.messages.get(channel.id, {}).get(required(fields, "ts", "thread_not_found"))
    if message is None:
        raise SlackError("thread_not_found")
    return _spoken(state, fields, state.replies(channel.id, message.thread))


def _spoken(state: State, fields: Json, messages: list[Message]) -> Json:
    oldest, latest = str(fields.get("oldest") or "0"), str(fields.get("latest") or "9999999999")
    ends = (oldest, latest) if flag(fields, "inclusive") else ()
    among = [message for message in messages if oldest < message.ts < latest or message.ts in ends]
    page, metadata = paged(fields, [message_json(state, message) for message in among], default=100)
    return {"messages": page, "has_more": bool(metadata["response_metadata"]["next_cursor"]), **metadata}


def _react(state: State, fields: Json) -> Json:
    channel = _joined(state, fields)
    message = state.message(channel.id, required(fields, "timestamp", "bad_timestamp"))
    react(state, message, BOT_USER_ID, required(fields, "name", "invalid_name"))
    return {}


def react(state: State, message: Message, user: str, name: str) -> None:
    """Put this person's reaction on the message."""
    users = message.reactions.setdefault(name, [])
    if user in users:
        raise SlackError("already_reacted")
    users.append(user)
    state.tell(Change(what="reaction", channel=message.channel, message=message, user=user, detail={"name": name}))


def _joined(state: State, fields: Json) -> Channel:
    channel = bot_channel(state, required(fields, "channel", "channel_not_found"))
    if BOT_USER_ID not in channel.members:
        raise SlackError("not_in_channel")
    return channel


_SPAN = "cursor inclusive include_all_metadata latest limit oldest"
METHODS = {
    "conversations.info": method("channel include_locale include_num_members", _info),
    "conversations.members": method("channel cursor limit", _members),
    "conversations.list": method("cursor exclude_archived limit types", _list),
    "conversations.open": method("channel return_im users prevent_creation", _open),
    "conversations.history": method(f"channel {_SPAN}", _history),
    "conversations.replies": method(f"channel ts {_SPAN}", _replies),
    "reactions.add": method("channel name timestamp", _react),
}
