"""The pretend workspace against the real slack-bolt and slack-sdk, over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from playground import Json, Message, Setting, UnexpectedCalls, Workspace

ROSTER = Path(__file__).parents[2] / "handbook" / "workspace.yaml"
FEEDBACK: Json = {
    "type": "context_actions",
    "block_id": "feedback",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "feedback",
            "positive_button": {"text": {"type": "plain_text", "text": "Good"}, "value": "q1:up"},
            "negative_button": {"text": {"type": "plain_text", "text": "Bad"}, "value": "q1:down"},
        }
    ],
}
SOURCE: Json = {
    "type": "actions",
    "block_id": "sources",
    "elements": [{"type": "button", "action_id": "source", "value": "1", "text": {"type": "plain_text", "text": "Source 1"}}],
}
WHOSE: Json = {"recipient_user_id": "U01PRIYA", "recipient_team_id": "T0FERNHILL"}
MODAL: Json = {
    "type": "modal",
    "callback_id": "why",
    "title": {"type": "plain_text", "text": "Leave policy"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "reason",
            "label": {"type": "plain_text", "text": "What is wrong?"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}


def bolt_app(slack: Workspace) -> AsyncApp:
    return AsyncApp(token=slack.bot_token, client=AsyncWebClient(slack.bot_token, base_url=slack.api_url))


@asynccontextmanager
async def connected(slack: Workspace, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    handler = AsyncSocketModeHandler(app, slack.app_token, web_client=app.client, ping_interval=1)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt leaves it untyped
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # the same


@asynccontextmanager
async def workspace(**setting: Any) -> AsyncIterator[Workspace]:  # noqa: ANN401  the fields of Setting
    async with Workspace.start(ROSTER, Setting(**setting)) as slack:
        yield slack


def client(slack: Workspace) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url)


def refused_with(refusal: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(refusal.value.response["error"])


async def test_a_mention_gets_a_streamed_reply_in_its_thread() -> None:
    async with workspace() as slack:
        app = bolt_app(slack)

        @app.event("message")
        async def twin() -> None: ...

        @app.event("app_mention")
        async def answer(say_stream: Callable[..., Awaitable[Any]], set_status: Callable[..., Awaitable[Any]], event: Json) -> None:
            await set_status("Searching policies…")
            reply = await say_stream(buffer_size=1, thread_ts=event.get("thread_ts") or event["ts"])
            await reply.append(markdown_text="You get **25 days** ")
            await reply.append(markdown_text="[1].")
            await reply.stop(blocks=[SOURCE, FEEDBACK])

        async with connected(slack, app):
            asked = slack.say("priya", "ask-policy", "@Ibid how many days of leave do I get?")
            reply = await slack.reply_to(asked)
            await slack.settled()
    assert asked.text == "<@U0IBID> how many days of leave do I get?"
    assert reply.streamed == "You get **25 days** [1]."
    assert reply.thread_ts == asked.ts
    assert [block["type"] for block in reply.blocks] == ["actions", "context_actions"]
    methods = [call.method for call in slack.calls]
    assert [m for m in methods if m.startswith("chat.")] == ["chat.startStream", "chat.appendStream", "chat.stopStream"]
    assert "assistant.threads.setStatus" in methods
    assert slack.state.statuses == {}


async def test_a_mention_arrives_beside_its_message_with_another_event_id() -> None:
    async with workspace() as slack:
        app = bolt_app(slack)

        @app.event("message")
        @app.event("app_mention")
        async def seen() -> None: ...

        async with connected(slack, app):
            asked = slack.say("priya", "ask-policy", "@ibid hello")
            slack.say("priya", "dm", "@Ibid hello")
            await slack.settled()
    events = [delivery.payload for delivery in slack.sockets.deliveries]
    kinds = [(event["event"]["type"], event["event"].get("channel_type")) for event in events]
    assert kinds == [("message", "channel"), ("app_mention", None), ("message", "im")]
    assert events[0]["event"]["ts"] == events[1]["event"]["ts"] == asked.ts
    assert len({event["event_id"] for event in events}) == 3
    assert {delivery.attempt for delivery in slack.sockets.deliveries} == {0}


async def test_a_slash_command_is_acknowledged_and_answered_through_its_response_url() -> None:
    async with workspace() as slack:
        app = bolt_app(slack)

        @app.command("/ibid")
        async def ask(ack: Callable[..., Awaitable[None]], respond: Callable[..., Awaitable[Any]], command: Json) -> None:
            await ack()
            for n in range(6):
                answered = await respond(f"{n}: {command['text']}", response_type="in_channel" if n == 1 else "ephemeral")
            assert (answered.status_code, answered.body) == (404, "used_url")

        async with connected(slack, app):
            assert await slack.slash("priya", "ask-policy", "/ibid ask how many days?") == {}
            await slack.until(lambda: len(slack.messages("priya", "ask-policy")) == 5)
            tom = [message.text for message in slack.messages("tom", "ask-policy")]
    assert tom == ["1: ask how many days?"]


async def test_an_unanswered_slash_command_tells_the_person_alone() -> None:
    async with workspace() as slack:
        assert await slack.slash("priya", "ask-policy", "/ibid help") is None
        assert await slack.slash("priya", "ask-policy", "/nonsense") is None
    mine = [message.text for message in slack.messages("priya", "ask-policy")]
    assert mine == ["/ibid failed with the error “operation_timeout”.", "/nonsense is not a valid command."]
    assert slack.messages("tom", "ask-policy") == []


async def test_a_click_opens_a_modal_once_and_its_submission_reaches_the_app() -> None:
    async with workspace() as slack:
        app = bolt_app(slack)
        second: list[str] = []
        told: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        @app.action("source")
        async def opened(ack: Callable[..., Awaitable[None]], body: Json, client: AsyncWebClient) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=MODAL)
            try:
                await client.views_open(trigger_id=body["trigger_id"], view=MODAL)
            except SlackApiError as refusal:
                second.append(refusal.response["error"])

        @app.view("why")
        async def sent(ack: Callable[..., Awaitable[None]], view: Json) -> None:
            reason = view["state"]["values"]["reason"]["text"]["value"]
            if reason == "no":
                await ack(response_action="errors", errors={"reason": "Say a little more."})
                return
            await ack()
            told.set_result(reason)

        async with connected(slack, app):
            posted = await client(slack).chat_postMessage(channel="C01ASK", text="25 days", blocks=[SOURCE])
            reply = slack.state.message("C01ASK", str(posted["ts"]))
            await slack.click("priya", reply, "source")
            view = await slack.until(lambda: slack.modal("priya"))
            await slack.until(lambda: [call for call in slack.calls if call.answer.get("error")])
            assert slack.modal("tom") is None
            await slack.submit("priya", {"reason": "no"})
            assert slack.modal("priya") is not None
            await slack.submit("priya", {"reason": "It is 28 in Germany."})
            assert await told == "It is 28 in Germany."
    assert view["title"]["text"] == "Leave policy"
    assert second == ["exchanged_trigger_id"]
    assert slack.modal("priya") is None


async def test_feedback_buttons_say_which_thumb_was_pressed() -> None:
    async with workspace() as slack:
        app = bolt_app(slack)
        pressed: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        @app.action("feedback")
        async def thanks(ack: Callable[..., Awaitable[None]], action: Json, respond: Callable[..., Awaitable[Any]]) -> None:
            await ack()
            pressed.set_result(action["value"])
            await respond("Thank you.", replace_original=False)

        async with connected(slack, app):
            posted = await client(slack).chat_postMessage(channel="C01ASK", text="25 days", blocks=[FEEDBACK])
            reply = slack.state.message("C01ASK", str(posted["ts"]))
            await slack.click("priya", reply, "feedback", value="q1:down")
            assert await pressed == "q1:down"
            await slack.until(lambda: slack.messages("priya", "ask-policy")[-1].text == "Thank you.")
    assert [message.text for message in slack.messages("tom", "ask-policy")] == ["25 days"]


async def test_an_event_without_an_ack_is_sent_again_three_times() -> None:
    async with workspace(pause=lambda _: asyncio.sleep(0.05)) as slack:
        app = bolt_app(slack)  # no listener: Bolt answers 404 and sends no acknowledgement
        async with connected(slack, app):
            slack.say("priya", "general", "nothing for a bot")
            await slack.settled()
    tries = [(delivery.attempt, delivery.acked) for delivery in slack.sockets.deliveries]
    assert tries == [(0, False), (1, False), (2, False), (3, False)]
    assert len({delivery.envelope_id for delivery in slack.sockets.deliveries}) == 1


async def test_an_event_that_met_no_socket_comes_when_the_bot_is_back() -> None:
    async with workspace(pause=lambda _: asyncio.sleep(0.3)) as slack:
        app = bolt_app(slack)
        got: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        @app.event("message")
        async def heard(event: Json) -> None:
            got.set_result(event["text"])

        slack.say("priya", "dm", "anybody there?")
        async with connected(slack, app):
            assert await got == "anybody there?"
            await slack.settled()
    assert slack.sockets.deliveries[-1].attempt > 0


async def test_a_disconnect_makes_the_bot_come_back_on_a_new_socket() -> None:
    async with workspace(pause=lambda _: asyncio.sleep(0.2)) as slack:
        app = bolt_app(slack)

        @app.event("message")
        async def answer(say: Callable[..., Awaitable[Any]], event: Json) -> None:
            await say("here", thread_ts=event["ts"])

        async with connected(slack, app):
            opened = [call for call in slack.calls if call.method == "apps.connections.open"]
            await slack.sockets.disconnect()
            await slack.until(lambda: [c for c in slack.calls if c.method == "apps.connections.open"][len(opened) :])
            asked = slack.say("priya", "dm", "still there?")
            assert (await slack.reply_to(asked)).text == "here"


async def test_guests_outsiders_and_deactivated_accounts_look_as_in_slack() -> None:
    async with workspace() as slack:
        listed = (await client(slack).users_list())["members"]
        users = {user["name"]: user for user in listed}
        nils = (await client(slack).users_info(user="U14NILS"))["user"]
        page = await client(slack).users_list(limit=3)
        following = await client(slack).users_list(limit=3, cursor=page["response_metadata"]["next_cursor"])
    assert (users["carla"]["is_restricted"], users["carla"]["is_ultra_restricted"]) == (True, True)
    assert (users["priya"]["is_restricted"], users["greta"]["is_admin"]) == (False, True)
    assert users["bea"]["deleted"] is True
    assert "is_restricted" not in users["bea"]
    assert users["ibid"]["is_bot"] is True
    assert "nils" not in users
    assert (nils["team_id"], nils["is_stranger"]) == ("T0NORTHGATE", True)
    assert [user["id"] for user in page["members"] + following["members"]] == [user["id"] for user in listed[:6]]


async def test_channels_say_who_is_in_them_and_whether_outsiders_are() -> None:
    async with workspace() as slack:
        web = client(slack)
        facts = {key: (await web.conversations_info(channel=key))["channel"] for key in ("C01ASK", "C04PEOPLE", "C09NORTHGATE")}
        members = (await web.conversations_members(channel="C09NORTHGATE"))["members"]
        direct = (await web.conversations_open(users="U01PRIYA", return_im=True))["channel"]
        groups = {group["handle"]: group["users"] for group in (await web.usergroups_list(include_users=True))["usergroups"]}
        slack.leave("ruth", "people-team")
        slack.state.channel("people-team").members.remove("U0IBID")
        with pytest.raises(SlackApiError) as hidden:
            await web.conversations_info(channel="C04PEOPLE")
    assert [facts[key]["is_private"] for key in facts] == [False, True, False]
    assert [facts[key]["is_ext_shared"] for key in facts] == [False, False, True]
    assert facts["C09NORTHGATE"]["shared_team_ids"] == ["T0FERNHILL", "T0NORTHGATE"]
    assert {"U14NILS", "U0IBID"} <= set(members)
    assert (direct["is_im"], direct["user"]) == (True, "U01PRIYA")
    assert groups["hr"] == ["U07RUTH", "U08GRETA"]
    assert refused_with(hidden) == "channel_not_found"


async def test_an_unknown_field_is_accepted_and_remembered() -> None:
    async with workspace(strict=False) as slack:
        await client(slack).api_call("chat.postMessage", json={"channel": "C01ASK", "text": "hi", "colour": "red", "team_id": "T1"})
        with pytest.raises(SlackApiError) as unknown:
            await client(slack).api_call("no.such")
    assert refused_with(unknown) == "unknown_method"
    assert slack.unexpected == [("chat.postMessage", "colour"), ("no.such", "")]
    assert [message.text for message in slack.messages("priya", "ask-policy")] == ["hi"]


async def test_a_run_with_an_unknown_field_fails_at_its_end() -> None:
    opened = Workspace.start(ROSTER)
    slack = await opened.__aenter__()
    await client(slack).api_call("chat.postMessage", json={"channel": "C01ASK", "text": "hi", "colour": "red"})
    with pytest.raises(UnexpectedCalls, match=r"chat\.postMessage\(colour\)"):
        await opened.__aexit__(None, None, None)


@pytest.mark.parametrize(
    ("token", "error"), [("", "not_authed"), ("xoxb-wrong", "invalid_auth"), ("xapp-playground", "not_allowed_token_type")]
)
async def test_a_wrong_token_is_refused_and_never_recorded(token: str, error: str) -> None:
    async with (
        workspace() as slack,
        aiohttp.ClientSession() as session,
        session.post(slack.api_url + "auth.test", data={"token": token}) as answer,
    ):
        assert (await answer.json())["error"] == error
    assert slack.calls[0].fields == {}


@pytest.mark.parametrize(
    ("method", "fields", "error"),
    [
        ("chat.postMessage", {"channel": "C0NONE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C01ASK"}, "no_text"),
        ("chat.postMessage", {"channel": "C01ASK", "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": "C01ASK", "markdown_text": "x" * 12_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": "C01ASK", "text": "x", "thread_ts": "1.1"}, "thread_not_found"),
        ("chat.postEphemeral", {"channel": "C04PEOPLE", "user": "U01PRIYA", "text": "x"}, "user_not_in_channel"),
        ("chat.startStream", {"channel": "C01ASK"}, "invalid_thread_ts"),
        ("chat.appendStream", {"channel": "C01ASK", "ts": "1.1"}, "message_not_found"),
        ("views.open", {"trigger_id": "none", "view": MODAL}, "invalid_trigger_id"),
        ("views.open", {"trigger_id": "x", "view": {**MODAL, "private_metadata": "x" * 3001}}, "invalid_arguments"),
        ("views.open", {"trigger_id": "x", "view": {**MODAL, "title": {"type": "plain_text", "text": "x" * 25}}}, "invalid_arguments"),
        ("users.info", {"user": "U0NONE"}, "user_not_found"),
    ],
)
async def test_slack_refuses_with_its_own_words(method: str, fields: Json, error: str) -> None:
    async with workspace() as slack:
        with pytest.raises(SlackApiError) as refusal:
            await client(slack).api_call(method, json=fields)
    assert refused_with(refusal) == error


async def test_a_stream_ends_after_five_minutes_and_can_still_be_edited() -> None:
    now = [1_800_000_000.0]
    async with workspace(clock=lambda: now[0]) as slack:
        web = client(slack)
        asked = slack.say("priya", "ask-policy", "@Ibid how long?")
        with pytest.raises(SlackApiError) as missing:
            await web.chat_startStream(channel="C01ASK", thread_ts=asked.ts)
        ts = str((await web.chat_startStream(channel="C01ASK", thread_ts=asked.ts, markdown_text="Part ", **WHOSE))["ts"])
        now[0] += 301
        with pytest.raises(SlackApiError) as expired:
            await web.chat_appendStream(channel="C01ASK", ts=ts, markdown_text="two")
        await web.chat_update(channel="C01ASK", ts=ts, text="Part two")
    assert refused_with(missing) == "missing_recipient_user_id"
    assert refused_with(expired) == "message_not_in_streaming_state"
    assert slack.state.message("C01ASK", ts).plain == "Part two"


async def test_planned_faults_happen_once_and_a_lost_answer_still_did_its_work() -> None:
    async with workspace() as slack:
        patient = client(slack)
        patient.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
        slack.faults.rate_limit("chat.postMessage", retry_after=0)
        await patient.chat_postMessage(channel="C01ASK", text="after 429")
        hasty = AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])
        slack.faults.server_error("chat.postMessage")
        with pytest.raises(SlackApiError):
            await hasty.chat_postMessage(channel="C01ASK", text="never")
        slack.faults.lose_answer("chat.postMessage")
        with pytest.raises(aiohttp.ClientError):
            await hasty.chat_postMessage(channel="C01ASK", text="said, but who knows")
        slack.faults.drop("chat.postMessage")
        with pytest.raises(aiohttp.ClientError):
            await hasty.chat_postMessage(channel="C01ASK", text="unheard")
    assert [message.text for message in slack.messages("priya", "ask-policy")] == ["after 429", "said, but who knows"]


async def test_the_bots_own_words_come_back_to_it_and_bolt_ignores_them() -> None:
    async with workspace() as slack:
        app = bolt_app(slack)
        heard: list[Json] = []

        @app.event("message")
        async def hear(event: Json) -> None:
            heard.append(event)

        async with connected(slack, app):
            await client(slack).chat_postMessage(channel="C01ASK", text="to myself")
            await slack.settled()
    echo = slack.sockets.deliveries[0]
    assert (echo.payload["event"]["bot_id"], echo.acked) == ("B0IBID", True)
    assert heard == []


async def test_a_private_word_reaches_one_person_and_no_event() -> None:
    async with workspace() as slack:
        await client(slack).chat_postEphemeral(channel="C01ASK", user="U01PRIYA", text="for you alone")
    assert [message.text for message in slack.messages("priya", "ask-policy")] == ["for you alone"]
    assert slack.messages("tom", "ask-policy") == []
    assert slack.sockets.deliveries == []


async def test_joining_leaving_and_new_roles_are_told_as_events() -> None:
    async with workspace(pause=lambda _: asyncio.sleep(0.01)) as slack:
        slack.join("greta", "ask-policy")
        slack.leave("tom", "ask-policy")
        slack.change_person_of("tom", deactivated=True)
        slack.set_group("hr", ["greta"])
        slack.share("general", "T0NORTHGATE")
        slack.open_home("priya")
        await slack.settled()
    first = [delivery.payload["event"] for delivery in slack.sockets.deliveries if delivery.attempt == 0]
    assert [event["type"] for event in first] == [
        "member_joined_channel",
        "member_left_channel",
        "user_change",
        "subteam_updated",
        "subteam_members_changed",
        "channel_shared",
        "app_home_opened",
    ]
    assert first[2]["user"]["deleted"] is True
    assert first[4]["removed_users"] == ["U07RUTH"]
    assert first[6]["tab"] == "messages"


async def test_only_subscribed_events_are_sent() -> None:
    async with workspace(subscribed=frozenset({"app_mention"}), redeliver_after=(), pause=lambda _: asyncio.sleep(0.01)) as slack:
        slack.say("priya", "ask-policy", "@Ibid hello")
        await slack.settled()
    assert [delivery.payload["event"]["type"] for delivery in slack.sockets.deliveries] == ["app_mention"]


async def test_the_bot_hears_nothing_from_channels_that_it_is_not_in() -> None:
    async with workspace() as slack:
        slack.state.channel("finance").members.remove("U0IBID")
        said: Message = slack.say("hiro", "finance", "@Ibid are you here?")
        await slack.settled()
    assert said.text.startswith("<@U0IBID>")
    assert slack.sockets.deliveries == []
