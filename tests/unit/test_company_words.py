"""What admins write is read strictly: a slip stops the start, with its line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answers import System
from bot.company_words import load_systems, load_topics
from bot.errors import Misconfigured
from bot.flows.own_record import system_for
from bot.settings import HOME

TOPIC = "# Sensitive\n\n## health\nYou can call 555.\nIt is free.\n\n- on its own: panic attack, cannot cope\n- of oneself: depress\n"
SYSTEMS = "- asked: [pay slip, salary]\n  name: Harbour\n  form: Pay\n  link: https://harbour.example/pay\n- default: true\n  name: Desk\n"


def written(tmp_path: Path, name: str, text: str) -> Path:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_topic_has_its_contact_and_its_words(tmp_path: Path) -> None:
    (topic,) = load_topics(written(tmp_path, "sensitive.md", TOPIC))
    assert (topic.name, topic.contact) == ("health", "You can call 555. It is free.")
    assert topic.on_its_own == ("panic attack", "cannot cope")
    assert topic.of_oneself == ("depress",)


def test_no_file_of_topics_is_no_topic(tmp_path: Path) -> None:
    assert load_topics(tmp_path / "none.md") == ()


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (TOPIC.replace("You can call 555.\nIt is free.\n", ""), 3, "whom to speak to"),
        (TOPIC.replace("- on its own: panic attack, cannot cope\n- of oneself: depress\n", ""), 3, "no words"),
        (TOPIC.replace("panic attack, cannot cope", " , "), 7, "no words after"),
        (TOPIC.replace("- of oneself:", "- oneself:"), 8, "of oneself"),
        (TOPIC + TOPIC, 11, "twice"),
        (TOPIC.replace("You can", "You can " * 200), 3, "600 characters"),
    ],
)
def test_a_slip_among_the_topics_is_named_with_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(Misconfigured, match=rf"sensitive\.md, line {line}: .*{says}"):
        load_topics(written(tmp_path, "sensitive.md", text))


def test_the_first_system_that_a_word_leads_to_is_named_else_the_default(tmp_path: Path) -> None:
    signposts = load_systems(written(tmp_path, "where_to.yaml", SYSTEMS))
    assert system_for("where are my pay slips?", signposts) == System("Harbour", "Pay", "https://harbour.example/pay")
    assert system_for("what is my salary", signposts) == System("Harbour", "Pay", "https://harbour.example/pay")
    assert system_for("how many days do I have left", signposts) == System("Desk")
    assert system_for("anything", ()) is None


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "must be a list"),
        ("name: Harbour\n", 1, "must be a list"),
        ("- asked: [a\n  name: x\n", 2, "not YAML"),
        ("- asked: [pay]\n  name: Harbour\n", 2, "default"),
        (SYSTEMS + "- asked: [leave]\n  name: Harbour\n", 8, "as the last"),
        (SYSTEMS.replace("  name: Harbour\n", ""), 1, "needs `name`"),
        (SYSTEMS.replace("form:", "from:"), 3, "`from` is not known"),
        (SYSTEMS.replace("https://", "http://"), 1, "begins with https"),
        (SYSTEMS.replace("https://harbour.example/pay", "javascript:alert(1)"), 1, "begins with https"),
        (SYSTEMS.replace("[pay slip, salary]", "pay slip"), 1, "list of words"),
        (SYSTEMS.replace("[pay slip, salary]", "[]"), 1, "list of words"),
        (SYSTEMS.replace("name: Desk", "name: ''"), 6, "needs words"),
        (SYSTEMS.replace("form: Pay", "form: Pay\n  form: Pay"), 4, "given twice"),
        ("- Harbour\n", 1, "each entry has"),
    ],
)
def test_a_slip_among_the_systems_is_named_with_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(Misconfigured, match=rf"where_to\.yaml, line {line}: .*{says}"):
        load_systems(written(tmp_path, "where_to.yaml", text))


@pytest.mark.parametrize("load", [load_topics, load_systems])
def test_a_file_that_is_no_text_is_named(tmp_path: Path, load: object) -> None:
    file = tmp_path / "where_to.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Misconfigured, match="not UTF-8"):
        load(file)  # type: ignore[operator]  # both are functions of a path


def test_the_words_that_come_with_ibid_can_be_read() -> None:
    topics = load_topics(HOME / "wording" / "sensitive.md")
    names = {topic.name for topic in topics if topic.contact}
    assert names == {"harassment", "grievance", "whistle-blowing", "health", "pregnancy", "union", "redundancy"}
    assert all(topic.like for topic in topics)
    signposts = load_systems(HOME / "wording" / "where_to.yaml")
    assert system_for("has my expense claim been paid", signposts) == System("Tally")
    assert system_for("whats my pto balance", signposts) == System("Harbour", "Time off")
    assert system_for("something else altogether", signposts) == System("Harbour")


@pytest.mark.parametrize("clue", ["+44 117 496 0180", "speakup@fernhill.example", "0117 496 0144", "617-555-0162"])
def test_the_contacts_of_the_sample_company_stand_in_its_handbook(clue: str) -> None:
    said = " ".join(topic.contact for topic in load_topics(HOME / "wording" / "sensitive.md"))
    handbook = " ".join(file.read_text(encoding="utf-8") for file in (HOME / "handbook").rglob("*.md"))
    assert clue in said
    assert clue in handbook
