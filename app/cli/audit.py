"""`flask audit`: seal, and check that nobody changed anything behind our back."""

from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import force_locale
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.cli.errors import told
from app.extensions import db, file_store, forms_in_use, issuer
from app.models.engine import for_reading
from app.receipts import Key, check_receipt, read_keys
from app.services.audit import verify
from app.services.keys import public_keys
from app.services.seals import last_seal, seal
from app.wording.receipts import form_of, sentence

audit = AppGroup("audit", help="Chains of events, seals and receipts.")

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@audit.command("verify")
def verify_() -> None:
    """Check all chains, revisions, receipts and seals; name each change; exit 1 if there is one.

    It reads the database as it is at one moment, and holds up nobody who writes meanwhile.
    """
    with Session(for_reading(db.engine)) as session:
        report = verify(session, issuer(), file_store())
        for problem in report.problems():
            click.echo(problem)
        for count, what in report.counted():
            click.echo(f"{count:>9} {what}")
        last = last_seal(session)
    click.echo(f"last seal: {last.number}, {last.at:%Y-%m-%d %H:%M:%S} UTC" if last else "no seal")
    if report.found:
        click.echo(f"{report.found} problems")
        raise SystemExit(1)
    click.echo("no problems")


@audit.command("seal")
def seal_() -> None:
    """Seal what is new now; the worker does this every minute."""
    with told():
        made = seal(db.session(), issuer(), forms_in_use())
        db.session.commit()
    click.echo(f"seal {made.number}: {made.lines} lines" if made else "nothing new")


@audit.command("verify-receipt")
@click.argument("receipt", type=_FILE)
@click.argument("answers", type=_FILE)
@click.option("--keys", "keys_file", type=_FILE, help="Our public keys, from /verify/keys.json.")
def verify_receipt(receipt: Path, answers: Path, keys_file: Path | None) -> None:
    """Check a receipt and its answers, without a database; exit 1 if something is wrong."""
    keys = _keys(keys_file)
    checked = check_receipt(_text(receipt), _text(answers), keys)
    form = form_of(checked.statement, forms_in_use(), "en")
    with force_locale("en"):
        for finding in checked.findings:
            mark = "wrong" if finding.is_problem else "right"
            click.echo(f"{mark}: {sentence(finding, form)}")
    if not checked.is_right:
        raise SystemExit(1)


def _keys(path: Path | None) -> tuple[Key, ...] | None:
    """Return the keys of the file, else of our database if there is one, else None."""
    if path is not None:
        try:
            return read_keys(_text(path))
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--keys") from error
    try:
        return public_keys(db.session()) or None
    except SQLAlchemyError:
        return None


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")
