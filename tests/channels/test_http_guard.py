"""Nothing that strangers or broken senders post to Ibid is believed, repeated in the log, or answered with a 500."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.signature import SignatureVerifier

from bot.adapters.memory import FixedClock, MemoryInbox
from bot.channels.slack.app import _bolt
from bot.channels.slack.errands import Errand
from bot.channels.slack.guard import FRESH, spoken, whose
from bot.channels.slack.http import HttpLine, Refusals
from bot.channels.slack.inbox import Door
from bot.channels.slack.introduction import Self
from bot.channels.slack.listeners import register
from bot.channels.slack.manifest import PATH
from bot.errors import ConversationUnavailable
from bot.settings import Address, read_settings
from bot.values import Delivery
from bot.web.site import LARGEST, reserved, site
from playground.request_url import signed
from tests.factories import NOW as NOON

SECRET = "a-signing-secret"
NOW = 1_800_000_000.0
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
WORD = "zebra"  # whatever a request says has it, and the log never does
ASKED: dict[str, Any] = {
    "type": "event_callback",
    "team_id": "T1",
    "event_id": "E1",
    "event": {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "ts": "1.1", "text": f"{WORD}?"},
}
COMMAND = {
    "command": "/ibid",
    "text": f"ask is {WORD} a payload?",
    "trigger_id": "1.2",
    "team_id": "T1",
    "user_id": "U1",
    "channel_id": "C1",
}
CLICK = {
    "type": "block_actions",
    "user": {"id": "U1"},
    "team": {"id": "T1"},
    "actions": [{"action_id": "feedback", "action_ts": "1.3", "value": WORD}],
}


MODAL: dict[str, Any] = {
    "type": "view_submission",
    "user": {"id": "U1"},
    "team": {"id": "T1"},
    "trigger_id": "1.4",
    "view": {"type": "modal", "id": "V1", "callback_id": "prompt_save", "state": {"values": {"text": {"0": {"value": WORD}}}}},
}


def headers(raw: bytes, content_type: str = JSON, **changed: str) -> dict[str, str]:
    made = {"Content-Type": content_type, **signed(raw, NOW, SECRET)}
    return {**made, **{f"X-Slack-{name.replace('_', '-').title()}": value for name, value in changed.items()}}


@dataclass
class Told:
    """Ibid behind the guard: everything that got through to it."""

    errands: list[Errand] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    full: bool = False

    def start(self, errand: Errand) -> None:
        self.errands.append(errand)

    def acknowledgement(self, errand: Errand) -> dict[str, Any]:
        return {"response_action": "clear"}

    def forget(self, event: dict[str, Any]) -> None:
        """The directory's part."""


class _Ibid:
    """As much of Ibid as its door asks."""

    def __init__(self, told: Told) -> None:
        self.clock = FixedClock(NOON)
        self.inbox = self
        self.attention = self
        self._rows = MemoryInbox(self.clock)
        self._told = told

    async def take(self, delivery: Delivery) -> bool:
        if self._told.full:
            raise ConversationUnavailable(f"the disk is full: {WORD}")
        return await self._rows.take(delivery)

    async def last(self, place: object) -> None:
        return None


@asynccontextmanager
async def listening(told: Told) -> AsyncIterator[Address]:
    """The real Bolt and the real listeners, behind the real server."""

    app = _bolt(read_settings({"SLACK_BOT_TOKEN": "xoxb-x"}), Self(team="T1", team_name="", user="U0", bot="B0"))
    ibid: Any = _Ibid(told)
    counter: Any = told
    register(app, Door(ibid, "U0"), counter, counter)
    line = HttpLine(app, SECRET, told.statuses.append, lambda: NOW)
    door = reserved(Address("127.0.0.1", 0))
    async with site(door, line.routes):
        yield Address(*door.getsockname())


async def post(told: Told, raw: bytes, given: dict[str, str]) -> tuple[int, str]:
    async with listening(told) as address, aiohttp.ClientSession() as session:
        async with session.post(f"http://{address}{PATH}", data=io.BytesIO(raw), headers=given) as response:
            status, text = response.status, await response.text()
        await asyncio.sleep(0)  # Bolt runs a listener after its acknowledgement
        return status, text


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    caplog.set_level(logging.DEBUG)
    return lambda: "\n".join(str(vars(record)) for record in caplog.records if record.name != "asyncio")


