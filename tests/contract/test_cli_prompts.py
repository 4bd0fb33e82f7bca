"""`ibid prompts` at a terminal: alone, and through the process that owns the data directory."""

from __future__ import annotations

import asyncio
import io
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

import bot.bootstrap
import bot.flows.looking
from bot.__main__ import main
from bot.bootstrap import House
from bot.cli.serving import house_with_a_door
from bot.errors import NoTrial
from bot.models import Spent
from bot.owner import owning
from bot.prompts import INPUTS, PromptSet
from bot.settings import HOME, Settings, read_settings
from bot.trials import Compared, TrialPlan, TrialReport
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.weights import THRESHOLDS

FRONT = "---\npurpose: The house style.\ninputs: []\n---\n"
Run = Callable[..., tuple[int, str, str]]


PLAN = TrialPlan(questions=10, seconds=34.4, money=0.0213, model="big-model")


@dataclass
class PretendTrial:
    """Finds what it is told to, and remembers what it was asked to try."""

    plan_: TrialPlan = PLAN
    found: tuple[Compared, ...] = ()
    missing: bool = False
    tried: list[tuple[str, str]] = field(default_factory=list)

    async def plan(self, new: PromptSet) -> TrialPlan:
        if self.missing:
            raise NoTrial("There are no golden questions; write golden.yaml beside the documents.")
        return self.plan_

    async def run(self, old: PromptSet, new: PromptSet, progress: Callable[[int, int], None]) -> TrialReport:
        self.tried.append((old["voice"].text, new["voice"].text))
        progress(20, 20)
        return TrialReport(questions=self.found, seconds=31.2, spent=Spent(12_345, 8_000, 900), model="big-model")


@pytest.fixture
def trial() -> PretendTrial:
    return PretendTrial()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trial: PretendTrial) -> Path:
    """The prompts' folder of an installation whose golden questions are pretended."""
    folder = tmp_path / "prompts"
    folder.mkdir()
    for name in INPUTS:
        (folder / f"{name}.md").write_bytes((HOME / "prompts" / f"{name}.md").read_bytes())
    (folder / "voice.md").write_text(FRONT + "Be kind.\n")
    monkeypatch.setenv("IBID_PROMPTS", str(folder))
    monkeypatch.setattr(bot.bootstrap, "built_in_embedder", lambda settings: HashingEmbedding())
    monkeypatch.setattr(bot.flows.looking, "THRESHOLDS", replace(THRESHOLDS, answer_from=0.0))  # tuned for the real embedder
    monkeypatch.setattr("getpass.getuser", lambda: "sam")
    opened = bot.bootstrap.opened

    @asynccontextmanager
    async def with_trial(settings: Settings, **_: object) -> AsyncIterator[House]:
        async with opened(settings, trial=lambda _: trial) as house:
            yield house

    monkeypatch.setattr(bot.bootstrap, "opened", with_trial)
    monkeypatch.setattr("bot.cli.serving.opened", with_trial)
    return folder


@pytest.fixture
def prompts(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["prompts", *arguments])
        shown = capsys.readouterr()
        assert "Traceback" not in shown.out + shown.err
        return code, shown.out, shown.err

    return run


@pytest.fixture
def draft(tmp_path: Path) -> str:
    (tmp_path / "draft.md").write_text("Be brief.\n")
    return str(tmp_path / "draft.md")


