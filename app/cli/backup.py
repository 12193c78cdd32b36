"""`flask backup`: everything in one file, and back; from and to either kind of database."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import flask_migrate
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from app.config import ROOT
from app.extensions import db
from app.files.backup_reader import BackupReader, reading
from app.files.backups import BackupError, Manifest, writing
from app.models.base import now
from app.models.engine import for_reading
from app.services.accounts import command_line_account
from app.services.acts import record_act
from app.services.backup_checks import check
from app.services.backups import first_row, read_tables, write_files, write_tables

backup = AppGroup("backup", help="Everything in one file, and back.")

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@backup.command("create")
@click.argument("path", type=click.Path(path_type=Path))
def create(path: Path) -> None:
    """Write a backup to PATH, a new file or a folder, while people go on working.

    It holds what was there at one moment: all tables, and the files of FILES_DIR. It is as secret
    as the database. SECRET_KEY and the private key (SIGNING_KEY) are not in it: keep copies of
    them in another place.
    """
    moment = now()
    if path.is_dir():
        path /= f"canopy-{moment:%Y%m%dT%H%M%SZ}.zip"
    with _told(), for_reading(db.engine).connect() as connection, writing(path) as writer:
        revision = _revision_of_database()
        if revision != _scripts().get_current_head():
            raise BackupError("The database is of another version. Run: flask db upgrade")
        for part in write_tables(connection, writer):
            click.echo(f"{part.rows:>9} {part.table}")
        for part in write_files(_folder(), writer, _secrets()):
            click.echo(f"{part.bytes:>9} bytes {part.name}")
        made = writer.finish(
            created_at=moment.isoformat(), revision=revision, database=db.engine.dialect.name
        )
    _record("backup", made)
    click.echo(f"wrote {path}")


@backup.command("verify")
@click.argument("path", type=_FILE)
def verify(path: Path) -> None:
    """Check a backup without a database: that it is whole, and that every chain in it holds."""
    found = 0
    with _told(), reading(path) as source:
        for problem in check(source):
            click.echo(problem)
            found += 1
        _tell(source.manifest)
    if found:
        raise click.ClickException(f"{found} problems: do not rely on this backup.")
    click.echo("no problems")


@backup.command("restore")
@click.argument("path", type=_FILE)
def restore(path: Path) -> None:
    """Put a backup into an empty database, of either kind: all of it, or nothing.

    Makes the tables as they were when the backup was made, fills them, and brings them up to this
    version. FILES_DIR must be empty too.
    """
    with _told(), reading(path) as source:
        _need_empty(source.manifest)
        _migrate_to(source.manifest.revision)
        _fill(source)
        _tell(source.manifest)
    flask_migrate.upgrade()
    _record("restore", source.manifest)
    click.echo("restored; now run: flask audit verify")


def _fill(source: BackupReader) -> None:
    """Fill tables and folder, both or neither."""
    staged = _folder().with_name(f".{_folder().name}.restoring")
    shutil.rmtree(staged, ignore_errors=True)
    try:
        _write_files(source, staged)
        with db.engine.begin() as connection:
            if name := first_row(connection):
                raise BackupError(f"The table {name} holds rows by now. Nothing was restored.")
            for part in read_tables(connection, source):
                click.echo(f"{part.rows:>9} {part.table}")
            if staged.exists():
                _folder().parent.mkdir(parents=True, exist_ok=True)
                shutil.rmtree(_folder(), ignore_errors=True)  # empty, as we saw
                staged.rename(_folder())
    except DBAPIError as error:
        raise BackupError(f"The database takes it not: {error.orig}") from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _write_files(source: BackupReader, folder: Path) -> None:
    for part in source.manifest.files:
        path = folder / part.name.removeprefix("files/")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("xb") as file:
            path.chmod(0o600)
            for piece in source.pieces(part):
                file.write(piece)


def _need_empty(manifest: Manifest) -> None:
    with for_reading(db.engine).connect() as connection:
        if name := first_row(connection):
            raise BackupError(
                f"The table {name} of this database holds rows. Restore into an empty database:"
                " name a new one in DATABASE_URL."
            )
    if manifest.files and any(path.is_file() for path in _folder().rglob("*")):
        raise BackupError(f"{_folder()} holds files. Name an empty folder in FILES_DIR.")


def _migrate_to(revision: str) -> None:
    """Make the tables of *revision*; those of another, which are empty, are removed first."""
    try:
        _scripts().get_revision(revision)
    except (CommandError, ResolutionError) as error:
        raise BackupError(
            f"The backup was made by a newer Canopy (migration {revision}). Use that version."
        ) from error
    present = _revision_of_database()
    if present and present != revision:
        flask_migrate.downgrade(revision="base")
    flask_migrate.upgrade(revision=revision)


def _record(action: str, manifest: Manifest) -> None:
    """Leave a line in the chain of what is done to the platform itself."""
    session = db.session()
    account = command_line_account(session)
    record_act(session, "platform", "canopy", action, account, of=manifest.created_at)
    session.commit()


def _tell(manifest: Manifest) -> None:
    rows = sum(part.rows for part in manifest.tables)
    click.echo(
        f"made {manifest.created_at} from {manifest.database}: {rows} rows in"
        f" {len(manifest.tables)} tables, {len(manifest.files)} files"
    )


def _revision_of_database() -> str:
    with for_reading(db.engine).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())


def _folder() -> Path:
    folder: Path = current_app.config["FILES_DIR"]
    return folder


def _secrets() -> tuple[Path, ...]:
    return current_app.config["SIGNING_KEY"], ROOT / ".env"


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except BackupError as error:
        raise click.ClickException(str(error)) from error
