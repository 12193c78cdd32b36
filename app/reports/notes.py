"""The notes under a table: how it was derived, from what, and what to beware of."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Final

from babel.dates import format_date
from sqlalchemy import func, select

from app.models.party import GroupMember
from app.reference.footnotes import footnotes
from app.reports.definition import ALL, Measure
from app.reports.records import NO_GROUP, Records, Source

_DAYS: Final = {"en": "d MMMM y", "ru": "d MMMM y 'года'"}  # where CLDR is not as the UN writes
_BETWEEN: Final = {"ar": "، ", "zh": " "}  # a day and the time of that day


def notes_of(source: Source, records: Records) -> tuple[str, ...]:
    """Return the notes in the order shown: the method first, then what was counted."""
    return (
        *methods_of(source),
        *(source.report.text(f"note.{note}") for note in source.table.notes),
        *_counted(source),
        *_freshness(source, records),
        *_shares(source, records),
        *_membership(source, records),
    )


def methods_of(source: Source) -> Iterator[str]:
    """Yield the note of each method used: its docstring, in the language of the report."""
    if source.table.measure is Measure.COVERAGE:
        yield source.report.text("note.coverage")
    named = [names.get(source.chosen.unit) for names in (source.table.rows, source.table.variables)]
    methods = [source.report.variables[name].method.name for name in named if name]
    for method in dict.fromkeys(methods):  # rows and columns may be counted alike
        yield source.report.text(f"method.{method}")


def _counted(source: Source) -> Iterator[str]:
    """Yield how many revisions were signed at the cut-off, and how many of these are reviewed."""
    signed = [one for one in source.asked if one.hash]
    yield source.report.text(
        "note.cut_off",
        as_of=moment_in_words(source.chosen.as_of, source.report.locale),
        asked=len(source.asked),
        signed=len(signed),
        reviewed=sum(one.is_reviewed for one in signed),
    )
    if late := sum(one.is_late for one in signed):
        due = source.collection.due_on
        yield source.report.text("note.late", late=late, day=_day(source, due) if due else "")
    if source.chosen.is_reviewed_only:
        yield source.report.text("note.reviewed_only")
    if source.collection.is_synthetic:
        yield source.report.text("note.synthetic")


def _freshness(source: Source, records: Records) -> Iterator[str]:
    """Yield how many of the answers are new, and how many were taken over unchanged."""
    if "freshness" not in source.table.params:
        return
    counted = {record.counted.thing: record.counted.observation for record in records.records}
    yield source.report.text(
        "note.freshness",
        fresh=sum(one.is_fresh for one in counted.values()),
        carried=sum(one.is_carried for one in counted.values()),
    )
    if source.chosen.freshness != ALL:
        yield source.report.text(f"note.{source.chosen.freshness}_only")


def _shares(source: Source, records: Records) -> Iterator[str]:
    classes = records.classes
    if source.table.measure is not Measure.COVERAGE:
        crossed = source.table.measure is Measure.CROSS
        between = source.report.text("list.between")
        yield source.report.text(
            f"note.answered_{'crossed' if crossed else source.chosen.unit}",
            classes=between.join(classes.labels[code] for code in classes.answered),
        )
    kind = "exclusive" if classes.is_exclusive else "several"
    yield source.report.text(f"note.shares_{kind}")


def _membership(source: Source, records: Records) -> Iterator[str]:
    """Yield on which day groups were looked at, how sure that is, and the notes on the groups."""
    report, chosen = source.report, source.chosen
    scheme = chosen.scheme or ("" if records.key != "group" else chosen.by)
    if not scheme:
        return
    name = report.text_or_code("scheme", scheme)
    yield report.text("note.members_on", scheme=name, day=_day(source, chosen.members_on))
    known_on = source.session.scalar(
        select(func.max(GroupMember.as_of)).where(
            GroupMember.scheme == scheme, GroupMember.to_on.is_(None)
        )
    )
    if known_on:
        yield report.text("note.members_known_on", day=_day(source, known_on))
    if NO_GROUP in records.rows:
        yield report.text("note.no_group")
    if records.has_overlap and not chosen.scheme:
        yield report.text("note.overlap")
    parties = {one.party for one in source.asked}
    yield from (note.text for note in footnotes(scheme, report.locale, parties))


def day_in_words(day: date, locale: str) -> str:
    """Return a day in words: digits with hyphens would stand the wrong way round in Arabic."""
    return format_date(day, _DAYS.get(locale, "long"), locale=locale)


def moment_in_words(moment: datetime, locale: str) -> str:
    """Return a moment, which is in UTC, to the second, such as "31 December 2018, 14:05:00 UTC"."""
    between = _BETWEEN.get(locale, ", ")
    return f"{day_in_words(moment, locale)}{between}{moment:%H:%M:%S} UTC"


def sentences(said: Iterable[str], locale: str) -> str:
    """Return *said* with a full stop after each, as the language sets it."""
    return (
        "".join(f"{one}。" for one in said)
        if locale == "zh"
        else " ".join(f"{one}." for one in said)
    )


def _day(source: Source, day: date) -> str:
    return day_in_words(day, source.report.locale)
