"""What pyxform gives, made plainer before it is read: our types, and nothing that it adds.

pyxform adds entries for what a workbook says in short: the text of `or_other`, the count of a
repeat, the headings of a table. Here they become keys of the entry they belong to:

other   of a question: the choice "other" brings a text
rows    of a repeat: how many rows it has, a rule
range   of a number: least and most
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

from app.forms.xlsform.places import Places
from app.forms.xlsform.words import shortened
from app.forms.xlsform.workbook import TYPES

Entry = dict[str, Any]

_STAND_INS: Final = {  # types of theirs, by what stands for them
    **dict.fromkeys(("barcode", "time", "dateTime", "datetime", "phone number"), "text"),
    **dict.fromkeys(("acknowledge", "trigger"), "note"),
}
_DAYS: Final = re.compile(r"number of days in last (?:month|six months|year)")
_MOST: Final = {"percentage": "100", "month": "31", "six months": "183", "year": "365"}
_OTHER: Final = "selected(../{}, 'other')"
_ROWS: Final = re.compile(r"\s*rows\s*=\s*[0-9]+\s*")  # which a long text has
_YES: Final = ("yes", "true", "true()")


def told_and_plain(survey: Entry, places: Places) -> Iterator[tuple[str, str, str]]:
    """Make a survey plainer; yield what is to be told: name, what, and column."""
    children = [c for c in survey.get("children", []) if c.get("name") != "meta"]
    survey["children"] = children
    _name_apart(children, places)
    lines = [*_no_columns(children)]
    survey["children"] = _plain(children, lines)
    yield from lines


def _name_apart(children: Iterable[Entry], places: Places) -> None:
    """Note where everything stands; name those apart that have one name in several groups."""
    seen: set[str] = set()

    def walk(entries: Iterable[Entry], around: str) -> None:
        for entry in entries:
            name = str(entry.get("name", ""))
            known_as = name
            while known_as in seen:
                known_as = f"{around}.{name}" if known_as == name else f"{known_as}_2"
            seen.add(known_as)
            places.note(name, known_as)
            if known_as != name:
                entry |= {"name": known_as, "named": name}
            walk(entry.get("children", ()), known_as)

    walk(children, "form")


def _no_columns(children: Iterable[Entry]) -> Iterator[tuple[str, str, str]]:
    """Leave out columns that have a name of ours, or hold a text where pyxform has parts."""
    for child in children:
        for key in ("other", "rows", "range", "bind", "control", "parameters"):
            if key in child and not isinstance(child[key], dict):
                written = str(child.pop(key))
                if key != "parameters" or not _ROWS.fullmatch(written):
                    told = f"{key} is left out: {shortened(written)}"
                    yield str(child.get("name", "")), told, key
            elif key in child and key in ("other", "rows", "range"):
                child.pop(key)
        yield from _no_columns(child.get("children", ()))


def _plain(children: list[Entry], lines: list[tuple[str, str, str]]) -> list[Entry]:
    found: list[Entry] = []
    for child, after in zip(children, [*children[1:], Entry()], strict=False):
        name = str(child.get("name", ""))
        if name.startswith("reserved_name_for_field_list_labels_"):
            continue  # the heading of a table, which our pages make themselves
        if found and _is_other(child, found[-1]):
            found[-1]["other"] = child["label"]
        elif rows := _count_of(child, after):
            after["rows"] = rows
        else:
            _retype(child, lines)
            if "children" in child:
                inside = child["children"]
                if inside and inside[0]["name"].startswith("generated_table_list_label_"):
                    heading = inside.pop(0)  # which the group had
                    child |= {key: heading[key] for key in ("label", "hint") if key in heading}
                child["children"] = _plain(inside, lines)
            found.append(child)
    return found


def _is_other(child: Entry, asked: Entry) -> bool:
    """Tell whether *child* is what pyxform adds for `or_other` to the question before it."""
    name = asked.get("named", asked.get("name"))
    rule = (child.get("bind") or {}).get("relevant")
    return "itemset" in asked and rule == _OTHER.format(name) and "hint" not in child


def _count_of(child: Entry, repeat: Entry) -> str:
    """Return the rule of the count that pyxform adds before a repeat; "" if it is none."""
    name, bind = repeat.get("named", repeat.get("name")), child.get("bind") or {}
    is_count = child.get("named", child.get("name")) == f"{name}_count" and "label" not in child
    is_of = (repeat.get("control") or {}).get("jr:count") == f"${{{name}_count}}"
    return str(bind.get("calculate", "")) if is_count and is_of and "readonly" in bind else ""


def _retype(child: Entry, lines: list[tuple[str, str, str]]) -> None:
    """Give a question its type of ours."""
    name, kind = str(child.get("name", "")), str(child.get("type", ""))
    bind = child.get("bind") or {}
    if kind in ("group", "repeat", "loop"):
        return
    if kind == "range":
        _ranged(child, lines)
    elif days := _DAYS.fullmatch(kind) or kind == "percentage":
        limit = kind if days is True else kind.removeprefix("number of days in last ")
        child |= {"type": "integer", "range": {"least": "0", "most": _MOST[limit]}}
    elif ours := TYPES.get(kind):
        child["type"] = ours
    elif ours := _STAND_INS.get(kind):
        lines.append((name, f"the type {kind!r} is a {ours} here", "type"))
        child["type"] = ours
    else:
        return
    if bind.get("calculate") and child["type"] not in ("calculated", "note"):
        lines.append((name, "it is calculated here: nobody can type another answer", "calculate"))
        child["type"] = "calculated"
    elif str(bind.get("readonly", "")).lower() in _YES and child["type"] not in (
        *("calculated", "note"),
    ):
        lines.append((name, "it is a note here, because it is read-only", "readonly"))
        child["type"] = "note"


def _ranged(child: Entry, lines: list[tuple[str, str, str]]) -> None:
    """Make a `range` a number between its limits."""
    given = child.get("parameters") or {}
    ends = sorted((str(given.get(key, default)) for key, default in _ENDS), key=Decimal)
    is_whole = (child.get("bind") or {}).get("type") != "decimal"
    child["type"] = "integer" if is_whole else "decimal"
    child["range"] = dict(zip(("least", "most"), map(_written, ends), strict=True))
    step = str(given.get("step", "1"))
    if Decimal(step) != 1:
        told = f"any number between the limits can be given, not only in steps of {step}"
        lines.append((str(child["name"]), told, "parameters"))
    control = child.get("control") or {}
    for key in ("start", "end", "step"):
        control.pop(key, None)
        given.pop(key, None)
    for key in given:
        control.pop(key, None)


_ENDS: Final = (("start", "1"), ("end", "10"))


def _written(number: str) -> str:
    """Return a number without an exponent or idle zeros."""
    return f"{Decimal(number).normalize():f}"
