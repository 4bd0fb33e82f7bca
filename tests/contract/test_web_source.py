"""Web pages become documents, from the hosts that are listed alone, and a server can neither lead Ibid astray nor hold it."""

from __future__ import annotations

import asyncio
import ssl
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from knowledge.connectors import web, web_fetch, web_line, web_pages
from knowledge.connectors.outside import Outside
from knowledge.connectors.web import AT_MOST, Web, WebLook
from knowledge.errors import CannotRead, Unreachable
from tests.company import MODELS, Authority, Company, a_company
from tests.web_server import HERE, HOST, Answer, Hours, Names, Site, a_page, a_site, a_sitemap, an_index, leads_to, near, packed

MB = 1024 * 1024


@pytest.fixture
def site() -> Iterator[Site]:
    with a_site() as site:
        yield site


def looked(site: Site, *paths: str, sitemaps: tuple[str, ...] = (), outside: Outside | None = None, at_most: int = AT_MOST) -> WebLook:
    return Web(
        [site.url(path) for path in paths],
        [site.url(path) for path in sitemaps],
        [site.url("")],
        at_most,
        outside=outside or near(),
    ).look()


def held(look: WebLook) -> dict[str, bytes]:
    return {file.id: look.content(file) for file in look.files()}


def refusals(look: WebLook) -> dict[str, str]:
    return {one.path: one.reason for one in look.refused()}


def reason(look: WebLook) -> str:
    """Why the only page was refused."""
    assert look.files() == ()
    (one,) = look.refused()
    return one.reason


def test_a_page_is_a_document_with_its_address_and_the_same_name_each_time(site: Site) -> None:
    site.answers = {"/": a_page("Home"), "/leave": a_page("Leave"), "/pay.html?year=2026": packed(a_page("Pay"))}
    look = looked(site, "/", "/leave#carry", "/pay.html?year=2026")
    assert look.refused() == ()
    assert look.table() is None
    again = looked(site, "/pay.html?year=2026", "/leave", "/")
    assert [file.id for file in look.files()] == [file.id for file in again.files()]
    home, leave, pay = look.files()
    assert (home.id, leave.id) == (site.id("/index"), site.id("/leave"))
    assert pay.id.startswith(site.id("/pay.html-"))
    assert (dict(leave.said), leave.suffix, leave.size) == ({"url": site.url("/leave")}, ".html", len(site.answers["/leave"].body))
    assert b"<title>Pay</title>" in look.content(pay)
    assert site.agents == {"Ibid"}


def test_what_a_page_is_read_as_is_what_its_server_says_and_not_its_name(site: Site) -> None:
    kinds = {
        "/a.pdf": ("application/pdf", ".pdf"),
        "/b.pdf": ("text/html; charset=utf-8", ".html"),
        "/c": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
        "/d.md": ("text/plain", ".md"),
        "/e": ("text/plain;charset=us-ascii", ".txt"),
        "/f.php": ("application/xhtml+xml", ".html"),
        "/g.docx": ("application/octet-stream", ".docx"),
        "/h": ("text/markdown", ".md"),
    }
    site.answers = {path: Answer(b"%PDF", kind=kind) for path, (kind, _) in kinds.items()}
    look = looked(site, *kinds)
    assert {file.id: file.suffix for file in look.files()} == {site.id(path): suffix for path, (_, suffix) in kinds.items()}


@pytest.mark.parametrize("kind", ["image/png", "application/octet-stream", "", "application/x-<script>", "text/html\u00e9"])
def test_what_is_of_no_kind_that_is_read_is_refused(site: Site, kind: str) -> None:
    site.answers = {"/x": Answer(b"...", kind=kind)}
    said = reason(looked(site, "/x"))
    assert "not of a kind that is read" in said
    assert "<" not in said


