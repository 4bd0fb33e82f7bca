"""The commands that the pages show, typed for real: in order of need, each in its own process, on the sample handbook."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.at_a_terminal import at_a_terminal
from tests.documented import ROOT, shown

# Typed by other tests: the demo in tests/browser, serve in tests/channels, the golden questions by tests of evals.
ELSEWHERE = ("ibid demo", "ibid serve", "ibid eval", *(GOING_BACK := ("ibid index undo", "ibid erase")), "ibid hold")
TYPED = sorted({"ibid --help", "ibid doctor", "ibid settings --env", 'ibid ask "How many days can I work from home?"', *shown()})


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the handbook read into it, by the command that people type."""
    folder = tmp_path_factory.mktemp("typed")
    report = type_it("ibid index", folder)
    assert "version 1 is live" in report
    assert "leave/annual-leave-uk.md" in report
    return folder


def type_it(command: str, data_dir: Path, **more: str) -> str:
    environment = {**os.environ, "IBID_DATA_DIR": str(data_dir), **more}
    environment["PYTHONPATH"] = os.pathsep.join([environment["PYTHONPATH"], str(ROOT)])
    typed = [sys.executable, "-P", "-m", "bot", *shlex.split(command)[1:]]
    done = subprocess.run(
        typed, cwd=data_dir, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.mark.parametrize("command", [one for one in TYPED if one.startswith("ibid ") and not one.startswith(ELSEWHERE)])
def test_a_documented_command_does_what_it_says(command: str, data_dir: Path) -> None:
    assert type_it(command, data_dir).strip()


def test_the_documented_ways_back_are_gone_on_a_copy_of_the_handbook(tmp_path: Path) -> None:
    documented = [one for one in TYPED if one.startswith(GOING_BACK)]
    assert {"ibid index undo", "ibid index undo --plan", "ibid erase leave/annual-leave-uk-2025.md"} <= set(documented)
    handbook, data_dir = tmp_path / "handbook", tmp_path / "var"
    shutil.copytree(ROOT / "handbook" / "leave", handbook / "leave", ignore=shutil.ignore_patterns("*.html"))
    named = {"IBID_DOCUMENTS": str(handbook), "IBID_PEOPLE_FILE": str(ROOT / "handbook" / "workspace.yaml")}
    data_dir.mkdir()
    type_it("ibid index", data_dir, **named)

    for command in documented:  # sorted: an erasure first, and a plan behind each undo finds another version to go back from
        if command.startswith("ibid erase"):
            name = command.split()[-1]
            code, screen = at_a_terminal(shlex.split(command)[1:], [("to erase it:", name)], {"IBID_DATA_DIR": str(data_dir), **named})
            assert (code, f"{name} is erased" in screen) == (0, True), screen
            (handbook / name).unlink()
            continue
        with (handbook / "leave" / "pto-us.md").open("a", encoding="utf-8") as policy:
            policy.write("\nOne more sentence stands here.\n")
        assert "is live" in type_it("ibid index", data_dir, **named)
        assert "live instead of" in type_it(command, data_dir, **named)


def test_the_documented_holds_are_made_listed_and_lifted_in_their_order(data_dir: Path, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "holds.md").read_text(encoding="utf-8")
    typed = [line for line in page.splitlines() if line.startswith("ibid hold ")]
    folder = tmp_path / "var"
    shutil.copytree(data_dir, folder)

    said = [type_it(command, folder) for command in typed]

    assert [command.split()[2] for command in typed] == ["leave/annual-leave-uk.md", "--topic", "--list", "--lift"]
    assert "leave/annual-leave-uk.md is held back until 2026-12-31" in said[0]
    assert len(said[2].splitlines()) == 2
    assert "is held back no more" in said[3]
    assert "security@fernhill.example" in type_it('ibid ask "May I travel to Italy?"', folder)
