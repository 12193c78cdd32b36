"""A table as CSV and as JSON: the same cells, in the shapes that other programs read."""

import csv
import io
from typing import Any, Final

from app.reports.definition import Table

_RISKY: Final = ("'", "=", "+", "-", "@", "\t", "\r", "__")


def to_json(table: Table) -> dict[str, Any]:
    """Return the table in the shape of the API: plain values, null where there is no figure."""
    return {
        "report": table.report,
        "table": table.table,
        "collection": table.collection,
        "params": dict(table.params),
        "as_of": table.as_of.isoformat().replace("+00:00", "Z"),
        "members_on": table.members_on.isoformat(),
        "synthetic": table.synthetic,
        "columns": [
            {"id": column.id, "label": column.label, "kind": column.kind, "unit": column.unit}
            for column in table.columns
        ],
        "rows": [dict(row) for row in table.rows],
        "notes": list(table.notes),
    }


def to_csv(table: Table) -> str:
    """Return the table as CSV: column ids, then the rows; an empty cell where there is no figure.

    A text that a spreadsheet could take for a formula gets a `'` in front.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.id for column in table.columns])
    for row in table.rows:
        writer.writerow([_cell(row[column.id]) for column in table.columns])
    return out.getvalue()


def file_name(table: Table, suffix: str) -> str:
    """Return a name for the table as a file; it says so when the data is synthetic."""
    mark = ".synthetic" if table.synthetic else ""
    return f"{table.report.replace('/', '-')}.{table.table}.{table.collection}{mark}.{suffix}"


def _cell(value: str | int | None) -> str | int:
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value