def test_the_encoding_that_only_the_server_knows_is_not_lost(site: Site) -> None:
    words = "<p>Übertrag bis 31. März – Привет</p>"
    site.answers = {
        "/a": Answer("<p>Übertrag</p>".encode("iso-8859-2"), kind="text/html; charset=ISO-8859-2"),
        "/b": Answer(words.encode("windows-1251", "ignore"), kind='text/html; charset="windows-1251"'),
        "/c": Answer(words.encode(), kind="text/html; charset=utf-8"),
        "/d": Answer(words.encode(), kind="text/html; charset=unicode_escape"),
        "/e": Answer(words.encode(), kind="text/html; charset=iso-8859-99"),
    }
    found = [content.decode("utf-8-sig") for content in held(looked(site, *site.answers)).values()]
    assert found == ["<p>Übertrag</p>", "<p>bertrag bis 31. Mrz – Привет</p>", words, words, words]


def test_what_is_gone_is_gone_and_what_may_not_be_had_is_refused(site: Site) -> None:
    statuses = (204, 401, 403, 404, 410, 429, 500, 503)
    site.answers = {"/a": a_page("A"), **{f"/{status}": Answer(b"secret words", status) for status in statuses}}
    look = looked(site, *site.answers)
    assert list(held(look)) == [site.id("/a")]
    assert sorted(refusals(look)) == [site.id(f"/{status}") for status in (204, 401, 403, 429, 500, 503)]
    assert all("secret" not in why for why in refusals(look).values())


def test_sitemaps_and_what_they_list_are_read(site: Site) -> None:
    site.answers = {
        "/sitemap.xml": an_index(site.url("/leave.xml"), site.url("/pay.xml.gz"), site.url("/sitemap.xml")),
        "/leave.xml": a_sitemap(site.url("/leave"), site.url("/sickness")),
        "/pay.xml.gz": replace(packed(a_sitemap(site.url("/pay"), site.url("/leave"))), kind="application/gzip", headers={}),
        **{path: a_page(path) for path in ("/leave", "/sickness", "/pay", "/named")},
    }
    look = looked(site, "/named", sitemaps=("/sitemap.xml",))
    assert list(held(look)) == sorted(site.id(path) for path in ("/leave", "/sickness", "/pay", "/named"))
    assert site.paths.count("/leave") == 1


@pytest.mark.parametrize(
    "broken",
    [Answer(status=404), Answer(status=500), Answer(b"<html>"), a_sitemap(*(f"http://a.test/{one}" for one in range(10_001)))],
    ids=["gone", "away", "a page", "endless"],
)
def test_a_sitemap_that_cannot_be_had_takes_nothing_away(site: Site, broken: Answer) -> None:
    site.answers = {"/a": a_page("A"), "/sitemap.xml": an_index(site.url("/part.xml")), "/part.xml": broken}
    with pytest.raises(Unreachable, match="sitemap"):
        looked(site, "/a", sitemaps=("/sitemap.xml",))


def test_sitemaps_without_end_are_not_followed_for_ever(site: Site) -> None:
    site.answers = {f"/{one}.xml": an_index(site.url(f"/{one + 1}.xml")) for one in range(10)}
    with pytest.raises(Unreachable, match="one too many"):
        looked(site, sitemaps=("/0.xml",))
    assert len(site.paths) == web.DEEPEST
    wide = {f"/w{one}.xml": a_sitemap() for one in range(60)}
    site.answers = {"/wide.xml": an_index(*(site.url(path) for path in wide)), **wide}
    with pytest.raises(Unreachable, match="one too many"):
        looked(site, sitemaps=("/wide.xml",))


def test_pages_beyond_the_limit_are_refused_and_not_gone(site: Site) -> None:
    site.answers = {f"/{one}": a_page(str(one)) for one in range(5)} | {"/s.xml": a_sitemap(*(site.url(f"/{one}") for one in range(5)))}
    look = looked(site, sitemaps=("/s.xml",), at_most=3)
    assert list(held(look)) == [site.id(f"/{one}") for one in range(3)]
    assert sorted(refusals(look)) == [site.id("/3"), site.id("/4")]
    assert "/4" not in site.paths


