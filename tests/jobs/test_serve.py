"""`make run` serves and works in one process group: what dies is restarted, one signal ends all."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import ROOT
from tests.databases import Databases

SERVING, WORKING = "Canopy is at ", "The worker is running"


@pytest.fixture
def served(databases: Databases, seeded: str, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Run both as `make run` does when all is set up; whatever is left is killed at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "SECRET_KEY": "x" * 32,
        "DATABASE_URL": databases.copy(seeded, "served"),
        "PORT": str(port),
        "PUBLIC_URL": "",
        "WEB_CONCURRENCY": "1",
        "LIMITS_URL": "memory://",
        "MAIL_DIR": str(tmp_path),
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen(
        [sys.executable, ".ci/serve_both.py"],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    yield process
    if has_processes(process.pid):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def has_processes(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(process: subprocess.Popen[str], *said: str) -> None:
    """Read on until each of these has been said."""
    assert process.stdout is not None
    missing = set(said)
    for line in process.stdout:
        missing -= {text for text in missing if text in line}
        if not missing:
            return
    raise AssertionError(f"it ended and never said {missing}")


def worker_of(process: subprocess.Popen[str]) -> int:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    lines = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children}
    return next(pid for pid, line in lines.items() if b"\0jobs\0work" in line)


def test_a_worker_that_dies_is_started_again_and_one_signal_ends_all(
    served: subprocess.Popen[str],
) -> None:
    wait_for(served, SERVING, WORKING)
    os.kill(worker_of(served), signal.SIGKILL)
    wait_for(served, "The worker ended (status -9). It is started again.", WORKING)
    served.send_signal(signal.SIGTERM)
    assert served.wait(60) == 128 + signal.SIGTERM
    assert not has_processes(served.pid)


def test_ctrl_c_in_the_terminal_ends_all(served: subprocess.Popen[str]) -> None:
    wait_for(served, SERVING, WORKING)
    os.killpg(served.pid, signal.SIGINT)
    assert served.wait(60) == 128 + signal.SIGINT
    assert not has_processes(served.pid)
