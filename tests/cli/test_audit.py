"""`flask audit` and `flask keys`: what they say, and with which exit code."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models.audit import SigningKey
from app.services.keys import make_key
from tests import make
from tests.conftest import Runner


def test_a_change_behind_our_back_is_told_and_ends_with_one(
    runner: Runner, session: Session
) -> None:
    make.make_collection(session)
    assert "seal 1" in runner.invoke(args=["audit", "seal"]).output
    assert runner.invoke(args=["audit", "seal"]).output == "nothing new\n"
    good = runner.invoke(args=["audit", "verify"])
    assert (good.exit_code, good.output.splitlines()[-1]) == (0, "no problems")
    session.execute(text("UPDATE act SET action = 'x' WHERE kind = 'collection'"))
    bad = runner.invoke(args=["audit", "verify"])
    assert bad.exit_code == 1
    assert "collection nr6 act 1: was changed after it was written" in bad.output


def test_it_holds_up_nobody_who_writes(app: Flask, session: Session) -> None:
    make.make_collection(session)
    session.commit()
    session.execute(text("UPDATE collection SET is_synthetic = true"))  # not committed yet
    done = app.test_cli_runner().invoke(args=["audit", "verify"])
    session.rollback()
    assert done.exit_code == 0, done.output


def test_a_rotation_keeps_the_old_key_public(
    app: Flask, runner: Runner, session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(app.config, "SIGNING_KEY", path := tmp_path / "k.pem")
    old = make_key(path).id
    assert f"found key {old}" in runner.invoke(args=["keys", "make"]).output
    assert "signs from now on" in runner.invoke(args=["keys", "rotate"]).output
    keys = json.loads(runner.invoke(args=["keys", "list"]).output)["keys"]
    assert [(key["id"] == old, key["until"] is None) for key in keys] == [
        (True, False),
        (False, True),
    ]
    assert len(session.scalars(select(SigningKey)).all()) == 2
