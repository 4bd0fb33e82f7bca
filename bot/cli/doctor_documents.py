"""The part of `ibid doctor` that looks at the documents, the index made of them, and the conversations."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from bot.cli.finding import Finding
from bot.errors import AlreadyOwned, Misconfigured

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings
    from knowledge.values import Edition, Unread

_MOST_LISTED = 10
_RUN = "Run `ibid index`."


def documents(settings: Settings) -> Finding:
    """Is the folder there, does it hold documents, and does its policies.csv parse?"""
    from knowledge.connectors.folder import Folder
    from knowledge.errors import KnowledgeError
    from knowledge.policies_csv import Table, read_table

    cure = "Set IBID_DOCUMENTS to the folder with your policies."
    try:
        folder = Folder(settings.documents)
        count = len(folder.files())
    except (KnowledgeError, OSError) as problem:
        return Finding(False, f"Documents: {problem}", cure)
    if not count:
        return Finding(False, f"Documents: none in {settings.documents}", cure)
    found = f"Documents: {count} in {settings.documents}"
    try:
        table = folder.table()
        faults = (Table() if table is None else read_table(table)).faults
    except KnowledgeError as problem:
        return Finding(False, f"{found}, but nothing can be indexed: {problem}", f"Mend it. {_RUN}")
    wrong = [f"{name}: {reason}" for name, reason in sorted(faults.items())]
    wrong += [f"{one.path}: {one.reason}" for one in folder.refused()]
    return Finding(False, f"{found}, and {len(wrong)} with trouble", _listed(wrong)) if wrong else Finding(True, found)


def index(settings: Settings) -> Finding:
    """Is there a live edition, and do its three places hold the same?"""
    nothing = Finding(False, "Index: nothing is indexed yet", _RUN)
    file = settings.data_dir / "catalog.db"
    if not file.is_file():
        return nothing
    from knowledge.catalog import CURE as CATALOG_CURE
    from knowledge.catalog import Catalog
    from knowledge.database_trouble import told
    from knowledge.errors import KnowledgeError

    try:
        _quick_check(file)
        with closing(Catalog(f"sqlite:///{file}")) as catalog:
            edition, denied = catalog.live_edition(), catalog.denied()
    except sqlite3.Error as problem:
        return Finding(False, "Index", told(problem, str(file), CATALOG_CURE))
    except KnowledgeError as problem:
        return Finding(False, "Index", str(problem))
    if edition is None:
        return nothing
    found = f"Index: version {edition.number}, {len(edition.versions)} documents, published {edition.published_at[:16]}Z"
    if denied:
        found += f"; taken away by hand: {len(denied)}"
    return _compared(settings, found, edition)


def last_run(settings: Settings) -> Finding:
    """What the last run could not take in, and what of it is withheld."""
    file = settings.data_dir / "catalog.db"
    from knowledge.catalog import Catalog
    from knowledge.errors import KnowledgeError

    if not file.is_file():
        return Finding(None, "Last run: there was none")
    try:
        with closing(Catalog(f"sqlite:///{file}")) as catalog:
            unread, edition = catalog.withdrawals.unread(), catalog.live_edition()
    except KnowledgeError:
        return Finding(None, "Last run: not known, see Index")
    if not unread and edition is None:
        return Finding(None, "Last run: there was none")
    if not unread:
        return Finding(True, "Last run: every document was taken in")
    withheld = sum(one.withheld for one in unread)
    return Finding(False, f"Last run: {len(unread)} not taken in, {withheld} of them withheld", _listed([_line(one) for one in unread]))


def conversations(settings: Settings) -> Finding:
    """Is the conversations' database whole?"""
    file = settings.data_dir / "conversation.db"
    if not file.is_file():
        return Finding(None, "Conversations: there were none")
    from bot.adapters.conversation import CURE as CONVERSATION_CURE
    from knowledge.database_trouble import told

    try:
        _quick_check(file)
    except sqlite3.Error as problem:
        return Finding(False, "Conversations", told(problem, str(file), CONVERSATION_CURE))
    return Finding(True, "Conversations: the database is whole")


def _compared(settings: Settings, found: str, edition: Edition) -> Finding:
    """Chroma and the keyword index are opened only where no other process has them open."""
    from bot import bootstrap
    from bot.owner import owning
    from knowledge.corpus import Corpus
    from knowledge.errors import EmbedderUnavailable, KnowledgeError

    try:
        with (
            owning(settings.data_dir, "doctor", patience=0.1),
            closing(Corpus.open(settings.data_dir, bootstrap.built_in_embedder(settings))) as corpus,
        ):
            if edition.versions:
                corpus.check()
    except AlreadyOwned:
        return Finding(True, f"{found} (in use: its parts are not compared now)")
    except EmbedderUnavailable:
        return Finding(True, f"{found} (its parts cannot be compared without the embedder)")
    except (KnowledgeError, Misconfigured) as problem:
        return Finding(False, found, f"It cannot be searched: {problem}")
    return Finding(True, found)


def _quick_check(file: Path) -> None:
    with closing(sqlite3.connect(file, timeout=5)) as connection:
        said = connection.execute("PRAGMA quick_check(1)").fetchone()
    if said != ("ok",):
        damaged = sqlite3.DatabaseError(str(said))
        damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damaged


def _line(one: Unread) -> str:
    return f"{one.path}: {one.reason}"


def _listed(lines: list[str]) -> str:
    more = [f"… and {len(lines) - _MOST_LISTED} more"] if len(lines) > _MOST_LISTED else []
    return "\n".join(lines[:_MOST_LISTED] + more)
