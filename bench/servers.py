"""Run Canopy over demonstration data, and the bare application, on free ports of this machine."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
SECONDS_TO_START = 60


def settings(folder: Path) -> dict[str, str]:
    """Return the environment of a Canopy of its own in *folder*."""
    return {
        **os.environ,
        "SECRET_KEY": "for the benchmark alone, which is no secret",
        "DATABASE_URL": f"sqlite:///{folder}/canopy.db",
        "BARE_DATABASE_URL": f"sqlite:///{folder}/bare.db",
        "LIMITS_URL": "memory://",
        "BENCH_FORMS": f"{folder}/forms",
        "SIGNING_KEY": f"{folder}/signing-key.pem",
        "MAIL_DIR": f"{folder}/mail",
        "FILES_DIR": f"{folder}/kept",
    }


def flask(folder: Path, *command: str) -> str:
    """Run a command of Canopy; return what it printed."""
    done = subprocess.run(
        [BIN / "flask", *command],
        cwd=ROOT,
        env=settings(folder),
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


@contextmanager
def serve(folder: Path, config: str, app: str, variable: str) -> Iterator[str]:
    """Serve *app* and give its address; *variable* is where the config reads the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [BIN / "gunicorn", "--config", config, app],
        cwd=ROOT,
        env={**settings(folder), variable: str(port)},
        stdout=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_up(url)
        yield url
    finally:
        process.terminate()
        process.wait()


def _wait_until_up(url: str) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        try:
            with urlopen(url):
                return
        except HTTPError:
            return
        except URLError:
            time.sleep(0.1)
    sys.exit(f"{url} did not start")
