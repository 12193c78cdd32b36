"""How gunicorn serves Canopy; `gunicorn wsgi:app` in this folder reads it.

Threads, so that a slow line holds up one thread and not a worker. The application is loaded once,
before the workers are forked, so that they share its memory.
"""

import signal

from environs import Env
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from app.extensions import db

env = Env()
env.read_env(".env", recurse=False)

bind = f"127.0.0.1:{env.int('PORT', 8000)}"
workers = env.int("WEB_CONCURRENCY", 2)
worker_class = "gthread"
threads = 4  # of each worker
preload_app = True
timeout = 60  # seconds without a sign of life before a worker is replaced
graceful_timeout = 10  # seconds for running requests when we stop
keepalive = 10  # seconds; browsers come back for the next page on the same connection
control_socket_disable = True  # nothing outside this folder
accesslog = None
errorlog = "-"
loglevel = "warning"


def when_ready(_server: Arbiter) -> None:
    """Say where to look, since the log level keeps gunicorn quiet."""
    print(f"Canopy is at http://{bind} (Ctrl-C ends it)", flush=True)  # noqa: T201 - for a person


def post_fork(_server: Arbiter, worker: Worker) -> None:
    """Let no worker use a database connection that was opened before the fork."""
    with worker.app.wsgi().app_context():
        db.engine.dispose(close=False)


def post_worker_init(_worker: Worker) -> None:
    """Leave Ctrl-C to the master, which tells the workers.

    A terminal sends it to all of them; a worker that is told twice at once waits for itself.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
