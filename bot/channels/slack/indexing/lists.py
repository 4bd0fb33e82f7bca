"""Lists of documents as Slack takes them: a line for each that the reader may be told of, the others counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.channels.slack.escaping import code, mrkdwn

if TYPE_CHECKING:
    from bot.flows.sight import Sight
    from bot.wording import Wording
    from knowledge.values import Unread

MOST = 1500  # characters of one list: seven of them fit into a message
LONGEST = 200  # characters of a path or a title
LONGEST_REASON = 400


@dataclass(frozen=True, kw_only=True)
class Listed:
    """What one list shows, and how many it only counts."""

    lines: tuple[str, ...]
    hidden: int = 0

    @property
    def count(self) -> int:
        return len(self.lines) + self.hidden

    def text(self, head: str, wording: Wording) -> str:
        """The head and the lines, cut at the end of one; what does not fit is counted too."""
        text = head
        for number, line in enumerate(self.lines):
            if len(text) + len(line) > MOST:
                text += f"\n{wording.say('reindex_more', count=f'{len(self.lines) - number:,}')}"
                break
            text += f"\n{line}"
        return text + (f"\n{wording.say('reindex_hidden', count=f'{self.hidden:,}')}" if self.hidden else "")


def documents(paths: Collection[str], sight: Sight, wording: Wording) -> Listed:
    """By path, and by title where there is one."""
    seen = [path for path in paths if sight.sees(path)]
    lines = tuple(wording.say("reindex_line", document=_document(path, sight)) for path in seen)
    return Listed(lines=lines, hidden=len(paths) - len(seen))


def moves(moved: Collection[tuple[str, str]], sight: Sight, wording: Wording) -> Listed:
    """Told only to those who may read it under both of its names."""
    seen = [(before, now) for before, now in moved if sight.sees(before, now)]
    lines = tuple(wording.say("reindex_moved_line", before=_path(before), document=_document(now, sight)) for before, now in seen)
    return Listed(lines=lines, hidden=len(moved) - len(seen))


def remarks(listed: Collection[Unread], sight: Sight, places: Collection[str], wording: Wording) -> Listed:
    """Each with its reason. `places` are no documents and no secret, such as the name of a source."""
    seen = [one for one in listed if one.path in places or sight.sees(one.path)]
    return Listed(lines=tuple(_remark(one, wording) for one in seen), hidden=len(listed) - len(seen))


def joined(parts: Iterable[tuple[str, Listed]], wording: Wording) -> tuple[list[str], bool]:
    """The texts of the lists that have something in them, and whether anything was kept back."""
    full = [(key, one) for key, one in parts if one.count]
    texts = [one.text(wording.say(key, count=f"{one.count:,}"), wording) for key, one in full]
    return texts, any(one.hidden for _, one in full)


def _remark(one: Unread, wording: Wording) -> str:
    reason = mrkdwn(one.reason)
    return wording.say("reindex_unread_line", path=_path(one.path), reason=reason[:LONGEST_REASON])


def _document(path: str, sight: Sight) -> str:
    title = sight.title(path)
    return f"{mrkdwn(title[:LONGEST])} `{_path(path)}`" if title else f"`{_path(path)}`"


def _path(path: str) -> str:
    return code(path[:LONGEST])
