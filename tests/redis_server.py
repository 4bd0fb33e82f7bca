"""A real redis-server of a test's own, on a Unix socket: started, held still, killed and started again as the test likes."""

from __future__ import annotations

import signal
import tempfile
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

from redis import Redis


class RedisServer:
    """Keeps nothing on disk: what is started again is empty."""

    def __init__(self, program: str, *options: str) -> None:
        self._command = [program, *options]
        self._folder = tempfile.TemporaryDirectory(prefix="ibid-redis-")  # a socket's path may have 107 characters, and tmp_path has more
        self._socket = Path(self._folder.name, "redis.sock")
        self.url = f"unix://{self._socket}"
        self._password = options[options.index("--requirepass") + 1] if "--requirepass" in options else None
        self.start()

    def start(self) -> None:
        """Returns when it takes connections."""
        given = {"--port": "0", "--unixsocket": str(self._socket), "--dir": self._folder.name, "--save": ""}
        own = [part for name, value in given.items() if name not in self._command for part in (name, value)]
        self._process = Popen([*self._command, *own], stdout=PIPE, text=True)
        # Sees what is really there. Its types would have every answer be bytes or str, now or later.
        self.plain: Any = Redis(unix_socket_path=str(self._socket), password=self._password)
        assert self._process.stdout is not None
        said = ""
        while "ready to accept connections" not in said.lower():
            line = self._process.stdout.readline()
            assert line, f"redis-server ended at its start:\n{said}"
            said += line

    def stop(self) -> None:
        """It takes connections still, as the kernel does that, and answers nothing."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.plain.close()
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def close(self) -> None:
        if self._process.poll() is None:
            self.kill()
        self._folder.cleanup()

    def commands(self) -> dict[str, int]:
        """How often each command ran since the last `forget_commands`; what a script calls counts too."""
        counted: dict[str, Any] = self.plain.info("commandstats")
        own = {"info", "config|resetstat", "client|setinfo", "hello", "auth"}
        found = {name.removeprefix("cmdstat_"): row["calls"] for name, row in counted.items()}
        return {name: calls for name, calls in found.items() if name not in own}

    def connections(self) -> int:
        """How many were taken since the last `forget_commands`."""
        return int(self.plain.info("stats")["total_connections_received"])

    def forget_commands(self) -> None:
        self.plain.config_resetstat()
