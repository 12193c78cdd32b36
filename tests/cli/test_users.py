"""`flask users`: invitations and their ends on the command line."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.forms.categories import Category
from app.models.account import Account, Purpose, Role
from app.models.message import Message
from app.services.accounts import account_of
from app.services.designations import designation_to_sign, designations_of
from app.services.links import link_by
from app.services.sessions import open_session
from tests.conftest import Runner
from tests.make import PASSWORD, aichi, make_account


def test_add_prints_the_link_that_the_mail_holds(session: Session, runner: Runner) -> None:
    done = runner.invoke(
        args=["users", "add", "New@example.org", "--role", "reviewer", "--language", "ar"]
    )
    assert done.exit_code == 0, done.output
    mail = session.scalars(select(Message)).one()
    secret = str(mail.details["secret"])
    assert done.output.strip().endswith(f"/sign-in/link/{secret}")
    assert mail.language == "ar"
    assert link_by(session, secret, Purpose.INVITATION).account.email == "new@example.org"


def test_a_publishing_authority_can_sign_every_form_from_today(
    session: Session, runner: Runner
) -> None:
    args = ["users", "add", "new@example.org", "--role", "publishing_authority", "--party", "KEN"]
    done = runner.invoke(args=args)
    assert done.exit_code == 0, done.output
    account = account_of(session, "new@example.org")
    assert designation_to_sign(session, "KEN", aichi(), account) is not None
    (made,) = designations_of(session, account)
    assert (made.category, made.to_on, made.letter) == (Category.PRIMARY, None, "")


def test_a_designation_is_recorded_as_the_letter_says(session: Session, runner: Runner) -> None:
    account = make_account(session, Role.PUBLISHING_AUTHORITY, designated=False)
    letter = ["--letter", "NOTE 12/2026", "--letter-on", "2026-02-27", "--alternate"]
    period = ["--category", "taxonomy", "--from", "2026-03-01", "--to", "2026-12-31"]
    done = runner.invoke(args=["users", "designate", account.email, *letter, *period])
    assert done.output == "taxonomy of KEN from 2026-03-01\n"
    session.expire_all()
    (made,) = designations_of(session, account)
    assert (made.category, made.is_alternate) == (Category.TAXONOMY, True)
    assert (made.from_on, made.to_on) == (date(2026, 3, 1), date(2026, 12, 31))
    assert (made.letter, made.letter_on) == ("NOTE 12/2026", date(2026, 2, 27))
    drafter = make_account(session)
    assert runner.invoke(args=["users", "designate", drafter.email]).exit_code == 1


def test_add_says_what_is_wrong(session: Session, runner: Runner) -> None:
    make_account(session, email="known@example.org")
    for email in ("known@example.org", "none"):
        done = runner.invoke(args=["users", "add", email, "--role", "reviewer"])
        assert done.exit_code == 1
        assert session.scalars(select(Message)).all() == []


def test_an_account_ends_and_comes_back(session: Session, runner: Runner) -> None:
    account = make_account(session, email="a@example.org", password=PASSWORD)
    row, _secret = open_session(session, account, device="desk", user_agent="")
    assert runner.invoke(args=["users", "revoke-sessions", account.email]).output == "1 ended\n"
    session.refresh(row)
    assert row.revoked_at is not None
    for command, state in (("deactivate", "deactivated"), ("reactivate", "active")):
        assert runner.invoke(args=["users", command, account.email]).exit_code == 0
        listed = runner.invoke(args=["users", "list", "--search", "a@example"]).output
        assert listed == f"a@example.org\tnational_authorized_user\tKEN\t{state}\n"
    session.expire_all()
    assert session.get_one(Account, account.id).deactivated_at is None
    assert runner.invoke(args=["users", "deactivate", "nobody@example.org"]).exit_code == 1
