"""Documents that came on paper: attached, removed, and never a change to an answer."""

from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.errors import InvalidInputError, NotFoundError, UnreadableFileError
from app.files.stored import FileStore
from app.models.account import Account, Role
from app.models.submission import Submission
from app.services.events import latest_events
from app.services.sources import MOST, attach, remove, source_of, sources_of
from tests.make import make_account, make_submission

PAPER = b"%PDF-1.7 a signed page"


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


@pytest.fixture
def kenya(session: Session) -> Submission:
    return make_submission(session, draft={"targets_basis": "aichi_targets"})


@pytest.fixture
def reviewer(session: Session) -> Account:
    return make_account(session, Role.REVIEWER)


def test_a_document_is_kept_and_its_event_tells_its_hash(
    session: Session, kenya: Submission, store: FileStore, reviewer: Account
) -> None:
    source = attach(session, kenya, store, "sixth report.pdf", PAPER, reviewer)
    assert (source.number, source.size, source.name) == (1, len(PAPER), "sixth report.pdf")
    assert store.path(source.sha256).read_bytes() == PAPER
    (event,) = latest_events(session, kenya, 1)
    assert event.action == "attach_source"
    assert event.details == {
        "source": 1,
        "sha256": source.sha256,
        "size": len(PAPER),
        "media_type": "application/pdf",
    }
    assert kenya.draft is not None
    assert kenya.draft.version == 0


def test_the_same_document_twice_is_refused(
    session: Session, kenya: Submission, store: FileStore, reviewer: Account
) -> None:
    first = attach(session, kenya, store, "a.pdf", PAPER, reviewer)
    with pytest.raises(InvalidInputError):
        attach(session, kenya, store, "b.pdf", PAPER, reviewer)
    remove(session, first, reviewer)
    again = attach(session, kenya, store, "b.pdf", PAPER, reviewer)
    assert again.number == 2


def test_what_is_no_document_leaves_nothing(
    session: Session, kenya: Submission, store: FileStore, reviewer: Account, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableFileError):
        attach(session, kenya, store, "a.pdf", b"<html>", reviewer)
    assert sources_of(session, kenya) == []
    assert list(tmp_path.rglob("*")) == []
    assert latest_events(session, kenya, 1) == []


def test_one_document_too_many(
    session: Session, kenya: Submission, store: FileStore, reviewer: Account
) -> None:
    for number in range(MOST):
        attach(session, kenya, store, "a.pdf", PAPER + bytes([number]), reviewer)
    with pytest.raises(InvalidInputError) as refused:
        attach(session, kenya, store, "a.pdf", PAPER, reviewer)
    assert refused.value.details["parameter"] == "files"
    with pytest.raises(NotFoundError):
        store.path(sha256(PAPER).hexdigest())  # what is refused leaves no file


def test_a_removed_document_is_given_to_nobody(
    session: Session, kenya: Submission, store: FileStore, reviewer: Account
) -> None:
    source = attach(session, kenya, store, "a.pdf", PAPER, reviewer)
    remove(session, source, reviewer)
    assert sources_of(session, kenya) == []
    for number in (1, 2):
        with pytest.raises(NotFoundError):
            source_of(session, kenya, number)
    assert [event.action for event in latest_events(session, kenya, 2)] == [
        "remove_source",
        "attach_source",
    ]
