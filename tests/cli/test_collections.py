"""`flask collections`: what is opened, and what is refused with a word on what to do."""

from pathlib import Path
from shutil import copytree

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.config import ROOT
from app.forms.catalogue import Catalogue, FormName
from app.forms.publish import publish
from app.models.collection import Collection
from app.models.party import PartyStatus
from tests.conftest import Runner


def test_a_published_form_is_opened_and_closed(runner: Runner, session: Session) -> None:
    opened = runner.invoke(
        args=["collections", "open", "nr6", "--form", "aichi-progress/1", "--due", "2099-12-31"]
    )
    assert opened.exit_code == 0
    assert opened.output.splitlines() == ["nr6 is open.", "Asked: 196, the Parties to cbd."]
    listed = runner.invoke(args=["collections", "list"])
    assert "nr6  aichi-progress/1  open  2099-12-31" in listed.output
    assert runner.invoke(args=["collections", "close", "nr6"]).exit_code == 0
    assert session.get_one(Collection, "nr6").closed_at is not None


def test_a_form_of_another_agreement_asks_the_parties_to_the_convention(
    app: Flask, runner: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    copytree(ROOT / "tests" / "forms", tmp_path / "forms")
    publish(Catalogue(tmp_path / "forms"), FormName("demo", "decimal", 1))
    monkeypatch.setitem(app.extensions, "canopy_forms", Catalogue(tmp_path / "forms"))
    opened = runner.invoke(args=["collections", "open", "protocol", "--form", "decimal/1"])
    assert "Asked: 196, the Parties to cbd (demo: no Party known)." in opened.output


def test_a_collection_that_asks_nobody_is_not_opened(runner: Runner, session: Session) -> None:
    session.execute(delete(PartyStatus))
    opened = runner.invoke(args=["collections", "open", "nr6", "--form", "aichi-progress/1"])
    assert opened.exit_code == 1
    assert "flask seed reference" in opened.output
    assert session.get(Collection, "nr6") is None


def test_a_collection_is_rehearsed_and_marked(runner: Runner, session: Session) -> None:
    runner.invoke(args=["collections", "open", "nr6", "--form", "aichi-progress/1"])
    done = runner.invoke(args=["collections", "rehearse", "nr6", "--parties", "5"])
    assert done.exit_code == 0, done.output
    assert sum(int(line.split()[0]) for line in done.output.splitlines()) == 5
    assert "synthetic" in runner.invoke(args=["collections", "list"]).output


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("aichi-progress", "write FORM/VERSION"),
        ("aichi-progress/9", "aichi-progress/9"),
    ],
)
def test_a_form_that_is_not_there_is_named(runner: Runner, form: str, told: str) -> None:
    done = runner.invoke(args=["collections", "open", "nr6", "--form", form])
    assert done.exit_code != 0
    assert told in done.output


def test_a_form_that_may_still_change_is_not_opened(
    app: Flask, runner: Runner, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "canopy_forms", Catalogue(ROOT / "tests" / "forms"))
    done = runner.invoke(args=["collections", "open", "trial", "--form", "decimal/1"])
    assert done.exit_code == 1
    assert "flask forms publish decimal/1" in done.output
    assert session.get(Collection, "trial") is None
