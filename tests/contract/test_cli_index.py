"""The index at a terminal: a plan, a run, the way back, an erasure, and the one choice about documents that say nothing."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

import bot.bootstrap
import bot.cli.choosing
import bot.cli.erase
import bot.cli.index_undo
import bot.cli.reaching
import bot.cli.terminal
import bot.flows.looking
from bot.__main__ import main
from bot.owner import Owner, owner_of, owning
from knowledge.corpus import Corpus
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.store import Store
from knowledge.weights import THRESHOLDS
from tests.at_a_terminal import at_a_terminal
from tests.corpora import write_policy
from tests.documented import ROOT

WORKSPACE = """
company: Small Ltd
today: 2026-11-16
people:
  ann: {id: U1, name: Ann Lee, groups: [hr]}
groups:
  hr: {id: S1, name: People}
  finance: {id: S2, name: Finance}
"""
QUESTION = "How many days of annual leave may employees carry over?"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "documents"
    write_policy(folder, "leave.md", "Employees may carry over up to five days of annual leave.")
    write_policy(folder, "travel.md", "Trains are booked second class.")
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


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What somebody at the terminal types, line by line; who is asked once more finds the input at its end."""
    typed: list[str] = []

    def asked(_: str) -> str:
        return typed.pop(0) if typed else ""

    for module in (bot.cli.choosing, bot.cli.index_undo, bot.cli.terminal):
        monkeypatch.setattr(module, "asked", asked)
        monkeypatch.setattr(module, "can_ask", lambda: True)
    return typed


def unruled(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {path.stem}\n\n1.1 The rule of {path.stem} holds.\n", encoding="utf-8")


def fingerprint(folder: Path) -> tuple[dict[str, str], set[str]]:
    """What is kept of the documents: the files, byte by byte, and what Chroma holds, whose own files change by being opened."""
    files = (path for name in ("catalog.db", "keywords", "live.npz") for path in (folder / name, *sorted((folder / name).rglob("*"))))
    store = Store(folder / "chroma", HashingEmbedding().identity)
    try:
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files if path.is_file()}, store.ids()
    finally:
        store.close()


def test_a_plan_names_what_would_be_done_and_writes_nothing(ibid: Run, indexed: Path, tmp_path: Path) -> None:
    write_policy(indexed, "leave.md", "Employees may carry over up to six days of annual leave.")
    write_policy(indexed, "dogs.md", "Dogs stay at home.")
    (indexed / "travel.md").rename(indexed / "trips.md")
    before = fingerprint(tmp_path / "var")

    code, out, _ = ibid("index", "--plan")

    assert code == 0
    assert all(before)
    assert fingerprint(tmp_path / "var") == before
    assert "Plan: 1 added, 1 changed, 1 moved. 2 pieces of text to embed. 1 clause would change or go" in out
    assert "on which no answer of the last 90 days rests" in out
    assert "was travel.md" in out
    assert out.rstrip().endswith("Nothing was written; `ibid index` does it.")
    assert "five days" in ibid("ask", QUESTION)[1]


@pytest.mark.usefixtures("indexed")
def test_a_plan_with_nothing_to_do_offers_nothing(ibid: Run) -> None:
    assert ibid("index", "--plan")[1] == "Plan: 2 unchanged. Nothing was written.\n"
    assert "2 unchanged; 2 passages; version 1 stays live" in ibid("index")[1]


def test_a_plan_counts_the_answers_that_rest_on_a_clause(ibid: Run, indexed: Path) -> None:
    assert ibid("ask", QUESTION)[0] == 0
    write_policy(indexed, "leave.md", "Employees may carry over up to six days of annual leave.")

    assert "1 clause would change or go, on which 1 answer of the last 90 days rests." in ibid("index", "--plan")[1]


def test_machines_get_plan_run_and_undo_as_one_line_each(ibid: Run, indexed: Path) -> None:
    write_policy(indexed, "leave.md", "Employees may carry over up to six days of annual leave.")

    plan, done, undone = (json.loads(ibid(*words, "--json")[1]) for words in (("index", "--plan"), ("index",), ("index", "undo")))

    assert (plan["plan"], plan["changed"], plan["edition"], plan["live"]) == (True, ["leave.md"], None, 1)
    assert (done["plan"], done["changed"], done["unchanged"], done["edition"]) == (False, ["leave.md"], ["travel.md"], 2)
    assert (undone["plan"], undone["edition"], undone["undone"], undone["changed"]) == (False, 1, 2, ["leave.md"])
    assert len(ibid("index", "--json")[1].splitlines()) == 1


