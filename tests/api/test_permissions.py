"""Every operation as every role: allowed or refused as the one table of `access` says."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import permission_of
from app.models.account import Account, Role, Scope, Token
from app.rights import RIGHTS, SCOPES, Allowed, Right
from app.workflow import Action, ReviewAction
from tests.api.conftest import KENYA, SIGNABLE, Caller, problem_of
from tests.make import make_account, make_submission

REFUSED: Final = {401, 403}

PARTS: Final = {  # what stands for the parts of an address
    "<code>": "nr6",
    "<party>": "KEN",
    "<form>": "aichi-progress",
    "<int:version>": "1",
    "<agreement>": "cbd",
    "<report>": "aichi-progress",
    "<table>": "progress-by-region",
}
QUERIES: Final = {"show_table": "?collection=nr6"}
BODIES: Final[dict[str, Any]] = {"write_answers": {"json": {"answers": {}}}}


ACTIONS: Final = (
    *("send-for-sign-off", "send-back", "sign"),
    *("revise", "discard-revision", "withdraw"),
)


LARGEST: Final = dict.fromkeys(Role, Scope.WRITE) | {Role.ADMINISTRATOR: Scope.ADMIN}


class Who(NamedTuple):
    """Somebody who calls."""

    role: Role | None  # None: no token
    party: str = "KEN"
    scope: Scope = Scope.ADMIN

    def may(self, allowed: Allowed) -> bool:
        """Say what the table says, of Kenya's submission."""
        if self.role is None or allowed not in RIGHTS[self.role]:
            return False
        scopes = list(Scope)
        if scopes.index(self.scope) < scopes.index(SCOPES[allowed]):
            return False
        return not isinstance(allowed, Action) or self.party == "KEN"


EVERYBODY: Final = [
    Who(None),
    *(
        Who(role, party, scope)
        for role in Role
        if role.is_national
        for party in ("KEN", "UGA")
        for scope in (Scope.READ, Scope.WRITE)
    ),
    *(
        Who(role, scope=scope)
        for role in (Role.PARTNER, Role.REVIEWER, Role.ANALYST)
        for scope in (Scope.READ, Scope.WRITE)
    ),
    *(Who(Role.ADMINISTRATOR, scope=scope) for scope in Scope),
]


class Operation(NamedTuple):
    """One operation of the API and what it checks."""

    name: str
    method: str
    path: str
    permission: str


def operations(app: Flask) -> list[Operation]:
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            path = rule.rule
            for part, value in PARTS.items():
                path = path.replace(part, value)
            method = next(m for m in ("PUT", "POST", "DELETE", "GET") if m in (rule.methods or ()))
            name = rule.endpoint.rpartition(".")[2]
            permission = permission_of(app.view_functions[rule.endpoint])
            assert permission is not None, rule.rule
            found.append(Operation(name, method, path + QUERIES.get(name, ""), permission))
    return found


def allowed_named(permission: str) -> Allowed:
    for kind in (Action, ReviewAction, Right):
        if permission in list(kind):
            return kind(permission)
    raise AssertionError(f"no right of this name: {permission}")


@pytest.mark.parametrize("who", EVERYBODY, ids=str)
def test_each_operation_is_allowed_or_refused_as_the_table_says(
    app: Flask, session: Session, call: Caller, who: Who
) -> None:
    make_submission(session, draft=SIGNABLE)
    account = make_account(session, who.role, who.party) if who.role else None
    wrong = []
    for operation in operations(app):
        answered = call(
            operation.path,
            account,
            who.scope,
            method=operation.method,
            **BODIES.get(operation.name, {}),
        ).status_code
        is_public = operation.permission == "public"
        expected = is_public or who.may(allowed_named(operation.permission))
        if (answered not in REFUSED) != expected:
            wrong.append((operation.method, operation.path, answered))
    assert wrong == []


@pytest.mark.parametrize("who", EVERYBODY, ids=str)
def test_a_draft_is_its_partys_alone(session: Session, call: Caller, who: Who) -> None:
    make_submission(session, draft={"targets_basis": "national_targets"})
    account = make_account(session, who.role, who.party) if who.role else None
    answer = call(f"{KENYA}?draft=true", account, who.scope)
    if who.may(Right.READ_DRAFT) and who.party == "KEN":
        assert answer.get_json()["draft"]["answers"] == {"targets_basis": "national_targets"}
    else:
        assert answer.status_code in REFUSED
        assert "national_targets" not in answer.text


@pytest.mark.parametrize(
    "role",
    [role for role in Role if Action.EDIT not in RIGHTS[role]],
)
def test_who_may_not_edit_changes_no_answer(session: Session, call: Caller, role: Role) -> None:
    submission = make_submission(session, draft={})
    account = make_account(session, role)
    body = {"answers": {"targets_basis": "national_targets"}}
    answers = [call.put(f"{KENYA}/answers", account, scope=LARGEST[role], json=body)]
    answers += [call.post(f"{KENYA}/{act}", account, scope=LARGEST[role]) for act in ACTIONS]
    for answer in answers:
        problem_of(answer, 403, "not_allowed")
    session.expire_all()
    assert submission.draft is not None
    assert submission.draft.parts == []
    assert submission.events == []


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Bearer nonsense", "invalid_token"),
        ("Bearer", "invalid_token"),
        ("Basic a2VueWE6a2VueWE=", "invalid_token"),
    ],
)
def test_a_token_that_is_none_is_refused_even_where_none_is_needed(
    call: Caller, header: str, code: str
) -> None:
    answer = call("/forms", headers={"Authorization": header})
    problem_of(answer, 401, code)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_expired_token_and_a_revoked_one_are_refused(
    session: Session, call: Caller, kenya: Account
) -> None:
    for field in ("expires_at", "revoked_at"):
        secret = call.token(kenya)
        session.flush()
        token = session.scalars(select(Token).order_by(Token.created_at.desc())).first()
        assert token is not None
        setattr(token, field, datetime(2020, 1, 1, tzinfo=UTC))
        answer = call("/forms", headers={"Authorization": f"Bearer {secret}"})
        problem_of(answer, 401, "invalid_token")


def test_a_cookie_lets_nobody_in(
    client: FlaskClient, session: Session, sign_in: Callable[[Account], None], kenya: Account
) -> None:
    make_submission(session, draft=SIGNABLE)
    sign_in(kenya)
    problem_of(client.get(f"{KENYA}?draft=true"), 401, "not_signed_in")
    problem_of(client.put(f"{KENYA}/answers", json={"answers": {}}), 401, "not_signed_in")
