"""README names settings and commands, CONTRIBUTING folders of `app/`; decisions are numbered."""

import re
from collections.abc import Iterator

import click
import pytest
from flask import Flask

from app.config import ROOT

README = (ROOT / "README.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
DECISIONS = (ROOT / "DECISIONS.md").read_text()


def commands(group: click.Group, before: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before} {name}")
        elif getattr(command.callback, "__module__", "").startswith("app."):
            yield f"{before} {name}"


def test_every_command_is_in_the_readme(app: Flask) -> None:
    told = list(commands(app.cli, "flask"))
    assert told, "there are commands"
    assert sorted(name for name in told if name not in README) == []


def test_every_setting_is_in_the_readme() -> None:
    source = (ROOT / "app" / "config.py").read_text() + (ROOT / "gunicorn.conf.py").read_text()
    settings = set(re.findall(r"""env\.\w+\(\s*["']([A-Z_]+)["']""", source))
    assert settings, "settings are read with env.<type>(NAME)"
    assert sorted(name for name in settings if f"`{name}`" not in README) == []


@pytest.mark.parametrize(
    "name",
    sorted(
        path.name
        for path in (ROOT / "app").iterdir()
        if not path.name.startswith("_") and path.suffix in {"", ".py"}
    ),
)
def test_every_part_of_app_is_in_navigating_the_code(name: str) -> None:
    assert f"`app/{name}" in CONTRIBUTING


def test_every_make_target_says_what_it_is_for() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE)) - {"setup"}
    told = set(re.findall(r"^([a-z-]+):.* ## ", makefile, flags=re.MULTILINE))
    assert targets == told


def test_decisions_are_numbered_in_one_row() -> None:
    numbers = [int(n) for n in re.findall(r"^## (\d+)\. ", DECISIONS, flags=re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1)), "give yours the next free number"
