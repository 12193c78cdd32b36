"""A demonstration: a collection in which all Parties answer, and one before it, of synthetic data.

A rehearsal like any other, of one form, with accounts that anybody can sign in to. It is the same
each time it is made, but for moments of making and for ids.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.files.stored import FileStore
from app.forms.catalogue import Catalogue
from app.forms.rehearsal_answers import Leanings
from app.models.account import Account, Role, Scope, Token
from app.models.collection import Collection
from app.models.submission import Revision, Submission
from app.reference.files import rows
from app.services.accounts import add_token
from app.services.collections import open_collection
from app.services.demo_carrying import CARRYING, ask_before, carry_forward
from app.services.demo_clearance import let_others_read
from app.services.demo_delegates import let_suggest
from app.services.demo_paper import send_on_paper
from app.services.passwords import set_password
from app.services.reference import seed_reference
from app.services.rehearsal import (
    ALTERNATE,
    Fate,
    Plan,
    account_for,
    accounts_for,
    refuse_real_answers,
    rehearse,
)

COLLECTION: Final = "nr6-demo"
FORM: Final = ("aichi-progress", 1)
PASSWORD: Final = "canopy-demonstration"  # noqa: S105 - printed for everybody to use
STARTED: Final = "KEN"  # a Party whose people find a draft that they began
UNTOUCHED: Final = "JOR"  # a Party whose people find an empty form, and one from paper
TOKEN_DAYS: Final = 30

_OPENS_ON: Final = date(2018, 3, 1)
_DUE_ON: Final = date(2018, 12, 31)
_WITHDRAWN: Final = "ISL"  # one Party shows what a withdrawn submission looks like
_SEED: Final = "demo-14"
_OF_NO_PARTY: Final = (
    ("administrator", Role.ADMINISTRATOR),
    ("reviewer", Role.REVIEWER),
    ("analyst", Role.ANALYST),
    ("partner", Role.PARTNER),
)
_TOKENS: Final = (
    ("administrator@example.org", Scope.ADMIN),
    ("reviewer@example.org", Scope.READ),
    ("national-user.ken@example.org", Scope.WRITE),
    ("publishing-authority.ken@example.org", Scope.WRITE),
)


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


def seed_demo(session: Session, forms: Catalogue, store: FileStore) -> Demo:
    """Make the demonstration if it is not there; return what to print.

    Running it again changes no submission. Only the tokens are new each time, because nobody can
    read the old ones. Raises RealDataError when submissions of a real collection hold answers.
    """
    refuse_real_answers(session)
    if session.get(Collection, COLLECTION) is None:
        seed_reference(session)
        _make(session, forms, store)
    return _told(session)


def _make(session: Session, forms: Catalogue, store: FileStore) -> None:
    ask_before(session, forms, forms.load(*FORM), plan(), STARTED)
    collection = open_collection(
        session,
        COLLECTION,
        forms.load(*FORM),
        opens_on=_OPENS_ON,
        due_on=_DUE_ON,
        is_synthetic=True,
    )
    account_for(session, ALTERNATE, Role.PUBLISHING_AUTHORITY, STARTED)
    of_no_party = [account_for(session, who, role) for who, role in _OF_NO_PARTY]
    signing_in = [*of_no_party, account_for(session, "reader", Role.READER, STARTED)]
    for party in (STARTED, UNTOUCHED):
        signing_in += accounts_for(session, party)
    for account in signing_in:
        set_password(session, account, PASSWORD)
    rehearse(session, forms, collection, plan())
    session.flush()
    carry_forward(session, forms, collection, STARTED)
    started = session.scalars(
        select(Submission).where(
            Submission.collection_code == COLLECTION, Submission.party_code == STARTED
        )
    ).one()
    let_suggest(session, forms.load(*FORM), started)
    let_others_read(session, forms.load(*FORM), started, of_no_party)
    reviewer = next(account for account in signing_in if account.role is Role.REVIEWER)
    send_on_paper(session, collection, forms.load(*FORM), UNTOUCHED, reviewer, store)


def plan() -> Plan:
    """Return how the demonstration is rehearsed."""
    return Plan(
        seed=_SEED,
        first_signed=datetime(2018, 10, 8, 8, tzinfo=UTC),
        signing_days=170,
        until=date(2018, 9, 30),
        fates={
            **dict.fromkeys((UNTOUCHED, *CARRYING), Fate.SILENT),
            STARTED: Fate.BEGUN,
            _WITHDRAWN: Fate.WITHDRAWN,
        },
        leanings=_leanings(),
    )


def _leanings() -> Leanings:
    """Return what is likely in the form that the demonstration shows, from its file."""
    found: dict[str, list[tuple[str, int]]] = {}
    for row in rows("demo_leanings"):
        found.setdefault(row["id"], []).append((row["outcome"], int(row["weight"])))
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
