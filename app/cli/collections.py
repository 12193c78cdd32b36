"""`flask collections`: list, open and close."""

from datetime import date, datetime

import click
from flask.cli import AppGroup

from app.cli.errors import told
from app.extensions import db, forms_in_use
from app.models.collection import Kind
from app.models.membership import whose_parties
from app.services.accounts import command_line_account
from app.services.collections import (
    all_collections,
    close_collection,
    collection_of,
    is_open,
    number_asked,
    open_collection,
)
from app.services.rehearsal import Fate, plan_for, rehearse

collections = AppGroup("collections", help="What is open, to whom, until when.")

_DAY = click.DateTime(["%Y-%m-%d"])


@collections.command("list")
def list_collections() -> None:
    """List every collection, the last opened first."""
    for found in all_collections(db.session()):
        state = "open" if is_open(found) else "closed"
        due = found.due_on.isoformat() if found.due_on else "no due date"
        mark = "  synthetic" if found.is_synthetic else ""
        click.echo(f"{found.code}  {found.form}/{found.form_version}  {state}  {due}{mark}")


@collections.command("open")
@click.argument("code")
@click.option("--form", "form_name", required=True, metavar="FORM/VERSION")
@click.option("--kind", type=click.Choice([k.value for k in Kind]), default=Kind.NATIONAL.value)
@click.option("--opens", type=_DAY, help="First day; default today, or an earlier due date.")
@click.option("--due", type=_DAY, help="Due date; closes nothing.")
@click.option("--cut-off", type=_DAY, help="Data cut-off of the published tables.")
@click.option("--grace", type=int, default=0, metavar="DAYS", help="Days before it is late.")
@click.option("--also", multiple=True, metavar="ABC", help="Ask one that is not a Party, too.")
def open_(  # one parameter for each option
    code: str,
    form_name: str,
    kind: str,
    opens: datetime | None,
    due: datetime | None,
    cut_off: datetime | None,
    grace: int,
    also: tuple[str, ...],
) -> None:
    """Open a version of a form to the Parties."""
    form_id, _, version = form_name.partition("/")
    if not version.isdigit():
        raise click.BadParameter("write FORM/VERSION, such as aichi-progress/1", param_hint="form")
    with told():
        form = forms_in_use().load(form_id, int(version))
        if not form.wording:
            raise click.ClickException(
                f"{form.name} is not published, so its questions may still change under the"
                f" answers. Publish it first: flask forms publish {form.name}"
            )
        found = open_collection(
            db.session(),
            code,
            form,
            kind=Kind(kind),
            opens_on=_day(opens),
            due_on=_day(due),
            cut_off_on=_day(cut_off),
            grace_days=grace,
            account=command_line_account(db.session()),
            also=also,
        )
        asked = number_asked(db.session(), found)
        if not asked:
            raise click.ClickException(
                "Nobody would be asked: no Party is known on that day. Load the Parties first"
                " (flask seed reference), or name who is asked (--also ABC)."
            )
        db.session.commit()
    click.echo(f"{found.code} is open.")
    parties = whose_parties(db.session(), found.agreement)
    unknown = f" ({found.agreement}: no Party known)" if parties != found.agreement else ""
    click.echo(
        f"Asked: {asked}, the Parties to {parties}{unknown}" + (" and others." if also else ".")
    )


@collections.command("rehearse")
@click.argument("code")
@click.option("--parties", type=int, help="How many of those asked take part; default all.")
@click.option("--seed", default="rehearsal", show_default=True, help="Another gives other answers.")
def rehearse_(code: str, parties: int | None, seed: str) -> None:
    """Let Parties answer, with accounts and answers made up; it is marked as synthetic for good.

    Refused where there are real answers. Parties that have done something already are left alone.
    """
    with told():
        found = collection_of(db.session(), code)
        came = rehearse(db.session(), forms_in_use(), found, plan_for(found, seed), parties)
        db.session.commit()
    for fate in Fate:
        if came[fate]:
            click.echo(f"{came[fate]:>5}  {fate.replace('_', ' ')}")


@collections.command("close")
@click.argument("code")
def close(code: str) -> None:
    """Close a collection: nobody can write any more; what is signed stays."""
    with told():
        session = db.session()
        close_collection(collection_of(session, code), command_line_account(session))
        db.session.commit()
    click.echo(f"{code} is closed.")


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
