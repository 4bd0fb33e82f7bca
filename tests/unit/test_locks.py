"""The two locks hold together: hashed, bound to no registry, and what pyproject.toml asks for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def locked(lock: str) -> dict[str, list[tuple[str, list[str]]]]:
    """For each package its versions (one for each marker) with their hashes."""
    packages: dict[str, list[tuple[str, list[str]]]] = {}
    for entry in re.split(r"\n(?=\S)", (ROOT / lock).read_text(encoding="utf-8")):
        if pinned := re.match(r"([a-z0-9][\w.-]*)==([^\s;\\]+)", entry):
            packages.setdefault(pinned[1], []).append((pinned[2], sorted(re.findall(r"--hash=(sha256:[0-9a-f]{64})", entry))))
    return packages


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes(lock: str) -> None:
    packages = locked(lock)
    assert len(packages) > 100
    assert [name for name, versions in packages.items() for _, hashes in versions if not hashes] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_index_and_no_file_so_any_registry_will_do(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert [line for line in text.splitlines() if line.startswith(("-", "/", "."))] == []


def test_the_dev_lock_holds_the_runtime_lock_so_tests_run_what_people_run() -> None:
    runtime, dev = (locked(lock) for lock in LOCKS)
    assert {name: dev.get(name) for name in runtime} == runtime


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_left_out_stays_out(lock: str) -> None:
    left_out = PROJECT["tool"]["uv"]["exclude-dependencies"]
    assert sorted(left_out) == ["kubernetes", "sentence-transformers"]
    assert not {*left_out, "torch", "transformers", "triton"} & set(locked(lock))


@pytest.mark.parametrize(
    ("lock", "asked"),
    [
        ("requirements.lock", PROJECT["project"]["dependencies"]),
        ("requirements-dev.lock", PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["dev"]),
    ],
)
def test_what_the_project_asks_for_is_locked_at_a_version_it_allows(lock: str, asked: list[str]) -> None:
    packages = locked(lock)
    for requirement in map(Requirement, asked):
        versions = [Version(version) for version, _ in packages[requirement.name.lower()]]
        assert all(version in requirement.specifier for version in versions), requirement
