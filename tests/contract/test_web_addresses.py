"""Addresses are read in one way only, nothing near is public, and a sitemap is never more than a list."""

from __future__ import annotations

import gzip

import pytest

from knowledge.connectors.addresses import read_address, read_origins
from knowledge.connectors.networks import is_public
from knowledge.connectors.robots_rules import read_robots
from knowledge.connectors.sitemap import MOST_ELEMENTS, read_sitemap
from knowledge.errors import CannotRead

MB = 1024 * 1024


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:4700::6810:84e5", "2a00:1450:4001:80e::200e"])
def test_a_public_address_may_be_asked(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "100.100.100.200", "168.63.129.16", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.9",
        "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8",
        "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::1", "2001::1", "2001:db8::1", "fc00::1", "fd00:ec2::254", "fe80::1",
        "fe80::1%eth0",
        "2606:4700::1%eth0", "fec0::1", "ff02::1", "100::1", "3fff::1", "5f00::1", "", "localhost", "2130706433", "0x7f.1", "0177.0.0.1",
    ],
)  # fmt: skip
def test_nothing_near_and_nothing_that_leads_near_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("text", "read", "page"),
    [
        ("https://handbook.example", "https://handbook.example/", "handbook.example/index"),
        ("https://Handbook.Example.:443/leave/#carry", "https://handbook.example/leave/", "handbook.example/leave/index"),
        ("https://handbook.example/leave", "https://handbook.example/leave", "handbook.example/leave"),
        ("https://handbook.example/leave.html", "https://handbook.example/leave.html", "handbook.example/leave.html"),
        ("http://handbook.example:8080/a", "http://handbook.example:8080/a", "handbook.example:8080/a"),
        ("https://handbook.example/Übersicht", "https://handbook.example/%C3%9Cbersicht", "handbook.example/Übersicht"),
        ("https://handbook.example/%C3%9Cbersicht", "https://handbook.example/%C3%9Cbersicht", "handbook.example/Übersicht"),
        ("https://handbook.example/a%2Fb", "https://handbook.example/a%2Fb", "handbook.example/a%2Fb"),
        ("https://handbook.example/a%E2%80%AEb", "https://handbook.example/a%E2%80%AEb", "handbook.example/a%E2%80%AEb"),
        ("https://handbook.example/a%ff", "https://handbook.example/a%ff", "handbook.example/a%ff"),
        ('https://handbook.example/a"b|c', "https://handbook.example/a%22b%7Cc", 'handbook.example/a"b|c'),
        ("https://bücher.example/", "https://xn--bcher-kva.example/", "xn--bcher-kva.example/index"),
        ("https://[2606:4700::1]/a", "https://[2606:4700::1]/a", "[2606:4700::1]/a"),
    ],
)
def test_an_address_is_asked_as_it_was_read_and_named_as_people_read_it(text: str, read: str, page: str) -> None:
    assert (str(read_address(text)), read_address(text).id) == (read, page)


def test_pages_that_differ_by_their_query_are_different_documents_with_names_that_stay() -> None:
    first, second = (read_address(f"https://handbook.example/policy?id={number}") for number in (1, 2))
    assert first.id == "handbook.example/policy-d9fc91d4"
    assert second.id != first.id
    assert str(first) == "https://handbook.example/policy?id=1"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no address of the web"),
        ("handbook.example/leave", "no address of the web"),
        ("ftp://handbook.example/", "no address of the web"),
        ("file:///etc/passwd", "no address of the web"),
        ("gopher://127.0.0.1:6379/_FLUSHALL", "no address of the web"),
        ("https:///leave", "no address of the web"),
        ("https://[::1/", "no address of the web"),
        ("https://handbook.example:99999/", "no address of the web"),
        ("https://handbook.example:0/", "cannot be one"),
        ("https://handbook_example!/", "cannot be one"),
        ("https://[fe80::1%25eth0]/", "cannot be one"),
        ("https://handbook.example\\@evil.example/", "control characters"),
        ("https://handbook.example/a b", "control characters"),
        ("https://handbook.example/\r\nX-Evil: 1", "control characters"),
        ("https://handbook.example/a/../b", "/../"),
        ("https://handbook.example/%2e%2E/b", "/../"),
        ("https://ruth:s3cret@handbook.example/", "a user or a password"),
        ("https://handbook.example/" + "a" * 2000, "too long"),
    ],
)
def test_what_is_no_plain_address_is_refused_with_the_reason_and_without_its_password(text: str, reason: str) -> None:
    with pytest.raises(CannotRead, match=reason) as caught:
        read_address(text)
    assert "s3cret" not in str(caught.value)


def test_where_a_redirect_leads_is_read_as_from_the_page_it_stands_on() -> None:
    here = read_address("https://handbook.example/leave/old?x=1")
    assert str(read_address("../new", here)) == "https://handbook.example/new"
    assert str(read_address("//other.example/x", here)) == "https://other.example/x"
    assert str(read_address("?x=2", here)) == "https://handbook.example/leave/old?x=2"
    with pytest.raises(CannotRead):
        read_address("file:///etc/passwd", here)


