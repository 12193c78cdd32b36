"""The life of a Party's submission and of its review, on one page.

A submission has at most one working draft and a row of signed revisions:

    nothing signed --sign--> signed --withdraw--> withdrawn
       draft: open <--send_back-- awaiting_sign_off
              open --send_for_sign_off--> awaiting_sign_off --sign--> (no draft)
    signed or withdrawn, no draft --revise--> open --discard_revision--> (no draft)

The review is a second, separate status of a signed revision. It stands beside the submission and
never in its way. The tables are the whole truth: what is not in them is not possible.
"""

from enum import StrEnum
from typing import Final, NamedTuple

from app.errors import (
    WrongCommentStateError,
    WrongQueryStateError,
    WrongReviewStatusError,
    WrongStatusError,
)


class Signed(StrEnum):
    """Whether a submission has a signed revision that stands."""

    NOTHING = "nothing"
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"


class DraftStatus(StrEnum):
    """Where the working draft stands. Before anything is signed there always is one."""

    NONE = "none"
    OPEN = "open"
    AWAITING_SIGN_OFF = "awaiting_sign_off"


class Standing(NamedTuple):
    """All that the workflow knows of a submission."""

    signed: Signed
    draft: DraftStatus


class Status(StrEnum):
    """What people are told of a submission; derived, never stored."""

    DRAFT = "draft"
    AWAITING_SIGN_OFF = "awaiting_sign_off"
    SUBMITTED = "submitted"
    IN_REVISION = "in_revision"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What a Party can do to its submission. Nobody else can do any of it."""

    EDIT = "edit"
    SEND_FOR_SIGN_OFF = "send_for_sign_off"
    SEND_BACK = "send_back"
    SIGN = "sign"
    REVISE = "revise"
    DISCARD_REVISION = "discard_revision"
    WITHDRAW = "withdraw"


_NOTHING, _SIGNED, _WITHDRAWN = Signed.NOTHING, Signed.SIGNED, Signed.WITHDRAWN
_NONE, _OPEN, _AWAITING = DraftStatus.NONE, DraftStatus.OPEN, DraftStatus.AWAITING_SIGN_OFF

TRANSITIONS: Final[dict[tuple[Standing, Action], Standing]] = {
    (Standing(_NOTHING, _OPEN), Action.EDIT): Standing(_NOTHING, _OPEN),
    (Standing(_SIGNED, _OPEN), Action.EDIT): Standing(_SIGNED, _OPEN),
    (Standing(_WITHDRAWN, _OPEN), Action.EDIT): Standing(_WITHDRAWN, _OPEN),
    (Standing(_NOTHING, _OPEN), Action.SEND_FOR_SIGN_OFF): Standing(_NOTHING, _AWAITING),
    (Standing(_SIGNED, _OPEN), Action.SEND_FOR_SIGN_OFF): Standing(_SIGNED, _AWAITING),
    (Standing(_WITHDRAWN, _OPEN), Action.SEND_FOR_SIGN_OFF): Standing(_WITHDRAWN, _AWAITING),
    (Standing(_NOTHING, _AWAITING), Action.SEND_BACK): Standing(_NOTHING, _OPEN),
    (Standing(_SIGNED, _AWAITING), Action.SEND_BACK): Standing(_SIGNED, _OPEN),
    (Standing(_WITHDRAWN, _AWAITING), Action.SEND_BACK): Standing(_WITHDRAWN, _OPEN),
    (Standing(_NOTHING, _AWAITING), Action.SIGN): Standing(_SIGNED, _NONE),
    (Standing(_SIGNED, _AWAITING), Action.SIGN): Standing(_SIGNED, _NONE),
    (Standing(_WITHDRAWN, _AWAITING), Action.SIGN): Standing(_SIGNED, _NONE),
    (Standing(_SIGNED, _NONE), Action.REVISE): Standing(_SIGNED, _OPEN),
    (Standing(_WITHDRAWN, _NONE), Action.REVISE): Standing(_WITHDRAWN, _OPEN),
    (Standing(_SIGNED, _OPEN), Action.DISCARD_REVISION): Standing(_SIGNED, _NONE),
    (Standing(_SIGNED, _AWAITING), Action.DISCARD_REVISION): Standing(_SIGNED, _NONE),
    (Standing(_WITHDRAWN, _OPEN), Action.DISCARD_REVISION): Standing(_WITHDRAWN, _NONE),
    (Standing(_WITHDRAWN, _AWAITING), Action.DISCARD_REVISION): Standing(_WITHDRAWN, _NONE),
    (Standing(_SIGNED, _NONE), Action.WITHDRAW): Standing(_WITHDRAWN, _NONE),
}

_STATUSES: Final[dict[Standing, Status]] = {
    Standing(_NOTHING, _OPEN): Status.DRAFT,
    Standing(_NOTHING, _AWAITING): Status.AWAITING_SIGN_OFF,
    Standing(_SIGNED, _NONE): Status.SUBMITTED,
    Standing(_SIGNED, _OPEN): Status.IN_REVISION,
    Standing(_SIGNED, _AWAITING): Status.IN_REVISION,
    Standing(_WITHDRAWN, _NONE): Status.WITHDRAWN,
    Standing(_WITHDRAWN, _OPEN): Status.IN_REVISION,
    Standing(_WITHDRAWN, _AWAITING): Status.IN_REVISION,
}


def status_of(standing: Standing) -> Status:
    """Return the status that people are told."""
    return _STATUSES[standing]


def is_possible(standing: Standing, action: Action) -> bool:
    """Tell whether *action* is possible now, whoever asks."""
    return (standing, action) in TRANSITIONS


def next_standing(standing: Standing, action: Action) -> Standing:
    """Return where *action* leads; raise WrongStatusError when it is not possible now."""
    if not is_possible(standing, action):
        raise WrongStatusError(status=status_of(standing).value, action=action.value)
    return TRANSITIONS[standing, action]


class ReviewStatus(StrEnum):
    """Where the Secretariat's reading of one signed revision stands."""

    NOT_STARTED = "not_started"
    IN_REVIEW = "in_review"
    QUESTIONS_OPEN = "questions_open"  # some query is not resolved
    REVIEWED = "reviewed"


