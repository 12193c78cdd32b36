"""The front of a proposal: where its holder reads and writes, by a link or by an account.

Both have the same pages; only their addresses differ.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from flask import request, url_for
from flask_babel import gettext as _

from app.access import account
from app.extensions import db
from app.forms.definition import Form
from app.forms.places import Place, parse_place
from app.models.proposal import Proposal, ProposalKind, SuggestionKind
from app.models.submission import Submission
from app.services.drafts import version_of
from app.services.partners import grants_of
from app.services.proposal_reading import ProposalReader
from app.services.suggestion_pages import Shown
from app.web.clashes import posted_from, posted_version
from app.web.forms import form_of
from app.web.locale import language
from app.web.operations_json import NUMBER
from app.web.saving_words import suggesting_words
from app.web.submissions import party_name

SEEN: Final = ".seen"  # version of the proposal that the page shows; no id of a question begins so


def holder_id(proposal: Proposal) -> str:
    """Return as whose the pages of a proposal save: an account, else the proposal itself."""
    return proposal.account_id or f"proposal-{proposal.id}"


def posted_shown() -> Shown | None:
    """Return the versions that the page showed; None if it does not say."""
    draft, seen = posted_version(), request.form.get(SEEN, "")
    if draft is None or not NUMBER.fullmatch(seen):
        return None
    return Shown(draft, int(seen), posted_from().page)


@dataclass
class Front:
    """A proposal, as the pages of its holder need it."""

    proposal: Proposal
    form: Form

    @classmethod
    def of(cls, proposal: Proposal) -> "Front":
        """Return the front of *proposal*."""
        return cls(proposal, form_of(proposal.submission.collection))

    @property
    def submission(self) -> Submission:
        """Return the submission that it is about."""
        return self.proposal.submission

    @property
    def writing_language(self) -> str:
        """The language of new texts: that of the paper, else the one in which the Party writes."""
        if self.proposal.kind is ProposalKind.ON_BEHALF:
            return self.proposal.language
        return self.submission.language or language()

    @property
    def draft_version(self) -> int:
        """The version of the draft that its pages show; of a draft that nobody may know of, 0."""
        if self.proposal.kind is ProposalKind.ON_BEHALF:
            return 0
        return version_of(db.session(), self.submission)

    def reader(self) -> ProposalReader:
        """Return what reads for its pages, with all that was saved so far."""
        return ProposalReader(db.session(), self.submission, self.form, self.proposal)

    @cached_property
    def own_rows(self) -> frozenset[str]:
        """Return the rows that the holder has suggested, and can take back."""
        found = self.reader().suggested
        return frozenset(each.place for each in found if each.kind is SuggestionKind.ADD_ROW)

    def address(self, place: Place | str = "", **query: Any) -> str:  # noqa: ANN401 - as url_for
        """Return the address of the page of *place*; without one, of the proposal's home."""
        return self.endpoint("show", place=str(place), **query) if place else self.endpoint("home")

    def endpoint(self, name: str, **values: Any) -> str:  # noqa: ANN401 - as url_for
        """Return the address of one of its pages."""
        link = (request.view_args or {}).get("link")
        if self.proposal.account_id is None and link is not None:
            return url_for(f"delegate.{name}", link=link, **values)
        return url_for(f"proposals.{name}", proposal_id=self.proposal.id, **values)

    def saving(self) -> dict[str, object]:
        """Return what its pages need to save by themselves: see `templates/entry/saving.html`."""
        proposal = self.proposal
        is_delegate = proposal.kind is ProposalKind.DELEGATE
        here = {"link": (request.view_args or {}).get("link")}
        here = here if is_delegate else {"proposal_id": proposal.id}
        name = "delegate_operations" if is_delegate else "proposal_operations"
        return {
            "saving": proposal.id,
            "account": holder_id(proposal),
            "operations": url_for(f"{name}.send", lang=language(), **here),
            "changes": url_for(f"{name}.changes", lang=language(), **here),
            "key": url_for(f"{name}.show_key", **here) if is_delegate else url_for("auth.show_key"),
            "home": self.address(),
            "draft": self.draft_version,
            "words": suggesting_words(is_delegate=is_delegate),
        }

    def way_up(self) -> list[tuple[str, str]]:
        """Return where its holder came from; a delegate has come by a link, from nowhere."""
        if self.proposal.kind is ProposalKind.ON_BEHALF:
            address = url_for("sources.index", submission_id=self.submission.id)
            return [(_("Documents from the Party"), address)]
        if self.proposal.kind is ProposalKind.DELEGATE:
            return []
        home = (_("Home"), url_for("home.index"))
        draft = _("Draft of %(party)s", party=party_name(self.submission))
        return [
            home,
            *(
                (draft, url_for("partner.show", grant_id=grant.id))
                for grant in grants_of(db.session(), account())
                if grant.proposal_id == self.proposal.id
            ),
        ]

    def places(self) -> list[Place]:
        """Return the places that the holder is invited to; of a whole form its sections."""
        if self.proposal.places is None:
            return [Place(section.id) for section in self.form.sections]
        return [parse_place(path) for path in self.proposal.places]
