"""Which answers of a signed document are asked about: for the two sides of queries alone."""

from typing import NamedTuple

from app.access import can
from app.extensions import db
from app.models.query import Query
from app.models.submission import Submission
from app.rights import Right
from app.services.queries import queries_of
from app.workflow import QueryState

Marks = dict[tuple[str, str], list[Query]]


class Asking(NamedTuple):
    """A submission, and its queries by place and question (empty: the place as a whole)."""

    submission: Submission
    marks: Marks

    @property
    def unresolved(self) -> int:
        """Return how many are not resolved."""
        every = (query for queries in self.marks.values() for query in queries)
        return sum(query.state is not QueryState.RESOLVED for query in every)

    @property
    def to_answer(self) -> int:
        """Return how many wait for the Party."""
        every = (query for queries in self.marks.values() for query in queries)
        return sum(query.state is QueryState.OPEN for query in every)


def asking_of(submission: Submission) -> Asking | None:
    """Return the queries about a submission; None for who is on neither side of them."""
    if not (can(Right.ANSWER_QUERIES, submission) or can(Right.READ_REVIEW_QUEUE)):
        return None
    marks: Marks = {}
    for query in queries_of(db.session(), submission):
        marks.setdefault((query.place, query.question), []).append(query)
    return Asking(submission, marks)
