"""Takes a Dockerfile's steps one by one in an empty folder, as far as they can be taken without a container engine.

What is not done: fetching the base image and the packages (those that are installed here stand in, when their versions are the lock's),
making a user, and giving files to that user.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from tests.dockerfile import Ignored, Stage, Step, read_stages
from tests.this_machine_only import sitecustomize as guard

ROOT = Path(__file__).parents[1]
PIP = ["pip", "--python", "/venv/bin/python", "install", "--no-cache-dir", "--disable-pip-version-check"]
STRICTLY = ["--no-deps", "--require-hashes", "--only-binary=:all:", "-r", "requirements.lock"]


@dataclass
class Image:
    """A folder that looks like the image's root, and what the steps said about how to start in it."""

    root: Path
    context: Path
    ignored: Ignored
    earlier: dict[str, Image] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    users: list[str] = field(default_factory=list)
    stage: Stage | None = None

    def build(self, stage: Stage) -> Image:
        """Take every step; one that is not understood fails the test."""
        self.root.mkdir(parents=True)
        self.stage = stage
        for step in stage.steps:
            if step.word == "COPY":
                self._copy(step)
            elif step.word == "RUN":
                for command in step.commands():
                    self._run(command)
            elif step.word == "WORKDIR":
                self.folder = step.rest
                self.there(step.rest).mkdir(parents=True, exist_ok=True)
            elif step.word == "ENV":
                self.variables.update(step.pairs())
        return self

    def there(self, path: str) -> Path:
        """Where that path of the image is."""
        return self.root / (Path(self.folder) / path).relative_to("/")

    def files(self, *below: str) -> set[str]:
        """Everything that the image itself holds there; what is linked to this machine's packages is not followed."""
        found = (path for top in below for path in self.there(top).rglob("*"))
        return {str(path.relative_to(self.root)) for path in found if path.is_file() and not path.is_symlink()}

    def call(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """What `docker run IMAGE ARGUMENTS` does."""
        return self._done(self.command(*arguments), more)

    def start(self, **more: str) -> subprocess.Popen[str]:
        """What `docker run IMAGE` starts."""
        return subprocess.Popen(self.command(), **self._around(more), stderr=subprocess.PIPE, text=True)

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._done([str(self.there("/venv/bin/python")), "-P", *arguments], {})

    def command(self, *arguments: str) -> list[str]:
        assert self.stage is not None
        entry: list[str] = json.loads(self.stage.only("ENTRYPOINT").rest)
        usual: list[str] = json.loads(self.stage.only("CMD").rest)
        found = shutil.which(entry[0], path=self.environment()["PATH"])
        assert found, f"{entry[0]} is not on the image's PATH"
        return [found, *entry[1:], *(arguments or usual)]

    def healthy(self, **more: str) -> subprocess.CompletedProcess[str]:
        """What Docker runs to see whether the container is well."""
        assert self.stage is not None
        command: list[str] = json.loads(self.stage.only("HEALTHCHECK").rest.removeprefix("CMD "))
        return self._done(command, more)

    def environment(self) -> dict[str, str]:
        """The image's own, with its paths here; and the guard that keeps a test's processes on this machine."""
        own = {name: value.replace("$PATH", os.environ["PATH"]) for name, value in self.variables.items()}
        here = {
            name: os.pathsep.join(self._here(part) for part in value.split(":")) if "/" in value else value for name, value in own.items()
        }
        here["PYTHONPATH"] += os.pathsep + str(Path(guard.__file__).parent)
        return here | {"HOME": str(self.root / "nonexistent"), "TMPDIR": str(self.root / "tmp")}

    def _done(self, command: list[str], more: dict[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, **self._around(more), capture_output=True, text=True, check=False, timeout=100)

    def _around(self, more: dict[str, str]) -> dict[str, Any]:
        (self.root / "tmp").mkdir(exist_ok=True)
        return {"cwd": self.there(self.folder), "env": self.environment() | more, "stdin": subprocess.DEVNULL}

    def _here(self, path: str) -> str:
        inside = self.root / path.lstrip("/")
        return str(inside) if path.startswith("/") and inside.exists() else path

    def _copy(self, step: Step) -> None:
        *sources, target = step.rest.split()
        if origin := step.flag("from"):
            shutil.copytree(self.earlier[origin].there(sources[0]), self.there(target), symlinks=True)
            return
        for source in sources:
            assert source not in self.ignored, f"{source} is kept out by .dockerignore"
            into = target.endswith("/")
            self._copy_from_context(source, self.there(target) / Path(source).name if into else self.there(target))

    def _copy_from_context(self, source: str, target: Path) -> None:
        """As from a checkout whose umask lets nobody else read, which is the hardest to get right."""
        found = self.context / source
        files = [found] if found.is_file() else [file for file in sorted(found.rglob("*")) if file.is_file()]
        for file in files:
            if str(file.relative_to(self.context)) not in self.ignored:
                put = target / file.relative_to(found) if found.is_dir() else target
                put.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                shutil.copyfile(file, put)
                put.chmod(0o600)
        assert files, f"COPY {source}: there is no such thing"

    def _run(self, command: list[str]) -> None:
        match command:
            case ["python", "-m", "venv", "--without-pip", "/venv"]:
                self._really([sys.executable, "-m", "venv", "--without-pip", str(self.there("/venv"))])
            case ["pip", *_]:
                assert command == PIP + STRICTLY
                self._install(self.there("requirements.lock").read_text(encoding="utf-8"))
            case ["python", "-m", "compileall", *arguments]:
                self._really([sys.executable, "-m", "compileall", *arguments])
            case ["chmod", *arguments]:
                self._really(["chmod", *(str(self.there(part)) if part.startswith("/") else part for part in arguments)])
            case ["groupadd", "--system", "--gid", number, _] if int(number) > 0:
                pass
            case ["useradd", "--system", "--uid", user, "--gid", group, *_]:
                self.users.append(f"{user}:{group}")
            case ["install", "-d", *options, folder]:
                assert re.fullmatch(r"(-o \d+ -g \d+ )?-m 0\d{3}", " ".join(options))
                self.there(folder).mkdir(mode=int(options[-1], 8))
            case _:
                raise AssertionError(f"a step that no test takes: {command}")

    def _really(self, command: list[str]) -> None:
        subprocess.run(command, cwd=self.there(self.folder), check=True, capture_output=True, timeout=120)

    def _install(self, lock: str) -> None:
        """Link the packages that the lock names, and no other, from where the tests run. Their versions must be the lock's."""
        (target,) = self.there("/venv").glob("lib/python*/site-packages")
        for requirement in pinned(lock):
            package = distribution(requirement.name)
            assert package.version in requirement.specifier, (
                f"{requirement} is locked, {package.version} is installed: make clean, make test"
            )
            for top in _tops(package):
                if not (target / top.name).exists():
                    (target / top.name).symlink_to(top)


def built(folder: Path) -> Image:
    """What this checkout's Dockerfile makes, in this empty folder."""
    ignored = Ignored((ROOT / ".dockerignore").read_text(encoding="utf-8"))
    earlier: dict[str, Image] = {}
    for number, stage in enumerate(read_stages((ROOT / "Dockerfile").read_text(encoding="utf-8"))):
        last = Image(folder / str(number), ROOT, ignored, dict(earlier)).build(stage)
        earlier[stage.name] = last
    return last


def pinned(lock: str) -> list[Requirement]:
    """The packages of a lock that are meant for this Python on this machine."""
    lines = re.findall(r"^([a-z0-9][\w.-]*==[^\\\n]+)", lock, re.MULTILINE)
    found = [Requirement(line.strip()) for line in lines]
    return [one for one in found if one.marker is None or one.marker.evaluate()]


def _tops(package: Distribution) -> set[Path]:
    """The files and folders in site-packages that are this package's."""
    names = {file.parts[0] for file in package.files or [] if file.parts[0] not in ("..", "__pycache__")}
    return {Path(str(package.locate_file(name))) for name in names}
