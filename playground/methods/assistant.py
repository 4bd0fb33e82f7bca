"""assistant.threads and agents.sessions: the status line and the suggested prompts."""

from playground.errors import SlackError
from playground.methods.method import bot_channel, method, required
from playground.state import Change, State
from playground.values import Json


def _status(state: State, fields: Json) -> Json:
    channel = bot_channel(state, required(fields, "channel_id", "channel_not_found"))
    if "status" not in fields:
        raise SlackError("invalid_arguments", "missing required field: status")
    loading = fields.get("loading_messages") or []
    if len(loading) > 10:
        raise SlackError("invalid_arguments", "loading_messages: no more than 10")
    status = {"status": fields["status"], "loading_messages": loading, "since": state.clock()} if fields["status"] else {}
    state.set_status(channel.id, required(fields, "thread_ts", "invalid_thread_ts"), status)
    return {}


def _prompts(state: State, fields: Json) -> Json:
    channel = bot_channel(state, required(fields, "channel_id", "channel_not_found"))
    prompts = fields.get("prompts")
    if not isinstance(prompts, list) or not 1 <= len(prompts) <= 4 or any(not {"title", "message"} <= set(prompt) for prompt in prompts):
        raise SlackError("invalid_arguments", "prompts: between 1 and 4, each with title and message")
    state.prompts[channel.id] = {"title": fields.get("title") or "", "prompts": prompts}
    state.tell(Change(what="prompts", channel=channel.id, detail=state.prompts[channel.id]))
    return {}


def _session(state: State, fields: Json) -> Json:
    bot_channel(state, required(fields, "channel_id", "channel_not_found"))
    if fields.get("status") not in ("processing", "active", "suspended", "closed"):
        raise SlackError("invalid_arguments", "status: processing, active, suspended or closed")
    return {}


def _titled(state: State, fields: Json) -> Json:
    bot_channel(state, required(fields, "channel_id", "channel_not_found"))
    required(fields, "title")
    return {}


METHODS = {
    "assistant.threads.setStatus": method("channel_id thread_ts status loading_messages icon_emoji icon_url username", _status),
    "assistant.threads.setSuggestedPrompts": method("channel_id thread_ts title prompts", _prompts),
    "assistant.threads.setTitle": method("channel_id thread_ts title", _titled),
    "agents.sessions.setStatus": method("channel_id status thread_ts title initiator_user_id icon_emoji icon_url username", _session),
    "agents.sessions.rename": method("channel_id title thread_ts", _titled),
}
