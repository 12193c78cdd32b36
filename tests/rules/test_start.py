"""Filling in is light: no page of a form and no save imports pandas."""

import shutil
import subprocess
import sys
from pathlib import Path

from app.config import ROOT


def test_filling_in_imports_no_pandas(seeded: Path, tmp_path: Path) -> None:
    database = shutil.copy(seeded, tmp_path / "canopy.db")
    done = subprocess.run(
        [sys.executable, "-m", "tests.rules.fill_in", database],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "", "import pandas inside the function that needs it"
