"""Who decides what is said to a model: an admin who publishes, a file that is edited, and never a file that an upgrade brought."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.adapters.memory import FixedClock
from bot.adapters.memory_prompts import MemoryPromptStore
from bot.errors import ConversationUnavailable, StalePrompt
from bot.flows.edit_prompt import PromptDesk
from bot.prompts import INPUTS, BadPrompt, PromptVersion
from bot.settings import HOME
from tests.factories import NOW

FRONT = "---\npurpose: The house style.\ninputs: []\n---\n"
Open = Callable[[], Awaitable[PromptDesk]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in INPUTS:
        (tmp_path / f"{name}.md").write_bytes((HOME / "prompts" / f"{name}.md").read_bytes())
    _write(tmp_path, "Be kind.")
    return tmp_path


@pytest.fixture
def store() -> MemoryPromptStore:
    return MemoryPromptStore(FixedClock(NOW))


@pytest.fixture
def opened(folder: Path, store: MemoryPromptStore) -> Open:
    """Opens the desk, as each start does."""

    async def open_one() -> PromptDesk:
        desk = PromptDesk(folder, store, FixedClock(NOW))
        await desk.open()
        return desk

    return open_one


def _write(folder: Path, text: str, name: str = "voice") -> None:
    (folder / f"{name}.md").write_text(FRONT + text + "\n", encoding="utf-8")


def _slow(store: MemoryPromptStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that lets others on while it writes, as a database does."""
    add = store.add

    async def slow_add(name: str, text: str, *, author: str, reason: str) -> PromptVersion:
        for _ in range(10):
            await asyncio.sleep(0)
        return await add(name, text, author=author, reason=reason)

    monkeypatch.setattr(store, "add", slow_add)


def _voice(desk: PromptDesk) -> str:
    return desk.live["voice"].text


async def _history(desk: PromptDesk, name: str = "voice") -> list[tuple[int, str, str]]:
    return [(one.number, one.text, one.author) for one in await desk.versions(name)]


async def test_at_the_first_start_each_file_becomes_version_one(opened: Open) -> None:
    desk = await opened()

    assert desk.live.prompts.keys() == INPUTS.keys()
    assert [(await _history(desk, name))[0][::2] for name in INPUTS] == [(1, "file")] * len(INPUTS)
    assert desk.live["voice"].purpose == "The house style."
    assert desk.troubles == {}
    assert await desk.take_files() == ()


async def test_a_start_with_nothing_new_adds_no_version(opened: Open) -> None:
    await opened()
    desk = await opened()
    await desk.take_files()

    assert await _history(desk) == [(1, "Be kind.", "file")]


async def test_what_is_published_is_live_with_author_reason_and_time(opened: Open) -> None:
    desk = await opened()

    version = await desk.publish("voice", "Be brief.", author="Priya", reason="too  long\nso far")

    assert version == PromptVersion(name="voice", number=2, text="Be brief.", author="Priya", reason="too long so far", at=NOW)
    assert _voice(desk) == "Be brief."
    assert desk.live["voice"].purpose == "The house style."
    assert (await desk.versions("voice"))[0] == version


async def test_a_snapshot_that_somebody_holds_never_changes(opened: Open) -> None:
    desk = await opened()
    held = desk.live
    await desk.publish("voice", "Be brief.", author="Priya", reason="long")

    assert held["voice"].text == "Be kind."
    assert held.answer_hash != desk.live.answer_hash
    with pytest.raises(TypeError):
        held.prompts["voice"] = desk.live["voice"]  # type: ignore[index]  # that it cannot be done is what is tested


async def test_front_matter_and_foreign_line_ends_are_not_published(opened: Open) -> None:
    desk = await opened()
    await desk.publish("voice", f"\ufeff{FRONT}Be brief.\r\nBe kind.\r\n", author="Priya", reason="long")

    assert _voice(desk) == "Be brief.\nBe kind."


