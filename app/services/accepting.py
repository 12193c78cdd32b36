"""The Party's side of proposals: what is suggested comes into the draft when somebody accepts it.

To accept is an operation like any other change of the draft. Where the Party has changed the same
answer since its holder saw it, nothing is changed: the suggestion waits, and one asks, with both
texts in view.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.errors import NotFoundError
from app.forms.definition import Form
from app.forms.merging import Merged, merge
from app.forms.places import Answers, Place, parse_place
from app.forms.unlocked import read_unlocked
from app.models.account import Account
from app.models.base import now
from app.models.operation import Cause, State
from app.models.proposal import (
    Proposal,
    ProposalKind,
    Suggestion,
    SuggestionKind,
    SuggestionState,
)
from app.models.submission import Submission
from app.services.batches import Batch, ways_to
from app.services.draft_history import removal_in
from app.services.drafts import open_draft
from app.services.events import record
from app.services.operations import answer
from app.services.past_answers import answers_then
from app.services.proposal_reading import Below, waiting_in
from app.services.row_operations import add_row, bring_back
from app.services.submissions import drafting

ACCEPT = "accept_suggestions"  # in the audit trail
DECLINE = "decline_suggestions"

# Of what was entered on behalf: where the draft said something else when it was taken over.
_IS_LEFT_OUT = Suggestion.state == SuggestionState.DECLINED


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A suggestion beside the draft.

    present    the answer that stands in the draft
    proposed   what the answer would be if the suggestion were accepted
    is_clash   whether the Party has changed the same answer since its holder saw it
    """

    suggestion: Suggestion
    place: Place
    present: Any
    proposed: Any
    is_clash: bool
    is_locked: bool

    @property
    def proposal(self) -> Proposal:
        """Return the proposal that it is in."""
        return self.suggestion.proposal

    @property
    def is_row(self) -> bool:
        """Whether a row is to be added."""
        return self.suggestion.kind is SuggestionKind.ADD_ROW


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a suggestion that somebody wished to accept.

    state   APPLIED; SAME: it was so already, or somebody had decided before; CLASH and LOCKED: it
            waits on
    """

    suggestion: Suggestion
    state: State


def waiting(
    session: Session,
    submission: Submission,
    form: Form,
    *,
    place: Place | None = None,
    proposal: Proposal | None = None,
) -> list[Waiting]:
    """Return what waits for the Party, in the order of writing.

    place      there alone, with the new rows of its lists, and not what stands in them
    proposal   of it alone; else of all but those on behalf, which are confirmed as a whole
    """
    found = _waiting(session, submission, place, proposal)
    present = _present(session, submission, form, {parse_place(each.place) for each in found})
    unlocked = read_unlocked(submission.draft.unlocked) if submission.draft else None
    result: list[Waiting] = []
    for each in found:
        here = parse_place(each.place)
        there = present[here].get(each.question)
        merged = _merged(each, there)
        result.append(
            Waiting(
                suggestion=each,
                place=here,
                present=there,
                proposed=merged.mine,
                is_clash=merged.is_clash,
                is_locked=unlocked is not None and not unlocked.allows(here, each.question),
            )
        )
    return result


def _waiting(
    session: Session, submission: Submission, place: Place | None, proposal: Proposal | None
) -> list[Suggestion]:
    wanted = (
        select(Suggestion)
        .join(Suggestion.proposal)
        .options(joinedload(Suggestion.proposal))
        .where(
            Suggestion.submission_id == submission.id,
            Suggestion.state == SuggestionState.WAITING,
        )
    )
    if proposal is not None:
        wanted = wanted.where(Suggestion.proposal_id == proposal.id)
    else:
        wanted = wanted.where(Proposal.kind != ProposalKind.ON_BEHALF)
    if place is not None:
        is_row = Suggestion.kind == SuggestionKind.ADD_ROW
        inside = Suggestion.place.startswith(f"{place}/", autoescape=True)
        wanted = wanted.where(or_(Suggestion.place == str(place), is_row & inside))
    return [
        each
        for each in session.scalars(wanted.order_by(Suggestion.proposal_id, Suggestion.number))
        if place is None or place in (here := parse_place(each.place), here.parent)
    ]


def settled(session: Session, submission: Submission, limit: int) -> Sequence[Suggestion]:
    """Return at most *limit* texts that do not wait any more and are in no draft, newest first."""
    return session.scalars(
        select(Suggestion)
        .join(Suggestion.proposal)
        .options(joinedload(Suggestion.proposal), joinedload(Suggestion.decider))
        .where(
            Suggestion.submission_id == submission.id,
            Suggestion.kind == SuggestionKind.ANSWER,
            Suggestion.state.not_in([SuggestionState.WAITING, SuggestionState.ACCEPTED]),
            or_(Proposal.kind != ProposalKind.ON_BEHALF, _IS_LEFT_OUT),
        )
        .order_by(Suggestion.at.desc(), Suggestion.number.desc())
        .limit(limit)
    ).all()


def counts(session: Session, submission: Submission) -> dict[str, int]:
    """Return how many suggestions wait for the Party, by section; those on behalf are left out."""
    places = session.execute(
        select(Suggestion.place, func.count())
        .join(Suggestion.proposal)
        .where(
            Suggestion.submission_id == submission.id,
            Suggestion.state == SuggestionState.WAITING,
            Proposal.kind != ProposalKind.ON_BEHALF,
        )
        .group_by(Suggestion.place)
    )
    found: dict[str, int] = {}
    for path, count in places:
        section = path.partition("/")[0]
        found[section] = found.get(section, 0) + count
    return found


def accept(
    session: Session,
    submission: Submission,
    form: Form,
    chosen: Iterable[Suggestion],
    account: Account,
    *,
    since: int | None = None,
) -> list[Decided]:
    """Bring suggestions into the draft; rows around them come with them.

    since   the version of the draft on the page where both texts were read: what is suggested is
            taken, unless the answer was changed after it. None: unless the answer was changed after
            its holder saw it

    Raises WrongStatusError when the draft is not open, CollectionClosedError.
    """
    batch = drafting(session, submission, form, account, Cause.SUGGESTED)
    open_draft(session, submission)
    accepting = _Accepting(batch, since)
    decided = [accepting.take(each) for each in _in_order(chosen)]
    accepting.record()
    return decided


def accept_all(
    session: Session,
    submission: Submission,
    form: Form,
    proposal: Proposal,
    account: Account,
    *,
    since: int | None = None,
) -> list[Decided]:
    """Bring all that waits in one proposal into the draft."""
    found = waiting_in(session, proposal)
    return accept(session, submission, form, found, account, since=since)


def decline(
    session: Session, submission: Submission, chosen: Iterable[Suggestion], account: Account
) -> list[Suggestion]:
    """Leave suggestions out; with a row all that is suggested in it. Their texts are kept."""
    declined: dict[tuple[str, int], Suggestion] = {}
    for each in chosen:
        within = [each]
        if each.kind is SuggestionKind.ADD_ROW:
            within = [
                other
                for other in waiting_in(session, each.proposal)
                if other.place == each.place or other.place.startswith(f"{each.place}/")
            ]
        for one in within:
            if one.state is SuggestionState.WAITING:
                _decide(one, SuggestionState.DECLINED, account)
                declined[one.proposal_id, one.number] = one
    session.flush()
    if declined:
        record(submission, DECLINE, account, suggestions=_numbers(declined.values()))
    return list(declined.values())


def suggestion_at(
    session: Session, submission: Submission, proposal_id: str, number: int
) -> Suggestion:
    """Return a suggestion by its proposal and number; raise NotFoundError."""
    found = session.get(Suggestion, (submission.id, proposal_id, number))
    if found is None:
        raise NotFoundError(what="suggestion", code=str(number))
    return found


class _Accepting:
    """One batch of suggestions that are accepted."""

    def __init__(self, batch: Batch, since: int | None) -> None:
        self.batch = batch
        self.since = since
        self.accepted: list[Suggestion] = []

    def take(self, suggestion: Suggestion) -> Decided:
        """Bring one suggestion into the draft, if nothing stands in the way."""
        place = parse_place(suggestion.place)
        if suggestion.state is not SuggestionState.WAITING:
            return Decided(suggestion, State.SAME)
        if self._is_locked(place, suggestion.question):
            return Decided(suggestion, State.LOCKED)
        is_row = suggestion.kind is SuggestionKind.ADD_ROW
        merged = None if is_row else self._merged(suggestion, place)
        if not is_row and merged is None:
            return Decided(suggestion, State.CLASH)
        start = self.batch.version
        self.batch.proposal_id = suggestion.proposal_id
        self._make_way(suggestion.proposal, place)
        if not is_row and merged is not None:
            answer(self.batch, place, {suggestion.question: merged.mine})
        is_new = self.batch.version > start
        if suggestion.state is SuggestionState.WAITING:
            self._accept(suggestion, self.batch.version if is_new else None)
        return Decided(suggestion, State.APPLIED if is_new else State.SAME)

    def record(self) -> None:
        """Put it into the audit trail."""
        self.batch.session.flush()
        if self.accepted:
            self.batch.record(
                ACCEPT, place=self.accepted[0].place, suggestions=_numbers(self.accepted)
            )

    def _accept(self, suggestion: Suggestion, operation: int | None) -> None:
        _decide(suggestion, SuggestionState.ACCEPTED, self.batch.account)
        suggestion.operation = operation
        self.accepted.append(suggestion)

    def _merged(self, suggestion: Suggestion, place: Place) -> Merged | None:
        """Return what the answer comes to; None where one must ask."""
        session, submission = self.batch.session, self.batch.submission
        answers = self._present(place)
        present = answers.get(suggestion.question)
        merged = _merged(suggestion, present)
        if self.since is None:
            return None if merged.is_clash else merged
        then = answers_then(session, submission, place, self.since, answers)
        return merged if then.get(suggestion.question) == present else None

    def _present(self, place: Place) -> Answers:
        """Return the answers at *place*; in a row that was removed, those that it had."""
        for way in self.batch.missing(place):
            removal = removal_in(self.batch.session, self.batch.submission, way)
            if removal is not None and str(place) in removal.before["parts"]:
                return dict(removal.before["parts"][str(place)]["answers"])
        return self.batch.parts.answers(place)

    def _is_locked(self, place: Place, question: str) -> bool:
        ways = [*self.batch.missing(place)]
        return not self.batch.is_unlocked(place, question) or any(
            not self.batch.is_unlocked(way) for way in ways
        )

    def _make_way(self, proposal: Proposal, place: Place) -> None:
        """See to it that the rows around *place*, and itself, are there."""
        missing = self.batch.missing(place)
        for way in missing:
            if self.batch.parts.get(way) is not None:
                continue  # it has come back with a row around it
            removal = removal_in(self.batch.session, self.batch.submission, way)
            if removal is not None:
                bring_back(self.batch, removal)
            else:
                add_row(self.batch, way)
        ways = {str(way) for way in ways_to(place)}
        for each in waiting_in(self.batch.session, proposal) if missing else ():
            if each.kind is SuggestionKind.ADD_ROW and each.place in ways:
                self._accept(each, self.batch.version)


def _in_order(chosen: Iterable[Suggestion]) -> list[Suggestion]:
    """Return rows first, the outermost before those in them; then answers as they were written."""

    def order(each: Suggestion) -> tuple[bool, int, str, int]:
        is_row = each.kind is SuggestionKind.ADD_ROW
        depth = each.place.count("/") if is_row else 0
        return (not is_row, depth, each.proposal_id, each.number)

    return sorted(chosen, key=order)


def _decide(suggestion: Suggestion, state: SuggestionState, account: Account) -> None:
    proposal = suggestion.proposal
    proposal.version += 1
    suggestion.state, suggestion.ended = state, proposal.version
    suggestion.decided_at, suggestion.decided_by = now(), account.id


def _merged(suggestion: Suggestion, present: Any) -> Merged:  # noqa: ANN401 - any answer
    """Return what the answer is, and would be with the suggestion over it."""
    return merge(suggestion.base, present, suggestion.answer)


def _present(
    session: Session, submission: Submission, form: Form, places: Collection[Place]
) -> Mapping[Place, Answers]:
    below = Below(session, submission, form, ProposalKind.DELEGATE)
    if len(places) == 1:
        return {place: below.answers(place) for place in places}
    held = {part.place: part.answers for part in below.parts} if places else {}
    return {place: dict(held.get(place, {})) for place in places}


def _numbers(suggestions: Iterable[Suggestion]) -> dict[str, list[int]]:
    """Return the numbers of *suggestions* by proposal."""
    found: dict[str, list[int]] = {}
    for each in suggestions:
        found.setdefault(each.proposal_id, []).append(each.number)
    return found