@contextmanager
def _serving() -> Iterator[None]:
    """A process that owns the data directory and answers its socket, played by a thread."""
    ready, ended = threading.Event(), threading.Event()

    async def serve() -> None:
        settings = read_settings()
        with owning(settings.data_dir, "serve") as ownership:
            async with house_with_a_door(settings, ownership):
                ready.set()
                await asyncio.to_thread(ended.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        assert ready.wait(30)
        yield
    finally:
        ended.set()
        thread.join()


@pytest.fixture(params=["alone", "through the owner"])
def somewhere(request: pytest.FixtureRequest, folder: Path) -> Iterator[Path]:
    """Both ways have to look the same from a terminal."""
    if request.param == "alone":
        yield folder
        return
    with _serving():
        yield folder


@pytest.mark.usefixtures("somewhere")
def test_all_prompts_are_listed_with_who_changed_them_last(prompts: Run, draft: str) -> None:
    assert prompts("publish", "voice", draft, "--reason", "too long")[0] == 0

    code, out, err = prompts()

    assert (code, err) == (0, "")
    lines = {line.split()[0]: line for line in out.splitlines()}
    assert lines.keys() == {"Prompt", *INPUTS}
    assert lines["voice"].split()[1:3] == ["2", "sam"]
    assert lines["answer"].split()[1:3] == ["1", "file"]
    assert "Writes the answer from numbered sources" in lines["answer"]


@pytest.mark.usefixtures("somewhere")
def test_a_text_is_published_shown_and_rolled_back(prompts: Run, draft: str) -> None:
    code, out, _ = prompts("publish", "voice", draft, "--reason", "too long")
    assert code == 0
    assert out.startswith("Version 2 of voice is live (")
    assert out.endswith("): too long\n")
    assert prompts("show", "voice")[1] == FRONT + "Be brief.\n"
    assert prompts("show", "voice", "--version", "1")[1] == FRONT + "Be kind.\n"

    code, out, _ = prompts("rollback", "voice")
    assert code == 0
    assert out.endswith("): back to version 1\n")
    assert prompts("show", "voice")[1] == FRONT + "Be kind.\n"
    assert prompts("rollback", "voice", "--to", "2")[0] == 0
    history = prompts("versions", "voice")[1].splitlines()
    assert [line.split()[:2] for line in history[1:]] == [["4", "sam"], ["3", "sam"], ["2", "sam"], ["1", "file"]]
    assert history[1].endswith("back to version 2")


@pytest.mark.parametrize("name", list(INPUTS))
def test_what_is_shown_is_a_file_that_loads_and_says_the_same(prompts: Run, folder: Path, name: str) -> None:
    code, out, _ = prompts("show", name)
    (folder / f"{name}.md").write_text(out)

    assert code == 0
    assert prompts("check", name, str(folder / f"{name}.md"))[:2] == (0, "! Nothing is changed.\n")
    assert prompts("versions", name)[1].count("\n") == 2


@pytest.mark.usefixtures("somewhere")
def test_a_check_says_what_is_wrong_and_changes_nothing(prompts: Run, tmp_path: Path, draft: str) -> None:
    bad = tmp_path / "bad.md"
    bad.write_text("Be {{ mood }}.")

    assert prompts("check", "voice", draft)[:2] == (0, "✓ It can be published.\n")
    assert prompts("check", "voice", str(bad))[:2] == (1, "✗ {{ mood }} is not known here.\n")
    code, out, err = prompts("publish", "voice", str(bad), "--reason", "x")
    assert (code, out) == (2, "")
    assert err == "ibid: The prompt voice cannot be used like this. {{ mood }} is not known here.\n"
    assert prompts("show", "voice")[1] == FRONT + "Be kind.\n"


def test_a_text_is_read_from_standard_input_with_or_without_front_matter(prompts: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("Be brief.\n", FRONT + "Be warm.\r\n"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        assert prompts("publish", "voice", "-", "--reason", "x")[0] == 0

    assert prompts("show", "voice")[1] == FRONT + "Be warm.\n"
    assert prompts("show", "voice", "--version", "2")[1] == FRONT + "Be brief.\n"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("show", "voices"), "There is no prompt 'voices'; there are answer"),
        (("show", "voice", "--version", "7"), "voice has no version 7; the newest is 1."),
        (("rollback", "voice"), "voice does not have an earlier version"),
        (("rollback", "voice", "--to", "7"), "voice does not have a version 7"),
        (("check", "voice", "nowhere.md"), "nowhere.md cannot be read: No such file"),
        (("check", "voice", "."), ". cannot be read: Is a directory"),
        (("publish", "voice", "{draft}", "--reason", " "), "Give a reason"),
        (("publish", "voice", "{binary}", "--reason", "x"), "is not UTF-8 text"),
        (("publish", "voice", "{huge}", "--reason", "x"), "is larger than 64 KB"),
        (("try", "voice", "-"), "add --yes"),
    ],
)
def test_what_cannot_be_done_is_one_line_that_says_why(
    prompts: Run, tmp_path: Path, draft: str, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], complaint: str
) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "huge").write_bytes(b"x" * 100_000)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Be brief.")))
    places = {"draft": draft, "binary": str(tmp_path / "binary"), "huge": str(tmp_path / "huge")}

    code, out, err = prompts(*(one.format(**places) for one in arguments))

    assert (code, out) == (2, "")
    assert complaint in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("arguments", [("publish", "voice", "draft.md"), ("rollback", "voice", "--to", "two"), ("edit", "voice")])
def test_what_is_asked_for_wrongly_is_answered_with_how(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["prompts", *arguments])

    assert ended.value.code == 2
    assert "usage: ibid prompts" in capsys.readouterr().err


def test_a_file_that_differs_from_what_was_published_is_listed_with_what_to_do(prompts: Run, folder: Path, draft: str) -> None:
    prompts("publish", "voice", draft, "--reason", "too long")
    (folder / "voice.md").write_text(FRONT + "New in this release.\n")

    out = prompts()[1]

    assert "✗ prompts/voice.md differs from what was published" in out
    command = out.partition("`ibid ")[2].partition("`")[0].replace("…", "new")
    assert main([one.strip('"') for one in command.split()]) == 0
    assert "✗" not in prompts()[1]
    assert prompts("show", "voice")[1] == FRONT + "New in this release.\n"


