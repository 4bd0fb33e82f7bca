"""What a person at a terminal gets: an answer with its sources, a table, or one line that says what to do. Never a traceback."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import bot.bootstrap
import bot.cli.doctor
import bot.flows.looking
import bot.openings
from bot.__main__ import COMMANDS, main
from bot.cli import pretend_slack
from bot.cli.terminal import printable, unmarked
from bot.owner import owning
from bot.settings import HOME
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.weights import THRESHOLDS
from playground.web_api import APP_TOKEN, BOT_TOKEN

WORKSPACE = """
company: Small Ltd
today: 2026-11-16
people:
  ann: {id: U1, name: Ann Lee, groups: [hr]}
  bob: {id: U2, name: Bob Ray}
  cat: {id: U3, name: Cat Oh, guest: single}
groups:
  hr: {id: S1, name: People}
channels:
  all: {id: C1, kind: public, members: [ann, bob]}
  guests: {id: C2, kind: private, members: [ann, cat]}
"""
LEAVE = """---
title: Annual leave
owner: ann
access: everyone
effective: 2026-01-01
---
# Annual leave

## 1. Carrying leave over

1.1 Employees may carry over up to five days of annual leave into the next year.
"""
BANDS = """---
title: Salary bands
owner: ann
access: {groups: [hr]}
---
# Salary bands

## 1. Bands

