"""What looks like a live secret is found, whatever stands around it; rules about secrets, and examples of them, are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.exposed import exposed
from knowledge.reading import read
from tests.planted_secrets import made_up, passwords

ROOM = Path(__file__).parents[2] / "handbook"
SENTENCES = (
    "The build server signs in with {} until further notice.",
    "| staging | {} | Ruth |",
    "export KEY={}",
    "Ask Ruth before you use `{}`.",
    "- {}",
)
SAID = (
    "The wifi password is {}",
    "Password: {}",
    'password = "{}"',
    "Guest network: Fernhill-Guest, passphrase: {}.",
    "Das Passwort lautet {}",
    "DB_PASSWORD={}",
    "api_key: '{}'",
    "| Network | Password |\n| --- | --- |\n| guests | {} |",
)
CLEAN = (
    "Your password: at least 14 characters, changed when it has leaked.",
    "Password is required every 12 hours.",
    "The password is personal. Never write it down.",
    "Passwords: see IT-Security-Policy-2026.pdf",
    "Password reset: https://it.fernhill.example/reset?step=2",
    "A secret is never sent by e-mail; a token is returned on the last day.",
    "Access key: front desk, 08:00-17:00",
    "api_key: YOUR_API_KEY_HERE",
    "api_key: $ANTHROPIC_API_KEY",
    "curl -H 'x-api-key: ${API_KEY}' https://api.fernhill.example",
    "token: xxxxxxxxxxxxxxxxxxxx1A",
    "password: ********",
    "Password: <your password>",
    "Write to people@fernhill.example, token: people@fernhill.example",
    "AKIA" + "IOSFODNN7EXAMPLE is the key in their manual.",
    "Reference 0b21c9d4-8f2a-4a7d-9a51-0d6d2f1ab001, form HR-2026-114",
    "The multi-factor-authentication-and-single-sign-on programme",
)  # fmt: skip


def test_nine_of_ten_made_up_secrets_of_every_kind_are_found() -> None:
    missed: dict[str, int] = {}
    planted = list(made_up(7, 20))
    for number, (kind, secret) in enumerate(planted):
        text = f"# Access\n\n{SENTENCES[number % len(SENTENCES)].format(secret)}\n"
        if not any(one.line == 3 for one in exposed(text)):
            missed[kind] = missed.get(kind, 0) + 1
    assert sum(missed.values()) <= len(planted) * 0.1, missed
    assert not {kind for kind, count in missed.items() if count > 2}


def test_nine_of_ten_chosen_passwords_are_found_behind_the_word() -> None:
    missed = [said for number, word in enumerate(passwords(11, 200)) if not exposed(said := SAID[number % len(SAID)].format(word))]
    assert len(missed) <= 20, missed


@pytest.mark.parametrize("text", CLEAN)
def test_a_rule_about_secrets_and_an_example_of_one_are_none(text: str) -> None:
    assert exposed(text) == ()


def test_what_was_found_is_in_no_print_of_it() -> None:
    ((_, secret),) = list(made_up(3, 1))[:1]
    (found,) = exposed(f"use {secret}")
    assert secret in found.value
    assert secret[4:12] not in repr(found)
    assert (found.line, found.kind) == (1, "AWS Access Key")


def test_no_document_of_the_handbook_is_suspected() -> None:
    files = sorted(file for file in ROOM.rglob("*.md"))
    texts = ["\n".join(block.text for section in read(file.name, file.read_bytes()).sections for block in section.blocks) for file in files]
    assert len(texts) > 40
    assert [file.name for file, text in zip(files, texts, strict=True) if exposed(text)] == []
