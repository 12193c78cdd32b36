"""A collection rehearsed: Parties that answer, sign and revise, by the services of real ones.

So it shows nothing that could not happen. It is alike for a seed, but for moments of making and
ids. Only a collection without real answers can be rehearsed; from then on it is marked synthetic.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.errors import InvalidInputError, RealDataError
from app.forms.catalogue import Catalogue
from app.forms.categories import Category
from app.forms.draws import Draws
from app.forms.places import Document
from app.forms.rehearsal import Rehearsal
from app.forms.rehearsal_answers import Leanings
from app.models.account import Account, Role
from app.models.base import clock_at, now, today
from app.models.collection import Collection
from app.models.submission import Draft, Revision, Submission
from app.reference.files import rows
from app.services.accounts import add_account
from app.services.designations import designate
from app.services.reviews import close_review, start_review
from app.services.submissions import (
    choose_language,
    replace_document,
    revise,
    send_for_sign_off,
    sign,
    withdraw,
)


class Fate(StrEnum):
    """How far a Party comes."""

    SILENT = "silent"
    BEGUN = "begun"
    DRAFT = "draft"
    WHOLE = "whole"  # a draft that could be sent for sign-off
    AWAITING = "awaiting"
    SIGNED = "signed"
    SIGNED_AGAIN = "signed_again"
    IN_REVIEW = "in_review"
    REVIEWED = "reviewed"
    IN_REVISION = "in_revision"
    WITHDRAWN = "withdrawn"


UNSIGNED: Final = frozenset({Fate.BEGUN, Fate.DRAFT, Fate.WHOLE, Fate.AWAITING})
_FATES: Final = (
    (Fate.SILENT, 9),
    (Fate.DRAFT, 9),
    (Fate.AWAITING, 5),
    (Fate.SIGNED, 26),
    (Fate.SIGNED_AGAIN, 6),
    (Fate.IN_REVIEW, 12),
    (Fate.REVIEWED, 27),
    (Fate.IN_REVISION, 6),
)
ALTERNATE: Final = "alternate"  # who signs for a Party while its signatory is away
_IN_FORCE_ON: Final = date(1993, 12, 29)  # the Convention: first day of made-up designations
_BEGUN: Final = 20  # per cent of the answers that are there when a draft was only begun
_DRAFTING: Final = timedelta(days=9)  # before the signature
_READING: Final = timedelta(days=2)  # by the publishing authority, before it signs
_REVIEW: Final = timedelta(days=14)  # after the signature
_REVIEWED: Final = timedelta(days=35)
_WITHDRAWAL: Final = timedelta(days=21)
_REVISION: Final = timedelta(days=40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When Parties sign, and what is settled beforehand.

    signing_days   from the first signature to the last; with 0 all happens now
    fates          of Parties whose fate is no matter of chance
    """

    seed: str
    first_signed: datetime
    signing_days: int
    until: date  # the last day that an answer speaks of
    fates: Mapping[str, Fate] = field(default_factory=dict)
    leanings: Leanings = field(default_factory=dict)


def plan_for(collection: Collection, seed: str) -> Plan:
    """Return a plan by the dates of a collection: signatures from its opening to its due date."""
    last = min(collection.due_on or today(), today())
    first = min(collection.opens_on + _DRAFTING, last)
    return Plan(
        seed=seed,
        first_signed=datetime.combine(first, time(8), UTC),
        signing_days=(last - first).days,
        until=last,
    )


def rehearse(
    session: Session,
    forms: Catalogue,
    collection: Collection,
    plan: Plan,
    parties: int | None = None,
) -> Counter[Fate]:
    """Let Parties that are asked, and have done nothing yet, answer; return how far they came.

    parties   how many of them; default all

    Raises RealDataError when the collection holds real answers, CollectionClosedError when it is
    closed, InvalidInputError for fewer Parties than one.
    """
    if parties is not None and parties < 1:
        raise InvalidInputError(parameter="parties", value=parties, allowed="1 or more")
    if not collection.is_synthetic:
        refuse_real_answers(session, collection.code)
    collection.is_synthetic = True
    untouched = session.scalars(
        select(Submission).where(
            Submission.collection_code == collection.code, Submission.head_number == 0
        )
    ).all()
    drawn = sorted(untouched, key=lambda s: Draws(f"{plan.seed}:{s.party_code}").below(2**60))
    company = _Company(session, forms, collection, plan)
    taking_part = sorted(drawn[:parties], key=lambda submission: submission.party_code)
    return Counter(_Life(company, submission).live() for submission in taking_part)


def refuse_real_answers(session: Session, code: str = "") -> None:
    """Raise RealDataError if a collection that is not synthetic, or this one, holds answers."""
    real = (
        select(Submission.id)
        .join(Collection, Collection.code == Submission.collection_code)
        .where(
            Collection.is_synthetic.is_(False),
            or_(
                select(Draft.submission_id).where(Draft.submission_id == Submission.id).exists(),
                select(Revision.number).where(Revision.submission_id == Submission.id).exists(),
            ),
        )
    )
    if code:
        real = real.where(Collection.code == code)
    if session.scalar(real.limit(1)) is not None:
        raise RealDataError


def language_of(party: str) -> str:
    """Return the language in which a Party is thought to write; English where we do not know."""
    found = (row["language"] for row in rows("demo_languages") if party in row["parties"].split())
    return next(found, "en")


