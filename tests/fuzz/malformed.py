"""Malformed files and posts, as people, programs and attackers make them."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from hypothesis import strategies as st

from app.files.encodings import ENCODINGS
from app.files.layout import MAIN, Layout
from app.files.record import Table
from app.files.writers import csv_text, xlsx_bytes
from app.files.zips import pack, read_zip
from tests.files.test_workbooks import HEADER, KENYA, ods, sheet_of
from tests.make import aichi

LAYOUT: Final = Layout(aichi())
REPEATS: Final = tuple(LAYOUT.chains)
NAMES: Final = tuple(
    column
    for file, variables in LAYOUT.variables.items()
    for column in (*LAYOUT.keys[file], *(variable.column for variable in variables))
)
CELLS: Final = (
    *("KEN", "JOR", "XXX", "", "0", "1", "-1", "2018-12-31", "31/12/2018", "submitted", "draft"),
    *(
        "aichi_targets",
        "national_targets",
        "aichi-01",
        "on_track",
        "yes",
        "no",
        "__na",
        "__not_asked",
    ),
    *(
        "=1+1",
        "'",
        "“",
        "é",
        "я",
        "ع",
        "中",
        "\ufffd",
        "\x00",
        "\ufeff",
        "\u202e",
        "a\nb",
        '"',
        ",",
    ),
    *("1e309", "NaN", "9" * 40, "x" * 5000, "https://example.org/", "🌳", "\ud7ff", "%s", "{0}"),
)
NASTY: Final = st.one_of(st.sampled_from(CELLS), st.text(max_size=30))


def _valid() -> dict[str, bytes]:
    """Return one good file of each kind."""
    main = Table(
        "a",
        ("party", "status", "submitted_at", "targets_basis"),
        [(2, ("KEN", "submitted", "2018-12-31", "aichi_targets")), (3, ("JOR", "", "", ""))],
    )
    repeat = Table(
        "a",
        ("party", "parent", "progress", "assessed_on"),
        [(2, ("KEN", "aichi-01", "on_track", "2018-06-30"))],
    )
    tables = {MAIN: main, "aichi_target_assessments": repeat}
    files = {
        "a.csv": csv_text(main).encode(),
        "a.aichi_target_assessments.csv": csv_text(repeat).encode("utf-16"),
    }
    return {
        "a.csv": files["a.csv"],
        "b.csv": csv_text(main).replace(",", ";").encode("utf-16"),
        "a.zip": pack(files),
        "a.xlsx": xlsx_bytes(tables),
        "a.ods": ods(sheet_of(HEADER, KENYA)),
    }


VALID: Final = _valid()


@st.composite
def mutated(draw: st.DrawFn, content: bytes) -> bytes:
    """Draw *content* with bytes changed, taken out, put in, doubled or cut off."""
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(content)))
        end = min(start + draw(st.integers(0, 40)), len(content))
        what = draw(st.sampled_from(("replace", "remove", "double", "cut", "insert")))
        if what == "replace":
            content = content[:start] + draw(st.binary(max_size=8)) + content[end:]
        elif what == "remove":
            content = content[:start] + content[end:]
        elif what == "double":
            content = content[:end] + content[start:]
        elif what == "cut":
            content = content[:start]
        else:
            content = content[:start] + draw(NASTY).encode("utf-8", "replace") + content[start:]
    return content


@st.composite
def repacked(draw: st.DrawFn, name: str) -> bytes:
    """Draw a workbook or zip whose parts are malformed, and whose packing is in order."""
    members = read_zip(name, VALID[name])
    for path in draw(st.lists(st.sampled_from(sorted(members)), min_size=1, max_size=3)):
        change = draw(st.sampled_from(("mutate", "drop", "rename", "empty")))
        if change == "mutate" and path in members:
            members[path] = draw(mutated(members[path]))
        elif change == "empty":
            members[path] = b""
        elif path in members:
            content = members.pop(path)
            if change == "rename":
                members[draw(st.text(min_size=1, max_size=20).map(_path))] = content
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for path, content in members.items():
            archive.writestr(path, content)
    return packed.getvalue()


def _path(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\x00", "/") or "x"


@st.composite
def grids(draw: st.DrawFn) -> bytes:
    """Draw CSV of known and unknown columns, ragged, in some delimiter, line end and encoding."""
    names = st.one_of(st.sampled_from(NAMES), NASTY)
    header = ["party", *draw(st.lists(names, max_size=8))]
    if draw(st.booleans()):
        header = draw(st.permutations(header))
    rows = draw(st.lists(st.lists(NASTY, max_size=len(header) + 2), max_size=6))
    text = io.StringIO(newline="")
    writer = csv.writer(
        text,
        delimiter=draw(st.sampled_from(",;\t|:")),
        lineterminator=draw(st.sampled_from(("\r\n", "\n", "\r"))),
        quoting=draw(st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))),
    )
    writer.writerows([header, *rows])
    codec = draw(st.sampled_from([*ENCODINGS.values(), "utf-16-le", "latin-1", "koi8-r"]))
    before = draw(st.sampled_from(("", "sep=;\n", "\ufeff", "Title\n\n", "\n\n")))
    return (before + text.getvalue()).encode(codec, "ignore")


@st.composite
def files(draw: st.DrawFn) -> tuple[str, bytes]:
    """Draw the name and content of a malformed file."""
    name = draw(st.sampled_from(sorted(VALID)))
    kinds = [mutated(VALID[name]), grids(), st.binary(max_size=300)]
    if not name.endswith(".csv"):
        kinds += [repacked(name), repacked(name)]
    content = draw(st.one_of(kinds))
    if draw(st.integers(0, 9)) == 0:
        name = draw(
            st.sampled_from(["", "a", "a.xls", "..", "a.steps.csv", "\u202e.csv", "a/b.csv"])
        )
    return name, content


JSON: Final = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), NASTY),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(NAMES), NASTY), inner, max_size=4),
    ),
    max_leaves=12,
)
MEMBERS: Final = (
    *("party", "answers", "status", "language", "submission", "submitted_at", "id", "place"),
    *("at_version", "fields", "operations", "as_of", "values"),
)


def bodies() -> st.SearchStrategy[bytes]:
    """Return a strategy for bodies of calls: JSON, lines of JSON, and neither."""
    members = st.dictionaries(st.one_of(st.sampled_from(MEMBERS), NASTY), JSON, max_size=5)
    texts = st.one_of(members, JSON).map(json.dumps)
    lines = st.lists(texts, max_size=4).map("\n".join)
    encoded = st.one_of(texts, lines).map(str.encode)
    return st.one_of(encoded, encoded.flatmap(mutated), st.binary(max_size=200))


def posts(names: tuple[str, ...]) -> st.SearchStrategy[Mapping[str, Any]]:
    """Return a strategy for fields of a page's form; *names* are some that there are."""
    keys = st.one_of(st.sampled_from(names), st.text(min_size=1, max_size=20))
    values = st.one_of(NASTY, st.lists(NASTY, max_size=3))
    return st.dictionaries(keys, values, max_size=10)
