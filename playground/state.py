"""Everything that is true in the pretend workspace right now, and who is told when it changes."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from playground.errors import SlackError
from playground.roster import Roster
from playground.values import BOT_USER_ID, Channel, Group, Json, Message, Person
from playground.views import Views

Clock = Callable[[], float]
What = Literal[
    "posted", "streamed", "changed", "removed", "reaction", "status", "prompts", "joined", "left", "person", "group", "view", "home",
    "called", "notice", "behind", "model",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that happened: where, to what, and by whom."""

    what: What
    channel: str = ""
    message: Message | None = None
    user: str = ""
    detail: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One Web API call as the bot made it (without its token) and what it was answered."""

    method: str
    fields: Json
    answer: Json


class State:
    """The workspace: people, channels, messages, views; `watch` for every change."""

    def __init__(self, roster: Roster, clock: Clock = time.time) -> None:
        self.team = roster.team
        self.clock = clock
        self.people = {person.id: person for person in roster.people}
        self.groups = {group.id: replace(group, members=list(group.members)) for group in roster.groups}
        self.channels = {channel.id: replace(channel, members=list(channel.members)) for channel in roster.channels}
        self.messages: dict[str, dict[str, Message]] = {}
        self.statuses: dict[tuple[str, str], Json] = {}
        self.prompts: dict[str, Json] = {}
        self.views = Views(clock)
        self.calls: list[Call] = []
        self.unexpected: list[tuple[str, str]] = []
        self._watchers: list[Callable[[Change], None]] = []
        self._last_ts = 0

    def watch(self, watcher: Callable[[Change], None]) -> Callable[[], None]:
        """Tell this watcher every change from now on; the answer stops it."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def tell(self, change: Change) -> None:
        for watcher in list(self._watchers):
            watcher(change)

    def record(self, call: Call) -> None:
        self.calls.append(call)
        self.tell(Change(what="called"))

    def next_ts(self) -> str:
        """A message id that is later than every one before, as Slack's are."""
        self._last_ts = max(self._last_ts + 1, int(self.clock() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def person(self, name: str) -> Person:
        """The person with this key or id."""
        found = self.people.get(name) or next((person for person in self.people.values() if person.key == name), None)
        if found is None:
            raise SlackError("user_not_found")
        return found

    def channel(self, name: str) -> Channel:
        """The channel with this key or id; a person's id means the direct message with the bot."""
        found = self.channels.get(name) or next((channel for channel in self.channels.values() if channel.key == name), None)
        if found is None and name in self.people:
            return self.direct_message(name)
        if found is None:
            raise SlackError("channel_not_found")
        return found

    def direct_message(self, *people: str) -> Channel:
        """The conversation of the bot with one person, or with several; made on demand."""
        members = sorted({self.person(name).id for name in people} - {BOT_USER_ID})
        prefix, kind = ("D", "im") if len(members) == 1 else ("G", "mpim")
        key = "dm-" + "-".join(self.people[member].key for member in members)
        existing = next((channel for channel in self.channels.values() if channel.key == key), None)
        if existing:
            return existing
        number = sum(channel.kind in ("im", "mpim") for channel in self.channels.values()) + 1
        made = Channel(
            key=key, id=f"{prefix}{number:02d}IBID", kind="im" if kind == "im" else "mpim", members=[*members, BOT_USER_ID], private=True
        )
        self.channels[made.id] = made
        return made

    def group(self, name: str) -> Group:
        found = self.groups.get(name) or next((group for group in self.groups.values() if group.handle == name), None)
        if found is None:
            raise SlackError("no_such_subteam")
        return found

    def can_see(self, person: Person, channel: Channel) -> bool:
        """Whether Slack shows this channel to this person at all."""
        return person.id in channel.members or (channel.kind == "public" and person.full_member)

    def message(self, channel: str, ts: str) -> Message:
        found = self.messages.get(channel, {}).get(ts)
        if found is None:
            raise SlackError("message_not_found")
        return found

    def post(self, message: Message) -> Message:
        """Put a message into its channel; the bot's word in a thread ends its status line there."""
        self.messages.setdefault(message.channel, {})[message.ts] = message
        if message.by_bot:
            self.set_status(message.channel, message.thread, {})
        self.tell(Change(what="posted", channel=message.channel, message=message, user=message.user))
        return message

    def remove(self, message: Message) -> None:
        del self.messages[message.channel][message.ts]
        self.tell(Change(what="removed", channel=message.channel, message=message))

    def set_status(self, channel: str, thread_ts: str, status: Json) -> None:
        """Show a line such as "is searching…" under a thread; an empty one takes it away."""
        before = self.statuses.pop((channel, thread_ts), None)
        if status:
            self.statuses[channel, thread_ts] = status
        if status or before:
            self.tell(Change(what="status", channel=channel, detail={"thread_ts": thread_ts, **status}))

    def replies(self, channel: str, thread_ts: str) -> list[Message]:
        """The thread in order, its first message included, ephemerals not."""
        thread = [message for message in self.messages.get(channel, {}).values() if message.thread == thread_ts and not message.only_for]
        return sorted(thread, key=lambda message: message.ts)
