"""The pretend workspace's own promises: its file, its words, its page, its demonstration."""

import asyncio
import re
import signal
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from playground import Message, RosterError, Setting, Workspace, read_roster
from playground.__main__ import main
from playground.demo import read_first_minute
from playground.texts import as_rich_text, as_sent

ROOT = Path(__file__).parents[2]
ROSTER = ROOT / "handbook" / "workspace.yaml"
PAGE = ROOT / "playground" / "page"
SVG_NAMESPACE = "http://www.w3.org/2000/svg"


def test_every_import_is_its_own_or_a_library() -> None:
    ours = {"bot", "knowledge", "evals", "handbook", "tests", "slack_sdk", "slack_bolt"}
    for file in (ROOT / "playground").rglob("*.py"):
        imported = set(re.findall(r"^\s*(?:from|import) (\w+)", file.read_text(), flags=re.MULTILINE))
        assert not imported & ours, file


def test_the_page_has_no_outside_address() -> None:
    files = [file for file in PAGE.iterdir() if file.is_file()]
    assert {"index.html", "app.js", "style.css"} <= {file.name for file in files}
    for file in files:
        text = file.read_text().replace(SVG_NAMESPACE, "")
        assert not re.search(r"""["'(=\s]//\w|(?:https?|wss?)://(?!\$\{location\.host\})[\w.]""", text), file.name


def test_the_page_never_reads_text_as_html() -> None:
    for file in PAGE.glob("*.js"):
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", file.read_text()), file.name


def test_the_first_minute_names_people_and_channels_that_exist() -> None:
    roster, plan = read_roster(ROSTER), read_first_minute()
    assert plan["channel"] in {channel.key for channel in roster.channels}
    assert [step["id"] for step in plan["steps"]] == ["ask", "source", "switch"]
    assert len(plan["steps"][0]["questions"]) == 3
    assert set(plan["steps"][2]["people"]) <= {person.key for person in roster.people}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("team: [", "not valid YAML"),
        ("people: {}", "missing or misshapen"),
        (
            "{team: {id: T, name: N, domain: d}, people: {a: {id: U, name: A, groups: [hr]}}, groups: {}, channels: {}}",
            "'hr' is not in groups",
        ),
        ("{team: {id: T, name: N, domain: d}, people: {}, channels: {x: {id: C, kind: public, members: [ghost]}}}", "ghost not in people"),
        ("{team: {id: T, name: N, domain: d}, people: {}, channels: {x: {id: C, kind: secret}}}", "use public, private or shared"),
    ],
)
def test_a_broken_workspace_file_says_what_is_wrong(tmp_path: Path, content: str, why: str) -> None:
    file = tmp_path / "workspace.yaml"
    file.write_text(content)
    with pytest.raises(RosterError, match=re.escape(why)):
        read_roster(file)


def test_the_command_says_which_file_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--workspace", str(tmp_path / "none.yaml")]) == 2
    assert "cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("@Ibid how long?", "<@U0IBID> how long?"),
        ("@ibid: a < b & c", "<@U0IBID>: a &lt; b &amp; c"),
        ("ask @Tom Okafor in #general", "ask <@U02TOM> in <#C02GENERAL|general>"),
        ("<@U0IBID> again", "<@U0IBID> again"),
        ("mail me@ibid.example, #nowhere @nobody", "mail me@ibid.example, #nowhere @nobody"),
        ("thanks @Ibid.", "thanks <@U0IBID>."),
    ],
)
def test_typed_names_become_mentions_and_nothing_else_does(typed: str, sent: str) -> None:
    roster = read_roster(ROSTER)
    assert as_sent(typed, list(roster.people), list(roster.channels)) == sent


def test_typed_text_travels_as_rich_text_too() -> None:
    section = as_rich_text("<@U0IBID> a &lt; b")[0]["elements"][0]["elements"]
    assert section == [{"type": "user", "user_id": "U0IBID"}, {"type": "text", "text": " a < b"}]


async def live(session: aiohttp.ClientSession, slack: Workspace, person: str) -> aiohttp.ClientWebSocketResponse:
    return await session.ws_connect(f"{slack.address}/live?as={person}")


async def next_of(window: aiohttp.ClientWebSocketResponse, kind: str) -> Any:  # noqa: ANN401  JSON of any shape
    async with asyncio.timeout(5):
        while True:
            told = await window.receive_json()
            if told["kind"] == kind:
                return told


