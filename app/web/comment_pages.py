"""Pages of comments, for the two who may see them: a Party's people, and a partner institution.

A partner sees the threads that it began, in the sections that it was invited to, beside answers
that become public; who answers it for the Party is told by role alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import account, can
from app.errors import InvalidInputError, NotAllowedError, NotFoundError
from app.extensions import db
from app.forms.audience import sees, visible
from app.forms.definition import Audience, Form, Question
from app.forms.places import Document, Place, answers_at, elements_at, parse_place
from app.models.comment import CommentThread
from app.models.counting import latest
from app.models.partner import PartnerGrant
from app.models.submission import Submission
from app.rights import Right
from app.services import comments as verbs
from app.services.comments import Said
from app.services.submissions import draft_document, signed_document, standing
from app.web.draft_pages import is_there
from app.web.fields import anchor_of
from app.web.forms import form_of
from app.web.history_titles import Titles
from app.web.locale import language
from app.web.problems import place_title
from app.web.sign_in_forms import FieldProblem
from app.web.titles import Title, question_label
from app.workflow import Action, DraftStatus


class Counted(NamedTuple):
    """How many threads there are about one thing."""

    still_open: int
    every: int


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What comments are about, as their page shows it."""

    place: Place
    title: Title  # of the section, item or row
    is_there: bool  # whether the draft still has it
    question: Question | None
    label: str  # of the question; empty: the place as a whole
    answer: Any  # as it stands now


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A thread as a list shows it."""

    thread: CommentThread
    about: About
    is_changed: bool  # what it is about, after it was begun


@dataclass(kw_only=True)
class Front:
    """The comments on one draft as one visitor sees them, and where their pages are."""

    submission: Submission
    grant: PartnerGrant | None = None  # of the partner institution that looks; None: the Party
    form: Form = field(init=False)

    def __post_init__(self) -> None:
        self.form = form_of(self.submission.collection)

    @property
    def has_draft(self) -> bool:
        """Whether there is something to comment on."""
        return standing(self.submission).draft is not DraftStatus.NONE

    @property
    def may_comment(self) -> bool:
        """Whether the visitor may write now."""
        return self.has_draft and (self.grant is None or self.grant.may_comment)

    @cached_property
    def document(self) -> Document:
        """The draft; where there is none, for the Party what was signed last and stands."""
        if self.grant is not None:
            return visible(self.form, draft_document(self.form, self.submission), Audience.PUBLIC)
        if self.has_draft:
            return draft_document(self.form, self.submission)
        revision = latest(self.submission)
        return signed_document(revision) if revision else {}

    @cached_property
    def counts(self) -> dict[tuple[str, str], Counted]:
        """How many threads there are, by place and question."""
        found = verbs.counts(db.session(), self.submission, grant=self.grant)
        return {about: Counted(*numbers) for about, numbers in found.items()}

    def at(self, place: Place | str, question: str = "") -> str:
        """Return where one reads and writes comments on a place, or on an answer there."""
        asked: dict[str, Any] = {"place": str(place), "question": question or None}
        if self.grant is not None:
            return url_for("partner.comments_at", grant_id=self.grant.id, **asked)
        return url_for("comments.at_place", submission_id=self.submission.id, **asked)

    def of(self, thread: CommentThread, act: str = "show") -> str:
        """Return the address of a thread, or of an act on it.

        For a partner its own threads are counted: no address tells how many the Party has.
        """
        if self.grant is not None:
            name = "comments" if act == "show" else act
            number = verbs.numbers_for(db.session(), self.grant).index(thread.number) + 1
            return url_for(f"partner.{name}", grant_id=self.grant.id, number=number)
        return url_for(f"comments.{act}", submission_id=self.submission.id, number=thread.number)

    @property
    def steps(self) -> list[tuple[str, str]]:
        """The way up from a page of comments."""
        if self.grant is not None:
            return [(self.form.title, url_for("partner.show", grant_id=self.grant.id))]
        here: dict[str, Any] = {"submission_id": self.submission.id}
        return [
            (self.form.title, url_for("submissions.show", **here)),
            (_("Comments on the draft"), url_for("comments.index", **here)),
        ]

    def draft_address(self, place: Place, question: str = "") -> str:
        """Return where the visitor reads what is commented on."""
        if self.grant is not None:
            return url_for("partner.show", grant_id=self.grant.id)
        here: dict[str, Any] = {"submission_id": self.submission.id}
        if can(Action.EDIT, self.submission):
            anchor = anchor_of(question) if question else None
            return url_for("entry.show", **here, place=str(place), _anchor=anchor)
        return url_for("signing.check" if self.has_draft else "submissions.show", **here)

    def thread(self, number: int) -> CommentThread:
        """Return a thread that the visitor may read; raise NotFoundError."""
        if self.grant is not None:
            own = verbs.numbers_for(db.session(), self.grant)
            if not 0 < number <= len(own):
                raise NotFoundError(what="comment", code=number)
            number = own[number - 1]
        return verbs.thread_of(db.session(), self.submission, number)

    def may_resolve(self, thread: CommentThread) -> bool:
        """Tell whether the visitor may say that nothing is left to do."""
        is_drafter = self.grant is None and can(Right.RESOLVE_COMMENTS, self.submission)
        return is_drafter or verbs.began(thread, account())

    def questions(self, place: Place) -> dict[str, Question]:
        """Return what can be commented on at *place*, by id."""
        found = verbs.talked_about(self.form, place).items()
        if self.grant is None:
            return dict(found)
        return {key: each for key, each in found if sees(Audience.PUBLIC, each.audience)}

    def about(self, place: Place, question: str = "") -> About:
        """Return what a place, or an answer there, looks like now."""
        there = is_there(self.form, self.document, place)
        found = self.questions(place).get(question)
        answers = answers_at(self.document, place) if there else {}
        return About(
            place=place,
            title=self._title(place, is_there=there),
            is_there=there,
            question=found,
            label=question_label(found) if found else "",
            answer=answers.get(question) if found else None,
        )

    def shown(self, threads: Sequence[CommentThread]) -> list[Shown]:
        """Return threads as a list shows them."""
        changed = verbs.changed_since(db.session(), self.submission, threads)
        return [
            Shown(
                thread=thread,
                about=self.about(parse_place(thread.place), thread.question),
                is_changed=thread.number in changed,
            )
            for thread in threads
        ]

    def _title(self, place: Place, *, is_there: bool) -> Title:
        if is_there:
            return place_title(self.form, self.document, place)
        if self.grant is None:
            return Titles(db.session(), self.submission, self.form).of(place)
        container = self.form.container(place.steps[-1][0])
        return Title(container.label if container else "")


def page_at(front: Front, place: Place, problems: Iterable[FieldProblem] = ()) -> str:
    """Show what was said about a place or a question there, and where to say more."""
    wished = request.args.get("question", "")
    elements_at(front.form, place)
    if front.grant is not None:
        verbs.need_seen(front.form, front.grant, place)
    questions = front.questions(place)
    about = verbs.members(front.form, place, wished) & set(questions)
    if wished and not about:
        raise NotFoundError(what="question", code=wished)
    one = wished if wished in about else ""
    threads = verbs.threads_of(db.session(), front.submission, place, about or None, front.grant)
    listed = [(key, question_label(each)) for key, each in questions.items()]
    return render_template(
        "comments/at_place.html",
        front=front,
        submission=front.submission,
        about=front.about(place, one),
        is_matrix=bool(wished) and not one,
        questions=[] if one else [each for each in listed if not about or each[0] in about],
        shown=front.shown(threads),
        back=front.draft_address(place, wished),
        **_typed(problems),
    )


def page_of(front: Front, thread: CommentThread, problems: Iterable[FieldProblem] = ()) -> str:
    """Show a thread, and where to answer."""
    place = parse_place(thread.place)
    return render_template(
        "comments/show.html",
        front=front,
        submission=front.submission,
        thread=thread,
        about=front.about(place, thread.question),
        is_changed=verbs.is_changed_since(db.session(), thread),
        may_resolve=front.may_resolve(thread),
        back=front.draft_address(place, thread.question),
        **_typed(problems),
    )


def begin(front: Front, place: Place) -> ResponseReturnValue:
    """Comment on a place or an answer; or say what is lacking, with what was typed."""
    session, question = db.session(), request.args.get("question", "")
    try:
        thread = verbs.begin(
            session, front.submission, front.form, place, question, _said(), account(), front.grant
        )
    except InvalidInputError as error:
        session.rollback()
        return page_at(front, place, _problem(error)), 422
    return _told(front, thread)


def reply(front: Front, number: int) -> ResponseReturnValue:
    """Go on in a thread; or say what is lacking, with what was typed."""
    thread = front.thread(number)
    try:
        verbs.reply(db.session(), thread, _said(), account())
    except InvalidInputError as error:
        db.session.rollback()
        return page_of(front, thread, _problem(error)), 422
    return _told(front, thread)


def resolve(front: Front, number: int, back: str) -> ResponseReturnValue:
    """Say that nothing is left to do, and go *back*."""
    thread = front.thread(number)
    if not front.may_resolve(thread):
        raise NotAllowedError(action=Right.RESOLVE_COMMENTS.value)
    verbs.resolve(db.session(), thread, account())
    db.session.commit()
    flash(_("Resolved. The comments stay here to be read."), "success")
    return redirect(back, 303)


def _told(front: Front, thread: CommentThread) -> ResponseReturnValue:
    db.session.commit()
    flash(_("Commented. Those concerned are told by mail."), "success")
    return redirect(front.of(thread), 303)


def _said() -> Said:
    return Said(
        text=request.form.get("text", ""), language=request.form.get("language", language())
    )


def _typed(problems: Iterable[FieldProblem]) -> dict[str, object]:
    return {
        "problems": list(problems),
        "text": request.form.get("text", ""),
        "spoken": request.form.get("language", language()),
    }


def _problem(error: InvalidInputError) -> list[FieldProblem]:
    """Say what is to be put right, and where."""
    parameter = str(error.details["parameter"])
    told = {
        "text": _("Write what you want to say: at most 5,000 characters."),
        "language": _("Choose one of the six languages."),
    }
    return [FieldProblem(told.get(parameter, str(error)), f"#{parameter}")]
