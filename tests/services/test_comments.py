"""The people of a Party comment on its draft: no answer changes, and what is said stays."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import (
    InvalidInputError,
    NotFoundError,
    WrongCommentStateError,
    WrongStatusError,
)
from app.forms.places import Place
from app.models.account import Account, Role
from app.models.base import now
from app.models.comment import CommentThread
from app.models.message import Message
from app.models.submission import Submission
from app.services.comments import (
    Said,
    began,
    begin,
    changed_since,
    count_open,
    counts,
    is_changed_since,
    reply,
    resolve,
    threads_of,
)
from app.services.submissions import remove_row, save_place
from app.workflow import CommentState, DraftStatus
from tests import make

BASIS = "targets_basis"
START = Place("basis")
TARGETS = Place("targets")
HELLO = Said(text="Is this agreed?", language="en")


@pytest.fixture
def submission(session: Session) -> Submission:
    return make.make_submission(session, draft={})


@pytest.fixture
def reader(session: Session) -> Account:
    return make.make_account(session, Role.READER)


@pytest.fixture
def drafter(session: Session) -> Account:
    return make.make_account(session)


def commented(
    session: Session,
    submission: Submission,
    account: Account,
    place: Place = START,
    question: str = BASIS,
    said: Said = HELLO,
) -> CommentThread:
    return begin(session, submission, make.aichi(), place, question, said, account)


def answered(session: Session, submission: Submission, account: Account) -> None:
    given = {BASIS: "national_targets"}
    save_place(session, submission, make.aichi(), START, given, account)
    session.flush()


def state(thread: CommentThread) -> CommentState:
    return thread.state


def told(session: Session) -> list[tuple[str, str]]:
    session.flush()
    return [(m.kind, m.recipient) for m in session.scalars(select(Message).order_by(Message.id))]


def test_a_thread_goes_its_way_and_changes_no_answer(
    session: Session, submission: Submission, reader: Account, drafter: Account
) -> None:
    answered(session, submission, drafter)
    before = [(part.path, part.answers) for part in submission.draft.parts]  # type: ignore[union-attr] # it is there
    thread = commented(session, submission, reader)
    assert (thread.number, state(thread)) == (1, CommentState.OPEN)
    reply(session, thread, Said(text="Oui.", language="fr"), drafter)
    resolve(session, thread, drafter)
    assert state(thread) is CommentState.RESOLVED
    reply(session, thread, Said(text="Not quite.", language="en"), reader)
    assert state(thread) is CommentState.OPEN
    said = [(c.account_id, c.text, c.language) for c in thread.comments]
    assert said == [
        (reader.id, "Is this agreed?", "en"),
        (drafter.id, "Oui.", "fr"),
        (reader.id, "Not quite.", "en"),
    ]
    assert [(part.path, part.answers) for part in submission.draft.parts] == before  # type: ignore[union-attr] # it is there


def test_each_act_is_an_event_that_does_not_tell_what_was_said(
    session: Session, submission: Submission, reader: Account, drafter: Account
) -> None:
    thread = commented(session, submission, reader)
    resolve(session, thread, drafter)
    found = [(e.action, e.details["comments"], e.details["place"]) for e in submission.events]
    assert found == [("comment", 1, "basis"), ("resolve_comments", 1, "basis")]
    assert "agreed" not in str([event.details for event in submission.events])


def test_who_worked_on_the_answer_is_told_and_who_took_part(
    session: Session, submission: Submission, reader: Account, drafter: Account
) -> None:
    answered(session, submission, drafter)
    make.make_account(session)  # drafts too, but not this
    make.make_account(session, Role.READER)
    thread = commented(session, submission, reader)
    assert told(session) == [("comment", drafter.email)]
    reply(session, thread, HELLO, drafter)
    assert told(session)[1:] == [("comment", reader.email)]
    resolve(session, thread, drafter)
    assert told(session)[2:] == [("comments_resolved", reader.email)]


def test_where_nobody_has_worked_yet_all_who_draft_are_told(
    session: Session, submission: Submission, reader: Account, drafter: Account
) -> None:
    gone = make.make_account(session)
    gone.deactivated_at = now()
    make.make_account(session, party="JOR")
    make.make_account(session, Role.PUBLISHING_AUTHORITY)
    commented(session, submission, reader)
    assert told(session) == [("comment", drafter.email)]


def test_where_nobody_drafts_who_signs_is_told(
    session: Session, submission: Submission, reader: Account
) -> None:
    authority = make.make_account(session, Role.PUBLISHING_AUTHORITY)
    commented(session, submission, reader)
    assert told(session) == [("comment", authority.email)]


def test_a_comment_on_a_section_reaches_who_worked_anywhere_in_it(
    session: Session, submission: Submission, reader: Account, drafter: Account
) -> None:
    row = TARGETS.child("national_targets", "row-1")
    other = make.make_account(session)
    title = {"title": {"en": {"text": "Our target"}}}
    save_place(session, submission, make.aichi(), row, title, other)
    session.flush()
    commented(session, submission, reader, TARGETS, "")
    assert told(session) == [("comment", other.email)]
    remove_row(session, submission, make.aichi(), row, drafter)
    session.flush()
    thread = commented(session, submission, reader, place=row, question="")
    assert thread.place == str(row), "also what was removed can be talked about"


@pytest.mark.parametrize(
    ("place", "question"),
    [
        (Place("none"), ""),
        (START, "none"),
        (TARGETS, BASIS),
        (TARGETS.child("national_targets", "never-there"), ""),
    ],
)
def test_what_is_not_there_cannot_be_commented_on(
    session: Session, submission: Submission, reader: Account, place: Place, question: str
) -> None:
    with pytest.raises(NotFoundError):
        commented(session, submission, reader, place, question)
    assert threads_of(session, submission) == []


@pytest.mark.parametrize("text", ["", "  ", "x" * 5001])
def test_a_text_is_needed_and_has_an_end(
    session: Session, submission: Submission, reader: Account, text: str
) -> None:
    with pytest.raises(InvalidInputError):
        commented(session, submission, reader, said=Said(text=text, language="en"))
    with pytest.raises(InvalidInputError):
        commented(session, submission, reader, said=Said(text="So.", language="xx"))


def test_it_is_commented_on_while_there_is_a_draft_and_read_for_ever(
    session: Session, submission: Submission, reader: Account
) -> None:
    assert submission.draft is not None
    submission.draft.status = DraftStatus.AWAITING_SIGN_OFF
    thread = commented(session, submission, reader)
    session.delete(submission.draft)
    make.make_revision(session, submission)
    session.flush()
    session.expire_all()
    with pytest.raises(WrongStatusError):
        commented(session, submission, reader)
    with pytest.raises(WrongStatusError):
        reply(session, thread, HELLO, reader)
    assert [t.comments[0].text for t in threads_of(session, submission)] == [HELLO.text]
    resolve(session, thread, reader)


def test_what_is_resolved_is_resolved_once(
    session: Session, submission: Submission, reader: Account
) -> None:
    thread = commented(session, submission, reader)
    resolve(session, thread, reader)
    with pytest.raises(WrongCommentStateError):
        resolve(session, thread, reader)


def test_threads_are_counted_by_what_they_are_about_open_ones_first(
    session: Session, submission: Submission, reader: Account, drafter: Account
) -> None:
    first = commented(session, submission, reader)
    commented(session, submission, drafter)
    commented(session, submission, reader, question="")
    resolve(session, first, reader)
    assert counts(session, submission) == {("basis", ""): (1, 1), ("basis", BASIS): (1, 2)}
    assert counts(session, submission, TARGETS) == {}
    assert count_open(session, submission) == 2
    found = threads_of(session, submission, START, frozenset({BASIS}))
    assert [thread.number for thread in found] == [2, 1]
    assert [began(thread, reader) for thread in found] == [False, True]


def test_a_change_after_the_comment_is_seen(
    session: Session, submission: Submission, reader: Account, drafter: Account
) -> None:
    thread = commented(session, submission, reader)
    elsewhere = commented(session, submission, reader, TARGETS, "")
    answered(session, submission, drafter)
    assert is_changed_since(session, thread)
    assert not is_changed_since(session, elsewhere)
    of_all = changed_since(session, submission, threads_of(session, submission))
    alone = {t.number for t in threads_of(session, submission) if is_changed_since(session, t)}
    assert of_all == alone
