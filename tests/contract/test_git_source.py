"""A git repository as a source, with the real git: what is listed, what never runs, and what is left in the data directory."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from knowledge.connectors.git import COPIES, Git, forget
from knowledge.connectors.git_program import GitFailed, GitProgram, Remote
from knowledge.connectors.outside import Outside
from knowledge.errors import CannotRead, Unreachable

pytestmark = pytest.mark.usefixtures("git_program")
TOKEN = "ghp_hunter2hunter2"


class Repository:
    """A working tree and its commits, one minute apart."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.minutes = 0
        root.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        moment = f"2026-03-01T12:{self.minutes:02}:00Z"
        names = {
            f"GIT_{who}_{what}": value
            for who in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", "r"), ("EMAIL", "r@x"), ("DATE", moment))
        }
        environment = {"PATH": os.defpath, "HOME": str(self.root), "GIT_CONFIG_NOSYSTEM": "1", **names}
        return subprocess.run(["git", "-C", str(self.root), *arguments], env=environment, check=True, capture_output=True, text=True).stdout

    def commit(self, **files: str | None) -> str:
        for name, text in files.items():
            path = self.root / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.unlink()
            else:
                path.write_text(text, encoding="utf-8")
        self.minutes += 1
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "x")
        return self.git("rev-parse", "HEAD").strip()


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    found = Repository(tmp_path / "handbook")
    found.commit(**{"leave__uk.md": "Leave in the UK", "leave__de.md": "Leave in Germany", "it.md": "Laptops"})
    return found


@pytest.fixture
def source(repository: Repository, tmp_path: Path) -> Git:
    return Git(repository=str(repository.root), copy=tmp_path / "var" / COPIES / "handbook")


def ids(source: Git) -> list[str]:
    return [file.id for file in source.look().files()]


