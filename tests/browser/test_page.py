"""The first minute and what follows it, in a browser, against the real bot in the pretend workspace."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from aiohttp import ClientSession
from playwright.async_api import Locator, Page, expect
from slack_sdk.web.async_client import AsyncWebClient

pytestmark = pytest.mark.asyncio(loop_scope="session")
Look = Callable[..., Awaitable[Page]]

ASK_POLICY = "C01ASK"
READY = 60_000  # milliseconds: the first time the handbook is read, on a slow machine


async def ready(page: Page) -> None:
    await expect(page.locator("#notice")).to_contain_text("policies are ready", timeout=READY)


async def ask(page: Page, text: str) -> Locator:
    """Type it where one types, and wait for the end of what is answered beside it."""
    box = page.locator("#composer textarea")
    await box.fill(text)
    await box.press("Enter")
    return await answered(page)


async def answered(page: Page) -> Locator:
    answer = page.locator("#panel article").last
    await expect(answer.get_by_role("button", name="Behind this answer")).to_be_visible(timeout=20_000)
    return answer


def source(answer: Locator, number: int) -> Locator:
    return answer.locator(".section", has_text=f"Source {number}:")


async def test_the_page_opens_on_a_first_minute_that_can_be_clicked(look: Look) -> None:
    page = await look()
    await expect(page.get_by_role("heading", name="Your first minute with Ibid")).to_be_visible()
    await expect(page.locator("#minute .question")).to_have_count(3)
    await expect(page.locator("#heading")).to_contain_text("ask-policy")
    await ready(page)
    await expect(page.locator("#notice")).to_contain_text("Answers are quotes")


async def test_the_first_minute_leads_from_a_question_to_its_proof_to_another_reader(look: Look) -> None:
    page = await look()
    await ready(page)

    await page.locator("#minute .question").first.click()
    answer = await answered(page)
    await expect(answer).to_contain_text("25 days")
    await expect(answer).to_contain_text("[1]")
    await expect(source(answer, 1)).to_contain_text("Annual leave (United Kingdom)")

    await source(answer, 1).get_by_role("button").click()
    highlighted = page.locator("#modal[open] strong")
    await expect(highlighted).to_be_visible()
    quoted = (await highlighted.inner_text()).strip("▸◂ ")
    assert quoted in await answer.inner_text()
    await page.keyboard.press("Escape")

    await page.get_by_role("button", name="As Priya").click()
    for_priya = await (await answered(page)).inner_text()
    await page.get_by_role("button", name="As Ruth").click()
    await expect(page.locator("#who")).to_contain_text("Ruth Adeyemi")
    await expect(page.locator("#panel article").last).to_contain_text("Leave exceptions", timeout=20_000)
    for_ruth = await (await answered(page)).inner_text()
    assert "£3,150" in for_ruth
    assert "Leave exceptions" not in for_priya
    assert "£" not in for_priya
    await expect(page.locator("#minute")).to_contain_text("That was the first minute")


async def test_what_is_behind_an_answer_opens_with_its_lines_and_passages(look: Look) -> None:
    page = await look("tom")
    await ready(page)
    answer = await ask(page, "@Ibid How many days a week can I work from home?")
    await answer.get_by_role("button", name="Behind this answer").click()
    drawer = page.get_by_role("complementary", name="Behind this answer")
    await expect(drawer).to_contain_text("Tom Okafor")
    await expect(drawer.locator(".lines li.shown").first).to_be_visible()
    await expect(drawer.locator(".passages li.used").first).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("complementary", name="Thread")).to_be_visible()


async def test_a_reply_is_seen_growing_while_it_is_written(look: Look, demo: str) -> None:
    page = await look()
    await ready(page)
    async with ClientSession() as session:
        bot = AsyncWebClient(token="xoxb-playground", base_url=f"{demo}/api/", session=session)
        root = await bot.chat_postMessage(channel=ASK_POLICY, text="A question that takes its time")
        await page.locator("#log article", has_text="takes its time").hover()
        stream = await bot.chat_stream(
            buffer_size=1, channel=ASK_POLICY, thread_ts=str(root["ts"]), recipient_team_id="T0FERNHILL", recipient_user_id="U01PRIYA"
        )
        await stream.append(markdown_text="The first sentence. ")
        await page.locator("#log article", has_text="takes its time").locator(".summary").click()
        growing = page.locator("#panel article").last
        await expect(growing).to_contain_text("The first sentence.")
        await expect(growing).not_to_contain_text("The second sentence.")
        await stream.append(markdown_text="The second sentence.")
        await expect(growing).to_contain_text("The first sentence. The second sentence.")
        await stream.stop()


async def test_an_answer_shows_up_in_the_windows_of_others_without_a_reload(look: Look) -> None:
    sofia, daniel = await look("sofia"), await look("daniel")
    await ready(sofia)
    await ask(sofia, "@Ibid What is the hotel limit per night in London?")
    await expect(daniel.locator("#log")).to_contain_text("hotel limit per night in London")
    await expect(daniel.locator("#log article", has_text="hotel limit per night in London")).to_contain_text("1 reply")


async def test_what_a_channel_may_not_see_is_in_none_of_its_windows(look: Look) -> None:
    ruth, priya = await look("ruth"), await look("priya")
    await ready(ruth)
    box = ruth.locator("#composer textarea")
    await box.fill("@Ibid What is the midpoint of salary band F3?")
    await box.press("Enter")
    asked = priya.locator("#log article", has_text="midpoint of salary band F3")
    await expect(asked.locator(".summary")).to_be_visible(timeout=20_000)
    await asked.locator(".summary").click()
    await answered(priya)
    assert "42,100" not in await priya.content()
    assert "Salary bands" not in await priya.locator("#panel").inner_text()


async def test_a_thread_goes_on_without_a_mention(look: Look) -> None:
    page = await look("lena")
    await ready(page)
    await ask(page, "@Ibid How much annual leave do employees in Germany get?")
    reply = page.locator("#panel textarea")
    await reply.fill("and how many days can I carry over?")
    await reply.press("Enter")
    await expect(page.locator("#panel .behind-button")).to_have_count(2, timeout=20_000)
    follow_up = await answered(page)
    await expect(source(follow_up, 1)).to_contain_text("Germany")


async def test_what_the_handbook_does_not_say_is_said_to_be_missing(look: Look) -> None:
    page = await look("marcus")
    await ready(page)
    answer = await ask(page, "@Ibid Who won the chess tournament in 1987?")
    await expect(answer.locator(".section", has_text="Source 1:")).to_have_count(0)
    await expect(answer).not_to_contain_text("[1]")


async def test_where_outsiders_read_along_only_the_asker_sees_the_answer(look: Look) -> None:
    tom, nils = await look("tom"), await look("nils")
    await ready(tom)
    await tom.locator("#sidebar").get_by_role("button", name="northgate").click()
    await expect(tom.locator("#heading")).to_contain_text("northgate")
    await tom.locator("#composer textarea").fill("@Ibid How many days of annual leave do I get in the UK?")
    await tom.locator("#composer textarea").press("Enter")
    alone = tom.locator("article.alone", has_text="25 days").first
    await expect(alone).to_contain_text("Only visible to you", timeout=20_000)
    await nils.locator("#sidebar").get_by_role("button", name="northgate").click()
    await expect(nils.locator("#log")).to_contain_text("How many days of annual leave")
    assert "25 days" not in await nils.content()
