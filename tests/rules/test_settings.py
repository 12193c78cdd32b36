"""Which settings are taken, and what is said of those that are not."""

import pytest
from environs import EnvValidationError

from app.config import ROOT, Config


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "x" * 32)


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("sqlite:////var/canopy.db", "sqlite:////var/canopy.db"),
        ("sqlite:///instance/canopy.db", f"sqlite:///{ROOT}/instance/canopy.db"),
        ("postgresql://me:secret@db:5432/canopy", "postgresql+psycopg://me:secret@db:5432/canopy"),
        ("postgresql+psycopg:///canopy?host=/run", "postgresql+psycopg:///canopy?host=/run"),
    ],
)
def test_addresses_of_databases(monkeypatch: pytest.MonkeyPatch, given: str, taken: str) -> None:
    monkeypatch.setenv("DATABASE_URL", given)
    assert taken == Config.from_env().SQLALCHEMY_DATABASE_URI


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        ("mysql://me@db/canopy", "Begin with sqlite:/// or postgresql://"),
        ("postgres://me@db/canopy", "Begin with sqlite:/// or postgresql://"),
        ("postgresql+psycopg2://me@db/canopy", "Begin with"),
        ("postgresql://me@db", "Name the database at the end"),
        ("postgresql://me@db/", "Name the database at the end"),
        ("postgresql://me@db:port/canopy", "This is no address of a database"),
        ("sqlite:///", "Name the database at the end"),
    ],
)
def test_other_addresses_are_refused_with_advice(
    monkeypatch: pytest.MonkeyPatch, given: str, advice: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", given)
    with pytest.raises(EnvValidationError, match=advice):
        Config.from_env()
