"""The right password lets in, and nothing else does; a weak one is never taken."""

import subprocess
import sys
from typing import Final

import pytest
from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY
from sqlalchemy.orm import Session

from app.errors import InvalidInputError
from app.models.account import Account
from app.models.base import now
from app.services import passwords
from tests.make import PASSWORD, make_account

OURS: Final = passwords.HASHER  # before tests/conftest.py makes it cheap
OF_NOBODY: Final = passwords.NOBODY


@pytest.fixture
def our_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let passwords cost what they cost in earnest."""
    monkeypatch.setattr(passwords, "HASHER", OURS)
    monkeypatch.setattr(passwords, "NOBODY", OF_NOBODY)


def test_the_cost_is_the_one_that_rfc_9106_recommends() -> None:
    recommended = RFC_9106_LOW_MEMORY
    assert OURS.type is recommended.type is Type.ID
    assert OURS.memory_cost == recommended.memory_cost == 64 * 1024
    assert OURS.time_cost == recommended.time_cost == 3
    assert OURS.parallelism == recommended.parallelism == 4
    assert not OURS.check_needs_rehash(OF_NOBODY), "an unknown account would answer sooner"


@pytest.mark.usefixtures("our_cost")
def test_passwords_fit_at_the_cost_of_the_product(session: Session) -> None:
    account = make_account(session, email="drafter@example.org", password=PASSWORD)
    assert not OURS.check_needs_rehash(account.password_hash or "")
    assert passwords.authenticate(session, account.email, PASSWORD) is account
    assert passwords.authenticate(session, account.email, PASSWORD + "x") is None
    assert passwords.authenticate(session, "nobody@example.org", PASSWORD) is None


def test_none_fits_nobody_and_to_find_that_it_is_computed() -> None:
    with pytest.raises(VerifyMismatchError):  # and no InvalidHashError, which comes at once
        OURS.verify(OF_NOBODY, PASSWORD)


@pytest.fixture
def drafter(session: Session) -> Account:
    return make_account(session, email="drafter@example.org", password=PASSWORD)


def test_the_right_password_lets_in_and_nothing_else_does(
    session: Session, drafter: Account
) -> None:
    assert passwords.authenticate(session, " DRAFTER@example.org", PASSWORD) is drafter
    assert passwords.authenticate(session, "drafter@example.org", PASSWORD + "x") is None
    assert passwords.authenticate(session, "nobody@example.org", PASSWORD) is None
    other = make_account(session, email="other@example.org")
    assert passwords.authenticate(session, other.email, "") is None


def test_a_deactivated_account_is_let_in_by_no_password(session: Session, drafter: Account) -> None:
    drafter.deactivated_at = now()
    assert passwords.authenticate(session, drafter.email, PASSWORD) is None


def test_a_wrong_password_takes_as_long_whether_an_account_was_handed_over_or_not(
    session: Session, drafter: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def fits(known: str, _password: str) -> bool:
        tried.append(known)
        return False

    monkeypatch.setattr(passwords, "_fits", fits)
    for email in ("nobody@example.org", drafter.email):
        assert not passwords.was_handed_over(session, email, "wrong")
    drafter.handed_over_to = drafter.id
    assert not passwords.was_handed_over(session, drafter.email, "wrong")
    assert len(tried) == 3
    assert all(tried), "each is a hash to compare with"


def test_a_hash_of_another_cost_is_made_anew(session: Session, drafter: Account) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    drafter.password_hash = cheap
    assert passwords.authenticate(session, drafter.email, "wrong") is None
    assert drafter.password_hash == cheap
    assert passwords.authenticate(session, drafter.email, PASSWORD) is drafter
    assert drafter.password_hash != cheap
    assert passwords.authenticate(session, drafter.email, PASSWORD) is drafter


def test_a_letter_may_be_typed_in_each_way_that_keyboards_have(
    session: Session, drafter: Account
) -> None:
    passwords.set_password(session, drafter, "rain in Z\u00fcrich")
    assert passwords.authenticate(session, drafter.email, "rain in Zu\u0308rich") is drafter


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("short", "too_short"),
        ("elevensigns", "too_short"),
        ("twelve signs", ""),
        ("qwerty123456", "too_common"),
        ("QWERTY123456", "too_common"),
        ("aaaaaaaaaaaaa", "too_common"),
        ("Drafter@Example.org", "personal"),
        ("Name of a person", "personal"),
        (PASSWORD, ""),
    ],
)
def test_which_passwords_are_good(password: str, problem: str) -> None:
    told = passwords.password_problem(password, "drafter@example.org", "name of a person", "")
    assert told == problem


def test_a_weak_password_is_never_set(session: Session, drafter: Account) -> None:
    before = drafter.password_hash
    with pytest.raises(InvalidInputError):
        passwords.set_password(session, drafter, "qwerty123456")
    assert drafter.password_hash == before


def test_the_list_of_common_passwords_comes_alone() -> None:
    """The package around it would load dictionaries that nothing needs."""
    source = (
        "from app.services.passwords import password_problem\n"
        "import sys\n"
        "before = [name for name in sys.modules if 'zxcvbn' in name]\n"
        "print(password_problem('qwerty123456'), before, 'zxcvbn' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "too_common [] False"
