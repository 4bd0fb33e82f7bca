"""Whoever tells of a trouble of their own hears first whom to speak to; whoever asks about the rules gets an answer."""

from __future__ import annotations

import pytest

from bot.answers import Contact
from bot.company_words import load_topics
from bot.flows.sensitive import Topic, contact_for, may_be_personal, nearest
from bot.settings import HOME
from evals.set_pieces import load_sensitive

TOPICS = load_topics(HOME / "wording" / "sensitive.md")


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("my manager touches me", "harassment"),
        ("My boss keeps making comments about my body", "harassment"),
        ("I’m being bullied in my team", "harassment"),
        ("I'm being harassed, how long does an investigation take?", "harassment"),
        ("I want to raise a grievance", "grievance"),
        ("I want to report fraud", "whistle-blowing"),
        ("I suspect theft in the warehouse", "whistle-blowing"),
        ("i don't want to live anymore", "health"),
        ("im pregnant and work in the lab", "pregnancy"),
        ("I am pregnant, how many weeks of leave do I get?", "pregnancy"),
        ("Can I get in trouble if I join a union?", "union"),
        ("am I going to be fired?", "redundancy"),
        ("A guy on my team keeps sending me creepy texts at night", "harassment"),
        ("I can't stop crying at work", "health"),
        ("I've just had a positive pregnancy test", "pregnancy"),
        ("they told me my post is going", "redundancy"),
        ("I think my boss is pocketing the petty cash", "whistle-blowing"),
    ],
)
def test_a_persons_own_trouble_gets_its_contact(text: str, topic: str) -> None:
    contact = contact_for(text, TOPICS)
    assert contact is not None
    assert contact.topic == topic
    assert contact.words == next(one.contact for one in TOPICS if one.name == topic)


@pytest.mark.parametrize(
    "text",
    [
        "How long do I get sick pay?",
        "What is my notice period?",
        "How many days of parental leave do I get?",
        "How long does a grievance take?",
        "What counts as bullying?",
        "Is harassment by customers covered by the policy?",
        "How much notice do I get if I am made redundant?",
        "What leave is there after a miscarriage?",
        "Can a trade union official come along?",
        "What happens when an employee commits fraud?",
        "Do I need a doctor's note?",
        "My due date for the expense report is tomorrow",
        "The coffee machine killed my mug",
        "Is my bonus safe if I resign?",
        "hello",
        "",
    ],
)
def test_a_question_about_the_rules_gets_none(text: str) -> None:
    assert contact_for(text, TOPICS) is None


def test_a_company_without_such_words_gives_no_contact() -> None:
    assert contact_for("my manager touches me", ()) is None


def test_the_matter_that_is_told_first_decides() -> None:
    first, second = Topic("first", "A.", ("apples",)), Topic("second", "B.", ("pears",))
    assert contact_for("pears and apples", (first, second)) is not None
    assert contact_for("pears and apples", (first, second)).topic == "second"  # type: ignore[union-attr]  # not None, see above


def test_words_of_oneself_count_only_where_the_asker_is_in_them() -> None:
    topic = Topic("strike", "A.", of_oneself=("strike",))
    assert contact_for("I want to strike", (topic,))
    assert contact_for("my strike", (topic,))
    assert not contact_for("strike", (topic,))
    assert not contact_for("what if I want to strike", (topic,))


def test_nearly_all_of_what_people_wrote_is_told_apart() -> None:
    pieces = load_sensitive()
    told = [piece for piece in pieces if piece.kind == "told"]
    asked = [piece for piece in pieces if piece.kind == "asked"]
    assert (len(told), len(asked), sum(piece.answered for piece in asked)) == (80, 80, 30)
    assert sum(contact_for(piece.text, TOPICS) is not None for piece in told) >= 60  # by the words alone; by likeness more
    assert sum(contact_for(piece.text, TOPICS) is None for piece in asked) >= 78
    assert all(contact_for(piece.text, TOPICS) is None for piece in asked if piece.answered)


def test_a_long_message_is_judged_in_no_time() -> None:
    import time

    began = time.process_time()
    contact_for("I want " * 550, TOPICS)
    assert time.process_time() - began < 1


ILL = Topic("health", "Call the line.", like=("I am ill", "I cannot go on"))
EVERYDAY = Topic("everyday", "", like=("My laptop is broken",))


def test_what_is_like_an_example_has_its_contact() -> None:
    assert nearest((ILL, EVERYDAY), (0.1, 0.6, 0.2)) == Contact("health", "Call the line.")


def test_what_is_like_nothing_or_more_like_the_everyday_has_none() -> None:
    assert nearest((ILL, EVERYDAY), (0.1, 0.3, 0.0)) is None
    assert nearest((ILL, EVERYDAY), (0.1, 0.6, 0.7)) is None
    assert nearest((EVERYDAY,), (0.9,)) is None
    assert nearest((), ()) is None


@pytest.mark.parametrize("text", ["How many days of sick pay do I get?", "What is the notice period?", "Is therapy paid?", "bicycles", ""])
def test_what_asks_for_a_rule_or_speaks_of_nobody_is_not_held_against_examples(text: str) -> None:
    assert not may_be_personal(text)


def test_what_somebody_tells_of_people_is_held_against_examples() -> None:
    assert may_be_personal("my lead keeps rubbing my shoulders when he walks by")
    assert may_be_personal("everyone laughs about me")