@pytest.mark.parametrize(
    ("name", "text", "reason", "complaint"),
    [
        ("voice", "Be {{ mood }}.", "x", r"\{\{ mood \}\} is not known"),
        ("voice", "", "x", "empty"),
        ("voice", FRONT, "x", "empty"),
        ("answer", "Answer.", "x", r"\{\{ company \}\} is missing"),
        ("voice", "Be brief.", " \n", "reason"),
        ("voice", "Be brief.", "x" * 301, "300 is the most"),
        ("voices", "Be brief.", "x", "There is no prompt 'voices'; there are answer, "),
    ],
)
async def test_what_cannot_be_used_is_not_published(opened: Open, name: str, text: str, reason: str, complaint: str) -> None:
    desk = await opened()
    before = desk.live

    with pytest.raises(BadPrompt, match=complaint):
        await desk.publish(name, text, author="Priya", reason=reason)

    assert desk.live == before
    assert await _history(desk) == [(1, "Be kind.", "file")]


async def test_a_warning_is_said_and_keeps_nothing_from_being_published(opened: Open) -> None:
    desk = await opened()
    worse = desk.live["answer"].text.replace("NOT FOUND", "nothing")

    assert [remark.level for remark in desk.check("answer", worse)] == ["warning"]
    await desk.publish("answer", worse, author="Priya", reason="a test")
    assert desk.live["answer"].text == worse


async def test_a_check_says_that_nothing_is_changed(opened: Open) -> None:
    desk = await opened()

    assert [(one.level, one.words) for one in desk.check("voice", f"{FRONT}Be kind.\r\n")] == [("warning", "Nothing is changed.")]
    assert desk.check("voice", "Be brief.") == ()


async def test_a_prompt_that_does_not_exist_is_answered_with_those_that_do(opened: Open) -> None:
    desk = await opened()
    there = "There is no prompt 'voices'; there are answer, rewrite, judge, situate, describe, rank, voice, exemplars"

    with pytest.raises(BadPrompt, match=there):
        await desk.versions("voices")
    with pytest.raises(BadPrompt, match=there):
        desk.check("voices", "x")
    with pytest.raises(BadPrompt, match=there):
        await desk.roll_back("voices", author="Priya")


async def test_of_two_who_edit_the_same_version_the_second_is_told_who_was_first(folder: Path, store: MemoryPromptStore) -> None:
    clock = FixedClock(NOW)
    desk = PromptDesk(folder, store, clock)
    await desk.open()
    await desk.publish("voice", "Be brief.", author="Priya", reason="long", over=1)
    clock.advance(minutes=3)

    with pytest.raises(StalePrompt, match=r"Priya published version 2 of voice 3 minutes ago\. Nothing was changed\."):
        await desk.publish("voice", "Be warm.", author="Tom", reason="cold", over=1)

    assert _voice(desk) == "Be brief."
    await desk.publish("voice", "Be warm.", author="Tom", reason="cold", over=2)
    assert _voice(desk) == "Be warm."


async def test_a_file_that_was_edited_meanwhile_makes_an_edit_stale_too(opened: Open, folder: Path) -> None:
    desk = await opened()
    _write(folder, "Be brief.")
    await desk.take_files()

    with pytest.raises(StalePrompt, match="file published version 2 of voice just now"):
        await desk.publish("voice", "Be warm.", author="Tom", reason="cold", over=1)


