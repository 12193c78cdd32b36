"""What waits to be sent in a browser, run by Node: the order, and what is never changed."""

import shutil
import subprocess

import pytest

from app.config import ROOT

NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="Node is missing; Chromium runs it too")
def test_the_queue_of_what_waits() -> None:
    command = [str(NODE), str(ROOT / "tests/vectors/queue.mjs")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