def account_for(session: Session, who: str, role: Role, party: str = "") -> Account:
    """Return the account of somebody made up, by role and Party; made if it is not there."""
    email = f"{who}.{party.lower()}@example.org" if party else f"{who}@example.org"
    found = session.scalar(select(Account).where(Account.email == email))
    if found is None:
        found = add_account(session, email, role, party or None, is_demo=True)
        if role is Role.PUBLISHING_AUTHORITY:
            stands_in = who == ALTERNATE
            args = (session, found, Category.PRIMARY, _IN_FORCE_ON)
            designate(*args, by=None, is_alternate=stands_in)
    return found


def accounts_for(session: Session, party: str) -> tuple[Account, Account]:
    """Return who drafts and who signs for a Party."""
    return (
        account_for(session, "national-user", Role.NATIONAL_AUTHORIZED_USER, party),
        account_for(session, "publishing-authority", Role.PUBLISHING_AUTHORITY, party),
    )


class _Company:
    """What all lives of one rehearsal share: the form in each language, and the reviewer."""

    def __init__(
        self, session: Session, forms: Catalogue, collection: Collection, plan: Plan
    ) -> None:
        self.session = session
        self.plan = plan
        self.name = (collection.form, collection.form_version)
        self.forms = forms
        self.form = forms.load(*self.name)
        self.offered = forms.languages(*self.name)
        self.reviewer = account_for(session, "reviewer", Role.REVIEWER)
        self.made: dict[str, Rehearsal] = {}

    def shown_in(self, language: str) -> str:
        return language if language in self.offered else "en"

    def rehearsal(self, language: str) -> Rehearsal:
        if language not in self.made:
            self.made[language] = Rehearsal(
                self.forms.load(*self.name, self.shown_in(language)),
                language=language,
                until=self.plan.until,
                leanings=self.plan.leanings,
            )
        return self.made[language]


class _Life:
    """One Party's way through the collection, as far as it comes."""

    def __init__(self, company: _Company, submission: Submission) -> None:
        self.company = company
        self.session = company.session
        self.form = company.form
        self.submission = submission
        self.party = submission.party_code
        self.language = language_of(self.party)
        self.rehearsal = company.rehearsal(self.language)
        self.seed = f"{company.plan.seed}:{self.party}"
        self.draws = Draws(f"{self.seed}:fate")
        self.fate = company.plan.fates.get(self.party) or self.draws.weighted(_FATES)

    def live(self) -> Fate:
        """Draft, sign and go on, as the Party's fate is; return it."""
        if self.fate is Fate.SILENT:
            return self.fate
        self.drafter, self.signatory = accounts_for(self.session, self.party)
        document = self.rehearsal.document(self.seed)
        if self.fate in UNSIGNED:
            self._draft(self._unfinished(document))
            if self.fate is Fate.AWAITING:
                self._send()
            return self.fate
        plan = self.company.plan
        days, minutes = self.draws.below(max(plan.signing_days, 1)), self.draws.below(600)
        signed_at = plan.first_signed + timedelta(days=days, minutes=minutes)
        self._at(signed_at - _DRAFTING, lambda: self._draft(document))
        self._at(signed_at - _READING, self._send)
        self._at(signed_at, self._sign)
        self._go_on(document, signed_at)
        return self.fate

    def _unfinished(self, document: Document) -> Document:
        if self.fate in {Fate.WHOLE, Fate.AWAITING}:
            return document
        percent = _BEGUN if self.fate is Fate.BEGUN else 100
        return self.rehearsal.unfinished(document, self.seed, percent=percent)

    def _at(self, moment: datetime, act: Callable[[], object]) -> None:
        """Do something at a moment of the past; now, where the plan leaves no time."""
        if self.company.plan.signing_days and moment < now():
            with clock_at(moment):
                act()
        else:
            act()

    def _draft(self, document: Document) -> None:
        choose_language(self.session, self.submission, self.language, self.drafter)
        self._replace(document)

    def _replace(self, document: Document) -> None:
        replace_document(self.session, self.submission, self.form, document, self.drafter)

    def _send(self) -> None:
        send_for_sign_off(self.session, self.submission, self.form, self.drafter)

    def _sign(self) -> None:
        shown_in = self.company.shown_in(self.language)
        sign(self.session, self.submission, self.form, self.signatory, shown_in)

    def _go_on(self, document: Document, signed_at: datetime) -> None:
        """Live on after the first signature."""
        revision, reviewer = self.submission.revisions[-1], self.company.reviewer
        if self.fate in {Fate.IN_REVIEW, Fate.REVIEWED}:
            self._at(signed_at + _REVIEW, lambda: start_review(self.session, revision, reviewer))
        if self.fate is Fate.REVIEWED:
            self._at(signed_at + _REVIEWED, lambda: close_review(self.session, revision, reviewer))
        if self.fate is Fate.WITHDRAWN:
            note = self.rehearsal.words.withdrawn()
            self._at(
                signed_at + _WITHDRAWAL, lambda: withdraw(self.submission, self.signatory, note)
            )
        if self.fate in {Fate.IN_REVISION, Fate.SIGNED_AGAIN}:
            self._revise(self.rehearsal.revised(document, self.seed), signed_at + _REVISION)

    def _revise(self, document: Document, at: datetime) -> None:
        self._at(at, lambda: revise(self.session, self.submission, self.form, self.drafter))
        self._at(at + timedelta(days=1), lambda: self._replace(document))
        if self.fate is Fate.SIGNED_AGAIN:
            self._at(at + timedelta(days=2), self._send)
            self._at(at + timedelta(days=4), self._sign)
