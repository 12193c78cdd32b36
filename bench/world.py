"""What the benchmarks work on: the demonstration, drafts to be signed, and drafts of all sizes.

Made in a database of its own, by rehearsal; everybody in it signs in with the same password.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select, update

from app import create_app
from app.config import Config
from app.extensions import db, file_store, forms_in_use
from app.forms.rehearsal_answers import Leanings
from app.models.account import Account
from app.models.party import Party
from app.models.submission import Submission
from app.services.collections import open_collection
from app.services.demo import PASSWORD, seed_demo
from app.services.passwords import set_password
from app.services.reference import seed_reference
from app.services.rehearsal import Fate, Plan, rehearse
from bench.forms import FEW, MANY, write_forms
from bench.servers import ROOT, flask, settings

PARTY: Final = "KEN"
FORM: Final = "aichi-progress"
DRAFTER: Final = "national-user.{}@example.org"
SIGNATORY: Final = "publishing-authority.{}@example.org"
SIZES: Final = {  # collection: form, and rows where it has any
    "sections-small": ("sections-small", 0),
    "sections-large": ("sections-large", 0),
    "loop-few": ("loop-few", 0),
    "loop-many": ("loop-many", 0),
    "rows-few": ("rows", FEW),
    "rows-many": ("rows", MANY),
}


@dataclass(frozen=True)
class World:
    """Addresses of submissions.

    drafts     of one Party, by size
    drafting   to be edited, by Party
    to_sign    likewise
    """

    drafts: dict[str, str]
    drafting: dict[str, str]
    to_sign: dict[str, str]


def make_world(folder: Path, *, drafting: int, signing: int, sizes: bool) -> World:
    """Make the database in *folder*, with so many drafts to be edited, and to be signed.

    The demonstration is there where drafts are edited; drafts of all sizes, if they are asked for.
    """
    forms = folder / "forms"
    forms.mkdir()
    write_forms(forms, ROOT / "forms")
    for name in ("lists", "published.lock", "cbd/aichi-progress"):
        if (ROOT / "forms" / name).exists():
            (forms / name).symlink_to(ROOT / "forms" / name)
    flask(folder, "db", "upgrade")
    flask(folder, "keys", "make")
    said = settings(folder)
    app = create_app(
        Config(
            SECRET_KEY=said["SECRET_KEY"],
            SQLALCHEMY_DATABASE_URI=said["DATABASE_URL"],
            FORMS_DIR=forms,
            LIMITS_ENABLED=False,
        )
    )
    with app.app_context():
        seed_reference(db.session())
        if drafting:
            seed_demo(db.session(), forms_in_use(), file_store())
        drafts = {code: _draft(code, *size) for code, size in SIZES.items()} if sizes else {}
        parties = sorted(db.session.scalars(select(Party.code)))
        edited = _rehearsed("drafting", FORM, Fate.WHOLE, set(parties[:drafting]))
        signed = _rehearsed("signing", FORM, Fate.AWAITING, set(parties[:signing]))
        somebody = db.session.scalars(select(Account).where(Account.is_demo)).first()
        if somebody is not None:
            set_password(db.session(), somebody, PASSWORD)
            known = somebody.password_hash
            db.session.execute(update(Account).values(password_hash=known).where(Account.is_demo))
        db.session.commit()
    return World(drafts, edited, signed)


def _draft(code: str, form: str, rows: int) -> str:
    """Rehearse a form of some size for one Party; return the address of its draft."""
    leanings = {"places": [(str(rows), 1)]} if rows else {}
    return _rehearsed(code, form, Fate.WHOLE, {PARTY}, leanings)[PARTY]


def _rehearsed(
    code: str, form: str, fate: Fate, parties: set[str], leanings: Leanings | None = None
) -> dict[str, str]:
    """Open a collection, bring some Parties that far, and return the addresses of their drafts."""
    session, forms = db.session(), forms_in_use()
    collection = open_collection(session, code, forms.load(form, 1), is_synthetic=True)
    found = session.scalars(select(Submission).where(Submission.collection_code == code)).all()
    for submission in found:
        if submission.party_code not in parties:
            session.delete(submission)  # so that pages on collections measure the demonstration
    session.flush()
    plan = Plan(
        seed=code,
        first_signed=datetime.now(UTC),
        signing_days=0,
        until=date(2020, 12, 31),
        fates=dict.fromkeys(parties, fate),
        leanings=leanings or {},
    )
    rehearse(session, forms, collection, plan)
    return {s.party_code: f"/submissions/{s.id}" for s in found if s.party_code in parties}
