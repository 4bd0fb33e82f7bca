"""The suite owns its world: what a test sees does not depend on the machine it runs on."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.this_machine_only import sitecustomize as guard

# 192.0.2.0/24 is set aside for documents: nobody answers there, whatever the guard does.
A_STRANGER = "192.0.2.1"


def test_a_connection_out_of_this_machine_is_refused_and_noted() -> None:
    with socket.socket() as stranger, pytest.raises(guard.LeavesThisMachineError):
        stranger.connect((A_STRANGER, 443))
    with pytest.raises(guard.LeavesThisMachineError):
        socket.getaddrinfo("slack.com", 443)
    noted = list(guard.refused)
    guard.refused.clear()
    assert noted == [f"socket.connect {A_STRANGER}", "socket.getaddrinfo slack.com"]


def test_a_connection_to_this_machine_is_made() -> None:
    with socket.create_server(("127.0.0.1", 0)) as here, socket.create_connection(("localhost", here.getsockname()[1])) as there:
        assert there.getpeername() == here.getsockname()


def test_a_child_process_may_not_leave_either() -> None:
    tried = subprocess.run(
        [sys.executable, "-c", f"import socket; socket.create_connection(('{A_STRANGER}', 443), 5)"],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert "tests talk to this machine only" in tried.stderr


def test_no_token_and_no_setting_of_this_machine_is_seen() -> None:
    ours = {name for name in os.environ if name.startswith(("IBID_", "SLACK_", "OPENAI_", "REDIS_"))}
    assert ours == {"IBID_DATA_DIR"}


def test_what_a_test_keeps_is_kept_in_a_folder_that_goes_away(tmp_path: Path) -> None:
    assert Path(os.environ["IBID_DATA_DIR"]).is_relative_to(tmp_path)
    assert Path.home().is_relative_to(tempfile.gettempdir())