@given(st.text(), st.integers(-2 * FRESH, 2 * FRESH), st.text(min_size=1).filter(str.strip))
def test_the_verdict_is_the_sdks_wherever_the_sdk_has_one(text: str, age: int, secret: str) -> None:
    class Clock:
        def now(self) -> float:
            return NOW

    if not _encodes(text + secret):
        return
    raw, sent = text.encode(), signed(text.encode(), NOW - age, secret)
    stamp, signature = sent["X-Slack-Request-Timestamp"], sent["X-Slack-Signature"]
    verifier = SignatureVerifier(secret, Clock())  # type: ignore[arg-type]  # its own class is no protocol
    assert (whose(raw, [stamp], [signature], secret, NOW) == "slack") is verifier.is_valid(raw, stamp, signature)
    assert whose(raw + b" ", [stamp], [signature], secret, NOW) == "stranger"


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.parametrize(
    ("stamps", "signatures"),
    [
        ([], ["v0=" + "0" * 64]),
        (["1800000000"], []),
        (["1800000000", "1800000000"], ["v0=" + "0" * 64]),
        (["abc"], ["v0=" + "0" * 64]),
        ([""], [""]),
        (["1.5e9"], ["v0=" + "0" * 64]),
        (["-1800000000"], ["v0=" + "0" * 64]),
        (["1_800_000_000"], ["v0=" + "0" * 64]),
        (["\N{ARABIC-INDIC DIGIT ONE}"], ["v0=" + "0" * 64]),
        (["1" * 5000], ["v0=" + "0" * 64]),
        (["1800000000"], ["v0=" + "\N{LATIN SMALL LETTER E WITH ACUTE}" * 64]),
        (["1800000000"], ["v1=" + "0" * 64]),
        (["1800000000"], ["v0=" + "0" * 63]),
    ],
)
def test_headers_that_are_not_slacks_prove_nothing_and_raise_nothing(stamps: list[str], signatures: list[str]) -> None:
    assert whose(b"{}", stamps, signatures, SECRET, NOW) == "stranger"


@pytest.mark.parametrize("age", [-FRESH - 1, FRESH + 1])
def test_a_recording_is_late_however_well_it_is_signed(age: int) -> None:
    sent = signed(b"{}", NOW - age, SECRET)
    assert whose(b"{}", [sent["X-Slack-Request-Timestamp"]], [sent["X-Slack-Signature"]], SECRET, NOW) == "late"


MALFORMED = [
    (b"", JSON),
    (b"{", JSON),
    (b"null", JSON),
    (b"[1,2]", JSON),
    (b'"zebra"', JSON),
    (b"[" * 100_000, JSON),
    (b'{"a":' * 100_000, JSON),
    (b"\xff\xfe", JSON),
    (b'{"type": ' + b"9" * 5000 + b"}", JSON),
    (json.dumps(ASKED).encode(), FORM),
    (json.dumps(ASKED).encode(), ""),
    (json.dumps(ASKED).encode(), "multipart/form-data; boundary=zebra"),
    (json.dumps({**ASKED, "event": "zebra"}).encode(), JSON),
    (json.dumps({**ASKED, "event": {"text": "zebra"}}).encode(), JSON),
    (json.dumps({**ASKED, "event_id": None}).encode(), JSON),
    (json.dumps({**ASKED, "authorizations": ["zebra"]}).encode(), JSON),
    (json.dumps({**ASKED, "event": {"type": "reaction_added", "item": "zebra"}}).encode(), JSON),
    (b'{"type": "url_verification", "challenge": {"zebra": 1}}', JSON),
    (b'{"type": "zebra"}', JSON),
    (b"zebra", FORM),
    (b"payload=", FORM),
    (b"payload=zebra", FORM),
    (b"payload=%5B1%5D", FORM),
    (b"payload=%FF", FORM),
    (urlencode(COMMAND).encode() + b"&more=%FFzebra", FORM),
    (urlencode(COMMAND).encode() + b"&zebra", FORM),
    (b"text=zebra&no+command=1", FORM),
    (urlencode(COMMAND).encode() + b"".join(b"&zebra%d=1" % number for number in range(200)), FORM),
    (urlencode({**COMMAND, "trigger_id": ""}).encode(), FORM),
    (urlencode({"payload": json.dumps({**CLICK, "actions": []})}).encode(), FORM),
    (urlencode({"payload": json.dumps({**CLICK, "actions": "zebra"})}).encode(), FORM),
    (urlencode({"payload": json.dumps({**CLICK, "user": "zebra"})}).encode(), FORM),
    (urlencode({"payload": json.dumps({**CLICK, "container": [1]})}).encode(), FORM),
    (urlencode({"payload": json.dumps({**MODAL, "view": None})}).encode(), FORM),
    (urlencode({"payload": json.dumps({**MODAL, "trigger_id": None})}).encode(), FORM),
    (urlencode({"payload": json.dumps({**MODAL, "view": {"type": "workflow_step"}})}).encode(), FORM),
    *(
        (urlencode({"payload": json.dumps({**MODAL, "view": {"type": "modal", "state": state}})}).encode(), FORM)
        for state in ("zebra", {"values": ["zebra"]}, {"values": {"a": "zebra"}}, {"values": {"a": {"b": "zebra"}}})
    ),
]


