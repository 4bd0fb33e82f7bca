"""What people do with the app: slash commands, clicks, modals, and the app's answers to response_url."""

from json import JSONDecodeError

from aiohttp import web

from playground.errors import SlackError
from playground.forms import action_json, entered, find_element, unfit
from playground.limits import check_view
from playground.methods.chat import said
from playground.shapes import message_json
from playground.socket_mode import SocketMode
from playground.state import Change, State
from playground.values import APP_ID, BOT_USER_ID, Channel, Json, Message, Person

NO_ANSWER = "operation_timeout"


class Interactions:
    """Sends a person's doings to the app and shows what it acknowledges with."""

    def __init__(self, state: State, sockets: SocketMode, commands: tuple[str, ...]) -> None:
        self._state = state
        self._sockets = sockets
        self._commands = commands
        self.address = ""

    async def slash(self, person: Person, channel: Channel, line: str, window: str = "") -> Json | None:
        """Run a line such as "/ibid help"; None when the app did not acknowledge it in three seconds."""
        command, _, text = line.partition(" ")
        if command not in self._commands:
            self._tell(person, channel, f"{command} is not a valid command.")
            return None
        payload = self._whose(person, flat=True) | {
            "channel_id": channel.id,
            "channel_name": {"im": "directmessage", "mpim": "mpdm"}.get(channel.kind, "privategroup" if channel.private else channel.key),
            "command": command,
            "text": text.strip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
            "is_enterprise_install": "false",
            "response_url": self._response_url(person, channel),
            "trigger_id": self._state.views.trigger(person.id, window),
        }
        answer = await self._sockets.ask("slash_commands", payload)
        if answer is None:
            self._tell(person, channel, f"{command} failed with the error “{NO_ANSWER}”.")
        elif answer:
            self._speak(answer, person.id, channel.id, None)
        return answer

    async def click(self, person: Person, message: Message, action: Json, window: str = "") -> Json | None:
        """Press the element with this action_id (and block_id, value) under a message."""
        block, element = find_element(message.blocks, action)
        channel = self._state.channels[message.channel]
        shown = {} if message.only_for else {"message": message_json(self._state, message)}
        container: Json = {"type": "message", "message_ts": message.ts, "channel_id": channel.id, "is_ephemeral": bool(message.only_for)}
        where = {"thread_ts": message.thread_ts} if message.thread_ts else {}
        payload = self._whose(person) | {
            "type": "block_actions",
            "container": container | where,
            "trigger_id": self._state.views.trigger(person.id, window),
            "channel": {"id": channel.id, "name": "directmessage" if channel.kind == "im" else channel.key},
            "state": {"values": {}},
            "response_url": self._response_url(person, channel, message),
            "actions": [action_json(block, element, action, self._state.next_ts())],
            **shown,
        }
        return await self._sockets.ask("interactive", payload, response=False)

    async def click_in_view(self, person: Person, view: Json, action: Json, window: str = "", values: Json | None = None) -> Json | None:
        """Press an element inside a modal or the App Home; what is typed there by then goes along."""
        block, element = find_element(view["blocks"], action)
        view["state"] = {"values": entered(view["blocks"], values or {})}
        payload = self._whose(person) | {
            "type": "block_actions",
            "container": {"type": "view", "view_id": view["id"]},
            "trigger_id": self._state.views.trigger(person.id, window),
            "view": view | {"team_id": self._state.team.id},
            "actions": [action_json(block, element, action, self._state.next_ts())],
        }
        return await self._sockets.ask("interactive", payload, response=False)

    async def submit(self, person: Person, view: Json, values: Json, window: str = "") -> Json | None:
        """Send a modal; the acknowledgement may keep it open with errors, change it, or close it. None when it does not get that far."""
        view["state"] = {"values": entered(view["blocks"], values)}
        if errors := unfit(view["blocks"], view["state"]["values"]):
            self._state.tell(Change(what="view", user=person.id, detail=view | {"errors": errors}))
            return None
        payload = self._whose(person) | {
            "type": "view_submission",
            "trigger_id": self._state.views.trigger(person.id, window),
            "view": view | {"team_id": self._state.team.id},
            "response_urls": [],
        }
        answer = await self._sockets.ask("interactive", payload)
        if answer is not None:
            self._after_submit(person, view, answer)
        return answer

    async def close(self, person: Person, view: Json) -> None:
        """Close the top modal (or all, where it says so) without sending it; the app is told when it asked for that."""
        everything = bool(view.get("clear_on_close"))
        below = self._state.views.close(person.id, everything=everything)
        self._state.tell(Change(what="view", user=person.id, detail=below or {}))
        if view.get("notify_on_close"):
            closed = {"type": "view_closed", "view": view | {"team_id": self._state.team.id}, "is_cleared": everything}
            await self._sockets.ask("interactive", self._whose(person) | closed, response=False)

    async def respond(self, request: web.Request) -> web.Response:
        """One post to a response_url."""
        try:
            ticket = self._state.views.redeem_ticket(request.match_info["ticket"])
            self._speak(await request.json(), ticket.user, ticket.channel, ticket.message_ts)
        except SlackError as refusal:
            return web.Response(status=404, text=refusal.code)
        except JSONDecodeError:
            return web.Response(status=400, text="invalid_payload")
        return web.Response(text="ok")

    def _after_submit(self, person: Person, view: Json, answer: Json) -> None:
        reaction = answer.get("response_action")
        if reaction == "errors":
            self._state.tell(Change(what="view", user=person.id, detail=view | {"errors": answer.get("errors", {})}))
            return
        if reaction in ("update", "push"):
            made = check_view(answer.get("view"))
            if reaction == "push":
                trigger = self._state.views.trigger(person.id, self._state.views.windows.get(view["id"], ""))
                _, shown = self._state.views.open(trigger, made, push=True)
            else:
                shown = self._state.views.replace(person.id, view, made)
        else:
            shown = self._state.views.close(person.id, everything=reaction == "clear") or {}
        self._state.tell(Change(what="view", user=person.id, detail=shown))

    def _speak(self, spoken: Json, user: str, channel: str, original_ts: str | None) -> None:
        original = self._state.messages.get(channel, {}).get(original_ts or "")
        if original and spoken.get("delete_original"):
            self._state.remove(original)
            return
        text, blocks = said(spoken)
        if original and spoken.get("replace_original"):
            before = message_json(self._state, original)
            original.text, original.blocks, original.streamed = text, blocks, ""
            original.edited = self._state.next_ts()
            self._state.tell(Change(what="changed", channel=channel, message=original, detail=before))
            return
        alone = None if spoken.get("response_type") == "in_channel" else user
        message = Message(ts=self._state.next_ts(), channel=channel, user=BOT_USER_ID, text=text, blocks=blocks, only_for=alone)
        message.thread_ts = spoken.get("thread_ts")
        self._state.post(message)

    def _tell(self, person: Person, channel: Channel, text: str) -> None:
        slackbot = Message(ts=self._state.next_ts(), channel=channel.id, user="USLACKBOT", text=text, only_for=person.id)
        self._state.post(slackbot)

    def _whose(self, person: Person, *, flat: bool = False) -> Json:
        team = person.team or self._state.team.id
        common: Json = {"token": "playground", "api_app_id": APP_ID}
        if flat:
            return common | {"team_id": team, "team_domain": self._state.team.domain, "user_id": person.id, "user_name": person.key}
        user = {"id": person.id, "username": person.key, "name": person.key, "team_id": team}
        home = {"id": self._state.team.id, "domain": self._state.team.domain}
        return common | {"team": home, "user": user, "enterprise": None, "is_enterprise_install": False}

    def _response_url(self, person: Person, channel: Channel, message: Message | None = None) -> str:
        at = {"thread_ts": message.thread_ts, "message_ts": message.ts} if message else {}
        return f"{self.address}/response/{self._state.views.ticket(person.id, channel.id, **at)}"
