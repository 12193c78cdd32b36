"""Checking what people say to each other: queries, comments on drafts, and the reviews they move.

Events hold hashes of the texts. One from before these were kept is compared without.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import String, select, type_coerce, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models.comment import Comment, CommentThread
from app.models.query import Query, QueryComment
from app.models.submission import Event, Review
from app.services.audit_chains import Problem, json_of, moment_of, raw_json
from app.services.events import text_hash
from app.workflow import CommentAction, CommentState, QueryAction, ReviewAction, ReviewStatus

_SAID: Final = (ReviewAction.ASK, QueryAction.ANSWER, QueryAction.ASK_AGAIN)
_QUERY: Final = ("place", "question", "revision", "due_on", "sent_with", "state")
_ACTIONS: Final = sorted({*_SAID, *QueryAction, *ReviewAction, *CommentAction})


class _Told(NamedTuple):
    """What an event says."""

    number: int
    at: datetime | None
    account: str
    action: str
    details: Mapping[str, Any]


class _Words(NamedTuple):
    """A message as it lies in the database."""

    thread: int
    position: int
    at: Any
    account: str
    text: str
    language: str
    is_of_party: bool | None = None


def check_talk(session: Session) -> Iterator[tuple[int, list[Problem]]]:
    """Yield, for each submission of which something was said, how many messages, and problems."""
    subjects = union(
        select(Event.submission_id).where(Event.action.in_(_ACTIONS)),
        select(Query.submission_id),
        select(CommentThread.submission_id),
        select(Review.submission_id),
    ).subquery()
    for subject in session.scalars(select(subjects.c.submission_id)).all():
        name, told = f"submission {subject}", _told(session, subject)
        party = QueryComment.is_of_party
        queries = _said(session, subject, QueryComment, QueryComment.query_number, party)
        comments = _said(session, subject, Comment, Comment.thread_number)
        yield (
            len(queries) + len(comments),
            [
                *_check_words(f"{name} query", queries, _of_queries(told)),
                *_check_words(f"{name} comment", comments, _of_comments(told)),
                *_check_queries(session, subject, told),
                *_check_threads(session, subject, told),
                *_check_reviews(session, subject, told),
            ],
        )


def _check_words(
    name: str, found: list[_Words], told: Mapping[tuple[int, int], _Told]
) -> Iterator[Problem]:
    there = {(words.thread, words.position) for words in found}
    for key in sorted(told.keys() - there):
        yield f"{name} {key[0]} message {key[1]}: missing, event {told[key].number} tells of it"
    for words in found:
        where = f"{name} {words.thread} message {words.position}"
        event = told.get((words.thread, words.position))
        if event is None:
            yield f"{where}: no event tells of it"
        elif (wrong := _wrong(words, event)) and "text_hash" in event.details:
            yield f"{where}: {', '.join(wrong)} changed since event {event.number}"


def _wrong(words: _Words, event: _Told) -> list[str]:
    facts: dict[str, tuple[object, object]] = {
        "text": (text_hash(words.text, words.language), event.details.get("text_hash")),
        "author": (words.account, event.account),
        "moment": (moment_of(words.at), event.at),
    }
    if words.is_of_party is not None:
        facts["side"] = (bool(words.is_of_party), event.action == QueryAction.ANSWER)
    return [what for what, (now, then) in facts.items() if now != then]


def _check_queries(session: Session, subject: str, told: list[_Told]) -> Iterator[Problem]:
    begun = {e.details.get("query"): e for e in told if e.action == ReviewAction.ASK}
    last = {e.details["query"]: e for e in told if "query" in e.details}
    for query in session.execute(
        select(
            Query.number,
            Query.place,
            Query.question,
            Query.revision,
            Query.sent_with,
            type_coerce(Query.due_on, String).label("due_on"),
            type_coerce(Query.state, String).label("state"),
        ).where(Query.submission_id == subject)
    ):
        event = begun.pop(query.number, None)
        if event is None:
            yield f"submission {subject} query {query.number}: no event tells that it was asked"
            continue
        now = {**query._asdict(), "due_on": str(query.due_on) if query.due_on else None}
        then = {**event.details, "state": last[query.number].details.get("state")}
        if wrong := [what for what in _QUERY if what in then and then[what] != now[what]]:
            name = f"submission {subject} query {query.number}"
            yield f"{name}: {', '.join(wrong)} changed since event {last[query.number].number}"
    for number, event in begun.items():
        yield f"submission {subject} query {number}: missing, event {event.number} tells of it"


def _check_threads(session: Session, subject: str, told: list[_Told]) -> Iterator[Problem]:
    last = {e.details["comments"]: e for e in told if "comments" in e.details}
    for thread in session.execute(
        select(
            CommentThread.number,
            CommentThread.place,
            CommentThread.question,
            type_coerce(CommentThread.state, String).label("state"),
        ).where(CommentThread.submission_id == subject)
    ):
        event = last.get(thread.number)
        if event is None:
            continue  # told already: none of its messages has an event
        is_resolved = event.action == CommentAction.RESOLVE
        then = {
            "place": event.details.get("place"),
            "question": event.details.get("question"),
            "state": (CommentState.RESOLVED if is_resolved else CommentState.OPEN).value,
        }
        if wrong := [what for what, said in then.items() if getattr(thread, what) != said]:
            name = f"submission {subject} comment {thread.number}"
            yield f"{name}: {', '.join(wrong)} changed since event {event.number}"


def _check_reviews(session: Session, subject: str, told: list[_Told]) -> Iterator[Problem]:
    """Check that a revision counts as reviewed where that is the last thing that was said of it."""
    last: dict[int, _Told] = {}
    is_sure = True
    for event in told:
        if _may_move_any(event):
            last, is_sure = {}, False
            continue
        is_of_review = event.action in (ReviewAction.START_REVIEW, ReviewAction.CLOSE_REVIEW)
        number = event.details.get("revision" if is_of_review else "review")
        if isinstance(number, int):
            last[number] = event
    rows = session.execute(
        select(Review.number, type_coerce(Review.status, String)).where(
            Review.submission_id == subject
        )
    )
    statuses: dict[int, str] = dict(rows.all())
    for number in sorted({*last, *(statuses if is_sure else ())}):
        is_reviewed = statuses.get(number) == ReviewStatus.REVIEWED.value
        is_told = number in last and last[number].action == ReviewAction.CLOSE_REVIEW
        if is_reviewed != is_told:
            yield f"submission {subject} revision {number}: its review is not as the events tell"


def _may_move_any(event: _Told) -> bool:
    """Tell whether an event is from before queries told whose review they move."""
    return (
        event.action in (ReviewAction.ASK, QueryAction.ASK_AGAIN) and "review" not in event.details
    )


def _of_queries(told: list[_Told]) -> dict[tuple[int, int], _Told]:
    """Return the events of messages by number of the query and position in it."""
    found: dict[tuple[int, int], _Told] = {}
    said: dict[int, int] = {}
    for event in told:
        number = event.details.get("query")
        if event.action in _SAID and isinstance(number, int):
            said[number] = said.get(number, 0) + 1
            found[number, said[number]] = event
    return found


def _of_comments(told: list[_Told]) -> dict[tuple[int, int], _Told]:
    return {
        (event.details["comments"], event.details["said"]): event
        for event in told
        if event.action == CommentAction.COMMENT and {"comments", "said"} <= event.details.keys()
    }


def _said(
    session: Session,
    subject: str,
    said: type[QueryComment | Comment],
    thread: InstrumentedAttribute[int],
    *more: InstrumentedAttribute[bool],
) -> list[_Words]:
    """Return what is *said* about a submission, in the order of its threads; *more* columns too."""
    rows = session.execute(
        select(
            thread.label("thread"),
            said.position,
            type_coerce(said.at, String).label("at"),
            said.account_id.label("account"),
            said.text,
            said.language,
            *more,
        )
        .where(said.submission_id == subject)
        .order_by(thread, said.position)
    )
    return [_Words(**row._asdict()) for row in rows]


def _told(session: Session, subject: str) -> list[_Told]:
    """Return what events say; one that cannot be read is a problem elsewhere."""
    rows = session.execute(
        select(
            Event.number,
            type_coerce(Event.at, String),
            Event.account_id,
            Event.action,
            raw_json(session, Event.details),
        )
        .where(Event.submission_id == subject, Event.action.in_(_ACTIONS))
        .order_by(Event.number)
    )
    found: list[_Told] = []
    for number, at, account, action, details in rows:
        try:
            read = json_of(details)
        except ValueError:
            continue
        if isinstance(read, dict):
            found.append(_Told(number, moment_of(at), account, action, read))
    return found
