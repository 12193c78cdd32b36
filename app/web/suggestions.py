"""What others suggest for a draft: read, accepted, declined. The Party's alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access import account, can, may
from app.errors import NotFoundError
from app.extensions import db
from app.forms.definition import Form, Question, Section
from app.forms.places import Document, Place, parse_place
from app.models.operation import State
from app.models.proposal import (
    Proposal,
    ProposalKind,
    ProposalState,
    Suggestion,
    SuggestionState,
)
from app.models.submission import Submission
from app.rights import Right
from app.services import accepting as verbs
from app.services.accepting import Decided, Waiting
from app.services.collections import is_open
from app.services.drafts import draft_document, version_of
from app.services.operations import questions_at
from app.services.proposal_reading import ProposalReader
from app.services.proposals import holder_of
from app.services.suggested_marks import suggested_at, suggested_in
from app.web.clashes import VERSION, posted_version
from app.web.draft_pages import is_there, list_anchor
from app.web.fields import anchor_of
from app.web.forms import form_of
from app.web.problems import place_title
from app.web.submissions import party_name
from app.web.titles import Title
from app.workflow import Action

bp = Blueprint("suggestions", __name__, url_prefix="/submissions/<submission_id>/suggestions")

SETTLED: Final = 50  # shown of those that do not wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A suggestion, as its page shows it."""

    suggestion: Suggestion
    title: Title  # of its place
    question: Question | None  # None: a row
    label: str
    holder: str
    address: str  # of the answer in the draft
    waiting: Waiting | None = None

    @property
    def name(self) -> str:
        """Return what names it in a form."""
        return f"{self.suggestion.proposal_id}:{self.suggestion.number}"

    @property
    def anchor(self) -> str:
        """Return its id in the page."""
        return f"s-{self.suggestion.proposal_id}-{self.suggestion.number}"

    @property
    def is_handed_in(self) -> bool:
        """Whether its holder has said to be done."""
        return self.suggestion.proposal.state is not ProposalState.OPEN


@dataclass(frozen=True, slots=True)
class Part:
    """The suggestions for one section."""

    section: Section
    lines: tuple[Line, ...]


@bp.get("")
@may(Right.READ_DRAFT)
def index(submission: Submission) -> ResponseReturnValue:
    """Show what waits for the Party; with `?section=`, of one section."""
    return _page(submission)


@bp.post("")
@may(Action.EDIT)
def decide(submission: Submission) -> ResponseReturnValue:
    """Accept or decline one suggestion, or those of a section that the page showed."""
    verb, _colon, rest = request.form.get("then", "").partition(":")
    chosen = _chosen(submission, [rest] if verb in {"accept", "decline"} else _shown(rest))
    if verb.startswith("decline"):
        declined = verbs.decline(db.session(), submission, chosen, account())
        db.session.commit()
        said = ngettext(
            "Declined. The text is kept.", "%(num)d declined. The texts are kept.", len(declined)
        )
        flash(said, "success")
        return _back(submission)
    form = form_of(submission.collection)
    since = posted_version() if verb == "accept" else None
    decided = verbs.accept(db.session(), submission, form, chosen, account(), since=since)
    db.session.commit()
    _tell(decided)
    return _back(submission)


def _page(submission: Submission) -> str:
    form, session = form_of(submission.collection), db.session()
    wished = request.args.get("section", "")
    lines = list(_lines(submission, form, verbs.waiting(session, submission, form)))
    parts = [
        Part(section, own)
        for section in form.sections
        if (own := tuple(line for line in lines if _section(line) == section.id))
        and wished in ("", section.id)
    ]
    return render_template(
        "suggestions/index.html",
        submission=submission,
        form=form,
        party=party_name(submission),
        parts=parts,
        wished=form.section(wished),
        may_decide=is_open(submission.collection) and can(Action.EDIT, submission),
        settled=_settled(submission, form),
        version_name=VERSION,
        version=version_of(session, submission),
    )


def _lines(submission: Submission, form: Form, found: Iterable[Waiting]) -> Iterable[Line]:
    documents = _Documents(submission, form)
    for each in found:
        yield _line(documents, each.suggestion, each)


def _settled(submission: Submission, form: Form) -> list[Line]:
    documents = _Documents(submission, form)
    return [
        _line(documents, each, None) for each in verbs.settled(db.session(), submission, SETTLED)
    ]


class _Documents:
    """What the lines of one page are shown by, each read once: the draft, and what is suggested."""

    def __init__(self, submission: Submission, form: Form) -> None:
        self.submission = submission
        self.form = form
        self._suggested: dict[str, Document] = {}

    @cached_property
    def draft(self) -> Document:
        return draft_document(self.form, self.submission)

    def of(self, proposal: Proposal) -> Document:
        """Return what the holder of a proposal sees."""
        if proposal.id not in self._suggested:
            reader = ProposalReader(db.session(), self.submission, self.form, proposal)
            self._suggested[proposal.id] = reader.whole()
        return self._suggested[proposal.id]


