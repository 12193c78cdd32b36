"""Any interleaving of what several people do gives the result of some serial order, and no text is
lost: whatever was ever sent is in the draft or in its history."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.forms.carrying import Carry
from app.forms.places import Place, answers_at, parse_place
from app.models.account import Account, Role
from app.models.engine import configure
from app.models.operation import Cause, Kind, Operation, State
from app.models.party import Party, PartyStatus
from app.models.submission import Submission
from app.services.accounts import add_account
from app.services.audit_drafts import check_draft
from app.services.batches import Sent
from app.services.carrying import LastTime, bring_over, carry
from app.services.collections import open_collection
from app.services.draft_history import can_be_restored, last_own, restore, undo
from app.services.drafts import draft_document, version_of
from app.services.row_operations import move_row, remove_row
from app.services.sent_operations import SentOperation, carry_out
from app.services.submissions import drafting
from tests.databases import Databases
from tests.services.replay import FORM, Replay, by_language, texts_in

PEOPLE = 3
ROWS = ("a", "b", "c")
PLACES = (
    "start",
    *(f"list/things/{row}" for row in ROWS),
    "list/things/a/notes/n",
    "list/things/b/notes/n",
)
FIELDS = {1: ("kind", "reason", "year"), 3: ("thing_name",), 5: ("note_text",)}

people = st.integers(0, PEOPLE - 1)
answers = st.tuples(
    st.just("type"), people, st.integers(0, len(PLACES) - 1), st.integers(0, 2), st.integers(0, 3)
)
rows = st.tuples(st.sampled_from(["remove", "up", "down"]), people, st.sampled_from(ROWS))
others = st.tuples(
    st.sampled_from(["open", "undo", "replay", "restore", "carry", "bring"]),
    people,
    st.integers(0, 9),
)
THEN: dict[str, Any] = {
    "kind": "b",
    "reason": {"en": {"text": "As ever"}},
    "year": "1999",
    "things": [
        {
            "row": row,
            "answers": {
                "thing_name": f"Old {row}",
                "notes": [{"row": "n", "answers": {"note_text": {"en": {"text": "Old"}}}}],
            },
        }
        for row in ("a", "b")
    ],
}
steps = st.lists(st.one_of(answers, answers, rows, others), max_size=24)


class Desk:
    """One submission and several people, each with a page that may be old."""

    def __init__(self, session: Session) -> None:
        self.session = session
        session.add(Party(code="KEN", iso_alpha2="KE"))
        session.flush()
        status = PartyStatus(
            party_code="KEN",
            agreement="cbd",
            position=0,
            status="party",
            from_on=date(1994, 1, 1),
            to_on=None,
        )
        session.add(status)
        session.flush()
        open_collection(session, "test", FORM, opens_on=date(2020, 1, 1))
        self.submission = session.query(Submission).filter_by(party_code="KEN").one()
        role = Role.NATIONAL_AUTHORIZED_USER
        self.accounts: list[Account] = [
            add_account(session, f"person-{n}@example.org", role, "KEN") for n in range(PEOPLE)
        ]
        self.seen = [0] * PEOPLE  # the version that each one's page shows
        self.pages = [f"page-{n}-0" for n in range(PEOPLE)]
        self.last = LastTime(
            submission="then",
            revision=1,
            collection="then",
            signed_at=datetime(2014, 1, 1, tzinfo=UTC),
            form=FORM,
            document=THEN,
        )
        self.sent: list[tuple[int, SentOperation]] = []
        self.texts: set[str] = set()
        self.documents: dict[int, dict[str, Any]] = {0: {}}  # by version

    def do(self, step: tuple[Any, ...]) -> None:
        verb, person, *rest = step
        act: Callable[..., None] = getattr(self, verb if verb not in {"up", "down"} else "move")
        act(person, *(rest if verb not in {"up", "down"} else [*rest, -1 if verb == "up" else 1]))
        self.documents[version_of(self.session, self.submission)] = self.document()

    def open(self, person: int, number: int) -> None:
        self.seen[person] = version_of(self.session, self.submission)
        self.pages[person] = f"page-{person}-{len(self.sent)}-{number}"

    def type(self, person: int, where: int, which: int, what: int) -> None:
        place = parse_place(PLACES[where])
        names = FIELDS[len(str(place).split("/"))]
        name, number = names[which % len(names)], len(self.sent)
        text = f"text {number} by {person}"
        fields: dict[str, list[str]] = {name: [text]}
        if name == "kind":
            fields = {name: [("a", "b", "", "a")[what]]}
        elif name == "year":
            fields = {name: [str(2000 + number)]}
        elif name in {"reason", "note_text"}:
            fields[f"{name}.language"] = ["en" if what < 2 else "fr"]
            if what == 3:
                fields = {name: [text, f"other {text}"], f"{name}.language": ["en", "fr"]}
        page, order = self.pages[person], number
        sent = Sent(id=f"op-{number}", page=page, order=order)
        operation = SentOperation(
            sent=sent, kind=Kind.ANSWER, place=str(place), since=self.seen[person], fields=fields
        )
        self.sent.append((person, operation))
        if self._send(person, operation):
            self.texts |= {value for name in names for value in fields.get(name, []) if value}
            self._has_seen_what_it_replaced(place, name, person)

    def _has_seen_what_it_replaced(self, place: Place, name: str, person: int) -> None:
        """Fail if a page has changed a text that was neither shown on it nor typed there."""
        last = self.history()[-1] if self.history() else None
        if last is None or (last.kind, last.state) != (Kind.ANSWER, State.APPLIED):
            return
        shown = by_language(answers_at(self.documents[self.seen[person]], place).get(name))
        own = [op for op in self.history() if op.page == last.page and op.number < last.number]
        before, after = by_language(last.before), by_language(last.after)
        for language in before.keys() | after.keys():
            if before.get(language) != after.get(language):
                typed = [
                    by_language(op.typed["answer"] if op.typed else op.after).get(language)
                    for op in own
                    if (op.place, op.question) == (str(place), name)
                ]
                assert before.get(language) in [shown.get(language), *typed], last.number

    def replay(self, _person: int, which: int) -> None:
        if self.sent:
            person, operation = self.sent[which % len(self.sent)]
            known = self.session.query(Operation).filter_by(id=operation.sent.id).count()
            before = version_of(self.session, self.submission)
            self._send(person, operation)
            if known:
                assert version_of(self.session, self.submission) == before

    def remove(self, person: int, row: str) -> None:
        batch = self._batch(person)
        try:
            remove_row(batch, parse_place(f"list/things/{row}"), since=self.seen[person])
        except NotFoundError:
            return
        batch.save("remove_row")

    def move(self, person: int, row: str, by: int) -> None:
        batch = self._batch(person)
        try:
            move_row(batch, parse_place(f"list/things/{row}"), by, "b")
        except NotFoundError:
            return
        batch.save()

    def undo(self, person: int, _number: int) -> None:
        found = last_own(self.session, self.submission, self.accounts[person])
        if found is not None:
            batch = self._batch(person, Cause.UNDONE)
            undo(batch, found)
            batch.save("undo")

    def restore(self, person: int, which: int) -> None:
        found = [op for op in self.history() if can_be_restored(op) and op.place]
        if found:
            batch = self._batch(person, Cause.RESTORED)
            restore(batch, found[which % len(found)], self.seen[person])
            batch.save("restore")

    def carry(self, person: int, which: int) -> None:
        names = FIELDS[1]
        batch = self._batch(person, Cause.CARRIED)
        carry(
            batch,
            self.last,
            parse_place("start"),
            [names[which % len(names)]],
            list(Carry)[which % 3],
            since=self.seen[person],
            sent=Sent(page=self.pages[person]),
        )
        batch.save("carry")

    def bring(self, person: int, which: int) -> None:
        row = parse_place(f"list/things/{ROWS[which % 2]}")
        batch = self._batch(person, Cause.CARRIED)
        bring_over(batch, self.last, row, list(Carry)[which % 3], sent=Sent())
        batch.save("carry")

    def history(self) -> list[Operation]:
        return self.session.query(Operation).order_by(Operation.number).all()

    def document(self) -> dict[str, Any]:
        self.session.expire_all()
        return dict(draft_document(FORM, self.submission))

    def _send(self, person: int, operation: SentOperation) -> bool:
        """Send it; tell whether it was taken, and not refused."""
        batch = self._batch(person)
        (told,) = carry_out(batch, [operation], locale="en", language="en")
        batch.save()
        return told.refused is None

    def _batch(self, person: int, cause: Cause = Cause.TYPED) -> Any:  # noqa: ANN401
        self.session.flush()
        return drafting(self.session, self.submission, FORM, self.accounts[person], cause)


@pytest.fixture(scope="module")
def engine(databases: Databases, migrated: str) -> Iterator[Engine]:
    engine = create_engine(databases.copy(migrated, "merging"))
    configure(engine, lambda: False)
    yield engine
    engine.dispose()


@contextmanager
def desk(engine: Engine) -> Iterator[Desk]:
    """Yield a desk of which nothing stays in the database."""
    with Session(engine) as session:
        yield Desk(session)
        session.rollback()


@settings(max_examples=60)
@given(steps)
@example([("type", 0, 1, 0, 0), ("open", 1, 0), ("remove", 0, "a"), ("type", 1, 1, 0, 0)])
@example([("type", 0, 0, 1, 0), ("type", 1, 0, 1, 0), ("undo", 0, 0), ("replay", 1, 1)])
@example([("type", 0, 0, 1, 0), ("type", 1, 0, 1, 3), ("undo", 0, 0), ("restore", 2, 1)])
@example([("carry", 0, 0), ("carry", 1, 2), ("undo", 1, 0), ("undo", 0, 0)])
@example([("bring", 0, 0), ("remove", 1, "a"), ("undo", 0, 0), ("bring", 1, 4)])
@example([("type", 0, 1, 0, 0), ("remove", 0, "a"), ("bring", 0, 0), ("undo", 0, 0)])
def test_any_interleaving_is_some_serial_order_and_loses_no_text(
    engine: Engine, steps: list[tuple[Any, ...]]
) -> None:
    with desk(engine) as at_work:
        versions = [0]
        for step in steps:
            at_work.do(step)
            versions.append(version_of(at_work.session, at_work.submission))
        assert versions == sorted(versions), "the version only grows"
        history, document = at_work.history(), at_work.document()
        assert Replay().document(history) == document
        assert list(check_draft(at_work.session, at_work.submission.id, history)) == []
        assert [op.number for op in history] == list(range(1, len(history) + 1))
        kept = set(texts_in(document))
        kept |= {t for op in history for v in (op.before, op.after, op.typed) for t in texts_in(v)}
        assert at_work.texts - kept == set()


@settings(max_examples=30)
@given(st.permutations(range(6)), st.lists(st.integers(0, 5), max_size=6))
def test_changes_of_different_answers_merge_in_any_order(
    engine: Engine, order: list[int], again: list[int]
) -> None:
    """Six changes that do not touch come to the same in any order, however often they are sent."""
    with desk(engine) as at_work:
        setup = SentOperation(
            sent=Sent("row", "setup", 0),
            kind=Kind.ANSWER,
            place="list/things/a",
            since=0,
            fields={"thing_name": ["x"]},
        )
        at_work._send(0, setup)  # noqa: SLF001 - the desk is this file's own
        since = version_of(at_work.session, at_work.submission)
        changes = [
            ("start", {"kind": ["a"]}),
            ("start", {"year": ["2001"]}),
            ("start", {"reason": ["Big"], "reason.language": ["en"]}),
            ("start", {"reason": ["Grand"], "reason.language": ["fr"]}),
            ("list/things/a", {"thing_name": ["y"]}),
            ("list/things/b", {"thing_name": ["z"]}),
        ]
        for number in [*order, *again]:
            place, fields = changes[number]
            operation = SentOperation(
                sent=Sent(f"op-{number}", f"page-{number}", 0),
                kind=Kind.ANSWER,
                place=place,
                since=since,
                fields=fields,
            )
            at_work._send(number % PEOPLE, operation)  # noqa: SLF001 - likewise
        assert at_work.document() == {
            "kind": "a",
            "year": "2001",
            "reason": {"en": {"text": "Big"}, "fr": {"text": "Grand"}},
            "things": [
                {"row": "a", "answers": {"thing_name": "y"}},
                {"row": "b", "answers": {"thing_name": "z"}},
            ],
        }
