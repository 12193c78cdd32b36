"""Who may sign for a Party: by which designation, on which day, and who stands in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import AlreadyExistsError, InvalidInputError, NotDesignatedError
from app.forms.categories import Category
from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.base import clock_at
from app.models.submission import Submission
from app.services.accounts import add_account
from app.services.audit_designations import check_designations
from app.services.audit_signed import check_signed
from app.services.designations import (
    designate,
    designation_to_sign,
    end_absence,
    end_designation,
    manages_people,
    posts,
    posts_for,
    record_absence,
    signatories,
)
from app.services.submissions import replace_document, send_for_sign_off, sign
from tests.services.conftest import DOCUMENT

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
TODAY = NOON.date()
Person = Callable[[str], Account]


@pytest.fixture
def form(short_form: Form) -> Form:
    """A form that the focal point for protected areas signs, beside the primary one."""
    return replace(short_form, signed_by=("protected_areas",))


@pytest.fixture
def person(two_parties: Session) -> Person:
    """Return a function that makes a publishing authority of Kenya without a designation."""

    def make(name: str) -> Account:
        email = f"{name}@example.org"
        return add_account(two_parties, email, Role.PUBLISHING_AUTHORITY, "KEN")

    return make


@pytest.fixture
def ready(two_parties: Session, kenya: Submission, short_form: Form, drafter: Account) -> None:
    """Have a draft of Kenya that awaits its signature."""
    replace_document(two_parties, kenya, short_form, DOCUMENT, drafter)
    send_for_sign_off(two_parties, kenya, short_form, drafter)


def may_sign(session: Session, form: Form, account: Account) -> bool:
    with clock_at(NOON):
        return designation_to_sign(session, "KEN", form, account) is not None


@pytest.mark.parametrize(
    ("category", "signed_by", "may"),
    [
        (Category.PRIMARY, (), True),
        (Category.PRIMARY, ("protected_areas",), True),
        (Category.PROTECTED_AREAS, ("protected_areas",), True),
        (Category.PROTECTED_AREAS, ("taxonomy", "protected_areas"), True),
        (Category.PROTECTED_AREAS, (), False),
        (Category.TAXONOMY, ("protected_areas",), False),
    ],
)
def test_a_category_signs_the_forms_that_name_it(
    two_parties: Session,
    short_form: Form,
    person: Person,
    category: Category,
    signed_by: tuple[str, ...],
    may: bool,  # noqa: FBT001 - of a parametrised test
) -> None:
    account = person("somebody")
    designate(two_parties, account, category, TODAY, by=None)
    assert may_sign(two_parties, replace(short_form, signed_by=signed_by), account) is may


@pytest.mark.parametrize(
    ("from_on", "to_on", "may"),
    [
        (date(2026, 3, 10), None, True),
        (date(2026, 3, 11), None, True),  # it is that day already, at UTC+14
        (date(2026, 3, 12), None, False),
        (date(2026, 1, 1), date(2026, 3, 10), True),
        (date(2026, 1, 1), date(2026, 3, 9), False),
    ],
)
def test_a_day_counts_wherever_on_earth_the_party_is(
    two_parties: Session,
    form: Form,
    person: Person,
    from_on: date,
    to_on: date | None,
    may: bool,  # noqa: FBT001 - of a parametrised test
) -> None:
    account = person("somebody")
    designate(two_parties, account, Category.PRIMARY, from_on, to_on=to_on, by=None)
    assert may_sign(two_parties, form, account) is may


def test_the_last_day_ends_where_it_ends_last(
    two_parties: Session, form: Form, person: Person
) -> None:
    account = person("somebody")
    designate(two_parties, account, Category.PRIMARY, TODAY, to_on=TODAY, by=None)
    for moment, may in (
        (datetime(2026, 3, 11, 11, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 11, 12, 1, tzinfo=UTC), False),
    ):
        with clock_at(moment):
            found = designation_to_sign(two_parties, "KEN", form, account)
        assert (found is not None) is may


def test_a_designation_that_was_ended_counts_no_more(
    two_parties: Session, form: Form, person: Person
) -> None:
    account, administrator = person("somebody"), person("administrator")
    made = designate(two_parties, account, Category.PRIMARY, TODAY, by=None)
    with clock_at(NOON):
        end_designation(two_parties, made, administrator)
        end_designation(two_parties, made, administrator)  # once is enough
        (post,) = posts(two_parties, "KEN")
    assert made.ended_by == administrator.id
    assert post.is_vacant
    assert not may_sign(two_parties, form, account)


def test_an_account_that_is_deactivated_leaves_its_post_vacant(
    two_parties: Session, form: Form, person: Person
) -> None:
    account = person("somebody")
    designate(two_parties, account, Category.PRIMARY, TODAY, by=None)
    account.deactivated_at = NOON
    assert not may_sign(two_parties, form, account)


def test_an_alternate_signs_only_while_nobody_else_is_there(
    two_parties: Session, form: Form, person: Person
) -> None:
    signatory, alternate = person("signatory"), person("alternate")
    made = designate(two_parties, signatory, Category.PRIMARY, TODAY, by=None)
    designate(two_parties, alternate, Category.PRIMARY, TODAY, is_alternate=True, by=None)
    assert not may_sign(two_parties, form, alternate)
    with clock_at(NOON):
        assert not manages_people(two_parties, alternate)
        absence = record_absence(two_parties, signatory, TODAY, TODAY, signatory)
        (post,) = posts(two_parties, "KEN")
        assert post.is_absent
        assert signatories(two_parties, "KEN", form) == [alternate, signatory]
        assert manages_people(two_parties, alternate)
    assert may_sign(two_parties, form, alternate)
    assert may_sign(two_parties, form, signatory)  # who is back earlier need not say so first
    with clock_at(NOON):
        end_absence(two_parties, absence, signatory)
    assert not may_sign(two_parties, form, alternate)
    with clock_at(NOON):
        end_designation(two_parties, made, signatory)
    assert may_sign(two_parties, form, alternate)


def test_an_alternate_stands_in_for_its_own_category_alone(
    two_parties: Session, form: Form, person: Person
) -> None:
    primary, other = person("primary"), person("other")
    designate(two_parties, primary, Category.PRIMARY, TODAY, by=None)
    designate(two_parties, other, Category.PROTECTED_AREAS, TODAY, is_alternate=True, by=None)
    assert may_sign(two_parties, form, other)
    assert not may_sign(two_parties, replace(form, signed_by=()), other)


def test_a_vacant_post_is_told_where_it_matters(
    two_parties: Session, form: Form, person: Person
) -> None:
    assert [(p.category, p.is_vacant) for p in posts_for(two_parties, "KEN", form)] == [
        (Category.PRIMARY, True)
    ]
    designate(two_parties, person("other"), Category.PROTECTED_AREAS, TODAY, by=None)
    with clock_at(NOON):
        found = posts_for(two_parties, "KEN", form)
    assert [p.is_vacant for p in found] == [True, False]


def test_what_makes_no_sense_is_refused(two_parties: Session, person: Person) -> None:
    account = person("somebody")
    drafter = add_account(two_parties, "d@example.org", Role.NATIONAL_AUTHORIZED_USER, "KEN")
    with pytest.raises(InvalidInputError):
        designate(two_parties, drafter, Category.PRIMARY, TODAY, by=None)
    with pytest.raises(InvalidInputError):
        designate(two_parties, account, Category.PRIMARY, TODAY, to_on=date(2026, 3, 9), by=None)
    with pytest.raises(InvalidInputError):
        record_absence(two_parties, account, TODAY, date(2026, 3, 9), account)
    to_on = date(2026, 12, 31)
    designate(two_parties, account, Category.PRIMARY, TODAY, to_on=to_on, by=None)
    with pytest.raises(AlreadyExistsError):
        designate(two_parties, account, Category.PRIMARY, to_on, by=None)
    designate(two_parties, account, Category.PRIMARY, date(2027, 1, 1), by=None)
    designate(two_parties, account, Category.TAXONOMY, TODAY, by=None)


def test_who_is_not_designated_signs_nothing(
    two_parties: Session, kenya: Submission, short_form: Form, ready: None, person: Person
) -> None:
    account = person("somebody")
    with pytest.raises(NotDesignatedError):
        sign(two_parties, kenya, short_form, account, "en")
    assert kenya.revisions == []


def test_a_revision_names_its_designation_and_the_audit_holds_it(
    two_parties: Session,
    kenya: Submission,
    short_form: Form,
    ready: None,
    person: Person,
    drafter: Account,
) -> None:
    revision = sign(two_parties, kenya, short_form, drafter, "en")
    assert revision.designation is not None
    assert revision.designation.account_id == drafter.id
    other = designate(two_parties, person("other"), Category.PRIMARY, TODAY, by=None)
    two_parties.flush()
    assert not any(problems for _count, problems in check_signed(two_parties, {}))
    revision.designation = other
    two_parties.flush()
    told = [line for _count, problems in check_signed(two_parties, {}) for line in problems]
    assert any("designation changed since event" in line for line in told)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE designation SET category = 'taxonomy'", "category changed"),
        ("UPDATE designation SET to_on = '2026-12-31'", "to_on changed"),
        ("UPDATE designation SET is_alternate = true", "is_alternate changed"),
        ("UPDATE designation SET ended_at = '2026-01-01 00:00:00'", "its end is not as"),
        ("DELETE FROM designation", "missing"),
        ("DELETE FROM act WHERE action = 'designated'", "no act tells"),
    ],
)
def test_a_change_behind_our_back_is_told(
    two_parties: Session, person: Person, change: str, told: str
) -> None:
    made = designate(two_parties, person("somebody"), Category.PRIMARY, TODAY, by=None)
    name = made.id
    assert check_designations(two_parties) == (1, [])
    two_parties.execute(text(change))
    two_parties.expire_all()
    problems = check_designations(two_parties)[1]
    assert [f"designation {name}: " in problem for problem in problems] == [True]
    assert told in problems[0]


def test_an_end_that_is_told_is_right(two_parties: Session, person: Person) -> None:
    made = designate(two_parties, person("somebody"), Category.PRIMARY, TODAY, by=None)
    end_designation(two_parties, made, person("administrator"))
    two_parties.flush()
    assert check_designations(two_parties) == (1, [])
    made.ended_at = None
    two_parties.flush()
    assert len(check_designations(two_parties)[1]) == 1
