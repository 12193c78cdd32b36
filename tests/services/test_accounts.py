"""Accounts, and tokens, which let in whom they should for as long as they should."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import AlreadyExistsError, InvalidInputError
from app.models.account import Account, Role, Scope, Token
from app.models.base import now
from app.services import accounts


@pytest.fixture
def reviewer(two_parties: Session) -> Account:
    return accounts.add_account(two_parties, "Reviewer@Example.org ", Role.REVIEWER)


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
    token.revoked_at, reviewer.deactivated_at = None, now()
    assert accounts.account_by_token(two_parties, secret) is None
    assert two_parties.scalar(select(Token)) is token


def test_only_an_administrator_has_a_token_for_administration(
    two_parties: Session, reviewer: Account
) -> None:
    with pytest.raises(InvalidInputError):
        accounts.add_token(two_parties, reviewer, Scope.ADMIN, days=1)