class ReviewAction(StrEnum):
    """What a reviewer can do. None of it touches the Party's answers."""

    START_REVIEW = "start_review"
    ASK = "ask"
    RESOLVE = "resolve"
    CLOSE_REVIEW = "close_review"


_NOT_STARTED, _IN_REVIEW = ReviewStatus.NOT_STARTED, ReviewStatus.IN_REVIEW
_QUESTIONS_OPEN, _REVIEWED = ReviewStatus.QUESTIONS_OPEN, ReviewStatus.REVIEWED

# Where the review goes while other queries are open; `settled` says where it goes when none is.
REVIEW_TRANSITIONS: Final[dict[tuple[ReviewStatus, ReviewAction], ReviewStatus]] = {
    (_NOT_STARTED, ReviewAction.START_REVIEW): _IN_REVIEW,
    (_REVIEWED, ReviewAction.START_REVIEW): _IN_REVIEW,
    (_NOT_STARTED, ReviewAction.ASK): _QUESTIONS_OPEN,
    (_IN_REVIEW, ReviewAction.ASK): _QUESTIONS_OPEN,
    (_QUESTIONS_OPEN, ReviewAction.ASK): _QUESTIONS_OPEN,
    (_REVIEWED, ReviewAction.ASK): _QUESTIONS_OPEN,
    (_NOT_STARTED, ReviewAction.RESOLVE): _NOT_STARTED,  # a query about an earlier revision
    (_IN_REVIEW, ReviewAction.RESOLVE): _IN_REVIEW,
    (_QUESTIONS_OPEN, ReviewAction.RESOLVE): _QUESTIONS_OPEN,
    (_REVIEWED, ReviewAction.RESOLVE): _REVIEWED,
    (_IN_REVIEW, ReviewAction.CLOSE_REVIEW): _REVIEWED,
    (_QUESTIONS_OPEN, ReviewAction.CLOSE_REVIEW): _REVIEWED,  # an open query stops nothing
}


def next_review_status(
    status: ReviewStatus, action: ReviewAction, *, has_queries: bool = True
) -> ReviewStatus:
    """Return where *action* leads; raise WrongReviewStatusError when it is not possible now.

    has_queries   whether any query is still to be resolved, after the action
    """
    try:
        found = REVIEW_TRANSITIONS[status, action]
    except KeyError:
        raise WrongReviewStatusError(status=status.value, action=action.value) from None
    return _IN_REVIEW if found is _QUESTIONS_OPEN and not has_queries else found


class QueryState(StrEnum):
    """Where a query stands."""

    OPEN = "open"  # the Party is to answer
    ANSWERED = "answered"  # the Secretariat is to read the answer
    RESOLVED = "resolved"


class QueryAction(StrEnum):
    """What is done to a query: the Party answers; the Secretariat asks again, or resolves."""

    ANSWER = "answer"
    ASK_AGAIN = "ask_again"
    RESOLVE = "resolve"


QUERY_TRANSITIONS: Final[dict[tuple[QueryState, QueryAction], QueryState]] = {
    (QueryState.OPEN, QueryAction.ANSWER): QueryState.ANSWERED,
    (QueryState.ANSWERED, QueryAction.ANSWER): QueryState.ANSWERED,
    (QueryState.OPEN, QueryAction.ASK_AGAIN): QueryState.OPEN,
    (QueryState.ANSWERED, QueryAction.ASK_AGAIN): QueryState.OPEN,
    (QueryState.RESOLVED, QueryAction.ASK_AGAIN): QueryState.OPEN,
    (QueryState.OPEN, QueryAction.RESOLVE): QueryState.RESOLVED,
    (QueryState.ANSWERED, QueryAction.RESOLVE): QueryState.RESOLVED,
}


def next_query_state(state: QueryState, action: QueryAction) -> QueryState:
    """Return where *action* leads; raise WrongQueryStateError when it is not possible now."""
    try:
        return QUERY_TRANSITIONS[state, action]
    except KeyError:
        raise WrongQueryStateError(state=state.value, action=action.value) from None


class CommentState(StrEnum):
    """Where a thread of comments on a draft stands; it stops nothing."""

    OPEN = "open"
    RESOLVED = "resolved"


class CommentAction(StrEnum):
    """What is done to a thread of comments on a draft."""

    COMMENT = "comment"
    RESOLVE = "resolve_comments"


COMMENT_TRANSITIONS: Final[dict[tuple[CommentState, CommentAction], CommentState]] = {
    (CommentState.OPEN, CommentAction.COMMENT): CommentState.OPEN,
    (CommentState.RESOLVED, CommentAction.COMMENT): CommentState.OPEN,
    (CommentState.OPEN, CommentAction.RESOLVE): CommentState.RESOLVED,
}


def next_comment_state(state: CommentState, action: CommentAction) -> CommentState:
    """Return where *action* leads; raise WrongCommentStateError when it is not possible now."""
    try:
        return COMMENT_TRANSITIONS[state, action]
    except KeyError:
        raise WrongCommentStateError(state=state.value, action=action.value) from None
