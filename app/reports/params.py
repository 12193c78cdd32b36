"""What a reader may choose about a table: each parameter, its default, and what is allowed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.analysis.indicators import Unit
from app.analysis.scales import item_list
from app.errors import InvalidInputError
from app.forms.definition import Form
from app.models.base import now
from app.models.collection import Collection
from app.models.membership import group_names
from app.models.party import Group
from app.reports.definition import ALL, FRESHNESS, Param, Report, TableDefinition, Variable

WORLD: Final = "world"
REVIEWED: Final = ("all", "reviewed")
MOMENTS: Final = ("as_of", "members_on")  # parameters of every table


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What a reader chose, understood and complete. Empty text: the table has no such choice."""

    unit: Unit
    item: str
    by: str  # a scheme
    scheme: str  # of the group to which the Parties are limited; empty: the world
    group: str
    is_reviewed_only: bool
    freshness: str  # "all", "fresh" or "carried"
    as_of: datetime
    members_on: date
    params: Mapping[str, str]  # as used, with the defaults filled in; without the moments


def params_of(
    session: Session, report: Report, form: Form, table: TableDefinition
) -> tuple[Param, ...]:
    """Return the parameters of *table* that have choices, in the order shown."""
    return tuple(
        Param(
            name=name,
            label=report.text_or_code("param", name),
            default=default,
            choices=tuple(_choices(session, report, form, table, name)),
        )
        for name, default in table.params.items()
    )


def choose(
    report: Report,
    table: TableDefinition,
    collection: Collection,
    offer: Iterable[Param],
    given: Mapping[str, str],
) -> Chosen:
    """Understand the parameters *given*; an empty one is one not given.

    Raises InvalidInputError for a parameter that the table does not have, or a value not allowed.
    """
    offered = {param.name: param for param in offer}
    used = {name: param.default for name, param in offered.items()}
    for name, value in given.items():
        if name not in (*offered, *MOMENTS):
            raise InvalidInputError(parameter=name, value=value, allowed=[*offered, *MOMENTS])
        if value and name in offered:
            allowed = [code for code, _ in offered[name].choices]
            if value not in allowed:
                raise InvalidInputError(parameter=name, value=value, allowed=allowed)
            used[name] = value
    as_of = moment(asked_for) if (asked_for := given.get("as_of")) else _present()
    scheme, _, group = used.get("group", WORLD).rpartition(":")
    item_param = next((v.param for v in variables_of(report, table) if v.param), "")
    return Chosen(
        unit=Unit(used.get("unit", Unit.PARTIES)),
        item=used.get(item_param, ""),
        by=used.get("by", table.by),
        scheme=scheme,
        group=group if scheme else "",
        is_reviewed_only=used.get("reviewed") == "reviewed",
        freshness=used.get("freshness", ALL),
        as_of=as_of,
        members_on=_day(given.get("members_on", ""), collection.due_on or as_of.date()),
        params=used,
    )


def variables_of(report: Report, table: TableDefinition) -> list[Variable]:
    """Return the variables that *table* counts, of all units."""
    names = (*table.variables.values(), *table.rows.values())
    return [report.variables[name] for name in names if name]


def _choices(
    session: Session, report: Report, form: Form, table: TableDefinition, name: str
) -> Iterable[tuple[str, str]]:
    """Return (code, label) of what a parameter may be."""
    match name:
        case "unit":
            return [(unit, report.text(f"unit.{unit}")) for unit in table.variables]
        case "reviewed":
            return [(code, report.text(f"reviewed.{code}")) for code in REVIEWED]
        case "freshness":
            return [(code, report.text(f"freshness.{code}")) for code in FRESHNESS]
        case "by":
            return [(code, report.text_or_code("scheme", code)) for code in _schemes(session)]
        case "group":
            return [(WORLD, report.text("group.world")), *_groups(session, report)]
        case _:
            items = next(v.items for v in variables_of(report, table) if v.param == name)
            found = item_list(form, items)
            return [(item.code, item.label) for item in found]


def _schemes(session: Session) -> list[str]:
    """Return the schemes of groups that we have, those of the agreement's regions first."""
    found = session.scalars(select(Group.scheme).distinct())
    return sorted(found, key=lambda scheme: (not scheme.startswith("cbd_"), scheme))


def _groups(session: Session, report: Report) -> Iterable[tuple[str, str]]:
    for scheme in _schemes(session):
        label = report.text_or_code("scheme", scheme)
        for code, name in group_names(session, scheme, report.locale).items():
            yield (
                f"{scheme}:{code}",
                (name if name == label else report.text("param.group_of", scheme=label, name=name)),
            )


def moment(text: str) -> datetime:
    """Return a data cut-off: a moment, or the end of a day in UTC; raise InvalidInputError."""
    try:
        if len(text) == len("2020-12-31"):
            return _end_of(date.fromisoformat(text))
        # In an address, the "+" of an offset that was not escaped arrives as a space.
        found = datetime.fromisoformat(text[:19] + text[19:].replace(" ", "+"))
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInputError(
            parameter="as_of", value=text, allowed="2020-12-31 or 2020-12-31T23:59:59Z"
        ) from None


def _present() -> datetime:
    """Return the data cut-off when none is given: now, with what is signed in this second."""
    return now().replace(microsecond=0) + timedelta(seconds=1)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, UTC)


def _day(text: str, default: date) -> date:
    try:
        return date.fromisoformat(text) if text else default
    except ValueError:
        raise InvalidInputError(parameter="members_on", value=text, allowed="2020-12-31") from None
