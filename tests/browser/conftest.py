"""A server over demonstration data, and Chromium.

The data is made once for all workers and copied for whoever writes. Without Chromium the tests are
skipped, and say so; where CI is set, they fail instead.
"""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from app.config import ROOT
from tests.browser.saving import Database, Typist
from tests.browser.visitors import FILES, KEY, Visitor, let_in_more
from tests.conftest import shared_folder
from tests.databases import Databases

FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SECONDS_TO_START: Final = 300  # a busy machine is no failure

expect.set_options(timeout=30_000)  # a busy machine is no failure


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            if item.get_closest_marker("timeout") is None:  # the first waits for the demonstration
                item.add_marker(pytest.mark.timeout(400))


@dataclass(frozen=True)
class Server:
    """A running Canopy, who else may sign in there, and links of each kind that mails hold."""

    url: str
    visitors: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    starts: Mapping[str, str] = field(default_factory=dict)  # by visitor, before the home page


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        reason = "Chromium is missing; run: make system"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def demonstration(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with reference and demonstration data, made once, to be copied."""
    with (shared_folder(tmp_path_factory) / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not databases.exists("run_demonstration"):
            url = databases.empty("new")
            for command in (["db", "upgrade"], ["seed", "reference"], ["seed", "demo"]):
                run_flask(url, *command)
            databases.copy("new", "run_demonstration")
    return "run_demonstration"


def settings(database: str, port: int = 0) -> dict[str, str]:
    """Return the environment of a Canopy over that database, whatever `.env` says."""
    return {
        **os.environ,
        "SECRET_KEY": KEY,
        "DATABASE_URL": database,
        "LIMITS_URL": "memory://",
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "WEB_CONCURRENCY": "1",
        "FILES_DIR": str(FILES),
    }


def run_flask(database: str, *command: str) -> None:
    flask = Path(sys.executable).parent / "flask"
    subprocess.run(
        [flask, *command], cwd=ROOT, env=settings(database), check=True, capture_output=True
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serve(database: str, port: int = 0) -> Iterator[Server]:
    """Run Canopy over *database* as `make run` does, on a free port if none is given."""
    port = port or free_port()
    gunicorn = Path(sys.executable).parent / "gunicorn"
    process = subprocess.Popen(
        [gunicorn, "wsgi:app"], cwd=ROOT, env=settings(database, port), stdout=subprocess.DEVNULL
    )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_up(url, process)
        yield Server(url)
    finally:
        process.terminate()
        process.wait()


def wait_until_up(url: str, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(f"{url}/healthz") as answer:  # noqa: S310 - our own address
                answer.read()
        except URLError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the server did not start (exit code {process.poll()})")


@pytest.fixture(scope="session")
def reading(demonstration: str, databases: Databases) -> Iterator[Server]:
    """A server for tests that change nothing."""
    database = databases.copy(demonstration, "reading")
    added = let_in_more(database)
    with serve(database) as server:
        visitors = (*Visitor, *added.emails)
        yield replace(server, visitors=visitors, links=added.links, starts=added.starts)


@pytest.fixture
def writing(demonstration: str, databases: Databases) -> Iterator[Server]:
    """A server of this test's own."""
    with serve(databases.copy(demonstration, "writing")) as server:
        yield server


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page: `open_page(server, lang="ar", scripts=False)`."""
    contexts = []

    def open_one(server: Server, *, lang: str = "en", scripts: bool = True) -> Page:
        context = browser.new_context(base_url=server.url, locale=lang, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    yield open_one
    for context in contexts:
        context.close()


@dataclass
class Running:
    """The server, which can be stopped and started, and its database."""

    stack: ExitStack
    url: str
    port: int
    server: Server | None = None

    def start(self) -> None:
        self.server = self.stack.enter_context(serve(self.url, self.port))

    def stop(self) -> None:
        self.stack.pop_all().close()


@pytest.fixture(scope="module")
def running(demonstration: str, databases: Databases) -> Iterator[Running]:
    with ExitStack() as stack:
        found = Running(stack, databases.copy(demonstration, "saving"), free_port())
        found.start()
        yield found


@pytest.fixture(scope="module")
def database(running: Running) -> Database:
    return Database(running.url)


@pytest.fixture
def typist(running: Running, browser: Browser) -> Iterator[Callable[..., Typist]]:
    """Return a function that lets somebody sit down at a browser of their own, at the question."""
    with ExitStack() as stack:

        def sit_down(email: str = Visitor.DRAFTER_OF_JORDAN, lang: str = "en") -> Typist:
            url = f"http://127.0.0.1:{running.port}"
            context = stack.enter_context(browser.new_context(base_url=url, locale=lang))
            found = Typist(context, email).sign_in().open()
            if not found.reason.is_visible():
                found.choose()
                found.is_saved()
            return found

        yield sit_down
