"""`flask export`: answers as files."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli.errors import told
from app.extensions import db, forms_in_use
from app.files.layout import MAIN
from app.files.readers import SYNTHETIC, repeat_name
from app.files.record import Record, Table
from app.files.writers import csv_parts, json_lines, write_xlsx
from app.forms.definition import Audience
from app.services.accounts import command_line_account
from app.services.acts import record_act
from app.services.collections import collection_of
from app.services.exports import export_records, export_tables, seen_by

export_group = AppGroup("export", help="Take answers out.")

_FORMATS = ("csv", "xlsx", "jsonl")


@export_group.command("answers")
@click.option("--collection", "code", required=True, metavar="CODE")
@click.option("--format", "kind", type=click.Choice(_FORMATS), default="csv", show_default=True)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
def answers(code: str, kind: str, out: Path) -> None:
    """Write all answers of a collection, drafts and non-public ones too: keep the files safe.

    CSV is a file for the submissions and one for each repeat, beside it. Files of synthetic data
    end in .synthetic.csv.
    """
    with told():
        session = db.session()
        collection = collection_of(session, code)
        form = forms_in_use().load(collection.form, collection.form_version)
        record_act(
            session, "collection", code, "export", command_line_account(session), format=kind
        )
        session.commit()  # before the first answer leaves the platform
        records = _Counted(export_records(session, collection, form))
        out = _synthetic(out) if collection.is_synthetic else out
        out.parent.mkdir(parents=True, exist_ok=True)
        if kind == "jsonl":
            written = [_write_lines(out, seen_by(form, records, Audience.PARTY))]
        elif kind == "xlsx":
            with out.open("wb") as file:
                write_xlsx(file, export_tables(form, records))
            written = [out]
        else:
            written = _write_csv(out, export_tables(form, records))
    for path in written:
        click.echo(f"wrote {path}")
    click.echo(f"{records.count} submissions")


class _Counted:
    """Records, counted as they go by."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records = records
        self.count = 0

    def __iter__(self) -> Iterator[Record]:
        for record in self._records:
            self.count += 1
            yield record


def _synthetic(out: Path) -> Path:
    """Return *out* with `.synthetic` before its ending."""
    if out.stem.endswith(SYNTHETIC):
        return out
    return out.with_name(f"{out.stem}{SYNTHETIC}{out.suffix}")


def _write_lines(out: Path, records: Iterable[Record]) -> Path:
    with out.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json_lines(records))
    return out


def _write_csv(out: Path, tables: Mapping[str, Table]) -> list[Path]:
    paths = []
    for name, table in tables.items():
        path = out if name == MAIN else out.with_name(repeat_name(out.name, name))
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(csv_parts(table))
        paths.append(path)
    return paths
