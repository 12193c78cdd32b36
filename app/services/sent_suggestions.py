"""What the page of a proposal sends by itself: carried out once; what other pages have changed.

As `app.services.sent_operations` for a draft, but that the version of a page is that of the
proposal, and the version of the draft below it is sent beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.errors import AppError, IdempotencyError, InvalidInputError
from app.forms.answers import read_answers
from app.forms.definition import Form
from app.forms.places import Place, parse_place
from app.models.operation import Kind
from app.models.proposal import (
    Proposal,
    SentSuggestion,
    Suggestion,
    SuggestionKind,
    SuggestionState,
)
from app.services.operations import questions_at
from app.services.proposal_reading import Below, keys_at, waiting_in
from app.services.proposals import need_allowed
from app.services.sent_operations import Result, SentOperation
from app.services.suggesting import suggest_at
from app.services.suggestion_desk import Desk
from app.services.suggestion_pages import Page, Shown, Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of one operation, by question."""

    sent: SentOperation
    place: Place | None
    outcomes: Sequence[Told] = ()
    refused: AppError | None = None

    @property
    def result(self) -> Result:
        """Return what is to be told first: a clash before what was applied."""
        states = {outcome.state for outcome in self.outcomes}
        if self.refused is not None:
            return Result.REFUSED
        if SuggestionState.CLASH in states:
            return Result.CLASH
        return Result.APPLIED if states - {None} else Result.SAME


def carry_out(
    session: Session,
    proposal: Proposal,
    form: Form,
    operations: Sequence[SentOperation],
    *,
    draft: int,
    locale: str,
    language: str,
) -> list[Done]:
    """Suggest what was sent, each operation whole or not at all; raise ProposalEndedError.

    draft      version of the draft that the page showed
    locale     of the page, in which numbers and dates were typed
    language   in which texts are written where the fields do not say
    """
    desk = Desk(session, proposal, form)
    done = [_done(desk, each, draft, locale, language) for each in operations]
    desk.save()
    return done


def changes_since(
    session: Session, proposal: Proposal, form: Form, place: Place, seen: int, page: str
) -> list[tuple[str, Any]]:
    """Return the answers at *place* that other pages of the proposal have changed since.

    Each as it stands now, by question. What the Party decides changes no page: it shows what its
    holder has written.
    """
    need_allowed(proposal, place)
    rows = session.execute(
        select(Suggestion.question, Suggestion.number, Suggestion.ended, Suggestion.state)
        .where(
            Suggestion.submission_id == proposal.submission_id,
            Suggestion.proposal_id == proposal.id,
            Suggestion.place == str(place),
            Suggestion.kind == SuggestionKind.ANSWER,
            Suggestion.state != SuggestionState.CLASH,
            or_(Suggestion.number > seen, Suggestion.ended > seen),
        )
        .order_by(Suggestion.number)
    )
    changed = [
        (row.question, version)
        for row in rows
        for version in (
            row.number,
            row.ended if row.state is SuggestionState.TAKEN_BACK else None,
        )
        if version is not None and version > seen
    ]
    own = _made_by(session, proposal, page, seen)
    keys = keys_at(form, proposal, place)
    others = dict.fromkeys(key for key, version in changed if version not in own and key in keys)
    waiting = {each.question: each.answer for each in waiting_in(session, proposal, place)}
    below = Below(session, proposal.submission, form, proposal.kind).answers(place)
    return [(key, waiting[key] if key in waiting else below.get(key)) for key in others]


def _made_by(session: Session, proposal: Proposal, page: str, seen: int) -> set[int]:
    """Return the versions of a proposal that a page has made."""
    wanted = select(SentSuggestion.version).where(
        SentSuggestion.submission_id == proposal.submission_id,
        SentSuggestion.proposal_id == proposal.id,
        SentSuggestion.page == page,
        SentSuggestion.version > seen,
        SentSuggestion.state.in_((SuggestionState.WAITING, SuggestionState.TAKEN_BACK)),
    )
    return set(session.scalars(wanted)) if page else set()


def _done(desk: Desk, each: SentOperation, draft: int, locale: str, language: str) -> Done:
    place: Place | None = None
    try:
        if each.kind is not Kind.ANSWER:
            raise InvalidInputError(parameter="kind", value=each.kind.value, allowed="answer")
        place = parse_place(each.place)
        outcomes = _again(desk, each, place) or _do(desk, each, place, draft, locale, language)
    except AppError as refused:
        return Done(sent=each, place=place, refused=refused)
    return Done(sent=each, place=place, outcomes=outcomes)


def _do(
    desk: Desk, each: SentOperation, place: Place, draft: int, locale: str, language: str
) -> list[Told]:
    questions = questions_at(desk.form, place)
    typed = read_answers(questions.values(), each.fields, locale=locale, language=language)
    shown = Shown(draft, each.since, each.sent.page)
    return suggest_at(desk, place, typed, shown, dict.fromkeys(typed, each.sent))


def _again(desk: Desk, each: SentOperation, place: Place) -> list[Told]:
    """Return what is told of an operation that came before; none for a new one."""
    before = desk.session.scalars(
        select(SentSuggestion).where(
            SentSuggestion.submission_id == desk.proposal.submission_id,
            SentSuggestion.proposal_id == desk.proposal.id,
            SentSuggestion.id == each.sent.id,
        )
    ).all()
    if any(row.place != str(place) for row in before):
        raise IdempotencyError(key=each.sent.id)
    page = Page(desk, place, None, ())
    return [page.told_again(row) for row in before]
