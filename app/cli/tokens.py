"""`flask tokens`: make keys to the API."""

import click
from flask.cli import AppGroup

from app.cli.errors import told
from app.extensions import db
from app.models.account import Scope
from app.services.accounts import account_of, add_token, command_line_account

tokens = AppGroup("tokens", help="Keys to the API.")


@tokens.command("add")
@click.argument("email")
@click.option("--scope", type=click.Choice([scope.value for scope in Scope]), default="read")
@click.option("--days", type=int, default=90, help="How long it is good for.")
def add(email: str, scope: str, days: int) -> None:
    """Make a key for an account, and print it: it cannot be read again."""
    with told():
        session = db.session()
        owner, by = account_of(session, email), command_line_account(session)
        secret = add_token(session, owner, Scope(scope), days, by)
        db.session.commit()
    click.echo(secret)