async def test_many_who_publish_over_the_same_version_at_once_get_one_through(
    opened: Open, store: MemoryPromptStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await opened()
    _slow(store, monkeypatch)
    tries = [desk.publish("voice", f"Be {number}.", author="Priya", reason="x", over=1) for number in range(8)]
    done = await asyncio.gather(*tries, return_exceptions=True)

    assert sum(isinstance(one, PromptVersion) for one in done) == 1
    assert sum(isinstance(one, StalePrompt) for one in done) == 7
    assert len(await desk.versions("voice")) == 2


async def test_two_looks_at_once_take_an_edit_once(
    opened: Open, folder: Path, store: MemoryPromptStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await opened()
    _slow(store, monkeypatch)
    _write(folder, "Be brief.")
    await asyncio.gather(desk.take_files(), desk.take_files())

    assert len(await desk.versions("voice")) == 2


async def test_rolling_back_publishes_the_version_before_again(opened: Open) -> None:
    desk = await opened()
    await desk.publish("voice", "Be brief.", author="Priya", reason="long")
    await desk.publish("voice", "Be rude.", author="Tom", reason="fun")

    version = await desk.roll_back("voice", author="Priya")

    assert (version.number, version.text, version.author, version.reason) == (4, "Be brief.", "Priya", "back to version 2")
    assert _voice(desk) == "Be brief."
    assert await _history(desk) == [(4, "Be brief.", "Priya"), (3, "Be rude.", "Tom"), (2, "Be brief.", "Priya"), (1, "Be kind.", "file")]


async def test_rolling_back_goes_to_other_words_even_where_the_same_were_published_twice(opened: Open) -> None:
    desk = await opened()
    for _ in range(2):
        await desk.publish("voice", "Be rude.", author="Tom", reason="fun")

    assert (await desk.roll_back("voice", author="Priya")).text == "Be kind."


async def test_rolling_back_to_a_number_goes_there(opened: Open) -> None:
    desk = await opened()
    for text in ("Be brief.", "Be rude.", "Be loud."):
        await desk.publish("voice", text, author="Tom", reason="fun")

    assert (await desk.roll_back("voice", author="Priya", to=2)).reason == "back to version 2"
    assert _voice(desk) == "Be brief."


@pytest.mark.parametrize(("to", "complaint"), [(None, "an earlier version with other words"), (1, "a version 1"), (9, "a version 9")])
async def test_where_there_is_nothing_to_go_back_to_nothing_happens(opened: Open, to: int | None, complaint: str) -> None:
    desk = await opened()

    with pytest.raises(BadPrompt, match=f"voice does not have {complaint}.*; version 1 is live"):
        await desk.roll_back("voice", author="Priya", to=to)

    assert len(await desk.versions("voice")) == 1


async def test_an_edit_on_disk_is_live_at_the_next_look_and_once(opened: Open, folder: Path) -> None:
    desk = await opened()
    _write(folder, "Be brief.")

    assert await desk.take_files() == ()
    assert await desk.take_files() == ()
    newest = (await desk.versions("voice"))[0]
    assert (newest.number, newest.text, newest.author, newest.reason) == (2, "Be brief.", "file", "edited on disk")
    assert _voice(desk) == "Be brief."


async def test_an_edit_back_to_earlier_words_is_an_edit_too(opened: Open, folder: Path) -> None:
    desk = await opened()
    for text in ("Be brief.", "Be kind."):
        _write(folder, text)
        await desk.take_files()

    assert await _history(desk) == [(3, "Be kind.", "file"), (2, "Be brief.", "file"), (1, "Be kind.", "file")]


async def test_an_edit_on_disk_replaces_what_an_admin_published_while_running(opened: Open, folder: Path) -> None:
    desk = await opened()
    await desk.publish("voice", "Be brief.", author="Priya", reason="long")
    _write(folder, "Be warm.")
    await desk.take_files()

    assert _voice(desk) == "Be warm."


async def test_a_file_that_is_not_edited_never_undoes_what_was_published_or_rolled_back(opened: Open, folder: Path) -> None:
    desk = await opened()
    _write(folder, "Be rude.")
    await desk.take_files()
    await desk.roll_back("voice", author="Priya")
    (folder / "voice.md").touch()
    await desk.take_files()
    assert _voice(desk) == "Be kind."

    again = await opened()
    assert await again.take_files() == ()
    assert _voice(again) == "Be kind."
    assert again.troubles == {}


async def test_a_file_that_says_what_is_live_already_makes_no_version(opened: Open, folder: Path) -> None:
    desk = await opened()
    await desk.publish("voice", "Be brief.", author="Priya", reason="long")
    _write(folder, "Be brief.")
    await desk.take_files()

    assert len(await desk.versions("voice")) == 2
    assert (await desk.versions("voice"))[0].author == "Priya"


async def test_another_purpose_is_shown_without_a_version(opened: Open, folder: Path) -> None:
    desk = await opened()
    (folder / "voice.md").write_text("---\npurpose: How we sound.\ninputs: []\n---\nBe kind.\n")
    await desk.take_files()

    assert desk.live["voice"].purpose == "How we sound."
    assert len(await desk.versions("voice")) == 1


async def test_a_file_that_changed_while_stopped_is_taken_where_the_file_had_the_last_word(opened: Open, folder: Path) -> None:
    await opened()
    _write(folder, "Be brief.")
    desk = await opened()

    assert await _history(desk) == [(2, "Be brief.", "file"), (1, "Be kind.", "file")]
    assert desk.troubles == {}


async def test_a_file_that_changed_while_stopped_never_replaces_what_an_admin_published(opened: Open, folder: Path) -> None:
    first = await opened()
    await first.publish("voice", "Be brief.", author="Priya", reason="long")
    _write(folder, "New in this release.")

    desk = await opened()

    assert _voice(desk) == "Be brief."
    assert "prompts/voice.md differs from what was published" in desk.troubles["voice"]
    assert f"`ibid prompts publish voice {folder / 'voice.md'} --reason" in desk.troubles["voice"]
    assert await desk.take_files() == (desk.troubles["voice"],)
    assert await desk.take_files() == ()
    assert _voice(desk) == "Be brief."


async def test_publishing_the_file_or_editing_it_again_settles_that(opened: Open, folder: Path) -> None:
    await (await opened()).publish("voice", "Be brief.", author="Priya", reason="long")
    _write(folder, "New in this release.")

    desk = await opened()
    await desk.publish("voice", (folder / "voice.md").read_text(), author="Priya", reason="better")
    assert desk.troubles == {}
    assert (await opened()).troubles == {}

    _write(folder, "Newer still.")
    edited = await opened()
    _write(folder, "By hand.")
    await edited.take_files()
    assert edited.troubles == {}
    assert _voice(edited) == "By hand."


async def test_other_words_that_are_published_leave_the_file_undecided(opened: Open, folder: Path) -> None:
    await (await opened()).publish("voice", "Be brief.", author="Priya", reason="long")
    _write(folder, "New in this release.")
    desk = await opened()
    await desk.publish("voice", "Be warm.", author="Priya", reason="cold")

    assert "voice" in desk.troubles


BROKEN = [b"", b"Be brief.", FRONT.encode(), (FRONT + "Be {{ mood }}.").encode(), b"\xff\xfe", b"x" * 100_000]


@pytest.mark.parametrize("content", BROKEN)
async def test_a_broken_edit_is_told_once_and_the_last_good_version_stays_live(opened: Open, folder: Path, content: bytes) -> None:
    desk = await opened()
    (folder / "voice.md").write_bytes(content)

    (complaint,) = await desk.take_files()

    assert complaint.startswith("prompts/voice.md")
    assert complaint.endswith("The last good version stays live.")
    assert desk.troubles == {"voice": complaint}
    assert await desk.take_files() == ()
    assert await _history(desk) == [(1, "Be kind.", "file")]
    assert (_voice(desk), desk.live["voice"].purpose) == ("Be kind.", "The house style.")


async def test_another_fault_is_told_again_and_so_is_the_same_after_it_was_mended(opened: Open, folder: Path) -> None:
    desk = await opened()
    told = []
    for text in ("Be {{ mood }}.", "Be {{ mood }}!", "Be {{ tone }}.", "Be kind.", "Be {{ tone }}."):
        _write(folder, text)
        told.append(len(await desk.take_files()))

    assert told == [1, 0, 1, 0, 1]


async def test_a_broken_file_that_is_mended_is_taken_and_forgotten(opened: Open, folder: Path) -> None:
    desk = await opened()
    (folder / "voice.md").write_bytes(b"")
    await desk.take_files()
    _write(folder, "Be brief.")

    assert await desk.take_files() == ()
    assert desk.troubles == {}
    assert _voice(desk) == "Be brief."


async def test_a_deleted_file_is_told_and_its_return_is_no_edit(opened: Open, folder: Path) -> None:
    desk = await opened()
    await desk.publish("voice", "Be brief.", author="Priya", reason="long")
    (folder / "voice.md").rename(folder / "voice.bak")
    (complaint,) = await desk.take_files()
    assert "cannot be read: No such file" in complaint

    (folder / "voice.bak").rename(folder / "voice.md")
    assert await desk.take_files() == ()
    assert desk.troubles == {}
    assert _voice(desk) == "Be brief."


async def test_one_broken_file_keeps_no_other_from_being_taken(opened: Open, folder: Path) -> None:
    desk = await opened()
    (folder / "answer.md").write_bytes(b"")
    _write(folder, "Be brief.")
    await desk.take_files()

    assert _voice(desk) == "Be brief."
    assert desk.troubles.keys() == {"answer"}


async def test_a_broken_file_stops_the_first_start_and_no_later_one(opened: Open, folder: Path) -> None:
    good = (folder / "voice.md").read_bytes()
    (folder / "voice.md").unlink()
    with pytest.raises(BadPrompt, match=r"prompts/voice\.md cannot be read"):
        await opened()

    (folder / "voice.md").write_bytes(good)
    await opened()
    (folder / "voice.md").unlink()
    desk = await opened()
    assert _voice(desk) == "Be kind."
    assert desk.live["voice"].purpose == ""
    assert len(await desk.take_files()) == 1


async def test_a_file_that_appears_after_the_start_does_not_replace_what_an_admin_published(opened: Open, folder: Path) -> None:
    await (await opened()).publish("voice", "Be brief.", author="Priya", reason="long")
    (folder / "voice.md").unlink()
    desk = await opened()
    _write(folder, "New in this release.")
    (_,) = await desk.take_files()

    assert _voice(desk) == "Be brief."
    assert "differs from what was published" in desk.troubles["voice"]
    assert desk.live["voice"].purpose == "The house style."


async def test_a_version_that_a_new_release_cannot_use_gives_way_to_the_last_that_it_can(opened: Open, store: MemoryPromptStore) -> None:
    await (await opened()).publish("voice", "Be brief.", author="Priya", reason="long")
    await store.add("voice", "Be {{ gone }}.", author="Tom", reason="written for another release")

    desk = await opened()

    assert _voice(desk) == "Be brief."
    assert await _history(desk) == [
        (4, "Be brief.", "Ibid"),
        (3, "Be {{ gone }}.", "Tom"),
        (2, "Be brief.", "Priya"),
        (1, "Be kind.", "file"),
    ]
    (complaint,) = await desk.take_files()
    assert "back to version 2: version 3 cannot be used any more ({{ gone }} is not known here.)" in complaint
    assert await desk.take_files() == ()
    assert len(await (await opened()).versions("voice")) == 4


async def test_where_no_version_can_be_used_any_more_the_file_is_taken(opened: Open, store: MemoryPromptStore) -> None:
    await store.add("voice", "Be {{ gone }}.", author="Tom", reason="written for another release")
    desk = await opened()

    assert await _history(desk) == [(2, "Be kind.", "file"), (1, "Be {{ gone }}.", "Tom")]
    (complaint,) = await desk.take_files()
    assert "from the file: version 1 cannot be used any more" in complaint


async def test_a_version_that_can_no_longer_be_used_cannot_be_rolled_back_to(opened: Open, store: MemoryPromptStore) -> None:
    await store.add("voice", "Be {{ gone }}.", author="Tom", reason="written for another release")
    desk = await opened()

    with pytest.raises(BadPrompt, match="not known"):
        await desk.roll_back("voice", author="Priya", to=1)


@pytest.mark.parametrize(("author", "kept"), [("file", "file (a person)"), ("Ibid", "Ibid (a person)"), (" ", "somebody"), ("A\nB", "A B")])
async def test_nobody_publishes_under_the_name_of_the_file(opened: Open, folder: Path, author: str, kept: str) -> None:
    desk = await opened()
    await desk.publish("voice", "Be brief.", author=author, reason="long")
    assert (await desk.versions("voice"))[0].author == kept

    _write(folder, "New in this release.")
    assert _voice(await opened()) == "Be brief."


async def test_an_edit_that_the_store_did_not_take_is_taken_at_the_next_look(
    opened: Open, folder: Path, store: MemoryPromptStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await opened()
    _write(folder, "Be brief.")

    async def refuse(*_: object, **__: object) -> PromptVersion:
        raise ConversationUnavailable("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(store, "add", refuse)
        with pytest.raises(ConversationUnavailable):
            await desk.take_files()
        assert _voice(desk) == "Be kind."

    await desk.take_files()
    assert _voice(desk) == "Be brief."
