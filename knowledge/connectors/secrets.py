"""The secrets of sources: one file each, read when it is needed, so that a new one counts at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from knowledge.errors import Unreachable


class SecretFiles(Mapping[str, str]):
    """A folder as Docker and Kubernetes mount it. A file that stays empty is none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, name: str) -> str:
        try:
            text = (self._folder / name).read_text(encoding="utf-8").strip() if Path(name).name == name else ""
        except (OSError, UnicodeDecodeError):
            text = ""
        if not text:
            raise KeyError(name)
        return text

    def __iter__(self) -> Iterator[str]:
        return (path.name for path in sorted(self._folder.iterdir()) if path.is_file()) if self._folder.is_dir() else iter(())

    def __len__(self) -> int:
        return len(list(iter(self)))


def secret(secrets: Mapping[str, str], name: str, field: str) -> str:
    """Raises Unreachable. What stands in sources.yaml is not repeated: it may be the secret itself, by mistake."""
    try:
        return secrets[name]
    except KeyError:
        raise Unreachable(
            f"the secret that sources.yaml names under `{field}` is not there; put it into a file of that name in IBID_SOURCE_SECRETS_DIR"
        ) from None
