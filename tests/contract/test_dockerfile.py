"""The image without a container engine: its Dockerfile's steps are taken in an empty folder, and what they make is run."""

from __future__ import annotations

import asyncio
import http.server
import json
import re
import signal
import socket
import stat
import threading
import tomllib
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from bot.settings import VARIABLES, read_settings
from playground import Workspace
from tests.dockerfile import Ignored, read_stages
from tests.image import Image, built, pinned

ROOT = Path(__file__).parents[2]
STAGES = read_stages((ROOT / "Dockerfile").read_text(encoding="utf-8"))
FINAL = STAGES[-1]
IGNORED = Ignored((ROOT / ".dockerignore").read_text(encoding="utf-8"))
POLICY = """---
title: Annual leave
access: everyone
---
# Annual leave

## 1. Carrying leave over

1.1 Employees may carry over up to five days of annual leave into the next year.
"""


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    image = built(tmp_path_factory.mktemp("image"))
    (image.there("/documents") / "leave.md").write_text(POLICY, encoding="utf-8")
    return image


@pytest.fixture(scope="module")
def indexed(image: Image) -> Image:
    done = image.call("index")
    assert done.returncode == 0, done.stderr
    assert "version 1 is live" in done.stdout
    return image


@pytest.mark.parametrize("command", [["--help"], ["settings"], ["eval", "--help"], ["demo", "--help"]])
def test_a_command_runs_in_the_image_as_its_entrypoint_starts_it(image: Image, command: list[str]) -> None:
    done = image.call(*command)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_documents_are_read_and_a_question_is_answered_in_the_image(indexed: Image) -> None:
    answer = indexed.call("ask", "How many days of annual leave can I carry over?")
    assert answer.returncode == 0, answer.stderr
    assert "up to five days" in answer.stdout


def test_the_doctor_finds_nothing_missing_in_the_image(indexed: Image) -> None:
    found = indexed.call("doctor")
    assert found.returncode == 0, found.stdout
    assert "✗" not in found.stdout
    assert "Packages: all" in found.stdout


def test_the_sample_company_and_its_pretend_workspace_are_in_the_image(indexed: Image, tmp_path: Path) -> None:
    sample = {"IBID_DOCUMENTS": str(indexed.there("handbook")), "IBID_DATA_DIR": str(tmp_path)}
    plan = indexed.call("index", "--plan", **sample)
    assert plan.returncode == 0, plan.stderr
    assert "leave/annual-leave-uk.md" in plan.stdout
    started = indexed.python("-m", "playground", "--help")
    assert started.returncode == 0, started.stderr


async def test_the_image_serves_says_that_it_is_well_and_ends_when_it_is_told_to(indexed: Image) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    assert indexed.healthy(IBID_LISTEN=listen).returncode == 1
    async with Workspace.start(ROOT / "handbook" / "workspace.yaml") as slack:
        tokens = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token, "SLACK_API_URL": slack.api_url}
        serving = await asyncio.to_thread(indexed.start, IBID_LISTEN=listen, **tokens)
        try:
            await asyncio.to_thread(_until_connected, serving.stderr)
            assert (await asyncio.to_thread(indexed.healthy, IBID_LISTEN=listen)).returncode == 0
            asked = slack.say("priya", "dm", "How many days of leave can I carry over?")
            await slack.until(lambda: any("up to five days" in reply.plain for reply in slack.replies_to(asked)), within=20)
            serving.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(serving.wait, 30) == 0
        finally:
            serving.kill()
            serving.communicate()


def _until_connected(log: object) -> None:
    said = []
    assert isinstance(log, Iterator)
    for line in log:
        said.append(line)
        if json.loads(line)["what"] == "connected to slack":
            return
    pytest.fail("".join(said))


def test_nothing_is_written_beside_the_data_so_the_image_may_be_read_only(indexed: Image) -> None:
    """Nor is anything compiled at a start: all of it was, when the image was made."""
    before = indexed.files("/ibid", "/documents", "/venv")
    for command in (["index"], ["ask", "How many days?"], ["doctor"], ["eval", "--help"]):
        indexed.call(*command)
    assert indexed.files("/ibid", "/documents", "/venv") == before
    assert {path.name for path in indexed.root.iterdir()} == {"data", "documents", "ibid", "tmp", "venv"}
    assert list(indexed.there("/tmp").iterdir()) == []


