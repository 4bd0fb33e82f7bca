"""chat.postMessage, update, delete, postEphemeral and getPermalink."""

from playground.errors import SlackError
from playground.limits import check_message_blocks, check_text
from playground.methods.method import bot_channel, method, required
from playground.shapes import message_json
from playground.state import Change, State
from playground.values import BOT_USER_ID, Channel, Json, Message


def said(fields: Json) -> tuple[str, list[Json]]:
    """The text and the checked blocks of a call that speaks."""
    text, markdown = str(fields.get("text") or ""), str(fields.get("markdown_text") or "")
    if markdown and (text or fields.get("blocks")):
        raise SlackError("markdown_text_conflict")
    check_text(text, markdown)
    blocks = fields.get("blocks") or ([{"type": "markdown", "text": markdown}] if markdown else [])
    if not text and not blocks and not fields.get("attachments"):
        raise SlackError("no_text")
    return text or markdown, check_message_blocks(blocks)


def speaking_channel(state: State, fields: Json) -> Channel:
    """The channel to speak in: one that the bot sees and has joined."""
    channel = bot_channel(state, required(fields, "channel", "channel_not_found"))
    if BOT_USER_ID not in channel.members:
        raise SlackError("not_in_channel")
    thread = fields.get("thread_ts")
    if thread and thread not in state.messages.get(channel.id, {}):
        raise SlackError("thread_not_found")
    return channel


def _post(state: State, fields: Json) -> Json:
    channel = speaking_channel(state, fields)
    text, blocks = said(fields)
    message = Message(ts=state.next_ts(), channel=channel.id, user=BOT_USER_ID, text=text, blocks=blocks)
    message.thread_ts, message.metadata = fields.get("thread_ts"), fields.get("metadata")
    state.post(message)
    return {"channel": channel.id, "ts": message.ts, "message": message_json(state, message)}


def _update(state: State, fields: Json) -> Json:
    channel = bot_channel(state, required(fields, "channel", "channel_not_found"))
    message = own_message(state, channel.id, required(fields, "ts", "message_not_found"), "cant_update_message")
    if message.streaming:
        raise SlackError("streaming_state_conflict")
    before = message_json(state, message)
    text, blocks = said(fields)
    if text or fields.get("blocks") is not None:
        message.streamed = ""
    message.text, message.blocks, message.edited = text, blocks, state.next_ts()
    message.metadata = fields.get("metadata", message.metadata)
    state.tell(Change(what="changed", channel=channel.id, message=message, detail=before))
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": message_json(state, message)}


def _delete(state: State, fields: Json) -> Json:
    channel = bot_channel(state, required(fields, "channel", "channel_not_found"))
    message = own_message(state, channel.id, required(fields, "ts", "message_not_found"), "cant_delete_message")
    state.remove(message)
    return {"channel": channel.id, "ts": message.ts}


def _ephemeral(state: State, fields: Json) -> Json:
    channel = speaking_channel(state, fields)
    user = required(fields, "user", "user_not_found")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    text, blocks = said(fields)
    message = Message(ts=state.next_ts(), channel=channel.id, user=BOT_USER_ID, text=text, blocks=blocks, only_for=user)
    message.thread_ts = fields.get("thread_ts")
    state.post(message)
    return {"message_ts": message.ts}


def _permalink(state: State, fields: Json) -> Json:
    channel = bot_channel(state, required(fields, "channel", "channel_not_found"))
    message = state.message(channel.id, required(fields, "message_ts", "message_not_found"))
    link = f"https://{state.team.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.thread_ts else ""
    return {"channel": channel.id, "permalink": link + thread}


def own_message(state: State, channel: str, ts: str, error: str) -> Message:
    """A message of the bot's that is still there; ephemerals cannot be reached again."""
    message = state.message(channel, ts)
    if message.only_for:
        raise SlackError("message_not_found")
    if not message.by_bot:
        raise SlackError(error)
    return message


_UPDATED = "channel ts text blocks attachments markdown_text as_user file_ids link_names parse reply_broadcast metadata"
_SPOKEN = "channel text blocks attachments markdown_text thread_ts icon_emoji icon_url username parse link_names as_user"
METHODS = {
    "chat.postMessage": method(f"{_SPOKEN} reply_broadcast unfurl_links unfurl_media mrkdwn metadata container_id", _post),
    "chat.update": method(_UPDATED, _update),
    "chat.delete": method("channel ts as_user", _delete),
    "chat.postEphemeral": method(f"{_SPOKEN} user", _ephemeral),
    "chat.getPermalink": method("channel message_ts", _permalink),
}
