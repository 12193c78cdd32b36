"""Comments on a draft: the people of a Party talk about a section, a row or an answer.

They change no answer and stop nothing, also not a signature. Mails say that there is a comment,
never what it says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, selectinload

from app.errors import InvalidInputError, NotFoundError, WrongStatusError
from app.forms.audience import sees
from app.forms.definition import LANGUAGES, Audience, Form, Question, QuestionType, Repeat
from app.forms.places import Place, elements_at
from app.models.account import Account, Role
from app.models.base import now
from app.models.comment import Comment, CommentThread
from app.models.operation import Operation, State
from app.models.partner import PartnerGrant
from app.models.submission import DraftPart, Event, Submission
from app.services.batches import ways_to
from app.services.draft_history import removal_in
from app.services.drafts import version_of
from app.services.events import record, text_hash
from app.services.operations import questions_at
from app.services.outbox import post_about, post_to
from app.services.people import active_people
from app.services.submissions import standing
from app.workflow import CommentAction, CommentState, DraftStatus, next_comment_state, status_of

LONGEST = 5000  # characters of a comment
COMMENTED = "comment"  # kinds of mail
RESOLVED = "comments_resolved"
TO_PARTNER = "partner_comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said, and in which language."""

    text: str
    language: str


def begin(
    session: Session,
    submission: Submission,
    form: Form,
    place: Place,
    question: str,
    said: Said,
    account: Account,
    grant: PartnerGrant | None = None,
) -> CommentThread:
    """Begin a thread on a section, row or answer of the draft; tell those concerned.

    question   id of a question at *place*; empty: the place as a whole
    grant      of the partner institution that begins it, and goes on reading it

    Raises WrongStatusError when there is no draft; NotFoundError for what the form does not have,
    for a row that never was, and for what a partner does not see; InvalidInputError for a text
    that is empty or too long.
    """
    _need_draft(submission)
    if grant is not None:
        need_seen(form, grant, place, question)
    _need_there(session, submission, form, place)
    if question and question not in talked_about(form, place):
        raise NotFoundError(what="question", code=question)
    thread = CommentThread(
        submission=submission,
        number=_next_number(session, submission),
        place=str(place),
        question=question,
        version=version_of(session, submission),
        grant_id=grant.id if grant else None,
        state=CommentState.OPEN,
    )
    session.add(thread)
    _say(session, thread, said, account)
    return thread


def reply(session: Session, thread: CommentThread, said: Said, account: Account) -> None:
    """Go on in a thread, which is open again if it was resolved; tell those concerned.

    Raises WrongStatusError when there is no draft, InvalidInputError for the text.
    """
    _need_draft(thread.submission)
    thread.state = next_comment_state(thread.state, CommentAction.COMMENT)
    _say(session, thread, said, account)


def resolve(session: Session, thread: CommentThread, account: Account) -> None:
    """Say that nothing is left to do; raise WrongCommentStateError when it is resolved already.

    Who wrote in it is told. What was said stays.
    """
    thread.state = next_comment_state(thread.state, CommentAction.RESOLVE)
    thread.changed_at = now()
    session.flush()
    _record(thread, CommentAction.RESOLVE, account)
    _tell(session, thread, RESOLVED, _writers(thread) - {account.id})


def began(thread: CommentThread, account: Account) -> bool:
    """Tell whether a thread was begun by *account*."""
    return bool(thread.comments) and thread.comments[0].account_id == account.id


def thread_of(session: Session, submission: Submission, number: int) -> CommentThread:
    """Return a thread by its number in the submission; raise NotFoundError."""
    found = session.get(CommentThread, (submission.id, number))
    if found is None:
        raise NotFoundError(what="comment", code=number)
    return found


def numbers_for(session: Session, grant: PartnerGrant) -> Sequence[int]:
    """Return the numbers of the threads that a partner began: its first, its second, and so on."""
    return session.scalars(
        select(CommentThread.number)
        .where(
            CommentThread.submission_id == grant.submission_id, CommentThread.grant_id == grant.id
        )
        .order_by(CommentThread.number)
    ).all()


