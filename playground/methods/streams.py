"""chat.startStream, appendStream and stopStream: a message whose text grows for five minutes at most."""

from playground.errors import SlackError
from playground.limits import MARKDOWN, check_message_blocks
from playground.methods.chat import own_message, speaking_channel
from playground.methods.method import bot_channel, method, required
from playground.shapes import message_json
from playground.state import Change, State
from playground.values import BOT_USER_ID, Json, Message

STREAM_SECONDS = 300.0


def _start(state: State, fields: Json) -> Json:
    required(fields, "thread_ts", "invalid_thread_ts")
    channel = speaking_channel(state, fields)
    if channel.kind != "im":
        required(fields, "recipient_user_id", "missing_recipient_user_id")
        required(fields, "recipient_team_id", "missing_recipient_team_id")
    message = Message(ts=state.next_ts(), channel=channel.id, user=BOT_USER_ID, thread_ts=fields["thread_ts"])
    message.streaming, message.stream_began = True, state.clock()
    _grow(message, fields)
    state.post(message)
    return {"channel": channel.id, "ts": message.ts}


def _append(state: State, fields: Json) -> Json:
    message = _streaming(state, fields)
    _grow(message, fields)
    state.tell(Change(what="streamed", channel=message.channel, message=message))
    return {"channel": message.channel, "ts": message.ts}


def _stop(state: State, fields: Json) -> Json:
    message = _streaming(state, fields)
    blocks = check_message_blocks(fields.get("blocks") or [])
    before = message_json(state, message)
    _grow(message, fields)
    message.blocks += blocks
    message.metadata = fields.get("metadata", message.metadata)
    message.streaming = False
    for task in message.tasks.values():
        task["status"] = "complete" if task.get("status") == "in_progress" else task.get("status")
    state.tell(Change(what="changed", channel=message.channel, message=message, detail=before))
    return {"channel": message.channel, "ts": message.ts, "message": message_json(state, message)}


def _streaming(state: State, fields: Json) -> Message:
    channel = bot_channel(state, required(fields, "channel", "channel_not_found"))
    message = own_message(state, channel.id, required(fields, "ts", "message_not_found"), "message_not_owned_by_app")
    if message.streaming and state.clock() - message.stream_began > STREAM_SECONDS:
        message.streaming = False
        state.tell(Change(what="streamed", channel=channel.id, message=message))
    if not message.streaming:
        raise SlackError("message_not_in_streaming_state")
    return message


def expire_streams(state: State) -> int:
    """Close every stream now, as Slack does after five minutes; answer how many."""
    open_streams = [message for messages in state.messages.values() for message in messages.values() if message.streaming]
    for message in open_streams:
        message.streaming = False
        state.tell(Change(what="streamed", channel=message.channel, message=message))
    return len(open_streams)


def _grow(message: Message, fields: Json) -> None:
    text, chunks = str(fields.get("markdown_text") or ""), fields.get("chunks") or []
    if not isinstance(chunks, list) or not all(isinstance(chunk, dict) for chunk in chunks):
        raise SlackError("invalid_chunks", "chunks must be a list of objects")
    if text and chunks:
        raise SlackError("markdown_text_conflict")
    added, tasks, blocks = text, dict(message.tasks), []
    for chunk in chunks:
        kind = chunk.get("type")
        if kind == "markdown_text":
            added += str(chunk.get("text") or "")
        elif kind == "task_update" and chunk.get("id") and chunk.get("status") in ("pending", "in_progress", "complete", "error"):
            tasks[chunk["id"]] = tasks.get(chunk["id"], {}) | chunk
        elif kind == "plan_update":
            tasks["plan"] = dict(chunk)
        elif kind == "blocks":
            blocks += check_message_blocks(chunk.get("blocks"))
        else:
            raise SlackError("invalid_chunks", f"unsupported chunk: {chunk}")
    if len(added) > MARKDOWN:
        raise SlackError("msg_too_long")
    message.streamed += added
    message.tasks = tasks
    message.blocks += blocks


METHODS = {
    "chat.startStream": method(
        "channel thread_ts markdown_text recipient_team_id recipient_user_id chunks task_display_mode icon_emoji icon_url username", _start
    ),
    "chat.appendStream": method("channel ts markdown_text chunks", _append),
    "chat.stopStream": method("channel ts markdown_text chunks blocks metadata session_status", _stop),
}
