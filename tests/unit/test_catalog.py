"""The truth about the documents, and how it changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from knowledge import migrations
from knowledge.catalog import Catalog
from knowledge.catalog_tables import REVISION, tables
from knowledge.migrations import VERSION_TABLE
from knowledge.splitting import windows
from knowledge.values import AccessRule, Document, Version, content_id
from tests.corpora import EMBEDDER, a_policy, passages_of
from tests.factories import HR, NOW

LEAVE, PAY = a_policy("leave.md"), a_policy("pay.md", rule=HR)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog(f"sqlite:///{tmp_path / 'catalog.db'}")


def a_version(document: Document, *texts: str) -> Version:
    passages = passages_of(document, *texts)
    return Version(
        id=content_id(document.id, *texts), document=document, text="\n\n".join(texts), passages=passages, source_hash=content_id(*texts)
    )


def added(catalog: Catalog, document: Document, *texts: str) -> str:
    version = a_version(document, *texts)
    cut = {passage.id: windows(passage, EMBEDDER.offsets, EMBEDDER.identity) for passage in version.passages}
    catalog.add_version(version, cut)
    return version.id


def published(catalog: Catalog, *versions: tuple[Document, str], at: datetime = NOW) -> int:
    edition = catalog.editions.prepare({document.id: version for document, version in versions}, EMBEDDER.identity)
    return catalog.editions.publish(edition.number, at).number


def test_a_new_catalog_has_no_live_edition(catalog: Catalog) -> None:
    assert catalog.editions.live() is None
    assert catalog.editions.all() == ()
    assert catalog.denials.documents() == frozenset()


def test_a_version_comes_back_as_it_was_added(catalog: Catalog) -> None:
    document = Document(
        id="leave/urlaub.md",
        title="Urlaub – Übersicht",
        rule=AccessRule(groups=frozenset({"hr", "managers"})),
        owner="ruth",
        effective=date(2026, 1, 1),
        supersedes="urlaub-2025",
        review_by=date(2027, 1, 1),
        applies_to="Employees in Germany",
        url="https://handbook.example/urlaub",
        language="de",
    )
    version = a_version(document, "30 Tage.", "| Jahr | Tage |\n|---|---|\n| 2026 | 30 |")
    passages = tuple(replace(passage, page=3, anchor="urlaub") for passage in version.passages)
    version = replace(version, passages=passages)

    catalog.add_version(version, {passage.id: () for passage in passages})

    assert catalog.version(version.id) == version


def test_an_unknown_version_is_a_key_error(catalog: Catalog) -> None:
    with pytest.raises(KeyError):
        catalog.version("none")


def test_adding_a_version_twice_keeps_the_first(catalog: Catalog) -> None:
    first, second = added(catalog, LEAVE, "25 days."), added(catalog, LEAVE, "25 days.")

    assert first == second
    assert catalog.version_ids() == {first}
    assert len(catalog.version(first).passages) == 1


def test_a_prepared_edition_answers_nothing_until_it_is_published(catalog: Catalog) -> None:
    first = published(catalog, (LEAVE, added(catalog, LEAVE, "25 days.")))

    catalog.editions.prepare({LEAVE.id: added(catalog, LEAVE, "27 days.")}, EMBEDDER.identity)

    live = catalog.editions.live()
    assert live is not None
    assert live.number == first
    assert [edition.number for edition in catalog.editions.all()] == [first]


def test_publishing_makes_an_edition_live_and_publishing_an_earlier_one_goes_back(catalog: Catalog) -> None:
    first = published(catalog, (LEAVE, added(catalog, LEAVE, "25 days.")))
    second = published(catalog, (LEAVE, added(catalog, LEAVE, "27 days.")))

    live = catalog.editions.live()
    assert live is not None
    assert live.number == second
    catalog.editions.publish(first, NOW + timedelta(days=1))
    live = catalog.editions.live()
    assert live is not None
    assert live.number == first
    assert live.published_at == NOW.isoformat()


def test_the_hour_of_publishing_is_kept_in_utc(catalog: Catalog) -> None:
    tokyo = datetime(2026, 11, 16, 18, 0, tzinfo=timezone(timedelta(hours=9)))

    published(catalog, (LEAVE, added(catalog, LEAVE, "25 days.")), at=tokyo)

    assert catalog.editions.all()[0].published_at == "2026-11-16T09:00:00+00:00"


def test_the_contents_are_those_of_the_edition_alone(catalog: Catalog) -> None:
    old, new = added(catalog, LEAVE, "25 days."), added(catalog, LEAVE, "27 days.", "Carry over " * 200)
    published(catalog, (LEAVE, old))
    published(catalog, (LEAVE, new), (PAY, added(catalog, PAY, "Band four.")))

    live = catalog.editions.live()
    assert live is not None
    contents = catalog.editions.contents(live)

    assert contents.documents == {LEAVE.id: LEAVE, PAY.id: PAY}
    assert [passage.text[:10] for passage in contents.passages] == ["27 days.", "Carry over", "Band four."]
    assert [row.passage for row in contents.rows] == [0, 1, 1, 2]
    assert contents.rows[1].start == 0
    assert contents.rows[2].start < contents.rows[1].end < contents.rows[2].end


def test_collecting_keeps_the_last_editions_and_what_they_hold(catalog: Catalog) -> None:
    versions = [added(catalog, LEAVE, f"{days} days.") for days in range(20, 28)]
    for version in versions:
        published(catalog, (LEAVE, version))
    abandoned = catalog.editions.prepare({LEAVE.id: versions[0]}, EMBEDDER.identity)

    catalog.editions.collect(keep=5)

    assert [edition.number for edition in catalog.editions.all()] == [8, 7, 6, 5, 4]
    assert catalog.version_ids() == set(versions[3:])
    assert len(catalog.window_ids()) == 5
    assert len(catalog.passages()) == 5
    assert abandoned.number not in {edition.number for edition in catalog.editions.all()}


def test_collecting_never_takes_the_live_edition(catalog: Catalog) -> None:
    first = published(catalog, (LEAVE, added(catalog, LEAVE, "20 days.")))
    for days in range(21, 28):
        published(catalog, (LEAVE, added(catalog, LEAVE, f"{days} days.")))
    catalog.editions.publish(first, NOW)

    catalog.editions.collect(keep=2)

    live = catalog.editions.live()
    assert live is not None
    assert [passage.text for passage in catalog.editions.contents(live).passages] == ["20 days."]


def test_a_collected_text_leaves_no_bytes_behind(tmp_path: Path) -> None:
    catalog = Catalog(f"sqlite:///{tmp_path / 'catalog.db'}")
    published(catalog, (LEAVE, added(catalog, LEAVE, "The codeword is zeppelin.")))
    published(catalog, (LEAVE, added(catalog, LEAVE, "No codeword.")))

    catalog.editions.collect(keep=1)
    catalog.close()

    assert all(b"zeppelin" not in path.read_bytes() for path in tmp_path.iterdir())


def test_a_denial_survives_opening_again_and_keeps_its_first_reason(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'catalog.db'}"
    first = Catalog(url)
    first.denials.deny("pay.md", "withdrawn", NOW)
    first.denials.deny("pay.md", "again", NOW)
    first.close()

    assert Catalog(url).denials.documents() == {"pay.md"}


def test_the_migrations_make_exactly_the_tables_in_code(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'catalog.db'}")
    Catalog(str(engine.url))

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, tables) == []


def test_the_revision_in_code_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))

    assert ScriptDirectory.from_config(config).get_current_head() == REVISION


def test_opening_twice_migrates_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'catalog.db'}"
    Catalog(url).close()
    Catalog(url).close()

    assert VERSION_TABLE in inspect(create_engine(url)).get_table_names()


def test_every_table_can_be_made_on_postgresql() -> None:
    for table in tables.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]  # SQLAlchemy