def test_a_host_that_is_not_listed_is_never_asked_wherever_its_name_stands(site: Site) -> None:
    evil = site.url("/x", host="evil.test")
    site.answers = {
        "/s.xml": a_sitemap(evil, f"https://{HOST}/x", site.url("/a"), "file:///etc/passwd", "http://ruth:s3cret@evil.test/"),
        "/a": leads_to(evil),
        "/x": a_page("X"),
    }
    names = Names()
    look = looked(site, sitemaps=("/s.xml",), outside=near(names))
    assert look.files() == ()
    assert set(names.asked) == {HOST}
    assert "/x" not in site.paths
    assert len(refusals(look)) == 5
    assert "s3cret" not in str(refusals(look))


@pytest.mark.parametrize(
    "machine",
    [
        "127.0.0.2",
        "10.0.0.1",
        "169.254.169.254",
        "100.100.100.200",
        "::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::1",
        "fe80::1",
    ],
)
def test_a_name_that_leads_near_is_not_connected_to_even_where_only_one_of_its_addresses_does(site: Site, machine: str) -> None:
    site.answers = {"/a": a_page("A")}
    for answer in ((machine,), (HERE, machine), ("93.184.215.14", machine)):
        look = looked(site, "/a", outside=near(Names(answer)))
        assert "not public" in reason(look)
    assert site.connections == 0


def test_nothing_on_this_machine_is_public_where_no_test_says_so(site: Site) -> None:
    site.answers = {"/a": a_page("A")}
    hours = Hours()
    look = looked(site, "/a", outside=Outside(resolve=Names(), clock=hours, sleep=hours.sleep))
    assert "not public" in reason(look)
    assert site.connections == 0


def test_a_name_whose_address_changes_between_check_and_connection_gains_nothing(site: Site) -> None:
    site.answers = {"/a": a_page("A"), "/b": leads_to("/c"), "/c": a_page("C")}
    names = Names((HERE,), ("169.254.169.254",))
    look = looked(site, "/a", "/b", outside=near(names))
    assert list(held(look)) == [site.id("/a"), site.id("/b")]
    assert names.asked == [HOST]
    assert {host for host, _ in site.asked} == {f"{HOST}:{site.port}"}


def test_an_address_that_does_not_answer_is_followed_by_the_next(site: Site) -> None:
    site.answers = {"/a": a_page("A")}
    outside = near(Names(("127.0.0.3", HERE)))
    look = looked(site, "/a", outside=replace(outside, also_allowed=frozenset({HERE, "127.0.0.3"})))
    assert list(held(look)) == [site.id("/a")]


def test_redirects_are_followed_within_the_list_and_not_without_end(site: Site) -> None:
    site.answers = {f"/{one}": leads_to(f"/{one + 1}") for one in range(6)} | {"/6": a_page("six"), "/loop": leads_to("/loop")}
    look = looked(site, "/1", "/0", "/loop")
    (file,) = look.files()
    assert (file.id, file.said["url"]) == (site.id("/1"), site.url("/6"))
    assert "more than 5 times" in refusals(look)[site.id("/0")]
    assert "more than 5 times" in refusals(look)[site.id("/loop")]


@pytest.mark.parametrize(
    "there", ["file:///etc/passwd", "gopher://127.0.0.1/", "http://ruth:s3cret@handbook.test/", "http://127.0.0.1:22/"]
)
def test_a_redirect_is_checked_like_an_address_that_was_typed(site: Site, there: str) -> None:
    site.answers = {"/a": leads_to(there), "/none": Answer(status=302)}
    look = looked(site, "/a", "/none")
    assert sorted(refusals(look)) == [site.id("/a"), site.id("/none")]
    assert "s3cret" not in str(refusals(look))


def test_a_page_that_moved_for_good_to_another_of_the_list_is_one_document(site: Site) -> None:
    site.answers = {"/old": leads_to("/new"), "/older": leads_to("/old", 308), "/new": a_page("New")}
    look = looked(site, "/old", "/older", "/new")
    assert list(held(look)) == [site.id("/new")]
    assert look.refused() == ()


