"""A branch of a git repository as a source. The copy in the data directory holds the files of the last commit and no older ones."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from knowledge.connectors.git_program import GitFailed, GitProgram, Remote
from knowledge.connectors.git_tree import Blobs, GitLook, read_changes, read_tree
from knowledge.connectors.outside import Outside
from knowledge.errors import Unreachable

COPIES = "git"  # the folder of the data directory with a copy for each source
_LOOKED = "refs/heads/looked"
_TO_FETCH = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--force")
_UNFILTERED = "filtering not recognized"


@dataclass(frozen=True, kw_only=True)
class Git:
    """Where the repository is, which part of it is meant, and the folder for its copy. `token` is asked for at each look."""

    repository: str  # an address, or the absolute path of a folder
    branch: str = ""  # "": the one that the repository itself names
    path: str = ""
    user: str = ""
    token: Callable[[], str] = lambda: ""
    copy: Path
    outside: Outside = field(default_factory=Outside)

    def look(self) -> GitLook:
        """Raises Unreachable where the remote does not answer, or has no such branch or path: nothing is then known of what is there."""
        git = GitProgram(self.copy, Remote(self.repository, self.user, self.token()), self.outside)
        try:
            commit = self._fetched(git)
            entries = read_tree(git.local(self._files, "ls-tree", "-r", "-z", "-l", f"{commit}:{self.path}"))
        except GitFailed as error:
            raise Unreachable(f"{self.repository}: git says: {error}") from None  # what it was raised from may hold more than it says
        except OSError as error:
            raise Unreachable(f"the copy of {self.repository} cannot be kept ({error.strerror}): {error.filename or self.copy}") from error

        opened = partial(git.opened, f"--git-dir={self._files}", "cat-file", "--batch")
        return GitLook(entries, Blobs(opened), self._changes(git, commit))

    @property
    def _files(self) -> Path:
        return self.copy / "files.git"

    @property
    def _history(self) -> Path:
        return self.copy / "history.git"

    @property
    def _refspec(self) -> str:
        return f"+{f'refs/heads/{self.branch}' if self.branch else 'HEAD'}:{_LOOKED}"

    def _fetched(self, git: GitProgram) -> str:
        """The commit that the branch is at. Nothing is fetched where the copy has it; afterwards the copy has nothing else."""
        wanted = self._head(git)
        self._prepare(git, self._files)
        try:
            if _commit(git, self._files) != wanted:
                self._fetch(git)
        except GitFailed:  # the remote has just answered: it may be the copy that is damaged
            shutil.rmtree(self._files)
            self._prepare(git, self._files)
            self._fetch(git)
        return _commit(git, self._files)

    def _fetch(self, git: GitProgram) -> None:
        git.over_there(*_TO_FETCH, "--depth=1", "--update-shallow", "origin", self._refspec, repository=self._files)
        git.local(self._files, "gc", "--quiet", "--prune=now")

    def _fetch_history(self, git: GitProgram) -> None:
        _, said = git.over_there(*_TO_FETCH, "--filter=blob:none", "origin", self._refspec, repository=self._history)
        if _UNFILTERED in said:
            raise GitFailed("all files that ever were have come with the history")

    def _head(self, git: GitProgram) -> str:
        name = f"refs/heads/{self.branch}" if self.branch else "HEAD"
        printed, _ = git.over_there("ls-remote", "--", self.repository, name)
        lines = [line.split("\t") for line in printed.decode("utf-8", "replace").splitlines()]
        found = [line[0] for line in lines if line[1:] == [name]]
        if not found:
            raise GitFailed(f"there is no branch {self.branch}" if self.branch else "the repository is empty")
        return found[0]

    def _prepare(self, git: GitProgram, repository: Path) -> None:
        if not (repository / "HEAD").exists():
            git.local(repository, "init", "--quiet", "--bare")
        for lock in repository.rglob("*.lock"):  # by a run that was killed: one process owns the data directory
            lock.unlink(missing_ok=True)

    def _changes(self, git: GitProgram, commit: str) -> dict[str, datetime]:
        """When each file was last changed, from a history without any file in it; nothing where the remote cannot give one."""
        failed = self.copy / "without-history"
        try:
            if failed.exists() and failed.read_text(encoding="ascii") == commit:
                return {}
            self._prepare(git, self._history)
            if _commit(git, self._history) != commit:
                self._fetch_history(git)
            log = ("log", "-m", "--first-parent", "--no-renames", "--name-only", "-z", "--format=%x01%ct", commit, "--")
            return read_changes(git.local(self._history, *log), self.path)
        except (GitFailed, OSError, ValueError):
            shutil.rmtree(self._history, ignore_errors=True)
            with suppress(OSError):
                failed.write_text(commit, encoding="ascii")  # asked again when there is something new
            return {}


def _commit(git: GitProgram, repository: Path) -> str:
    """Where the copy is at; "" where it has nothing."""
    printed = git.local(repository, "for-each-ref", "--format=%(objectname)", _LOOKED)
    return printed.decode().strip()


def forget(data_dir: Path, kept: Collection[str] = ()) -> None:
    """Delete the copies of all sources but those that are named: they hold what was fetched, and are fetched again when needed."""
    folder = data_dir / COPIES
    for copy in folder.iterdir() if folder.is_dir() else ():
        if copy.name not in kept:
            shutil.rmtree(copy)
