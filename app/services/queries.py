"""Queries about what was signed: the Secretariat asks and resolves, the Party answers.

No verb here touches an answer. A Party that takes a query up opens a revision of its own; what was
signed stays public and counted meanwhile.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from app.errors import InvalidInputError, NotFoundError
from app.forms.audience import sees
from app.forms.definition import LANGUAGES, Audience, Form, Question
from app.forms.places import Place, elements_at
from app.forms.unlocked import Unlocked
from app.models.account import Account, Role
from app.models.base import new_id, now
from app.models.counting import latest
from app.models.query import Query, QueryComment
from app.models.submission import Review, Revision, Submission
from app.services.events import record, text_hash
from app.services.outbox import post_about
from app.services.people import WRITING, active_people
from app.services.reviews import review_status
from app.services.submissions import revise, unlock
from app.workflow import (
    QueryAction,
    QueryState,
    ReviewAction,
    ReviewStatus,
    next_query_state,
    next_review_status,
)

LONGEST = 5000  # characters of a comment
ASKED = "query_asked"  # kinds of mail
ANSWERED = "query_answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a query is about and what it says."""

    place: Place
    question: str  # id; empty: the whole section, item or row
    text: str
    language: str  # of the text
    due_on: date | None = None


def ask(
    session: Session,
    submission: Submission,
    form: Form,
    asked: Asked,
    account: Account,
    *,
    owner: Account | None = None,
    sent_with: str = "",
) -> Query:
    """Ask the Party about one answer, row or section of the revision that stands.

    owner   of the Secretariat, who reads the answer; default: who asks
    Raises NotFoundError when nothing is signed, for a place or question that the form does not
    have, and for one that is the Party's alone; InvalidInputError for a text that is empty or too
    long.
    """
    revision = _standing_revision(submission)
    _need_visible(form, asked)
    query = Query(
        submission=submission,
        number=_next_number(session, submission),
        revision=revision.number,
        place=str(asked.place),
        question=asked.question,
        owner_id=(owner or account).id,
        due_on=asked.due_on,
        sent_with=sent_with,
    )
    session.add(query)
    _comment(query, account, asked.text, asked.language, is_of_party=False)
    _move_review(session, revision, ReviewAction.ASK, account, has_queries=True)
    session.flush()
    _record(query, ReviewAction.ASK, account, review=revision.number, **_facts(query))
    _tell_party(session, query)
    return query


def ask_many(
    session: Session,
    submissions: Iterable[Submission],
    form: Form,
    asked: Asked,
    account: Account,
) -> list[Query]:
    """Ask many Parties the same; each has a query of its own, and they are known as one sending.

    Raises InvalidInputError when there is none to ask, and whatever `ask` raises: then nobody is
    asked.
    """
    together = new_id()
    found = list(submissions)
    if not found:
        raise InvalidInputError(parameter="parties", value="", allowed="at least one Party")
    return [ask(session, each, form, asked, account, sent_with=together) for each in found]


def answer(session: Session, query: Query, text: str, language: str, account: Account) -> None:
    """Answer for the Party; raise WrongQueryStateError when the query is resolved."""
    query.state = next_query_state(query.state, QueryAction.ANSWER)
    _comment(query, account, text, language, is_of_party=True)
    session.flush()
    _record(query, QueryAction.ANSWER, account)
    _tell_owner(session, query)


def ask_again(session: Session, query: Query, text: str, language: str, account: Account) -> None:
    """Ask on, also when the query was resolved: it is the Party's turn again."""
    query.state = next_query_state(query.state, QueryAction.ASK_AGAIN)
    _comment(query, account, text, language, is_of_party=False)
    if (revision := latest(query.submission)) is not None:
        _move_review(session, revision, ReviewAction.ASK, account, has_queries=True)
    session.flush()
    moved = revision.number if revision else None
    _record(query, QueryAction.ASK_AGAIN, account, review=moved)
    _tell_party(session, query)


def take_up(
    session: Session,
    submission: Submission,
    form: Form,
    queries: Iterable[Query],
    account: Account,
) -> None:
    """Let the Party change what *queries* are about, in a revision in which all else is locked.

    A revision that is being worked on is widened, if anything in it is locked. Raises
    WrongStatusError when the draft awaits sign-off, or nothing that was signed stands.
    """
    asked_about = Unlocked(frozenset((query.place, query.question) for query in queries))
    if submission.draft is None:
        revise(session, submission, form, account, asked_about)
    else:
        unlock(submission, account, asked_about)


def resolve(session: Session, query: Query, account: Account) -> None:
    """Say that nothing is left to ask; raise WrongQueryStateError when it is resolved already."""
    query.state = next_query_state(query.state, QueryAction.RESOLVE)
    query.changed_at = now()
    session.flush()
    if (revision := latest(query.submission)) is not None and revision.review is not None:
        left = any(
            q.state is not QueryState.RESOLVED for q in queries_of(session, query.submission)
        )
        _move_review(session, revision, ReviewAction.RESOLVE, account, has_queries=left)
    _record(query, QueryAction.RESOLVE, account)


