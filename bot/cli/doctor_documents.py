"""The part of `ibid doctor` that looks at the documents, the index made of them, and the conversations."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, TypeVar

from bot.cli.finding import Finding
from bot.errors import AlreadyOwned, Misconfigured

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from bot.settings import Settings
    from knowledge.catalog import Catalog
    from knowledge.values import Document, Edition, Unread

Given = TypeVar("Given")
_MOST_LISTED = 10
_RUN = "Run `ibid index`."


def documents(settings: Settings) -> Finding:
    """Is the folder there, does it hold documents, and does its policies.csv parse? With a sources.yaml, that is looked at instead."""
    if settings.sources is not None:
        from bot.cli.doctor_sources import sources

        return sources(settings, settings.sources)
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
            edition, denied = catalog.editions.live(), catalog.denials.documents()
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
            unread, edition = catalog.withdrawals.unread(), catalog.editions.live()
    except KnowledgeError:
        return Finding(None, "Last run: not known, see Index")
    if not unread and edition is None:
        return Finding(None, "Last run: there was none")
    if not unread:
        return Finding(True, "Last run: every document was taken in")
    withheld = sum(one.withheld for one in unread)
    return Finding(False, f"Last run: {len(unread)} not taken in, {withheld} of them withheld", _listed([_line(one) for one in unread]))


def held(settings: Settings) -> Finding:
    """Is there a version that waits for somebody to decide?"""
    nothing = Finding(None, "Held back: nothing")
    waiting = _of_catalog(settings, lambda catalog: catalog.editions.held())
    if waiting is None:
        return nothing
    edition, why = waiting
    return Finding(False, f"Held back: version {edition.number}, {why}", "Mend the documents, or run `ibid index --anyway`.")


def reviews(settings: Settings) -> Finding:
    """Which documents are past the day by which they should have been looked at again?"""
    standing = _of_catalog(settings, _live_documents)
    if standing is None:
        return Finding(None, "Reviews: nothing is indexed yet")
    today = _today(settings)
    due = sorted((one for one in standing if one.review_by and one.review_by < today), key=lambda one: (one.review_by or today, one.id))
    if not due:
        return Finding(True, "Reviews: no document is overdue")
    lines = [f"{one.id}: by {one.review_by}{f', {one.owner}' if one.owner else ''}" for one in due]
    return Finding(None, f"Reviews: {len(due)} overdue", _listed(lines))  # its owner's business: the installation is well


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


def _of_catalog(settings: Settings, look: Callable[[Catalog], Given | None]) -> Given | None:
    """None also where there is no catalog, or none that can be read: the check of the index says so."""
    from knowledge.catalog import Catalog
    from knowledge.errors import KnowledgeError

    file = settings.data_dir / "catalog.db"
    if not file.is_file():
        return None
    try:
        with closing(Catalog(f"sqlite:///{file}")) as catalog:
            return look(catalog)
    except KnowledgeError:
        return None


def _live_documents(catalog: Catalog) -> tuple[Document, ...] | None:
    """Without those that nobody is answered from."""
    edition = catalog.editions.live()
    if edition is None:
        return None
    denied, away = catalog.denials.documents(), catalog.withdrawals.versions()
    shown = [version for document, version in edition.versions if document not in denied and version not in away]
    return tuple(one.document for one in catalog.standings(shown).values())


def _today(settings: Settings) -> date:
    """The day that policies are answered for."""
    from bot.adapters.clock import SystemClock
    from bot.adapters.file_directory import read_directory
    from bot.bootstrap import people_file

    try:
        file = people_file(settings)
        of_sample = read_directory(file).today if file else None
    except Misconfigured:  # the check of the people file says so
        of_sample = None
    return SystemClock(settings.today or of_sample).today()


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
