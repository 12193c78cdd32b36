"""The demonstration is whole, alike each time, marked as synthetic, and kept from real data."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from app.errors import RealDataError
from app.files.stored import FileStore
from app.forms.catalogue import Catalogue
from app.forms.checks import blocking, check_form
from app.forms.places import Document
from app.forms.rehearsal import Rehearsal
from app.models.account import Account, Token
from app.models.collection import Collection
from app.models.engine import configure
from app.models.operation import Kind as OperationKind
from app.models.operation import Operation
from app.models.proposal import ProposalState
from app.models.sealed import seal_with
from app.models.submission import DraftPart, Event, Review, Revision, Submission
from app.services.collections import open_collection
from app.services.demo import COLLECTION, PASSWORD, STARTED, UNTOUCHED, Demo, plan, seed_demo
from app.services.demo_carrying import CARRYING, EARLIER
from app.services.on_behalf_reading import entries_of
from app.services.passwords import authenticate
from app.services.proposal_reading import ProposalReader
from app.services.reference import seed_reference
from app.services.rehearsal import language_of
from app.services.submissions import draft_document, sign_elsewhere, standing
from app.workflow import ReviewStatus, Status, status_of
from tests.databases import Databases

FORMS = Catalogue(Path(__file__).parents[2] / "forms")


def answers_of(party: str) -> Document:
    language = language_of(party)
    form = FORMS.load("aichi-progress", 1, language)
    made = plan()
    rehearsal = Rehearsal(form, language=language, until=made.until, leanings=made.leanings)
    return rehearsal.document(party)


@pytest.fixture(scope="module")
def made(
    databases: Databases, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Session, Demo]]:
    """The demonstration, made once for all tests that only read it."""
    engine = create_engine(databases.copy(migrated, "demo"))
    configure(engine, lambda: False)
    seal_with(engine, "a key for tests alone, which is no secret")
    with Session(engine) as session:
        demo = seed_demo(session, FORMS, FileStore(tmp_path_factory.mktemp("files")))
        session.commit()
        yield session, demo
    engine.dispose()


def test_all_parties_are_asked_and_every_status_is_shown(made: tuple[Session, Demo]) -> None:
    session, demo = made
    every = select(Submission).where(Submission.collection_code == COLLECTION)
    found = Counter(status_of(standing(s)) for s in session.scalars(every))
    assert found.total() == demo.parties == 196
    assert set(found) == set(Status)
    assert found[Status.SUBMITTED] > 100
    assert found[Status.WITHDRAWN] == 1
    reviews = set(session.scalars(select(Review.status)))
    assert reviews == {ReviewStatus.IN_REVIEW, ReviewStatus.REVIEWED}


def test_some_parties_are_asked_again(made: tuple[Session, Demo]) -> None:
    session, _ = made
    assert session.get_one(Collection, EARLIER).is_synthetic
    signed = session.scalars(select(Revision).where(Revision.carried.is_not(None))).all()
    assert sorted(revision.submission.party_code for revision in signed) == sorted(CARRYING)
    for revision in signed:
        assert all(entry["is_carried"] for entry in revision.carried or () if entry["question"])
    last = session.scalars(select(Operation).where(Operation.kind == OperationKind.CARRY)).all()
    assert any(op.place == "basis" and op.account.party_code == STARTED for op in last)


def test_one_report_came_on_paper_and_waits_to_be_confirmed(made: tuple[Session, Demo]) -> None:
    session, _ = made
    submission = session.scalars(
        select(Submission).where(
            Submission.collection_code == COLLECTION, Submission.party_code == UNTOUCHED
        )
    ).one()
    (entry,) = entries_of(session, submission)
    form = FORMS.load("aichi-progress", 1)
    entered = ProposalReader(session, submission, form, entry.proposal).whole()
    assert blocking(check_form(form, entered)) == []
    assert draft_document(form, submission) == {}
    assert entry.sources == [1]
    assert entry.proposal.state is ProposalState.HANDED_IN


def test_it_is_marked_as_synthetic(made: tuple[Session, Demo]) -> None:
    session, _ = made
    assert session.get_one(Collection, COLLECTION).is_synthetic


def test_signatures_spread_over_weeks_and_lie_before_what_follows(
    made: tuple[Session, Demo],
) -> None:
    session, _ = made
    signed = session.scalars(select(Revision)).all()
    assert len({revision.signed_at.date() for revision in signed}) > 60
    for revision in signed:
        review = revision.review
        assert review is None or review.started_at > revision.signed_at
        moments = [event.at for event in revision.submission.events]
        assert moments == sorted(moments)


def test_unfinished_drafts_hold_what_was_typed(made: tuple[Session, Demo]) -> None:
    session, _ = made
    form = FORMS.load("aichi-progress", 1)
    codes = Counter(
        problem.code
        for submission in session.scalars(select(Submission))
        if status_of(standing(submission)) is Status.DRAFT
        for problem in blocking(check_form(form, draft_document(form, submission)))
    )
    assert codes["not_a_date"] > 3
    assert codes["required"] > 3


def test_all_who_are_printed_can_sign_in(made: tuple[Session, Demo]) -> None:
    session, demo = made
    assert len(demo.accounts) == 9
    for email, _ in demo.accounts:
        assert email.endswith("@example.org")
        assert authenticate(session, email, PASSWORD) is not None
    assert PASSWORD in "\n".join(demo.lines())


def test_making_it_again_changes_nothing(made: tuple[Session, Demo]) -> None:
    session, demo = made

    def counted() -> list[int | None]:
        tables = (Account, DraftPart, Event, Review, Revision, Submission, Token)
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]

    hashes = session.scalars(select(Revision.hash).order_by(Revision.hash)).all()
    before = counted()
    again = seed_demo(session, FORMS, FileStore(Path("nowhere")))
    assert counted() == before
    assert session.scalars(select(Revision.hash).order_by(Revision.hash)).all() == hashes
    assert (again.parties, again.signed, again.accounts) == (
        demo.parties,
        demo.signed,
        demo.accounts,
    )


def test_it_is_refused_beside_real_answers(empty_session: Session) -> None:
    seed_reference(empty_session)
    form = FORMS.load("aichi-progress", 1)
    real = open_collection(empty_session, "nr6", form)
    seeded = empty_session.scalars(select(Submission).where(Submission.party_code == "FJI")).one()
    account = Account(email="somebody@example.org", role="administrator")
    empty_session.add(account)
    empty_session.flush()
    sign_elsewhere(seeded, form, answers_of("FJI"), account)
    empty_session.flush()
    with pytest.raises(RealDataError):
        seed_demo(empty_session, FORMS, FileStore(Path("nowhere")))
    assert empty_session.get(Collection, COLLECTION) is None
    assert not real.is_synthetic


@pytest.mark.parametrize("party", ["BRA", "CHN", "EGY", "FRA", "MEX", "RUS"])
def test_a_party_answers_alike_each_time_without_problems(party: str) -> None:
    form = FORMS.load("aichi-progress", 1)
    document = answers_of(party)
    assert document == answers_of(party)
    assert blocking(check_form(form, document)) == []


def test_parties_write_in_six_languages() -> None:
    parties = ["BRA", "CHN", "EGY", "FRA", "MEX", "RUS"]
    assert [language_of(party) for party in parties] == ["en", "zh", "ar", "fr", "es", "ru"]
