"""A command in a terminal of its own, and somebody who answers what it asks."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from tests.documented import ROOT

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\r")


def at_a_terminal(arguments: Sequence[str], answers: Sequence[tuple[str, str]], more: Mapping[str, str]) -> tuple[int, str]:
    """Its exit code and what the screen showed. Each answer is typed when what it answers stands there."""
    environment = {**os.environ, **more, "COLUMNS": "200", "TERM": "xterm"}
    environment["PYTHONPATH"] = os.pathsep.join([environment["PYTHONPATH"], str(ROOT)])
    ours, its = pty.openpty()
    command = [sys.executable, "-P", "-m", "bot", *arguments]
    process = subprocess.Popen(command, stdin=its, stdout=its, stderr=its, env=environment, close_fds=True, start_new_session=True)
    os.close(its)
    shown, waiting, seen = "", list(answers), 0
    until = time.monotonic() + 100
    try:
        while time.monotonic() < until and (piece := _read(ours, until)):
            shown += piece
            if waiting and waiting[0][0] in _CONTROL.sub("", shown[seen:]):
                seen = len(shown)
                os.write(ours, f"{waiting.pop(0)[1]}\n".encode())
        code = process.wait(timeout=max(1.0, until - time.monotonic()))
    finally:
        os.close(ours)
        process.kill()
        process.wait()
    assert not waiting, _CONTROL.sub("", shown)
    return code, _CONTROL.sub("", shown)


def _read(terminal: int, until: float) -> str:
    """ "" at its end: Linux raises an error there."""
    with suppress(OSError):
        if select.select([terminal], [], [], max(0.0, until - time.monotonic()))[0]:
            return os.read(terminal, 65_536).decode("utf-8", "replace")
    return ""
