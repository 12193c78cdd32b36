"""A backup of everything that Canopy keeps, and back: every table that there is, and the files.

It is read in one transaction that sees one moment, while people write. Values are taken as they are
stored: what is sealed with the server's secret stays sealed. Neither the secret nor the private key
is part of it.
"""

import base64
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    inspect,
    select,
    type_coerce,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.files.backup_reader import BackupReader
from app.files.backups import BackupError, BackupWriter, Part, Row
from app.models.base import Base

AT_ONCE: Final = 500  # rows read from the database, or written to it
LARGEST_BATCH: Final = 8 * 1024 * 1024  # characters of a batch that is written

AnyType = TypeEngine[Any]


class Kind(NamedTuple):
    """How values of a column are stored, and how they stand in a backup."""

    type: AnyType
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - any value of a column
    return value


def _moment(value: datetime) -> str:
    """Write in UTC; SQLite has forgotten the zone."""
    aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return aware.isoformat()


# The first that a column's type belongs to is its kind.
KINDS: Final[dict[str, Kind]] = {
    "json": Kind(JSON(none_as_null=True), _as_it_is, lambda value: value),
    "moment": Kind(DateTime(timezone=True), _moment, datetime.fromisoformat),
    "day": Kind(Date(), date.isoformat, date.fromisoformat),
    "boolean": Kind(Boolean(), _as_it_is, _as_it_is),
    "integer": Kind(Integer(), _as_it_is, _as_it_is),
    "bytes": Kind(LargeBinary(), lambda value: base64.b64encode(value).decode(), base64.b64decode),
    "text": Kind(String(), _as_it_is, _as_it_is),
}


def kind_of(column: Column[Any]) -> str:
    """Return the kind of *column*; raise BackupError for a type that no backup can hold yet."""
    stored = column.type
    while isinstance(stored, TypeDecorator):
        stored = stored.impl_instance
    for name, kind in KINDS.items():
        if isinstance(stored, type(kind.type)):
            return name
    raise BackupError(f"{column.table.name}.{column.name}: no backup can hold a {stored!r}.")


def write_tables(connection: Connection, writer: BackupWriter) -> Iterator[Part]:
    """Write every table, each after those that it refers to; yield what was written.

    *connection* is in a transaction that only reads, and sees one moment.
    """
    for table in Base.metadata.sorted_tables:
        columns = {column.name: kind_of(column) for column in table.columns}
        yield writer.add_table(table.name, columns, _rows(connection, table, columns))


def _rows(connection: Connection, table: Table, columns: dict[str, str]) -> Iterator[Row]:
    query = (
        select(*(_stored(table.c[name], kind) for name, kind in columns.items()))
        .order_by(*table.primary_key)
        .execution_options(yield_per=AT_ONCE)
    )
    nothing = [table.c[name].is_(None) for name, kind in columns.items() if kind == "json"]
    query = query.add_columns(*nothing)
    json_columns = [name for name, kind in columns.items() if kind == "json"]
    for values in connection.execute(query):
        row = dict(zip(columns, values, strict=False))
        for name, is_nothing in zip(json_columns, values[len(columns) :], strict=True):
            if is_nothing:
                del row[name]
        yield {
            name: None if value is None else KINDS[columns[name]].write(value)
            for name, value in row.items()
            if value is not None or columns[name] == "json"
        }


def _stored(column: Column[Any], kind: str) -> Any:  # noqa: ANN401 - a column expression
    """Return *column* as it is stored, whatever its type makes of it for the program."""
    return type_coerce(column, KINDS[kind].type).label(column.name)


def write_files(folder: Path, writer: BackupWriter, leave_out: Iterable[Path]) -> Iterator[Part]:
    """Write every file of *folder* but those of *leave_out*, which are secret."""
    secret = {path.resolve() for path in leave_out}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file() or path.resolve() in secret:
            continue
        try:
            source = path.open("rb")
        except FileNotFoundError:  # removed meanwhile: nothing refers to it any more
            continue
        with source:
            yield writer.add_file(path.relative_to(folder).as_posix(), source)


def first_row(connection: Connection) -> str:
    """Return the name of a table that holds rows, "" when there is none."""
    for name in inspect(connection).get_table_names():
        table = Table(name, MetaData(), Column("_", Integer()))
        found = connection.execute(select(1).select_from(table).limit(1)).first()
        if name != "alembic_version" and found is not None:
            return name
    return ""


def read_tables(connection: Connection, backup: BackupReader) -> Iterator[Part]:
    """Put the rows of *backup* into empty tables; yield what was put. Commits nothing."""
    known = set(inspect(connection).get_table_names())
    for part in backup.manifest.tables:
        if part.table not in known or not set((part.columns or {}).values()) <= KINDS.keys():
            raise BackupError(f"{part.name}: the database has no such table, or no such columns.")
        table = _table(part)
        for batch in _batches(values_of(part, row) for row in backup.rows(part)):
            connection.execute(table.insert(), batch)
        yield part


def _table(part: Part) -> Table:
    columns = [Column(name, KINDS[kind].type) for name, kind in (part.columns or {}).items()]
    return Table(part.table, MetaData(), *columns)


def values_of(part: Part, row: Row) -> Row:
    """Return the values of a row for the database; columns that are left out are NULL."""
    values: Row = {}
    for name, kind in (part.columns or {}).items():
        if name not in row:
            values[name] = None
        elif kind == "json":
            values[name] = JSON.NULL if row[name] is None else row[name]
        else:
            try:
                values[name] = KINDS[kind].read(row[name])
            except (TypeError, ValueError) as error:
                raise BackupError(f"{part.name}: {name} is no {kind}.") from error
    return values


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum(len(value) for value in row.values() if isinstance(value, str))
        if len(batch) == AT_ONCE or size > LARGEST_BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
