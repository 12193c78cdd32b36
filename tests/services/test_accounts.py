"""Passwords, links and tokens let in whom they should, once or for as long as they should."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import AlreadyExistsError, InvalidInputError, NotFoundError
from app.models.account import Account, Link, Role, Scope, Token
from app.models.base import now
from app.services import accounts

PASSWORD = "a long enough password"


@pytest.fixture
def reviewer(two_parties: Session) -> Account:
    return accounts.add_account(two_parties, "Reviewer@Example.org ", Role.REVIEWER)


def test_the_right_password_lets_in_and_nothing_else_does(
    two_parties: Session, reviewer: Account
) -> None:
    assert accounts.authenticate(two_parties, "reviewer@example.org", "") is None
    accounts.set_password(two_parties, reviewer, PASSWORD)
    assert accounts.authenticate(two_parties, "REVIEWER@example.org", PASSWORD) is reviewer
    assert accounts.authenticate(two_parties, "reviewer@example.org", PASSWORD + "x") is None
    assert accounts.authenticate(two_parties, "nobody@example.org", PASSWORD) is None


def test_a_short_password_is_refused(two_parties: Session, reviewer: Account) -> None:
    with pytest.raises(InvalidInputError):
        accounts.set_password(two_parties, reviewer, "short")


@pytest.mark.parametrize(
    ("email", "role", "party"),
    [
        ("no address", Role.REVIEWER, None),
        ("a@example.org", Role.REVIEWER, "KEN"),
        ("a@example.org", Role.PUBLISHING_AUTHORITY, None),
        ("a@example.org", Role.PUBLISHING_AUTHORITY, "XXX"),
    ],
)
def test_an_account_needs_an_address_and_a_party_where_its_role_has_one(
    two_parties: Session, email: str, role: Role, party: str | None
) -> None:
    with pytest.raises(InvalidInputError):
        accounts.add_account(two_parties, email, role, party)


def test_an_address_has_one_account(two_parties: Session, reviewer: Account) -> None:
    with pytest.raises(AlreadyExistsError):
        accounts.add_account(two_parties, "reviewer@example.org", Role.ADMINISTRATOR)


def test_a_link_works_once_and_for_a_week(two_parties: Session, reviewer: Account) -> None:
    secret = accounts.make_link(two_parties, reviewer)
    late = accounts.make_link(two_parties, reviewer)
    two_parties.flush()
    assert secret not in {link.hash for link in two_parties.scalars(select(Link))}
    assert accounts.account_by_link(two_parties, secret) is reviewer
    accounts.set_password(two_parties, reviewer, PASSWORD)
    for used in (secret, late, "unknown"):
        with pytest.raises(NotFoundError):
            accounts.account_by_link(two_parties, used)
    old = accounts.make_link(two_parties, reviewer)
    two_parties.flush()
    for link in two_parties.scalars(select(Link).where(Link.used_at.is_(None))):
        link.expires_at = now() - timedelta(seconds=1)
    with pytest.raises(NotFoundError):
        accounts.account_by_link(two_parties, old)


def test_a_token_works_until_it_is_revoked_or_expires(
    two_parties: Session, reviewer: Account
) -> None:
    secret = accounts.add_token(two_parties, reviewer, Scope.READ, days=1)
    two_parties.flush()
    token = accounts.account_by_token(two_parties, secret)
    assert token is not None
    assert (token.account, token.scope) == (reviewer, Scope.READ)
    token.expires_at = now() - timedelta(seconds=1)
    assert accounts.account_by_token(two_parties, secret) is None
    token.expires_at, token.revoked_at = now() + timedelta(days=1), now()
    assert accounts.account_by_token(two_parties, secret) is None
    assert accounts.account_by_token(two_parties, "canopy_unknown") is None
    assert two_parties.scalar(select(Token)) is token


def test_only_an_administrator_has_a_token_for_administration(
    two_parties: Session, reviewer: Account
) -> None:
    with pytest.raises(InvalidInputError):
        accounts.add_token(two_parties, reviewer, Scope.ADMIN, days=1)
