"""Files to tables: CSV, XLSX, a folder or a zip of CSV files.

Nothing is guessed. CSV is UTF-8, with commas, or semicolons or tabs where the header leaves no
doubt; whatever else it is, the error says so. A zip, and so an XLSX, is measured before it is
opened. Every error is an UnreadableFileError: `reason` is a key of `app.files.problems.ADVICE`,
`file` the name of the file, the other details what its sentence needs.
"""

from collections.abc import Collection, Iterable
from pathlib import Path, PurePath
from typing import Final

from app.errors import TooLargeError, UnreadableFileError
from app.files.csv_text import csv_table
from app.files.layout import MAIN
from app.files.record import Table
from app.files.workbook import workbook_tables
from app.files.zips import read_zip

ZIP_START: Final = b"PK\x03\x04"
SYNTHETIC: Final = ".synthetic"  # before the ending of files of synthetic data
_WORKBOOK: Final = "xl/workbook.xml"
_ASIDE: Final = ("codebook", "problems")  # our own files that may lie beside the answers


def read_path(path: Path, repeats: Collection[str]) -> dict[str, Table]:
    """Return the tables at *path*, by file: "" the main one, else the id of the repeat.

    path      a main CSV file (with its repeats beside it), an XLSX file, a folder or a zip
    repeats   ids of the form's repeats

    Raises UnreadableFileError.
    """
    if path.is_dir():
        files = {file.name: file.read_bytes() for file in sorted(path.glob("*.csv"))}
        return tables_of_set(files, repeats)
    content = path.read_bytes()
    if content.startswith(ZIP_START) or path.suffix.lower() in {".xlsx", ".zip"}:
        return read_upload(path.name, content, repeats)
    tables = {MAIN: csv_table(path.name, content)}
    for repeat in repeats:
        beside = path.with_name(repeat_name(path.name, repeat))
        if beside.is_file():
            tables[repeat] = csv_table(beside.name, beside.read_bytes())
    return tables


def read_upload(
    name: str, content: bytes, repeats: Collection[str], limit: int | None = None
) -> dict[str, Table]:
    """Return the tables in one file that was sent: a main CSV, an XLSX or a zip of CSV files.

    limit   bytes that the file may have; none for the command line

    Raises UnreadableFileError; TooLargeError over *limit*.
    """
    if limit is not None and len(content) > limit:
        raise TooLargeError(limit=limit, size=len(content), file=name)
    if not content.startswith(ZIP_START):
        if PurePath(name).suffix.lower() in {".xlsx", ".zip"}:
            reason = "broken_xlsx" if name.lower().endswith("x") else "broken_zip"
            raise UnreadableFileError(reason=reason, file=name)
        return {MAIN: csv_table(name, content)}
    members = read_zip(name, content)
    if _WORKBOOK in members:
        return workbook_tables(name, members, repeats)
    files: dict[str, bytes] = {}
    for path, data in members.items():
        if path.lower().endswith(".csv") and not path.startswith("__MACOSX/"):
            inside = PurePath(path).name
            if inside in files:
                raise UnreadableFileError(reason="doubled_file", file=inside)
            files[inside] = data
    return tables_of_set(files, repeats)


def tables_of_set(files: dict[str, bytes], repeats: Collection[str]) -> dict[str, Table]:
    """Return the tables of a set of CSV files: `X.csv`, and `X.<repeat>.csv` for its repeats.

    A codebook (`X.codebook.csv`) and a report of problems (`X.problems.csv`) may lie beside.
    """
    main = _main_of(list(files), repeats)
    tables = {MAIN: csv_table(main, files[main])}
    known = {repeat_name(main, repeat): repeat for repeat in repeats}
    aside = _aside(main)
    for name, content in files.items():
        if name in known:
            tables[known[name]] = csv_table(name, content)
        elif name != main and name not in aside:
            raise UnreadableFileError(
                reason="unknown_file", file=name, known=", ".join(sorted(known))
            )
    return tables


def repeat_name(main: str, repeat: str) -> str:
    """Return the name of a repeat's file beside *main*: `X.csv` gives `X.<repeat>.csv`."""
    path = PurePath(main)
    if path.stem.endswith(SYNTHETIC):
        stem = path.stem.removesuffix(SYNTHETIC)
        return f"{stem}.{repeat}{SYNTHETIC}{path.suffix}"
    return f"{path.stem}.{repeat}{path.suffix}"


def _main_of(names: list[str], repeats: Iterable[str]) -> str:
    """Return the one name among *names* that is nobody's repeat, codebook or report."""
    beside = {repeat_name(name, repeat) for name in names for repeat in repeats}
    beside |= {other for name in names for other in _aside(name)}
    mains = [name for name in names if name not in beside]
    if not mains:
        raise UnreadableFileError(reason="no_main_file", file="")
    # `X.csv` and `X.other.csv`: the second is not a main file, but a repeat of a wrong name
    first = min(mains, key=len)
    stem = PurePath(first).stem.removesuffix(SYNTHETIC)
    others = [name for name in mains if not name.startswith(f"{stem}.")]
    if others:
        raise UnreadableFileError(
            reason="unclear_main_file", file="", files=", ".join(sorted(mains))
        )
    return first


def _aside(main: str) -> set[str]:
    """Return the names of our own files that may lie beside *main*."""
    plain = main.replace(f"{SYNTHETIC}.", ".")
    return {repeat_name(name, other) for name in (main, plain) for other in _ASIDE}
