"""A batch of operations: what one account changes in one save, kept and told together.

Operations are numbered as they are made, kept in the table of history, and covered by one line of
the audit trail with a hash over all of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import AnswerLockedError
from app.forms.definition import Form
from app.forms.part_changes import is_row, repeats_of
from app.forms.places import Place
from app.forms.unlocked import Unlocked, read_unlocked
from app.models.account import Account
from app.models.base import new_id, now
from app.models.operation import Cause, Kind, Operation, State
from app.models.submission import Event, Submission
from app.receipts import FIRST, canonical, chain
from app.services.drafts import Parts, version_of
from app.services.events import record
from app.workflow import Action

_BY_ITSELF: Final = (Cause.SIGNED, Cause.DISCARDED)  # not what somebody changes
COUNTED: Final = (State.APPLIED, State.SAME)


@dataclass(frozen=True, slots=True)
class Sent:
    """Where an operation comes from: its id, the page that made it and as which of its own."""

    id: str = ""
    page: str = ""
    order: int | None = None


HERE: Final = Sent()  # made on the server: for a page without JavaScript, or a program


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one change. *state* is None where nothing was to be changed.

    answer   that stands in the draft now
    typed    that was sent
    mine     where it clashes, what the answer is to be if the sender's text is chosen
    theirs   where it clashes, the operation of the colleague, if it is known
    """

    question: str = ""
    state: State | None
    answer: Any = None
    typed: Any = None
    mine: Any = None
    theirs: Operation | None = None


class Batch:
    """The operations of one save: one account, one submission, one line in the audit trail.

    form   None where no answer is changed, only the language of writing
    """

    def __init__(
        self,
        session: Session,
        submission: Submission,
        form: Form | None,
        account: Account,
        cause: Cause = Cause.TYPED,
    ) -> None:
        self.session = session
        self.submission = submission
        self._form = form
        self.account = account
        self.cause = cause
        self.at = now()
        self.parts = Parts(session, submission.id)
        self.version = self.start = version_of(session, submission)
        self.written: list[Operation] = []
        self.came_back: list[Place] = []  # rows that a colleague had removed
        self.proposal_id: str | None = None  # from which what is written next is accepted

    @property
    def form(self) -> Form:
        """Return the form; raise ValueError in a batch that has none, and so changes no answer."""
        if self._form is None:
            raise ValueError("answers are changed with their form")
        return self._form

    @cached_property
    def repeats(self) -> frozenset[str]:
        """Return the ids of the repeats of the form."""
        return repeats_of(self.form)

    def write(
        self,
        kind: Kind,
        place: Place | None,
        question: str = "",
        *,
        before: Any = None,  # noqa: ANN401 - any JSON
        after: Any = None,  # noqa: ANN401 - any JSON
        typed: Any = None,  # noqa: ANN401 - any JSON
        state: State = State.APPLIED,
        of: int | None = None,
        sent: Sent = HERE,
    ) -> Operation:
        """Keep one operation; what several share one id are its parts, in their order.

        Raises AnswerLockedError for a change of what is locked.
        """
        if state is State.APPLIED and place is not None:
            self.need_unlocked(place, question)
        self.version += 1
        operation = Operation(
            submission_id=self.submission.id,
            number=self.version,
            id=sent.id or new_id(),
            part=sum(1 for op in self.written if op.id == sent.id) if sent.id else 0,
            at=self.at,
            account_id=self.account.id,
            page=sent.page,
            page_order=sent.order,
            kind=kind,
            cause=self.cause,
            of=of,
            place=str(place or ""),
            question=question,
            before=before,
            after=after,
            typed=typed,
            state=state,
            proposal_id=self.proposal_id,
        )
        self.written.append(operation)
        self.session.add(operation)
        return operation

    def is_unlocked(self, place: Place, question: str = "") -> bool:
        """Tell whether an answer may be changed; without *question*, the row *place*."""
        return (
            self.unlocked is None
            or self.cause in _BY_ITSELF
            or self.unlocked.allows(place, question)
        )

    def need_unlocked(self, place: Place, question: str = "") -> None:
        """Raise AnswerLockedError for what may not be changed in this revision."""
        if not self.is_unlocked(place, question):
            raise AnswerLockedError(place=str(place), question=question)

    @cached_property
    def unlocked(self) -> Unlocked | None:
        """Return what alone may be changed; None where everything may."""
        draft = self.submission.draft
        return read_unlocked(draft.unlocked) if draft else None

    def save(self, action: str = Action.EDIT) -> int:
        """Finish, with a line in the audit trail if anything was done; return the version."""
        if self.written:
            self.record(action, place=self.written[0].place)
        return self.version

    def record(self, action: str, **details: object) -> Event:
        """Finish, with a line in the audit trail in any case.

        It says the numbers of the operations, and the hash over them.
        """
        if self.written:
            details["operations"] = {
                "first": self.written[0].number,
                "last": self.version,
                "hash": operations_hash(self.written),
            }
        event = record(self.submission, action, self.account, **details)
        for operation in self.written:
            operation.at = event.at
        draft = self.submission.draft
        if draft is not None and self.written:
            draft.version, draft.saved_at = self.version, event.at
        self.session.flush()
        if draft is not None:
            self.session.expire(draft, ["parts"])
        return event

    def since(self, place: Place, version: int | None) -> list[Operation]:
        """Return what was done to *place*, and to the rows around it, after a version."""
        if version is None:
            return []
        ways = [str(way) for way in ways_to(place)]
        found = [
            op
            for op in self.written
            if op.place in ways and op.number > version and op.state in COUNTED
        ]
        if version < self.start:
            earlier = self.session.scalars(
                select(Operation)
                .where(
                    Operation.submission_id == self.submission.id,
                    Operation.number > version,
                    Operation.number <= self.start,
                    Operation.place.in_(ways),
                    Operation.state.in_(COUNTED),
                )
                .order_by(Operation.number)
            )
            found = [*earlier, *found]
        return found

    def is_row(self, place: Place) -> bool:
        """Tell whether *place* is a row of a repeat."""
        return is_row(self.repeats, place)

    def missing(self, place: Place | None) -> list[Place]:
        """Return the rows on the way to *place*, itself included, that are not there."""
        ways = ways_to(place) if place else []
        return [way for way in ways if self.is_row(way) and self.parts.get(way) is None]


def ways_to(place: Place) -> list[Place]:
    """Return the places on the way to *place*, from its section inwards, itself included."""
    return [Place(place.section, place.steps[:n]) for n in range(len(place.steps) + 1)]


def removal_of(operations: Sequence[Operation], place: Place) -> Operation | None:
    """Return the last of *operations* that took away the row *place*."""
    return next(
        (
            op
            for op in reversed(operations)
            if (op.kind, op.place, op.state) == (Kind.REMOVE_ROW, str(place), State.APPLIED)
        ),
        None,
    )


def operations_hash(operations: Iterable[Operation]) -> str:
    """Return the hash over *operations*, in their order: what was done, by whom, where, to what.

    When it was done is said by the line of the audit trail that carries the hash.
    """
    digest = FIRST
    for op in operations:
        told = [
            *(str(op.number), op.id, str(op.part), op.account_id, op.kind.value, op.cause.value),
            *(op.state.value, op.place, op.question, op.before, op.after, op.typed),
            *(str(value) for value in (op.of, op.page, op.page_order)),
            *([op.proposal_id] if op.proposal_id else []),
        ]
        digest = chain(digest, canonical(told))
    return digest
