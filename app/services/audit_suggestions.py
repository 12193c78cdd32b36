"""Checking suggestions: each is as its holder saved it, and was decided as an event tells."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import String, select, type_coerce, union
from sqlalchemy.orm import Session

from app.models.proposal import Suggestion, SuggestionKind, SuggestionState
from app.models.submission import Event
from app.services.accepting import ACCEPT, DECLINE
from app.services.audit_chains import Problem, json_of, raw_json
from app.services.suggestion_desk import SUGGEST, suggestions_hash

Key = tuple[str, int]  # proposal, number

_DECIDED: Mapping[str, str] = {
    ACCEPT: SuggestionState.ACCEPTED.value,
    DECLINE: SuggestionState.DECLINED.value,
}


class _Row(NamedTuple):
    """A suggestion as it lies in the database; None: it cannot be read."""

    suggestion: Suggestion | None
    state: str


class _Told(NamedTuple):
    """What an event says of suggestions."""

    number: int
    action: str
    details: Mapping[str, Any]


def check_suggestions(session: Session) -> Iterator[tuple[int, list[Problem]]]:
    """Yield, for each submission with suggestions, how many there are, and the problems."""
    subjects = union(
        select(Suggestion.submission_id),
        select(Event.submission_id).where(Event.action == SUGGEST),
    ).subquery()
    for subject in session.scalars(select(subjects.c.submission_id)).all():
        rows, told = _rows(session, subject), _told(session, subject)
        name = f"submission {subject}"
        yield len(rows), [*_changed(name, rows, told), *_decided(name, rows, told)]


def _changed(name: str, rows: Mapping[Key, _Row], told: list[_Told]) -> Iterator[Problem]:
    left = set(rows)
    for event in told:
        if event.action != SUGGEST or "suggestions" not in event.details:
            continue
        kept = event.details["suggestions"]
        keys = [(str(event.details.get("proposal")), int(n)) for n in kept["numbers"]]
        left -= set(keys)
        missing = [key for key in keys if key not in rows]
        if missing:
            yield f"{name} suggestion {missing[0][1]}: missing, event {event.number} tells of it"
            continue
        found = [rows[key].suggestion for key in keys]
        readable = [each for each in found if each is not None]
        if len(readable) < len(found) or suggestions_hash(readable) != kept["hash"]:
            yield f"{name} suggestion {keys[0][1]}: was changed since event {event.number}"
    yield from (f"{name} suggestion {key[1]}: no event tells of it" for key in sorted(left))


def _decided(name: str, rows: Mapping[Key, _Row], told: list[_Told]) -> Iterator[Problem]:
    """Compare what was accepted and declined with the events, both ways."""
    states: dict[Key, str] = {}
    for event in told:
        if event.action in _DECIDED:
            for proposal, numbers in event.details.get("suggestions", {}).items():
                states |= {(proposal, int(n)): _DECIDED[event.action] for n in numbers}
    for key, row in sorted(rows.items()):
        was = row.state if row.state in _DECIDED.values() else ""
        if was != states.get(key, ""):
            yield f"{name} suggestion {key[1]}: no event tells that it is {row.state}"


def _told(session: Session, subject: str) -> list[_Told]:
    """Return what events say; one that cannot be read is a problem elsewhere."""
    rows = session.execute(
        select(Event.number, Event.action, raw_json(session, Event.details))
        .where(Event.submission_id == subject, Event.action.in_([SUGGEST, *_DECIDED]))
        .order_by(Event.number)
    )
    found: list[_Told] = []
    for number, action, details in rows:
        try:
            read = json_of(details)
            if isinstance(read, dict):
                found.append(_Told(number, action, read))
        except ValueError:
            continue
    return found


def _rows(session: Session, subject: str) -> dict[Key, _Row]:
    rows = session.execute(
        select(
            Suggestion.proposal_id,
            Suggestion.number,
            type_coerce(Suggestion.kind, String),
            Suggestion.place,
            Suggestion.question,
            raw_json(session, Suggestion.base),
            Suggestion.base_version,
            raw_json(session, Suggestion.answer),
            type_coerce(Suggestion.state, String),
        ).where(Suggestion.submission_id == subject)
    )
    return {(r.proposal_id, r.number): _Row(_suggestion(r._asdict()), r.state) for r in rows}


def _suggestion(values: dict[str, Any]) -> Suggestion | None:
    """Return a suggestion as it lies in the database, outside of any session."""
    try:
        read = values | {
            "kind": SuggestionKind(values["kind"]),
            **{name: json_of(values[name]) for name in ("base", "answer")},
        }
    except ValueError:
        return None
    del read["state"]
    return Suggestion(**read)