1.1 The salary band of a firmware engineer starts at 48,000 pounds a year.
"""
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "leave.md").write_text(LEAVE, encoding="utf-8")
    (folder / "bands.md").write_text(BANDS, encoding="utf-8")
    (tmp_path / "people.yaml").write_text(WORKSPACE, encoding="utf-8")
    monkeypatch.setenv("IBID_DOCUMENTS", str(folder))
    monkeypatch.setenv("IBID_PEOPLE_FILE", str(tmp_path / "people.yaml"))
    monkeypatch.setattr(bot.bootstrap, "built_in_embedder", lambda settings: HashingEmbedding())
    monkeypatch.setattr(bot.flows.looking, "THRESHOLDS", replace(THRESHOLDS, answer_from=0.0))  # tuned for the real embedder
    return folder


@pytest.fixture
def ibid(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        shown = capsys.readouterr()
        assert "Traceback" not in shown.out + shown.err
        return code, shown.out, shown.err

    return run


@pytest.fixture
def indexed(documents: Path, ibid: Run) -> Path:
    assert ibid("index")[0] == 0
    return documents


@pytest.mark.usefixtures("indexed")
def test_an_answer_comes_with_the_passage_that_proves_it(ibid: Run) -> None:
    code, out, err = ibid("ask", "How many days of annual leave may employees carry over?")

    assert code == 0
    assert "up to five days of annual leave into the next year. [1]" in out
    assert "Source 1: Annual leave, 1.1 · effective 1 January 2026" in out
    assert "As of 16 November 2026" in out
    assert err == ""


@pytest.mark.usefixtures("indexed")
def test_json_holds_the_whole_answer_and_nothing_else_is_printed(ibid: Run) -> None:
    code, out, _ = ibid("ask", "How many days of annual leave may employees carry over?", "--json")
    answer = json.loads(out)

    assert code == 0
    assert (answer["outcome"], answer["writer"]) == ("answered", "quotes")
    assert answer["sentences"][0]["sources"] == [1]
    assert answer["sources"][0]["document"] == "leave.md"
    assert "five days" in answer["sources"][0]["quotes"][0]


@pytest.mark.usefixtures("indexed")
def test_each_person_is_answered_from_what_that_person_may_read(ibid: Run) -> None:
    question = "At what does the salary band of a firmware engineer start?"

    assert "48,000" in ibid("ask", question, "--as", "ann")[1]
    for others in (("--as", "bob"), (), ("--as", "ann", "--in", "#all"), ("--as", "cat")):
        out = ibid("ask", question, *others)[1]
        assert "48,000" not in out
        assert "Salary bands" not in out


@pytest.mark.usefixtures("indexed")
def test_in_a_channel_with_guests_the_asker_is_answered_alone_and_told_why(ibid: Run) -> None:
    out = ibid("ask", "How many days of annual leave may employees carry over?", "--as", "ann", "--in", "guests")[1]

    assert "five days" in out
    assert "only you see this" in out


@pytest.mark.usefixtures("indexed")
def test_a_guest_in_a_channel_gets_one_neutral_sentence(ibid: Run) -> None:
    out = ibid("ask", "How many days of annual leave may employees carry over?", "--as", "cat", "--in", "guests")[1]

    assert out.strip() == "I answer questions of Small Ltd's employees. Please ask your contact at Small Ltd."


@pytest.mark.usefixtures("documents")
@pytest.mark.parametrize(
    ("question", "words"),
    [("", "did not see a question"), ("🙂🙂", "did not see a question"), ("leave " * 1700, "longer than the 4,000 characters")],
)
def test_what_is_no_question_gets_a_friendly_sentence_even_before_anything_is_indexed(ibid: Run, question: str, words: str) -> None:
    code, out, _ = ibid("ask", question)

    assert code == 0
    assert words in out


@pytest.mark.usefixtures("indexed")
def test_bytes_that_are_no_text_are_asked_as_far_as_they_are(ibid: Run) -> None:
    assert ibid("ask", "annual leave \udcff carry over days?")[0] == 0


@pytest.mark.usefixtures("documents")
def test_before_anything_is_indexed_the_answer_says_what_to_do(ibid: Run) -> None:
    code, out, _ = ibid("ask", "How many days of annual leave may I carry over?")

    assert code == 1
    assert "ibid index" in out


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize(("option", "known"), [("--as", "ann, bob, cat"), ("--in", "all, guests")])
def test_an_unknown_person_or_channel_is_answered_with_the_known_ones(ibid: Run, option: str, known: str) -> None:
    code, out, err = ibid("ask", "How many days?", option, "zoe")

    assert (code, out) == (2, "")
    assert known in err
    assert len(err.splitlines()) == 1


@pytest.mark.usefixtures("indexed")
def test_the_database_never_holds_the_question_or_the_answer(ibid: Run, tmp_path: Path) -> None:
    ibid("ask", "How many zebra days of annual leave may employees carry over?", "--as", "ann")
    written = b"".join(file.read_bytes() for file in (tmp_path / "var").glob("conversation.db*"))

    assert b"receipts" in written
    for text in (b"zebra", b"five days", b"Annual leave", b"Ann Lee"):
        assert text not in written


@pytest.mark.usefixtures("documents")
def test_an_index_run_ends_with_what_was_read_what_not_and_why(ibid: Run, documents: Path) -> None:
    (documents / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    (documents / "secret.md").write_text(LEAVE.replace("access: everyone", "access: {groups: [bosses]}"), encoding="utf-8")

    code, out, _ = ibid("index")

    assert code == 0
    assert "leave.md" in out
    assert "2 added, 1 not read, 1 withheld" in out
    assert "broken.pdf" in out
    assert "bosses" in out


@pytest.mark.usefixtures("indexed")
def test_a_second_run_finds_nothing_to_do(ibid: Run) -> None:
    code, out, _ = ibid("index")

    assert code == 0
    assert "2 unchanged" in out
    assert "added" not in out


@pytest.mark.usefixtures("documents")
def test_a_plan_changes_nothing(ibid: Run) -> None:
    code, out, _ = ibid("index", "--plan")

    assert code == 0
    assert "Plan: 2 added" in out
    assert ibid("ask", "How many days of annual leave may I carry over?")[0] == 1


def test_a_folder_where_nothing_can_be_indexed_is_a_failure(ibid: Run, documents: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    unlabelled = tmp_path / "unlabelled"
    unlabelled.mkdir()
    (unlabelled / "leave.md").write_text("# Leave\n\nFive days.\n", encoding="utf-8")

    assert ibid("index", str(empty))[0] == 1
    code, out, _ = ibid("index", str(unlabelled))
    assert code == 1
    assert "leave.md" in out
    assert "Nothing could be indexed" in out
    assert documents.is_dir()


@pytest.mark.usefixtures("documents")
@pytest.mark.parametrize("name", ["nowhere", "people.yaml"])
def test_a_folder_that_is_none_is_named(ibid: Run, tmp_path: Path, name: str) -> None:
    code, _, err = ibid("index", str(tmp_path / name))

    assert code == 2
    assert name in err


@pytest.mark.parametrize("command", [("ask", "How many days?"), ("index",), ("serve",), ("demo",), ("doctor",), ("eval",)])
def test_a_wrong_setting_is_one_line_and_exit_code_two(ibid: Run, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]) -> None:
    monkeypatch.setenv("IBID_TODAY", "soon")

    code, out, err = ibid(*command)

    assert (code, out) == (2, "")
    assert err == "ibid: IBID_TODAY is 'soon'; write a date as YYYY-MM-DD.\n"


def test_the_reference_of_settings_is_there_even_when_they_are_wrong(ibid: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IBID_TODAY", "soon")

    assert "IBID_TODAY" in ibid("settings")[1]
    assert "#IBID_TODAY=" in ibid("settings", "--env")[1]


@pytest.mark.usefixtures("documents")
@pytest.mark.parametrize(
    ("setting", "value"), [("IBID_DEFAULT_ACCESS", "nobody"), ("IBID_SECRET_KEY", "short"), ("IBID_PEOPLE_FILE", "/no/such")]
)
def test_a_setting_that_shows_wrong_only_when_used_is_one_line_too(
    ibid: Run, monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    monkeypatch.setenv(setting, value)

    code, _, err = ibid("ask", "How many days of annual leave?")

    assert code == 2
    assert setting in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("folder", "file", "content"),
    [
        ("prompts", "answer.md", b"Hello."),
        ("prompts", "answer.md", b"---\npurpose: x\ninputs: [company]\n---\nYou answer for {{ company }}."),
        ("prompts", "answer.md", b"\xff\xfe"),
        ("wording", "messages.md", b"## a\nx\n## a\ny\n"),
        ("wording", "messages.md", b"## failed\nSorry.\n"),
        ("wording", "messages.md", b"\xff\xfe"),
        ("wording", "glossary.md", b"- holiday\n"),
        ("wording", "glossary.md", b"\xff\xfe"),
    ],
)
def test_a_wrong_prompt_or_wording_file_is_one_line(
    ibid: Run, documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, file: str, content: bytes
) -> None:
    home = tmp_path / "home"
    for one in ("prompts", "wording"):
        (home / one).mkdir(parents=True)
        for shipped in (HOME / one).iterdir():
            if shipped.is_file():
                (home / one / shipped.name).write_bytes(shipped.read_bytes())
    (home / folder / file).write_bytes(content)
    monkeypatch.setenv("IBID_PROMPTS", str(home / "prompts"))
    monkeypatch.setattr(bot.bootstrap, "HOME", home)
    monkeypatch.setattr(bot.openings, "HOME", home)
    monkeypatch.setattr(bot.cli.doctor, "HOME", home)

    code, _, err = ibid("ask", "How many days of annual leave?")

    assert code == 2
    assert f"{folder}/{file}" in err
    assert len(err.splitlines()) == 1
    assert f"✗ Prompts, wording and people\n    {folder}/{file}" in ibid("doctor")[1]
    assert documents.is_dir()


def test_serve_without_tokens_says_which_and_where_they_come_from(documents: Path, ibid: Run) -> None:
    code, _, err = ibid("serve")

    assert code == 2
    assert "SLACK_BOT_TOKEN is not set" in err.splitlines()[-1]
    assert documents.is_dir()


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_second_server_on_the_same_data_is_refused_with_the_pid_of_the_first(ibid: Run, tmp_path: Path, command: str) -> None:
    data_dir = tmp_path / "var" / ("demo" if command == "demo" else "")

    with owning(data_dir, command):
        code, _, err = ibid(command)

    assert code == 1
    assert f"process {os.getpid()}" in err


def test_a_port_that_is_taken_is_said_before_anything_starts(ibid: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, _, err = ibid("demo", "--no-open", "--port", str(port))

    assert code == 2
    assert f"Port {port} is taken" in err


def test_a_port_that_is_none_is_said(ibid: Run) -> None:
    assert "is not a port" in ibid("demo", "--no-open", "--port", "70000")[2]


def test_an_error_that_nobody_foresaw_is_one_sentence_and_the_log_has_the_cause(
    ibid: Run, documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(settings: object) -> None:
        raise ZeroDivisionError("xoxb-1-2-3 is in this text")

    monkeypatch.setattr(bot.bootstrap, "built_in_embedder", broken)

    code, _, err = ibid("index")

    log = (tmp_path / "var" / "ibid.log").read_text()
    assert code == 1
    assert err.splitlines() == [
        f"ibid: Something unexpected went wrong (ZeroDivisionError). The cause is in {tmp_path / 'var' / 'ibid.log'}."
    ]
    assert "Traceback" in log
    assert "xoxb-1" not in log
    assert documents.is_dir()


@pytest.mark.usefixtures("indexed")
def test_doctor_says_that_all_is_well(ibid: Run, tmp_path: Path) -> None:
    code, out, _ = ibid("doctor")

    assert "✗" not in out
    assert code == 0
    assert f"Documents: 2 in {tmp_path / 'documents'}" in out
    assert "Index: version 1, 2 documents" in out
    assert "Slack: no tokens are set" in out


def test_doctor_says_what_is_wrong_and_what_to_do(ibid: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IBID_DOCUMENTS", str(tmp_path / "nowhere"))
    monkeypatch.setenv("IBID_EMBEDDER_DIR", str(tmp_path))
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-made-up")

    code, out, _ = ibid("doctor")

    wrong = [line for line in out.splitlines() if line.startswith("✗")]
    assert code == 1
    assert [line.split(":")[0] for line in wrong] == ["✗ Embedder", "✗ Documents", "✗ Index", "✗ Slack"]
    assert "IBID_EMBEDDER_DIR" in out
    assert "Run `ibid index`" in out
    assert "made-up" not in out


@pytest.mark.usefixtures("documents")
def test_doctor_tries_the_port_that_ibid_is_to_listen_on(ibid: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "– Listening: nowhere" in ibid("doctor")[1]
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "made-up")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("IBID_LISTEN", address)
        out = ibid("doctor")[1]
        assert f"✗ Listening\n    IBID_LISTEN is {address}, and that port is taken by another program" in out
        assert "SLACK_BOT_TOKEN is not set" in out
        with owning(tmp_path / "var", "serve"):
            assert f"✓ Listening: {address}, for Slack's requests to /slack/events, and for /healthz" in ibid("doctor")[1]
    assert f"✓ Listening: {address}, for Slack's requests" in ibid("doctor")[1]


@pytest.mark.usefixtures("indexed")
def test_doctor_reads_a_damaged_catalog_as_damaged(ibid: Run, tmp_path: Path) -> None:
    catalog = tmp_path / "var" / "catalog.db"
    for file in catalog.parent.glob("catalog.db*"):
        file.unlink()
    catalog.write_bytes(b"no database" * 1000)

    code, out, _ = ibid("doctor")

    assert code == 1
    assert "✗ Index" in out


def test_doctor_lists_what_is_withheld_what_is_not_read_and_a_table_that_is_wrong(ibid: Run, indexed: Path) -> None:
    (indexed / "leave.md").write_text(LEAVE.replace("access: everyone", "access: {groups: [bosses]}"), encoding="utf-8")
    (indexed / "empty.md").write_bytes(b"")
    assert ibid("index")[0] == 0
    out = ibid("doctor")[1]
    assert (
        "✗ Last run: 2 not taken in, 1 of them withheld\n    empty.md: is empty\n    leave.md: withheld: access: there is no group" in out
    )
    assert "✓ Index: version 2, 1 documents" in out

    (indexed / "policies.csv").write_text("file,acess\nleave.md,everyone\n", encoding="utf-8")
    assert "but nothing can be indexed: policies.csv has a column 'acess'; did you mean 'access'?" in ibid("doctor")[1]

    (indexed / "policies.csv").write_text("file,title\nbands.md,A\nbands.md,B\n", encoding="utf-8")
    code, out, _ = ibid("doctor")
    assert code == 1
    assert "3 in" in out
    assert "and 1 with trouble\n    bands.md: row 3 of policies.csv is a second row for it; keep one" in out


@pytest.mark.usefixtures("indexed")
def test_doctor_says_who_has_the_data_directory_and_touches_nothing_of_it(ibid: Run, tmp_path: Path) -> None:
    with owning(tmp_path / "var", "serve"):
        code, out, _ = ibid("doctor")

    assert code == 0
    assert f"in use by `ibid serve` (process {os.getpid()}" in out
    assert "(in use: its parts are not compared now)" in out


def test_what_is_withheld_is_said_by_a_run_and_no_longer_answered_from(ibid: Run, indexed: Path) -> None:
    question = "How many days of annual leave may employees carry over?"
    (indexed / "leave.md").write_text(LEAVE.replace("access: everyone\n", ""), encoding="utf-8")

    code, out, _ = ibid("index")

    assert code == 0
    assert "withheld  says nothing about who may read it" in out
    assert "nobody is answered from it until this is mended" in out
    assert "1 unchanged, 1 withheld; 1 passage; version 2 is live" in out
    assert "five days" not in ibid("ask", question)[1]


def in_a_shell(line: str, **variables: str) -> tuple[int, str]:
    """What `ibid` there leaves behind: its exit code, and what it said to the terminal."""
    import subprocess

    done = subprocess.run(
        ["sh", "-c", line.replace("ibid", f"'{sys.executable}' -m bot")],
        cwd=HOME,
        env=os.environ | variables,
        capture_output=True,
        check=False,
        timeout=60,
    )
    return done.returncode, (done.stdout + done.stderr).decode()


def test_streams_that_are_closed_stop_nothing() -> None:
    assert in_a_shell("ibid settings <&- >&- 2>&-") == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_output_that_cannot_be_written_is_said_in_one_line() -> None:
    code, said = in_a_shell("ibid settings >/dev/full")
    assert (code, said.splitlines()) == (1, ["ibid: No space is left to write in IBID_DATA_DIR, or the output. Free some and try again."])


def test_a_reader_that_leaves_early_is_no_error() -> None:
    assert in_a_shell("(ibid settings; echo $? >&2) | head -c 1") == (0, "S0\n")


def test_a_terminal_that_knows_few_signs_is_no_error(tmp_path: Path) -> None:
    posix = {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "IBID_DATA_DIR": str(tmp_path / "var")}
    assert "\\u2713 Python" in in_a_shell("ibid doctor", **posix)[1]


def test_a_word_that_is_no_command_shows_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["reindex"])

    assert ended.value.code == 2
    shown = capsys.readouterr().err
    assert all(command.name in shown for command in COMMANDS)


def test_an_option_that_is_not_known_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--loudly"])

    assert ended.value.code == 2
    assert "--loudly" in capsys.readouterr().err


def test_a_document_cannot_move_the_cursor_or_turn_the_line_around() -> None:
    assert printable("a\x1b[31mred\x07\x9b2J \u202etxt\r") == "a[31mred2J txt"


def test_marks_of_slack_are_not_shown_and_other_stars_are() -> None:
    assert unmarked("I looked for: _days off_\n*Bold* and `code` &lt;3") == "I looked for: days off\nBold and code <3"
    assert unmarked("2 * 3 * 4 and snake_case_name") == "2 * 3 * 4 and snake_case_name"


def test_the_demo_uses_the_tokens_that_the_pretend_workspace_takes() -> None:
    assert (pretend_slack.BOT_TOKEN, pretend_slack.APP_TOKEN) == (BOT_TOKEN, APP_TOKEN)


@pytest.mark.usefixtures("indexed")
def test_asked_questions_are_receipts_with_an_outcome(ibid: Run, tmp_path: Path) -> None:
    ibid("ask", "How many days of annual leave may employees carry over?")

    with sqlite3.connect(tmp_path / "var" / "conversation.db") as connection:
        rows = connection.execute("SELECT outcome, writer, edition FROM receipts").fetchall()

    assert rows == [("answered", "quotes", 1)]