async def test_each_window_sees_what_its_person_may_see_and_no_more() -> None:
    async with Workspace.start(ROSTER) as slack, aiohttp.ClientSession() as session:
        ruth, priya = await live(session, slack, "ruth"), await live(session, slack, "priya")
        hello = await next_of(priya, "hello")
        await next_of(ruth, "hello")
        slack.say("ruth", "people-team", "between us")
        slack.say("ruth", "ask-policy", "for all")
        private = await next_of(ruth, "message")
        public = await next_of(priya, "message")
    assert "people-team" not in {channel["key"] for channel in hello["channels"]}
    assert "dm-priya" in {channel["key"] for channel in hello["channels"]}
    assert private["message"]["text"] == "between us"
    assert public["message"]["text"] == "for all"


async def test_a_window_acts_only_where_its_person_may_look() -> None:
    async with Workspace.start(ROSTER) as slack, aiohttp.ClientSession() as session:
        window = await live(session, slack, "priya")
        await window.send_json({"do": "say", "channel": "C04PEOPLE", "text": "let me in"})
        refused = await next_of(window, "refused")
        await window.send_json({"do": "say", "channel": "C01ASK", "text": "@Ibid hello"})
        said = await next_of(window, "message")
    assert refused["error"] == "channel_not_found"
    assert slack.messages("ruth", "people-team") == []
    assert said["message"]["text"] == "<@U0IBID> hello"


async def test_a_public_channel_can_be_read_before_it_is_joined_and_written_after() -> None:
    async with Workspace.start(ROSTER, Setting(redeliver_after=())) as slack, aiohttp.ClientSession() as session:
        window = await live(session, slack, "greta")
        await window.send_json({"do": "say", "channel": "C01ASK", "text": "hello"})
        assert (await next_of(window, "refused"))["error"] == "not_in_channel"
        await window.send_json({"do": "join", "channel": "C01ASK"})
        assert (await next_of(window, "channel"))["channel"]["joined"] is True
        await window.send_json({"do": "say", "channel": "C01ASK", "text": "hello"})
        assert (await next_of(window, "message"))["message"]["text"] == "hello"


@pytest.mark.parametrize("headers", [{"Origin": "http://elsewhere.example"}, {"Host": "elsewhere.example"}])
async def test_other_sites_are_kept_out(headers: dict[str, str]) -> None:
    async with Workspace.start(ROSTER) as slack, aiohttp.ClientSession() as session:
        async with session.get(slack.address, headers=headers) as answer:
            assert answer.status == 403
        async with session.get(slack.address) as answer:
            assert answer.status == 200
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        async with session.get(f"{slack.address}/page/..%2Fstate.py") as answer:
            assert answer.status == 404


async def test_the_notice_reaches_every_window() -> None:
    async with Workspace.start(ROSTER) as slack, aiohttp.ClientSession() as session:
        window = await live(session, slack, "priya")
        await next_of(window, "hello")
        async with session.post(f"{slack.address}/demo/notice", json={"text": "Reading the handbook 30 %"}) as answer:
            assert answer.status == 200
        assert (await next_of(window, "notice"))["text"] == "Reading the handbook 30 %"
        async with session.post(f"{slack.address}/demo/notice", data="{}") as answer:
            assert answer.status == 415


async def test_what_is_behind_a_private_answer_never_hangs_on_a_public_one() -> None:
    async with Workspace.start(ROSTER, Setting(redeliver_after=())) as slack, aiohttp.ClientSession() as session:
        asked = slack.say("priya", "ask-policy", "@Ibid a question")
        public = Message(ts=slack.state.next_ts(), channel="C01ASK", user="U0IBID", text="for all", thread_ts=asked.ts)
        slack.state.post(public)
        behind = {"channel": "C01ASK", "thread_ts": asked.ts, "readers": ["Priya Raman"], "passages": []}
        async with session.post(f"{slack.address}/demo/behind", json=behind):
            assert slack.demo.behind == {}
        alone = Message(ts=slack.state.next_ts(), channel="C01ASK", user="U0IBID", text="psst", thread_ts=asked.ts, only_for="U01PRIYA")
        slack.state.post(alone)
        assert set(slack.demo.behind) == {("C01ASK", alone.ts)}
        everyone = behind | {"readers": ["everyone at the company"], "message_ts": public.ts}
        async with session.post(f"{slack.address}/demo/behind", json=everyone) as answer:
            assert answer.status == 200
        assert slack.demo.behind["C01ASK", public.ts]["readers"] == ["everyone at the company"]


async def test_the_command_serves_until_it_is_stopped(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    arguments = ["-m", "playground", "--workspace", str(ROSTER), "--port", "0", "--ready-file", str(ready)]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    address = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
    assert ready.read_text() == address
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address)
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        assert "Ibid playground" in await answer.text()
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 10) == 0
