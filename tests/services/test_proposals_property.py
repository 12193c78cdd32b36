"""Suggestions beside the work of a Party, in any interleaving: a draft changes only by what the
Party types or accepts, an old page undoes nothing, and no text is lost."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.forms.places import Place, answers_at, parse_place, split
from app.models.engine import configure
from app.models.operation import Cause, Kind, Operation, State
from app.models.proposal import (
    ProposalKind,
    Suggestion,
    SuggestionKind,
    SuggestionState,
)
from app.models.sealed import seal_with
from app.services.accepting import accept, decline
from app.services.drafts import version_of
from app.services.proposal_reading import ProposalReader
from app.services.proposals import Wished, propose
from app.services.suggesting import suggest, take_back_row
from app.services.suggestion_pages import Shown
from tests.databases import Databases
from tests.services import test_merging_property as party
from tests.services.replay import FORM, Replay, by_language, texts_in
from tests.services.test_merging_property import FIELDS, PLACES

PAGES = 2  # of the one holder

tabs = st.integers(0, PAGES - 1)
suggested = st.tuples(
    st.just("suggest"), tabs, st.integers(0, len(PLACES) - 1), st.integers(0, 2), st.integers(0, 4)
)
opened = st.tuples(st.just("look"), tabs)
resent = st.tuples(st.just("resend"), tabs, st.integers(0, len(PLACES) - 1))
decided = st.tuples(
    st.sampled_from(["accept", "accept_read", "decline", "take_back"]), st.integers(0, 9)
)
steps = st.lists(
    st.one_of(party.answers, party.rows, suggested, suggested, opened, resent, decided),
    max_size=24,
)


class Desk(party.Desk):
    """The Party at work, and a holder with pages that may be old."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.proposal = propose(
            session,
            self.submission,
            FORM,
            ProposalKind.DELEGATE,
            self.accounts[0],
            Wished(places=[Place("start"), Place("list")], name="A delegate"),
        )
        self.shown = [Shown(0, 0)] * PAGES
        self.page_documents: list[dict[str, Any]] = [{}] * PAGES
        self.suggested_texts: set[str] = set()
        self.count = 0

    def document(self) -> dict[str, Any]:
        self.session.flush()
        return super().document()

    def look(self, tab: int) -> None:
        self.session.flush()
        self.session.expire_all()
        version = version_of(self.session, self.submission)
        self.shown[tab] = Shown(version, self.proposal.version)
        reader = ProposalReader(self.session, self.submission, FORM, self.proposal)
        self.page_documents[tab] = reader.whole()

    def suggest(self, tab: int, where: int, which: int, what: int) -> None:
        place = parse_place(PLACES[where])
        names = FIELDS[len(str(place).split("/"))]
        name, before = names[which % len(names)], self.flat()
        self.count += 1
        text = f"suggested {self.count}"
        answer: Any = text if what < 4 else None
        if name in {"reason", "note_text"} and answer:
            answer = {("en" if what < 2 else "fr"): {"text": text}}
        try:
            suggest(self.session, self.proposal, FORM, place, {name: answer}, self.shown[tab])
        except NotFoundError:
            return
        self.session.flush()
        if answer is not None:
            self.suggested_texts.add(text)
        assert self.flat() == before, "a suggestion changes no draft"

    def resend(self, tab: int, where: int) -> None:
        """Send an old page as it was shown: nothing may come of it."""
        place = parse_place(PLACES[where])
        shown = answers_at(self.page_documents[tab], place)
        typed = {name: shown.get(name) for name in FIELDS[len(str(place).split("/"))]}
        if place.steps and not shown:
            return
        states = {each.number: each.state for each in self.suggestions()}
        try:
            found = suggest(self.session, self.proposal, FORM, place, typed, self.shown[tab])
        except NotFoundError:
            return
        assert [told.state for told in found] == [None] * len(typed)
        after = {
            each.number: each.state
            for each in self.suggestions()
            if each.kind is SuggestionKind.ANSWER
        }
        assert after == {number: states[number] for number in after}

    def accept(self, which: int, *, has_read: bool = False) -> None:
        found = [each for each in self.suggestions() if each.state is SuggestionState.WAITING]
        if not found:
            return
        chosen, before = found[which % len(found)], self.flat()
        start = version_of(self.session, self.submission)
        self.session.flush()
        (told,) = accept(
            self.session,
            self.submission,
            FORM,
            [chosen],
            self.accounts[0],
            since=start if has_read else None,
        )
        self.session.flush()
        made = [op for op in self.history() if op.number > start]
        back = {path for op in made if op.after and op.kind is Kind.ADD_ROW for path in _parts(op)}
        after, own = self.flat(), (chosen.place, chosen.question)
        changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        assert {key for key in changed if key[0] not in back} <= {own}
        if told.state in (State.CLASH, State.LOCKED):
            assert changed == set()
            assert chosen.state is SuggestionState.WAITING
        else:
            assert chosen.state is SuggestionState.ACCEPTED
        assert not has_read or told.state is not State.CLASH
        if not has_read and own[0] not in back:
            _keeps_what_its_holder_did_not_see(chosen, before.get(own), after.get(own))
        assert {op.cause for op in made} <= {Cause.SUGGESTED}
        assert {op.proposal_id for op in made} <= {self.proposal.id}

    def accept_read(self, which: int) -> None:
        self.accept(which, has_read=True)

    def decline(self, which: int) -> None:
        found = [each for each in self.suggestions() if each.state is SuggestionState.WAITING]
        before = self.flat()
        if found:
            chosen = found[which % len(found)]
            decline(self.session, self.submission, [chosen], self.accounts[1])
            assert chosen.state is SuggestionState.DECLINED
        assert self.flat() == before

    def take_back(self, which: int) -> None:
        rows = [
            each
            for each in self.suggestions()
            if each.kind is SuggestionKind.ADD_ROW and each.state is SuggestionState.WAITING
        ]
        before = self.flat()
        if rows:
            place = parse_place(rows[which % len(rows)].place)
            take_back_row(self.session, self.proposal, FORM, place)
        assert self.flat() == before

    def suggestions(self) -> list[Suggestion]:
        return self.session.query(Suggestion).order_by(Suggestion.number).all()

    def flat(self) -> dict[tuple[str, str], Any]:
        """Return every answer of the draft by its place and question."""
        return {
            (str(part.place), question): answer
            for part in split(FORM, self.document())
            for question, answer in part.answers.items()
        }


