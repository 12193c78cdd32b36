"""A PostgreSQL of the tests' own, in a temporary folder; reached by a socket in it.

It ends with the process that started it, also when that is killed. Its text sorts as English does
unless a column says otherwise, so that a sorting that is left to the database is seen.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

USER: Final = "canopy"
SECONDS_TO_START: Final = 60
# What makes a server of tests quick; tests of durability turn the first three on again.
SETTINGS: Final = (
    "fsync=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "autovacuum=off",
    "max_connections=200",
    "shared_buffers=128MB",
    "listen_addresses=",  # none: the socket is enough
    "log_min_messages=panic",
)


class NoPostgresqlError(Exception):
    """PostgreSQL is not installed here."""


def programs() -> Path:
    """Return the folder of `initdb` and `postgres`; raise NoPostgresqlError."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if (initdb := shutil.which("initdb")) is not None:
        found.append(Path(initdb).resolve().parent)
    if not found:
        raise NoPostgresqlError("PostgreSQL is missing; run: make system")
    return max(found, key=lambda path: int("0" + "".join(filter(str.isdigit, path.parent.name))))


@contextmanager
def cluster(*settings: str) -> Iterator[Path]:
    """Run a server, with *settings* on top of ours; give the folder of its socket."""
    binaries = programs()
    folder = Path(tempfile.mkdtemp(prefix="canopy-postgresql-"))
    try:
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, pwd.getpwnam("postgres").pw_gid)
        _initialise(binaries, folder)
        process = start(binaries, folder, *settings)
        try:
            yield folder
        finally:
            process.send_signal(signal.SIGINT)  # at once, but in order
            process.wait(SECONDS_TO_START)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _initialise(binaries: Path, folder: Path) -> None:
    sorting = ("--locale-provider=icu", "--icu-locale=en", "--locale=C.UTF-8", "--encoding=UTF8")
    subprocess.run(
        [
            *as_postgres(),
            binaries / "initdb",
            *("-D", folder / "data", "-U", USER, "--auth=trust", "--no-sync"),
            *sorting,
        ],
        cwd="/",
        check=True,
        capture_output=True,
    )


def start(binaries: Path, folder: Path, *settings: str) -> "subprocess.Popen[bytes]":
    """Start the server of *folder*, and return when it answers."""
    given = [part for setting in (*SETTINGS, *settings) for part in ("-c", setting)]
    process = subprocess.Popen(
        [
            *as_postgres(),
            binaries / "postgres",
            *("-D", folder / "data", "-k", folder),
            *given,
        ],
        cwd="/",
    )
    end = time.monotonic() + SECONDS_TO_START
    answers: list[str | Path] = [
        binaries / "pg_isready",
        "--quiet",
        "--host",
        folder,
        "--username",
        USER,
    ]
    while subprocess.run(answers, check=False).returncode != 0:
        if process.poll() is not None or time.monotonic() > end:
            process.kill()
            process.wait()
            raise RuntimeError(f"PostgreSQL did not start (exit code {process.returncode})")
        time.sleep(0.05)
    return process


def as_postgres() -> list[str]:
    """Return how a command is begun that ends with us, and runs as `postgres` when we are root."""
    user = ["--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *user, "--pdeathsig=INT"]


def url(folder: Path, database: str) -> str:
    """Return the address of *database* at the server whose socket is in *folder*."""
    return f"postgresql+psycopg://{USER}@/{database}?host={folder}"
