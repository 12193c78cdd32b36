"""What the holder of a proposal sees: the draft, and over it what the holder has written.

In what is entered on behalf of a Party nothing lies below: the Secretariat reads no draft.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.forms.audience import keys_seen, visible
from app.forms.definition import Audience, Form
from app.forms.places import (
    Answers,
    Document,
    Part,
    Place,
    assemble,
    elements_at,
    parse_place,
)
from app.models.proposal import (
    Proposal,
    ProposalKind,
    Suggestion,
    SuggestionKind,
    SuggestionState,
)
from app.models.submission import Submission
from app.services.draft_reading import DraftReader
from app.services.drafts import Parts, draft_parts
from app.services.submissions import signed_parts

_BEHIND: Final = 1_000_000  # the position of a suggested row: behind those that are there


# As whom a holder reads and writes. Who enters a report on behalf of a Party reads none of its
# answers, and has all of them on paper; others see nothing that is for the Party alone.
READERS: Final[Mapping[ProposalKind, Audience]] = {
    ProposalKind.DELEGATE: Audience.SECRETARIAT,
    ProposalKind.PARTNER: Audience.PUBLIC,
    ProposalKind.ON_BEHALF: Audience.PARTY,
}


def keys_at(form: Form, proposal: Proposal, place: Place) -> frozenset[str]:
    """Return the keys of the answers at *place* that the holder may read and write."""
    return keys_seen(form, elements_at(form, place), READERS[proposal.kind])


def waiting_in(
    session: Session, proposal: Proposal, place: Place | None = None
) -> list[Suggestion]:
    """Return what is suggested and not decided, in the order of writing.

    place   there alone
    """
    wanted = select(Suggestion).where(
        Suggestion.submission_id == proposal.submission_id,
        Suggestion.proposal_id == proposal.id,
        Suggestion.state == SuggestionState.WAITING,
    )
    if place is not None:
        wanted = wanted.where(Suggestion.place == str(place))
    return list(session.scalars(wanted.order_by(Suggestion.number)))


def waiting_counts(session: Session, submission: Submission) -> Mapping[str, int]:
    """Return how much is suggested and not decided, by the id of the proposal; no zeros."""
    found = session.execute(
        select(Suggestion.proposal_id, func.count())
        .where(
            Suggestion.submission_id == submission.id,
            Suggestion.state == SuggestionState.WAITING,
        )
        .group_by(Suggestion.proposal_id)
    )
    return {row[0]: row[1] for row in found}


class Below:
    """What lies under the suggestions of a proposal: a draft, what was signed last, or nothing."""

    def __init__(
        self, session: Session, submission: Submission, form: Form, kind: ProposalKind
    ) -> None:
        self.session = session
        self.submission = submission
        self.form = form
        self.is_empty = kind is ProposalKind.ON_BEHALF
        self.has_draft = not self.is_empty and submission.draft is not None

    @cached_property
    def parts(self) -> list[Part]:
        """Return all of it."""
        if self.is_empty:
            return []
        if self.has_draft:
            return draft_parts(self.submission)
        return signed_parts(self.form, self.submission)

    def answers(self, place: Place) -> Answers:
        """Return the plain answers at *place*."""
        if self.has_draft:
            return Parts(self.session, self.submission.id).answers(place)
        return next((dict(part.answers) for part in self.parts if part.place == place), {})

    def has(self, place: Place) -> bool:
        """Tell whether something is kept at *place*: of a row, whether it is there."""
        if self.has_draft:
            return Parts(self.session, self.submission.id).get(place) is not None
        return any(part.place == place for part in self.parts)


class ProposalReader(DraftReader):
    """Reads for the pages of a holder, as `DraftReader` does for those of a Party."""

    def __init__(
        self, session: Session, submission: Submission, form: Form, proposal: Proposal
    ) -> None:
        super().__init__(session, submission.id, form)
        self.below = Below(session, submission, form, proposal.kind)
        self.suggested = waiting_in(session, proposal)
        self.audience = READERS[proposal.kind]

    def document(self, place: Place, shown: Mapping[str, Sequence[str]] | None = None) -> Document:
        """Return what the page of *place* needs, as far as the holder may see it."""
        return visible(self.form, super().document(place, shown), self.audience)

    def whole(self) -> Document:
        """Return everything that the holder could see, had the proposal no bounds."""
        document = assemble(self.form, overlaid(self.below.parts, self.suggested))
        return visible(self.form, document, self.audience)

    def _parts(self, paths: set[str], prefixes: set[str]) -> list[Part]:
        wanted = tuple(prefixes)

        def is_wanted(path: str) -> bool:
            return path in paths or path.startswith(wanted)

        below = (
            super()._parts(paths, prefixes)
            if self.below.has_draft
            else _chosen(self.below.parts, is_wanted)
        )
        return overlaid(below, [each for each in self.suggested if is_wanted(each.place)])

    def _row_ids(self, prefix: str) -> list[str]:
        if self.below.has_draft:
            found = super()._row_ids(prefix)
        else:
            inside = (p for p in self.below.parts if str(p.place).startswith(prefix))
            found = _first_steps((str(p.place) for p in inside), prefix)
        mine = (each.place for each in self.suggested if each.place.startswith(prefix))
        return list(dict.fromkeys([*found, *_first_steps(mine, prefix)]))


def overlaid(below: Iterable[Part], suggested: Iterable[Suggestion]) -> list[Part]:
    """Return *below* with what is suggested in its place; suggested rows stand behind."""
    parts = {part.place: part for part in below}
    for each in suggested:
        place = parse_place(each.place)
        held = parts.get(place) or Part(place, _BEHIND + each.number, {})
        answers = dict(held.answers)
        if each.kind is SuggestionKind.ANSWER:
            answers.pop(each.question, None)
            if each.answer is not None:
                answers[each.question] = each.answer
        parts[place] = Part(place, held.position, answers)
    return list(parts.values())


def _chosen(parts: Sequence[Part], is_wanted: Callable[[str], bool]) -> list[Part]:
    return [part for part in parts if is_wanted(str(part.place))]


def _first_steps(paths: Iterable[str], prefix: str) -> list[str]:
    """Return, of paths under a list, the keys of its rows, each once."""
    return list(dict.fromkeys(path.removeprefix(prefix).partition("/")[0] for path in paths))