@pytest.fixture(scope="module")
def engine(databases: Databases, migrated: str) -> Iterator[Engine]:
    engine = create_engine(databases.copy(migrated, "suggesting"))
    configure(engine, lambda: False)
    seal_with(engine, "for this test alone")
    yield engine
    engine.dispose()


def _parts(op: Operation) -> set[str]:
    return set(op.after.get("parts", {}))


def _keeps_what_its_holder_did_not_see(chosen: Suggestion, before: Any, after: Any) -> None:  # noqa: ANN401
    """Fail if a text is gone that the Party wrote after the holder had read the draft."""
    shown, there, now = (by_language(each) for each in (chosen.base, before, after))
    for language in there:
        if there[language] != shown.get(language):
            assert now.get(language) == there[language], language


@settings(max_examples=80)
@given(steps)
@example([("suggest", 0, 1, 0, 0), ("accept", 1), ("accept", 0)])
@example([("suggest", 0, 4, 0, 0), ("type", 0, 1, 0, 0), ("look", 0), ("suggest", 0, 4, 0, 0)])
@example([("type", 0, 0, 1, 0), ("suggest", 0, 0, 1, 0), ("accept", 0), ("accept_read", 0)])
@example([("suggest", 0, 0, 1, 0), ("suggest", 1, 0, 1, 0), ("resend", 1, 0), ("accept", 0)])
@example([("suggest", 0, 0, 1, 0), ("type", 0, 0, 1, 3), ("accept_read", 0)])
@example([("suggest", 0, 0, 1, 0), ("type", 0, 0, 1, 2), ("accept", 0)])
@example([("type", 0, 1, 0, 0), ("look", 0), ("remove", 1, "a"), ("suggest", 0, 1, 0, 0)])
def test_a_draft_changes_only_by_what_is_accepted_and_no_text_is_lost(
    engine: Engine, steps: list[tuple[Any, ...]]
) -> None:
    with Session(engine) as session:
        at_work = Desk(session)
        for step in steps:
            at_work.do(step)
        history, document = at_work.history(), at_work.document()
        assert Replay().document(history) == document
        suggestions = at_work.suggestions()
        assert [each.number for each in suggestions] == sorted(each.number for each in suggestions)
        kept = {text for each in suggestions for text in texts_in(each.answer)}
        assert at_work.suggested_texts - kept == set()
        _check_one_for_each_answer(suggestions)
        accepted = {
            each.operation for each in suggestions if each.state is SuggestionState.ACCEPTED
        }
        answered = {op.number for op in history if op.cause is Cause.SUGGESTED}
        assert {number for number in accepted if number} <= answered
        session.rollback()


def _check_one_for_each_answer(suggestions: list[Suggestion]) -> None:
    waiting = [
        (each.place, each.question) for each in suggestions if each.state is SuggestionState.WAITING
    ]
    assert len(waiting) == len(set(waiting))
    for each in suggestions:
        assert (each.ended is None) == (each.state is SuggestionState.WAITING)
