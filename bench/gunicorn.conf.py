"""Serve the bare application as gunicorn.conf.py serves Canopy."""

import os

bind = f"127.0.0.1:{os.environ['BARE_PORT']}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
preload_app = True
keepalive = 10
control_socket_disable = True
loglevel = "warning"
