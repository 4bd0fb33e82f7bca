"""What owners write into a folder, and what it says: the files of a random company."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ACCESS = {"everyone": "everyone", "groups: hr": "groups:hr", "people: ruth": "people:ruth"}
NOT_UNDERSTOOD = ("", "groups: bosses")  # no rule at all, and a group that does not exist
Form = Literal["whole", "empty", "hollow", "broken"]


@dataclass(frozen=True)
class File:
    """What an owner wrote. A .md says in its front matter who may read it, a .txt in its row of policies.csv."""

    number: int  # of the policy that it is about; a copy has the same
    clauses: tuple[int, ...]
    access: str
    owner: str = ""
    form: Form = "whole"

    def texts(self) -> tuple[str, ...]:
        return tuple(f"1.{place} Employees keep rule {self.number}-{clause} in mind." for place, clause in enumerate(self.clauses, start=1))

    def content(self, name: str) -> bytes:
        if self.form == "empty":
            return b""
        if name.endswith(".txt"):
            return "\n\n".join(self.texts()).encode()
        title = f"[Policy {self.number}" if self.form == "broken" else f"Policy {self.number}"
        matter = f"---\ntitle: {title}\nowner: {self.owner}\n" + (f"access: '{self.access}'\n" if self.access else "") + "---\n"
        text = "" if self.form == "hollow" else "\n\n".join(("## 1. Rules", *self.texts()))
        return f"{matter}\n{text}\n".encode()

    def label(self, name: str) -> str | None:
        """None: it is not known who may read it, so nobody may. "?": it cannot be looked at, and who may read it is as before."""
        if name.endswith(".txt") or self.form in ("whole", "hollow"):
            return ACCESS.get(self.access)
        return None if self.form == "broken" else "?"

    def can_be_read(self, name: str) -> bool:
        unreadable = ("empty",) if name.endswith(".txt") else ("empty", "hollow", "broken")
        return self.form not in unreadable and self.access in ACCESS


@dataclass(frozen=True)
class Version:
    """A file as it was taken in under one name."""

    name: str
    content: bytes
    label: str
    owner: str
    texts: tuple[str, ...]
