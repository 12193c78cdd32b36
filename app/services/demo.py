"""A demonstration: one collection in which all Parties answer, marked as synthetic.

Made with the same services as real answers, so that it shows nothing that could not happen. It is
the same each time it is made, but for moments of making and for ids.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from app.errors import RealDataError
from app.forms.catalogue import Catalogue
from app.forms.definition import Form
from app.forms.places import Document
from app.models.account import Account, Role, Scope, Token
from app.models.base import clock_at
from app.models.collection import Collection
from app.models.submission import Draft, Revision, Submission
from app.services.accounts import add_account, add_token
from app.services.collections import open_collection
from app.services.demo_answers import Draws, answers_of, language_of, later, spoil, words
from app.services.passwords import set_password
from app.services.reference import seed_reference
from app.services.reviews import close_review, start_review
from app.services.submissions import (
    choose_language,
    replace_document,
    revise,
    send_for_sign_off,
    sign,
    withdraw,
)
from app.workflow import Action, ReviewAction

COLLECTION: Final = "nr6-demo"
FORM: Final = ("aichi-progress", 1)
PASSWORD: Final = "canopy-demonstration"  # noqa: S105 - printed for everybody to use
STARTED: Final = "KEN"  # a Party whose people find a draft that they began
UNTOUCHED: Final = "JOR"  # a Party whose people find an empty form
TOKEN_DAYS: Final = 30

_OPENS_ON: Final = date(2018, 3, 1)
_DUE_ON: Final = date(2018, 12, 31)
_FIRST_SIGNED: Final = datetime(2018, 10, 8, 8, tzinfo=UTC)
_SIGNING_DAYS: Final = 170  # from the first signature to the last
_WITHDRAWN: Final = "ISL"  # one Party shows what a withdrawn submission looks like
_TOKENS: Final = (
    ("administrator@example.org", Scope.ADMIN),
    ("reviewer@example.org", Scope.READ),
    ("national-user.ken@example.org", Scope.WRITE),
    ("publishing-authority.ken@example.org", Scope.WRITE),
)


class Fate(StrEnum):
    """How far a Party comes."""

    SILENT = "silent"
    DRAFT = "draft"
    AWAITING = "awaiting"
    SIGNED = "signed"
    IN_REVIEW = "in_review"
    REVIEWED = "reviewed"
    IN_REVISION = "in_revision"
    WITHDRAWN = "withdrawn"


_FATES: Final = (
    (Fate.SILENT, 9),
    (Fate.DRAFT, 9),
    (Fate.AWAITING, 5),
    (Fate.SIGNED, 32),
    (Fate.IN_REVIEW, 12),
    (Fate.REVIEWED, 27),
    (Fate.IN_REVISION, 6),
)
_DRAFTING: Final = timedelta(days=9)  # from the first answer to the signature
_READING: Final = timedelta(days=2)  # from sending for sign-off to the signature
_DAYS_AFTER_SIGNING: Final[dict[str, int]] = {
    ReviewAction.START_REVIEW: 14,
    ReviewAction.CLOSE_REVIEW: 35,
    Action.WITHDRAW: 21,
    Action.REVISE: 40,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What the demonstration holds, for printing."""

    parties: int
    signed: int
    accounts: tuple[tuple[str, str], ...]  # e-mail and what it is for
    tokens: tuple[tuple[str, str], ...]  # secret and what it is for

    def lines(self) -> list[str]:
        """Return what to print, one thing a line."""
        width = max(len(email) for email, _ in self.accounts)
        return [
            f"Demonstration {COLLECTION}: {self.parties} Parties, {self.signed} have signed.",
            f"Accounts, all with the password {PASSWORD}",
            *(f"  {email:<{width}}  {purpose}" for email, purpose in self.accounts),
            f"API tokens, valid for {TOKEN_DAYS} days; earlier ones of these accounts have ended",
            *(f"  {secret}  {purpose}" for secret, purpose in self.tokens),
        ]


def seed_demo(session: Session, forms: Catalogue) -> Demo:
    """Make the demonstration if it is not there; return what to print.

    Running it again changes no submission. Only the tokens are new each time, because nobody can
    read the old ones. Raises RealDataError when submissions of a real collection hold answers.
    """
    _refuse_real_data(session)
    if session.get(Collection, COLLECTION) is None:
        seed_reference(session)
        _make(session, forms)
    return _told(session)


def _refuse_real_data(session: Session) -> None:
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
    if session.scalar(real.limit(1)) is not None:
        raise RealDataError


def _make(session: Session, forms: Catalogue) -> None:
    form = forms.load(*FORM)
    open_collection(
        session, COLLECTION, form, opens_on=_OPENS_ON, due_on=_DUE_ON, is_synthetic=True
    )
    reviewer = _account(session, "reviewer", Role.REVIEWER)
    _account(session, "administrator", Role.ADMINISTRATOR)
    offered = forms.languages(*FORM)
    for party in (STARTED, UNTOUCHED):
        _party_accounts(session, party, can_sign_in=True)
    submissions = session.scalars(
        select(Submission)
        .where(Submission.collection_code == COLLECTION)
        .order_by(Submission.party_code)
    )
    for submission in submissions.all():
        language = language_of(submission.party_code)
        shown_in = language if language in offered else "en"
        _Life(session, form, submission, reviewer, shown_in).live()
    session.flush()


