"""`ibid hold` stops a document or a topic at once; what it says is told to whoever asks, and stands in no log."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import bot.bootstrap
import bot.flows.looking
import knowledge.holding_back
from bot.__main__ import main
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.weights import THRESHOLDS
from tests.corpora import write_policy

WORKSPACE = """
company: Small Ltd
today: 2026-11-16
people:
  ann: {id: U1, name: Ann Lee}
groups: {}
"""
QUESTION = "How many days of annual leave may employees carry over?"
SENTENCE = "Legal reads the leave policy again; ask leave@example.com."
HOLD = ("hold", "leave.md", "--say", SENTENCE, "--until", "2026-11-30")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ibid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command over two documents."""
    folder = tmp_path / "documents"
    write_policy(folder, "leave.md", "Employees may carry over five days of annual leave.")
    write_policy(folder, "travel.md", "Trains come before planes.")
    (tmp_path / "people.yaml").write_text(WORKSPACE, encoding="utf-8")
    monkeypatch.setenv("IBID_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("IBID_DOCUMENTS", str(folder))
    monkeypatch.setenv("IBID_PEOPLE_FILE", str(tmp_path / "people.yaml"))
    monkeypatch.setattr(bot.bootstrap, "built_in_embedder", lambda settings: HashingEmbedding())
    for module in (bot.flows.looking, knowledge.holding_back):
        monkeypatch.setattr(module, "THRESHOLDS", replace(THRESHOLDS, answer_from=0.0))  # tuned for the real embedder

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    assert run("index")[0] == 0
    return run


def outcome(ibid: Run, question: str = QUESTION) -> tuple[str, str]:
    _, out, _ = ibid("ask", "--json", question)
    answer = json.loads(out)
    return answer["outcome"], answer["message"]


def test_a_document_is_held_listed_and_lifted(ibid: Run) -> None:
    assert outcome(ibid)[0] == "answered"

    code, out, err = ibid(*HOLD)
    assert (code, err) == (0, "")
    assert out == "leave.md is held back until 2026-11-30, from now on and everywhere. `ibid hold --lift 1` ends it.\n"
    told, words = outcome(ibid)
    assert told == "held"
    assert SENTENCE in words
    assert "five days" not in words
    assert ibid("hold", "--list") == (0, f"1  leave.md, until 2026-11-30, by the terminal: {SENTENCE}\n", "")
    assert ibid("hold", "--lift", "1") == (0, "leave.md is held back no more.\n", "")
    assert outcome(ibid)[0] == "answered"
    assert ibid("hold", "--list") == (0, "Nothing is held back.\n", "")


def test_a_topic_is_held_for_every_question_that_has_its_words(ibid: Run) -> None:
    assert ibid("hold", "--topic", "carrying leave over", "--say", SENTENCE, "--until", "2026-11-16")[0] == 0

    assert outcome(ibid)[0] == "held"
    assert outcome(ibid, "Do trains come before planes?")[0] == "answered"


def test_machines_get_one_line_each(ibid: Run) -> None:
    hold = json.loads(ibid(*HOLD, "--json")[1])["held"]
    assert hold == {
        "number": 1,
        "document": "leave.md",
        "topic": "",
        "sentence": SENTENCE,
        "by": "the terminal",
        "until": "2026-11-30",
    }
    assert json.loads(ibid("hold", "--list", "--json")[1]) == {"holds": [hold]}
    assert json.loads(ibid("hold", "--lift", "1", "--json")[1]) == {"lifted": hold}


def test_the_operator_s_log_says_who_and_what_and_not_one_word_of_it(ibid: Run, tmp_path: Path) -> None:
    ibid(*HOLD)
    ibid("hold", "--topic", "redundancy in Porto", "--say", SENTENCE, "--until", "2026-11-30")
    ibid("hold", "--lift", "1")

    logged = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "var").rglob("*.log"))
    rows = [json.loads(line) for line in logged.splitlines()]
    ordered = [row for row in rows if row["what"] in ("held back", "a hold was lifted")]
    assert [(row["what"], row["number"], row["by"]) for row in ordered] == [
        ("held back", 1, "the terminal"),
        ("held back", 2, "the terminal"),
        ("a hold was lifted", 1, "the terminal"),
    ]
    assert "Legal" not in logged
    assert "Porto" not in logged


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("hold",), 2, "One thing at a time"),
        (("hold", "--list", "--lift", "1"), 2, "One thing at a time"),
        (("hold", "leave.md", "--list"), 2, "One thing at a time"),
        (("hold", "leave.md", "--say", "Why."), 2, "until when"),
        (("hold", "leave.md", "--topic", "leave", "--say", "Why.", "--until", "2026-11-30"), 2, "what is held"),
        (("hold", "leav.md", "--say", "Why.", "--until", "2026-11-30"), 1, "did you mean 'leave.md'"),
        (("hold", "leave.md", "--say", "Why.", "--until", "2026-11-15"), 1, "2026-11-15 is over"),
        (("hold", "--topic", "what is the", "--say", "Why.", "--until", "2026-11-30"), 1, "words of its own"),
        (("hold", "--lift", "7"), 1, "There is no hold 7"),
        (("hold", "--lift", "0"), 2, "from 1 on"),
    ],
)
def test_what_makes_no_sense_is_one_line_that_says_why_and_holds_nothing(ibid: Run, words: tuple[str, ...], code: int, said: str) -> None:
    was, out, err = ibid(*words)

    assert (was, out) == (code, "")
    assert said in err
    assert len(err.splitlines()) == 1
    assert ibid("hold", "--list")[1] == "Nothing is held back.\n"
