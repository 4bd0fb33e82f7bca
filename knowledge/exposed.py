"""Passwords, keys and tokens in a text that look as if they worked: where each stands and what kind it is, and never what it says.

The shapes of tokens are those of Yelp's detect-secrets, and a few newer ones. A password has no shape: it is what stands behind the word,
where it looks like nothing else. What says of itself that it is an example is none.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module

from knowledge.sentences import cells

Finder = Callable[[str], Iterable[str]]

_SHAPES = (  # detectors of detect-secrets that know a token by its shape alone: those that go by entropy take any long word for one
    "artifactory.ArtifactoryDetector",
    "aws.AWSKeyDetector",
    "azure_storage_key.AzureStorageKeyDetector",
    "cloudant.CloudantDetector",
    "discord.DiscordBotTokenDetector",
    "github_token.GitHubTokenDetector",
    "gitlab_token.GitLabTokenDetector",
    "jwt.JwtTokenDetector",
    "mailchimp.MailchimpDetector",
    "npm.NpmDetector",
    "openai.OpenAIDetector",
    "private_key.PrivateKeyDetector",
    "pypi_token.PypiTokenDetector",
    "sendgrid.SendGridDetector",
    "slack.SlackDetector",
    "square_oauth.SquareOAuthDetector",
    "stripe.StripeDetector",
    "telegram_token.TelegramBotTokenDetector",
    "twilio.TwilioKeyDetector",
)
_NEWER = {
    "Anthropic key": r"\bsk-ant-[\w-]{24,}",
    "OpenAI Token": r"\bsk-(?:proj|svcacct|admin)-[\w-]{24,}",
    "Google API key": r"\bAIza[\w-]{35}\b",
    "GitHub Token": r"\bgithub_pat_\w{36,}",
    "Slack Token": r"\bxapp-\d-\w+-\d+-\w{16,}|\bxox[a-z](?:\.xox[a-z])?-[\w.%-]{20,}",
    "Hugging Face Token": r"\bhf_[A-Za-z0-9]{30,}",
    "Shopify Token": r"\bshp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}",
    "DigitalOcean Token": r"\bdo[por]_v1_[a-f0-9]{64}",
    "Private Key": r"BEGIN ENCRYPTED PRIVATE KEY|\bAGE-SECRET-KEY-1[A-Z0-9]{50,}",
}
_IN_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/:@<>{}]+:([^\s/@<>{}]{3,})@", re.IGNORECASE)
_WORDS = (
    r"pass(?:word|wd|phrase|code)|pwd|passwort|kennwort|api[ _-]?key|access[ _-]?key|secret[ _-]?key|client[ _-]?secret|auth[ _-]?token"
)
_NAMED = re.compile(
    rf"\b(?:\w{{1,24}}[_-])?(?:{_WORDS}|token|secret)\b[*_`\"']*(?:[ ]?(?:[:=]|=>)[ ]?|[ ](?:is|lautet|ist)[ ]:?)[*_`\"'“]*(\S{{6,200}})",
    re.IGNORECASE,
)
_HEADED = re.compile(rf"\b(?:{_WORDS})\b", re.IGNORECASE)
_NO_SECRET = re.compile(
    r"example|sample|placeholder|dummy|change[-_]?(?:me|it)|your|xxxx|\*{3}|\.{3}|…|[<>]|\$\{|\{\{|%\(|redacted|insert|todo|\bmy[-_]|fake|"
    r"test[-_]?(?:key|token|password)|not[-_]?a[-_]?|(?:secret|password)$|0123456|1234567890|abcdefg|"
    r"os\.environ|getenv|process\.env|\w[(\[]|^[$%({\[]",
    re.IGNORECASE,
)
_PLACE = re.compile(r"(?:https?|file|mailto):|[\w.-]+@[\w-]+\.\w+$", re.IGNORECASE)  # where to find it, or whom to ask
_VARIABLE = re.compile(r"[A-Z]+(?:_[A-Z]+)+")  # the name of one, in whose place a secret would stand
_LEAD_OFF = " .,;:!?)]}\"'”’`*_|"
_LONG = re.compile(r"\S{16}|\bBEGIN\b")  # no token is shorter
_LEAST_ENTROPY = 2.3  # bits a character: `AAAA…` has none, a word of six different letters 2.6
_LONGEST_LINE = 20_000  # characters; the rest of a line is looked at as another


@dataclass(frozen=True)
class Exposed:
    """A secret found in a text. What it says is kept for finding its place in the file, and shows nowhere."""

    line: int  # from 1
    kind: str
    value: str = field(repr=False)


def exposed(text: str) -> tuple[Exposed, ...]:
    """Every secret of the text that looks live, each once for its line."""
    found: dict[tuple[int, str], Exposed] = {}
    header: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        row = line.lstrip().startswith("|")
        header = (header or cells(line)) if row else ()
        for kind, value in _in_line(line, header if row else ()):
            found.setdefault((number, value), Exposed(number, kind, value))
    return tuple(found.values())


def _in_line(line: str, header: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for start in range(0, len(line), _LONGEST_LINE):
        part = line[start : start + _LONGEST_LINE]
        if _LONG.search(part):
            yield from ((kind, value) for kind, find in _finders() for value in find(part) if _is_live(value))
            yield from (("password in an address", found[1]) for found in _IN_ADDRESS.finditer(part) if _is_live(found[1]))
        yield from (("password or key", value) for found in _NAMED.finditer(part) if _is_chosen(value := found[1].strip(_LEAD_OFF)))
    if header:
        named = zip(header, cells(line), strict=False)
        yield from (("password or key", value) for name, value in named if _HEADED.search(name) and _is_chosen(value.strip(_LEAD_OFF)))


def _is_live(value: str) -> bool:
    return not _stands_in(value) and (" PRIVATE KEY" in value or _entropy(value) >= _LEAST_ENTROPY)


def _is_chosen(value: str) -> bool:
    """Whether it looks like a password: one word with a figure or a sign in it, that is no figure, date or ordinary compound."""
    if not 6 <= len(value) <= 200 or " " in value or len(set(value)) < 5 or _stands_in(value) or _PLACE.match(value):
        return False
    figures, letters = sum(sign.isdigit() for sign in value), sum(sign.isalpha() for sign in value)
    signs = len(value) - figures - letters - value.count("-") - value.count("/") - value.count("'") - value.count("’")
    both_cases = value[1:] != value[1:].lower() and value != value.upper()
    return letters > 1 and (figures > 1 or bool(figures and (both_cases or signs)) or (signs > 0 and both_cases)) and "/" not in value[:1]


def _stands_in(value: str) -> bool:
    """Whether it only stands where a secret would."""
    return bool(_NO_SECRET.search(value) or _VARIABLE.match(value))


def _entropy(value: str) -> float:
    """Shannon's, in bits a character."""
    return -sum(count / len(value) * math.log2(count / len(value)) for count in Counter(value).values())


@cache
def _finders() -> tuple[tuple[str, Finder], ...]:
    """The detectors, by what they find. Loading them takes a tenth of a second: only a run that reads something pays it."""
    found: list[tuple[str, Finder]] = []
    for path in _SHAPES:
        module, _, name = path.partition(".")
        detector = getattr(import_module(f"detect_secrets.plugins.{module}"), name)()
        if name == "JwtTokenDetector":  # looks into the token, besides its shape
            found.append((detector.secret_type, detector.analyze_string))
        else:
            found.append((detector.secret_type, _finder(detector.denylist)))
    return (*found, *((kind, _finder((re.compile(shape),))) for kind, shape in _NEWER.items()))


def _finder(shapes: Iterable[re.Pattern[str]]) -> Finder:
    """The whole of what is found: detect-secrets itself hands out a part, where a shape has parts."""
    return lambda line: (found[0] for shape in shapes for found in shape.finditer(line))