class _Life:
    """One Party's way through the collection, as far as it comes."""

    def __init__(
        self,
        session: Session,
        form: Form,
        submission: Submission,
        reviewer: Account,
        shown_in: str,
    ) -> None:
        self.session = session
        self.form = form
        self.submission = submission
        self.party = submission.party_code
        self.reviewer = reviewer
        self.shown_in = shown_in

    def live(self) -> None:
        """Draft, sign and go on, as the Party's fate is."""
        draws = Draws(f"{self.party}:fate")
        fate = _fate_of(self.party, draws)
        if fate is Fate.SILENT:
            return
        drafter, signatory = _party_accounts(self.session, self.party)
        if fate in {Fate.DRAFT, Fate.AWAITING}:
            self.draft(fate, drafter)
            if fate is Fate.AWAITING:
                send_for_sign_off(self.session, self.submission, self.form, drafter)
            return
        days, minutes = draws.below(_SIGNING_DAYS), draws.below(600)
        signed_at = _FIRST_SIGNED + timedelta(days=days, minutes=minutes)
        with clock_at(signed_at - _DRAFTING):
            self.draft(fate, drafter)
        with clock_at(signed_at - _READING):
            send_for_sign_off(self.session, self.submission, self.form, drafter)
        with clock_at(signed_at):
            revision = sign(self.session, self.submission, self.form, signatory, self.shown_in)
        self.go_on(fate, revision, drafter, signatory)

    def draft(self, fate: Fate, drafter: Account) -> None:
        document = answers_of(self.party)
        if self.party == STARTED:
            document = _begun(document)
        elif fate is Fate.DRAFT:
            spoil(self.party, document)
        language = language_of(self.party)
        choose_language(self.session, self.submission, language, drafter)
        replace_document(self.session, self.submission, self.form, document, drafter)

    def go_on(self, fate: Fate, revision: Revision, drafter: Account, signatory: Account) -> None:
        signed_at = revision.signed_at
        if fate in {Fate.IN_REVIEW, Fate.REVIEWED}:
            with clock_at(_later(signed_at, ReviewAction.START_REVIEW)):
                start_review(self.session, revision, self.reviewer)
        if fate is Fate.REVIEWED:
            with clock_at(_later(signed_at, ReviewAction.CLOSE_REVIEW)):
                close_review(self.session, revision, self.reviewer)
        if fate is Fate.WITHDRAWN:
            with clock_at(_later(signed_at, Action.WITHDRAW)):
                withdraw(self.submission, signatory, words("withdrawn", language_of(self.party)))
        if fate is Fate.IN_REVISION:
            with clock_at(_later(signed_at, Action.REVISE)):
                revise(self.session, self.submission, self.form, drafter)
            document = answers_of(self.party)
            later(self.party, document)
            with clock_at(_later(signed_at, Action.REVISE) + timedelta(days=1)):
                replace_document(self.session, self.submission, self.form, document, drafter)


def _fate_of(party: str, draws: Draws) -> Fate:
    fixed = {STARTED: Fate.DRAFT, UNTOUCHED: Fate.SILENT, _WITHDRAWN: Fate.WITHDRAWN}
    return fixed.get(party) or Fate(draws.weighted(_FATES))


def _begun(document: Document) -> Document:
    """Return the beginning of *document*: the basis, and the first two national targets."""
    own = document.get("national_targets", [])[:2]
    return {"targets_basis": "national_targets", "national_targets": own}


def _later(signed_at: datetime, action: str) -> datetime:
    return signed_at + timedelta(days=_DAYS_AFTER_SIGNING[action])


def _email(who: str, party: str = "") -> str:
    return f"{who}.{party.lower()}@example.org" if party else f"{who}@example.org"


def _party_accounts(
    session: Session, party: str, *, can_sign_in: bool = False
) -> tuple[Account, Account]:
    """Return who drafts and who signs for a Party; make them if they are not there."""
    return (
        _account(
            session, "national-user", Role.NATIONAL_AUTHORIZED_USER, party, can_sign_in=can_sign_in
        ),
        _account(
            session,
            "publishing-authority",
            Role.PUBLISHING_AUTHORITY,
            party,
            can_sign_in=can_sign_in,
        ),
    )


def _account(
    session: Session, who: str, role: Role, party: str = "", *, can_sign_in: bool = True
) -> Account:
    email = _email(who, party)
    found = session.scalar(select(Account).where(Account.email == email))
    if found is None:
        found = add_account(session, email, role, party or None, is_demo=True)
        if can_sign_in:
            set_password(session, found, PASSWORD)
    return found


def _told(session: Session) -> Demo:
    counts = Counter(
        session.scalars(
            select(func.count(Revision.number))
            .select_from(Submission)
            .outerjoin(Revision, Revision.submission_id == Submission.id)
            .where(Submission.collection_code == COLLECTION)
            .group_by(Submission.id)
        )
    )
    accounts = session.scalars(
        select(Account).where(Account.is_demo, Account.password_hash != "").order_by(Account.email)
    ).all()
    return Demo(
        parties=counts.total(),
        signed=counts.total() - counts[0],
        accounts=tuple((a.email, _purpose(a)) for a in accounts),
        tokens=_new_tokens(session, accounts),
    )


def _purpose(account: Account) -> str:
    role = account.role.replace("_", " ")
    return f"{role} of {account.party_code}" if account.party_code else role


def _new_tokens(session: Session, accounts: Sequence[Account]) -> tuple[tuple[str, str], ...]:
    """End the tokens of the demo accounts and make new ones: old ones cannot be told again."""
    session.execute(delete(Token).where(Token.account_id.in_([a.id for a in accounts])))
    found = {account.email: account for account in accounts}
    return tuple(
        (add_token(session, found[email], scope, TOKEN_DAYS), f"{scope}, {_purpose(found[email])}")
        for email, scope in _TOKENS
        if email in found
    )
