"""What a Party does with its submission: draft, send for sign-off, sign, revise, withdraw.

Each verb checks, changes and records, in that order, and commits nothing. A draft is always saved,
problems or not: nobody loses an afternoon's work to a red box.

Whatever changes a draft is in its history as operations (`app.services.operations`), also what
signing leaves out and what a discarded revision held. Where there is no draft, the history ends
with what was signed last; so a draft that is made from it begins where the history stands.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session, object_session

from app.errors import CollectionClosedError, InvalidAnswersError, NotFoundError
from app.forms.checks import blocking, check_form
from app.forms.definition import LANGUAGES, Form
from app.forms.part_changes import part_changes
from app.forms.places import Document, Part, Place, split
from app.forms.relevance import asked
from app.forms.unlocked import Unlocked, read_unlocked
from app.models.account import Account
from app.models.base import now
from app.models.counting import latest
from app.models.operation import Cause
from app.models.submission import DraftPart, Revision, Submission
from app.receipts import FIRST, canonical, chain, timestamp
from app.services import operations, row_operations
from app.services.batches import Batch, Outcome
from app.services.carrying import carried_facts, carried_record, take_back_since
from app.services.collections import is_open
from app.services.designations import require_designation
from app.services.drafts import draft_document, draft_parts, drop_draft, new_draft, open_draft
from app.services.events import record
from app.workflow import Action, DraftStatus, Signed, Standing, next_standing

__all__ = ["draft_document"]  # the rest is defined here

_WHILE_OPEN = frozenset({Action.EDIT, Action.SEND_FOR_SIGN_OFF, Action.SIGN, Action.REVISE})


def standing(submission: Submission) -> Standing:
    """Return where the submission stands. Before anything is signed there always is a draft."""
    if not submission.revisions:
        signed = Signed.NOTHING
    else:
        signed = Signed.SIGNED if latest(submission) else Signed.WITHDRAWN
    if submission.draft is not None:
        return Standing(signed, submission.draft.status)
    return Standing(signed, DraftStatus.OPEN if signed is Signed.NOTHING else DraftStatus.NONE)


def signed_document(revision: Revision) -> Document:
    """Return the answers frozen in *revision*."""
    document: Document = json.loads(revision.content)
    return document


def drafting(
    session: Session,
    submission: Submission,
    form: Form | None,
    account: Account,
    cause: Cause = Cause.TYPED,
) -> Batch:
    """Begin a batch of changes to the draft; `save()` ends it.

    Raises CollectionClosedError, and WrongStatusError when the draft is not open.
    """
    _advance(submission, Action.EDIT)
    return Batch(session, submission, form, account, cause)


def save_place(
    session: Session,
    submission: Submission,
    form: Form,
    place: Place,
    answers: Mapping[str, object],
    account: Account,
) -> list[Outcome]:
    """Keep what was typed at one place of the draft, over the present answers.

    answers   by question id, as `read_answers` gives them: None clears; what is absent stays

    Makes the row of a repeat when it is not there yet. Raises NotFoundError for a place that the
    form does not have, WrongStatusError when the draft is not open.
    """
    batch = drafting(session, submission, form, account)
    outcomes = operations.answer(batch, place, dict(answers))
    batch.save()
    return outcomes


def remove_row(
    session: Session, submission: Submission, form: Form, place: Place, account: Account
) -> None:
    """Take a row of a repeat, and all under it, out of the draft; raise NotFoundError if not there.

    What was in it stays in the history.
    """
    batch = drafting(session, submission, form, account)
    row_operations.remove_row(batch, place)
    batch.save("remove_row")


def move_row(
    session: Session, submission: Submission, form: Form, place: Place, by: int, account: Account
) -> None:
    """Move a row of a repeat up (*by* -1) or down (1) among its siblings; at an end it stays."""
    batch = drafting(session, submission, form, account)
    row_operations.move_row(batch, place, by)
    batch.save()


def choose_language(
    session: Session, submission: Submission, language: str, account: Account
) -> None:
    """Set the language in which the Party writes its texts; those already there keep theirs."""
    batch = drafting(session, submission, None, account)
    if language not in LANGUAGES:
        raise NotFoundError(what="language", code=language)
    open_draft(session, submission)
    operations.write_in(batch, language)
    batch.record("choose_language", language=language)


def replace_document(
    session: Session,
    submission: Submission,
    form: Form,
    document: Document,
    account: Account,
    cause: Cause = Cause.REPLACED,
    proposal_id: str | None = None,
) -> None:
    """Make *document* the whole draft: what is not in it is no longer answered.

    proposal_id   of the proposal from which it is taken

    The answers before stay in the history. Raises WrongStatusError when the draft is not open.
    """
    batch = drafting(session, submission, form, account, cause)
    batch.proposal_id = proposal_id
    open_draft(session, submission)
    _replace(batch, split(form, document))
    if batch.written:
        batch.record("replace_answers")


def send_for_sign_off(
    session: Session, submission: Submission, form: Form, account: Account
) -> None:
    """Hand the draft to the publishing authority; raise InvalidAnswersError if it can't be signed.

    The error carries every blocking problem.
    """
    _advance(submission, Action.SEND_FOR_SIGN_OFF)
    _refuse_problems(form, draft_document(form, submission))
    draft = open_draft(session, submission)
    draft.status = DraftStatus.AWAITING_SIGN_OFF
    record(submission, Action.SEND_FOR_SIGN_OFF, account)


def send_back(submission: Submission, account: Account, note: str = "") -> None:
    """Give the draft back to those who draft, with a word on what is to be done."""
    _advance(submission, Action.SEND_BACK)
    if submission.draft is not None:
        submission.draft.status = DraftStatus.OPEN
    record(submission, Action.SEND_BACK, account, note=note)


def sign(
    session: Session, submission: Submission, form: Form, account: Account, wording_language: str
) -> Revision:
    """Freeze the draft as the next revision: public and counted from now on.

    Raises InvalidAnswersError with every blocking problem, WrongStatusError unless the draft
    awaits sign-off, NotDesignatedError unless *account* is designated to sign this form.
    """
    _advance(submission, Action.SIGN)
    designation = require_designation(session, submission.party_code, form, account)
    document = draft_document(form, submission)
    _refuse_problems(form, document)
    revision = _freeze(submission, form, document, account, wording_language)
    revision.carried = carried_record(session, submission, signed_document(revision))
    revision.designation = designation
    left_out = Batch(session, submission, form, account, Cause.SIGNED)
    _replace(left_out, signed_parts(form, submission))
    event = left_out.record(Action.SIGN, designation=designation.id, **_signed(revision))
    drop_draft(session, submission)
    revision.signed_at = revision.recorded_at = event.at
    return revision


def sign_elsewhere(
    submission: Submission,
    form: Form,
    document: Document,
    account: Account,
    signed_at: datetime | None = None,
    language: str = "",
) -> Revision:
    """Freeze *document*, which the Party signed outside Canopy, as the next revision.

    The one way in past the Party's own signature, for an administrator's import; the revision is
    marked. A draft that the Party works on is not touched.

    signed_at   when it was signed, aware, not in the future; default now
    language    in which its texts are written; default the submission's

    Raises InvalidAnswersError with every blocking problem; ValueError when *signed_at* lies in the
    future or not after the revision that it follows.
    """
    _refuse_problems(form, document)
    moment = signed_at or now()
    if moment > now():
        raise ValueError(f"signed in the future: {moment}")
    if submission.revisions and moment <= submission.revisions[-1].signed_at:
        raise ValueError(f"signed no later than the revision before: {moment}")
    before = signed_parts(form, submission)
    revision = _freeze(submission, form, document, account, submission.language or "en")
    revision.signed_at = moment
    revision.is_signed_elsewhere = True
    revision.language = language or revision.language
    session = object_session(submission)
    if session is None:
        raise ValueError("a revision of a submission that is in no session")
    batch = Batch(session, submission, form, account, Cause.IMPORTED)
    if submission.draft is None:
        operations.replace(batch, part_changes(form, before, signed_parts(form, submission)))
    event = batch.record("sign_elsewhere", signed_at=timestamp(moment), **_signed(revision))
    revision.recorded_at = event.at
    return revision


def revise(
    session: Session,
    submission: Submission,
    form: Form,
    account: Account,
    unlocked: Unlocked | None = None,
) -> None:
    """Open a draft from the last revision, which stays public and counted meanwhile.

    unlocked   what alone may be changed in it; None: everything
    """
    _advance(submission, Action.REVISE)
    draft = new_draft(session, submission)
    draft.unlocked = unlocked.written() if unlocked else None
    for part in signed_parts(form, submission):
        draft.parts.append(
            DraftPart(path=str(part.place), position=part.position, answers=part.answers)
        )
    record(
        *(submission, Action.REVISE, account),
        revision=submission.revisions[-1].number,
        unlocked=draft.unlocked,
    )


def unlock(submission: Submission, account: Account, more: Unlocked | None = None) -> None:
    """Let *more* be changed in a revision that was begun for some answers; None: everything.

    Raises WrongStatusError when the draft is not open.
    """
    _advance(submission, Action.EDIT)
    draft = submission.draft
    if draft is None or draft.unlocked is None:
        return
    before = read_unlocked(draft.unlocked)
    entries = before.entries if before else frozenset()
    draft.unlocked = Unlocked(entries | more.entries).written() if more else None
    record(submission, "unlock", account, unlocked=draft.unlocked)


def discard_revision(
    session: Session, submission: Submission, form: Form, account: Account
) -> None:
    """Drop the draft of a revision; its answers stay in the history."""
    _advance(submission, Action.DISCARD_REVISION)
    dropped = Batch(session, submission, form, account, Cause.DISCARDED)
    if submission.draft is not None:
        take_back_since(dropped, submission.draft.started_at)
    _replace(dropped, signed_parts(form, submission))
    dropped.record(Action.DISCARD_REVISION)
    drop_draft(session, submission)


def withdraw(submission: Submission, account: Account, note: str = "") -> None:
    """Withdraw what was signed: no longer public, out of figures from now on."""
    _advance(submission, Action.WITHDRAW)
    last = submission.revisions[-1]
    event = record(submission, Action.WITHDRAW, account, revision=last.number, note=note)
    last.withdrawn_at = event.at


def _advance(submission: Submission, action: Action) -> Standing:
    if action in _WHILE_OPEN and not is_open(submission.collection):
        raise CollectionClosedError(collection=submission.collection_code)
    return next_standing(standing(submission), action)


def _refuse_problems(form: Form, document: Document) -> None:
    if problems := blocking(check_form(form, document)):
        raise InvalidAnswersError(problems=problems)


def _freeze(
    submission: Submission, form: Form, document: Document, account: Account, shown_in: str
) -> Revision:
    content = canonical(asked(form, document))
    previous = submission.revisions[-1].hash if submission.revisions else _seed(submission)
    revision = Revision(
        number=len(submission.revisions) + 1,
        content=content,
        hash=chain(previous, content),
        previous_hash=previous,
        language=submission.language or "en",
        wording=form.wording,
        wording_language=shown_in,
        signed_at=now(),
        signed_by=account.id,
    )
    submission.revisions.append(revision)
    return revision


def _signed(revision: Revision) -> dict[str, object]:
    """Return what the event of a signature says of the revision, so that the chain covers it."""
    return {
        "revision": revision.number,
        "hash": revision.hash,
        "language": revision.language,
        "wording": revision.wording,
        "wording_language": revision.wording_language,
        **carried_facts(revision.carried),
    }


def _seed(submission: Submission) -> str:
    """Start the chain at the submission's own id, so that equal answers differ in their hash."""
    return chain(FIRST, submission.id)


def signed_parts(form: Form, submission: Submission) -> list[Part]:
    """Return the parts of what was signed last, withdrawn or not; none before anything is."""
    if not submission.revisions:
        return []
    return split(form, signed_document(submission.revisions[-1]))


def _replace(batch: Batch, parts: Sequence[Part]) -> None:
    """Make *parts* all that the draft holds, if there is a draft."""
    draft = batch.submission.draft
    changes = part_changes(batch.form, draft_parts(batch.submission), parts)
    if draft is None or not changes:
        return
    operations.replace(batch, changes)
    kept = {row.path: row for row in draft.parts}
    for part in parts:
        row = kept.pop(str(part.place), None)
        if row is None:
            row = DraftPart(path=str(part.place))
            draft.parts.append(row)
        row.answers, row.position = part.answers, part.position
    for row in kept.values():
        draft.parts.remove(row)
