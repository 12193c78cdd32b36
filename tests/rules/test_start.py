"""Filling in is light: no page of a form and no save imports pandas."""

import subprocess
import sys

from app.config import ROOT
from tests.databases import Databases


def test_filling_in_imports_no_pandas(databases: Databases, seeded: str) -> None:
    database = databases.copy(seeded, "filled_in")
    done = subprocess.run(
        [sys.executable, "-m", "tests.rules.fill_in", database],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "", "import pandas inside the function that needs it"