def test_everybody_may_read_the_image_and_nobody_but_root_may_change_it(image: Image) -> None:
    ours = [*image.there("/ibid").rglob("*"), image.there("/ibid"), image.there("/venv/bin/ibid")]
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in ours}
    assert {path for path, mode in modes.items() if mode & 0o022} == set()
    assert {path for path, mode in modes.items() if not mode & 0o004 or (path.is_dir() and not mode & 0o001)} == set()
    assert len(modes) > 200


def test_the_image_runs_as_a_number_that_is_not_root_and_owns_the_data_alone(image: Image) -> None:
    assert FINAL.only("USER").rest == image.users[0] == "10001:10001"
    data = next(command for step in FINAL.every("RUN") for command in step.commands() if command[-1] == "/data")
    assert data == ["install", "-d", "-o", "10001", "-g", "10001", "-m", "0700", "/data"]
    assert FINAL.only("VOLUME").rest == image.variables["IBID_DATA_DIR"] == "/data"


def test_the_image_sets_only_what_ibid_knows_and_the_port_is_the_one_it_shows(image: Image) -> None:
    ours = {name: value for name, value in image.variables.items() if name.startswith("IBID_")}
    assert set(ours) <= {variable.name for variable in VARIABLES}
    listens = read_settings(ours).listen
    assert listens is not None
    assert (listens.host, str(listens.port)) == ("0.0.0.0", FINAL.only("EXPOSE").rest)


def test_what_packages_are_installed_is_decided_by_the_lock_alone(image: Image) -> None:
    locked = {canonicalize_name(one.name) for one in pinned((ROOT / "requirements.lock").read_text(encoding="utf-8"))}
    (site,) = image.there("/venv").glob("lib/python*/site-packages")
    assert {canonicalize_name(found.metadata["Name"]) for found in distributions(path=[str(site)])} == locked
    assert not locked & {"torch", "kubernetes", "sentence-transformers", "pytest", "pip"}
    assert not [name for name in locked if name.startswith("nvidia")]


def test_the_labels_say_what_the_project_says_of_itself() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    said = FINAL.only("LABEL").pairs()
    assert {name.rpartition(".")[2]: value for name, value in said.items()} == {
        "title": "Ibid",
        "description": project["description"],
        "version": project["version"],
        "licenses": project["license"],
    }


def test_the_base_is_slim_named_twice_alike_and_new_enough_for_ibid() -> None:
    assert len(STAGES) == 2
    (base,) = {stage.image for stage in STAGES}
    version = re.fullmatch(r"python:3\.(\d+)-slim", base)
    assert version
    assert 11 <= int(version[1]) <= 14


@pytest.mark.parametrize(
    "kept_out",
    [
        ".env",
        ".git/config",
        ".venv/pyvenv.cfg",
        "bot/__pycache__/settings.cpython-313.pyc",
        "deploy/.env",
        "deploy/compose.yaml",
        "deploy/secrets/slack_bot_token",
        "handbook/.env",
        "handbook/secrets/key",
        "tests/conftest.py",
        "var/conversation.db",
    ],
)
def test_secrets_indexes_and_caches_get_into_no_image(kept_out: str) -> None:
    assert kept_out in IGNORED


def test_the_context_holds_exactly_what_the_dockerfile_copies() -> None:
    copied = {source for stage in STAGES for step in stage.every("COPY") if not step.flag("from") for source in step.rest.split()[:-1]}
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")}
    assert copied == allowed


@pytest.mark.parametrize("line", ["ADD https://example.com/x /x", 'SHELL ["bash"]', "RUN <<END", "ONBUILD RUN true"])
def test_an_instruction_that_these_tests_do_not_take_fails_them(line: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        Image(tmp_path / "image", ROOT, IGNORED).build(read_stages(f"FROM scratch\n{line}\n")[0])


class _Answers(http.server.BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Tests read no access log."""


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1), (404, 1)])
def test_docker_hears_what_healthz_says(image: Image, status: int, code: int) -> None:
    answers = type("Answers", (_Answers,), {"status": status})
    with http.server.HTTPServer(("127.0.0.1", 0), answers) as server:
        threading.Thread(target=server.handle_request).start()
        asked = image.healthy(IBID_LISTEN=f"0.0.0.0:{server.server_port}", HTTP_PROXY="http://127.0.0.1:9", http_proxy="http://127.0.0.1:9")
    assert asked.returncode == code
