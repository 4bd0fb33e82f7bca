"""The commands that the pages show, typed for real: in order of need, each in its own process, on the sample handbook."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documented import ROOT, shown

# Typed by other tests: the demo in tests/browser, serve in tests/channels, the golden questions by tests of evals.
ELSEWHERE = ("ibid demo", "ibid serve", "ibid eval")
TYPED = sorted({"ibid --help", "ibid doctor", "ibid settings --env", 'ibid ask "How many days can I work from home?"', *shown()})


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the handbook read into it, by the command that people type."""
    folder = tmp_path_factory.mktemp("typed")
    report = type_it("ibid index", folder)
    assert "version 1 is live" in report
    assert "leave/annual-leave-uk.md" in report
    return folder


def type_it(command: str, data_dir: Path) -> str:
    environment = {**os.environ, "IBID_DATA_DIR": str(data_dir)}
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
