"""What a corpus must show and must not, by the rules as a person would tell them: plain dictionaries, and nothing of how it is done."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tests.factories import TODAY
from tests.written import Version

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from knowledge.values import IndexOrder
    from tests.written import File

SOURCES = ("a", "b")
READABLE_EDITIONS = 5
MAY_VANISH, SHARE = 3, 0.1


@dataclass(eq=False)
class Published:
    """An edition; another with the same versions is another."""

    versions: dict[str, Version]
    undone: bool = False


@dataclass(eq=False)
class Stopped:
    """A hold: the names that a document has and was given since, and what it was under those that it had before."""

    number: int
    until: date
    names: set[str]
    earlier: set[Version]


@dataclass(frozen=True)
class Told:
    """What a run has to report."""

    added: frozenset[str]
    changed: frozenset[str]
    removed: frozenset[str]
    moved: frozenset[tuple[str, str]]
    publishes: bool


@dataclass
class Looked:
    """What one run sees, and is about."""

    there: dict[str, File]  # in the order of the sources
    gone: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)
    unasked: set[str] = field(default_factory=set)


class Bookkeeping:
    """The rules, followed step by step beside the corpus."""

    def __init__(self) -> None:
        self.editions: list[Published] = []
        self.at: Published | None = None
        self.held: dict[str, Version] = {}
        self.known: dict[str, set[Version]] = defaultdict(set)  # what was taken in, by name, until no edition has it
        self.away: dict[Version, Literal["removed", "narrowed"]] = {}
        self.denied: set[str] = set()
        self.erased: set[str] = set()
        self.erased_bytes: set[bytes] = set()
        self.stopped: list[Stopped] = []
        self.today = TODAY
        self.by_hand: set[str] = set()  # gone from their source, and kept because an admin named them
        self.rejected: set[Version] = set()  # what somebody went back from

    @property
    def live(self) -> dict[str, Version]:
        return dict(self.at.versions) if self.at else {}

    def shown(self, labels: Collection[str]) -> dict[str, Version]:
        return {name: version for name, version in self.readable(labels).items() if not self.holds_on(name, version)}

    def readable(self, labels: Collection[str]) -> dict[str, Version]:
        """Also what is held: it keeps its readers."""
        return {
            name: version
            for name, version in self.live.items()
            if name not in self.denied and version not in self.away and version.label in labels
        }

    def may_be_shown(self, name: str, label: str, text: str) -> bool:
        """Whether some version that has these words, of whatever edition, was not taken away and is not held."""
        among = [version for version in self.known[name] if version.label == label and text in version.texts]
        return name not in self.denied and any(version not in self.away and not self.holds_on(name, version) for version in among)

    def holds_on(self, name: str, version: Version) -> set[int]:
        """The numbers of the holds that last today and cover this."""
        return {one.number for one in self.stopped if one.until >= self.today and (name in one.names or version in one.earlier)}

    # A run

    def run(self, disk: Mapping[str, File], order: IndexOrder, mounted: Collection[str], *, ends: Literal["well", "held", "cut"]) -> Told:
        """What a run does that ends well, that the gate holds back, or that is cut short after all was read and before it is published."""
        before = self.live
        looked = self._look(disk, order, mounted)
        fresh, rules = self._read(looked)
        self._follow(looked)
        for name, version in fresh.items():
            self.known[name].add(version)
        self._take_away(looked, rules)
        lost = {old for old, new in looked.moved.items() if new in fresh}
        kept = {name: one for name, one in before.items() if name not in fresh and name not in lost and one not in self.away}
        chosen = self._without_copies(kept | fresh, looked)
        if order.automatic:
            chosen = self._without_rejected(chosen, before)
        told = self._told(before, chosen, looked)
        if told.publishes and ends == "cut":
            return told
        if told.publishes and ends == "held":
            self.held = chosen
        elif told.publishes:
            self._publish(chosen)
        self.by_hand -= looked.there.keys()
        for name, version in fresh.items():
            if chosen.get(name) == version:
                self.away.pop(version, None)  # its source shows it again, as it was
        return told

    def _told(self, before: Mapping[str, Version], after: Mapping[str, Version], looked: Looked) -> Told:
        moved = {old: new for old, new in looked.moved.items() if old not in after and new in after}
        return Told(
            added=frozenset(after.keys() - before.keys() - set(moved.values())),
            changed=frozenset(name for name in before.keys() & after.keys() if before[name] != after[name]),
            removed=frozenset(before.keys() - after.keys() - moved.keys()),
            moved=frozenset(moved.items()),
            publishes=dict(before) != dict(after),
        )

    def _look(self, disk: Mapping[str, File], order: IndexOrder, mounted: Collection[str]) -> Looked:
        live = self.live
        asked = [source for source in SOURCES if order.source in ("", source)]
        looked = Looked({name: disk[name] for source in asked if source in mounted for name in sorted(disk) if _source(name) == source})
        for source in SOURCES:
            own = {name for name in live if _source(name) == source}
            if source not in asked or source not in mounted:
                looked.unasked |= own
                continue
            here = {name: file for name, file in looked.there.items() if _source(name) == source}
            moved = self._moved(own - here.keys(), here, live)
            gone = own - here.keys() - moved.keys()
            sure = order.removal_confirmed or (here and (len(gone) <= MAY_VANISH or len(gone) <= SHARE * len(own)))
            (looked.gone if sure else looked.doubtful).update(gone)
            looked.moved |= moved
        if not order.source:
            untaken = {name: file for name, file in looked.there.items() if name not in looked.moved.values()}
            looked.moved |= (between := self._moved(looked.gone | looked.doubtful, untaken, live))
            looked.gone -= between.keys()
            looked.doubtful -= between.keys()
        if not order.removal_confirmed:
            looked.doubtful |= looked.gone & self.by_hand
            looked.gone -= self.by_hand
        return self._of_owner(looked, order.owner) if order.owner else looked

    def _of_owner(self, looked: Looked, owner: str) -> Looked:
        """Only live documents of this owner: new files do not say unread whose they are."""
        owned = {name for name, version in self.live.items() if version.owner == owner}
        moved = {old: new for old, new in looked.moved.items() if old in owned}
        mine = owned | set(moved.values()) | (self._withheld(owner) - self.live.keys())
        there = {name: file for name, file in looked.there.items() if name in mine}
        return Looked(there, looked.gone & owned, looked.doubtful & owned, moved, looked.unasked | (self.live.keys() - owned))

    def _withheld(self, owner: str) -> set[str]:
        """What this owner had in the newest edition that had it, and what nobody may read as it was."""
        newest = {name: version for one in self.editions for name, version in one.versions.items()}
        return {name for name, version in newest.items() if version.owner == owner and self.away.get(version) == "narrowed"}

    def _moved(self, lost: Collection[str], there: Mapping[str, File], live: Mapping[str, Version]) -> dict[str, str]:
        """The same bytes under a name that is new."""
        names: dict[bytes, str] = {}
        for name in sorted(there):
            if name not in live:
                names.setdefault(there[name].content(name), name)
        found = {name: names.pop(live[name].content, "") for name in sorted(lost)}
        return {old: new for old, new in found.items() if new}

    def _read(self, looked: Looked) -> tuple[dict[str, Version], dict[str, str | None]]:
        """What can be taken in, and who may read what, as far as it is known; None: nobody."""
        fresh: dict[str, Version] = {}
        rules: dict[str, str | None] = {}
        live = self.live
        for name, file in looked.there.items():
            content, label = file.content(name), file.label(name)
            if name in self.erased or label is None:
                rules[name] = None
            elif content in self.erased_bytes and name not in live:
                continue
            elif file.can_be_read(name) and label != "?":
                fresh[name] = Version(name, content, label, "" if name.endswith(".txt") else file.owner, file.texts())
                if live.get(name) != fresh[name]:
                    rules[name] = label
            elif label != "?" and (file.form != "empty" or name in live):
                rules[name] = label
        return fresh, rules | {old: rules[new] for old, new in looked.moved.items() if new in rules}

    def _take_away(self, looked: Looked, rules: Mapping[str, str | None]) -> None:
        """What is gone, and what the rule that holds now would not show: also under the names that the same words had before."""
        for name in looked.gone:
            for version in self._versions(name, looked):
                self.away.setdefault(version, "removed")
        self.by_hand -= looked.gone
        for name, rule in rules.items():
            for version in self._versions(name, looked):
                if not _covers(rule, version.label):
                    self.away[version] = "narrowed"

    def _versions(self, name: str, looked: Looked) -> set[Version]:
        return {version for one in self._names(name, looked.there.keys() | looked.unasked) for version in self.known[one]}

    def _names(self, name: str, others: Collection[str]) -> set[str]:
        """A document's name, and those that its bytes had before: not the `others`, which are documents of their own."""
        names = {name}
        while True:
            contents = {version.content for one in names for version in self.known[one]}
            more = {one for one, versions in self.known.items() if any(version.content in contents for version in versions)} - set(others)
            if more <= names:
                return names
            names |= more

    def _follow(self, looked: Looked) -> None:
        """Who renames a document that is held does not free it."""
        self.denied |= {new for old, new in looked.moved.items() if old in self.denied}
        for one in self.stopped:
            one.names |= {new for old, new in looked.moved.items() if old in one.names}

    def _without_copies(self, chosen: Mapping[str, Version], looked: Looked) -> dict[str, Version]:
        """Of the same file with the same readers the first stays; what the run is not about comes before what it sees."""
        order = {name: place for place, name in enumerate(looked.there)}
        first: dict[tuple[bytes, str], str] = {}
        for name in sorted(chosen, key=lambda name: (order.get(name, -1), name)):
            first.setdefault((chosen[name].content, chosen[name].label), name)
        return {name: version for name, version in chosen.items() if name in first.values()}

    def _without_rejected(self, chosen: Mapping[str, Version], before: Mapping[str, Version]) -> dict[str, Version]:
        """Without a person, what was gone back from stays out; what it would have taken the place of stays in."""
        rejected = {name: version for name, version in chosen.items() if version in self.rejected and before.get(name) != version}
        stays = {name: version for name, version in chosen.items() if name not in rejected}
        bytes_of = {version.content for version in rejected.values()}
        for name, version in before.items():
            if version not in self.away and name not in stays and (name in rejected or version.content in bytes_of):
                stays[name] = version
        return stays

    def _publish(self, chosen: dict[str, Version]) -> None:
        before = self.at
        self.at, self.held = Published(dict(chosen)), {}
        self.editions = [*self.editions, self.at]
        self.editions = [one for one in self.editions if one is before or one in self.editions[-READABLE_EDITIONS:]]
        self.rejected -= set(chosen.values())
        needed = {version for one in self.editions for version in one.versions.values()}
        self._forget({version for versions in self.known.values() for version in versions} - needed)

    def _forget(self, gone: Collection[Version]) -> None:
        for version in gone:
            self.known[version.name].discard(version)
            self.away.pop(version, None)
            self.rejected.discard(version)
            for one in self.stopped:
                one.earlier.discard(version)

    # By hand

    def undo(self, named: Collection[str]) -> bool:
        """False where there is nothing to go back to."""
        before = [one for one in self.editions[: self.editions.index(self.at)] if not one.undone] if self.at in self.editions else []
        if not before or self.at is None:
            return False
        target = before[-1]
        for name, version in target.versions.items():
            if name in named and name not in self.denied and self.away.get(version) == "removed":
                del self.away[version]
                self.by_hand.add(name)
        for one in self.stopped:
            one.names |= {name for name, version in target.versions.items() if version in one.earlier}
        self.at.undone = True
        self.rejected |= set(self.at.versions.values()) - set(target.versions.values())
        self.at = target
        return True

    def named(self) -> set[str]:
        """What can be denied or erased by its name."""
        return {name for name, versions in self.known.items() if versions} | self.denied

    def deny(self, name: str) -> None:
        self.denied.add(name)
        for one in self._names(name, self.live.keys() - {name}) - {name}:
            self.away.update(dict.fromkeys(self.known[one], "narrowed"))

    def hold(self, number: int, name: str, until: date) -> None:
        former = self._names(name, self.live.keys() - {name}) - {name}
        earlier = {version for one in former for version in self.known[one]}
        self.stopped = [one for one in self.stopped if one.until >= self.today]
        self.stopped.append(Stopped(number, until, {name}, earlier))

    def lift(self, number: int) -> None:
        self.stopped = [one for one in self.stopped if one.number != number]

    def erase(self, name: str) -> None:
        """Every word of it, also under the names that it had before. Neither its name nor its bytes are taken in again."""
        gone = {version for one in self._names(name, self.live.keys() - {name}) for version in self.known[one]}
        self.denied.add(name)
        self.by_hand.discard(name)
        self.erased.add(name)
        self.erased_bytes |= {version.content for version in gone}
        for versions in (*(one.versions for one in self.editions), self.held):
            for one in [one for one, version in versions.items() if one == name or version in gone]:
                del versions[one]
        self._forget(gone)


def _source(name: str) -> str:
    return name.partition("/")[0]


def _covers(now: str | None, before: str) -> bool:
    return now == before or (now == "everyone" and not before.startswith("people:"))
