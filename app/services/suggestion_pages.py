"""The page of a place as its holder sees it: what was typed there becomes suggestions, each once.

A page follows itself: what it has saved before is what it shows. An answer that it sends again
under the id of before is told again and changes nothing; one older than what it sent since, too.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from app.errors import IdempotencyError
from app.forms.merging import merge
from app.forms.places import Place
from app.models.base import new_id
from app.models.proposal import SentSuggestion, Suggestion, SuggestionKind, SuggestionState
from app.services.batches import Sent
from app.services.drafts import version_of
from app.services.past_answers import answers_then
from app.services.proposal_reading import waiting_in
from app.services.suggestion_desk import Desk


@dataclass(frozen=True, slots=True)
class Shown:
    """What the holder's page showed: a version of the draft, and one of the proposal.

    page   its id, as it was opened; what it has saved since is shown, too
    """

    draft: int
    proposal: int
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of one answer. *state* is None where nothing was to be changed.

    answer   that the holder's page shows now
    typed    that was sent; None where it is only told again
    mine     where it clashes, what it would be with the text that was typed
    """

    question: str
    state: SuggestionState | None
    answer: Any = None
    typed: Any = None
    mine: Any = None


class Page:
    """The holder's page of one place, as it was shown."""

    def __init__(
        self, desk: Desk, place: Place, shown: Shown | None, questions: Collection[str]
    ) -> None:
        self.desk = desk
        self.place = place
        self.submission = desk.proposal.submission
        self.present = desk.below.answers(place)
        self.sent: dict[str, SentSuggestion] = {}  # what the page has saved since, by question
        if shown is None:
            self.version = version_of(desk.session, self.submission)
            self.draft = self.present
            self.own = self._own_now()
            return
        self.version = shown.draft
        self.draft = (
            self.present
            if desk.below.is_empty
            else answers_then(desk.session, self.submission, place, shown.draft, self.present)
        )
        self.own = self._own_then(shown.proposal)
        self._follow(shown, questions)

    def base(self, question: str) -> Any:  # noqa: ANN401 - any answer
        """Return the answer that the page knows: what it saved last, else what it showed."""
        if question in self.sent:
            return self.sent[question].typed
        own = self.own.get(question)
        return own.answer if own is not None else self.draft.get(question)

    def now(self, question: str) -> Any:  # noqa: ANN401 - any answer
        """Return the answer that a page opened now would show."""
        own = self.desk.waiting(self.place, question)
        return own.answer if own is not None else self.present.get(question)

    def take_once(self, question: str, typed: Any, sent: Sent) -> Told:  # noqa: ANN401
        """Take what was typed as `take` does, unless it came before under the id of *sent*.

        Raises IdempotencyError where that is the id of something else.
        """
        key = (self.submission.id, self.desk.proposal.id, sent.id, question)
        before = self.desk.session.get(SentSuggestion, key) if sent.id else None
        if before is not None:
            return self.told_again(before)
        if self._is_late(question, sent):
            return Told(question=question, state=None, answer=self.now(question), typed=typed)
        told = self.take(question, typed)
        self.keep(sent, told)
        return told

    def told_again(self, before: SentSuggestion) -> Told:
        """Return what is told of an answer that came before; raise IdempotencyError elsewhere."""
        if before.place != str(self.place):
            raise IdempotencyError(key=before.id)
        answer = self.now(before.question)
        return Told(question=before.question, state=before.state, answer=answer)

    def keep(self, sent: Sent, told: Told) -> None:
        """Keep under which id something came, so that it is known again."""
        if not (sent.id or sent.page):
            return
        proposal = self.desk.proposal
        self.desk.session.add(
            SentSuggestion(
                submission_id=proposal.submission_id,
                proposal_id=proposal.id,
                id=sent.id or new_id(),
                question=told.question,
                place=str(self.place),
                page=sent.page,
                page_order=sent.order,
                state=told.state,
                version=proposal.version,
                typed=told.typed,
            )
        )

    def take(self, question: str, typed: Any) -> Told:  # noqa: ANN401 - any answer
        """Make a suggestion of what was typed, where it differs from what was shown."""
        own, now = self.own.get(question), self.desk.waiting(self.place, question)
        shown = self.base(question)
        if typed == shown or (now is not None and typed == now.answer):
            answer = now.answer if now is not None else shown
            return Told(question=question, state=None, answer=answer, typed=typed)
        if now is None:
            return self._write(question, typed, typed, own)
        merged = merge(shown, now.answer, typed)
        if not merged.is_clash:
            return self._write(question, merged.answer, typed, now)
        if not self._is_kept(question, typed):
            self.desk.keep_aside(self.place, question, now, typed)
        return Told(
            question=question,
            state=SuggestionState.CLASH,
            answer=merged.answer,
            typed=typed,
            mine=merged.mine,
        )

    def _write(
        self,
        question: str,
        answer: Any,  # noqa: ANN401 - any answer
        typed: Any,  # noqa: ANN401 - any answer
        before: Suggestion | None,
    ) -> Told:
        base, version = self.draft.get(question), self.version
        if before is not None and before.state is SuggestionState.ACCEPTED:
            base, version = before.answer, before.operation or self.version
        elif before is not None:
            base, version = before.base, before.base_version
        now = self.desk.waiting(self.place, question)
        state: SuggestionState | None = None
        if answer != base:
            state = SuggestionState.WAITING
            self.desk.write(
                SuggestionKind.ANSWER,
                self.place,
                question,
                base=base,
                base_version=version,
                answer=answer,
            )
        elif now is not None:
            state = SuggestionState.TAKEN_BACK
            self.desk.take_back(now)
        return Told(question=question, state=state, answer=answer, typed=typed)

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

    def _follow(self, shown: Shown, questions: Collection[str]) -> None:
        """Let the page show what it has saved itself since it was opened."""
        if not shown.page:
            return
        key = (self.submission.id, self.desk.proposal.id)
        found = self.desk.session.scalars(
            select(SentSuggestion).where(
                SentSuggestion.submission_id == key[0],
                SentSuggestion.proposal_id == key[1],
                SentSuggestion.page == shown.page,
                SentSuggestion.place == str(self.place),
                SentSuggestion.question.in_(questions),
                SentSuggestion.version > shown.proposal,
            )
        )
        for each in sorted(found, key=lambda each: (each.version, each.page_order or 0)):
            if each.state is SuggestionState.CLASH:
                continue
            self.sent[each.question] = each
            if each.state is SuggestionState.WAITING:
                made = self.desk.session.get_one(Suggestion, (*key, each.version))
                self.own[each.question] = made

    def _is_late(self, question: str, sent: Sent) -> bool:
        """Tell whether the page has sent a newer text of this answer before."""
        if not sent.page or sent.order is None:
            return False
        newer = select(SentSuggestion.id).where(
            SentSuggestion.submission_id == self.submission.id,
            SentSuggestion.proposal_id == self.desk.proposal.id,
            SentSuggestion.page == sent.page,
            SentSuggestion.place == str(self.place),
            SentSuggestion.question == question,
            SentSuggestion.page_order > sent.order,
        )
        return self.desk.session.scalar(newer.limit(1)) is not None

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
