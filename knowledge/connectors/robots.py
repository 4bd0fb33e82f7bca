"""What a host's robots.txt asks of those who read it by machine."""

from __future__ import annotations

from knowledge.connectors.addresses import Address
from knowledge.connectors.robots_rules import RobotsRules, read_robots
from knowledge.connectors.web_fetch import AGENT, PAUSE, Away, Fetcher
from knowledge.errors import CannotRead

LARGEST = 500 * 1024  # bytes that are read of it, as RFC 9309 has it
LONGEST_PAUSE = 10.0  # seconds between two requests, whatever is asked for


class Robots:
    """Asked once for each host. A host without one forbids nothing; one whose robots.txt cannot be had now forbids everything."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._known: dict[str, RobotsRules | Away] = {}

    def permit(self, address: Address) -> None:
        """Raises Away where its host cannot be asked, and CannotRead where robots.txt does not want the page to be read."""
        if address.origin not in self._known:
            self._known[address.origin] = self._ask(address)
        rules = self._known[address.origin]
        if isinstance(rules, Away):
            raise rules
        if not rules.allow(address.target):
            raise CannotRead("may not be read by machines: its host's robots.txt says so; ask whoever keeps that host to allow Ibid")

    def _ask(self, address: Address) -> RobotsRules | Away:
        try:
            page = self._fetcher.get(Address(address.scheme, address.host, address.port, "/robots.txt"), _anything)
        except Away as problem:
            return problem
        except CannotRead:  # there is none, or none for us
            return RobotsRules()
        rules = read_robots(page.body[:LARGEST].decode("utf-8-sig", "replace"), AGENT)
        if rules.pause is not None:
            self._fetcher.pauses[address.origin] = max(PAUSE, min(rules.pause, LONGEST_PAUSE))
        return rules


def _anything(_: Address) -> None:
    """What forbids cannot itself be forbidden."""