def test_undo_answers_from_the_version_before_and_a_run_takes_the_new_one_in_again(ibid: Run, indexed: Path) -> None:
    write_policy(indexed, "leave.md", "Employees may carry over up to six days of annual leave.")
    assert "version 2 is live" in ibid("index")[1]

    assert "Version 1 would be live instead of 2" in ibid("index", "undo", "--plan")[1]
    assert "six days" in ibid("ask", QUESTION)[1]
    code, out, _ = ibid("index", "undo")

    assert code == 0
    assert "Version 1 is live instead of 2; 1 document as before.\n  leave.md\n" in out
    assert "five days" in ibid("ask", QUESTION)[1]
    assert ibid("index")[0] == 0
    assert "six days" in ibid("ask", QUESTION)[1]


def test_a_removed_document_comes_back_only_by_its_title(ibid: Run, indexed: Path) -> None:
    (indexed / "leave.md").unlink()
    assert "1 removed" in ibid("index")[1]

    plan = ibid("index", "undo", "--plan")[1]
    assert "Removed since, and shown again only by their titles:\n  Leave (leave.md)" in plan
    assert '`ibid index undo --bring-back "Leave"` does it' in plan
    code, _, err = ibid("index", "undo", "--bring-back", "leave")
    assert (code, "is called 'leave'" in err) == (2, True)
    assert "five days" not in ibid("ask", QUESTION)[1]

    code, out, _ = ibid("index", "undo", "--bring-back", "Leave")
    assert code == 0
    assert "leave.md (brought back)" in out
    assert "five days" in ibid("ask", QUESTION)[1]


def test_an_undo_without_titles_leaves_removed_documents_away_and_says_so(ibid: Run, indexed: Path) -> None:
    (indexed / "leave.md").unlink()
    ibid("index")

    out = ibid("index", "undo")[1]

    assert "Removed since, and not shown again:\n  Leave (leave.md)" in out
    assert "five days" not in ibid("ask", QUESTION)[1]


def test_at_a_terminal_an_undo_asks_for_the_titles(ibid: Run, indexed: Path, answers: list[str]) -> None:
    (indexed / "leave.md").unlink()
    ibid("index")
    answers += ["leave", "Leave"]

    out = ibid("index", "undo")[1]

    assert "None of them is called that." in out
    assert "leave.md (brought back)" in out
    assert "five days" in ibid("ask", QUESTION)[1]


@pytest.mark.usefixtures("documents")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("index", "undo"), 1, "nothing is indexed yet: run `ibid index`"),
        (("index", "undo", "--plan"), 1, "nothing is indexed yet: run `ibid index`"),
        (("erase", "leave.md", "--yes"), 1, "no document is called leave.md; `ibid index --plan --json` names them all"),
        (("index", "undo", "--anyway"), 2, "takes no --anyway"),
        (("index", "--bring-back", "Leave"), 2, "Only `ibid index undo` takes --bring-back"),
        (("index", "--source", "wiki"), 2, "IBID_SOURCES is not set"),
    ],
)
def test_what_makes_no_sense_is_one_line_that_says_why(ibid: Run, words: tuple[str, ...], code: int, said: str) -> None:
    was, out, err = ibid(*words)

    assert (was, out) == (code, "")
    assert said in err
    assert len(err.splitlines()) == 1


@pytest.mark.usefixtures("indexed")
def test_a_first_version_has_none_before_it(ibid: Run) -> None:
    code, _, err = ibid("index", "undo")

    assert (code, err) == (1, "ibid: there is no earlier version that can still be read\n")


def test_many_vanished_documents_stay_until_it_is_confirmed(ibid: Run, indexed: Path) -> None:
    for number in range(8):
        write_policy(indexed, f"old-{number}.md", f"The old rule number {number} holds.")
    ibid("index")
    for number in range(6):
        (indexed / f"old-{number}.md").unlink()

    code, out, _ = ibid("index")
    assert code == 0
    assert "like 6 of 10 documents: too many to be sure" in out
    assert "10 unchanged; 10 passages; version 2 stays live" in out
    assert "`ibid index --confirm-removal`" in out

    assert "4 unchanged, 6 removed" in ibid("index", "--confirm-removal")[1]


