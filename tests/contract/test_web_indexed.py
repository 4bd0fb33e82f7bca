"""Pages all the way into an edition: what a server says is gone is removed, and what it refuses to say keeps standing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.connectors.web import Web
from knowledge.holdings import Holdings
from knowledge.indexing import Wishes, run
from knowledge.policy import Defaults
from knowledge.values import Document, IndexReport
from tests.corpora import ReadHere, a_publishing, some_holdings
from tests.factories import EVERYONE
from tests.web_server import Answer, Site, a_page, a_site, a_sitemap, near


@pytest.fixture
def site() -> Iterator[Site]:
    with a_site() as site:
        paths = ("/leave", "/pay.pdf", "/travel/")
        site.answers = {path: a_page(path.strip("/").capitalize(), f"The rule of {path}.") for path in paths}
        site.answers["/sitemap.xml"] = a_sitemap(*(site.url(path) for path in paths))
        yield site


@pytest.fixture
def holdings(tmp_path: Path) -> Iterator[Holdings]:
    (tmp_path / "var").mkdir()
    made = some_holdings(tmp_path / "var")
    yield made
    made.store.close()
    made.catalog.close()


def index(holdings: Holdings, site: Site) -> IndexReport:
    source = Web([], [site.url("/sitemap.xml")], [site.url("")], outside=near())
    wishes = Wishes(readers=ReadHere(), publishing=a_publishing())
    return run(holdings, (source,), Defaults(rule=EVERYONE), wishes).report


def live(holdings: Holdings) -> dict[str, Document]:
    edition = holdings.catalog.editions.live()
    assert edition is not None
    return dict(holdings.catalog.editions.contents(edition).documents)


def test_pages_are_read_by_their_kind_and_cited_at_their_address_under_their_own_title(holdings: Holdings, site: Site) -> None:
    report = index(holdings, site)
    assert len(report.added) == 3
    assert report.unread == ()
    found = {document.url: document.title for document in live(holdings).values()}
    assert found == {site.url("/leave"): "Leave", site.url("/pay.pdf"): "Pay.pdf", site.url("/travel/"): "Travel"}
    again = index(holdings, site)
    assert (again.edition, len(again.unchanged)) == (None, 3)


def test_only_what_the_server_says_is_gone_is_removed(holdings: Holdings, site: Site) -> None:
    index(holdings, site)
    site.answers["/leave"] = Answer(status=410)
    site.answers["/pay.pdf"] = Answer(status=403)
    site.answers["/travel/"] = a_page("Travel", "Another rule.")
    report = index(holdings, site)
    assert [one.rpartition("/")[2] for one in report.removed] == ["leave"]
    assert [one.rpartition("/")[2] for one in report.changed] == ["index"]
    assert [one.path.rpartition("/")[2] for one in report.unread] == ["pay.pdf"]
    assert {document.url for document in live(holdings).values()} == {site.url("/pay.pdf"), site.url("/travel/")}


@pytest.mark.parametrize("path", ["/sitemap.xml", "/robots.txt"])
def test_a_server_in_trouble_takes_nothing_away(holdings: Holdings, site: Site, path: str) -> None:
    index(holdings, site)
    site.answers[path] = Answer(status=503)
    report = index(holdings, site)
    assert report.removed == ()
    assert len(live(holdings)) == 3
    assert any("503" in one.reason for one in (*report.warnings, *report.unread))
