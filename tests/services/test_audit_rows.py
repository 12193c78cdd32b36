"""What nobody signs is found too when it is changed behind our back, and is named.

Drafts, queries, comments, reviews, collections, whose a signed submission is and who reviews it.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.forms.definition import Form
from app.forms.places import Place
from app.forms.unlocked import Unlocked
from app.models.account import Account, Role, Scope
from app.models.audit import Act
from app.models.submission import Submission
from app.services import account_changes, comments, passwords, queries, reviews, submissions
from app.services.accounts import add_account, add_token
from app.services.collections import open_collection
from app.services.events import record
from app.services.hand_over import hand_over
from app.services.invitations import invite
from app.services.keys import make_key
from app.services.receipts import Issuer
from app.services.review_queue import assign, show_work
from tests.services.conftest import Office


@pytest.fixture
def reviewer(two_parties: Session) -> Account:
    return add_account(two_parties, "reviewer@example.org", Role.REVIEWER)


@pytest.fixture
def bureau(
    two_parties: Session,
    tmp_path: Path,
    kenya: Submission,
    short_form: Form,
    drafter: Account,
    reviewer: Account,
) -> Office:
    """Signed, asked about, answered, reviewed, and in revision with rows and a comment."""
    make_key(tmp_path / "signing-key.pem")
    issuer = Issuer(tmp_path / "signing-key.pem", "http://127.0.0.1:8000")
    office = Office(two_parties, issuer, kenya, short_form, drafter)
    revision = office.sign()
    asked = queries.Asked(place=Place("start"), question="kind", text="Why so?", language="en")
    query = queries.ask(two_parties, kenya, short_form, asked, reviewer)
    queries.answer(two_parties, query, "Because of it.", "en", drafter)
    queries.resolve(two_parties, query, reviewer)
    reviews.close_review(two_parties, revision, reviewer)
    submissions.revise(two_parties, kenya, short_form, drafter)
    things = [{"row": row, "answers": {"thing_name": row}} for row in ("one", "two")]
    document = {"kind": "b", "things": things}
    submissions.replace_document(two_parties, kenya, short_form, document, drafter)
    said = comments.Said(text="Is it so?", language="en")
    comments.begin(two_parties, kenya, short_form, Place("start"), "kind", said, drafter)
    open_collection(two_parties, "second", short_form)
    invite(
        two_parties, "reader@example.org", Role.READER, "KEN", name="", language="en", maker=drafter
    )
    assign(two_parties, [kenya], reviewer, drafter)
    show_work(kenya, drafter, is_shown=True)
    submissions.choose_language(two_parties, kenya, "fr", drafter)
    office.seal()
    add_token(two_parties, reviewer, Scope.READ, days=1)
    office.seal()
    return office


TAMPERINGS = {
    "an answer of a draft": (
        "UPDATE draft_part SET answers = '{\"kind\"\\:\"a\"}' WHERE path = 'start'",
        "draft start: kind changed, no operation tells of it",
    ),
    "a row of a draft": (
        "DELETE FROM draft_part WHERE path LIKE '%/one'",
        "thing_name changed, no operation tells of it",
    ),
    "the order of rows": (
        "UPDATE draft_part SET position = 9 WHERE path LIKE '%/one'",
        "its rows are not those, or not in the order, of its history",
    ),
    "what was asked": (
        "UPDATE query_comment SET text = 'No.' WHERE position = 1",
        "query 1 message 1: text changed",
    ),
    "what was answered": (
        "UPDATE query_comment SET text = 'No.' WHERE position = 2",
        "query 1 message 2: text changed",
    ),
    "the language of an answer": (
        "UPDATE query_comment SET language = 'fr' WHERE position = 2",
        "query 1 message 2: text changed",
    ),
    "who answered": (
        "UPDATE query_comment SET is_of_party = NOT is_of_party WHERE position = 2",
        "query 1 message 2: side changed",
    ),
    "when it was answered": (
        "UPDATE query_comment SET at = '2001-01-01 00:00:00' WHERE position = 2",
        "query 1 message 2: moment changed",
    ),
    "no answer": (
        "DELETE FROM query_comment WHERE position = 2",
        "query 1 message 2: missing",
    ),
    "the state of a query": ("UPDATE query SET state = 'open'", "query 1: state changed"),
    "what a query is about": ("UPDATE query SET question = 'year'", "query 1: question changed"),
    "when a query is due": ("UPDATE query SET due_on = '2030-01-01'", "query 1: due_on changed"),
    "a comment": ("UPDATE comment SET text = 'Yes.'", "comment 1 message 1: text changed"),
    "no comment": ("DELETE FROM comment", "comment 1 message 1: missing"),
    "the state of a comment": (
        "UPDATE comment_thread SET state = 'resolved'",
        "comment 1: state changed",
    ),
    "a review": (
        "UPDATE review SET status = 'in_review'",
        "revision 1: its review is not as the events tell",
    ),
    "a review that nobody closed": (
        "UPDATE event SET action = 'start_review' WHERE action = 'close_review'",
        "revision 1: its review is not as the events tell",
    ),
    "no review": ("DELETE FROM review", "revision 1: its review is not as the events tell"),
    "a collection that nobody opened": (
        (
            "INSERT INTO collection (code, agreement, form, form_version, kind, opens_on,"
            " created_at, is_synthetic, grace_days, notification)"
            " SELECT 'third', agreement, form, form_version, kind, opens_on,"
            " '2100-01-01 00:00:00', is_synthetic, grace_days, notification"
            " FROM collection WHERE code = 'second'"
        ),
        "collection third: no act tells that it was opened",
    ),
    "a role": (
        "UPDATE account SET role = 'national_authorized_user' WHERE email LIKE 'reader@%'",
        "its role or Party is not the one that it was invited to",
    ),
    "a Party": (
        "UPDATE account SET party_code = 'JOR' WHERE email LIKE 'reader@%'",
        "its role or Party is not the one that it was invited to",
    ),
    "an address": (
        "UPDATE account SET email = 'eve@example.org' WHERE email LIKE 'reader@%'",
        "email not as the acts tell",
    ),
    "a password where nobody joined": (
        "UPDATE account SET password_hash = '$argon2id$v=19$m=8,t=1,p=1$a$b' WHERE role = 'reader'",
        "password_hash not as the acts tell",
    ),
    "who is let in no more": (
        "UPDATE account SET deactivated_at = '2020-01-01 00:00:00' WHERE role = 'reader'",
        "deactivated_at not as the acts tell",
    ),
    "what a token may": ("UPDATE token SET scope = 'write'", "changed since it was made"),
    "whose a token is": (
        "UPDATE token SET account_id = (SELECT id FROM account WHERE email LIKE 'authority@%')",
        "changed since it was made",
    ),
    "another token": (
        "UPDATE token SET id = '0190aaaa-0000-7000-8000-000000000000'",
        "no act tells that it was made",
    ),
    "a due date": (
        "UPDATE collection SET due_on = '2030-01-01' WHERE code = 'second'",
        "collection second: due_on not as the acts tell",
    ),
    "days of grace": (
        "UPDATE collection SET due_on = '2030-01-01', grace_days = 9 WHERE code = 'second'",
        "collection second: grace_days, due_on not as the acts tell",
    ),
    "an opening": (
        "UPDATE collection SET opens_on = '2001-01-01' WHERE code = 'second'",
        "collection second: opens_on not as the acts tell",
    ),
    "a closing": (
        "UPDATE collection SET closed_at = '2026-01-01 00:00:00' WHERE code = 'second'",
        "collection second: closed_at not as the acts tell",
    ),
    "who is to review": (
        "UPDATE submission SET reviewer_id = NULL WHERE id = :id",
        "reviewer_id not as the events tell",
    ),
    "a reviewer of another": (
        (
            "UPDATE submission SET reviewer_id ="
            " (SELECT id FROM account WHERE email LIKE 'reviewer@%') WHERE id <> :id"
        ),
        "reviewer_id not as the events tell",
    ),
    "the language of writing": (
        "UPDATE submission SET language = 'es' WHERE id = :id",
        "language not as the events tell",
    ),
    "who sees work": (
        "UPDATE submission SET shows_work = NOT shows_work WHERE id = :id",
        "shows_work not as the events tell",
    ),
    "the status of a draft": (
        "UPDATE draft SET status = 'awaiting_sign_off'",
        "draft: status not as the events tell",
    ),
    "what is unlocked": (
        "UPDATE draft SET unlocked = '[]'",
        "draft: unlocked not as the events tell",
    ),
    "who is asked": (
        "DELETE FROM submission WHERE collection_code = 'second' AND party_code = 'JOR'",
        "collection second: parties not as the acts tell",
    ),
    "who counts": (
        "UPDATE submission SET is_in_denominator = NOT is_in_denominator WHERE party_code = 'KEN'",
        "collection second: parties not as the acts tell",
    ),
    "whose it is": (
        "UPDATE submission SET party_code = 'VAT' WHERE id = :id",
        "revision 1: its receipt is of another party",
    ),
}


def test_what_is_as_it_was_has_no_problem(bureau: Office) -> None:
    assert bureau.problems() == []


@pytest.mark.parametrize(("sql", "said"), TAMPERINGS.values(), ids=TAMPERINGS)
def test_a_change_is_named(bureau: Office, sql: str, said: str) -> None:
    bureau.change(sql)
    found = bureau.problems()
    assert any(said in problem for problem in found), found


def test_a_query_from_before_reviews_were_told_is_no_problem(bureau: Office) -> None:
    bureau.person = bureau.session.scalars(select(Account).where(Account.role == "reviewer")).one()
    record(bureau.submission, "ask", bureau.person, query=1, place="start", state="resolved")
    bureau.change("UPDATE review SET status = 'questions_open'")
    found = bureau.problems()
    assert not any("review is not" in problem for problem in found), found


def test_a_draft_that_is_gone_is_named(bureau: Office) -> None:
    bureau.change("DELETE FROM draft_part WHERE submission_id = :id")
    bureau.change("DELETE FROM draft WHERE submission_id = :id")
    found = bureau.problems()
    assert any("draft: missing" in problem for problem in found), found


def test_a_revision_of_some_answers_is_clean_and_its_locks_are_compared(office: Office) -> None:
    args = (office.session, office.submission, office.form, office.person)
    some = Unlocked(frozenset({("start", "kind")}))
    submissions.revise(*args, unlocked=some)
    assert office.problems() == []
    office.change("UPDATE draft SET unlocked = NULL")
    assert any("unlocked not" in problem for problem in office.problems())
    office.session.expire_all()
    office.change("UPDATE draft SET unlocked = :old", old=json.dumps(some.written()))
    submissions.unlock(office.submission, office.person, Unlocked(frozenset({("start", "year")})))
    assert office.problems() == []
    submissions.unlock(office.submission, office.person)
    assert office.problems() == []


def test_a_review_that_was_handed_over_is_clean(bureau: Office, reviewer: Account) -> None:
    colleague = add_account(bureau.session, "colleague@example.org", Role.REVIEWER)
    hand_over(bureau.session, reviewer, colleague, bureau.person)
    assert bureau.submission.reviewer_id == colleague.id
    assert bureau.problems() == []


def test_who_joins_and_changes_what_they_sign_in_with_is_clean(
    bureau: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, by = bureau.session, bureau.person
    reader = session.scalars(select(Account).where(Account.role == "reader")).one()
    account_changes.join(session, reader, "Ann", "three green bicycles")
    assert bureau.problems() == []
    account_changes.change_password(session, reader, "four blue bicycles")
    assert bureau.problems() == []
    dearer = PasswordHasher(time_cost=passwords.HASHER.time_cost + 1, memory_cost=64, parallelism=1)
    before = reader.password_hash
    with monkeypatch.context() as patch:
        patch.setattr(passwords, "HASHER", dearer)
        assert passwords.authenticate(session, reader.email, "four blue bicycles") is reader
    assert reader.password_hash != before
    assert bureau.problems() == []
    reader.password_hash = passwords.HASHER.hash("five red bicycles")
    assert any("password_hash not" in problem for problem in bureau.problems())
    reader.password_hash = before
    account_changes.deactivate(session, reader, by)
    assert bureau.problems() == []
    bureau.change("UPDATE account SET deactivated_at = NULL")
    assert any("deactivated_at not" in problem for problem in bureau.problems())
    session.expire_all()
    reader.deactivated_at = datetime.now(UTC)
    account_changes.reactivate(session, reader, by)
    assert bureau.problems() == []
    acts = session.scalars(select(Act).where(Act.subject == reader.id)).all()
    assert not any(before in str(act.details) for act in acts)
    assert not any("@" in str(act.details) for act in acts)
