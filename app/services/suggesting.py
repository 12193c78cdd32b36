"""The holder's side of a proposal: what is typed becomes suggestions, and changes no draft.

A page carries the version of the draft and of the proposal that it shows, so that an old page of
the same holder undoes nothing. Of two texts for one answer from two pages, one asks; both are kept.

A suggestion is never changed: a newer one takes its place. It keeps the answer of the draft that
its holder saw first, so that the Party is asked where it has changed that answer since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.forms.definition import Form
from app.forms.merging import merge, settle
from app.forms.part_changes import is_row, repeats_of
from app.forms.places import Answers, Document, Place, elements_at, parse_place, split
from app.models.proposal import (
    Proposal,
    ProposalState,
    Suggestion,
    SuggestionKind,
    SuggestionState,
)
from app.receipts import FIRST, canonical, chain
from app.services.batches import ways_to
from app.services.draft_history import removal_in
from app.services.drafts import version_of
from app.services.operations import questions_at
from app.services.past_answers import answers_then
from app.services.proposal_reading import Below, keys_at, waiting_in
from app.services.proposals import need_allowed, need_live, record_by_holder

SUGGEST = "suggest"  # in the audit trail


@dataclass(frozen=True, slots=True)
class Shown:
    """What the holder's page showed: a version of the draft, and one of the proposal."""

    draft: int
    proposal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of one answer. *state* is None where nothing was to be changed.

    answer   that the holder's page shows now
    mine     where it clashes, what it would be with the text that was typed
    """

    question: str
    state: SuggestionState | None
    answer: Any = None
    mine: Any = None


class Desk:
    """One save of a holder: new suggestions, and one line in the audit trail."""

    def __init__(self, session: Session, proposal: Proposal, form: Form) -> None:
        need_live(proposal)
        self.session = session
        self.proposal = proposal
        self.form = form
        self.below = Below(session, proposal.submission, form, proposal.kind)
        self.written: list[Suggestion] = []
        self.taken_back: list[int] = []
        self._before: Mapping[tuple[str, str], Suggestion] = {
            (each.place, each.question): each for each in waiting_in(session, proposal)
        }
        self._now = dict(self._before)

    def waiting(self, place: Place, question: str = "") -> Suggestion | None:
        """Return what is suggested now for an answer; without *question*, for the row."""
        return self._now.get((str(place), question))

    def waiting_under(self, place: Place) -> list[Suggestion]:
        """Return all that is suggested at *place* and in it."""
        path = str(place)
        return [
            each
            for each in self._now.values()
            if each.place == path or each.place.startswith(f"{path}/")
        ]

    def is_there(self, place: Place) -> bool:
        """Tell whether a row is in the draft, or suggested, or written in."""
        return self.below.has(place) or bool(self.waiting_under(place))

    def is_removed(self, place: Place) -> bool:
        """Tell whether the Party has taken a row away: to accept what is in it brings it back."""
        submission = self.proposal.submission
        return not self.below.is_empty and removal_in(self.session, submission, place) is not None

    def write(
        self,
        kind: SuggestionKind,
        place: Place,
        question: str = "",
        *,
        base: Any = None,  # noqa: ANN401 - any answer
        base_version: int = 0,
        answer: Any = None,  # noqa: ANN401 - any answer
    ) -> Suggestion:
        """Suggest something, in the place of what was suggested there before."""
        made = self._add(kind, place, question, base, base_version, answer)
        before = self._now.get((str(place), question))
        if before is not None:
            before.state, before.ended = SuggestionState.REPLACED, made.number
        self._now[str(place), question] = made
        return made

    def keep_aside(self, place: Place, question: str, before: Suggestion, typed: Any) -> None:  # noqa: ANN401
        """Keep a text that was not taken, over a newer one of the same proposal."""
        kept = self._add(
            SuggestionKind.ANSWER, place, question, before.base, before.base_version, typed
        )
        kept.state, kept.ended = SuggestionState.CLASH, kept.number

    def take_back(self, suggestion: Suggestion) -> None:
        """Let something be suggested no more."""
        self.proposal.version += 1
        suggestion.state, suggestion.ended = SuggestionState.TAKEN_BACK, self.proposal.version
        self.taken_back.append(suggestion.number)
        del self._now[suggestion.place, suggestion.question]

    def save(self, place: Place | None = None) -> None:
        """Finish; what was handed in is open again if anything was changed."""
        if not self.written and not self.taken_back:
            return
        if self.proposal.state is ProposalState.HANDED_IN:
            self.proposal.state = ProposalState.OPEN
        self.session.flush()
        details: dict[str, object] = {"place": str(place)} if place else {}
        if self.written:
            details["suggestions"] = {
                "numbers": [each.number for each in self.written],
                "hash": suggestions_hash(self.written),
            }
        if self.taken_back:
            details["taken_back"] = self.taken_back
        event = record_by_holder(self.proposal, SUGGEST, **details)
        for each in self.written:
            each.at = event.at
        self.session.flush()

    def _add(
        self,
        kind: SuggestionKind,
        place: Place,
        question: str,
        base: Any,  # noqa: ANN401 - any answer
        base_version: int,
        answer: Any,  # noqa: ANN401 - any answer
    ) -> Suggestion:
        self.proposal.version += 1
        made = Suggestion(
            submission_id=self.proposal.submission_id,
            proposal_id=self.proposal.id,
            number=self.proposal.version,
            kind=kind,
            place=str(place),
            question=question,
            base=base,
            base_version=base_version,
            answer=answer,
            state=SuggestionState.WAITING,
        )
        self.session.add(made)
        self.written.append(made)
        return made


def suggest(
    session: Session,
    proposal: Proposal,
    form: Form,
    place: Place,
    typed: Answers,
    shown: Shown | None = None,
) -> list[Told]:
    """Suggest the answers at *place* that were *typed*; None clears, what is absent stays.

    shown   what the page showed; None: what there is now

    Suggests the row of a repeat that is not there yet. Raises NotFoundError for a place that the
    form does not have or the holder does not see; ProposalEndedError.
    """
    desk = Desk(session, proposal, form)
    found = _suggest(desk, place, typed, shown)
    desk.save(place)
    return found


def suggest_document(session: Session, proposal: Proposal, form: Form, document: Document) -> None:
    """Make *document* all that is suggested: what is not in it is suggested no more."""
    desk = Desk(session, proposal, form)
    parts = split(form, document)
    there = {str(part.place) for part in parts}
    for place in {parse_place(each.place) for each in waiting_in(session, proposal)}:
        if str(place) not in there:
            for each in desk.waiting_under(place):
                desk.take_back(each)
    for part in parts:
        asked = questions_at(form, part.place)
        cleared: Answers = dict.fromkeys(q for q in asked if desk.waiting(part.place, q))
        _suggest(desk, part.place, {**cleared, **part.answers}, None)
    desk.save()


def take_back_row(session: Session, proposal: Proposal, form: Form, place: Place) -> None:
    """Take back a row that the holder has suggested, and all in it; raise NotFoundError."""
    need_allowed(proposal, place)
    desk = Desk(session, proposal, form)
    if desk.waiting(place) is None:
        raise NotFoundError(what="row", code=str(place))
    for each in desk.waiting_under(place):
        desk.take_back(each)
    desk.save(place)


def is_own_row(session: Session, proposal: Proposal, place: Place) -> bool:
    """Tell whether a row is suggested, and not in the draft."""
    return any(each.kind is SuggestionKind.ADD_ROW for each in waiting_in(session, proposal, place))


def suggestions_hash(suggestions: Sequence[Suggestion]) -> str:
    """Return the hash over *suggestions*, in their order: what is suggested, and over what."""
    digest = FIRST
    for each in suggestions:
        told = [
            *(each.proposal_id, str(each.number), each.kind.value, each.place, each.question),
            *(each.base, str(each.base_version), each.answer),
        ]
        digest = chain(digest, canonical(told))
    return digest


def _suggest(desk: Desk, place: Place, typed: Answers, shown: Shown | None) -> list[Told]:
    need_allowed(desk.proposal, place)
    questions, seen = questions_at(desk.form, place), keys_at(desk.form, desk.proposal, place)
    repeats = repeats_of(desk.form)
    around = place.parent
    for way in ways_to(around) if around else []:
        if is_row(repeats, way) and not (desk.is_there(way) or desk.is_removed(way)):
            raise NotFoundError(what="row", code=str(way))
    if is_row(repeats, place) and not (desk.is_there(place) or desk.is_removed(place)):
        _add_row(desk, place)
    page = _Page(desk, place, shown)
    return [
        page.take(key, settle(questions[key], page.base(key), answer))
        for key, answer in typed.items()
        if key in questions and key in seen
    ]


def _add_row(desk: Desk, place: Place) -> None:
    elements_at(desk.form, place)
    need_allowed(desk.proposal, place)
    desk.write(SuggestionKind.ADD_ROW, place)


class _Page:
    """The holder's page of one place, as it was shown."""

    def __init__(self, desk: Desk, place: Place, shown: Shown | None) -> None:
        self.desk = desk
        self.place = place
        self.submission = desk.proposal.submission
        present = desk.below.answers(place)
        if shown is None:
            self.version = version_of(desk.session, self.submission)
            self.draft = present
            self.own = self._own_now()
        else:
            self.version = shown.draft
            self.draft = (
                present
                if desk.below.is_empty
                else answers_then(desk.session, self.submission, place, shown.draft, present)
            )
            self.own = self._own_then(shown.proposal)

    def base(self, question: str) -> Any:  # noqa: ANN401 - any answer
        """Return the answer that the page showed."""
        own = self.own.get(question)
        return own.answer if own is not None else self.draft.get(question)

    def take(self, question: str, typed: Any) -> Told:  # noqa: ANN401 - any answer
        """Make a suggestion of what was typed, where it differs from what was shown."""
        own, now = self.own.get(question), self.desk.waiting(self.place, question)
        shown = self.base(question)
        if typed == shown or (now is not None and typed == now.answer):
            answer = now.answer if now is not None else shown
            return Told(question=question, state=None, answer=answer)
        if now is None or (own is not None and own.number == now.number):
            return self._write(question, typed, own or now)
        merged = merge(shown, now.answer, typed)
        if not merged.is_clash:
            return self._write(question, merged.answer, now)
        if not self._is_kept(question, typed):
            self.desk.keep_aside(self.place, question, now, typed)
        return Told(
            question=question, state=SuggestionState.CLASH, answer=merged.answer, mine=merged.mine
        )

    def _write(self, question: str, answer: Any, before: Suggestion | None) -> Told:  # noqa: ANN401
        base, version = self.draft.get(question), self.version
        if before is not None and before.state is SuggestionState.ACCEPTED:
            base, version = before.answer, before.operation or self.version
        elif before is not None:
            base, version = before.base, before.base_version
        now = self.desk.waiting(self.place, question)
        if answer == base:
            if now is not None:
                self.desk.take_back(now)
            return Told(question=question, state=SuggestionState.TAKEN_BACK, answer=answer)
        self.desk.write(
            SuggestionKind.ANSWER,
            self.place,
            question,
            base=base,
            base_version=version,
            answer=answer,
        )
        return Told(question=question, state=SuggestionState.WAITING, answer=answer)

    def _own_now(self) -> dict[str, Suggestion]:
        own = waiting_in(self.desk.session, self.desk.proposal, self.place)
        return {each.question: each for each in own if each.kind is SuggestionKind.ANSWER}

    def _own_then(self, seen: int) -> dict[str, Suggestion]:
        """Return what was suggested here, and shown, at a version of the proposal."""
        found = self.desk.session.scalars(
            select(Suggestion)
            .where(
                Suggestion.submission_id == self.submission.id,
                Suggestion.proposal_id == self.desk.proposal.id,
                Suggestion.place == str(self.place),
                Suggestion.kind == SuggestionKind.ANSWER,
                Suggestion.number <= seen,
                or_(Suggestion.ended.is_(None), Suggestion.ended > seen),
            )
            .order_by(Suggestion.number)
        )
        return {each.question: each for each in found}

    def _is_kept(self, question: str, typed: Any) -> bool:  # noqa: ANN401 - any answer
        """Tell whether a text that was not taken is kept already."""
        kept = self.desk.session.scalars(
            select(Suggestion).where(
                Suggestion.submission_id == self.submission.id,
                Suggestion.proposal_id == self.desk.proposal.id,
                Suggestion.place == str(self.place),
                Suggestion.question == question,
                Suggestion.state == SuggestionState.CLASH,
            )
        )
        return any(each.answer == typed for each in kept)
