"""Made-up secrets, put together when a test runs: none stands in a file, so that no scanner of this repository takes one for real."""

from __future__ import annotations

import base64
import json
import string
from collections.abc import Iterator
from random import Random

LETTERS, FIGURES, UPPER = string.ascii_letters, string.digits, string.ascii_uppercase


def made_up(seed: int, count: int) -> Iterator[tuple[str, str]]:
    """Kind and secret, `count` of each kind."""
    random = Random(seed)

    def some(length: int, signs: str = LETTERS + FIGURES) -> str:
        return "".join(random.choice(signs) for _ in range(length))

    def part(words: dict[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(words).encode()).decode().rstrip("=")

    for _ in range(count):
        yield "aws", "AK" + "IA" + some(16, UPPER + FIGURES)
        yield "azure", "Account" + "Key=" + some(86) + "=="
        yield "github", "gh" + "p_" + some(36)
        yield "github fine-grained", "github" + "_pat_" + some(22) + "_" + some(59)
        yield "gitlab", "glp" + "at-" + some(20)
        yield "google", "AI" + "za" + some(35)
        yield "anthropic", "sk-" + "ant-api03-" + some(80)
        yield "openai", "sk-" + "proj-" + some(48)
        yield "slack bot", "xo" + f"xb-{some(12, FIGURES)}-{some(12, FIGURES)}-{some(24)}"
        yield "slack app", "xa" + f"pp-1-A{some(10, UPPER)}-{some(13, FIGURES)}-{some(64, '0123456789abcdef')}"
        yield "slack hook", "https://hooks.slack" + f".com/services/T{some(8, UPPER)}/B{some(8, UPPER)}/{some(24)}"
        yield "stripe", "sk_" + "live_" + some(24)
        yield "sendgrid", "S" + f"G.{some(22)}.{some(43)}"
        yield "twilio", "S" + "K" + some(32, "0123456789abcdef")
        yield "jwt", f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part({'sub': some(10), 'iat': random.randrange(10**9)})}.{some(43)}"
        yield "private key", f"-----{'BEGIN'} {random.choice(('RSA', 'EC', 'OPENSSH'))} PRIVATE {'KEY'}-----"
        yield "address", f"postgres://reports:{some(12)}@db.fernhill.internal:5432/hr"


def passwords(seed: int, count: int) -> Iterator[str]:
    """As people choose them."""
    random = Random(seed)
    words = "Sommer Northgate Turnip Fernhill Walrus Kestrel Pepper Harbour Bicycle Oktober".split()
    for _ in range(count):
        word = random.choice(words)
        yield random.choice(
            (
                f"{word}{random.randrange(1990, 2030)}!",
                f"{word.lower()}{random.randrange(10, 99)}{random.choice(words)}",
                f"{word[0]}@{word[1:]}#{random.randrange(100, 999)}",
                "".join(random.choice(LETTERS + FIGURES + "!#%+-_") for _ in range(14)) + "7a",
            )
        )
