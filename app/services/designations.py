"""Who may sign for a Party: by designation of its Government, for the forms of a category.

The primary national focal point signs every form, a focal point of another category the forms that
name it. An alternate signs while the focal point of the category is away, or there is none. A day
counts from when it begins to when it ends anywhere on Earth: what the Party's clock says is enough.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.errors import AlreadyExistsError, InvalidInputError, NotDesignatedError
from app.forms.categories import Category, signing
from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.base import now
from app.models.designation import Absence, Designation
from app.services.acts import record_act

_AHEAD: Final = timedelta(hours=14)  # where a day begins first
_BEHIND: Final = timedelta(hours=12)  # where it ends last


@dataclass(frozen=True, slots=True)
class Held:
    """A designation in force, and the absence of who holds it, if there is one now."""

    designation: Designation
    absence: Absence | None = None

    @property
    def account(self) -> Account:
        """Who holds it."""
        return self.designation.account


@dataclass(frozen=True, slots=True)
class Post:
    """Those who sign for a Party in one category, today."""

    category: Category
    signatories: tuple[Held, ...] = ()
    alternates: tuple[Held, ...] = ()

    @property
    def is_vacant(self) -> bool:
        """Whether nobody but an alternate is designated."""
        return not self.signatories

    @property
    def is_absent(self) -> bool:
        """Whether somebody is designated, and everybody who is, is away."""
        return bool(self.signatories) and all(held.absence for held in self.signatories)

    @property
    def acting(self) -> tuple[Held, ...]:
        """Those who may sign now; who is away may come back for it."""
        stands_in = self.is_vacant or self.is_absent
        return self.signatories + (self.alternates if stands_in else ())


def designate(
    session: Session,
    account: Account,
    category: Category,
    from_on: date,
    *,
    by: Account | None,
    to_on: date | None = None,
    letter: str = "",
    letter_on: date | None = None,
    is_alternate: bool = False,
) -> Designation:
    """Record that a Government has designated *account*; return the designation.

    by   the administrator who records it; None: the platform by itself

    Raises InvalidInputError for an account that is no publishing authority, and when the last day
    comes before the first; AlreadyExistsError when the same one is recorded for some of these days.
    """
    party = account.party_code
    if account.role is not Role.PUBLISHING_AUTHORITY or party is None:
        allowed = Role.PUBLISHING_AUTHORITY.value
        raise InvalidInputError(parameter="role", value=account.role.value, allowed=allowed)
    if to_on is not None and to_on < from_on:
        raise InvalidInputError(parameter="to", value=to_on, allowed=f"{from_on} or later")
    for each in designations_of(session, account):
        is_same = (each.category, each.is_alternate) == (category, is_alternate)
        if is_same and each.ended_at is None and _overlaps(each, from_on, to_on):
            raise AlreadyExistsError(what="designation", code=account.email)
    made = Designation(
        party_code=party,
        account_id=account.id,
        category=category,
        is_alternate=is_alternate,
        from_on=from_on,
        to_on=to_on,
        letter=letter.strip(),
        letter_on=letter_on,
        recorded_by=by.id if by else None,
    )
    session.add(made)
    session.flush()
    record_act(session, "account", account.id, "designated", by, **_facts(made))
    return made


def end_designation(session: Session, designation: Designation, by: Account) -> None:
    """End a designation now, because the Government has taken it back."""
    if designation.ended_at is None:
        designation.ended_at, designation.ended_by = now(), by.id
        record_act(
            session,
            "account",
            designation.account_id,
            "designation_ended",
            by,
            designation=designation.id,
        )


def record_absence(
    session: Session, account: Account, from_on: date, to_on: date, by: Account
) -> Absence:
    """Record that somebody who signs is away on these days; raise InvalidInputError for none."""
    if to_on < from_on:
        raise InvalidInputError(parameter="to", value=to_on, allowed=f"{from_on} or later")
    absence = Absence(account_id=account.id, from_on=from_on, to_on=to_on, recorded_by=by.id)
    session.add(absence)
    session.flush()
    record_act(
        *(session, "account", account.id, "absence_recorded", by),
        absence=absence.id,
        from_on=from_on.isoformat(),
        to_on=to_on.isoformat(),
    )
    return absence


def end_absence(session: Session, absence: Absence, by: Account) -> None:
    """Take an absence back: somebody is there again, or never was away."""
    if absence.ended_at is None:
        absence.ended_at = now()
        record_act(session, "account", absence.account_id, "absence_ended", by, absence=absence.id)


def designations_of(session: Session, account: Account) -> Sequence[Designation]:
    """Return all designations of an account, also those that ended; the last one first."""
    return session.scalars(
        select(Designation)
        .where(Designation.account_id == account.id)
        .order_by(Designation.from_on.desc(), Designation.id.desc())
    ).all()


def designations_by(
    session: Session, accounts: Iterable[Account]
) -> Mapping[str, Sequence[Designation]]:
    """Return the same for several accounts, by id."""
    found: dict[str, list[Designation]] = {account.id: [] for account in accounts}
    rows = session.scalars(
        select(Designation)
        .where(Designation.account_id.in_(list(found)))
        .order_by(Designation.from_on.desc(), Designation.id.desc())
    )
    for each in rows:
        found[each.account_id].append(each)
    return found


def absences_of(session: Session, accounts: Iterable[str]) -> Sequence[Absence]:
    """Return the absences of accounts (ids) that are not over, the first to come first."""
    first, _last = days_at(now())
    return session.scalars(
        select(Absence)
        .where(
            Absence.account_id.in_(list(accounts)),
            Absence.ended_at.is_(None),
            Absence.to_on >= first,
        )
        .order_by(Absence.from_on, Absence.id)
    ).all()


def posts(session: Session, party: str, categories: Iterable[Category] | None = None) -> list[Post]:
    """Return who signs for a Party now, for each of *categories*, vacant ones too.

    categories   default: the primary one, and every other in which somebody is designated
    """
    held = _held(session, party)
    if categories is None:
        there = {each.designation.category for each in held}
        wanted = [c for c in Category if c is Category.PRIMARY or c in there]
    else:
        wanted = list(categories)
    return [
        Post(
            category,
            tuple(h for h in held if _is_of(h, category, is_alternate=False)),
            tuple(h for h in held if _is_of(h, category, is_alternate=True)),
        )
        for category in wanted
    ]


def posts_for(session: Session, party: str, form: Form) -> list[Post]:
    """Return who signs a form for a Party now; only the primary post is told where it is vacant."""
    found = posts(session, party, signing(form))
    return [p for p in found if p.category is Category.PRIMARY or p.signatories or p.alternates]


def designation_to_sign(
    session: Session, party: str, form: Form, account: Account
) -> Designation | None:
    """Return the designation by which *account* may sign a form now; None if it may not."""
    for post in posts_for(session, party, form):
        for held in post.acting:
            if held.account.id == account.id:
                return held.designation
    return None


def require_designation(session: Session, party: str, form: Form, account: Account) -> Designation:
    """Return the designation by which *account* may sign now; raise NotDesignatedError."""
    found = designation_to_sign(session, party, form, account)
    if found is None:
        raise NotDesignatedError(party=party)
    return found


def signatories(session: Session, party: str, form: Form) -> list[Account]:
    """Return those who may sign a form for a Party now, each once; who is away comes last."""
    held = [held for post in posts_for(session, party, form) for held in post.acting]
    held.sort(key=lambda each: each.absence is not None)
    return list(dict.fromkeys(each.account for each in held))


def manages_people(session: Session, account: Account) -> bool:
    """Tell whether somebody acts for a Party by any designation, and so manages its people."""
    if account.party_code is None or account.role is not Role.PUBLISHING_AUTHORITY:
        return False
    found = posts(session, account.party_code)
    return any(held.account.id == account.id for post in found for held in post.acting)


def days_at(moment: datetime) -> tuple[date, date]:
    """Return the first and the last day that it is anywhere on Earth at a moment."""
    at = moment.astimezone(UTC)
    return (at - _BEHIND).date(), (at + _AHEAD).date()


def _held(session: Session, party: str) -> list[Held]:
    """Return all designations of a Party that are in force now, in the order of their first day."""
    first, last = days_at(now())
    found = session.scalars(
        select(Designation)
        .join(Account, Account.id == Designation.account_id)
        .where(
            Designation.party_code == party,
            Designation.ended_at.is_(None) | (Designation.ended_at > now()),
            Designation.from_on <= last,
            or_(Designation.to_on.is_(None), Designation.to_on >= first),
            Account.deactivated_at.is_(None),
            Account.role == Role.PUBLISHING_AUTHORITY,
            Account.party_code == party,
        )
        .options(joinedload(Designation.account))
        .order_by(Designation.from_on, Designation.id)
    ).all()
    away = {
        absence.account_id: absence
        for absence in absences_of(session, {each.account_id for each in found})
        if absence.from_on <= last
    }
    return [Held(each, away.get(each.account_id)) for each in found]


def _is_of(held: Held, category: Category, *, is_alternate: bool) -> bool:
    found = held.designation
    return found.category is category and found.is_alternate is is_alternate


def _overlaps(each: Designation, from_on: date, to_on: date | None) -> bool:
    begins_in_time = to_on is None or each.from_on <= to_on
    return begins_in_time and (each.to_on is None or each.to_on >= from_on)


def _facts(made: Designation) -> dict[str, object]:
    """Return what the act says, for ever; the letter is in the row alone."""
    return {
        "designation": made.id,
        "party": made.party_code,
        "category": made.category.value,
        "is_alternate": made.is_alternate,
        "from_on": made.from_on.isoformat(),
        "to_on": made.to_on.isoformat() if made.to_on else "",
    }
