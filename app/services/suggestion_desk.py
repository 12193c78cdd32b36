"""One save of who suggests: what is new, what is taken back, and one line in the audit trail.

A suggestion is never changed: a newer one takes its place.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from app.forms.definition import Form
from app.forms.places import Place
from app.models.proposal import (
    Proposal,
    ProposalState,
    Suggestion,
    SuggestionKind,
    SuggestionState,
)
from app.receipts import FIRST, canonical, chain
from app.services.draft_history import removal_in
from app.services.proposal_reading import Below, waiting_in
from app.services.proposals import need_live, record_by_holder

SUGGEST: Final = "suggest"  # in the audit trail


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
