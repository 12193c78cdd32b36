"""The tables of the workflow are the whole truth."""

from itertools import product

import pytest

from app.errors import WrongCommentStateError, WrongReviewStatusError, WrongStatusError
from app.workflow import (
    COMMENT_TRANSITIONS,
    REVIEW_TRANSITIONS,
    TRANSITIONS,
    Action,
    CommentAction,
    CommentState,
    DraftStatus,
    ReviewAction,
    ReviewStatus,
    Signed,
    Standing,
    Status,
    is_possible,
    next_comment_state,
    next_review_status,
    next_standing,
    status_of,
)

STANDINGS = [
    Standing(signed, draft)
    for signed, draft in product(Signed, DraftStatus)
    if (signed, draft) != (Signed.NOTHING, DraftStatus.NONE)  # there always is a draft at first
]


@pytest.mark.parametrize(("standing", "action"), list(product(STANDINGS, Action)))
def test_what_is_not_in_the_table_is_not_possible(standing: Standing, action: Action) -> None:
    assert is_possible(standing, action) == ((standing, action) in TRANSITIONS)
    if is_possible(standing, action):
        assert next_standing(standing, action) in STANDINGS
    else:
        with pytest.raises(WrongStatusError):
            next_standing(standing, action)


@pytest.mark.parametrize("standing", STANDINGS)
def test_every_standing_has_a_status_and_a_way_on(standing: Standing) -> None:
    assert status_of(standing) in Status
    assert any(is_possible(standing, action) for action in Action)


def test_what_is_signed_stays_signed_until_the_party_withdraws_it() -> None:
    for (before, action), after in TRANSITIONS.items():
        if before.signed is Signed.SIGNED and action is not Action.WITHDRAW:
            assert after.signed is Signed.SIGNED


def test_only_a_draft_that_awaits_sign_off_can_be_signed() -> None:
    can_sign = {before.draft for (before, action) in TRANSITIONS if action is Action.SIGN}
    assert can_sign == {DraftStatus.AWAITING_SIGN_OFF}


@pytest.mark.parametrize(("status", "action"), list(product(ReviewStatus, ReviewAction)))
def test_the_review_follows_its_table(status: ReviewStatus, action: ReviewAction) -> None:
    if (status, action) in REVIEW_TRANSITIONS:
        assert next_review_status(status, action) is REVIEW_TRANSITIONS[status, action]
    else:
        with pytest.raises(WrongReviewStatusError):
            next_review_status(status, action)


@pytest.mark.parametrize(("state", "action"), list(product(CommentState, CommentAction)))
def test_comments_follow_their_table(state: CommentState, action: CommentAction) -> None:
    if (state, action) in COMMENT_TRANSITIONS:
        assert next_comment_state(state, action) is COMMENT_TRANSITIONS[state, action]
    else:
        with pytest.raises(WrongCommentStateError):
            next_comment_state(state, action)
