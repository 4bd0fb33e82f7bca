"""The git program, run so that it asks nobody, runs no hook, follows no redirect, and shows no secret to other processes."""

from __future__ import annotations

import os
import re
import shutil
import signal
import ssl
import subprocess
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from knowledge.connectors.outside import Outside
from knowledge.errors import Unreachable
from knowledge.reading.cleaning import clean, one_line

PATIENCE = 60.0  # seconds for what needs no network
LONGEST = 600.0  # seconds for what does
_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.askPass=",
    "credential.helper=",
    "gc.auto=0",
    "maintenance.auto=false",
    "fetch.recurseSubmodules=false",
    "http.followRedirects=false",
    "http.lowSpeedLimit=1",
    "http.lowSpeedTime=30",
)
_OWN_CONFIGURATION = "[safe]\n\tdirectory = *\n[uploadpack]\n\tallowFilter = true\n"  # for folders: whoever owns them, they were named


class GitFailed(Exception):
    """What git said, in one line, without the secret."""


@dataclass(frozen=True)
class Remote:
    """Where a repository is asked, and what with. A path asks a folder of this machine."""

    repository: str
    user: str = ""
    token: str = field(default="", repr=False)

    @property
    def protocol(self) -> str:
        return urlsplit(self.repository).scheme if "://" in self.repository else "file"

    @property
    def credential(self) -> str:
        return b64encode(f"{self.user}:{self.token}".encode()).decode() if self.token else ""


@dataclass(frozen=True)
class GitProgram:
    """`home` holds its configuration and nothing of anybody's."""

    home: Path
    remote: Remote
    outside: Outside

    def local(self, repository: Path, *arguments: str) -> bytes:
        """What it prints. Raises GitFailed."""
        return self._run((f"--git-dir={repository}", *arguments), self._environment(), PATIENCE)[0]

    def over_there(self, *arguments: str, repository: Path | None = None) -> tuple[bytes, str]:
        """The same for what may ask the remote, and what it remarks. The token is in the child's environment, not among its arguments."""
        self.outside.step()
        there = () if repository is None else (f"--git-dir={repository}", "-c", f"remote.origin.url={self.remote.repository}")
        return self._run((*there, *arguments), {**self._environment(), **self._way_out(), **self._authorization()}, LONGEST)

    def opened(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A conversation with git that stays open until it is ended."""
        command, environment = self._command(*arguments), self._environment()
        return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603  # as in _run

    def _command(self, *arguments: str) -> list[str]:
        """Raises Unreachable where there is no git."""
        program = shutil.which("git")
        if program is None:
            raise Unreachable("git is not installed on this machine; install it, or mount the documents as a folder")
        return [program, *(word for setting in _SETTINGS for word in ("-c", setting)), *arguments]

    def _environment(self) -> dict[str, str]:
        """Nothing of this process's own: neither its secrets nor the settings of who started it."""
        self.home.mkdir(parents=True, exist_ok=True)
        configuration = self.home / "config"
        if not configuration.exists():
            configuration.write_text(_OWN_CONFIGURATION, encoding="utf-8")
        return {
            "PATH": os.pathsep.join([str(Path(shutil.which("git") or "git").parent), os.defpath]),
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_GLOBAL": str(configuration),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ALLOW_PROTOCOL": self.remote.protocol,
            "GIT_LITERAL_PATHSPECS": "1",
            "GIT_NO_LAZY_FETCH": "1",
        }

    def _authorization(self) -> dict[str, str]:
        """For this host only."""
        if not self.remote.token:
            return {}
        address = urlsplit(self.remote.repository)
        return {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"http.{address.scheme}://{address.netloc}/.extraHeader",
            "GIT_CONFIG_VALUE_0": f"Authorization: Basic {self.remote.credential}",
        }

    def _way_out(self) -> dict[str, str]:
        """The company's proxy, and the authorities that are believed."""
        if self.remote.protocol != "https":
            return {}
        proxy = self.outside.proxy(self.remote.repository)
        found = {"https_proxy": proxy} if proxy else {}
        believed = [ssl.DER_cert_to_PEM_cert(one) for one in self.outside.tls().get_ca_certs(binary_form=True)]
        if believed:
            file = self.home / "authorities.pem"
            file.write_text("".join(believed), encoding="ascii")
            found["GIT_SSL_CAINFO"] = str(file)
        return found

    def _run(self, arguments: tuple[str, ...], environment: Mapping[str, str], seconds: float) -> tuple[bytes, str]:
        process = subprocess.Popen(  # noqa: S603  # a list of words, none of them an option that somebody else chose
            self._command(*arguments),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # with its own children it is ended as one
        )
        try:
            printed, complained = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise GitFailed(f"took longer than {seconds:.0f} seconds") from None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
        said = complained.decode("utf-8", "replace")
        if process.returncode:
            raise GitFailed(self._told(said) or f"ended with {process.returncode}")
        return printed, said

    def _told(self, said: str) -> str:
        """What git says is wrong, without the remote's own words and without the secret."""
        lines = [line for line in said.splitlines() if re.match(r"(?:fatal|error): ", line)]
        told = one_line(clean(lines[0])).partition(": ")[2] if lines else ""
        for secret in (self.remote.token, self.remote.credential):
            told = told.replace(secret, "…") if secret else told
        return told[:300]
