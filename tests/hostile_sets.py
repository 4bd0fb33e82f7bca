"""Texts that others wrote to break programs: read where they are at hand, beside a few that always are."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

SETS = Path(__file__).parents[2] / "shared" / "data" / "hostile"
ALWAYS = (
    "<!channel> <!here> <!everyone> <!subteam^S01HR|@hr> <@U02TOM> <#C01GENERAL|general>",
    "&lt;!here&gt; &#60;!channel&#62; &amp;lt;!channel&amp;gt;",
    "<http://evil.example|your bank> <https://evil.example> <mailto:x@evil.example|mail>",
    "https://evil.example/exfil/{SECRET} http://evil.example www.evil.example evil.example/login HTTPS://EVIL.EXAMPLE",
    "![x](https://evil.example/p.png) [click](https://evil.example) [a][b]\n\n[b]: https://evil.example",
    "<img src=https://evil.example/p.png> <script>alert(1)</script> <https://evil.example",
    "@channel @here @everyone :skull: :+1:",
    "\x1b]8;;https://evil.example\x07click\x1b]8;;\x07 \x1b[31mred\x1b[0m \x9b2J \u202egnp.exe \x00",
    "if a < b && b > c: *bold* _it_ ~no~ `code` ```block```",
    "\u200b<\u200b!channel> <\u2060!here>",
)


@cache
def hostile_texts() -> tuple[str, ...]:
    """The big list of naughty strings, payloads reported against chat bots, and the examples of CommonMark, each once."""
    texts = list(ALWAYS)
    if (naughty := SETS / "blns" / "blns.json").is_file():
        texts += json.loads(naughty.read_text(encoding="utf-8"))
    if (payloads := SETS / "slack" / "mrkdwn_payloads.tsv").is_file():
        texts += [line.split("\t")[0] for line in payloads.read_text(encoding="utf-8").splitlines()[1:]]
    if (examples := SETS / "commonmark" / "spec.txt").is_file():
        parts = examples.read_text(encoding="utf-8").split("`" * 32 + " example\n")[1:]
        texts += [part.split("\n.\n")[0].replace("→", "\t") for part in parts]
    return tuple(dict.fromkeys(texts))