@pytest.mark.parametrize(("raw", "content_type"), MALFORMED)
async def test_what_slack_signed_and_nobody_can_understand_is_400_and_not_repeated(
    raw: bytes, content_type: str, logged: Callable[[], str]
) -> None:
    told = Told()
    assert await post(told, raw, headers(raw, content_type)) == (400, "")
    assert told.errands == []
    assert told.statuses == [400]
    assert WORD not in logged()


@pytest.mark.parametrize(
    "changed",
    [
        {"request_timestamp": ""},
        {"request_timestamp": "abc"},
        {"request_timestamp": "1" * 5000},
        {"request_timestamp": str(int(NOW) - FRESH - 1)},
        {"signature": ""},
        {"signature": "v0=zebra"},
        {"signature": "v0=" + "\N{LATIN SMALL LETTER E WITH ACUTE}" * 64},
        {"signature": "v0=" + "0" * 64},
        {"retry_num": "1", "signature": ""},
    ],
)
async def test_what_is_not_proved_to_be_slacks_is_401_and_leaves_no_trace(changed: dict[str, str], logged: Callable[[], str]) -> None:
    raw, told = json.dumps(ASKED).encode(), Told()
    assert await post(told, raw, headers(raw, **changed)) == (401, "")
    assert told.errands == []
    assert WORD not in logged()
    assert "U1" not in logged()


async def test_a_body_over_a_megabyte_is_401_without_being_read_to_its_end(logged: Callable[[], str]) -> None:
    raw, told = b'{"zebra": "' + b"z" * LARGEST + b'"}', Told()
    assert (await post(told, raw, headers(raw)))[0] == 401
    assert WORD not in logged()


