"""`/ibid prompts`: an admin changes what is said to models, sees what that does before it is live, and takes it back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.quote_writer import QuoteWriter
from bot.cli.trial import open_trial
from bot.prompts import PromptVersion
from tests.channels.conftest import CARRY, Bench
from tests.channels.prompt_office import RULE, Office, an_office, text_of
from tests.factories import an_answering

SECRET = "the zebra project is secret"


@pytest.fixture
async def office(idle_bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr("bot.adapters.prompt_watch.EVERY", 0.02)
    return await an_office(idle_bench, tmp_path)


async def test_a_prompt_opens_with_its_text_its_version_and_what_has_to_stand_in_it(office: Office) -> None:
    message = await office.listed()
    for words in (
        "*answer*: Writes the answer from numbered sources",
        "Version 1 from its file, 16 November 2026 · `",
        "*voice*",
        "*judge*",
    ):
        assert words in message.plain
    edit = await office.opened("answer")
    (box,) = [block["element"] for block in edit["blocks"] if block.get("block_id") == "text-0"]
    assert (box["initial_value"], box["multiline"], edit["submit"]["text"]) == (office.texts()[0], True, "Check")
    assert "Version 1 from its file" in text_of(edit)
    assert "`{{ sources }}`" in text_of(edit)


async def test_a_prompt_made_worse_on_purpose_is_caught_published_all_the_same_seen_and_taken_back(office: Office) -> None:
    good = office.texts()[0]
    worse = good.replace(RULE, "")
    assert worse != good
    before = await office.answer()
    assert f"{CARRY} [1]" in before.plain
    assert "Quoted word for word" not in before.plain
    hashed = office.hash_of_answer()

    await office.opened("answer")
    acknowledged = await office.bench.slack.submit("greta", {"text-0": worse})
    assert acknowledged
    assert acknowledged["response_action"] == "push"
    view = await office.says("*A trial* asks")
    assert "It does not ask for a source, like [2], behind each line" in text_of(view)
    assert "It can be published all the same" in text_of(view)
    assert "asks ibid-voice 10 golden questions" in text_of(view)
    assert "about 40 s; about 0.0" in text_of(view)
    assert view["close"]["text"] == "Back to the text"

    await office.pressed("prompt_try", values={"reason": "shorter"})
    view = await office.says("*Tried on 10 questions with ibid-voice:* 0 better, 7 worse, 3 as before")
    assert "Your text does worse than the live one" in text_of(view)
    assert "*Before* (right): Employees may carry over up to five days" in text_of(view)
    assert "*After* (finds nothing): no answer" in text_of(view)
    assert office.texts() == [good]

    assert await office.bench.slack.submit("greta", {"reason": "shorter, and cheaper"})
    view = await office.says("*Version 2 of answer is live.* shorter, and cheaper")
    live = office.prompts.live.answer_hash
    assert f"Answers carry `{live}` from now on" in text_of(view)
    after = await office.answer()
    assert "Quoted word for word" in after.plain
    assert (office.hash_of_answer(), live == hashed) == (live, False)
    await office.bench.slack.close_modal("greta")
    assert office.bench.slack.modal("greta") is None

    view = await office.opened("answer", act="prompt_history")
    assert "by Greta Lindqvist, 16 November 2026, 09:00 UTC" in text_of(view)
    assert "shorter, and cheaper" in text_of(view)
    (back,) = [block["accessory"] for block in view["blocks"] if block.get("accessory")]
    assert back["confirm"]["title"]["text"] == "Roll back answer?"
    await office.pressed("prompt_roll_back", value="1")
    await office.says("*Version 3 of answer is live.* back to version 1")
    await office.bench.quiet()
    assert f"{CARRY} [1]" in (await office.answer()).plain
    await office.bench.quiet()
    assert office.hash_of_answer() == hashed
    assert office.texts() == [good, worse, good]
    assert not await office.bench.inbox.waiting()


async def test_who_published_and_rolled_back_what_is_logged_and_no_text_is(office: Office, logged: Callable[[], str]) -> None:
    await office.checked(f"{office.texts()[0]}\nBe brief.")
    await office.bench.slack.submit("greta", {"reason": "briefer answers"})
    await office.says("*Version 2 of answer is live.*")
    await office.opened("answer", act="prompt_history")
    await office.pressed("prompt_roll_back", value="1")
    await office.says("*Version 3 of answer is live.*")
    for words in ("a prompt was published", "a prompt was rolled back", "'by': 'U08GRETA'", "'prompt': 'answer'", "'version': 3"):
        assert words in logged()
    for words in ("Use only the numbered sources", "Be brief", "briefer answers"):
        assert words not in logged()


async def test_what_is_wrong_in_a_text_is_said_below_it_and_the_text_stays(office: Office) -> None:
    edit = await office.opened("answer")
    told = await office.bench.slack.submit("greta", {"text-0": "Answer {{ question }} from {{ document }}."})
    assert told
    assert told["response_action"] == "errors"
    assert "{{ document }} is not known here." in told["errors"]["text-0"]
    assert "{{ sources }} is missing." in told["errors"]["text-0"]
    await office.bench.quiet()
    assert office.modal()["id"] == edit["id"]
    assert not await office.bench.inbox.waiting()
    assert len(office.texts()) == 1


async def test_a_text_without_a_reason_is_not_published(office: Office) -> None:
    await office.checked(f"{office.texts()[0]}\nBe brief.")
    told = await office.bench.slack.submit("greta", {"reason": "  "})
    assert told == {"response_action": "errors", "errors": {"reason": "Say why: it is kept with the version."}}
    await office.bench.quiet()
    assert len(office.texts()) == 1


async def test_a_reason_that_was_given_with_the_text_is_there_when_it_is_published(office: Office) -> None:
    view = await office.checked(f"{office.texts()[0]}\nBe brief.", reason="briefer answers")
    (reason,) = [block["element"] for block in view["blocks"] if block.get("block_id") == "reason"]
    assert reason["initial_value"] == "briefer answers"
    assert "There is nothing to object to" in text_of(view)


async def test_only_admins_see_a_prompt_and_every_click_is_authorised_again(office: Office) -> None:
    assert "Only admins may do that" in (await office.listed("priya")).text
    message = await office.listed("greta")
    stolen = replace(message, ts="9999999999.000001", only_for="U01PRIYA")
    office.bench.slack.state.messages[message.channel][stolen.ts] = stolen
    for act in ("prompt_open", "prompt_history"):
        await office.bench.slack.click("priya", stolen, act, value="answer")
        await office.says("Only admins may do that", person="priya")
        await office.bench.slack.close_modal("priya")
    await office.checked(f"{office.texts()[0]}\nBe brief.")
    sockets, whose = office.bench.slack.sockets, office.bench.slack.interactions._whose(office.bench.slack.state.person("priya"))
    about = json.loads(office.modal()["private_metadata"])
    view = office.modal() | {"id": "V9999", "state": {"values": {"reason": {"reason": {"type": "plain_text_input", "value": "mine"}}}}}
    click = {"action_id": "prompt_try", "block_id": "b", "type": "button", "value": about["draft"], "action_ts": "1.1"}
    await sockets.ask("interactive", whose | {"type": "block_actions", "trigger_id": "t1", "view": view, "actions": [click]})
    await office.bench.slack.until(lambda: "Only admins may do that" in office.bench.seen_by("priya", "dm"))
    pushed = await sockets.ask("interactive", whose | {"type": "view_submission", "trigger_id": "t2", "view": view})
    assert "Be brief" not in str(pushed)
    await office.bench.quiet()
    assert office.bench.seen_by("priya", "dm").count("Only admins may do that") >= 2
    assert "Use only the numbered sources" not in office.bench.seen_by("priya", "dm") + office.bench.seen_by("priya", "general")
    assert len(office.texts()) == 1


async def test_a_text_that_another_admin_checked_cannot_be_published_in_ones_own_name(office: Office) -> None:
    await office.checked(f"{office.texts()[0]}\nBe brief.")
    sockets, whose = office.bench.slack.sockets, office.bench.slack.interactions._whose(office.bench.slack.state.person("jonas"))
    view = office.modal() | {"id": "V9999", "state": {"values": {"reason": {"reason": {"type": "plain_text_input", "value": "mine"}}}}}
    await sockets.ask("interactive", whose | {"type": "view_submission", "trigger_id": "t2", "view": view})
    await office.bench.slack.until(lambda: "this one is gone" in office.bench.seen_by("jonas", "dm"))
    assert len(office.texts()) == 1


async def test_who_publishes_over_a_newer_version_is_told_whose_it_is(office: Office) -> None:
    text = f"{office.texts()[0]}\nBe brief."
    await office.checked(text)
    await office.prompts.publish("answer", f"{text} Be kind.", author="Jonas Weber", reason="kindness")
    await office.bench.slack.submit("greta", {"reason": "briefer"})
    await office.says("Jonas Weber published version 2 of answer just now. Nothing was changed.")
    await office.bench.slack.close_modal("greta")
    await office.bench.slack.close_modal("greta")
    assert "text-0" in office.modal()["state"]["values"]  # the text is still there
    await office.bench.slack.submit("greta", {"text-0": text})
    view = await office.says("Jonas Weber has published version 2 of answer meanwhile")
    assert "submit" not in view
    assert len(office.texts()) == 2


async def test_a_roll_back_from_a_history_that_is_out_of_date_changes_nothing(office: Office) -> None:
    good = office.texts()[0]
    await office.prompts.publish("answer", f"{good}\nBe brief.", author="Greta", reason="briefer")
    await office.opened("answer", act="prompt_history")
    await office.prompts.publish("answer", f"{good}\nBe kind.", author="Jonas Weber", reason="kindness")
    await office.pressed("prompt_roll_back", value="1")
    view = await office.says("Jonas Weber has published version 3 of answer meanwhile")
    assert "kindness" in text_of(view)
    assert len(office.texts()) == 3


async def test_a_checked_text_that_is_too_old_is_asked_for_again_kindly(office: Office) -> None:
    text = f"{office.texts()[0]}\nBe brief."
    await office.checked(text)
    office.bench.clock.advance(minutes=61)
    await office.pressed("prompt_try")
    await office.says("this one is gone. Go back to your text and check it again")
    await office.bench.slack.close_modal("greta")
    assert office.modal()["state"]["values"]["text-0"]["text-0"]["value"] == text
    await office.bench.slack.submit("greta", {"text-0": text})
    await office.says("*A trial* asks")
    office.bench.clock.advance(minutes=61)
    await office.bench.slack.submit("greta", {"reason": "late"})
    await office.says("this one is gone")
    assert len(office.texts()) == 1


async def test_a_long_prompt_is_edited_in_parts_and_kept_whole(office: Office) -> None:
    rules = "\n".join(f"- Rule {number} says that the answer is kept short and plain, and names no person at all." for number in range(60))
    long = office.texts()[0].replace(RULE, f"{RULE}{rules}\n\n")
    await office.prompts.publish("answer", long, author="Greta", reason="more rules")
    edit = await office.opened("answer")
    boxes = {block["block_id"]: block["element"]["initial_value"] for block in edit["blocks"] if str(block["block_id"]).startswith("text")}
    assert len(boxes) == 3
    assert "Text, part 1 of 3" in text_of(edit)
    assert all(len(value) <= 3000 for value in boxes.values())
    await office.bench.slack.submit("greta", {"text-1": boxes["text-1"].replace("Rule 40 ", "Rule forty "), "reason": "words"})
    await office.says("There is nothing to object to")
    await office.bench.quiet()
    await office.bench.slack.submit("greta", {"reason": "words"})
    await office.says("*Version 3 of answer is live.*")
    assert office.texts()[-1] == long.replace("Rule 40 ", "Rule forty ")


async def test_closing_a_trial_ends_it_and_pays_for_no_more_of_it(office: Office) -> None:
    await office.checked(f"{office.texts()[0]}\nBe brief.")
    office.model.gate = asyncio.Event()
    await office.pressed("prompt_try")
    view = await office.says("Trying it…")
    assert "ends the trial" in text_of(view)
    await office.bench.slack.until(lambda: len(office.model.requests) == 2)
    await office.bench.slack.close_modal("greta")
    await office.bench.quiet()
    assert len(office.model.requests) == 2  # the first question, old and new
    assert "text-0" in office.modal()["state"]["values"]
    assert not await office.bench.inbox.waiting()


async def test_a_second_trial_is_told_of_the_first(office: Office) -> None:
    text = f"{office.texts()[0]}\nBe brief."
    await office.checked(text)
    office.model.gate = asyncio.Event()
    await office.pressed("prompt_try")
    await office.bench.slack.until(lambda: office.model.requests)
    message = await office.listed("jonas")
    await office.bench.slack.click("jonas", message, "prompt_open", value="voice")
    await office.settled("jonas")
    await office.bench.slack.submit("jonas", {"text-0": "Be kind."})
    await office.says("*A trial* asks", person="jonas")
    await office.bench.slack.click_in_modal("jonas", "prompt_try")
    await office.says("Greta Lindqvist is trying answer just now (0 of …", person="jonas")
    office.model.gate.set()
    await office.says("*Tried on 10 questions")


async def test_without_a_model_there_is_nothing_to_try_and_it_is_said(office: Office) -> None:
    bench = office.bench
    await bench.disconnect()
    quotes = an_answering(bench.library, QuoteWriter(), ledger=bench.ledger, clock=bench.clock)
    ibid = replace(bench.ibid, answering=replace(quotes, prompts=lambda: office.prompts.live))
    bench.ibid = replace(ibid, trial=open_trial(ibid))
    await bench.connect()
    view = await office.checked(f"{office.texts()[0]}\nBe brief.")
    assert "No model is set up" in text_of(view)
    assert "prompt_try" not in str(view)
    assert view["submit"]["text"] == "Publish"


@pytest.mark.parametrize(("golden", "why"), [(None, "There are no golden questions"), ("- {}", "The golden questions cannot be used")])
async def test_without_golden_questions_it_is_said_what_to_do(office: Office, golden: str | None, why: str) -> None:
    file = office.bench.ibid.settings.documents / "golden.yaml"
    file.unlink()
    if golden:
        file.write_text(golden, encoding="utf-8")
    view = await office.checked(f"{office.texts()[0]}\nBe brief.")
    assert why in text_of(view)
    assert "prompt_try" not in str(view)


async def test_a_prompt_that_no_answer_is_made_with_is_not_tried(office: Office) -> None:
    await office.opened("judge")
    text = office.prompts.live["judge"].text
    await office.bench.slack.submit("greta", {"text-0": f"{text}\nBe strict."})
    await office.says("No answer is made with the prompt judge")


async def test_a_publication_that_a_crash_cut_off_is_not_done_again_but_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{office.texts()[0]}\nBe brief."
    await office.checked(text)
    added, publish = asyncio.Event(), office.store.add

    async def stuck(name: str, words: str, *, author: str, reason: str) -> PromptVersion:
        version = await publish(name, words, author=author, reason=reason)
        added.set()
        await asyncio.Event().wait()
        return version

    monkeypatch.setattr(office.store, "add", stuck)
    await office.bench.slack.submit("greta", {"reason": "briefer"})
    await added.wait()
    await office.bench.crash()
    monkeypatch.setattr(office.store, "add", publish)
    await office.prompts.open()
    await office.bench.connect()
    await office.says("*Version 2 of answer is live.* briefer")
    await office.bench.quiet()
    assert len(office.texts()) == 2
    assert not await office.bench.inbox.waiting()


async def test_a_publication_that_never_came_about_is_told_and_not_made_up_for(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    await office.checked(f"{office.texts()[0]}\nBe brief.")
    begun = asyncio.Event()

    async def stuck(*_: object, **__: object) -> PromptVersion:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    with monkeypatch.context() as patched:
        patched.setattr(office.store, "add", stuck)
        await office.bench.slack.submit("greta", {"reason": "briefer"})
        await begun.wait()
        await office.bench.crash()
    await office.bench.slack.close_modal("greta")  # and nobody looks when it is told: it comes as a direct message
    await office.bench.connect()
    await office.bench.slack.until(lambda: "Nothing was changed" in office.bench.seen_by("greta", "dm"))
    await office.bench.quiet()
    assert len(office.texts()) == 1
    assert not await office.bench.inbox.waiting()


async def test_a_roll_back_that_a_crash_cut_off_is_not_done_again_but_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    good = office.texts()[0]
    await office.prompts.publish("answer", f"{good}\nBe brief.", author="Greta", reason="briefer")
    await office.opened("answer", act="prompt_history")
    added, add = asyncio.Event(), office.store.add

    async def stuck(name: str, text: str, *, author: str, reason: str) -> PromptVersion:
        version = await add(name, text, author=author, reason=reason)
        added.set()
        await asyncio.Event().wait()
        return version

    with monkeypatch.context() as patched:
        patched.setattr(office.store, "add", stuck)
        await office.pressed("prompt_roll_back", value="1")
        await added.wait()
        await office.bench.crash()
    await office.prompts.open()
    await office.bench.connect()
    await office.says("*Version 3 of answer is live.* back to version 1")
    await office.bench.quiet()
    assert office.texts() == [good, f"{good}\nBe brief.", good]


async def test_a_trial_that_a_crash_cut_off_is_not_paid_for_again(office: Office) -> None:
    await office.checked(f"{office.texts()[0]}\nBe brief.")
    office.model.gate = asyncio.Event()
    await office.pressed("prompt_try")
    await office.bench.slack.until(lambda: office.model.requests)
    await office.bench.crash()
    asked = len(office.model.requests)
    office.model.gate.set()
    await office.bench.connect()
    await office.says("I was restarted, and the trial ended with that")
    await office.bench.quiet()
    assert len(office.model.requests) == asked
    assert not await office.bench.inbox.waiting()


async def test_what_nobody_foresaw_is_one_honest_sentence(
    office: Office, monkeypatch: pytest.MonkeyPatch, logged: Callable[[], str]
) -> None:
    def broken(name: str, text: str) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(office.prompts, "check", broken)
    await office.opened("answer")
    await office.bench.slack.submit("greta", {"reason": "briefer"})
    await office.bench.slack.until(lambda: "Something went wrong on my side" in office.bench.seen_by("greta", "dm"))
    await office.bench.quiet()
    assert not await office.bench.inbox.waiting()
    assert "zebra" not in logged()


async def test_a_button_whose_permission_is_over_says_so(office: Office) -> None:
    message = await office.listed()
    office.bench.slack.faults.refuse("views.open", "expired_trigger_id")
    await office.bench.slack.click("greta", message, "prompt_open", value="answer")
    await office.bench.slack.until(lambda: "Please press it once more" in office.bench.seen_by("greta", "general"))
    await office.bench.quiet()
    assert not await office.bench.inbox.waiting()


async def test_a_text_that_was_sent_when_ibid_died_is_checked_when_it_is_back(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{office.texts()[0]}\nBe brief."
    await office.opened("answer")
    begun = asyncio.Event()

    async def stuck(name: str) -> tuple[PromptVersion, ...]:
        begun.set()
        await asyncio.Event().wait()
        return ()

    with monkeypatch.context() as patched:
        patched.setattr(office.store, "versions", stuck)
        await office.bench.slack.submit("greta", {"text-0": text})
        await begun.wait()
        await office.bench.crash()
    await office.bench.connect()
    await office.says("*A trial* asks")


async def test_a_file_that_is_edited_badly_is_told_to_every_admin_once_and_the_good_version_stays(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, add = asyncio.Event(), office.store.add

    async def noted(name: str, text: str, *, author: str, reason: str) -> PromptVersion:
        version = await add(name, text, author=author, reason=reason)
        taken.set()
        return version

    monkeypatch.setattr(office.store, "add", noted)
    file = office.prompts.folder / "answer.md"
    good = file.read_text(encoding="utf-8")
    file.write_text(good.replace("{{ question }}", "{{ question }} {{ riddle }}"), encoding="utf-8")
    for admin in ("greta", "jonas"):
        await office.bench.slack.until(lambda admin=admin: "riddle" in office.bench.seen_by(admin, "dm"))  # type: ignore[misc]  # bound at once
    assert "The last good version stays live" in office.bench.seen_by("greta", "dm")
    assert "riddle" not in office.bench.seen_by("ruth", "dm")
    assert "riddle" in "".join(str(block) for block in (await office.listed()).blocks)
    file.write_text(f"{good}\nBe brief.\n", encoding="utf-8")
    await asyncio.wait_for(taken.wait(), 10)
    told = [message for message in office.bench.slack.messages("greta", "dm") if "riddle" in message.text]
    assert len(told) == 1
    assert office.texts()[-1].endswith("Be brief.")
