"""The codebook as a file: the same columns and names from the command line and the API."""

import csv
from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Any, Final

from app.forms.variables import Variable

COLUMNS: Final = (
    *("file", "column", "container", "item", "question", "type", "unit", "codes", "label", "hint"),
    *("is_required", "has_language", "audience", "source", "provisional", "note"),
)


def variable_json(variable: Variable) -> dict[str, Any]:
    """Return one column as JSON; `codes` is a list of `{code, label}`."""
    return {
        "file": variable.file,
        "column": variable.column,
        "container": variable.container,
        "item": variable.item,
        "question": variable.question,
        "type": variable.type,
        "unit": variable.unit,
        "codes": [{"code": code, "label": label} for code, label in variable.codes],
        "label": variable.label,
        "hint": variable.hint,
        "is_required": variable.is_required,
        "has_language": variable.has_language,
        "audience": variable.audience.value,
        "source": variable.source,
        "provisional": variable.provisional,
        "note": variable.note,
    }


def codebook_csv(variables: Iterable[Variable]) -> str:
    """Return the codebook as CSV, one line per column; codes as `code=label`, joined by ` | `."""
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for variable in variables:
        writer.writerow(_cells(variable_json(variable)))
    return text.getvalue()


def _cells(variable: Mapping[str, Any]) -> dict[str, str]:
    codes = " | ".join(f"{code['code']}={code['label']}" for code in variable["codes"])
    return {key: _cell(value) for key, value in {**variable, "codes": codes}.items()}


def _cell(value: object) -> str:
    """Write truths as true and false; a label that a spreadsheet would compute stays a text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
