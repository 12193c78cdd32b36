"""`flask mail`: the outbox."""

import click
from flask.cli import AppGroup
from flask_babel import force_locale
from sqlalchemy import select

from app.cli.errors import told as told_error
from app.extensions import db
from app.models.message import Message, MessageState
from app.services.outbox import post
from app.wording.jobs import told

mail = AppGroup("mail", help="Mails to people.")


@mail.command("list")
@click.option("--all", "every", is_flag=True, help="Also what was sent or given up.")
def list_mails(*, every: bool) -> None:
    """List what waits and what failed, the newest first: id, state, kind, to, attempts, problem."""
    query = select(Message).order_by(Message.id.desc())
    if not every:
        query = query.where(Message.state.in_([MessageState.WAITING, MessageState.FAILED]))
    found = db.session.scalars(query).all()
    with force_locale("en"):
        for m in found:
            line = f"{m.id}  {m.state}  {m.kind}  {m.recipient}  {m.attempts}  {told(m.problem)}"
            click.echo(line.rstrip())
    if not found:
        click.echo("No mail waits or has failed.")


@mail.command("test")
@click.argument("address")
@click.option("--language", default="en", metavar="LANGUAGE", help="ar, en, es, fr, ru or zh.")
def test(address: str, language: str) -> None:
    """Post a test mail to ADDRESS; the worker sends it."""
    with told_error():
        message = post(db.session(), to=address, kind="test", language=language, details={})
        db.session.commit()
    click.echo(f"Posted {message.id}; the worker sends it. Look: flask mail list --all")
