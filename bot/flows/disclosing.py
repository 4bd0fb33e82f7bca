"""Nobody alone sees, or erases, what is kept of somebody else: the rule of two admins."""

from __future__ import annotations

from datetime import datetime

from bot.own_records import Disclosure, Objection
from bot.retention import WISHES_OPEN


def objection(wish: Disclosure, admin: str, now: datetime) -> Objection | None:
    """Why this admin's agreement does not count; None where it does. Whether it is an admin has been looked at before."""
    if wish.done_at is not None:
        return "done"
    if admin == wish.asked_by:
        return "same_admin"
    if admin == wish.user:
        return "their_own"
    if now - wish.asked_at > WISHES_OPEN:
        return "over"
    if wish.agreed_by and wish.agreed_by != admin:
        return "done"  # another one has agreed, and it is being done
    return None
