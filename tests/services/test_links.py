"""Links let in whom they should, once, for as long as they should; looking uses nothing up."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.models.account import Account, Link, Purpose
from app.models.base import clock_at, now
from app.services.links import LASTS, link_by, make_link, revoke_links, use_link
from app.services.passwords import set_password
from tests.make import PASSWORD, make_account

INVITATION, SET_PASSWORD = Purpose.INVITATION, Purpose.SET_PASSWORD


@pytest.fixture
def owner(session: Session) -> Account:
    return make_account(session)


def why_not(session: Session, secret: str, *purposes: Purpose) -> str:
    with pytest.raises(NotFoundError) as caught:
        use_link(session, secret, *purposes)
    return str(caught.value.details["what"])


def test_the_database_lets_nobody_in(session: Session, owner: Account) -> None:
    _link, secret = make_link(session, owner, INVITATION)
    kept = session.scalars(select(Link)).one()
    assert secret not in (kept.hash, kept.purpose, str(kept.scope))
    assert len(secret) >= 43  # 32 bytes in base64


def test_a_link_is_looked_at_often_and_used_once(session: Session, owner: Account) -> None:
    _link, secret = make_link(session, owner, INVITATION)
    for _ in range(3):
        assert link_by(session, secret, INVITATION).account is owner
    assert use_link(session, secret, INVITATION).used_at is not None
    assert why_not(session, secret, INVITATION) == "used_link"


def test_a_link_serves_its_purpose_alone(session: Session, owner: Account) -> None:
    _link, secret = make_link(session, owner, Purpose.CONFIRM_EMAIL, scope={"email": "new"})
    assert why_not(session, secret, INVITATION, SET_PASSWORD) == "link"
    assert why_not(session, "unknown", INVITATION) == "link"
    assert use_link(session, secret, Purpose.CONFIRM_EMAIL).scope == {"email": "new"}


@pytest.mark.parametrize("purpose", Purpose)
def test_a_link_ends(session: Session, owner: Account, purpose: Purpose) -> None:
    _link, secret = make_link(session, owner, purpose)
    end = now() + LASTS[purpose]
    with clock_at(end - timedelta(seconds=5)):
        assert link_by(session, secret, purpose).account is owner
    with clock_at(end + timedelta(seconds=5)):
        assert why_not(session, secret, purpose) == "expired_link"


def test_a_new_password_uses_up_the_links_that_would_set_one(
    session: Session, owner: Account
) -> None:
    secrets = [make_link(session, owner, purpose)[1] for purpose in (INVITATION, SET_PASSWORD)]
    _link, other = make_link(session, owner, Purpose.STOP_EMAIL)
    set_password(session, owner, PASSWORD)
    for secret in secrets:
        assert why_not(session, secret, INVITATION, SET_PASSWORD) == "used_link"
    assert link_by(session, other, Purpose.STOP_EMAIL).used_at is None


def test_links_can_be_revoked(session: Session, owner: Account) -> None:
    _link, secret = make_link(session, owner, INVITATION)
    _link, other = make_link(session, make_account(session), INVITATION)
    revoke_links(session, owner, INVITATION)
    assert why_not(session, secret, INVITATION) == "revoked_link"
    assert link_by(session, other, INVITATION).revoked_at is None


def test_a_link_of_a_deactivated_account_lets_nobody_in(session: Session, owner: Account) -> None:
    _link, secret = make_link(session, owner, SET_PASSWORD)
    owner.deactivated_at = now()
    assert why_not(session, secret, SET_PASSWORD) == "revoked_link"