def test_a_version_that_answers_worse_is_held_and_published_anyway(ibid: Run, indexed: Path) -> None:
    golden = {
        "id": "a",
        "kind": "plain",
        "asker": "ann",
        "where": "dm",
        "question": QUESTION,
        "clause": ["leave#1.1"],
        "says": ["five"],
        "never": ["six"],
    }
    (indexed / "golden.yaml").write_text(json.dumps([golden]), encoding="utf-8")
    (indexed / "leave.md").write_text("---\ntitle: Leave\naccess: everyone\n---\n\n## 7. Days\n\n7.1 Employees may carry over days.\n")

    code, out, err = ibid("index")
    assert (code, err) == (1, "")
    assert "1 changed, 1 unchanged. Not published, version 1 stays live: 1 of 1 golden questions no longer find their clause" in out
    assert "`ibid index --anyway`" in out
    assert "five days" in ibid("ask", QUESTION)[1]
    doctor = ibid("doctor")[1]
    assert "✗ Held back: version 2, 1 of 1 golden questions" in doctor
    assert "run `ibid index --anyway`" in doctor

    code, out, _ = ibid("index", "--anyway")
    assert (code, "is live" in out) == (0, True)
    assert "five days" not in ibid("ask", QUESTION)[1]
    assert "– Held back: nothing" in ibid("doctor")[1]


def test_an_erased_document_leaves_no_byte_and_is_never_read_again(ibid: Run, indexed: Path, tmp_path: Path) -> None:
    write_policy(indexed, "secret.md", "The merger is called Quetzalcoatl.")
    ibid("index")
    assert b"Quetzalcoatl" in kept(tmp_path / "var")

    code, out, _ = ibid("erase", "secret.md", "--yes")

    assert code == 0
    assert "secret.md is erased: 1 version, 1 passage" in out
    assert "its source still has the file" in out
    assert b"Quetzalcoatl" not in kept(tmp_path / "var")
    assert "was erased, and is not read again" in ibid("index")[1]
    assert b"Quetzalcoatl" not in kept(tmp_path / "var")


