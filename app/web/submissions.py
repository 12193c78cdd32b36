"""A submission: its home for the Party, and its signed revisions for everybody."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import account, can, may, may_read
from app.errors import NotFoundError
from app.extensions import db
from app.forms.audience import visible
from app.forms.definition import Audience, Form, Section
from app.forms.places import Document
from app.forms.progress import Progress, progress_of_all
from app.models.counting import latest
from app.models.deadlines import Timeliness, submitted_at, timeliness
from app.models.membership import party_names
from app.models.source_file import SourceFile
from app.models.submission import Event, Revision, Submission
from app.rights import Right
from app.services.carrying import carried_marks
from app.services.collections import is_open
from app.services.designations import posts_for
from app.services.draft_history import acts_so_far, last_turn
from app.services.on_behalf_reading import documents_of, entered_as, entries_of
from app.services.proposals import holder_of, proposals_of
from app.services.review_queue import show_work
from app.services.reviews import revision_of
from app.services.sources import sources_of
from app.services.submissions import choose_language, draft_document, signed_document, standing
from app.web.deadlines import deadline_of
from app.web.forms import form_of
from app.web.last_time import still_open
from app.web.locale import language
from app.web.outline import outline
from app.web.presence import others_present
from app.web.query_marks import asking_of
from app.web.revision_changes import changes_between
from app.wording.languages import LANGUAGES
from app.workflow import Action, DraftStatus, status_of

bp = Blueprint("submissions", __name__, url_prefix="/submissions")

LATEST_EVENTS: Final = 25
TWO: Final = 2  # revisions, to compare


class Task(NamedTuple):
    """A section in the task list; *wrong* counts its problems beside what is missing."""

    section: Section
    progress: Progress
    wrong: int


class Happened(NamedTuple):
    """A line of the history."""

    event: Event
    section: str
    note: str
    holder: str  # of a proposal, where its holder did it without an account; else empty


@bp.get("/<submission_id>")
@may_read
def show(submission: Submission) -> ResponseReturnValue:
    """Show a Party what is to be done; lead all others to what it has signed."""
    if not can(Right.READ_DRAFT, submission):
        return redirect(_latest_address(submission), 303)
    form, where = form_of(submission.collection), standing(submission)
    has_draft = where.draft is not DraftStatus.NONE
    return render_template(
        "submissions/show.html",
        submission=submission,
        form=form,
        party=party_name(submission),
        status=status_of(where),
        is_awaiting=where.draft is DraftStatus.AWAITING_SIGN_OFF,
        is_open=is_open(submission.collection),
        tasks=_tasks(form, draft_document(form, submission)) if has_draft else [],
        latest=latest(submission),
        deadline=deadline_of(submission.collection, submission.party),
        history=_history(form, submission),
        sent_back_note=_sent_back_note(submission),
        asking=asking_of(submission),
        sources=len(sources_of(db.session(), submission)),
        entries=entries_of(db.session(), submission),
        others=others_present(submission, form) if has_draft else [],
        posts=posts_for(db.session(), submission.party_code, form) if has_draft else [],
        last_time=still_open(submission, form) if has_draft else None,
    )


@bp.post("/<submission_id>/language")
@may(Action.EDIT)
def set_language(submission: Submission) -> ResponseReturnValue:
    """Set the language in which the Party writes its texts."""
    choose_language(db.session(), submission, request.form.get("language", ""), account())
    db.session.commit()
    flash(_("New texts are taken to be in this language."), "success")
    return redirect(url_for(".show", submission_id=submission.id), 303)


@bp.post("/<submission_id>/help")
@may(Action.EDIT)
def let_help(submission: Submission) -> ResponseReturnValue:
    """Let the Secretariat see which section the Party works on, or no longer."""
    show_work(submission, account(), is_shown="shown" in request.form)
    db.session.commit()
    flash(
        _("The Secretariat sees which section you work on.")
        if submission.shows_work
        else _("The Secretariat no longer sees which section you work on."),
        "success",
    )
    return redirect(url_for(".show", submission_id=submission.id), 303)


@bp.get("/<submission_id>/revisions/<int:number>")
@may_read
def revision(submission: Submission, number: int) -> ResponseReturnValue:
    """Show what was signed, as far as the reader may see it."""
    return _read(submission, number, "submissions/revision.html")


@bp.get("/<submission_id>/revisions/<int:number>/print")
@may_read
def print_revision(submission: Submission, number: int) -> ResponseReturnValue:
    """Show the same as one plain document, for paper."""
    return _read(submission, number, "submissions/print.html")


@bp.get("/<submission_id>/changes")
@may_read
def changes(submission: Submission) -> ResponseReturnValue:
    """Show what changed between two signed revisions, as far as the reader may see it."""
    numbers = [r.number for r in submission.revisions if r.withdrawn_at is None]
    if len(numbers) < TWO:
        raise NotFoundError(what="revision", code=submission.id)
    after = request.args.get("to", numbers[-1], int)
    earlier = [number for number in numbers if number < after]
    before = request.args.get("from", earlier[-1] if earlier else numbers[0], int)
    form, reader = form_of(submission.collection), reader_of(submission)
    documents = [
        visible(form, signed_document(revision_of(submission, number)), reader)
        for number in (before, after)
    ]
    return render_template(
        "submissions/changes.html",
        submission=submission,
        form=form,
        party=party_name(submission),
        numbers=numbers,
        before=before,
        after=after,
        changes=changes_between(form, *documents),
        carried=carried_marks(revision_of(submission, after).carried),
    )


def reader_of(submission: Submission) -> Audience:
    """Return as whom the visitor reads this submission."""
    if can(Right.READ_DRAFT, submission):
        return Audience.PARTY
    return Audience.SECRETARIAT if can(Right.READ_REVIEW_QUEUE) else Audience.PUBLIC


def party_name(submission: Submission) -> str:
    """Return the name of the Party in the language of the page."""
    return party_names(db.session(), language()).get(submission.party_code, submission.party_code)


def in_time(submission: Submission, revision: Revision) -> Timeliness:
    """Return whether the submission came in time; of one that was withdrawn, this revision."""
    came = submitted_at(submission.revisions) or revision.signed_at
    return timeliness(submission.collection, came)


def entered_from(revision: Revision) -> Sequence[SourceFile]:
    """Return the documents from which a revision was entered on behalf of the Party; else none."""
    entry = entered_as(db.session(), revision)
    return documents_of(db.session(), entry) if entry else []


def _read(submission: Submission, number: int, template: str) -> str:
    found, form = revision_of(submission, number), form_of(submission.collection)
    reader = reader_of(submission)
    return render_template(
        template,
        submission=submission,
        form=form,
        party=party_name(submission),
        revision=found,
        newest=latest(submission),
        entered=entered_from(found),
        in_time=in_time(submission, found),
        reader=reader,
        comparable=sum(r.withdrawn_at is None for r in submission.revisions) >= TWO,
        sections=outline(
            form, signed_document(found), reader, carried=carried_marks(found.carried)
        ),
        asking=asking_of(submission),
    )


def _tasks(form: Form, document: Document) -> list[Task]:
    come = progress_of_all(form, document)
    return [
        Task(section, each, each.problems - each.missing)
        for section, each in zip(form.sections, come, strict=True)
    ]


def _history(form: Form, submission: Submission) -> list[Happened]:
    """Return the latest events, the last one first."""
    holders = {each.id: holder_of(each) for each in proposals_of(db.session(), submission)}
    return [
        Happened(
            event,
            _section_title(form, event),
            str(event.details.get("note", "")),
            holders.get(str(event.details.get("proposal", ""))) or ""
            if event.details.get("by") == "link"
            else "",
        )
        for event in acts_so_far(db.session(), submission, LATEST_EVENTS)
    ]


def _section_title(form: Form, event: Event) -> str:
    section = form.section(str(event.details.get("place", "")).partition("/")[0])
    return section.title if section else ""


def _sent_back_note(submission: Submission) -> str:
    """Return what the publishing authority said when it sent the draft back, until it is sent."""
    turn = last_turn(db.session(), submission)
    is_back = turn is not None and turn.action == Action.SEND_BACK
    return str(turn.details.get("note", "")) if turn and is_back else ""


def _latest_address(submission: Submission) -> str:
    found: Revision | None = latest(submission)
    if found is None:
        raise NotFoundError(what="submission", code=submission.id)
    return url_for(".revision", submission_id=submission.id, number=found.number)


@bp.app_template_filter()
def language_tag(code: str) -> str:
    """Return the tag of one of the six languages, for `lang`."""
    return LANGUAGES[code].tag if code in LANGUAGES else code


@bp.app_template_filter()
def direction(code: str) -> str:
    """Return the direction of a language, for `dir`."""
    return LANGUAGES[code].direction if code in LANGUAGES else "auto"


@bp.app_context_processor
def _writing_languages() -> dict[str, object]:
    return {"writing_languages": LANGUAGES}
