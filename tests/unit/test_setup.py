"""A fresh machine is set up by the Makefile's scripts alone, which say what to do where something is missing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MADE_HERE = {
    line.rstrip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
} | {".git"}
ONE_MACHINE = re.compile(rb"(?<![\w.~*:/-])/(?:home|mnt|opt|root|Users|work|workspace)/\w")
ONE_REGISTRY = re.compile(rb"(?:index-url|find-links|trusted-host)['\"]?\s*[=: ]\s*['\"]?(?:https?:|file:|/)")


def our_files() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in MADE_HERE]
        yield from (Path(folder, name) for name in names if name not in MADE_HERE)


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A PATH that holds the programs which every machine has, and what a test puts there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("cat", "date", "dirname", "grep", "id", "sed", "sh", "true"):
        (folder / name).symlink_to(shutil.which(name) or pytest.fail(f"{name} is not on this machine"))
    return folder


def put(folder: Path, name: str, script: str) -> None:
    (folder / name).unlink(missing_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which nothing has been installed yet."""
    folder = tmp_path / "checkout"
    (folder / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "venv.sh", folder / ".ci")
    shutil.copy(ROOT / "requirements.lock", folder)
    return folder


def test_no_file_holds_a_path_of_one_machine_or_the_address_of_one_registry() -> None:
    files = list(our_files())
    assert ROOT / "Makefile" in files
    found = {
        f"{file.relative_to(ROOT)}: {hit[0].decode()}"
        for file in files
        for pattern in (ONE_MACHINE, ONE_REGISTRY)
        for hit in pattern.finditer(file.read_bytes())
    }
    assert found == set()


def test_every_target_of_the_makefile_is_explained_by_make_help() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split()
    explained = run("make", "help", PATH=os.environ["PATH"]).stdout
    assert {"demo", "test", "lint", "index", "eval", "clean", "help"} <= set(targets)
    assert [target for target in targets if f"make {target} " not in explained] == []


def test_a_python_that_is_too_old_is_named_with_what_to_do(checkout: Path, programs: Path) -> None:
    put(programs, "python3", 'case "$1" in --version) echo "Python 3.9.6";; *) exit 1;; esac')
    tried = run("sh", str(checkout / ".ci" / "venv.sh"), "requirements.lock", PATH=str(programs))
    assert tried.returncode == 1
    assert "needs Python 3.11 to 3.14; python3 here is Python 3.9.6" in tried.stderr
    assert "PYTHON=/path/to/python3.12" in tried.stderr
    assert not (checkout / ".venv").exists()


def test_a_newer_python_beside_an_old_one_is_taken(checkout: Path, programs: Path) -> None:
    put(programs, "python3", "exit 1")
    put(programs, "python3.12", 'case "$2" in *ensurepip*) exit 1;; esac')
    tried = run("sh", str(checkout / ".ci" / "venv.sh"), "requirements.lock", PATH=str(programs))
    assert "python3.12 has no venv with pip" in tried.stderr


def test_without_ensurepip_the_cure_is_shown(checkout: Path, programs: Path) -> None:
    put(programs, "python3", 'case "$2" in *ensurepip*) exit 1;; esac')
    tried = run("sh", str(checkout / ".ci" / "venv.sh"), "requirements.lock", PATH=str(programs))
    assert tried.returncode == 1
    assert "apt-get install python3-venv" in tried.stderr
    assert not (checkout / ".venv").exists()


def test_what_will_be_downloaded_is_said_before_anything_is_done(checkout: Path, programs: Path) -> None:
    put(programs, "python3", 'case "$2" in *ensurepip*) exit 1;; esac')
    tried = run("sh", str(checkout / ".ci" / "venv.sh"), "requirements.lock", PATH=str(programs))
    assert "MB to download" in tried.stdout
    assert "into .venv here" in tried.stdout


def test_who_may_not_install_programs_is_shown_the_line_that_does(programs: Path) -> None:
    put(programs, "id", "echo 1000")
    put(programs, "apt-get", "echo installed >&2")
    tried = run("sh", ".ci/programs.sh", "true", "redis-server", "chromium", PATH=str(programs))
    assert tried.returncode == 0
    assert "apt-get install --no-install-recommends redis-server chromium" in tried.stdout
    assert "installed" not in tried.stderr


def test_nothing_is_said_or_installed_where_all_programs_are(programs: Path) -> None:
    put(programs, "google-chrome", "true")
    put(programs, "apt-get", "echo installed >&2")
    tried = run("sh", ".ci/programs.sh", "true", "chromium", PATH=str(programs))
    assert (tried.returncode, tried.stdout, tried.stderr) == (0, "", "")


def test_the_deciding_run_skips_nothing_and_waits_for_no_keyboard(programs: Path, tmp_path: Path) -> None:
    put(programs, "make", 'echo "$PWD $IBID_REQUIRE_ALL $*"; read -r line || echo "no keyboard"')
    bash = shutil.which("bash") or pytest.fail("bash is not on this machine")
    run_elsewhere = subprocess.run(
        [bash, str(ROOT / ".ci" / "run")], cwd=tmp_path, env={"PATH": str(programs)}, capture_output=True, text=True, check=True, timeout=60
    )
    assert run_elsewhere.stdout == f"{ROOT} 1 test\nno keyboard\n"
