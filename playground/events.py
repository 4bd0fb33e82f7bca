"""Turns what happens in the workspace into the events that Slack would send to the app."""

from collections.abc import Callable
from uuid import uuid4

from playground.shapes import channel_json, group_json, message_json, user_json
from playground.state import Change, State
from playground.values import APP_ID, BOT_USER_ID, Channel, Json, Message


class Events:
    """Watches the workspace and sends one event for each thing that the app is subscribed to (None: to everything)."""

    def __init__(self, state: State, send: Callable[[Json], None], subscribed: frozenset[str] | None = None) -> None:
        self._state = state
        self._send = send
        self._subscribed = subscribed
        self._made = 0
        self._run = uuid4().hex[:8].upper()  # ids are never used again, not even by the next workspace: the app remembers them
        state.watch(self._told)

    def home_opened(self, person: str, tab: str) -> None:
        """The person opened the app's Messages or Home tab."""
        channel = self._state.direct_message(person)
        event: Json = {"type": "app_home_opened", "user": person, "channel": channel.id, "tab": tab, "event_ts": self._state.next_ts()}
        if tab == "home" and person in self._state.views.homes:
            event["view"] = self._state.views.homes[person]
        self.send("app_home_opened", event)

    def send(self, subscription: str, event: Json) -> None:
        """Send any event, wrapped as the Events API wraps it."""
        if self._subscribed is not None and subscription not in self._subscribed:
            return
        self._made += 1
        team = self._state.team.id
        authorization = {"enterprise_id": None, "team_id": team, "user_id": BOT_USER_ID, "is_bot": True, "is_enterprise_install": False}
        channel = event.get("channel")
        self._send(
            {
                "token": "playground",
                "team_id": team,
                "context_team_id": team,
                "context_enterprise_id": None,
                "api_app_id": APP_ID,
                "event": event,
                "type": "event_callback",
                "event_id": f"Ev{self._run}{self._made:06d}",
                "event_time": int(self._state.clock()),
                "authorizations": [authorization],
                "is_ext_shared_channel": isinstance(channel, str) and bool(self._shared(channel)),
                "event_context": f"4-{self._made:08d}",
            }
        )

    def _shared(self, channel: str) -> list[str]:
        known = self._state.channels.get(channel)
        return known.shared_with if known else []

    def _told(self, change: Change) -> None:
        if change.what in ("person", "group"):
            self._directory(change)
            return
        channel = self._state.channels.get(change.channel)
        if channel is None or BOT_USER_ID not in {*channel.members, change.user}:
            return  # Slack tells an app nothing about conversations that it is not in
        if change.message and not change.message.only_for:
            self._message(change, channel, change.message)
        elif change.what in ("joined", "left"):
            kind = f"member_{change.what}_channel"
            joined = {
                "user": change.user,
                "channel": channel.id,
                "channel_type": "G" if channel.private else "C",
                "team": self._state.team.id,
            }
            self.send(kind, {"type": kind, **joined, "event_ts": self._state.next_ts()})

    def _message(self, change: Change, channel: Channel, message: Message) -> None:
        kind = {"channel": "channels", "group": "groups"}.get(channel.event_type, channel.event_type)
        where: Json = {"channel": channel.id, "channel_type": channel.event_type}
        if change.what == "posted":
            body = message_json(self._state, message) | {"event_ts": message.ts}
            self.send(f"message.{kind}", body | where)
            mentioned = f"<@{BOT_USER_ID}>" in message.text and not message.by_bot
            if mentioned and channel.kind != "im":  # Slack sends the mention beside its message, and none in a direct message
                self.send("app_mention", body | {"type": "app_mention", "channel": channel.id})
        elif change.what == "changed":
            now = self._state.next_ts()
            changed = {"type": "message", "subtype": "message_changed", "hidden": True, "ts": now, "event_ts": now}
            self.send(
                f"message.{kind}", changed | where | {"message": message_json(self._state, message), "previous_message": change.detail}
            )
        elif change.what == "removed":
            now = self._state.next_ts()
            deleted = {
                "type": "message",
                "subtype": "message_deleted",
                "hidden": True,
                "deleted_ts": message.ts,
                "ts": now,
                "event_ts": now,
            }
            self.send(f"message.{kind}", deleted | where | {"previous_message": message_json(self._state, message)})
        elif change.what == "reaction":
            item = {"type": "message", "channel": channel.id, "ts": message.ts}
            reaction = {
                "type": "reaction_added",
                "user": change.user,
                "item_user": message.user,
                "item": item,
                "reaction": change.detail["name"],
            }
            self.send("reaction_added", reaction | {"event_ts": self._state.next_ts()})

    def _directory(self, change: Change) -> None:
        now = self._state.next_ts()
        if change.what == "person":
            user = user_json(self._state, self._state.people[change.user])
            self.send("user_change", {"type": "user_change", "user": user, "event_ts": now})
            return
        group = self._state.groups[change.detail["id"]]
        self.send("subteam_updated", {"type": "subteam_updated", "subteam": group_json(self._state, group, users=True), "event_ts": now})
        moved = {"added_users": change.detail["added"], "removed_users": change.detail["removed"]}
        body = {"type": "subteam_members_changed", "subteam_id": group.id, "team_id": self._state.team.id, **moved, "event_ts": now}
        self.send("subteam_members_changed", body)

    def made_public(self, channel: Channel, by: str) -> None:
        """A private channel became one that every full member can open. Slack says so in a message, and in no event of its own."""
        now = self._state.next_ts()
        said = "made this channel *public*. Any member in this workspace can see and join it."
        event = {"type": "message", "subtype": "channel_convert_to_public", "ts": now, "text": said, "user": by, "event_ts": now}
        self.send("message.channels", event | {"channel": channel.id, "channel_type": "channel"})

    def shared(self, channel: Channel) -> None:
        """A channel began to be shared with another company, or ceased to be."""
        kind = "channel_shared" if channel.shared_with else "channel_unshared"
        team = next(iter(channel.shared_with), "")
        event = {"type": kind, "channel": channel.id, "connected_team_id": team, "event_ts": self._state.next_ts()}
        self.send(kind, event | ({} if channel.shared_with else {"is_ext_shared": channel_json(self._state, channel)["is_ext_shared"]}))