def _line(documents: _Documents, suggestion: Suggestion, waiting: Waiting | None) -> Line:
    form, place = documents.form, parse_place(suggestion.place)
    try:
        question = questions_at(form, place).get(suggestion.question)
    except NotFoundError:
        question = None
    return Line(
        suggestion=suggestion,
        title=place_title(form, documents.of(suggestion.proposal), place),
        question=question,
        label=_label(question) if question else str(_("A new entry")),
        holder=holder_of(suggestion.proposal),
        address=_address(documents, place, suggestion.question),
        waiting=waiting,
    )


def _address(documents: _Documents, place: Place, question: str) -> str:
    """Return where it is in the draft; of a row that is not there, the page around it."""
    form, document = documents.form, documents.draft
    here, anchor = place, anchor_of(question) if question else list_anchor(place)
    while (around := here.parent) and not is_there(form, document, here):
        here, anchor = around, list_anchor(around, here.steps[-1][0])
    if not question and here == place and here.parent is not None:
        here = here.parent
    owner = documents.submission.id
    return url_for("entry.show", submission_id=owner, place=str(here), _anchor=anchor)


def _label(question: Question) -> str:
    if question.matrix is None or question.item is None:
        return question.label
    return str(_("%(label)s: %(text)s", label=question.matrix.label, text=question.item.label))


def _section(line: Line) -> str:
    return line.suggestion.place.partition("/")[0]


def _shown(section: str) -> list[str]:
    """Return the names of the suggestions of a section that the page showed."""
    return [
        name
        for name in request.form.getlist("shown")
        if request.form.get(f"in.{name}", "") == section
    ]


def _chosen(submission: Submission, names: Iterable[str]) -> list[Suggestion]:
    found: list[Suggestion] = []
    for name in names:
        proposal_id, _colon, number = name.partition(":")
        if not number.isdecimal() or len(number) > 9:  # noqa: PLR2004 - digits of a whole number
            raise NotFoundError(what="suggestion", code=name)
        suggestion = verbs.suggestion_at(db.session(), submission, proposal_id, int(number))
        if suggestion.proposal.kind is ProposalKind.ON_BEHALF:
            raise NotFoundError(what="suggestion", code=name)  # is confirmed as a whole
        found.append(suggestion)
    return found


def _tell(decided: Sequence[Decided]) -> None:
    """Say what became of what was to be accepted."""
    states = [each.state for each in decided]
    taken = sum(each.suggestion.state is SuggestionState.ACCEPTED for each in decided)
    if taken:
        flash(
            ngettext(
                "Accepted. It is in the draft.", "%(num)d accepted. They are in the draft.", taken
            ),
            "success",
        )
    if State.CLASH in states:
        flash(
            _(
                "Some were not taken: the Party has changed the same answers since they were"
                " written. Read both texts, and accept or decline one by one."
            ),
            "warning",
        )
    if states.count(State.APPLIED) + states.count(State.SAME) > taken:
        flash(
            _("Some were not taken: they were changed or declined since this page was opened."),
            "warning",
        )
    if State.LOCKED in states:
        flash(
            _("Some were not taken: in this revision these answers are locked."),
            "warning",
        )


def _back(submission: Submission) -> ResponseReturnValue:
    section = request.form.get("section", "")
    return redirect(url_for(".index", submission_id=submission.id, section=section or None), 303)


@bp.app_template_global()
def suggestion_count(submission: Submission) -> int:
    """Return how many suggestions wait for the Party."""
    return sum(verbs.counts(db.session(), submission).values())


@bp.app_template_global()
def suggested_by(submission: Submission, place: Place) -> dict[str, str]:
    """Return who suggested the answers at a place that were accepted since the draft began."""
    found = suggested_at(db.session(), submission, place)
    return {question: holder_of(proposal) for question, proposal in found.items()}


@bp.app_template_global()
def suggested_texts(submission: Submission, form: Form) -> list[tuple[str, str, str]]:
    """Return (what is asked, who suggested it, address) of each answer that was accepted."""
    found = suggested_in(db.session(), submission)
    texts: list[tuple[str, str, str]] = []
    for (path, key), proposal in found.items():
        question = questions_at(form, parse_place(path)).get(key)
        if question is not None:
            address = url_for(
                "draft_history.at_place", submission_id=submission.id, place=path, question=key
            )
            texts.append((_label(question), holder_of(proposal), address))
    return texts


@bp.app_template_global()
def suggestions_at(submission: Submission, form: Form, place: Place) -> dict[str, list[Line]]:
    """Return what waits at a place of the draft, by question; new rows by their list."""
    found = verbs.waiting(db.session(), submission, form, place=place)
    lines: dict[str, list[Line]] = {}
    for line in _lines(submission, form, found):
        steps = parse_place(line.suggestion.place).steps
        key = steps[-1][0] if line.question is None and steps else line.suggestion.question
        lines.setdefault(key, []).append(line)
    return lines
