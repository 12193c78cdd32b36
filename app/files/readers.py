"""Files to tables: CSV, XLSX, ODS, a folder or a zip of CSV files.

Nothing is guessed in silence: an encoding that was assumed, a formula whose value was taken, a
hidden sheet that was left out are notes of the table. A zip, and so a workbook, is measured before
it is opened. Every error is an UnreadableFileError: `reason` is a key of
`app.wording.files.WORDING`, `file` the name of the file, `also` the problems of other files of the
set, the other details what its sentence needs.
"""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path, PurePath
from typing import Final

from app.errors import TooLargeError, UnreadableFileError
from app.files.csv_text import csv_table
from app.files.layout import MAIN
from app.files.ods import ods_tables
from app.files.problems import FileProblem, problems_of
from app.files.record import Table
from app.files.source import Source
from app.files.workbook import workbook_tables
from app.files.xml_parts import refuse_entities
from app.files.zips import BOOKS, MOST_UNPACKED, read_zip

ZIP_START: Final = b"PK\x03\x04"
ZIP_STARTS: Final = (ZIP_START, b"PK\x05\x06")  # the second: of a zip with nothing in it
SYNTHETIC: Final = ".synthetic"  # before the ending of files of synthetic data
_PACKED: Final = (*BOOKS, ".zip")
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
_WORKBOOK: Final = "xl/workbook.xml"
_ASIDE: Final = ("codebook", "problems")  # our own files that may lie beside the answers
_NESTED: Final = (".zip", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".gz", ".7z", ".rar")
_OF_SYSTEMS: Final = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def read_path(path: Path, repeats: Collection[str], encoding: str = "") -> dict[str, Table]:
    """Return the tables at *path*, by file: "" the main one, else the id of the repeat.

    path      a main CSV file (with its repeats beside it), XLSX, ODS, a folder or a zip. CSV
              files are read from disk, row by row, when their rows are asked for
    repeats   ids of the form's repeats
    encoding  of all CSV files, a key of `app.files.encodings.ENCODINGS`; "": found out

    Raises UnreadableFileError.
    """
    if path.is_dir():
        files = {file.name: Source(file.name, file) for file in sorted(path.glob("*.csv"))}
        return tables_of_set(files, repeats, encoding)
    source = Source(path.name, path)
    head = source.head()
    if _is_packed(path.name, head) or head.startswith(_OLD_OFFICE):
        if (size := path.stat().st_size) > MOST_UNPACKED:
            raise UnreadableFileError(
                reason="too_large", file=path.name, size=size, limit=MOST_UNPACKED
            )
        return read_upload(path.name, path.read_bytes(), repeats)
    names = [repeat_name(path.name, repeat) for repeat in repeats]
    beside = {name: Source(name, path.with_name(name)) for name in names}
    there = {name: file for name, file in beside.items() if path.with_name(name).is_file()}
    return _tables({path.name: source, **there}, path.name, repeats, encoding)


def read_upload(
    name: str,
    content: bytes,
    repeats: Collection[str],
    limit: int | None = None,
    encoding: str = "",
) -> dict[str, Table]:
    """Return the tables in one file that was sent: a main CSV, XLSX, ODS or a zip of CSV files.

    limit   bytes that the file may have; none for the command line

    Raises UnreadableFileError; TooLargeError over *limit*.
    """
    if limit is not None and len(content) > limit:
        raise TooLargeError(limit=limit, size=len(content), file=name)
    if content.startswith(_OLD_OFFICE):
        raise UnreadableFileError(reason=_old_office(content), file=name, kind="old_office")
    if not _is_packed(name, content):
        return {MAIN: csv_table(name, content, encoding)}
    if not content.startswith(ZIP_STARTS):
        reason = "broken_xlsx" if name.lower().endswith(BOOKS) else "broken_zip"
        raise UnreadableFileError(reason=reason, file=name)
    members = read_zip(name, content)
    if _WORKBOOK in members:
        refuse_entities(name, members)
        return workbook_tables(name, members, repeats)
    if "content.xml" in members:
        refuse_entities(name, members)
        return ods_tables(name, members, repeats)
    if "xl/workbook.bin" in members:
        raise UnreadableFileError(reason="binary_workbook", file=name)
    return _tables_of_zip(members, repeats, encoding)


def tables_of_set(
    files: Mapping[str, bytes | Source], repeats: Collection[str], encoding: str = ""
) -> dict[str, Table]:
    """Return the tables of a set of CSV files: `X.csv`, and `X.<repeat>.csv` for its repeats.

    A codebook (`X.codebook.csv`) and a report of problems (`X.problems.csv`) may lie beside.
    """
    return _tables(files, _main_of(list(files), repeats), repeats, encoding)


def _tables(
    files: Mapping[str, bytes | Source], main: str, repeats: Collection[str], encoding: str
) -> dict[str, Table]:
    """Return the tables of a set whose main file is *main*; tell of all files that are wrong."""
    known = {repeat_name(main, repeat): repeat for repeat in repeats} | {main: MAIN}
    aside = _aside(main)
    tables: dict[str, Table] = {}
    problems: list[FileProblem] = []
    for name in sorted(files, key=lambda name: name != main):
        if name in known:
            try:
                tables[known[name]] = csv_table(name, files[name], encoding)
            except UnreadableFileError as error:
                problems += problems_of(error)
        elif name not in aside:
            told = {"known": tuple(sorted(set(known) - {main}))}
            problems.append(FileProblem(name, 0, "", "unknown_file", told))
    if problems:
        first, *others = problems
        raise UnreadableFileError(
            **{
                **first.details,
                "reason": first.code,
                "file": first.file,
                "row": first.row,
                "also": tuple(others),
            }
        )
    return tables


def _tables_of_zip(
    members: Mapping[str, bytes], repeats: Collection[str], encoding: str
) -> dict[str, Table]:
    files: dict[str, bytes] = {}
    left: list[str] = []
    for path, data in members.items():
        inside = PurePath(path.replace("\\", "/")).name
        if path.startswith(_OF_SYSTEMS) or inside in _OF_SYSTEMS or inside.startswith("._"):
            continue
        if inside.lower().endswith(_NESTED) or data.startswith(ZIP_STARTS):
            raise UnreadableFileError(reason="nested_file", file=inside)
        if not inside.lower().endswith(".csv"):
            left.append(inside)
        elif inside in files:
            raise UnreadableFileError(reason="doubled_file", file=inside)
        else:
            files[inside] = data
    tables = tables_of_set(files, repeats, encoding)
    tables[MAIN].notes.extend(FileProblem(inside, 0, "", "not_read") for inside in left)
    return tables


def _is_packed(name: str, content: bytes) -> bool:
    return content.startswith(ZIP_STARTS) or name.lower().endswith(_PACKED)


def _old_office(content: bytes) -> str:
    """Return what an OLE file is: its directory names its parts in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "encrypted_workbook"
    is_workbook = any(part.encode("utf-16-le") in content for part in ("Workbook", "Book"))
    return "old_workbook" if is_workbook else "not_a_table"


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
        raise UnreadableFileError(reason="unclear_main_file", file="", files=tuple(sorted(mains)))
    return first


def _aside(main: str) -> set[str]:
    """Return the names of our own files that may lie beside *main*."""
    plain = main.replace(f"{SYNTHETIC}.", ".")
    return {repeat_name(name, other) for name in (main, plain) for other in _ASIDE}