def test_pages_that_lead_elsewhere_for_the_time_being_are_refused_and_not_gone(site: Site) -> None:
    site.answers = {"/": a_page("Home"), "/login": Answer(b"<form><input name=p type='password'>")}
    site.answers |= {"/a": leads_to("/", 302), "/b": leads_to("/other", 302), "/c": leads_to("/other", 307), "/other": a_page("Other")}
    site.answers |= {"/d": leads_to("/login?next=d", 303), "/login?next=d": site.answers["/login"], "/e": leads_to("/login", 301)}
    look = looked(site, "/", "/a", "/b", "/c", "/d", "/e")
    assert list(held(look)) == [site.id("/index")]
    assert sorted(refusals(look)) == [site.id(f"/{one}") for one in "abcde"]


def test_a_page_that_alone_leads_elsewhere_for_the_time_being_keeps_its_own_name(site: Site) -> None:
    site.answers = {"/a": leads_to("/en/a", 302), "/en/a": a_page("A")}
    (file,) = looked(site, "/a").files()
    assert (file.id, file.said["url"]) == (site.id("/a"), site.url("/en/a"))


def test_a_page_is_no_larger_than_it_may_be_whatever_its_server_says(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_fetch, "LARGEST", MB)
    large = Answer(b"x" * (2 * MB))
    site.answers = {
        "/large": large,
        "/bomb": packed(Answer(b"x" * (400 * MB))),
        "/cut": Answer(packed(a_page("A")).body[:-20], headers={"Content-Encoding": "gzip"}),
        "/brotli": Answer(b"...", headers={"Content-Encoding": "br"}),
        "/fits": Answer(b"x" * MB),
    }
    look = looked(site, *site.answers)
    assert list(held(look)) == [site.id("/fits")]
    assert len(refusals(look)) == 4


def test_a_server_that_trickles_is_left_at_the_deadline(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_fetch, "SECONDS", 0.5)

    def trickle(handler: BaseHTTPRequestHandler, before: bytes) -> None:
        handler.wfile.write(before)
        for _ in range(200):
            handler.wfile.write(b"a")
            handler.wfile.flush()
            time.sleep(0.02)

    begun = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9999\r\n"
    site.answers = {
        "/head": Answer(says=lambda handler: trickle(handler, begun + b"X: ")),
        "/body": Answer(says=lambda handler: trickle(handler, begun + b"\r\n")),
        "/good": a_page("good"),
    }
    began = time.monotonic()
    look = looked(site, *site.answers, outside=replace(near(), clock=time.monotonic))
    assert time.monotonic() - began < 3
    assert list(held(look)) == [site.id("/good")]
    assert set(refusals(look).values()) == {"did not come in time"}


def test_a_server_that_says_nothing_is_left_after_the_time_for_one_reading(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_line, "WITHIN", 0.2)
    site.answers = {"/a": Answer(says=lambda handler: time.sleep(1)), "/good": a_page("good")}
    look = looked(site, "/a", "/good", outside=replace(near(), clock=time.monotonic))
    assert list(held(look)) == [site.id("/good")]