def noted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the remote is asked from here on."""
    asked: list[str] = []
    there = GitProgram.over_there

    def ask(git: GitProgram, *words: str, repository: Path | None = None) -> tuple[bytes, str]:
        asked.append(words[0])
        return there(git, *words, repository=repository)

    monkeypatch.setattr(GitProgram, "over_there", ask)
    return asked


def test_the_files_of_the_branch_are_listed_with_their_bytes_and_when_they_changed(repository: Repository, source: Git) -> None:
    repository.commit(**{"leave__uk.md": "Leave in the UK, again", "picture.png": "x", ".github__note.md": "x"})
    look = source.look()

    assert {file.id: (file.size, file.changed) for file in look.files()} == {
        "it.md": (7, datetime(2026, 3, 1, 12, 1, tzinfo=UTC)),
        "leave/de.md": (16, datetime(2026, 3, 1, 12, 1, tzinfo=UTC)),
        "leave/uk.md": (22, datetime(2026, 3, 1, 12, 2, tzinfo=UTC)),
    }
    assert [look.content(file) for file in look.files()] == [b"Laptops", b"Leave in Germany", b"Leave in the UK, again"]
    assert look.table() is None
    assert look.refused() == ()


def test_a_branch_and_a_path_are_what_is_meant(repository: Repository, source: Git) -> None:
    repository.git("checkout", "--quiet", "-b", "draft/2027")
    repository.commit(**{"leave__uk.md": "A draft", "leave__policies.csv": "file,access\nuk.md,everyone\n", "leave__.ibidignore": "de*\n"})
    repository.git("checkout", "--quiet", "main")
    look = Git(repository=source.repository, copy=source.copy, branch="draft/2027", path="leave").look()

    assert [file.id for file in look.files()] == ["uk.md"]
    assert look.content(look.files()[0]) == b"A draft"
    assert look.table() == b"file,access\nuk.md,everyone\n"
    assert look.files()[0].changed == datetime(2026, 3, 1, 12, 2, tzinfo=UTC)
    assert "leave/uk.md" in ids(source)


def test_nothing_is_fetched_where_nothing_changed_and_a_change_is_seen(
    repository: Repository, source: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = source.look()
    asked = noted(monkeypatch)

    assert [file.id for file in source.look().files()] == [file.id for file in before.files()]
    assert asked == ["ls-remote"]
    repository.commit(**{"it.md": None, "new.md": "New"})
    assert ids(source) == ["leave/de.md", "leave/uk.md", "new.md"]
    assert asked[1:] == ["ls-remote", "fetch", "fetch"]


def test_the_copy_holds_no_byte_of_what_is_no_longer_there(repository: Repository, source: Git) -> None:
    repository.commit(**{"secret.md": "The salaries of all"})
    blob = repository.git("rev-parse", "HEAD:secret.md").strip()
    git = GitProgram(source.copy, Remote(source.repository), Outside())
    source.look()
    assert git.local(source.copy / "files.git", "cat-file", "blob", blob) == b"The salaries of all"

    repository.commit(**{"secret.md": None})
    source.look()

    for copy in ("files.git", "history.git"):
        objects = git.local(source.copy / copy, "cat-file", "--batch-all-objects", "--batch-check").decode()
        assert blob not in objects
        assert "commit" in objects
    assert " blob " not in git.local(source.copy / "history.git", "cat-file", "--batch-all-objects", "--batch-check").decode()


def test_a_push_by_force_is_followed(repository: Repository, source: Git) -> None:
    repository.commit(**{"wrong.md": "Wrong"})
    assert "wrong.md" in ids(source)

    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    assert ids(source) == ["it.md", "leave/de.md", "leave/uk.md"]


def test_links_and_submodules_are_refused_and_not_followed(repository: Repository, source: Git, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret")
    (repository.root / "link.md").symlink_to(tmp_path / "secret.md")
    (repository.root / "inside.md").symlink_to("it.md")
    head = repository.git("rev-parse", "HEAD").strip()
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{head},other")
    (repository.root / "pay\u202etxt.md").write_text("x")
    repository.git("add", "link.md", "inside.md", "pay\u202etxt.md")
    repository.git("commit", "--quiet", "--message", "x")
    look = source.look()

    assert [file.id for file in look.files()] == ["it.md", "leave/de.md", "leave/uk.md"]
    assert {one.path: one.reason.split(";")[0] for one in look.refused()} == {
        "inside.md": "is a link",
        "link.md": "is a link",
        "other": "is a submodule",
        "pay\u202etxt.md": "has a name with characters that cannot be shown",
    }


def test_a_table_that_is_a_link_brings_in_nothing(repository: Repository, source: Git) -> None:
    (repository.root / "policies.csv").symlink_to("it.md")
    repository.commit()

    with pytest.raises(CannotRead, match="is a link"):
        source.look().table()


def test_a_file_in_lfs_is_listed_and_not_taken_for_a_document(repository: Repository, source: Git) -> None:
    repository.commit(**{"big.pdf": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"})
    look = source.look()

    with pytest.raises(CannotRead, match="Git LFS"):
        look.content(next(file for file in look.files() if file.id == "big.pdf"))


def test_no_hook_and_no_setting_of_the_repository_runs(repository: Repository, source: Git, tmp_path: Path) -> None:
    source.look()
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    for hooks in (repository.root / ".git" / "hooks", source.copy / "files.git" / "hooks"):
        hooks.mkdir(exist_ok=True)
        for name in ("post-checkout", "reference-transaction", "post-update", "pre-auto-gc", "post-merge", "pre-receive"):
            shutil.copy(trap, hooks / name)
    repository.git("config", "uploadpack.packObjectsHook", str(trap))
    repository.git("config", "core.fsmonitor", str(trap))
    (repository.root / ".gitattributes").write_text("*.md filter=trap diff=trap\n")
    repository.git("config", "filter.trap.smudge", str(trap))
    repository.git("config", "filter.trap.clean", "cat")
    repository.git("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "add", "--all")
    repository.git("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "commit", "--quiet", "--message", "x")
    (tmp_path / "sprung").unlink(missing_ok=True)
    look = source.look()

    assert look.content(look.files()[0]) == b"Laptops"
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    ("other", "reason"),
    [({"branch": "nowhere"}, "there is no branch nowhere"), ({"path": "pay"}, "git says"), ({"path": "it.md"}, "git says")],
)
def test_a_branch_or_a_path_that_is_not_there_takes_nothing_away(source: Git, other: dict[str, str], reason: str) -> None:
    with pytest.raises(Unreachable, match=reason):
        Git(repository=source.repository, copy=source.copy, **other).look()  # type: ignore[arg-type]  # the two fields are texts


def test_a_remote_that_is_gone_is_unreachable_although_there_is_a_copy(repository: Repository, source: Git) -> None:
    source.look()
    shutil.move(repository.root, repository.root.with_name("elsewhere"))

    with pytest.raises(Unreachable):
        source.look()
    shutil.move(repository.root.with_name("elsewhere"), repository.root)
    assert ids(source) == ["it.md", "leave/de.md", "leave/uk.md"]


def test_a_copy_that_a_killed_run_left_or_that_is_damaged_is_mended(repository: Repository, source: Git) -> None:
    source.look()
    (source.copy / "files.git" / "shallow.lock").write_text("")
    (source.copy / "files.git" / "refs" / "heads" / "looked.lock").write_text("")
    repository.commit(**{"new.md": "New"})
    assert "new.md" in ids(source)

    shutil.rmtree(source.copy / "files.git" / "objects")
    shutil.rmtree(source.copy / "history.git" / "refs")
    repository.commit(**{"newer.md": "Newer"})
    look = source.look()
    assert look.content(next(file for file in look.files() if file.id == "newer.md")) == b"Newer"


def test_the_process_behind_a_look_ends_with_it(source: Git) -> None:
    look = source.look()
    look.content(look.files()[0])
    process = look._blobs._process
    assert process is not None
    assert process.poll() is None

    del look
    assert process.poll() is not None


def test_copies_of_other_sources_can_be_forgotten(source: Git, tmp_path: Path) -> None:
    source.look()
    forget(tmp_path / "var", kept=["handbook"])
    assert source.copy.exists()

    forget(tmp_path / "var")
    assert not source.copy.exists()
    assert "it.md" in ids(source)


@pytest.fixture
def serve(repository: Repository) -> Iterator[Callable[..., ThreadingHTTPServer]]:
    """The repository over HTTP, by git's own server program; it notes what it is asked and by whom."""
    servers: list[ThreadingHTTPServer] = []

    def start(*, leads_to: str = "", demands: str = "") -> ThreadingHTTPServer:
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def answer(self) -> None:
                self.server.asked.append((self.path, self.headers.get("Authorization", "")))  # type: ignore[attr-defined]  # noted below
                if leads_to:
                    self.send_response(302)
                    self.send_header("Location", leads_to + self.path)
                    self.end_headers()
                elif demands and self.headers.get("Authorization") != demands:
                    self.send_error(401)
                else:
                    self._hand_on()

            do_GET = do_POST = answer  # noqa: N815  # the names that the server looks for

            def _hand_on(self) -> None:
                path, _, query = self.path.partition("?")
                environment = {
                    "PATH": os.defpath,
                    "GIT_PROJECT_ROOT": str(repository.root.parent),
                    "GIT_HTTP_EXPORT_ALL": "1",
                    "PATH_INFO": path,
                    "QUERY_STRING": query,
                    "REQUEST_METHOD": self.command,
                    "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                    "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                    "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                    "HOME": str(repository.root),
                }
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                done = subprocess.run(["git", "http-backend"], input=body, env=environment, capture_output=True, check=False)
                head, _, content = done.stdout.partition(b"\r\n\r\n")
                fields = [line.split(": ", 1) for line in head.decode().splitlines()]
                self.send_response(int(next((value.split()[0] for name, value in fields if name == "Status"), "200")))
                for name, value in fields:
                    if name != "Status":
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.asked = []  # type: ignore[attr-defined]  # for the test
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def over_http(server: ThreadingHTTPServer, tmp_path: Path, token: str = "") -> Git:
    address = f"http://127.0.0.1:{server.server_port}/handbook/.git"
    return Git(repository=address, copy=tmp_path / "var" / "git" / "far", user="oauth2", token=lambda: token)


