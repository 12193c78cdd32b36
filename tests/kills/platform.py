"""A running Canopy of the tests' own, any part of which may be killed and comes back."""

import contextlib
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from app.config import ROOT
from tests import postgresql

KEY: Final = "a key for tests alone, which is no secret"
SECONDS_TO_START: Final = 60


class Platform:
    """Web server and job worker as processes; a worker of either may die at any moment."""

    def __init__(self, database: str, folder: Path) -> None:
        self.port = _free_port()
        self.environment = {
            **os.environ,
            "DATABASE_URL": database,
            "SECRET_KEY": KEY,
            "PORT": str(self.port),
            "LIMITS_URL": f"sqlite://{folder}/limits.db",
            "MAIL_DIR": str(folder / "mail"),
            "SIGNING_KEY": str(folder / "signing-key.pem"),
            "WEB_CONCURRENCY": "2",
        }
        self.log = (folder / "platform.log").open("ab")
        self.web: subprocess.Popen[bytes] | None = None
        self.worker: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start both, and wait until pages are answered."""
        self.start_web()
        self.start_worker()

    def start_web(self) -> None:
        """Start the web server, and wait until it answers."""
        command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]
        self.web = self._run(command)
        self.wait()

    def start_worker(self) -> None:
        """Start the job worker; it is not waited for."""
        self.worker = self._run([sys.executable, "-m", "flask", "jobs", "work"])

    def wait(self) -> None:
        """Wait until pages are answered."""
        end = time.monotonic() + SECONDS_TO_START
        while not self.answers():
            if time.monotonic() > end:
                raise TimeoutError("the server does not come back; see platform.log")
            time.sleep(0.02)

    def answers(self) -> bool:
        """Tell whether the server is well."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.client.OK
        except OSError:
            return False
        except http.client.HTTPException:
            return False
        finally:
            connection.close()

    def kill_web_worker(self) -> None:
        """Kill one of the forked workers; the master makes another."""
        workers = children(self.web.pid) if self.web else []
        if workers:
            kill(secrets.choice(workers))

    def kill_web(self) -> None:
        """Kill the web server with all its workers, as when the power goes; start it again."""
        if self.web:
            os.killpg(self.web.pid, signal.SIGKILL)
            self.web.wait()
        self.start_web()

    def kill_job_worker(self) -> None:
        """Kill the job worker; start it again."""
        if self.worker:
            os.killpg(self.worker.pid, signal.SIGKILL)
            self.worker.wait()
        self.start_worker()

    def stop(self) -> None:
        """End both."""
        for process in (self.web, self.worker):
            if process:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.log.close()

    def flask(self, *args: str) -> "subprocess.CompletedProcess[str]":
        """Run a command over the same database."""
        return subprocess.run(
            [sys.executable, "-m", "flask", *args],
            cwd=ROOT,
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
        )

    def _run(self, command: list[str]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )


class Postgresql:
    """The PostgreSQL server of a folder, which may be killed and is started again."""

    DURABLE: Final = ("fsync=on", "full_page_writes=on", "synchronous_commit=on")

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.own: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Return the process of the server."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def kill_backend(self) -> None:
        """Kill a process that works for a connection; the server drops all others and recovers."""
        backends = [pid for pid in children(self.pid) if b"canopy" in _command(pid)]
        if backends:
            kill(secrets.choice(backends))

    def kill(self) -> None:
        """Kill the server with all it has started; start it again."""
        pid = self.pid
        kill(pid)
        for each in (pid, *children(pid)):
            kill(each)
        # A process that nobody has waited for looks as if it were running.
        if self.own:
            self.own.wait()
        else:
            os.waitpid(pid, 0)
        end = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                self.own = postgresql.start(postgresql.programs(), self.folder, *self.DURABLE)
            except RuntimeError:  # the last of the killed holds on to the shared memory
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)
            else:
                return

    def stop(self) -> None:
        """End the server that was started here."""
        if self.own:
            self.own.send_signal(signal.SIGINT)
            self.own.wait()


def children(pid: int) -> list[int]:
    """Return the processes that *pid* has started."""
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [int(child) for child in text.split()]
    return []


def kill(pid: int) -> None:
    """Kill a process, if it is still there."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _command(pid: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
