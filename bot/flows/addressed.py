"""Is this message for Ibid? Decided from the message alone and what Ibid said before; what is not for it is forgotten.

In a thread only the asker continues without a mention, for 30 minutes after Ibid's last reply; everybody else mentions it.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot.values import LastReply

CONTINUES_FOR = timedelta(minutes=30)
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")


def mentions(text: str, bot: str) -> bool:
    """Whether the text contains a mention of the bot's user id."""
    return any(match.group(1) == bot for match in _MENTION.finditer(text))


def without_mention(text: str, bot: str) -> str:
    """The text as the person meant it: the bot's own mention taken out, white space folded at the ends."""
    return _MENTION.sub(lambda match: "" if match.group(1) == bot else match.group(0), text).strip()


def continues(author: str, last: LastReply | None, now: datetime) -> bool:
    """Whether a message without a mention, in a thread, is the asker's follow-up."""
    return last is not None and not last.muted and author == last.asker and now - last.at <= CONTINUES_FOR
