"""`flask users`: invite people, and end what lets them in."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli.errors import told
from app.extensions import db
from app.forms.categories import Category
from app.models.account import Account, Role
from app.models.base import today
from app.models.designation import Designation
from app.services.account_changes import deactivate as deactivate_account
from app.services.account_changes import end_sessions_of
from app.services.account_changes import reactivate as reactivate_account
from app.services.account_lists import AccountState, find_accounts, state_of
from app.services.accounts import account_of, command_line_account
from app.services.designations import designate
from app.services.invitations import invite
from app.wording.languages import LANGUAGES

users = AppGroup("users", help="Who may sign in.")

_DAY: Final = click.DateTime(["%Y-%m-%d"])
_OPTIONS: Final = (
    click.option(
        "--category",
        type=click.Choice([category.value for category in Category]),
        default=Category.PRIMARY.value,
        help="Of the focal point; the primary one signs every form.",
    ),
    click.option("--from", "from_on", type=_DAY, help="First day; default today."),
    click.option("--to", "to_on", type=_DAY, help="Last day; default none."),
    click.option("--letter", default="", help="Reference of the Government's letter."),
    click.option("--letter-on", type=_DAY, help="Date of the letter."),
    click.option("--alternate", is_flag=True, help="Signs while nobody else can."),
)


def designation_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say how somebody is designated."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@users.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--party", metavar="ABC", help="ISO alpha-3 code, for the roles of a Party.")
@click.option("--name", default="", help="Of the person, as far as it is known.")
@click.option(
    "--language", type=click.Choice([*LANGUAGES]), default="en", help="Of the invitation."
)
@designation_options
def add(
    email: str,
    role: str,
    party: str | None,
    name: str,
    language: str,
    **options: Any,  # noqa: ANN401 - those of `designation_options`
) -> None:
    """Make an account, mail its owner an invitation, and print the link that is in it.

    A publishing authority is designated too: as primary national focal point from today on, or as
    --category, --from, --to, --letter, --letter-on and --alternate say.
    """
    with told():
        session = db.session()
        maker = command_line_account(session)
        account, secret = invite(
            session, email, Role(role), party, name=name, language=language, maker=maker
        )
        if account.role is Role.PUBLISHING_AUTHORITY:
            _designate(account, maker, options)
        session.commit()
    click.echo(f"{current_app.config['PUBLIC_URL']}/sign-in/link/{secret}")


@users.command("designate")
@click.argument("email")
@designation_options
def record(email: str, **options: Any) -> None:  # noqa: ANN401 - those of `designation_options`
    """Record that its Government has designated somebody who is a publishing authority."""
    with told():
        session = db.session()
        account = account_of(session, email)
        made = _designate(account, command_line_account(session), options)
        session.commit()
    click.echo(f"{made.category} of {made.party_code} from {made.from_on}")


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


def _designate(account: Account, by: Account, options: Mapping[str, Any]) -> Designation:
    return designate(
        db.session(),
        account,
        Category(options["category"]),
        _day(options["from_on"]) or today(),
        by=by,
        to_on=_day(options["to_on"]),
        letter=options["letter"],
        letter_on=_day(options["letter_on"]),
        is_alternate=options["alternate"],
    )


def _day(typed: datetime | None) -> date | None:
    return typed.date() if typed else None