def threads_of(
    session: Session,
    submission: Submission,
    place: Place | None = None,
    questions: frozenset[str] | None = None,
    grant: PartnerGrant | None = None,
) -> Sequence[CommentThread]:
    """Return threads with their comments: those that are open first, then by number.

    place       at which; None: everywhere
    questions   about which there, "" for the place as a whole; None: all
    grant       which a partner institution began by it; None: all, as the Party sees them
    """
    wanted = [CommentThread.submission_id == submission.id]
    if place is not None:
        wanted.append(CommentThread.place == str(place))
    if grant is not None:
        wanted.append(CommentThread.grant_id == grant.id)
    if questions is not None:
        wanted.append(CommentThread.question.in_(sorted(questions)))
    found = session.scalars(
        select(CommentThread)
        .where(*wanted)
        .options(selectinload(CommentThread.comments).joinedload(Comment.account))
        .order_by(CommentThread.number)
    ).all()
    return sorted(found, key=lambda thread: thread.state is CommentState.RESOLVED)


def count_open(session: Session, submission: Submission) -> int:
    """Return how many threads are not resolved."""
    return (
        session.scalar(
            select(func.count())
            .select_from(CommentThread)
            .where(
                CommentThread.submission_id == submission.id,
                CommentThread.state == CommentState.OPEN,
            )
        )
        or 0
    )


def counts(
    session: Session,
    submission: Submission,
    place: Place | None = None,
    grant: PartnerGrant | None = None,
) -> dict[tuple[str, str], tuple[int, int]]:
    """Return how many threads are open, and how many there are, by place and question.

    place, grant   as for `threads_of`
    """
    wanted = [CommentThread.submission_id == submission.id]
    if place is not None:
        wanted.append(CommentThread.place == str(place))
    if grant is not None:
        wanted.append(CommentThread.grant_id == grant.id)
    rows = session.execute(
        select(CommentThread.place, CommentThread.question, CommentThread.state, func.count())
        .where(*wanted)
        .group_by(CommentThread.place, CommentThread.question, CommentThread.state)
    )
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for at, question, state, number in rows:
        still, every = found.get((at, question), (0, 0))
        is_open = state is CommentState.OPEN
        found[at, question] = still + (number if is_open else 0), every + number
    return found


def need_seen(form: Form, grant: PartnerGrant, place: Place, question: str = "") -> None:
    """Raise NotFoundError for what a partner institution does not see of a draft."""
    if not grant.covers(place):
        raise NotFoundError(what="place", code=str(place))
    found = talked_about(form, place).get(question)
    if question and (found is None or not sees(Audience.PUBLIC, found.audience)):
        raise NotFoundError(what="question", code=question)


def is_changed_since(session: Session, thread: CommentThread) -> bool:
    """Tell whether what a thread is about was changed after it was begun."""
    changed = select(Operation.number).where(*_about(thread), Operation.number > thread.version)
    return session.scalar(changed.limit(1)) is not None


def changed_since(
    session: Session, submission: Submission, threads: Sequence[CommentThread]
) -> frozenset[int]:
    """Return the numbers of those of *threads* of a submission of which the same is true."""
    if not threads:
        return frozenset()
    first = min(thread.version for thread in threads)
    changes = session.execute(
        select(Operation.place, Operation.question, func.max(Operation.number))
        .where(
            Operation.submission_id == submission.id,
            Operation.state == State.APPLIED,
            Operation.number > first,
        )
        .group_by(Operation.place, Operation.question)
    ).all()

    def is_about(thread: CommentThread, place: str, question: str) -> bool:
        if thread.question:
            return (place, question) == (thread.place, thread.question)
        return f"{place}/".startswith(f"{thread.place}/")

    return frozenset(
        thread.number
        for thread in threads
        if any(last > thread.version and is_about(thread, *at) for *at, last in changes)
    )


def talked_about(form: Form, place: Place) -> Mapping[str, Question]:
    """Return the questions at *place* that have answers, by id."""
    found = questions_at(form, place).items()
    return {key: each for key, each in found if each.type is not QuestionType.NOTE}


