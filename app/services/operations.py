"""Drafting: each change is an operation, applied exactly once and merged with those of others.

A page carries the version of the draft that it shows. What was typed on it counts as a change only
where it differs from what the answer was at that version; a change is merged into what colleagues
have made of the draft since, and only where both changed the same answer (of a text: in the same
language) is it a clash. A clash changes nothing: both texts are kept, and one asks.

What a page has sent itself, it has seen: its next change of the same answer follows its last.
An answer typed in a row that a colleague has removed meanwhile brings the row back.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.errors import NotFoundError
from app.forms.answers import explanations_of
from app.forms.definition import Form, Question
from app.forms.merging import Merged, merge, settle
from app.forms.part_changes import Change
from app.forms.places import Answers, Place, elements_at
from app.models.operation import Kind, Operation, State
from app.services.batches import COUNTED, HERE, Batch, Outcome, Sent, removal_of
from app.services.drafts import open_draft
from app.services.row_operations import add_row, bring_back


def answer(
    batch: Batch,
    place: Place,
    typed: Answers,
    *,
    since: int | None = None,
    sent: Sent = HERE,
    held: Collection[str] = (),
    of: int | None = None,
) -> list[Outcome]:
    """Change the answers at *place* to what was *typed*; None clears, what is absent stays.

    since   the version that the page shows; None: the present one
    held    questions of which nothing is to be changed: they clash, and nobody has chosen yet
    of      number of the operation that is brought back

    Makes the row of a repeat that is not there yet. Raises NotFoundError for a place that the form
    does not have, and in a row that never was.
    """
    questions = questions_at(batch.form, place)
    open_draft(batch.session, batch.submission)
    others = batch.since(place, since)
    gone = _gone(batch, place, others)
    change = _Changes(batch, place, others, sent, _present(batch, place, gone), of)
    given = {q: change.settled(questions.get(q), q, found) for q, found in typed.items()}
    if gone and any(change.base(q) != found for q, found in given.items()):
        for removal in gone:
            bring_back(batch, removal, sent=Sent(page=sent.page))
    elif not gone and batch.is_row(place) and batch.parts.get(place) is None:
        add_row(batch, place, Sent(page=sent.page))
    return [change.make(q, found, is_held=q in held) for q, found in given.items()]


def write_in(batch: Batch, language: str, of: int | None = None) -> None:
    """Set the language of writing."""
    if language != batch.submission.language:
        before, batch.submission.language = batch.submission.language, language
        batch.write(Kind.LANGUAGE, None, before=before, after=language, of=of)


def replace(batch: Batch, changes: Iterable[Change]) -> None:
    """Keep *changes* that were made all at once, for the history."""
    for change in changes:
        batch.write(
            Kind(change.kind),
            change.place,
            change.question,
            before=change.before,
            after=change.after,
        )


def questions_at(form: Form, place: Place) -> Mapping[str, Question]:
    """Return what people answer at *place*, by id, the explanations of warnings among it."""
    elements = elements_at(form, place)
    asked = [element for element in elements if isinstance(element, Question)]
    return {question.id: question for question in (*asked, *explanations_of(elements))}


class _Changes:
    """Changes of the answers at one place, as one page makes them."""

    def __init__(
        self,
        batch: Batch,
        place: Place,
        others: Sequence[Operation],
        sent: Sent,
        present: Answers,
        of: int | None,
    ) -> None:
        self.batch = batch
        self.place = place
        self.others = others  # since the version that the page shows
        self.sent = sent
        self.present = present
        self.of = of

    def settled(self, question: Question | None, key: str, typed: Any) -> Any:  # noqa: ANN401
        """Return what was typed, with what looks as it was shown taken for that."""
        return typed if question is None else settle(question, self.base(key), typed)

    def base(self, question: str) -> Any:  # noqa: ANN401 - any answer
        """Return what the page knows as the answer: what it sent last, else what it was shown."""
        own = self._own(question)
        if own is not None:
            return own.typed["answer"] if own.typed else own.after
        for op in self.others:
            if op.state is State.APPLIED and self._is_about(op, question):
                return _before(op, self.place, question)
        return self.present.get(question)

    def make(self, question: str, typed: Any, *, is_held: bool) -> Outcome:  # noqa: ANN401
        """Merge one change into the draft, and keep it."""
        answers, base = self.batch.parts.answers(self.place), self.base(question)
        present = answers.get(question)
        if typed == base:
            return Outcome(question=question, state=None, answer=present, typed=typed)
        if not self.batch.is_unlocked(self.place, question):
            self._write(question, State.LOCKED, present, typed)
            return Outcome(question=question, state=State.LOCKED, answer=present, typed=typed)
        if self._is_late(question):
            self._write(question, State.LATE, present, typed)
            return Outcome(question=question, state=State.LATE, answer=present, typed=typed)
        merged = merge(base, present, typed)
        if is_held:
            merged = Merged(present, merged.mine)
        state = State.SAME if merged.answer == present else State.APPLIED
        if state is State.APPLIED:
            self.batch.parts.set_answers(self.place, {**answers, question: merged.answer})
        if state is State.APPLIED or not merged.is_clash:
            sent = None if merged.answer == typed else {"answer": typed}
            self._write(question, state, present, merged.answer, sent)
        if not merged.is_clash:
            return Outcome(question=question, state=state, answer=merged.answer, typed=typed)
        if not (is_held and self._is_kept(question, typed)):
            self._write(question, State.CLASH, merged.answer, typed)
        return Outcome(
            question=question,
            state=State.CLASH,
            answer=merged.answer,
            typed=typed,
            mine=merged.mine,
            theirs=self._theirs(question),
        )

    def _write(
        self,
        question: str,
        state: State,
        before: Any,  # noqa: ANN401 - any answer
        after: Any,  # noqa: ANN401 - any answer
        typed: Any = None,  # noqa: ANN401 - any JSON
    ) -> None:
        self.batch.write(
            Kind.ANSWER,
            self.place,
            question,
            before=before,
            after=after,
            typed=typed,
            state=state,
            of=self.of,
            sent=self.sent,
        )

    def _own(self, question: str) -> Operation | None:
        """Return the last operation of the same page on an answer."""
        found = (
            op
            for op in reversed(self.others)
            if self._is_about(op, question) and self._is_mine(op) and op.kind is Kind.ANSWER
        )
        return next(found, None)

    def _is_late(self, question: str) -> bool:
        """Tell whether the page has made a newer change of this answer, which came first."""
        own = self._own(question)
        if own is None or own.page_order is None or self.sent.order is None:
            return False
        return own.page_order > self.sent.order

    def _theirs(self, question: str) -> Operation | None:
        """Return the last operation that changed an answer, but for those of the same page."""
        found = (
            op
            for op in reversed(self.others)
            if self._is_about(op, question) and not self._is_mine(op)
        )
        return next(found, None) or self._last(question, State.APPLIED)

    def _is_kept(self, question: str, typed: Any) -> bool:  # noqa: ANN401 - any answer
        """Tell whether a text that was not taken is in the history already."""
        last = self._last(question, State.CLASH, self.batch.account.id)
        return last is not None and last.after == typed

    def _last(self, question: str, state: State, account_id: str = "") -> Operation | None:
        wanted = select(Operation).where(
            Operation.submission_id == self.batch.submission.id,
            Operation.kind == Kind.ANSWER,
            Operation.place == str(self.place),
            Operation.question == question,
            Operation.state == state,
        )
        if account_id:
            wanted = wanted.where(Operation.account_id == account_id)
        return self.batch.session.scalar(wanted.order_by(Operation.number.desc()).limit(1))

    def _is_mine(self, op: Operation) -> bool:
        mine = (self.batch.account.id, self.sent.page)
        return bool(self.sent.page) and (op.account_id, op.page) == mine

    def _is_about(self, op: Operation, question: str) -> bool:
        if op.state not in COUNTED:
            return False
        if op.kind is Kind.ANSWER:
            return (op.place, op.question) == (str(self.place), question)
        return op.kind is Kind.REMOVE_ROW and str(self.place) in (op.before or {}).get("parts", {})


def _before(op: Operation, place: Place, question: str) -> Any:  # noqa: ANN401 - any answer
    """Return the answer before an operation that is about it."""
    if op.kind is Kind.REMOVE_ROW:
        return op.before["parts"][str(place)]["answers"].get(question)
    return op.before


def _gone(batch: Batch, place: Place, others: Sequence[Operation]) -> list[Operation]:
    """Return the removals, the outermost first, that took away *place* or rows around it.

    Raises NotFoundError for a row around it that was not there at all.
    """
    removals: list[Operation] = []
    for way in batch.missing(place):
        if any(str(way) in removal.before["parts"] for removal in removals):
            continue
        removal = removal_of(others, way)
        if removal is not None:
            removals.append(removal)
        elif way != place:
            raise NotFoundError(what="row", code=str(way))
    return removals


def _present(batch: Batch, place: Place, gone: Sequence[Operation]) -> Answers:
    """Return the answers at *place*; of a removed row, those that it had."""
    for removal in reversed(gone):
        if str(place) in removal.before["parts"]:
            return dict(removal.before["parts"][str(place)]["answers"])
    return batch.parts.answers(place)
