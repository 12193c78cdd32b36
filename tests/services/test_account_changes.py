"""What is changed of an account, and what ends with it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import AlreadyExistsError, InvalidInputError, NotAllowedError, NotFoundError
from app.models.account import Account, Purpose, Role, Scope
from app.models.audit import Act
from app.models.message import Message
from app.models.sign_in import UserSession
from app.services import account_changes as changes
from app.services.account_lists import AccountState, find_accounts, last_seen, state_of
from app.services.accounts import account_by_token, add_account, add_token, command_line_account
from app.services.email_changes import ask_to_change, confirm_change, stop_change, waiting_change
from app.services.invitations import invite
from app.services.links import link_by, make_link, revoke_links
from app.services.passwords import authenticate
from app.services.sessions import open_session
from tests.make import PASSWORD, make_account

NEW = "new@example.org"


@pytest.fixture
def owner(session: Session) -> Account:
    return make_account(session, email="owner@example.org", password=PASSWORD, language="fr")


@pytest.fixture
def administrator(session: Session) -> Account:
    return make_account(session, Role.ADMINISTRATOR, email="admin@example.org", password=PASSWORD)


def begin(session: Session, account: Account, device: str = "desk") -> UserSession:
    return open_session(session, account, device=device, user_agent="")[0]


def secrets(session: Session, kind: str) -> Iterator[tuple[str, str]]:
    """Yield to whom each mail of a kind went, and the secret in it; the first one first."""
    session.flush()
    query = select(Message).where(Message.kind == kind).order_by(Message.created_at, Message.id)
    for mail in session.scalars(query):
        yield mail.recipient, str(mail.details.get("secret", ""))


def acts(session: Session, account: Account) -> list[str]:
    session.flush()
    query = select(Act.action).where(Act.subject == account.id).order_by(Act.number)
    return list(session.scalars(query))


def test_a_new_password_ends_other_sessions_and_is_told(session: Session, owner: Account) -> None:
    here, there = begin(session, owner), begin(session, owner, "phone")
    changes.change_password(session, owner, "another few words", keep=here)
    assert (here.revoked_at is None, there.revoked_at is None) == (True, False)
    assert authenticate(session, owner.email, "another few words") is owner
    assert [to for to, _ in secrets(session, "password_changed")] == [owner.email]
    assert acts(session, owner) == ["password_set"]


def test_deactivating_ends_all_and_deletes_nothing(
    session: Session, owner: Account, administrator: Account
) -> None:
    row = begin(session, owner)
    token = add_token(session, owner, Scope.READ, days=1)
    _link, secret = make_link(session, owner, Purpose.SET_PASSWORD)
    changes.deactivate(session, owner, administrator)
    changes.deactivate(session, owner, administrator)
    assert row.revoked_at is not None
    assert account_by_token(session, token) is None
    assert authenticate(session, owner.email, PASSWORD) is None
    changes.reactivate(session, owner, administrator)
    assert authenticate(session, owner.email, PASSWORD) is owner
    assert account_by_token(session, token) is None
    with pytest.raises(NotFoundError):
        link_by(session, secret, Purpose.SET_PASSWORD)
    assert acts(session, owner) == ["token_added", "deactivated", "reactivated"]


def test_nobody_locks_themselves_out(session: Session, administrator: Account) -> None:
    with pytest.raises(NotAllowedError):
        changes.deactivate(session, administrator, administrator)


def test_the_new_address_confirms(session: Session, owner: Account) -> None:
    ask_to_change(session, owner, f" {NEW.upper()} ")
    ((to, secret),) = secrets(session, "confirm_email")
    assert to == NEW
    assert owner.email == "owner@example.org", "nothing changes before"
    waiting = waiting_change(session, owner)
    assert waiting is not None
    assert waiting.scope == {"email": NEW}
    assert confirm_change(session, secret) is owner
    assert owner.email == NEW
    assert waiting_change(session, owner) is None
    with pytest.raises(NotFoundError):
        confirm_change(session, secret)


def test_the_old_address_can_stop_it_before(session: Session, owner: Account) -> None:
    ask_to_change(session, owner, NEW)
    ((to, stop),) = secrets(session, "stop_email")
    ((_, confirm),) = secrets(session, "confirm_email")
    assert to == "owner@example.org"
    stop_change(session, stop)
    with pytest.raises(NotFoundError):
        confirm_change(session, confirm)
    assert owner.email == "owner@example.org"


def test_the_old_address_can_take_it_back(session: Session, owner: Account) -> None:
    """Somebody at an open browser changed the address: its owner has the account back."""
    intruder = begin(session, owner)
    ask_to_change(session, owner, NEW)
    confirm_change(session, next(secrets(session, "confirm_email"))[1])
    stop_change(session, next(secrets(session, "stop_email"))[1])
    assert owner.email == "owner@example.org"
    assert intruder.revoked_at is not None
    assert authenticate(session, owner.email, PASSWORD) is None
    ((to, secret),) = secrets(session, "set_password")
    assert to == "owner@example.org"
    assert link_by(session, secret, Purpose.SET_PASSWORD).account is owner


def test_changing_twice_does_not_shut_out_the_first_address(
    session: Session, owner: Account
) -> None:
    for new in (NEW, "newer@example.org"):
        ask_to_change(session, owner, new)
        confirm_change(session, list(secrets(session, "confirm_email"))[-1][1])
    (_, first), (to, second) = secrets(session, "stop_email")
    assert to == NEW
    stop_change(session, second)
    assert owner.email == NEW
    stop_change(session, first)
    assert owner.email == "owner@example.org"
    ask_to_change(session, owner, NEW)


def test_the_first_address_ends_the_links_of_those_after_it(
    session: Session, owner: Account
) -> None:
    for new in (NEW, "newer@example.org"):
        ask_to_change(session, owner, new)
        confirm_change(session, list(secrets(session, "confirm_email"))[-1][1])
    (_, first), (_, second) = secrets(session, "stop_email")
    stop_change(session, first)
    with pytest.raises(NotFoundError):
        stop_change(session, second)
    assert owner.email == "owner@example.org"


def test_an_address_that_may_come_back_is_not_given_away(session: Session, owner: Account) -> None:
    ask_to_change(session, owner, NEW)
    confirm_change(session, next(secrets(session, "confirm_email"))[1])
    with pytest.raises(AlreadyExistsError):
        add_account(session, "owner@example.org", Role.REVIEWER)


def test_whether_an_address_has_an_account_is_told_to_that_address_alone(
    session: Session, owner: Account, administrator: Account
) -> None:
    ask_to_change(session, owner, administrator.email)
    assert list(secrets(session, "confirm_email")) == []
    assert [to for to, _ in secrets(session, "email_taken")] == [administrator.email]


def test_an_address_taken_meanwhile_is_refused(session: Session, owner: Account) -> None:
    ask_to_change(session, owner, NEW)
    make_account(session, email=NEW)
    with pytest.raises(AlreadyExistsError):
        confirm_change(session, next(secrets(session, "confirm_email"))[1])
    assert owner.email == "owner@example.org"


def test_what_is_no_address_is_refused(session: Session, owner: Account) -> None:
    with pytest.raises(InvalidInputError):
        ask_to_change(session, owner, "no address")


def test_states_and_searching(session: Session, owner: Account, administrator: Account) -> None:
    command_line_account(session)
    invited, _ = invite(session, NEW, Role.REVIEWER, name="Ann Other", maker=administrator)
    ended, _ = invite(session, "ended@example.org", Role.REVIEWER, maker=administrator)
    revoke_links(session, ended)
    changes.deactivate(session, owner, administrator)
    states = {
        account.email: state_of(session, account) for account in find_accounts(session).accounts
    }
    assert states == {
        "admin@example.org": AccountState.ACTIVE,
        "ended@example.org": AccountState.NOT_JOINED,
        "new@example.org": AccountState.INVITED,
        "owner@example.org": AccountState.DEACTIVATED,
    }
    for state in AccountState:
        found = find_accounts(session, state=state)
        assert [states[account.email] for account in found.accounts] == [state] * found.total
        assert found.total == 1
    assert find_accounts(session, search="other ANN").accounts == [invited]
    assert find_accounts(session, search="%").total == 0
    assert find_accounts(session, party="KEN", role=owner.role).accounts == [owner]
    assert [len(find_accounts(session, start=n, limit=3).accounts) for n in (0, 3)] == [3, 1]


def test_when_somebody_was_last_seen(
    session: Session, owner: Account, administrator: Account
) -> None:
    begin(session, owner)
    row = begin(session, owner)
    assert last_seen(session, [owner, administrator]) == {owner.id: row.seen_at}
