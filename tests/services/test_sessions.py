"""Sessions let in until they end, and keys of browsers stay as long as their owners trust them."""

from base64 import b64decode, b64encode
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.models.account import Account
from app.models.audit import Act
from app.models.base import clock_at, now
from app.models.sign_in import BrowserKey, UserSession
from app.services import sessions
from app.services.sessions import Lifetime
from tests.make import make_account

LIFETIME = Lifetime(idle=timedelta(hours=2), longest=timedelta(hours=8))


@pytest.fixture
def owner(session: Session) -> Account:
    return make_account(session)


def begin(session: Session, owner: Account, device: str = "desk") -> tuple[UserSession, str]:
    return sessions.open_session(session, owner, device=device, user_agent="a browser")


def keys(session: Session) -> dict[str, bytes]:
    return {key.device: b64decode(key.key["key"]) for key in session.scalars(select(BrowserKey))}


def test_the_secret_lets_in_and_is_not_in_the_database(session: Session, owner: Account) -> None:
    row, secret = begin(session, owner)
    assert sessions.session_by(session, secret, LIFETIME) is row
    assert sessions.session_by(session, row.hash, LIFETIME) is None
    assert sessions.session_by(session, owner.id, LIFETIME) is None
    assert secret not in row.hash


@pytest.mark.parametrize(("seen_after", "is_live"), [(1.9, True), (2, False)])
def test_a_session_ends_when_it_is_idle(
    session: Session, owner: Account, seen_after: float, *, is_live: bool
) -> None:
    row, secret = begin(session, owner)
    with clock_at(row.seen_at + timedelta(hours=seen_after)):
        assert (sessions.session_by(session, secret, LIFETIME) is not None) == is_live


def test_a_session_ends_at_last_however_busy_it_is(session: Session, owner: Account) -> None:
    row, secret = begin(session, owner)
    row.seen_at = row.created_at + timedelta(hours=7.9)
    with clock_at(row.created_at + timedelta(hours=7.95)):
        assert sessions.session_by(session, secret, LIFETIME) is row
    with clock_at(row.created_at + timedelta(hours=8)):
        assert sessions.session_by(session, secret, LIFETIME) is None


def test_a_deactivated_account_has_no_session(session: Session, owner: Account) -> None:
    _row, secret = begin(session, owner)
    owner.deactivated_at = now()
    assert sessions.session_by(session, secret, LIFETIME) is None


def test_seen_goes_forward_only_and_once_a_minute(session: Session, owner: Account) -> None:
    row, _secret = begin(session, owner)
    first = row.seen_at
    assert not sessions.is_due(row, first + timedelta(seconds=59))
    assert sessions.is_due(row, first + timedelta(seconds=60))
    for at in (first + timedelta(minutes=5), first):
        sessions.note_seen(session.connection(), row.id, at)
    session.refresh(row)
    assert row.seen_at == first + timedelta(minutes=5)


def test_the_list_holds_what_lives_the_last_seen_first(session: Session, owner: Account) -> None:
    desk, _ = begin(session, owner, "desk")
    phone, _ = begin(session, owner, "phone")
    gone, _ = begin(session, owner, "library")
    begin(session, make_account(session), "desk")
    phone.seen_at = now() + timedelta(seconds=1)
    sessions.sign_out(gone)
    session.flush()
    assert list(sessions.live_sessions(session, owner, LIFETIME)) == [phone, desk]


def test_a_browser_keeps_its_key_over_signing_out(session: Session, owner: Account) -> None:
    row, _ = begin(session, owner)
    key = sessions.browser_key(session, row)
    assert len(key) == 32
    sessions.sign_out(row)
    again, _ = begin(session, owner)
    assert sessions.browser_key(session, again) == key
    other, _ = begin(session, make_account(session))
    assert sessions.browser_key(session, other) != key


def test_the_database_alone_tells_no_key(session: Session, owner: Account) -> None:
    row, _ = begin(session, owner)
    key = sessions.browser_key(session, row)
    stored = session.scalar(text("SELECT key FROM browser_key"))
    assert isinstance(stored, str)
    assert b64encode(key).decode() not in stored


def test_a_key_sealed_with_another_secret_is_none_and_signing_in_makes_a_new_one(
    session: Session, owner: Account
) -> None:
    row, _ = begin(session, owner)
    session.execute(text("UPDATE browser_key SET key = 'sealed with another secret'"))
    session.expire_all()
    with pytest.raises(NotFoundError):
        sessions.browser_key(session, row)
    again, _ = begin(session, owner)
    assert len(sessions.browser_key(session, again)) == 32


def ended(session: Session) -> list[int]:
    """Return how many sessions were ended by each act."""
    acts = session.scalars(select(Act).where(Act.action == "sessions_ended").order_by(Act.number))
    return [act.details["count"] for act in acts]


def test_revoking_a_session_drops_the_key_of_its_browser(session: Session, owner: Account) -> None:
    here, _ = begin(session, owner, "desk")
    there, secret = begin(session, owner, "library")
    before = keys(session)
    sessions.revoke_session(session, owner, there.id)
    assert sessions.session_by(session, secret, LIFETIME) is None
    assert keys(session) == {"desk": before["desk"]}
    again, _ = begin(session, owner, "library")
    assert sessions.browser_key(session, again) != before["library"]
    assert here.revoked_at is None
    assert ended(session) == [1]


def test_a_key_stays_while_its_browser_has_another_session(
    session: Session, owner: Account
) -> None:
    first, _ = begin(session, owner, "desk")
    begin(session, owner, "desk")
    sessions.revoke_session(session, owner, first.id)
    assert set(keys(session)) == {"desk"}


def test_revoking_all_others(session: Session, owner: Account) -> None:
    here, _ = begin(session, owner, "desk")
    signed_out, _ = begin(session, owner, "home")
    sessions.sign_out(signed_out)
    begin(session, owner, "library")
    begin(session, owner, "hotel")
    assert sessions.revoke_others(session, owner, here) == 2
    assert ended(session) == [2]
    assert sessions.revoke_others(session, owner, here) == 0
    assert ended(session) == [2], "nothing was done"
    assert list(sessions.live_sessions(session, owner, LIFETIME)) == [here]
    assert set(keys(session)) == {"desk", "home"}, "what was signed out in order keeps its key"


def test_ending_sessions_leaves_the_keys(session: Session, owner: Account) -> None:
    here, _ = begin(session, owner, "desk")
    begin(session, owner, "home")
    assert sessions.end_sessions(session, owner, here) == 1
    assert set(keys(session)) == {"desk", "home"}


def test_nobody_revokes_a_session_of_another(session: Session, owner: Account) -> None:
    row, _ = begin(session, make_account(session))
    for session_id in (row.id, "unknown"):
        with pytest.raises(NotFoundError):
            sessions.revoke_session(session, owner, session_id)
    assert row.revoked_at is None


def test_sessions_long_ended_are_forgotten(session: Session, owner: Account) -> None:
    old, _ = begin(session, owner)
    old_id = old.id
    old.seen_at = now() - timedelta(days=91)
    begin(session, owner)
    session.expire_all()
    assert session.get(UserSession, old_id) is None
