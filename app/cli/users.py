"""`flask users`: make accounts."""

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli.errors import told
from app.extensions import db
from app.models.account import Purpose, Role
from app.services.accounts import add_account
from app.services.links import make_link

users = AppGroup("users", help="Who may sign in.")


@users.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--party", metavar="ABC", help="ISO alpha-3 code, for the roles of a Party.")
def add(email: str, role: str, party: str | None) -> None:
    """Make an account, and print the link that lets its owner set a password."""
    with told():
        account = add_account(db.session(), email, Role(role), party)
        _link, secret = make_link(db.session(), account, Purpose.INVITATION)
        db.session.commit()
    click.echo(f"{current_app.config['PUBLIC_URL']}/sign-in/link/{secret}")