def test_a_user_without_a_name_publishes_under_the_number(prompts: Run, draft: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nameless)
    prompts("publish", "voice", draft, "--reason", "x")

    assert " user " in prompts("versions", "voice")[1].splitlines()[1]


WORSE = Compared(
    question="How many days can I carry over?",
    before="right",
    after="wrong",
    said_before="Five days. [1]\nUntil 31 March. [1]",
    said_after="As many as you like.\x1b[31m [1]",
)
SAME = replace(WORSE, question="Who approves leave?", after="right", said_after=WORSE.said_before)
BETTER = replace(WORSE, question="Is there a gym?", before="refused", after="right")
OTHER = replace(WORSE, question="When is pay day?", after="right", said_after="Five days, friend. [1]")


@pytest.mark.usefixtures("somewhere")
def test_a_trial_says_what_it_takes_and_then_the_difference_worst_first(prompts: Run, draft: str, trial: PretendTrial) -> None:
    trial.found = (SAME, BETTER, OTHER, WORSE)

    code, out, _ = prompts("try", "voice", draft, "--yes")

    assert code == 1
    assert out.startswith(
        "10 golden questions, old against new, with big-model: about 34 s; it costs about 0.0213 (by IBID_MODEL_PRICE).\n"
    )
    places = [out.index(f"{change}: ") for change in ("worse", "better", "in other words")]
    assert places == sorted(places)
    assert "worse: How many days can I carry over?\n  before (right)\n    Five days. [1]\n    Until 31 March. [1]\n  after (wrong)\n" in out
    assert "\x1b" not in out
    assert SAME.question not in out
    assert "4 questions with big-model in 31.2 s: 1 better, 1 worse, 2 as before (1 in other words)." in out
    assert "Tokens: 12,345 read (8,000 of them from the provider's cache), 900 written." in out
    assert trial.tried == [("Be kind.", "Be brief.")]
    assert prompts("versions", "voice")[1].count("\n") == 2


def test_a_trial_where_nothing_gets_worse_is_a_success(prompts: Run, draft: str, trial: PretendTrial) -> None:
    trial.found = (SAME, BETTER)

    assert prompts("try", "voice", draft, "--yes")[0] == 0


@pytest.mark.parametrize(
    ("typed", "runs"), [("y\n", True), ("YES\n", True), ("n\n", False), ("\n", False), ("", False), ("maybe\n", False)]
)
def test_a_trial_begins_only_when_somebody_agrees(
    prompts: Run, draft: str, trial: PretendTrial, monkeypatch: pytest.MonkeyPatch, typed: str, runs: bool
) -> None:
    trial.found = (SAME,)
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))

    code, out, _ = prompts("try", "voice", draft)

    assert (code, len(trial.tried)) == ((0, 1) if runs else (1, 0))
    assert out.count("10 golden questions") == 1
    assert ("Not tried." in out) is not runs


def test_a_trial_of_a_text_that_cannot_be_used_is_not_begun(prompts: Run, tmp_path: Path, trial: PretendTrial) -> None:
    (tmp_path / "bad.md").write_text("Be {{ mood }}.")

    for more in ((), ("--yes",)):
        code, out, _ = prompts("try", "voice", str(tmp_path / "bad.md"), *more)
        assert (code, out) == (1, "✗ {{ mood }} is not known here.\n")
    assert trial.tried == []


def test_where_no_model_is_set_up_there_is_nothing_to_try(prompts: Run, draft: str, trial: PretendTrial) -> None:
    trial.plan_ = replace(trial.plan_, model="quotes")

    for more in ((), ("--yes",)):
        code, out, _ = prompts("try", "voice", draft, *more)
        assert code == 1
        assert "No model is set up (IBID_MODEL)" in out
    assert trial.tried == []


def test_a_price_that_is_not_known_is_said(prompts: Run, draft: str, trial: PretendTrial) -> None:
    trial.plan_ = replace(trial.plan_, money=None)

    assert "what it costs is not known (IBID_MODEL_PRICE)" in prompts("try", "voice", draft, "--yes")[1]


@pytest.mark.usefixtures("somewhere")
def test_where_there_are_no_golden_questions_a_trial_says_so(prompts: Run, draft: str, trial: PretendTrial) -> None:
    trial.missing = True

    code, _, err = prompts("try", "voice", draft, "--yes")

    assert code == 1
    assert err == "ibid: There are no golden questions; write golden.yaml beside the documents.\n"
