"""Export and import of all Parties' answers, beside bare csv and bare inserts of the same rows."""

import csv
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from flask.testing import FlaskCliRunner

from app import create_app
from app.config import Config

KEY = "k" * 32
Rows = list[list[str]]


def export_and_import(folder: Path) -> None:
    """Export the demonstration to CSV and import it into an empty database; print the ratios."""
    files = folder / "files"
    runner = runner_of(folder / "canopy.db")
    export = ["export", "answers", "--collection", "nr6-demo", "--out", str(files / "nr6.csv")]
    exporting = timed(lambda: invoke(runner, export))
    rows = {path: list(csv.reader(path.open(newline=""))) for path in sorted(files.glob("*.csv"))}
    writing = timed(lambda: write(folder / "again", rows))
    count = sum(len(each) - 1 for each in rows.values())
    tell(f"export {count:,} rows", exporting, writing, "csv.writer")

    anew = folder / "anew"
    write(anew, {path: for_another_database(each) for path, each in rows.items()})
    runner = runner_of(folder / "empty.db")
    invoke(runner, ["db", "upgrade"])
    invoke(runner, ["seed", "reference"])
    invoke(runner, ["collections", "open", "nr6", "--form", "aichi-progress/1"])
    command = ["import", "answers", str(anew), "--collection", "nr6", "--good-rows-only"]
    importing = timed(lambda: invoke(runner, command))
    reading = timed(lambda: insert(folder / "bare-rows.db", anew))
    tell(f"import {count:,} rows", importing, reading, "csv.reader and one insert a row")


def runner_of(database: Path) -> FlaskCliRunner:
    return create_app(
        Config(SECRET_KEY=KEY, SQLALCHEMY_DATABASE_URI=f"sqlite:///{database}")
    ).test_cli_runner()


def invoke(runner: FlaskCliRunner, command: list[str]) -> None:
    done = runner.invoke(args=command)
    if done.exit_code:
        raise RuntimeError(f"{' '.join(command)}: {done.output}")


def for_another_database(rows: Rows) -> Rows:
    """Return the rows without the ids and the collection of the first; withdrawn ones as drafts."""
    header, *body = rows
    empty = {header.index(name) for name in ("submission", "collection") if name in header}
    cleared = [["" if n in empty else cell for n, cell in enumerate(row)] for row in body]
    if "status" in header:
        status = header.index("status")
        signed = header.index("submitted_at")
        for row in cleared:
            row[status] = "submitted" if row[signed] else "draft"
    return [header, *cleared]


def write(folder: Path, rows: dict[Path, Rows]) -> None:
    folder.mkdir()
    for path, each in rows.items():
        with (folder / path.name).open("w", newline="") as file:
            csv.writer(file).writerows(each)


def insert(database: Path, folder: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE line (content TEXT)")
        for path in sorted(folder.glob("*.csv")):
            with path.open(newline="") as file:
                lines = ([",".join(row)] for row in csv.reader(file))
                connection.executemany("INSERT INTO line VALUES (?)", lines)
        connection.commit()


def timed(do: Callable[[], None]) -> float:
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def tell(what: str, took: float, bare: float, than: str) -> None:
    print(f"{what:<36}{took:>9.2f} s{took / bare:>9.1f} times {than}")
