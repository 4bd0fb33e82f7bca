"""What keeps people and questions unreadable in the database: keyed pseudonyms, and text sealed with a key that is not in it."""

from __future__ import annotations

import base64
import hmac
import logging
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import Misconfigured

log = logging.getLogger(__name__)

SHORTEST = 16  # characters
MARK = 24  # hex digits of a text's mark
_NONCE = 12  # bytes
_KEY_FILE = "secret.key"


class Secrecy:
    """Made from one secret. Whoever has the database but not the secret learns neither who asked nor what."""

    def __init__(self, secret: str) -> None:
        self._pseudonyms = hmac.digest(secret.encode(), b"ibid: pseudonyms", "sha256")
        self._fernet = Fernet(base64.urlsafe_b64encode(hmac.digest(secret.encode(), b"ibid: sealed text", "sha256")))
        self._placed = AESGCM(hmac.digest(secret.encode(), b"ibid: sealed in a place", "sha256"))

    def pseudonym(self, identity: str) -> str:
        """The same for the same user or key, and no way back from it."""
        return hmac.digest(self._pseudonyms, identity.encode("utf-8", "surrogatepass"), "sha256").hex()

    def mark(self, text: str) -> str:
        """Equal for equal texts; a short text cannot be found by trying, without the secret."""
        return self.pseudonym(f"text: {text}")[:MARK]

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode("utf-8", "surrogatepass")).decode()

    def unseal(self, sealed: str) -> str | None:
        """None when it was sealed with another secret: then it is lost, and nothing else is."""
        try:
            return self._fernet.decrypt(sealed).decode("utf-8", "surrogatepass")
        except InvalidToken:
            log.warning("sealed with another secret key")
            return None

    def seal_bytes(self, content: bytes, place: str) -> bytes:
        """For stores that others can write to: what is sealed for one place opens in no other."""
        nonce = os.urandom(_NONCE)
        return nonce + self._placed.encrypt(nonce, content, place.encode())

    def unseal_bytes(self, sealed: bytes, place: str) -> bytes | None:
        """None when it is not exactly what was sealed with this secret for this place."""
        try:
            return self._placed.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
        except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce
            return None


def secrecy_from(secret_key: str, data_dir: Path) -> Secrecy:
    """The secret of the settings, else the one in the data directory, made the first time."""
    if secret_key and len(secret_key) < SHORTEST:
        raise Misconfigured(f"IBID_SECRET_KEY is too short; use at least {SHORTEST} characters, such as `openssl rand -hex 32` prints.")
    return Secrecy(secret_key or _kept_secret(data_dir / _KEY_FILE))


def _kept_secret(file: Path) -> str:
    try:
        made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    except OSError as problem:
        raise Misconfigured(f"IBID_DATA_DIR: {file} cannot be made: {problem.strerror}.") from problem
    else:
        with os.fdopen(made, "w", encoding="ascii") as written:
            written.write(secrets.token_hex(32))
    try:
        secret = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise Misconfigured(f"{file} cannot be read; it must be the file that was made with this data directory.") from problem
    if len(secret) < SHORTEST:
        raise Misconfigured(f"{file} is damaged; restore it, or remove it and lose the questions that it sealed.")
    return secret
