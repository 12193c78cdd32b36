"""Carrying forward: what a Party said in an earlier collection, and what it says of it now.

Nothing is taken over by itself. Beside each answer of last time the Party says that it is still
true, that it is to be updated, or that it holds no longer; each is an operation of kind `carry`, so
that it is in the history and under the audit trail. The answer itself changes by operations with
the cause `carried`, of the same id, and may clash like any other.

A signed answer is *carried* where the Party took it over and signed it unchanged; every other is
fresh. Which are carried stands beside the revision, and a hash over it in the line of the audit
trail that tells of the signature.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.errors import NotFoundError
from app.forms.carrying import Carry, Kept, is_same_answer, said_at, said_under
from app.forms.catalogue import Catalogue
from app.forms.definition import Form
from app.forms.places import Document, Place, answers_at, parse_place
from app.models.base import new_id
from app.models.collection import Collection as Opened
from app.models.operation import Kind, Operation, State
from app.models.submission import Revision, Submission
from app.receipts import canonical, digest, timestamp
from app.services.batches import COUNTED, Batch, Outcome, Sent
from app.services.drafts import open_draft
from app.services.operations import answer
from app.services.row_operations import add_row

Key = tuple[str, str]  # place and question; an empty question stands for the row


@dataclass(frozen=True, slots=True, kw_only=True)
class LastTime:
    """What a Party signed last, in an earlier collection of the same form."""

    submission: str  # its id
    revision: int
    collection: str
    signed_at: datetime
    form: Form  # the version that was answered, in the language asked for
    document: Document

    def named(self, carry: Carry) -> dict[str, str]:
        """Return what an operation keeps: what is said, and of which revision."""
        return {
            "carry": carry.value,
            "collection": self.collection,
            "submission": self.submission,
            "revision": str(self.revision),
            "signed_at": timestamp(self.signed_at),
        }


@dataclass(frozen=True, slots=True)
class Chosen:
    """What stands as said of one answer, or one row, of last time."""

    carry: Carry
    collection: str
    submission: str
    revision: int
    operation: Operation

    def is_about(self, last: LastTime) -> bool:
        """Tell whether it was said of this revision, and not of one before it."""
        return (self.submission, self.revision) == (last.submission, last.revision)


def last_time(
    session: Session, submission: Submission, forms: Catalogue, locale: str
) -> LastTime | None:
    """Return what the Party signed last, in the latest earlier collection where that stands.

    Earlier is what opened before; a demonstration looks at demonstrations alone.
    """
    own = submission.collection
    earlier = session.execute(
        select(Submission.id, Opened)
        .join(Opened, Opened.code == Submission.collection_code)
        .where(
            Submission.party_code == submission.party_code,
            Opened.agreement == own.agreement,
            Opened.form == own.form,
            Opened.is_synthetic == own.is_synthetic,
            or_(
                Opened.opens_on < own.opens_on,
                and_(Opened.opens_on == own.opens_on, Opened.created_at < own.created_at),
            ),
            select(Revision.number).where(Revision.submission_id == Submission.id).exists(),
        )
        .order_by(Opened.opens_on.desc(), Opened.created_at.desc(), Opened.code)
    ).all()
    for submission_id, collection in earlier:
        revision = session.scalar(
            select(Revision)
            .where(Revision.submission_id == submission_id)
            .order_by(Revision.number.desc())
            .limit(1)
        )
        if revision is not None and revision.withdrawn_at is None:
            return LastTime(
                submission=submission_id,
                revision=revision.number,
                collection=collection.code,
                signed_at=revision.signed_at,
                form=forms.load(collection.form, collection.form_version, locale),
                document=json.loads(revision.content),
            )
    return None


def chosen_in(
    session: Session, submission: Submission, place: Place | None = None
) -> dict[Key, Chosen]:
    """Return what is said now of answers of last time; at *place* and in it, or everywhere."""
    wanted = [
        Operation.submission_id == submission.id,
        Operation.kind == Kind.CARRY,
        Operation.state == State.APPLIED,
    ]
    if place is not None:
        inside = Operation.place.startswith(f"{place}/", autoescape=True)
        wanted.append(or_(Operation.place == str(place), inside))
    found = session.scalars(
        select(Operation)
        .where(*wanted)
        .order_by(Operation.number)
        .options(joinedload(Operation.account))
    )
    last = {(op.place, op.question): op for op in found}
    return {key: _chosen(op) for key, op in last.items() if op.after is not None}


def carry(
    batch: Batch,
    last: LastTime,
    place: Place,
    questions: Collection[str],
    what: Carry,
    *,
    since: int | None = None,
    sent: Sent,
) -> list[Outcome]:
    """Say of answers of last time that they still hold, begin a new answer, or hold no longer.

    since, sent   of the page, as for any change

    An answer still true becomes that of the draft; to update, it does where nothing is answered
    yet; no longer, it is cleared where it stands. What was typed instead stays in the history.
    Raises NotFoundError where nothing was said that could be taken over, AnswerLockedError in a
    revision of other answers.
    """
    said = said_at(last.form, batch.form, last.document, place)
    kept = {q: said[q].answer for q in questions if q in said and said[q].kept is Kept.SAME}
    if not kept:
        raise NotFoundError(what="question", code=", ".join(questions))
    for question in kept:
        batch.need_unlocked(place, question)
    present = batch.parts.answers(place)
    given = {q: _wanted(what, before, present.get(q)) for q, before in kept.items()}
    own = Sent(new_id(), sent.page)
    outcomes = answer(batch, place, given, since=since, sent=own)
    done = {outcome.question for outcome in outcomes if outcome.state in (None, *COUNTED)}
    standing = chosen_in(batch.session, batch.submission, place)
    for question in kept:
        if question in done:
            _say(batch, last, (str(place), question), what, standing, own)
    return outcomes


def bring_over(
    batch: Batch, last: LastTime, place: Place, what: Carry, *, sent: Sent
) -> list[Place]:
    """Say of a row of last time what is said of an answer; return the rows that came with it.

    Still true or to update, it is added behind the others, with its id, all that stood in it and
    all that can be taken over; no longer, that alone is kept in mind. Raises NotFoundError for a
    row that was not there, or whose surrounding row is not there now.
    """
    inside = dict(said_under(last.form, batch.form, last.document, place))
    if not batch.is_row(place) or not _was_row(last, place) or batch.missing(place.parent):
        raise NotFoundError(what="row", code=str(place))
    open_draft(batch.session, batch.submission)
    own, came = Sent(new_id(), sent.page), []
    standing = chosen_in(batch.session, batch.submission, place)
    if what is not Carry.NO_LONGER and batch.parts.get(place) is None:
        for here, said in inside.items():
            if batch.is_row(here) and batch.parts.get(here) is None:
                add_row(batch, here, own)
                came.append(here)
            kept = {q: each.answer for q, each in said.items() if each.kept is Kept.SAME}
            answer(batch, here, kept, sent=own)
            for question in kept:
                _say(batch, last, (str(here), question), what, standing, own)
    _say(batch, last, (str(place), ""), what, standing, own)
    return came


def take_back_since(batch: Batch, started_at: datetime) -> None:
    """Say again what was said before *started_at*: the revision begun then was discarded."""
    made = batch.session.scalars(
        select(Operation)
        .where(
            Operation.submission_id == batch.submission.id,
            Operation.kind == Kind.CARRY,
            Operation.state == State.APPLIED,
            Operation.at >= started_at,
        )
        .order_by(Operation.number)
    ).all()
    first = {(op.place, op.question): op for op in reversed(made)}
    last = {(op.place, op.question): op for op in made}
    for key, op in first.items():
        if op.before != last[key].after:
            place, question = parse_place(key[0]), key[1]
            batch.write(Kind.CARRY, place, question, before=last[key].after, after=op.before)


def carried_record(
    session: Session, submission: Submission, document: Mapping[str, Any]
) -> list[dict[str, Any]] | None:
    """Return what a revision keeps of what was said of last time; None where nothing was.

    document   what is signed, or would be

    One entry for each answer or row: `place`, `question`, what was said and of which revision, and
    `is_carried`: the answer was taken over, and is signed as it was.
    """
    found: list[dict[str, Any]] = []
    sources: dict[tuple[str, int], Mapping[str, Any]] = {}
    for (path, question), chosen in chosen_in(session, submission).items():
        place, source = parse_place(path), (chosen.submission, chosen.revision)
        if source not in sources:
            sources[source] = _document(session, *source)
        said = answers_at(sources[source], place).get(question)
        present = answers_at(document, place).get(question)
        is_kept = chosen.carry is not Carry.NO_LONGER and bool(question)
        found.append(
            {
                "place": path,
                "question": question,
                **chosen.operation.after,
                "is_carried": is_kept and is_same_answer(said, present),
            }
        )
    return sorted(found, key=lambda entry: (entry["place"], entry["question"])) or None


def carried_facts(record: list[dict[str, Any]] | None) -> dict[str, object]:
    """Return what the event of a signature says of such a record, so that the chain covers it."""
    if record is None:
        return {}
    return {"carried": carried_hash(record), "carried_answers": len(carried_marks(record))}


def carried_hash(record: Iterable[Mapping[str, Any]]) -> str:
    """Return the hash over a record; raise TypeError or ValueError where it is none."""
    return digest(canonical(list(record)))


def carried_marks(record: Iterable[Mapping[str, Any]] | None) -> dict[Key, Mapping[str, Any]]:
    """Return the entries of the answers that are carried, by place and question."""
    return {
        (entry["place"], entry["question"]): entry for entry in record or () if entry["is_carried"]
    }


def _wanted(what: Carry, before: Any, present: Any) -> Any:  # noqa: ANN401 - any answers
    if what is Carry.STILL_TRUE:
        return before
    if what is Carry.UPDATE:
        return before if present is None else present
    return None if present == before else present


def _say(
    batch: Batch,
    last: LastTime,
    key: Key,
    what: Carry,
    standing: Mapping[Key, Chosen],
    sent: Sent,
) -> None:
    """Keep what is said, unless it stands already."""
    before = standing[key].operation.after if key in standing else None
    after = last.named(what)
    if before != after:
        place, question = parse_place(key[0]), key[1]
        batch.write(Kind.CARRY, place, question, before=before, after=after, sent=sent)


def _was_row(last: LastTime, place: Place) -> bool:
    container, key = place.steps[-1]
    held = answers_at(last.document, place.parent or place).get(container)
    return isinstance(held, list) and any(row["row"] == key for row in held)


def _chosen(op: Operation) -> Chosen:
    said = op.after
    return Chosen(
        Carry(said["carry"]), said["collection"], said["submission"], int(said["revision"]), op
    )


def _document(session: Session, submission_id: str, number: int) -> Mapping[str, Any]:
    content = session.scalar(
        select(Revision.content).where(
            Revision.submission_id == submission_id, Revision.number == number
        )
    )
    document: Mapping[str, Any] = json.loads(content) if content else {}
    return document