def hand_over(session: Session, query: Query, owner: Account, account: Account) -> None:
    """Let another of the Secretariat read the answer; raise InvalidInputError for anybody else."""
    if owner.role not in (Role.REVIEWER, Role.ADMINISTRATOR):
        raise InvalidInputError(parameter="owner", value=owner.email, allowed="a reviewer")
    query.owner_id = owner.id
    query.changed_at = now()
    session.flush()
    record(query.submission, "hand_over_query", account, query=query.number, owner=owner.id)


def question_at(form: Form, place: Place, question: str) -> Question | None:
    """Return the question of that id at *place*; raise NotFoundError for a place that is none."""
    asked = (each for each in elements_at(form, place) if isinstance(each, Question))
    return next((each for each in asked if each.id == question), None)


def query_of(session: Session, submission: Submission, number: int) -> Query:
    """Return a query by its number in the submission; raise NotFoundError."""
    found = session.get(Query, (submission.id, number))
    if found is None:
        raise NotFoundError(what="query", code=number)
    return found


def queries_of(session: Session, submission: Submission) -> Sequence[Query]:
    """Return the queries of a submission, those not resolved first, then by number."""
    found = session.scalars(
        select(Query)
        .where(Query.submission_id == submission.id)
        .options(selectinload(Query.comments))
        .order_by(Query.number)
    ).all()
    return sorted(found, key=lambda query: query.state is QueryState.RESOLVED)


def _standing_revision(submission: Submission) -> Revision:
    revision = latest(submission)
    if revision is None:
        raise NotFoundError(what="revision", code=submission.id)
    return revision


def _need_visible(form: Form, asked: Asked) -> None:
    """Refuse what is not in the form, and what the Secretariat cannot read."""
    found = question_at(form, asked.place, asked.question)
    if not asked.question:
        return
    if found is None or not sees(Audience.SECRETARIAT, found.audience):
        raise NotFoundError(what="question", code=asked.question)


def _next_number(session: Session, submission: Submission) -> int:
    last = session.scalar(
        select(func.max(Query.number)).where(Query.submission_id == submission.id)
    )
    return (last or 0) + 1


def _comment(
    query: Query, account: Account, text: str, language: str, *, is_of_party: bool
) -> None:
    text = text.strip()
    if not text or len(text) > LONGEST:
        allowed = f"1 to {LONGEST} characters"
        raise InvalidInputError(parameter="text", value=text[:50], allowed=allowed)
    if language not in LANGUAGES:
        raise InvalidInputError(parameter="language", value=language, allowed=", ".join(LANGUAGES))
    query.changed_at = now()
    query.comments.append(
        QueryComment(
            position=len(query.comments) + 1,
            account_id=account.id,
            is_of_party=is_of_party,
            text=text,
            language=language,
        )
    )


def _move_review(
    session: Session,
    revision: Revision,
    action: ReviewAction,
    account: Account,
    *,
    has_queries: bool,
) -> None:
    """Move the review of *revision*, which is begun if it was not."""
    status = next_review_status(review_status(revision), action, has_queries=has_queries)
    if revision.review is None:
        if status is ReviewStatus.NOT_STARTED:
            return
        revision.review = Review(started_at=now(), reviewer_id=account.id, status=status)
    revision.review.status = status
    if status is not ReviewStatus.REVIEWED:
        revision.review.closed_at = None
    session.flush()


def _record(query: Query, action: str, account: Account, **details: object) -> None:
    """Record an act on a query; what was said is told by its hash.

    details   `review`: the revision whose review it moved, if it did
    """
    said = query.comments[-1]
    if action != QueryAction.RESOLVE:
        details["text_hash"] = text_hash(said.text, said.language)
    event = record(
        query.submission,
        action,
        account,
        query=query.number,
        place=query.place,
        question=query.question,
        state=query.state.value,
        **details,
    )
    if action != QueryAction.RESOLVE:
        said.at = event.at


def _facts(query: Query) -> dict[str, object]:
    """Return what the event of a query that is new tells of it, beside what each tells."""
    return {
        "revision": query.revision,
        "due_on": query.due_on.isoformat() if query.due_on else None,
        "sent_with": query.sent_with,
    }


def _tell_party(session: Session, query: Query) -> None:
    """Have a mail sent to those who draft and sign for the Party; it names no answer."""
    submission = query.submission
    due = {"due_on": query.due_on.isoformat()} if query.due_on else {}
    kind = f"{ASKED}_due" if due else ASKED
    for person in active_people(session, submission.party_code, roles=WRITING):
        post_about(session, submission, person, kind, query=query.number, **due)


def _tell_owner(session: Session, query: Query) -> None:
    """Have a mail sent to who reads the answer; to all reviewers where that account has ended."""
    submission = query.submission
    session.refresh(query, ["owner"])
    reviewers = select(Account).where(
        Account.role == Role.REVIEWER, Account.deactivated_at.is_(None)
    )
    is_there = query.owner.deactivated_at is None
    for reader in [query.owner] if is_there else session.scalars(reviewers.order_by(Account.id)):
        details = {"party": submission.party_code, "query": query.number}
        post_about(session, submission, reader, ANSWERED, **details)
