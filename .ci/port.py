"""Say where Canopy will be, or that the port is in use and what to do; then exit 1."""

import socket
import sys

from environs import Env

env = Env()
env.read_env(".env", recurse=False)
port = env.int("PORT", 8000)
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        sys.exit(f"Port {port} cannot be used: {error}.\nTake another one: make run PORT=8001")
