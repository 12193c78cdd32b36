"""Run gunicorn and the worker side by side, in one process group: a signal ends both.

A worker that ends by itself is started again, and it is said; when gunicorn ends, all ends.
"""

import signal
import subprocess
import sys
import time
from types import FrameType

WEB = [".venv/bin/gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]
WORKER = [".venv/bin/flask", "jobs", "work"]
LOOK = 0.2  # seconds
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a broken worker is started again


def end(number: int, _frame: FrameType | None) -> None:
    """Leave by the `finally` below, as after Ctrl-C."""
    sys.exit(128 + number)


def watch(web: subprocess.Popen[bytes], running: list[subprocess.Popen[bytes]]) -> int:
    """Look after both until gunicorn ends; return its exit status."""
    pause, started = SHORTEST_PAUSE, time.monotonic()
    while web.poll() is None:
        if (status := running[-1].poll()) is not None:
            lived_long = time.monotonic() - started > LONGEST_PAUSE
            pause = SHORTEST_PAUSE if lived_long else min(pause * 2, LONGEST_PAUSE)
            print(f"The worker ended (status {status}). It is started again.", flush=True)
            time.sleep(pause)
            running[-1], started = subprocess.Popen(WORKER), time.monotonic()
        time.sleep(LOOK)
    print(f"gunicorn ended (status {web.returncode}).", flush=True)
    return web.returncode


def main() -> int:
    """Start both, and end what is left when one of them or we are told to end."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    running = [subprocess.Popen(WEB), subprocess.Popen(WORKER)]
    try:
        return watch(running[0], running)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # the children are ending already
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
