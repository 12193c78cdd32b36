"""`flask users`: invite people, and end what lets them in."""

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli.errors import told
from app.extensions import db
from app.models.account import Role
from app.services.account_changes import deactivate as deactivate_account
from app.services.account_changes import end_sessions_of
from app.services.account_changes import reactivate as reactivate_account
from app.services.account_lists import AccountState, find_accounts, state_of
from app.services.accounts import account_of, command_line_account
from app.services.invitations import invite
from app.wording.languages import LANGUAGES

users = AppGroup("users", help="Who may sign in.")


@users.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--party", metavar="ABC", help="ISO alpha-3 code, for the roles of a Party.")
@click.option("--name", default="", help="Of the person, as far as it is known.")
@click.option(
    "--language", type=click.Choice([*LANGUAGES]), default="en", help="Of the invitation."
)
def add(email: str, role: str, party: str | None, name: str, language: str) -> None:
    """Make an account, mail its owner an invitation, and print the link that is in it."""
    with told():
        session = db.session()
        maker = command_line_account(session)
        _account, secret = invite(
            session, email, Role(role), party, name=name, language=language, maker=maker
        )
        session.commit()
    click.echo(f"{current_app.config['PUBLIC_URL']}/sign-in/link/{secret}")


@users.command("list")
@click.option("--search", default="", help="A part of an e-mail address or a name.")
@click.option("--state", type=click.Choice([state.value for state in AccountState]))
def list_users(search: str, state: str | None) -> None:
    """List accounts: e-mail address, role, Party, state."""
    session = db.session()
    wanted = AccountState(state) if state else None
    for account in find_accounts(session, search=search, state=wanted).accounts:
        click.echo(
            "\t".join(
                (account.email, account.role, account.party_code or "", state_of(session, account))
            )
        )


@users.command("deactivate")
@click.argument("email")
def deactivate(email: str) -> None:
    """Let an account in no more; end its sessions, tokens and links. What it signed remains."""
    with told():
        session = db.session()
        deactivate_account(session, account_of(session, email), command_line_account(session))
        session.commit()


@users.command("reactivate")
@click.argument("email")
def reactivate(email: str) -> None:
    """Let an account in again, with its old password."""
    with told():
        session = db.session()
        reactivate_account(session, account_of(session, email), command_line_account(session))
        session.commit()


@users.command("revoke-sessions")
@click.argument("email")
def revoke_sessions(email: str) -> None:
    """End all sessions of an account; its owner may sign in again."""
    with told():
        session = db.session()
        count = end_sessions_of(session, account_of(session, email), command_line_account(session))
        session.commit()
    click.echo(f"{count} ended")
