"""Every address of the pages as everybody, in every status: allowed or refused as the table says.

Nothing is kept of what these requests do: a commit only sends to the database what is then undone.
The operations of the API are walked in `tests/api/test_permissions.py`.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.access import permission_of
from app.extensions import db, limiter
from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.base import now
from app.models.submission import Submission
from app.rights import BY_DESIGNATION, RIGHTS, Allowed, Right
from app.services.submissions import standing
from app.workflow import (
    Action,
    DraftStatus,
    ReviewAction,
    Signed,
    Standing,
    Status,
    is_possible,
    status_of,
)
from tests.make import make_account, make_revision, make_submission

SIGN_IN: Final = 401
FORBIDDEN: Final = 403
NOT_THERE: Final = 404
WRONG_STATUS: Final = 409

PARTS: Final[dict[str, object]] = {  # what stands for the parts of an address
    "place": "animals",
    "container": "herds",
    "number": 1,
    "form": "tiny",
    "version": 1,
    "language": "fr",
    "source_id": "interface",
    "name": "none",
    "reminder": "none",
}
IDS: Final = "none-of-this-id"


class Who(NamedTuple):
    """Somebody who asks."""

    role: Role | None  # None: nobody is signed in
    party: str = "KEN"
    designated: bool = True

    @property
    def is_of_kenya(self) -> bool:
        """Whether the submission that is asked for is their Party's."""
        return bool(self.role and self.role.is_national and self.party == "KEN")

    def has(self, allowed: Allowed) -> bool:
        """Say whether the role may do this at all, with the designation that it needs."""
        if self.role is None or allowed not in RIGHTS[self.role]:
            return False
        return self.designated or allowed not in BY_DESIGNATION

    def may(self, allowed: Allowed) -> bool:
        """Say whether they may do this to what is Kenya's."""
        return self.has(allowed) and (self.is_of_kenya or not self.needs_party)

    @property
    def needs_party(self) -> bool:
        """Whether all their rights are over their own Party alone."""
        return bool(self.role and self.role.is_national)


EVERYBODY: Final = [
    Who(None),
    *(Who(role) for role in Role),
    Who(Role.PUBLISHING_AUTHORITY, designated=False),
    *(Who(role, "UGA") for role in Role if role.is_national),
]


class Asked(NamedTuple):
    """A request, and what its view checks."""

    method: str
    address: str
    permission: str

    @property
    def is_about_a_submission(self) -> bool:
        """Whether the answer can depend on where a submission stands."""
        return "/submissions/" in self.address or "/review/0" in self.address


def has_signed(where: Standing) -> bool:
    return where.signed is Signed.SIGNED


# Checks that are no single right: whether one may, by who asks and where the submission stands.
OWN: Final[dict[str, Callable[[Who, Standing], bool]]] = {
    "public": lambda _who, _where: True,
    "signed_in": lambda who, _where: who.role is not None,
    "read": lambda who, where: has_signed(where) or who.is_of_kenya,
    "read_queries": lambda who, where: (
        has_signed(where) if who.has(Right.READ_REVIEW_QUEUE) else who.may(Right.ANSWER_QUERIES)
    ),
    "read_sources": lambda who, _where: who.has(Right.READ_SOURCES) or who.may(Right.READ_DRAFT),
    "decide_on_behalf": lambda who, _where: who.may(Action.SIGN),
    "own_job": lambda _who, _where: False,  # there is none
    "own_grant": lambda _who, _where: False,
    "own_proposal": lambda _who, _where: False,
}


@pytest.fixture(autouse=True)
def undone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db.session, "commit", db.session.flush)
    monkeypatch.setattr(limiter, "enabled", False)


