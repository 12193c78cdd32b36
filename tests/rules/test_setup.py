"""Setting up a machine: what is secret is for the account alone that runs Canopy."""

import shutil
import subprocess
import sys
from pathlib import Path

from app.config import ROOT

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # SHA-256 of nothing


def test_settings_and_database_are_for_their_owner_alone(tmp_path: Path) -> None:
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/setup", tmp_path / ".ci/setup")
    (tmp_path / "requirements.txt").touch()
    (tmp_path / ".venv/requirements.sha256").write_text(f"{EMPTY}  -\n")
    subprocess.run([tmp_path / ".ci/setup"], check=True, capture_output=True, umask=0o022)
    settings = tmp_path / ".env"
    assert "SECRET_KEY=" in settings.read_text()
    assert settings.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "instance").stat().st_mode & 0o777 == 0o700
    settings.chmod(0o644)
    (tmp_path / "instance").chmod(0o755)
    before = settings.read_text()
    subprocess.run([tmp_path / ".ci/setup"], check=True, capture_output=True, umask=0o022)
    assert settings.read_text() == before
    assert settings.stat().st_mode & 0o777 == 0o600, "also where an older version made it"
    assert (tmp_path / "instance").stat().st_mode & 0o777 == 0o700