def test_a_host_is_allowed_over_https_and_on_its_usual_port_unless_it_is_listed_otherwise() -> None:
    listed = ["Handbook.Example", "http://intranet.example", "wiki.example:8443"]
    assert read_origins(listed) == {"https://handbook.example", "http://intranet.example", "https://wiki.example:8443"}


@pytest.mark.parametrize("host", ["", "handbook.example/leave", "*.example", "https://ruth:s3cret@handbook.example", "file:///etc"])
def test_a_list_of_hosts_names_hosts(host: str) -> None:
    with pytest.raises(CannotRead, match="list of hosts") as caught:
        read_origins([host])
    assert "s3cret" not in str(caught.value)


def test_a_sitemap_lists_pages_or_sitemaps_and_nothing_else_of_it_counts() -> None:
    pages = b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc> https://a.example/ </loc><lastmod>2026</lastmod></url>"
    listed = read_sitemap(pages + b"<url><image><loc>https://a.example/x.png</loc></image><loc/></url></urlset>", MB)
    assert (listed.pages, listed.sitemaps) == (["https://a.example/"], [])
    index = read_sitemap(b"<sitemapindex><sitemap><loc>https://a.example/s.xml</loc></sitemap></sitemapindex>", MB)
    assert (index.pages, index.sitemaps) == ([], ["https://a.example/s.xml"])
    assert read_sitemap(gzip.compress(pages + b"</urlset>"), MB).pages == ["https://a.example/"]


LAUGHS = b"".join(b'<!ENTITY a%d "%s">' % (one, b"&a%d;" % (one - 1) * 10 if one else b"ha") for one in range(9))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><body>not found</body></html>",
        b"<urlset><url><loc>https://a.example/</loc>",
        b"<!DOCTYPE urlset [" + LAUGHS + b"]><urlset><url><loc>&a8;</loc></url></urlset>",
        b'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>',
        b'<!DOCTYPE urlset SYSTEM "http://127.0.0.1:9/x.dtd"><urlset/>',
        b'<?xml version="1.0" encoding="no-such"?><urlset/>',
        b"<urlset>" + b"<a>" * 1000 + b"</a>" * 1000 + b"</urlset>",
        b"<urlset>" + b"<a/>" * MOST_ELEMENTS + b"</urlset>",
        b"\x1f\x8b\x08\x00damaged",
        gzip.compress(b"<urlset/>")[:-9],
        gzip.compress(b"<urlset/>") + b"more",
        gzip.compress(b"<urlset>" + b" " * (2 * MB) + b"</urlset>"),
    ],
    ids=["empty", "a page", "cut", "laughs", "a file", "a dtd", "encoding", "deep", "many", "bad gzip", "cut gzip", "long gzip", "a bomb"],
)
def test_what_is_no_sitemap_is_refused_and_nothing_is_fetched_or_expanded_for_it(content: bytes) -> None:
    with pytest.raises(CannotRead):
        read_sitemap(content, MB)


@pytest.mark.parametrize(
    ("rules", "target", "allowed"),
    [
        ("", "/a", True),
        ("Disallow: /", "/a", False),
        ("Disallow:", "/a", True),
        ("Disallow: /private", "/private-matters?x=1", False),
        ("Disallow: /private/", "/private", True),
        ("Disallow: /\nAllow: /policies/", "/policies/leave", True),
        ("Allow: /policies/\nDisallow: /", "/policies/leave", True),
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Disallow: /*.pdf$", "/x/leave.pdf", False),
        ("Disallow: /*.pdf$", "/x/leave.pdf?print=1", True),
        ("Disallow: /leave$", "/leave/annual", True),
        ("Disallow: /*/private/*/x", "/a/private/b/c/x", False),
        ("Disallow: /a*bc$", "/abcbc", False),
        ("Disallow: /ab*ba$", "/aba", True),
        ("Disallow: /%C3%BCber", "/%c3%bcbersicht", False),
        ("disallow : /a # not this", "/a", False),
        ("Disallow: //[", "/a", True),
        ("nonsense\n: :\nDisallow /a\nCrawl-delay: \u00b2\nCrawl-delay: " + "9" * 5000, "/a", True),
    ],
)
def test_robots_txt_is_understood_as_its_standard_says(rules: str, target: str, allowed: bool) -> None:
    assert read_robots(f"User-agent: *\n{rules}", "Ibid").allow(target) is allowed


def test_in_robots_txt_our_own_name_counts_before_everybodys() -> None:
    text = "User-agent: other\nUser-agent: iBid\nDisallow: /a\nCrawl-delay: 2.5\n\nUser-agent: *\nDisallow: /\n"
    rules = read_robots(text, "Ibid")
    assert (rules.allow("/a"), rules.allow("/b"), rules.pause) == (False, True, 2.5)
    assert not read_robots(text, "someone").allow("/b")
    assert read_robots("User-agent: other\nDisallow: /\n", "Ibid").allow("/b")


def test_a_hostile_pattern_in_robots_txt_takes_no_time() -> None:
    text = "User-agent: *\n" + ("Disallow: /" + "*a" * 1000 + "$\n") * 10
    assert read_robots(text, "Ibid").allow("/" + "a" * 900 + "b")
