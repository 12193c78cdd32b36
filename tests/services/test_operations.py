"""The history of a draft over its whole life: nothing changes an answer without an operation."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.forms.definition import Form
from app.forms.merging import merge
from app.forms.part_changes import part_changes
from app.forms.places import Part, Place, split
from app.models.account import Account
from app.models.operation import Operation
from app.models.submission import Event, Submission
from app.services import submissions
from app.services.batches import operations_hash
from app.services.drafts import version_of
from tests.services.replay import Replay
from tests.services.test_submissions import DOCUMENT, START, THING, Desk

FULL: dict[str, Any] = {**DOCUMENT, "year": "2005"}


@pytest.fixture
def desk(two_parties: Session, kenya: Submission, short_form: Form, drafter: Account) -> Desk:
    return Desk(two_parties, kenya, short_form, drafter)


def history(desk: Desk) -> list[Operation]:
    desk.session.flush()
    desk.session.expire_all()
    found = desk.session.query(Operation).order_by(Operation.number).all()
    return [op for op in found if op.place]


def told(desk: Desk) -> dict[str, Any]:
    """Return the document that the history comes to."""
    return Replay().document(history(desk))


def test_the_history_comes_to_the_draft_and_after_signing_to_what_was_signed(desk: Desk) -> None:
    desk.replace({**FULL, "reason": {"en": {"text": "Not asked"}}})
    assert told(desk) == desk.draft()
    revision = desk.sign()
    assert told(desk) == submissions.signed_document(revision) == FULL
    assert history(desk)[-1].cause == "signed"
    desk.revise()
    assert told(desk) == desk.draft() == FULL


def test_a_discarded_revision_stays_in_the_history(desk: Desk) -> None:
    desk.replace(FULL)
    desk.sign()
    desk.revise()
    desk.save(START, year="2010")
    submissions.remove_row(desk.session, desk.submission, desk.form, THING, desk.account)
    submissions.discard_revision(desk.session, desk.submission, desk.form, desk.account)
    assert told(desk) == FULL
    assert "2010" in [op.after for op in history(desk)]
    desk.revise()
    assert told(desk) == desk.draft() == FULL


def test_what_is_signed_elsewhere_is_in_the_history_where_there_is_no_draft(desk: Desk) -> None:
    submissions.sign_elsewhere(desk.submission, desk.form, FULL, desk.account)
    assert told(desk) == FULL
    assert {op.cause.value for op in history(desk)} == {"imported"}
    desk.revise()
    assert told(desk) == desk.draft()


def test_the_version_only_grows_also_over_revisions(desk: Desk) -> None:
    versions = [version_of(desk.session, desk.submission)]
    for year in ("2005", "2006"):
        desk.replace({**FULL, "year": year})
        assert desk.submission.draft is not None
        versions.append(desk.submission.draft.version)
        desk.sign()
        desk.revise()
        assert desk.submission.draft is not None
        versions.append(desk.submission.draft.version)
    assert versions == sorted(versions)
    assert versions[-1] == version_of(desk.session, desk.submission)


def test_a_line_of_the_audit_trail_covers_its_operations(desk: Desk) -> None:
    desk.save(START, kind="b", year="2005")
    desk.save(THING, thing_name="Lamp")
    desk.session.flush()
    for event in desk.session.query(Event).filter(Event.action == "edit"):
        covered = event.details["operations"]
        found = [op for op in history(desk) if covered["first"] <= op.number <= covered["last"]]
        assert operations_hash(found) == covered["hash"]
        assert {op.at for op in found} == {event.at}
        found[0].after = "c"
        assert operations_hash(found) != covered["hash"]


def test_the_language_of_writing_is_in_the_history(desk: Desk) -> None:
    submissions.choose_language(desk.session, desk.submission, "fr", desk.account)
    desk.session.flush()
    (op,) = desk.session.query(Operation)
    assert (op.kind.value, op.before, op.after) == ("language", "", "fr")


@pytest.mark.parametrize(
    ("base", "present", "typed", "answer", "mine"),
    [
        ("a", "a", "b", "b", "b"),
        ("a", "b", "a", "b", "b"),
        ("a", "b", "b", "b", "b"),
        ("a", "b", "c", "b", "c"),
        (None, ["x"], ["y"], ["x"], ["y"]),
        ("a", None, "c", None, "c"),
        ({"en": {"text": "1"}}, {"en": {"text": "2"}}, None, {"en": {"text": "2"}}, None),
        (None, {"nothing": "unknown"}, {"en": {"text": "1"}}, {"nothing": "unknown"}, None),
    ],
)
def test_three_answers_come_to_one_or_clash(
    base: object, present: object, typed: object, answer: object, mine: object
) -> None:
    merged = merge(base, present, typed)
    assert merged.answer == answer
    assert merged.mine == (typed if mine is None and typed is not None else mine)


def test_texts_merge_by_language() -> None:
    one, two, three = ({"text": text} for text in ("1", "2", "3"))
    merged = merge({"en": one}, {"en": one, "ar": two}, {"en": three, "fr": three})
    assert (merged.answer, merged.is_clash) == ({"en": three, "ar": two, "fr": three}, False)
    merged = merge({"en": one}, {"en": two, "ar": two}, {"en": three, "fr": three})
    assert merged.answer == {"en": two, "ar": two, "fr": three}
    assert merged.mine == {"en": three, "ar": two, "fr": three}
    assert merge({"en": one}, {"en": one, "fr": two}, None).answer == {"fr": two}


def test_rows_that_change_places_are_moved_and_not_made_anew(short_form: Form) -> None:
    def parts(*names: str) -> list[Part]:
        rows = [{"row": name, "answers": {"thing_name": name}} for name in names]
        return split(short_form, {"things": rows})

    changes = part_changes(short_form, parts("a", "b", "c"), parts("c", "a", "d"))
    assert [(c.kind, c.place.steps[-1][1]) for c in changes] == [
        ("remove_row", "b"),
        ("move_row", "c"),
        ("add_row", "d"),
        ("answer", "d"),
    ]
    assert part_changes(short_form, parts("a"), parts("a")) == []
    assert Place("list").child("things", "d") == changes[-1].place