def members(form: Form, place: Place, question: str) -> frozenset[str]:
    """Return the ids of what is answered at *place* under *question*; several for a matrix."""
    return frozenset(
        key
        for key, each in talked_about(form, place).items()
        if key == question or (each.matrix is not None and each.matrix.id == question)
    )


def _need_draft(submission: Submission) -> None:
    where = standing(submission)
    if where.draft is DraftStatus.NONE:
        action = CommentAction.COMMENT.value
        raise WrongStatusError(status=status_of(where).value, action=action)


def _need_there(session: Session, submission: Submission, form: Form, place: Place) -> None:
    """Refuse what the form does not have, and rows that never were."""
    elements_at(form, place)
    for way in ways_to(place):
        if not way.steps or not isinstance(form.container(way.steps[-1][0]), Repeat):
            continue
        is_there = session.get(DraftPart, (submission.id, str(way))) is not None
        if not is_there and removal_in(session, submission, way) is None:
            raise NotFoundError(what="row", code=str(way))


def _next_number(session: Session, submission: Submission) -> int:
    last = session.scalar(
        select(func.max(CommentThread.number)).where(CommentThread.submission_id == submission.id)
    )
    return (last or 0) + 1


def _say(session: Session, thread: CommentThread, said: Said, account: Account) -> None:
    text = said.text.strip()
    if not text or len(text) > LONGEST:
        allowed = f"1 to {LONGEST} characters"
        raise InvalidInputError(parameter="text", value=text[:50], allowed=allowed)
    if said.language not in LANGUAGES:
        allowed = ", ".join(LANGUAGES)
        raise InvalidInputError(parameter="language", value=said.language, allowed=allowed)
    thread.changed_at = now()
    thread.comments.append(
        Comment(
            position=len(thread.comments) + 1,
            account_id=account.id,
            text=text,
            language=said.language,
        )
    )
    session.flush()
    kept = text_hash(text, said.language)
    event = _record(thread, CommentAction.COMMENT, account, text_hash=kept)
    thread.comments[-1].at = event.at
    _tell(session, thread, COMMENTED, _concerned(session, thread) - {account.id})


def _record(
    thread: CommentThread, action: CommentAction, account: Account, **details: object
) -> Event:
    return record(
        thread.submission,
        action,
        account,
        comments=thread.number,
        place=thread.place,
        question=thread.question,
        said=len(thread.comments),
        **details,
    )


def _writers(thread: CommentThread) -> set[str]:
    return {comment.account_id for comment in thread.comments}


def _concerned(session: Session, thread: CommentThread) -> set[str]:
    """Return who wrote in a thread, and who worked on what it is about.

    Where nobody has worked on it: who drafts; where nobody drafts: who signs.
    """
    worked = set(session.scalars(select(Operation.account_id).where(*_about(thread)).distinct()))
    people = active_people(session, thread.submission.party_code)
    still_there = {account.id for account in people if account.id in worked}
    for role in (Role.NATIONAL_AUTHORIZED_USER, Role.PUBLISHING_AUTHORITY):
        still_there = still_there or {account.id for account in people if account.role is role}
    return _writers(thread) | still_there


def _about(thread: CommentThread) -> tuple[ColumnElement[bool], ...]:
    """Return which operations changed what a thread is about."""
    wanted = [
        Operation.submission_id == thread.submission_id,
        Operation.state == State.APPLIED,
    ]
    if not thread.question:
        under = Operation.place.startswith(f"{thread.place}/", autoescape=True)
        return (*wanted, or_(Operation.place == thread.place, under))
    here = Operation.place == thread.place
    return (*wanted, here, Operation.question == thread.question)


def _tell(session: Session, thread: CommentThread, kind: str, whom: set[str]) -> None:
    """Have a mail sent to those of *whom* who may read it; it says nothing of the text."""
    submission = thread.submission
    for person in active_people(session, submission.party_code):
        if person.id in whom:
            post_about(session, submission, person, kind, comments=thread.number)
    grant = thread.grant_id and session.get_one(PartnerGrant, thread.grant_id)
    if grant and grant.is_live(now()) and grant.account_id in whom:
        number = numbers_for(session, grant).index(thread.number) + 1
        post_to(session, grant.account, TO_PARTNER, grant=grant.id, comments=number)
