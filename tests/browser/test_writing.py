"""Who writes, chosen in the page for everybody; and what the drawer shows of what the model wrote."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import aiohttp
import pytest
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

pytestmark = pytest.mark.asyncio(loop_scope="session")
Look = Callable[..., Awaitable[Page]]

ASK_POLICY = "C01ASK"
PROMPT = """<sources>
[1] Annual leave › 4. Carrying over
4.1 Employees may carry over up to 10 days of leave.
</sources>

<question>
How many days of leave can I carry over?
</question>"""


async def asked(demo: str) -> tuple[int, str]:
    """Ask the model as the bot does: the status, and what it said."""
    body = {"model": "pretend-tuned", "messages": [{"role": "user", "content": PROMPT}]}
    headers = {"Authorization": "Bearer pretend"}
    async with aiohttp.ClientSession() as session, session.post(f"{demo}/v1/chat/completions", json=body, headers=headers) as answer:
        said = await answer.json()
        return answer.status, said["error"]["code"] if "error" in said else said["choices"][0]["message"]["content"]


async def test_the_writer_and_its_lie_are_chosen_with_the_keyboard_for_every_window(look: Look, demo: str) -> None:
    page, other = await look("priya"), await look("daniel")
    lie = page.get_by_role("button", name="Make it lie")
    await expect(page.get_by_role("radio", name="Quotes")).to_be_checked()
    await expect(lie).to_be_disabled()
    assert await asked(demo) == (HTTPStatus.NOT_FOUND, "model_not_found")

    await page.get_by_role("radio", name="Quotes").focus()
    await page.keyboard.press("ArrowRight")
    await expect(other.get_by_role("radio", name="Pretend model")).to_be_checked()
    assert await asked(demo) == (HTTPStatus.OK, "You may carry over up to 10 days of leave. [1]\n")

    await lie.focus()
    await page.keyboard.press("Space")
    pressed = other.get_by_role("button", name="Make it lie", pressed=True)
    await expect(pressed).to_have_accessible_description(re.compile("next answer it writes will hold one false sentence"))
    status, lying = await asked(demo)
    assert (status, lying.splitlines()) == (
        HTTPStatus.OK,
        ["You may carry over up to 10 days of leave. [1]", "You may carry over up to 17 days of leave. [1]"],
    )
    await expect(pressed).to_have_count(0)
    await expect(lie).to_be_focused()

    await other.get_by_role("radio", name="Quotes").check()
    await expect(page.get_by_role("radio", name="Quotes")).to_be_checked()
    await expect(lie).to_be_disabled()
    assert await asked(demo) == (HTTPStatus.NOT_FOUND, "model_not_found")


async def test_a_dropped_line_is_struck_through_with_its_reason_and_stands_in_no_thread(look: Look, demo: str) -> None:
    page = await look("sofia")
    lie = "Everybody may carry over 17 days of leave."
    record = {
        "channel": ASK_POLICY,
        "writer": "pretend-base",
        "tried": [{"writer": "pretend-tuned", "reason": "no such model"}],
        "cached": True,
        "tokens": {"prompt": 1840, "cached": 1024, "written": 63},
        "lines": [
            {"text": "You may carry over 10 days.", "shown": True, "reason": "", "sources": [1]},
            {"text": lie, "shown": False, "reason": "says 17, which is not in the cited source", "sources": [1]},
        ],
    }
    async with aiohttp.ClientSession() as session:
        bot = AsyncWebClient(token="xoxb-playground", base_url=f"{demo}/api/", session=session)
        said = await bot.chat_postMessage(channel=ASK_POLICY, text="You may carry over 10 days.")
        await session.post(f"{demo}/demo/behind", json=record | {"message_ts": said["ts"]})
    answer = page.locator(f'#log article[data-ts="{said["ts"]}"]')
    await answer.get_by_role("button", name="Behind this answer").click()

    drawer = page.get_by_role("complementary", name="Behind this answer")
    dropped = drawer.get_by_role("listitem").filter(has=page.get_by_role("img", name="Dropped"))
    await expect(dropped).to_have_count(1)
    await expect(dropped.get_by_role("deletion")).to_have_text(lie)
    await expect(dropped.get_by_role("deletion")).to_have_css("text-decoration-line", "line-through")
    await expect(dropped).to_contain_text("Never shown: it says 17, which is not in the cited source.")
    await expect(drawer.locator(".lines .shown")).to_have_css("text-decoration-line", "none")
    await expect(drawer.locator(".facts")).to_contain_text("pretend-tuned does not exist at its address")
    await expect(drawer.locator(".facts")).to_contain_text("Rememberedthe draft came from the cache")
    await expect(drawer.locator(".facts")).to_contain_text("1,840 read (1,024 of them from the model's own cache), 63 written")
    assert lie not in await page.locator("#log").inner_text()


async def test_what_the_model_lies_is_seen_behind_the_answer_and_nowhere_else(look: Look) -> None:
    page = await look("hiro")
    await expect(page.locator("#notice")).to_contain_text("policies are ready", timeout=60_000)
    await page.get_by_role("radio", name="Pretend model").check()
    await page.get_by_role("button", name="Make it lie").click()
    await page.locator("#composer textarea").fill("@Ibid How many days of unused annual leave can I carry over in the UK?")
    await page.locator("#composer textarea").press("Enter")
    answer = page.locator("#panel article").last
    await answer.get_by_role("button", name="Behind this answer").click(timeout=20_000)
    drawer = page.get_by_role("complementary", name="Behind this answer")
    await expect(drawer.locator(".facts").first).to_contain_text("pretend-tuned")
    lie = drawer.get_by_role("deletion")
    await expect(lie).to_have_count(1)
    lied = await lie.inner_text()
    await expect(drawer.locator(".lines .dropped .reason")).to_contain_text("which is not in the cited source")
    await page.keyboard.press("Escape")
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread).to_contain_text("you may carry over up to 5 days")
    said = await thread.inner_text()
    assert lied not in said
    await page.get_by_role("radio", name="Quotes").check()
    await expect(page.get_by_role("button", name="Make it lie")).to_be_disabled()
