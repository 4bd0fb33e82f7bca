"""The workspace in Slack's JSON: what the Web API answers and what events carry."""

from playground.state import State
from playground.values import APP_ID, BOT_ID, BOT_NAME, BOT_USER_ID, Channel, Group, Json, Message, Person


def user_json(state: State, person: Person) -> Json:
    """A user object; a single-channel guest is both restricted and ultra restricted, as in Slack."""
    team = person.team or state.team.id
    profile: Json = {
        "real_name": person.name,
        "real_name_normalized": person.name,
        "display_name": person.key,
        "title": person.title,
        "team": team,
        "image_48": "",
    }
    shape: Json = {
        "id": person.id,
        "team_id": team,
        "name": person.key,
        "deleted": person.deactivated,
        "profile": profile,
        "is_bot": person.bot,
    }
    if person.bot:
        profile |= {"api_app_id": APP_ID, "bot_id": BOT_ID}
    if person.team:
        return shape | {"real_name": person.name, "is_stranger": True, "is_restricted": False, "is_ultra_restricted": False}
    if person.deactivated:  # Slack keeps the roles of nobody who left
        return shape | {"is_app_user": False}
    profile["email"] = f"{person.key}@{state.team.domain}.example"
    return shape | {
        "real_name": person.name,
        "tz": "Europe/Berlin" if person.country == "DE" else "Europe/London",
        "is_admin": person.admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.guest is not None,
        "is_ultra_restricted": person.guest == "single",
        "is_app_user": False,
    }


def channel_json(state: State, channel: Channel, *, count: bool = False) -> Json:
    """A conversation object as the bot sees it."""
    counted = {"num_members": len(channel.members)} if count else {}
    if channel.kind == "im":
        other = next((member for member in channel.members if member != BOT_USER_ID), "")
        return {
            "id": channel.id,
            "created": 1700000000,
            "is_im": True,
            "is_org_shared": False,
            "user": other,
            "is_archived": False,
            **counted,
        }
    shared = bool(channel.shared_with)
    return {
        "id": channel.id,
        "name": channel.key,
        "name_normalized": channel.key,
        "created": 1700000000,
        "creator": channel.members[0] if channel.members else BOT_USER_ID,
        "is_channel": channel.kind != "mpim" and not channel.private,
        "is_group": channel.private and channel.kind != "mpim",
        "is_im": False,
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.private,
        "is_archived": False,
        "is_general": channel.key == "general",
        "is_shared": shared,
        "is_ext_shared": shared,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "is_member": BOT_USER_ID in channel.members,
        "context_team_id": state.team.id,
        "shared_team_ids": [state.team.id, *channel.shared_with],
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        **counted,
    }


def group_json(state: State, group: Group, *, users: bool, count: bool = False) -> Json:
    """A user group, with its members when they are asked for."""
    shape: Json = {
        "id": group.id,
        "team_id": state.team.id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "handle": group.handle,
    }
    shape |= {"description": "", "is_external": False, "date_delete": 0, "prefs": {"channels": [], "groups": []}}
    if users:
        shape["users"] = list(group.members)
    if users or count:
        shape["user_count"] = len(group.members)
    return shape


def message_json(state: State, message: Message) -> Json:
    """A message object, as history answers it and events carry it."""
    shape: Json = {
        "type": "message",
        "user": message.user,
        "text": message.streamed or message.text,
        "ts": message.ts,
        "team": state.team.id,
    }
    blocks = blocks_json(message)
    optional = {"blocks": blocks, "subtype": message.subtype, "metadata": message.metadata, "thread_ts": message.thread_ts}
    shape |= {name: value for name, value in optional.items() if value}
    if message.thread_ts and message.thread_ts != message.ts:
        parent = state.messages.get(message.channel, {}).get(message.thread_ts)
        shape |= {"parent_user_id": parent.user} if parent else {}
    else:
        replies = [reply for reply in state.replies(message.channel, message.ts) if reply.ts != message.ts]
        if replies:
            users = list(dict.fromkeys(reply.user for reply in replies))
            shape |= {"thread_ts": message.ts, "reply_count": len(replies), "latest_reply": replies[-1].ts, "reply_users": users}
    if message.by_bot:
        shape |= {"bot_id": BOT_ID, "app_id": APP_ID, "bot_profile": bot_json(state) | {"team_id": state.team.id}}
    if message.edited:
        shape["edited"] = {"user": message.user, "ts": message.edited}
    if message.reactions:
        shape["reactions"] = [{"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()]
    return shape


def blocks_json(message: Message) -> list[Json]:
    """The blocks of a message, what was streamed into it first."""
    streamed = [{"type": "markdown", "block_id": "streamed", "text": message.streamed}] if message.streamed else []
    return [*streamed, *message.blocks]


def bot_json(state: State) -> Json:
    """The app's bot."""
    return {
        "id": BOT_ID,
        "deleted": False,
        "name": BOT_NAME,
        "updated": int(state.clock()),
        "app_id": APP_ID,
        "user_id": BOT_USER_ID,
        "icons": {},
    }