def requests(app: Flask, submission: Submission) -> list[Asked]:
    parts = PARTS | {"submission_id": submission.id}
    found = []
    for rule in app.url_map.iter_rules():
        permission = permission_of(app.view_functions[rule.endpoint])
        if permission is None or rule.rule.startswith("/api/"):
            continue
        (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if permission == "public" and method == "POST":
            continue  # anybody may; what it does is tested where it is
        found.append(Asked(method, address_of(rule, parts), permission))
    return found


def address_of(rule: Rule, parts: dict[str, object]) -> str:
    code = "KEN" if rule.rule.startswith("/parties/") else "nr6"
    found = rule.build({a: parts.get(a, code if a == "code" else IDS) for a in rule.arguments})
    assert found is not None, rule.rule
    return found[1]


def is_allowed(asked: Asked, who: Who, where: Standing) -> bool:
    """Say what the table says, whatever the submission's status is."""
    if asked.permission in OWN:
        return OWN[asked.permission](who, where)
    for kind in (Action, ReviewAction, Right):
        if asked.permission in list(kind):
            return who.may(kind(asked.permission))
    raise AssertionError(f"say in OWN who may: {asked.permission}")


def is_refused(answer: TestResponse) -> bool:
    asks_to_sign_in = "/sign-in?" in answer.headers.get("Location", "")
    return asks_to_sign_in or answer.status_code in {SIGN_IN, FORBIDDEN}


def is_right(asked: Asked, who: Who, where: Standing, answer: TestResponse) -> bool:
    if not is_allowed(asked, who, where):
        return is_refused(answer) or (asked.permission in OWN and answer.status_code == NOT_THERE)
    if is_refused(answer):
        return False
    if asked.permission in list(Action):
        possible = is_possible(where, Action(asked.permission))
        return possible or answer.status_code == WRONG_STATUS
    return True


def stand(session: Session, status: Status, form: Form) -> Submission:
    """Return Kenya's submission where it stands so."""
    submission = make_submission(session, form=form)
    if status in {Status.SUBMITTED, Status.IN_REVISION, Status.WITHDRAWN}:
        withdrawn_at = now() if status is Status.WITHDRAWN else None
        make_revision(session, submission, withdrawn_at=withdrawn_at)
    drafts = {
        Status.AWAITING_SIGN_OFF: DraftStatus.AWAITING_SIGN_OFF,
        Status.IN_REVISION: DraftStatus.OPEN,
    }
    if status in drafts:
        make_submission(session, draft={}, draft_status=drafts[status], form=form)
    session.flush()
    assert status_of(standing(submission)) is status
    return submission


def sign_in_as(session: Session, who: Who, sign_in: Callable[[Account], None]) -> None:
    if who.role is not None:
        sign_in(make_account(session, who.role, who.party, designated=who.designated))


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("who", EVERYBODY, ids=str)
def test_each_address_of_a_submission_is_allowed_or_refused_as_the_table_says(
    app: Flask,
    session: Session,
    tiny: Form,
    client: FlaskClient,
    sign_in: Callable[[Account], None],
    who: Who,
    status: Status,
) -> None:
    submission = stand(session, status, tiny)
    where = standing(submission)
    sign_in_as(session, who, sign_in)
    wrong = [
        (asked.method, asked.address, asked.permission, answer.status_code)
        for asked in requests(app, submission)
        if asked.is_about_a_submission
        and not is_right(asked, who, where, answer := ask(client, asked))
    ]
    assert wrong == []


@pytest.mark.parametrize("who", EVERYBODY, ids=str)
def test_each_other_address_is_allowed_or_refused_as_the_table_says(
    app: Flask,
    session: Session,
    tiny: Form,
    client: FlaskClient,
    sign_in: Callable[[Account], None],
    who: Who,
) -> None:
    submission = stand(session, Status.SUBMITTED, tiny)
    where = standing(submission)
    sign_in_as(session, who, sign_in)
    wrong = [
        (asked.method, asked.address, asked.permission, answer.status_code)
        for asked in requests(app, submission)
        if not asked.is_about_a_submission
        and not is_right(asked, who, where, answer := ask(client, asked))
    ]
    assert wrong == []


def ask(client: FlaskClient, asked: Asked) -> TestResponse:
    answer = client.open(asked.address, method=asked.method)
    answer.close()
    return answer


def test_who_may_only_read_a_submission_posts_nothing_to_it(app: Flask) -> None:
    reading = {"public", "signed_in", "read", "read_queries", "read_sources", "read_draft"}
    wrong = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/submissions/")
        and "POST" in (rule.methods or set())
        and permission_of(app.view_functions[rule.endpoint]) in reading
    ]
    assert wrong == []


def test_nothing_of_it_is_kept(
    app: Flask,
    session: Session,
    tiny: Form,
    client: FlaskClient,
    sign_in: Callable[[Account], None],
) -> None:
    submission = stand(session, Status.SUBMITTED, tiny)
    sign_in_as(session, Who(Role.PUBLISHING_AUTHORITY), sign_in)
    assert client.post(f"/submissions/{submission.id}/withdraw").status_code == 303
    session.expire_all()
    assert submission.revisions[0].withdrawn_at is None
