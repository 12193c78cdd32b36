"""Whatever is changed behind our back and is older than the last seal is found, and named."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.models.audit import Act, Receipt, Seal, SealedHead, SigningKey, Trail
from app.models.submission import Event
from app.receipts import canonical_facts, chain, link
from app.services import submissions
from app.services.acts import act_facts
from app.services.audit import verify
from app.services.events import record
from app.services.keys import make_key, rotate
from app.services.seals import seal_facts
from tests.services.conftest import Office


def test_an_honest_history_has_no_problem(office: Office) -> None:
    assert office.problems() == []
    record(office.submission, "edit", office.person)
    assert office.problems() == []  # what is new is not sealed yet, and chained
    rotate(office.session, office.issuer.key, office.person)
    office.seal()
    submissions.withdraw(office.submission, office.person, "a word")
    office.seal()
    assert office.problems() == []


def test_a_seal_is_made_only_of_what_is_new(office: Office) -> None:
    assert office.seal() is None
    record(office.submission, "edit", office.person)
    made = office.seal()
    assert made is not None
    assert made.number == 3
    added = office.session.scalars(select(SealedHead).where(SealedHead.seal == 3)).all()
    assert [(head.subject, head.number) for head in added] == [
        (office.submission.id, office.submission.head_number)
    ]


TAMPERINGS: dict[str, tuple[str, str]] = {
    "details": (
        'UPDATE event SET details = \'{"note": "x"}\' WHERE submission_id = :id AND number = 2',
        "event 2: was changed",
    ),
    "action": (
        "UPDATE event SET action = 'edit' WHERE submission_id = :id AND number = 3",
        "event 3: was changed",
    ),
    "moment": (
        "UPDATE event SET at = '2001-01-01 00:00:00' WHERE submission_id = :id AND number = 3",
        "event 3: was changed",
    ),
    "the last event": (
        (
            "DELETE FROM event WHERE submission_id = :id AND number ="
            " (SELECT head_number FROM submission WHERE id = :id)"
        ),
        "the last events are missing",
    ),
    "an event in the middle": (
        "DELETE FROM event WHERE submission_id = :id AND number = 2",
        "event 2: missing",
    ),
    "the first event": (
        "DELETE FROM event WHERE submission_id = :id AND number = 1",
        "event 1: missing",
    ),
    "all events": ("DELETE FROM event WHERE submission_id = :id", "all its events are missing"),
    "the head": (
        "UPDATE submission SET head_number = head_number - 1 WHERE id = :id",
        "was added behind the end",
    ),
    "the hash of the head": (
        "UPDATE submission SET head_hash = 'x' WHERE id = :id",
        "is not the one with which the chain ended",
    ),
    "answers": (
        'UPDATE revision SET content = \'{"kind":"b"}\' WHERE submission_id = :id AND number = 1',
        "revision 1: its answers are not those that were signed",
    ),
    "moment of signing": (
        (
            "UPDATE revision SET signed_at = '2018-01-01 00:00:00' WHERE submission_id = :id"
            " AND number = 1"
        ),
        "revision 1: moment of signing changed",
    ),
    "language": (
        "UPDATE revision SET language = 'fr' WHERE submission_id = :id AND number = 2",
        "revision 2: language changed",
    ),
    "withdrawal": (
        "UPDATE revision SET withdrawn_at = recorded_at WHERE submission_id = :id AND number = 2",
        "revision 2: no event tells that it was withdrawn",
    ),
    "receipt": (
        (
            "UPDATE receipt SET content = replace(content, '\"revision\"\\:1', '\"revision\"\\:7')"
            " WHERE submission_id = :id AND number = 1"
        ),
        "revision 1: its receipt was changed",
    ),
    "no receipt": (
        "DELETE FROM receipt WHERE submission_id = :id AND number = 1",
        "revision 1: its receipt is missing",
    ),
    "receipt of another": (
        (
            "UPDATE receipt SET content = (SELECT content FROM receipt WHERE submission_id = :id"
            " AND number = 2) WHERE submission_id = :id AND number = 1"
        ),
        "revision 1: its receipt is of other answers",
    ),
    "an operation": (
        (
            "UPDATE operation SET after = '\"b\"' WHERE submission_id = :id AND question = 'kind'"
            " AND number = (SELECT min(number) FROM operation WHERE question = 'kind')"
        ),
        "was changed since event 1",
    ),
    "the question of an operation": (
        "UPDATE operation SET question = 'year' WHERE submission_id = :id AND number = 1",
        "was changed since event 1",
    ),
    "the moment of an operation": (
        "UPDATE operation SET at = '2001-01-01 00:00:00' WHERE submission_id = :id AND number = 1",
        "operation 1: its moment is not that of event 1",
    ),
    "no operation": (
        "DELETE FROM operation WHERE submission_id = :id AND number = 1",
        "operation 1: missing, event 1 tells of it",
    ),
    "all operations": (
        "DELETE FROM operation WHERE submission_id = :id",
        "operation 1: missing, event 1 tells of it",
    ),
    "another operation": (
        "UPDATE operation SET number = 99 WHERE submission_id = :id AND number = 1",
        "operation 99: no event tells of it",
    ),
    "a seal": ("UPDATE seal SET lines = 1 WHERE number = 1", "seal 1: was changed"),
    "the moment of a seal": (
        "UPDATE seal SET at = '2001-01-01 00:00:00' WHERE number = 2",
        "seal 2: was changed",
    ),
    "the signature of a seal": (
        "UPDATE seal SET signature = 'AAAA' WHERE number = 2",
        "seal 2: its signature is not that of key",
    ),
    "a sealed head": (
        "UPDATE sealed_head SET hash = 'x' WHERE subject = :id AND seal = 1",
        "seal 1: the heads kept with it",
    ),
    "no sealed head": (
        "DELETE FROM sealed_head WHERE subject = :id AND seal = 1",
        "seal 1: the heads kept with it",
    ),
    "the heads of the last seal": (
        "DELETE FROM sealed_head WHERE seal = 2",
        "seal 2: the heads kept with it",
    ),
    "an act": (
        "UPDATE act SET action = 'x' WHERE kind = 'collection' AND number = 1",
        "collection test act 1: was changed",
    ),
    "the last act": (
        "DELETE FROM act WHERE kind = 'collection' AND number = 2",
        "collection test",
    ),
    "a public key": (
        "UPDATE signing_key SET public_key = 'AAAA'",
        "is gone, or is another one now",
    ),
}


@pytest.mark.parametrize(("sql", "said"), TAMPERINGS.values(), ids=TAMPERINGS)
def test_a_change_is_named(office: Office, sql: str, said: str) -> None:
    office.change(sql)
    found = office.problems()
    assert any(said in problem for problem in found), found
    if ":id" in sql:
        assert any(office.submission.id in problem for problem in found) or "seal" in said


def test_what_cannot_be_read_any_more_is_named_too(office: Office) -> None:
    if office.session.get_bind().dialect.name != "sqlite":
        return  # PostgreSQL holds nothing unreadable in these columns
    office.change("UPDATE event SET details = '\"x', at = 'soon' WHERE number = 2")
    office.change("UPDATE revision SET signed_at = 'soon' WHERE number = 2")
    name = f"submission {office.submission.id}"
    found = list(verify(office.session, office.issuer, office.files).problems())
    assert f"{name} event 2: was changed after it was written" in found
    assert any(f"{name} revision 2: moment of signing changed" in problem for problem in found)


def change_the_middle(office: Office) -> None:
    office.event(2).details = {"note": "never said"}


def drop_the_last(office: Office) -> None:
    office.session.delete(office.event(office.submission.head_number))


def drop_the_middle(office: Office) -> None:
    office.session.delete(office.event(3))


def swap(office: Office) -> None:
    first, second = office.event(1), office.event(2)
    first.action, second.action = second.action, first.action
    first.details, second.details = second.details, first.details


def insert(office: Office) -> None:
    last = office.submission.head_number
    for number in range(last, 2, -1):
        office.change(
            "UPDATE event SET number = :to WHERE submission_id = :id AND number = :of",
            to=number + 1,
            of=number,
        )
    office.session.expire_all()
    second = office.event(2)
    office.session.add(
        Event(
            submission_id=office.submission.id,
            number=3,
            at=second.at,
            account_id=office.person.id,
            action="edit",
            details={},
            previous_hash="",
            hash="",
        )
    )


def put_another_in_its_place(office: Office) -> None:
    event = office.event(office.submission.head_number)
    event.action, event.details = "edit", {}


@pytest.mark.parametrize(
    "tamper",
    [
        change_the_middle,
        drop_the_last,
        drop_the_middle,
        swap,
        insert,
        put_another_in_its_place,
    ],
)
def test_a_chain_that_was_hashed_anew_is_found_by_the_seal(
    office: Office, tamper: Callable[[Office], None]
) -> None:
    tamper(office)
    office.rehash()
    found = office.problems()
    name = f"submission {office.submission.id} event"
    assert any(
        name in problem and ("rewritten since seal" in problem or "at seal" in problem)
        for problem in found
    ), found


def test_a_revision_that_was_hashed_anew_is_found_by_its_event(office: Office) -> None:
    revision = office.submission.revisions[0]
    revision.content = '{"kind":"b"}'
    revision.hash = chain(revision.previous_hash, revision.content)
    found = office.problems()
    assert any("revision 1: hash changed since event" in problem for problem in found)
    assert any("revision 2: does not follow" in problem for problem in found)


def test_an_act_that_was_hashed_anew_is_found_by_the_seal(office: Office) -> None:
    act = office.session.get_one(Act, ("collection", "test", 2))
    act.action = "close"
    act.hash = link(act.previous_hash, act_facts(act))
    office.session.get_one(Trail, ("collection", "test")).head_hash = act.hash
    assert any("collection test act 2" in problem for problem in office.problems())


def test_a_seal_made_with_another_key_is_found(office: Office, tmp_path: Path) -> None:
    forged = make_key(tmp_path / "forged.pem")
    last = office.session.get_one(Seal, 2)
    office.session.add(
        SigningKey(id=forged.id, public_key=forged.public_key, from_at=last.at, until_at=None)
    )
    office.session.flush()
    last.key_id = forged.id
    last.hash = link(last.previous_hash, seal_facts(last))
    last.signature = forged.sign(seal_facts(last))
    assert f"key {forged.id}: no act tells that it was taken into use" in office.problems()


def test_a_seal_in_the_middle_that_is_gone_is_missed(office: Office) -> None:
    office.session.execute(text("DELETE FROM sealed_head WHERE seal = 1"))
    office.session.execute(text("DELETE FROM seal WHERE number = 1"))
    assert "seal 1: missing" in office.problems()


def test_a_receipt_signed_by_nobody_is_found(office: Office) -> None:
    receipt = office.session.get_one(Receipt, (office.submission.id, 1))
    held = json.loads(receipt.content)
    held["receipt"]["signed_at"] = "2018-01-01T00:00:00.000000Z"
    receipt.content = canonical_facts(held)
    name = f"submission {office.submission.id} revision 1"
    assert f"{name}: its receipt was changed after it was signed" in office.problems()


def test_a_copy_is_checked_without_the_private_key(office: Office, tmp_path: Path) -> None:
    office.issuer = replace(office.issuer, key=tmp_path / "nowhere.pem")
    assert office.problems() == []