def garbage(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.9 secret-banner\r\n")
    handler.close_connection = True


def break_off(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n<p>half")
    handler.close_connection = True


def test_what_breaks_off_or_is_no_http_is_refused_and_nothing_of_it_is_told(site: Site) -> None:
    site.answers = {"/ssh": Answer(says=garbage), "/half": Answer(says=break_off), "/good": a_page("good")}
    look = looked(site, "/ssh", "/half", "/good")
    assert list(held(look)) == [site.id("/good")]
    assert sorted(refusals(look)) == [site.id("/half"), site.id("/ssh")]
    assert "banner" not in str(refusals(look))


def test_a_line_that_was_ended_meanwhile_is_opened_anew(site: Site) -> None:
    pages = iter(range(9))

    def once(handler: BaseHTTPRequestHandler) -> None:
        if next(pages) == 0:
            handler.close_connection = True
            return
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 8\r\n\r\n<p>A</p>")

    site.answers = {"/a": Answer(says=once)}
    assert list(held(looked(site, "/a")).values()) == [b"<p>A</p>"]


def test_robots_txt_is_asked_once_and_kept_to_after_a_redirect_too(site: Site) -> None:
    site.answers = {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /private\nCrawl-delay: 4\n\nUser-agent: other\nDisallow: /\n", kind="text/plain"),
        "/a": a_page("A"),
        "/private/b": a_page("B"),
        "/c": leads_to("/private/b"),
    }
    hours = Hours()
    look = looked(site, "/a", "/private/b", "/c", outside=near(hours=hours))
    assert list(held(look)) == [site.id("/a")]
    assert all("robots.txt" in why for why in refusals(look).values())
    assert site.asked == [(f"{HOST}:{site.port}", path) for path in ("/robots.txt", "/a", "/c")]
    assert hours.slept == [4.0, 4.0]


def test_a_host_is_asked_one_thing_at_a_time_with_a_pause_between(site: Site) -> None:
    site.answers = {f"/{one}": a_page(str(one)) for one in range(3)} | {"/robots.txt": Answer(b"", kind="text/plain")}
    hours = Hours()
    looked(site, "/0", "/1", "/2", outside=near(hours=hours))
    assert hours.slept == [web_fetch.PAUSE] * 3
    assert site.connections == 1


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_host_whose_robots_txt_cannot_be_had_is_asked_nothing_and_loses_nothing(site: Site, status: int) -> None:
    site.answers = {"/robots.txt": Answer(status=status), "/a": a_page("A"), "/b": a_page("B")}
    with pytest.raises(Unreachable, match="none of the 2 pages"):
        looked(site, "/a", "/b")
    assert site.paths == []


def test_a_host_that_is_down_is_said_so_once_and_not_asked_for_every_page(site: Site) -> None:
    names = Names(())
    with pytest.raises(Unreachable, match="none of the 500 pages can be had"):
        looked(site, *(f"/{one}" for one in range(500)), outside=near(names))
    assert names.asked == [HOST]


def test_a_host_that_fails_again_and_again_is_left_alone(site: Site) -> None:
    site.answers = {"/good": a_page("good")} | {f"/{one}": Answer(status=500) for one in range(9)}
    look = looked(site, *site.answers)
    assert len(site.paths) == 1 + web_pages.PATIENCE
    assert list(held(look)) == [site.id("/good")]
    assert len(look.refused()) == 9


def test_a_look_ends_in_its_time_and_what_was_not_reached_is_not_gone(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "SECONDS", 10.0)
    site.answers = {"/robots.txt": Answer(b"User-agent: ibid\nCrawl-delay: 8\n", kind="text/plain")}
    site.answers |= {f"/{one}": a_page(str(one)) for one in range(9)}
    look = looked(site, *(f"/{one}" for one in range(9)))
    assert len(look.files()) == 2
    assert len(look.refused()) == 7


def test_the_pages_of_a_source_have_a_limit_together(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_pages, "TOGETHER", 5000)
    site.answers = {f"/{one}": Answer(b"x" * 2000) for one in range(4)}
    look = looked(site, *site.answers)
    assert len(look.files()) == 2
    assert all("together" in why for why in refusals(look).values())


def test_whoever_ends_the_run_ends_the_look(site: Site) -> None:
    class Ended(Exception):
        """What a run that is cancelled raises."""

    def step() -> None:
        if len(site.paths) == 2:
            raise Ended

    site.answers = {f"/{one}": a_page(str(one)) for one in range(9)}
    with pytest.raises(Ended):
        looked(site, *site.answers, outside=near(step=step))
    assert len(site.paths) == 2


def test_nothing_of_a_page_is_written_to_disk(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    site.answers = {"/a": a_page("A", words="x" * 5 * MB)}
    look = looked(site, "/a")
    assert [look.content(file)[:6] for file in look.files()] == [b"<html>"]
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_list_of_hosts_is_told_before_anything_is_asked(site: Site) -> None:
    with pytest.raises(Unreachable, match="list of hosts"):
        Web([site.url("/")], [], ["*.test"], outside=near()).look()
    assert site.connections == 0


def trusting(authority: Authority) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(authority.file))
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT  # the test's authority is written as companies write theirs
    return context


def test_over_https_the_certificate_has_to_be_the_hosts_own_although_the_address_is_pinned(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    for certified, believed, read in ((HOST, True, True), ("other.test", True, False), (HOST, False, False)):
        with a_site(authority.server_context(certified)) as site:
            site.answers = {"/a": a_page("A")}
            outside = near(tls=lambda: trusting(authority)) if believed else near()
            if read:
                assert list(held(looked(site, "/a", outside=outside))) == [site.id("/a")]
                continue
            with pytest.raises(Unreachable, match="nobody vouches"):
                looked(site, "/a", outside=outside)
            assert site.asked == []


@pytest.mark.parametrize(("password", "tls"), [("", False), ("ibid:s3cret", False), ("ibid:s3cret", True)], ids=["open", "password", "tls"])
async def test_a_page_is_reached_through_the_companys_proxy_which_knows_more_names(
    site: Site, tmp_path: Path, password: str, tls: bool
) -> None:
    site.answers = {"/a": a_page("A"), "/robots.txt": Answer(b"", kind="text/plain")}
    async with a_company(tmp_path, {MODELS: f"http://{HERE}:{site.port}"}, password=password, tls=tls) as company:
        source = Web([f"https://{MODELS}/a"], [], [MODELS], outside=through(company, ()))
        look = await asyncio.to_thread(source.look)
        assert list(held(look)) == [f"{MODELS}/a"]
        assert set(company.proxy.asked) == {MODELS}


async def test_a_proxy_is_not_asked_for_a_name_that_is_known_to_lead_near(site: Site, tmp_path: Path) -> None:
    async with a_company(tmp_path, {MODELS: f"http://{HERE}:{site.port}"}) as company:
        source = Web([f"https://{MODELS}/a"], [], [MODELS], outside=through(company, ("10.0.0.1",)))
        assert "not public" in reason(await asyncio.to_thread(source.look))
        assert company.proxy.asked == []


async def test_a_proxy_that_refuses_is_told_without_its_password(site: Site, tmp_path: Path) -> None:
    async with a_company(tmp_path, {MODELS: f"http://{HERE}:{site.port}"}, password="ibid:other") as company:
        address = company.address.replace("other", "s3cret")
        source = Web([f"https://{MODELS}/a"], [], [MODELS], outside=replace(through(company, ()), proxy=lambda _: address))
        with pytest.raises(Unreachable) as caught:
            await asyncio.to_thread(source.look)
        assert "s3cret" not in str(caught.value)
        assert site.asked == []


def through(company: Company, known_as: tuple[str, ...]) -> Outside:
    return Outside(
        resolve=Names(known_as),
        clock=time.monotonic,
        sleep=lambda _: None,
        proxy=lambda _: company.address,
        tls=lambda: trusting(company.authority),
    )


def test_two_hosts_at_one_machine_are_each_asked_by_their_own_name(site: Site) -> None:
    site.answers = {"/a": a_page("A")}
    pages = [site.url("/a"), site.url("/a", host="wiki.test")]
    look = Web(pages, [], [site.url(""), site.url("", host="wiki.test")], outside=near()).look()
    assert [file.id for file in look.files()] == [site.id("/a"), site.id("/a", host="wiki.test")]
    assert {host for host, _ in site.asked} == {f"{HOST}:{site.port}", f"wiki.test:{site.port}"}


def test_a_page_that_was_not_in_the_look_cannot_be_had(site: Site) -> None:
    site.answers = {"/a": a_page("A")}
    look = looked(site, "/a")
    (file,) = look.files()
    with pytest.raises(CannotRead, match="is gone"):
        look.content(replace(file, id="other"))
    assert zlib.decompress(look._held[file.id][1]) == look.content(file)