def kept(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.usefixtures("indexed")
def test_an_erasure_is_asked_about_and_a_wrong_name_erases_nothing(ibid: Run, answers: list[str]) -> None:
    for typed, said in (("travel.md", "That is another name; nothing was erased."), ("", "No name was typed; nothing was erased.")):
        answers[:] = [typed]
        code, out, err = ibid("erase", "leave.md")
        assert (code, out, err) == (2, "", f"ibid: {said}\n")
    assert "five days" in ibid("ask", QUESTION)[1]

    answers[:] = ["leave.md"]
    assert "leave.md is erased" in ibid("erase", "leave.md")[1]
    assert "five days" not in ibid("ask", QUESTION)[1]


@pytest.mark.usefixtures("indexed")
def test_where_nobody_can_be_asked_nothing_is_erased(ibid: Run) -> None:
    code, _, err = ibid("erase", "leave.md")

    assert (code, "--yes" in err) == (2, True)
    assert "five days" in ibid("ask", QUESTION)[1]


@pytest.mark.usefixtures("indexed")
def test_a_name_that_is_nearly_right_is_answered_with_the_right_one(ibid: Run) -> None:
    assert "no document is called leaves.md; did you mean 'leave.md'?" in ibid("erase", "leaves.md", "--yes")[2]


def test_everyone_is_one_answer_and_the_table_stays_as_it_was(ibid: Run, documents: Path, answers: list[str]) -> None:
    unruled(documents, "dogs.md", "pay/bands.md")
    (documents / "policies.csv").write_text("file,title,access\ndogs.md,All about dogs,\n", encoding="utf-8")
    answers += ["all of them", "1"]

    code, out, _ = ibid("index")

    assert code == 0
    assert "Nothing says who may read 2 documents" in out
    assert "Type 1, 2 or 3." in out
    assert "Written into" in out
    assert "2 added, 2 unchanged; 4 passages; version 2 is live" in out
    table = (documents / "policies.csv").read_text(encoding="utf-8")
    assert table == "file,title,access\ndogs.md,All about dogs,everyone\npay/bands.md,,everyone\n"


def test_some_folders_are_for_groups_and_what_is_left_out_stays_closed(ibid: Run, documents: Path, answers: list[str]) -> None:
    unruled(documents, "top.md", "dogs/dogs.md", "pay/bands.md")
    answers += ["2", "", "everyone", "hrr", "hr finance"]  # the top folder, dogs, pay twice

    out = ibid("index")[1]

    assert "Groups are: finance, hr." in out
    assert "there is no group 'hrr'; did you mean 'hr'?" in out
    assert "pay/bands.md,,,groups: finance hr" in (documents / "policies.csv").read_text(encoding="utf-8")
    assert "1 withheld" in out
    assert "top.md" not in (documents / "policies.csv").read_text(encoding="utf-8")
    question = "What is the rule of bands?"
    assert "The rule of bands holds" in ibid("ask", question, "--as", "ann")[1]
    assert "The rule of bands holds" not in ibid("ask", question)[1]


@pytest.mark.parametrize("typed", [["3"], [""], []])
def test_to_stop_is_what_happens_unless_somebody_chooses(ibid: Run, documents: Path, answers: list[str], typed: list[str]) -> None:
    unruled(documents, "dogs.md")
    answers += typed

    code, out, _ = ibid("index")

    assert code == 0  # the others are live
    assert "Nothing was written." in out
    assert not (documents / "policies.csv").exists()


def test_a_folder_that_may_not_be_written_to_gets_its_table_on_the_screen(ibid: Run, documents: Path, answers: list[str]) -> None:
    unruled(documents, "dogs.md")
    (documents / ".table").write_text("file,access\n", encoding="utf-8")
    (documents / "policies.csv").symlink_to(".table")
    answers += ["1"]

    out = ibid("index")[1]

    assert "policies.csv is a link" in out
    assert "dogs.md,everyone" in out
    assert (documents / ".table").read_text(encoding="utf-8") == "file,access\n"


def test_where_nobody_can_be_asked_it_says_what_to_write(ibid: Run, documents: Path) -> None:
    unruled(documents, "dogs.md")

    out = ibid("index")[1]

    assert f"write into {documents / 'policies.csv'} a first line `file,access` and one such as `dogs.md,everyone`" in out
    assert "IBID_DEFAULT_ACCESS=everyone" in out
    assert not (documents / "policies.csv").exists()
    assert json.loads(ibid("index", "--json")[1])["unruled"] == ["dogs.md"]


def test_of_a_source_it_says_which_line_is_missing_and_nothing_is_asked(
    ibid: Run, documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: list[str]
) -> None:
    unruled(documents, "dogs.md")
    file = tmp_path / "sources.yaml"
    file.write_text("sources:\n  - name: handbook\n    kind: folder\n    path: documents\n", encoding="utf-8")
    monkeypatch.setenv("IBID_SOURCES", str(file))
    answers += ["1"]

    out = ibid("index")[1]

    assert f"Write below `name: handbook` in {file} `access: everyone`, or `access: {{groups: [hr]}}`" in out
    assert answers == ["1"]
    assert "✓ Sources: 1 in" in ibid("doctor")[1]
    assert ibid("index", "--source", "handbook")[0] == 0
    assert "there is no source 'wiki'; there are: handbook" in ibid("index", "--source", "wiki")[2]


def test_doctor_says_what_sources_lack(ibid: Run, documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "sources.yaml"
    monkeypatch.setenv("IBID_SOURCES", str(file))
    file.write_text("sources:\n  - name: handbook\n    kind: foldr\n", encoding="utf-8")
    assert "✗ Sources: nothing can be indexed\n    sources.yaml, line 2" in ibid("doctor")[1]

    file.write_text(
        "sources:\n"
        "  - {name: shared, kind: folder, path: nowhere}\n"
        "  - {name: code, kind: git, repository: 'https://git.example/handbook.git', secret: git_token}\n"
        "  - {name: wiki, kind: reader, class: llama_index.readers.made_up.MadeUpReader, secrets: {token: wiki_token}}\n",
        encoding="utf-8",
    )
    monkeypatch.setattr("shutil.which", lambda name, **_: None)
    out = ibid("doctor")[1]
    assert "✗ Sources: 3 in" in out
    for lack in (
        f"shared: there is no folder {tmp_path / 'nowhere'}",
        "code: git is not installed",
        "code: it names a secret, and IBID_SOURCE_SECRETS_DIR is not set",
        "wiki: llama_index.readers.made_up.MadeUpReader is not here; pip install llama-index-readers-made-up",
    ):
        assert lack in out
    assert "– Scanned pages: tesseract is not installed" in out

    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "git_token").write_text("zebra", encoding="utf-8")
    monkeypatch.setenv("IBID_SOURCE_SECRETS_DIR", str(secrets))
    out = ibid("doctor")[1]
    assert "code: it names" not in out
    assert f"wiki: 1 of its 1 secrets is not in {secrets}" in out
    assert "zebra" not in out
    assert documents.is_dir()


def test_doctor_lists_documents_whose_review_is_overdue_and_is_well_all_the_same(ibid: Run, indexed: Path) -> None:
    assert "✓ Reviews: no document is overdue" in ibid("doctor")[1]
    write_policy(indexed, "travel.md", "Trains are booked second class.", review_by="2026-11-15", owner="ann")
    write_policy(indexed, "leave.md", "Employees may carry over up to five days of annual leave.", review_by="2026-11-16")
    ibid("index")

    code, out, _ = ibid("doctor")

    assert code == 0
    assert "– Reviews: 1 overdue\n    travel.md: by 2026-11-15, ann\n" in out


def test_whoever_finds_another_run_at_work_is_told_who_it_is_and_how_far(
    ibid: Run, indexed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.cli.reaching, "_PATIENCE", 0.3)
    with owning(tmp_path / "var", "index") as ownership:
        ownership.is_at("read 12 of 5,400")
        code, _, err = ibid("index")
        owner = owner_of(tmp_path / "var")
        ownership.is_at("read")
        shorter = owner_of(tmp_path / "var")

    assert code == 1
    assert f"`ibid index` (process {os.getpid()}, since" in err
    assert "UTC: read 12 of 5,400) already works on" in err
    assert isinstance(owner, Owner)
    assert shorter == replace(owner, doing="read")
    assert indexed.is_dir()


def test_a_run_notes_how_far_it_is_for_those_who_wait(ibid: Run, documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    index = Corpus.index

    def watched(self: Corpus, *given: object, **named: object) -> object:
        report = index(self, *given, **named)  # type: ignore[arg-type]  # whatever it was called with
        for _ in range(200):
            owner = owner_of(tmp_path / "var")
            if owner and owner.doing:
                seen.append(owner.doing)
                break
            threading.Event().wait(0.01)
        return report

    monkeypatch.setattr(Corpus, "index", watched)

    assert ibid("index")[0] == 0
    assert " of " in seen[0]
    assert documents.is_dir()


def test_in_a_real_terminal_the_choice_is_typed_and_the_documents_are_live(documents: Path, tmp_path: Path) -> None:
    unruled(documents, "pay/bands.md")

    answers = [("Which? [3]", "2"), ("pay (1 document):", "hr")]
    code, shown = at_a_terminal(["index"], answers, {"IBID_DATA_DIR": str(tmp_path / "var")})

    assert code == 0
    assert "Nothing says who may read 1 document, so nobody is answered from it" in shown
    assert "3 added; 3 passages; version 1 is live" in shown or "1 added, 2 unchanged; 3 passages; version 2 is live" in shown
    assert "pay/bands.md,,,groups: hr" in (documents / "policies.csv").read_text(encoding="utf-8")


def test_a_second_run_beside_a_running_demo_is_told_who_began_it_and_how_far_it_is(tmp_path: Path) -> None:
    with a_demo(tmp_path / "var"):
        second = typed(tmp_path / "var" / "demo", "index")
        assert (second.returncode, second.stdout) == (1, "")
        refusals, until = [second.stderr], time.monotonic() + 100
        while (plan := typed(tmp_path / "var" / "demo", "index", "--plan", "--json")).returncode and time.monotonic() < until:
            refusals.append(plan.stderr)
        told = r"ibid: a run is under way, begun \d\d:\d\d UTC by the demo: (starting|\w+ \d+ of \d+)\n"
        assert all(re.fullmatch(told, refusal) for refusal in refusals)
        report = json.loads(plan.stdout)
        assert (len(report["unchanged"]), report["added"], report["live"]) == (54, [], 1)
        assert "there is no earlier version" in typed(tmp_path / "var" / "demo", "index", "undo").stderr
        assert "no document is called nowhere.md" in typed(tmp_path / "var" / "demo", "erase", "nowhere.md", "--yes").stderr


def typed(data_dir: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "IBID_DATA_DIR": str(data_dir), "PYTHONPATH": os.pathsep.join([os.environ["PYTHONPATH"], str(ROOT)])}
    command = [sys.executable, "-P", "-m", "bot", *words]
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=100)


@contextmanager
def a_demo(data_dir: Path) -> Iterator[None]:
    """A real one, in its own process, with the sample handbook read."""
    environment = {**os.environ, "IBID_DATA_DIR": str(data_dir), "PYTHONPATH": os.pathsep.join([os.environ["PYTHONPATH"], str(ROOT)])}
    command = [sys.executable, "-P", "-m", "bot", "demo", "--no-open"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as demo:
        try:
            assert demo.stdout
            assert demo.stdout.readline()
            yield
        finally:
            demo.terminate()
            demo.wait(timeout=30)
