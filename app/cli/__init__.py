"""The command line: `flask forms check`, `flask seed demo`, and so on."""

from flask import Flask

from app.cli import collections, forms, reports, seed, tokens, users


def init_app(app: Flask) -> None:
    """Add every group of commands."""
    for group in (
        collections.collections,
        forms.forms,
        reports.reports,
        seed.seed,
        tokens.tokens,
        users.users,
    ):
        app.cli.add_command(group)
