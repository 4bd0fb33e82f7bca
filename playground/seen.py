"""What the page is told about people, channels and messages."""

from playground.demo import Demo
from playground.shapes import blocks_json
from playground.state import State
from playground.values import BOT_USER_ID, Channel, Json, Message, Person


def person_row(state: State, person: Person) -> Json:
    """A person as the switch and the message list show them."""
    groups = [group.name for group in state.groups.values() if person.id in group.members]
    row = {
        "id": person.id,
        "key": person.key,
        "name": person.name,
        "title": person.title,
        "country": person.country,
        "contract": person.contract,
    }
    role = {
        "admin": person.admin,
        "guest": person.guest,
        "outside": bool(person.team),
        "deactivated": person.deactivated,
        "bot": person.bot,
    }
    return row | role | {"groups": groups}


def channel_row(state: State, channel: Channel, person: Person) -> Json:
    """A channel in this person's list; `seen` says whether it is theirs to open at all."""
    return {
        "id": channel.id,
        "key": channel.key,
        "kind": channel.kind,
        "private": channel.private,
        "topic": channel.topic,
        "members": channel.members,
        "shared": bool(channel.shared_with),
        "joined": person.id in channel.members,
        "seen": state.can_see(person, channel),
    }


def message_row(demo: Demo, message: Message) -> Json:
    """A message as the page draws it."""
    row = {"ts": message.ts, "channel": message.channel, "user": message.user, "text": message.text, "thread_ts": message.thread_ts}
    grown = {
        "blocks": blocks_json(message),
        "streaming": message.streaming,
        "tasks": list(message.tasks.values()),
        "edited": message.edited,
    }
    behind = demo.behind.get((message.channel, message.ts))
    return (
        row | grown | {"only_for": message.only_for, "reactions": message.reactions, "behind": behind, "root": message.ts == message.thread}
    )


def snapshot(state: State, demo: Demo, person: Person) -> Json:
    """Everything that a page which just opened needs."""
    if person.full_member or person.guest:
        state.direct_message(person.id)
    channels = [channel for channel in state.channels.values() if state.can_see(person, channel)]
    rows = [
        message_row(demo, message)
        for channel in channels
        for message in state.messages.get(channel.id, {}).values()
        if message.only_for in (None, person.id)
    ]
    seen = {channel.id for channel in channels}
    return {
        "kind": "hello",
        "you": person.id,
        "bot": BOT_USER_ID,
        "team": {"name": state.team.name, "domain": state.team.domain},
        "people": [person_row(state, one) for one in state.people.values()],
        "channels": [channel_row(state, channel, person) for channel in channels],
        "messages": rows,
        "statuses": [{"channel": c, "thread_ts": ts, **status} for (c, ts), status in state.statuses.items() if c in seen],
        "prompts": {channel: prompts for channel, prompts in state.prompts.items() if channel in seen},
        "home": state.views.homes.get(person.id),
        "notice": demo.notice,
        "writing": demo.writing,
        "first_minute": demo.first_minute,
        "commands": demo.commands,
    }