async def test_a_body_over_a_megabyte_of_unknown_length_is_401() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"z" * (LARGEST // 10)

    told = Told()
    async with listening(told) as address, aiohttp.ClientSession() as session:
        response = await session.post(f"http://{address}{PATH}", data=pieces(), headers=headers(b""))
        assert response.status == 401


async def test_a_compressed_body_is_not_unpacked_for_a_stranger() -> None:
    raw = gzip.compress(json.dumps(ASKED).encode())
    told = Told()
    assert (await post(told, raw, {**headers(json.dumps(ASKED).encode()), "Content-Encoding": "gzip"}))[0] == 401


RAW_REQUESTS = [
    b"zebra\r\n\r\n",
    b"POST /slack/events\r\n\r\n",
    b"POST /slack/events HTTP/1.1\r\nHost: x\r\nzebra\r\n\r\n",
    b"POST /slack/events HTTP/1.1\r\nHost: x\r\nX-Slack-Signature: zebra\x00\r\nContent-Length: 0\r\n\r\n",
    b"POST /slack/events HTTP/1.1\r\nHost: x\r\nX-Slack-Signature: \xff\xfezebra\r\nContent-Length: 0\r\n\r\n",
    b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: zebra\r\n\r\n",
    b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzebra\r\n",
    b'POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: zebra; zebra="\r\nContent-Length: 0\r\n\r\n',
    b"POST /slack/events HTTP/1.1\r\nHost: x\r\nX-Zebra: " + b"z" * 20_000 + b"\r\nContent-Length: 0\r\n\r\n",
    b"GET /slack/events?zebra HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /zebra HTTP/1.1\r\nHost: x\r\n\r\n",
]


@pytest.mark.parametrize("raw", RAW_REQUESTS)
async def test_what_is_hardly_http_is_refused_and_not_repeated(raw: bytes, logged: Callable[[], str]) -> None:
    told = Told()
    async with listening(told) as address:
        reader, writer = await asyncio.open_connection(address.host, address.port)
        writer.write(raw)
        await writer.drain()
        async with asyncio.timeout(5):
            status = int((await reader.readline()).split()[1])
        writer.close()
    assert status in (400, 401, 404, 405)
    assert told.errands == []
    assert WORD not in logged().lower()


async def test_a_body_that_breaks_off_is_nothing(logged: Callable[[], str]) -> None:
    told = Told()
    async with listening(told) as address:
        _, writer = await asyncio.open_connection(address.host, address.port)
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\nzebra")
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        assert await _answers(address)
    assert told.errands == []
    assert WORD not in logged()


async def test_a_body_whose_pieces_are_none_is_401(monkeypatch: pytest.MonkeyPatch, logged: Callable[[], str]) -> None:
    monkeypatch.setattr("bot.channels.slack.http.BODY_WITHIN", 0.2)  # the parser written in C gives up without telling who waits
    async with listening(Told()) as address:
        reader, writer = await asyncio.open_connection(address.host, address.port)
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n")
        async with asyncio.timeout(5):
            assert b" 100 " in await reader.readline()  # it waits for the body
            await reader.readline()
            writer.write(b"zebra\r\nzebra\r\n")
            assert int((await reader.readline()).split()[1]) == 401
        writer.close()
    assert WORD not in logged()


async def test_a_body_that_does_not_come_is_waited_for_only_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.slack.http.BODY_WITHIN", 0.05)
    async with listening(Told()) as address:
        reader, writer = await asyncio.open_connection(address.host, address.port)
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\nzebra")
        async with asyncio.timeout(5):
            assert b" 401 " in await reader.readline()
        writer.close()


async def test_a_head_that_does_not_come_is_waited_for_only_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.site.HEAD_WITHIN", 0.2)
    async with listening(Told()) as address:
        for begun in (b"", b"POST /slack/events HTTP/1.1\r\nHost: x\r\nX-Zebra: z", b"GET /zebra HTTP/1.1\r\nHost: x\r\n\r\nGET /zeb"):
            reader, writer = await asyncio.open_connection(address.host, address.port)
            writer.write(begun)
            async with asyncio.timeout(5):
                answered = await reader.read()  # to the end of the connection
            assert answered.startswith(b"HTTP/1.1 404") if begun.startswith(b"GET") else answered == b""
            writer.close()


async def test_strangers_who_take_every_connection_do_not_keep_slack_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.site.MOST_OPEN", 3)
    async with listening(Told()) as address:
        strangers = []
        for _ in range(8):
            strangers.append(await asyncio.open_connection(address.host, address.port))
            assert await _answers(address)
        async with asyncio.timeout(5):
            for reader, _ in strangers[:5]:
                assert await reader.read() == b""
        for _, writer in strangers:
            writer.close()


async def test_what_is_no_http_is_told_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    async with listening(Told()) as address:
        for _ in range(20):
            reader, writer = await asyncio.open_connection(address.host, address.port)
            writer.write(b"GET / HTTP/1.1\r\nzebra\r\n\r\n")
            assert b" 400 " in await reader.readline()
            writer.close()
    assert [record.name for record in caplog.records if record.name == "ibid.web"] == ["ibid.web"]


async def _answers(address: Address) -> bool:
    async with aiohttp.ClientSession() as session, session.get(f"http://{address}{PATH}") as response:
        return response.status == 405


@pytest.mark.parametrize(
    ("raw", "content_type", "what"),
    [
        (json.dumps(ASKED).encode(), JSON, "ask"),
        (json.dumps(ASKED).encode(), f"{JSON}; charset=utf-8", "ask"),
        (urlencode(COMMAND).encode(), FORM, "ask"),  # Bolt by itself takes the word "payload" in a command for an empty form
        (urlencode({"payload": json.dumps(CLICK)}).encode(), FORM, "feedback"),
        (urlencode({"payload": json.dumps(MODAL)}).encode(), FORM, "prompt"),
    ],
)
async def test_what_slack_signed_gets_through(raw: bytes, content_type: str, what: str) -> None:
    told = Told()
    status, text = await post(told, raw, headers(raw, content_type))
    assert (status, text) == (200, '{"response_action": "clear"}' if what == "prompt" else "")
    (errand,) = told.errands
    assert errand.what == what
    assert WORD in errand.text


async def test_what_cannot_be_written_down_is_503_so_that_it_is_sent_again(logged: Callable[[], str]) -> None:
    raw, told = json.dumps(ASKED).encode(), Told(full=True)
    assert await post(told, raw, headers(raw)) == (503, "")
    assert told.errands == []
    assert WORD not in logged()
    told.full = False
    assert (await post(told, raw, headers(raw, retry_num="1")))[0] == 200
    assert len(told.errands) == 1


async def test_the_challenge_of_the_request_url_is_answered_only_when_it_is_signed() -> None:
    raw = b'{"type": "url_verification", "token": "x", "challenge": "3eZbrT1t"}'
    status, text = await post(Told(), raw, headers(raw))
    assert (status, json.loads(text)) == (200, {"challenge": "3eZbrT1t"})
    assert await post(Told(), raw, headers(raw, signature="")) == (401, "")


async def test_the_certificate_check_is_answered_only_when_it_is_signed() -> None:
    raw = b"ssl_check=1&token=x"
    assert await post(Told(), raw, headers(raw, FORM)) == (200, "")
    assert await post(Told(), raw, headers(raw, FORM, signature="")) == (401, "")


async def test_a_command_that_is_not_ours_is_404_and_not_repeated(logged: Callable[[], str]) -> None:
    raw = urlencode({**COMMAND, "command": "/zebra"}).encode()
    assert (await post(Told(), raw, headers(raw, FORM)))[0] == 404
    assert WORD not in logged()


KEYS = st.sampled_from(
    (
        "type event event_id team_id user team channel actions action_id view container authorizations item enterprise message challenge "
        "command id text ts subtype is_ext_shared_channel response_urls ssl_check state values callback_id trigger_id private_metadata"
    ).split()
)
SAID = st.one_of(
    st.sampled_from(["event_callback", "message", "block_actions", "view_submission", "app_mention", "T1"]), st.text(max_size=5)
)
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), SAID)
NODES = st.recursive(
    LEAVES, lambda node: st.one_of(st.lists(node, max_size=3), st.dictionaries(st.one_of(KEYS, st.text(max_size=3)), node, max_size=6))
)
BODIES = st.one_of(
    st.dictionaries(KEYS, NODES, max_size=8),
    st.dictionaries(KEYS, NODES, max_size=6).map(lambda more: {**ASKED, **more}),
    st.dictionaries(KEYS, NODES, max_size=6).map(lambda more: {**ASKED, "event": {**ASKED["event"], **more}}),
    st.dictionaries(KEYS, NODES, max_size=6).map(lambda more: {**CLICK, **more}),
    st.dictionaries(KEYS, NODES, max_size=6).map(lambda more: {**MODAL, **more}),
    st.dictionaries(KEYS, NODES, max_size=6).map(lambda more: {**MODAL, "view": {**MODAL["view"], **more}}),
)


@settings(max_examples=100)
@given(BODIES, st.booleans())
async def test_no_json_that_is_signed_makes_a_500(body: dict[str, Any], as_form: bool) -> None:
    raw = urlencode({"payload": json.dumps(body)}).encode() if as_form else json.dumps(body).encode()
    status, _ = await post(Told(), raw, headers(raw, FORM if as_form else JSON))
    assert status in (200, 400, 404)


@given(st.binary(max_size=300), st.sampled_from([JSON, FORM, "", "text/plain"]))
def test_no_bytes_make_the_reader_raise(raw: bytes, content_type: str) -> None:
    body = spoken(raw, content_type)
    assert body is None or isinstance(body, dict)


def test_refusals_are_counted_and_told_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    refusals = Refusals(lambda: now[0])
    for _ in range(100):
        refusals.note("stranger")
    now[0] = 61.0
    refusals.note("late")
    told = [(vars(record)["unsigned"], vars(record)["late"]) for record in caplog.records]
    assert told == [(1, 0), (99, 1)]
