"""One-time codes count once, for a minute or so; recovery codes stand in for them once each."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.errors import InvalidInputError
from app.models.account import Account
from app.models.base import clock_at
from app.models.sign_in import RecoveryCode
from app.services import second_step
from tests.make import make_account

AT = datetime(2026, 11, 21, 15, 0, 10, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(after: float = 0) -> str:
    """Return the code of so many seconds after AT."""
    return pyotp.TOTP(SECRET).at(AT + timedelta(seconds=after))


@pytest.fixture
def owner(session: Session) -> Account:
    return make_account(session)


@pytest.fixture
def codes(session: Session, owner: Account) -> list[str]:
    """Switch the second step on, with the code of a minute ago; return the recovery codes."""
    with clock_at(AT - timedelta(minutes=1)):
        return second_step.switch_on(session, owner, SECRET, code(-60))


def accepts(session: Session, owner: Account, typed: str, after: float = 0) -> bool:
    with clock_at(AT + timedelta(seconds=after)):
        accepted = second_step.accept_code(session, owner, typed)
    session.refresh(owner)
    return accepted


@pytest.mark.usefixtures("codes")
@pytest.mark.parametrize(
    ("typed", "is_right"),
    [
        (code(), True),
        (f" {code()[:3]} {code()[3:]} ", True),
        (code().translate({ord("0") + n: 0x660 + n for n in range(10)}), True),
        (code(-30), True),
        (code(30), True),
        (code(90), False),
        ("", False),
        ("12", False),
        ("abcdef", False),
        ("²³¹²³¹", False),
    ],
)
def test_which_codes_are_right(
    session: Session, owner: Account, typed: str, *, is_right: bool
) -> None:
    assert accepts(session, owner, typed) == is_right


@pytest.mark.usefixtures("codes")
def test_a_code_counts_once_and_none_before_it(session: Session, owner: Account) -> None:
    assert accepts(session, owner, code())
    assert not accepts(session, owner, code())
    assert not accepts(session, owner, code(-30))
    assert accepts(session, owner, code(30), after=30)


@pytest.mark.usefixtures("codes")
def test_the_code_that_switched_it_on_is_used(session: Session, owner: Account) -> None:
    assert not accepts(session, owner, code(-60), after=-60)


def test_each_recovery_code_works_once(session: Session, owner: Account, codes: list[str]) -> None:
    assert len(set(codes)) == 10
    assert accepts(session, owner, codes[0].upper().replace("-", " "))
    assert not accepts(session, owner, codes[0])
    assert accepts(session, owner, codes[1])
    assert second_step.recovery_codes_left(session, owner) == 8
    other = make_account(session)
    assert not accepts(session, other, codes[2])


def test_new_recovery_codes_end_the_old_ones(
    session: Session, owner: Account, codes: list[str]
) -> None:
    new = second_step.renew_recovery_codes(session, owner)
    assert not accepts(session, owner, codes[0])
    assert accepts(session, owner, new[0])


def test_a_wrong_code_switches_nothing_on(session: Session, owner: Account) -> None:
    with clock_at(AT), pytest.raises(InvalidInputError):
        second_step.switch_on(session, owner, SECRET, "000000" if code() != "000000" else "1")
    assert owner.totp_since is None


def test_switching_off_forgets_all(session: Session, owner: Account, codes: list[str]) -> None:
    second_step.switch_off(session, owner)
    session.flush()
    assert (owner.totp, owner.totp_since) == ({}, None)
    assert session.scalars(select(RecoveryCode)).all() == []
    assert not accepts(session, owner, codes[0])


def test_neither_the_secret_nor_a_code_can_be_read_in_the_database(
    session: Session, owner: Account, codes: list[str]
) -> None:
    session.flush()
    kept = [*session.execute(text("SELECT totp FROM account")).scalars()]
    kept += session.execute(text("SELECT hash FROM recovery_code")).scalars()
    assert SECRET not in "".join(kept)
    assert not any(code in "".join(kept) for code in codes)
