"""No line that a model could write keeps the check busy for long."""

from __future__ import annotations

import time

import pytest

from bot.flows.ground import check
from tests.unit.test_ground import REQUEST

LONG = 60_000


@pytest.mark.parametrize(
    "line",
    [
        "a" * LONG,
        "a" + " " * LONG + "b [1]",
        "(" * LONG + " [1]",
        "9" * LONG + " [1]",
        "1,000" * (LONG // 5) + " [1]",
        "[1" * (LONG // 2),
        "[1]" * (LONG // 3) + "x",
        "[" + "1," * (LONG // 2) + "1]",
        "5 [1]" * (LONG // 5),
        "**" * (LONG // 2) + " [1]",
        "- " * (LONG // 2) + "[1]",
        "1 May 1" * (LONG // 7) + " [1]",
        "five working " * (LONG // 13) + " [1]",
        "n't " * (LONG // 4) + " [1]",
        "in the " * (LONG // 7) + " [1]",
        "Monday Berlin " * (LONG // 14) + " [1]",
        "| a " * (LONG // 4) + " [1]",
    ],
    ids=lambda line: line[:8],
)
def test_no_line_keeps_the_check_busy(line: str) -> None:
    began = time.thread_time()
    check(line, REQUEST)
    assert time.thread_time() - began < 3
