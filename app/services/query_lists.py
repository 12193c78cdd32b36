"""Queries of many Parties at once, as the Secretariat looks for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.models.account import Account, Role
from app.models.collection import Collection
from app.models.counting import latest
from app.models.query import Query
from app.models.submission import Revision, Submission
from app.workflow import QueryState


@dataclass(frozen=True, slots=True, kw_only=True)
class Wished:
    """Which queries are looked for; what is empty lets every query through."""

    collection: str = ""
    state: str = ""
    owner: str = ""  # id of an account
    is_overdue: bool = False  # open, and due before today
    sent_with: str = ""  # of one sending to many


def listed(session: Session, wished: Wished, today: date) -> Sequence[Query]:
    """Return the queries looked for: not resolved first, then those that wait longest."""
    found = (
        select(Query)
        .join(Query.submission)
        .options(
            joinedload(Query.submission).joinedload(Submission.collection),
            joinedload(Query.submission).selectinload(Submission.revisions),
            selectinload(Query.comments),
            joinedload(Query.owner),
        )
    )
    if wished.collection:
        found = found.where(Submission.collection_code == wished.collection)
    if wished.state in list(QueryState):
        found = found.where(Query.state == QueryState(wished.state))
    if wished.owner:
        found = found.where(Query.owner_id == wished.owner)
    if wished.sent_with:
        found = found.where(Query.sent_with == wished.sent_with)
    if wished.is_overdue:
        found = found.where(Query.state == QueryState.OPEN, Query.due_on < today)
    rows = session.scalars(found.order_by(Query.changed_at, Query.submission_id, Query.number))
    return sorted(rows.unique(), key=lambda query: query.state is QueryState.RESOLVED)


def asked_with(session: Session, collection: Collection) -> list[Submission]:
    """Return the submissions of a collection that have a signed revision to ask about."""
    found = session.scalars(
        select(Submission)
        .where(Submission.collection_code == collection.code)
        .options(selectinload(Submission.revisions).selectinload(Revision.review))
    )
    return [submission for submission in found if latest(submission)]


def reviewers(session: Session) -> Sequence[Account]:
    """Return who of the Secretariat can be asked to read an answer, by name."""
    of_secretariat = Account.role.in_([Role.REVIEWER, Role.ADMINISTRATOR])
    found = session.scalars(
        select(Account).where(of_secretariat, Account.deactivated_at.is_(None))
    ).all()
    return sorted(found, key=lambda account: (account.name or account.email).casefold())
