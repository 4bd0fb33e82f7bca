"""What documents, questions and models wrote is harmless, one rule less each time."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_ESCAPING = "bot/channels/slack/escaping.py"
_BLOCKS = ("tests/unit/test_blocks.py",)
_HARMLESS = ("tests/contract/test_output_harmless.py",)
_SCREENING = ("tests/contract/test_screening.py",)
_INJECTION = ("tests/contract/test_injection.py",)

MUTANTS = (
    Mutant(
        rule="what steers the eye is left out of a reply",
        file=_ESCAPING,
        old='    text = _UNSEEN.sub("", text)\n',
        new="",
        tests=_BLOCKS,
    ),
    Mutant(
        rule="what was written cannot open a mention or a link",
        file=_ESCAPING,
        old='.replace("<", "&lt;")',
        new="",
        tests=_BLOCKS,
    ),
    Mutant(
        rule="an address in a sentence becomes no link",
        file=_ESCAPING,
        old='    text = _SCHEME.sub(f":{_JOINER}", text)\n',
        new="",
        tests=_BLOCKS,
    ),
    Mutant(
        rule="what formats in Markdown is escaped",
        file=_ESCAPING,
        old='line = _INLINE.sub(r"\\\\\\1", line)',
        new="line = line.strip()",
        tests=_BLOCKS,
    ),
    Mutant(
        rule="only an http address is a link",
        file=_ESCAPING,
        old='    if not re.match(r"https?://[^\\s]", url, re.IGNORECASE):\n        return ""\n',
        new="",
        tests=_BLOCKS,
    ),
    Mutant(
        rule="nothing in a document or a question closes its fence",
        file="bot/flows/context.py",
        old='return _FENCE.sub("‹", text)',
        new="return text",
        tests=("tests/unit/test_context.py",),
    ),
    Mutant(
        rule="tokens are struck out of the log",
        file="bot/logs.py",
        old='return _SECRET.sub("[secret]", text)',
        new="return text",
        tests=("tests/unit/test_logs.py",),
    ),
    Mutant(
        rule="a bare name of a host becomes no link",
        file=_ESCAPING,
        old='return found.group().replace(".", f".{_JOINER}")',
        new="return found.group()",
        tests=_HARMLESS,
    ),
    Mutant(
        rule="the plain words @here and @channel ping nobody",
        file=_ESCAPING,
        old="_EVERYBODY.sub(_apart, text)",
        new="text",
        tests=_HARMLESS,
    ),
    Mutant(
        rule="what speaks to a machine is left out where a document is read",
        file="knowledge/intake.py",
        old='reading = screened(readers.read(f"{name}{seen.file.suffix}", content))',
        new='reading = readers.read(f"{name}{seen.file.suffix}", content)',
        tests=_SCREENING,
    ),
    Mutant(
        rule="what follows an order in its paragraph is left out with it",
        file="knowledge/planted.py",
        old="if unit.start < until or is_instruction",
        new="if is_instruction",
        tests=("tests/unit/test_planted.py",),
    ),
    Mutant(
        rule="what a document says to a machine proves nothing",
        file="bot/flows/context.py",
        old="text = masked(hit.passage.text)",
        new="text = hit.passage.text",
        tests=_INJECTION,
    ),
    Mutant(
        rule="a document with a live secret stays out",
        file="knowledge/intake.py",
        old="    intake.ruled({name: document.rule})\n    refuse_secrets(about, content, row)\n",
        new="    intake.ruled({name: document.rule})\n",
        tests=_SCREENING,
    ),
    Mutant(
        rule="what holds a secret already is not shown any more",
        file="knowledge/intake.py",
        old="if holds_secret(intake.said_before(name)):",
        new="if not name:",
        tests=_SCREENING,
    ),
    Mutant(
        rule="a page of a wiki cannot say of itself that its secrets are none",
        file="knowledge/policy.py",
        old='key not in ("access", "supersedes", "secrets")',
        new='key not in ("access", "supersedes")',
        tests=_SCREENING,
    ),
    Mutant(
        rule="what is told of a secret is never the secret",
        file="knowledge/screening.py",
        old='f"{kind} ({place})" for kind, place in found',
        new='f"{kind} ({place}) {about}" for kind, place in found',
        tests=_SCREENING,
    ),
    Mutant(
        rule="a terminal gets no control characters",
        file="bot/cli/terminal.py",
        old='return _CONTROL.sub("", text)',
        new="return text",
        tests=_HARMLESS,
    ),
)
