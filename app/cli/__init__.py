"""The command line: `flask forms check`, `flask seed demo`, and so on."""

from flask import Flask

from app.cli import (
    audit,
    backup,
    collections,
    exports,
    forms,
    imports,
    jobs,
    keys,
    mail,
    reports,
    seed,
    texts,
    tokens,
    users,
)


def init_app(app: Flask) -> None:
    """Add every group of commands."""
    for group in (
        audit.audit,
        backup.backup,
        collections.collections,
        exports.export_group,
        forms.forms,
        imports.import_group,
        jobs.jobs,
        keys.keys,
        mail.mail,
        reports.reports,
        seed.seed,
        texts.texts,
        tokens.tokens,
        users.users,
    ):
        app.cli.add_command(group)