def test_the_token_is_sent_in_a_header_and_stands_in_no_argument_file_or_message(
    serve: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    credential = Remote("", "oauth2", TOKEN).credential
    server = serve(demands=f"Basic {credential}")
    started: list[list[str]] = []
    popen = subprocess.Popen

    def noted(command: list[str], **how: Any) -> subprocess.Popen[bytes]:  # noqa: ANN401  # whatever Popen takes
        started.append(command)
        return popen(command, **how)

    monkeypatch.setattr("knowledge.connectors.git_program.subprocess.Popen", noted)
    source = over_http(server, tmp_path, TOKEN)

    assert ids(source) == ["it.md", "leave/de.md", "leave/uk.md"]
    assert {said for _, said in server.asked} == {f"Basic {credential}"}
    words = [word for command in started for word in command]
    assert any("fetch" in command for command in started)
    assert not [word for word in words if TOKEN in word or credential in word]
    held = b"".join(path.read_bytes() for path in (tmp_path / "var").rglob("*") if path.is_file())
    assert TOKEN.encode() not in held
    assert credential.encode() not in held
    assert TOKEN not in repr(Remote("", "oauth2", TOKEN))

    with pytest.raises(Unreachable) as told:
        over_http(server, tmp_path, "another").look()
    assert "another" not in str(told.value)


def test_nobody_is_asked_for_a_password(serve: Callable[..., Any], tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="git says"):
        over_http(serve(demands="Basic x"), tmp_path).look()


def test_a_redirect_is_not_followed_and_the_token_goes_nowhere_else(serve: Callable[..., Any], tmp_path: Path) -> None:
    other = serve()
    server = serve(leads_to=f"http://127.0.0.1:{other.server_port}")

    with pytest.raises(Unreachable):
        over_http(server, tmp_path, TOKEN).look()
    assert server.asked
    assert other.asked == []


def test_a_server_that_sends_whole_histories_leaves_none_of_them_here(
    repository: Repository, serve: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.git("config", "uploadpack.allowFilter", "false")
    repository.commit(**{"it.md": "Laptops and phones"})
    source = over_http(serve(), tmp_path)
    look = source.look()

    assert [file.changed for file in look.files()] == [None, None, None]
    assert not (source.copy / "history.git").exists()
    asked = noted(monkeypatch)
    assert len(source.look().files()) == 3
    assert asked == ["ls-remote"]


def test_git_is_ended_with_its_children_when_it_takes_too_long(source: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.connectors.git_program.LONGEST", 0.3)
    git = GitProgram(source.copy, Remote(source.repository), Outside())

    with pytest.raises(GitFailed, match="took longer"):
        git.over_there("-c", "alias.wait=!sleep 60", "wait")


def test_a_machine_without_git_says_so(source: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)

    with pytest.raises(Unreachable, match="git is not installed"):
        source.look()
