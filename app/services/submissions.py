"""What a Party does with its submission: draft, send for sign-off, sign, revise, withdraw.

Each verb checks, changes and records, in that order, and commits nothing. A draft is always saved,
problems or not: nobody loses an afternoon's work to a red box.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import CollectionClosedError, InvalidAnswersError, NotFoundError
from app.forms.checks import blocking, check_form
from app.forms.definition import LANGUAGES, Form, Repeat
from app.forms.places import Document, Part, Place, assemble, elements_at, parse_place, split
from app.forms.relevance import asked
from app.models.account import Account
from app.models.base import now
from app.models.counting import latest
from app.models.submission import Draft, DraftPart, Revision, Submission
from app.receipts import FIRST, canonical, chain, timestamp
from app.services.collections import is_open
from app.services.events import last_event, record
from app.workflow import Action, DraftStatus, Signed, Standing, next_standing

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


def draft_document(form: Form, submission: Submission) -> Document:
    """Return the draft's answers, typed or not understood; empty when there is no draft."""
    if submission.draft is None:
        return {}
    return assemble(form, [_part(row) for row in submission.draft.parts])


def signed_document(revision: Revision) -> Document:
    """Return the answers frozen in *revision*."""
    document: Document = json.loads(revision.content)
    return document


def save_place(
    session: Session,
    submission: Submission,
    form: Form,
    place: Place,
    answers: Mapping[str, object],
    account: Account,
) -> None:
    """Keep what was typed at one place of the draft.

    answers   by question id, as `read_answers` gives them: None clears; what is absent stays

    Makes the row of a repeat when it is not there yet. Raises NotFoundError for a place that the
    form does not have, WrongStatusError when the draft is not open.
    """
    _advance(submission, Action.EDIT)
    elements_at(form, place)
    draft = _open_draft(session, submission)
    part = _part_row(draft, form, place)
    kept = {**part.answers, **answers}
    part.answers = {key: answer for key, answer in kept.items() if answer is not None}
    _touch(draft)
    _record_edit(session, submission, account, place)


def remove_row(
    session: Session, submission: Submission, form: Form, place: Place, account: Account
) -> None:
    """Take a row of a repeat, and all under it, out of the draft; raise NotFoundError if not there.

    What was in it stays in the event.
    """
    _advance(submission, Action.EDIT)
    elements_at(form, place)
    draft = _open_draft(session, submission)
    path = str(place)
    gone = [p for p in draft.parts if p.path == path or p.path.startswith(f"{path}/")]
    if not gone or not _is_row(form, place):
        raise NotFoundError(what="row", code=path)
    for part in gone:
        draft.parts.remove(part)
    _touch(draft)
    removed = {part.path: part.answers for part in gone}
    record(submission, "remove_row", account, place=path, removed=removed)


def move_row(
    session: Session, submission: Submission, form: Form, place: Place, by: int, account: Account
) -> None:
    """Move a row of a repeat up (*by* -1) or down (1) among its siblings; at an end it stays."""
    _advance(submission, Action.EDIT)
    elements_at(form, place)
    draft = _open_draft(session, submission)
    rows = _siblings(draft, place)
    paths = [row.path for row in rows]
    if str(place) not in paths:
        raise NotFoundError(what="row", code=str(place))
    here = paths.index(str(place))
    there = min(max(here + by, 0), len(rows) - 1)
    rows.insert(there, rows.pop(here))
    for position, row in enumerate(rows):
        row.position = position
    _touch(draft)
    _record_edit(session, submission, account, place)


def choose_language(
    session: Session, submission: Submission, language: str, account: Account
) -> None:
    """Set the language in which the Party writes its texts; those already there keep theirs."""
    _advance(submission, Action.EDIT)
    if language not in LANGUAGES:
        raise NotFoundError(what="language", code=language)
    _touch(_open_draft(session, submission))
    submission.language = language
    record(submission, "choose_language", account, language=language)


def replace_document(
    session: Session, submission: Submission, form: Form, document: Document, account: Account
) -> None:
    """Make *document* the whole draft: what is not in it is no longer answered.

    The answers before stay in the event. Raises WrongStatusError when the draft is not open.
    """
    _advance(submission, Action.EDIT)
    draft = _open_draft(session, submission)
    before = draft_document(form, submission)
    if before == document:
        return
    kept = {row.path: row for row in draft.parts}
    for part in split(form, document):
        row = kept.pop(str(part.place), None) or _add_part(draft, str(part.place))
        row.answers, row.position = part.answers, part.position
    for row in kept.values():
        draft.parts.remove(row)
    _touch(draft)
    record(submission, "replace_answers", account, before=before)


def send_for_sign_off(
    session: Session, submission: Submission, form: Form, account: Account
) -> None:
    """Hand the draft to the publishing authority; raise InvalidAnswersError if it can't be signed.

    The error carries every blocking problem.
    """
    _advance(submission, Action.SEND_FOR_SIGN_OFF)
    _refuse_problems(form, draft_document(form, submission))
    draft = _open_draft(session, submission)
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
    awaits sign-off.
    """
    _advance(submission, Action.SIGN)
    document = draft_document(form, submission)
    _refuse_problems(form, document)
    revision = _freeze(submission, form, document, account, wording_language)
    _drop_draft(session, submission)
    event = record(submission, Action.SIGN, account, **_signed(revision))
    revision.signed_at = revision.recorded_at = event.at
    return revision


def sign_elsewhere(
    submission: Submission,
    form: Form,
    document: Document,
    account: Account,
    signed_at: datetime | None = None,
) -> Revision:
    """Freeze *document*, which the Party signed outside Canopy, as the next revision.

    The one way in past the Party's own signature, for an administrator's import; the revision is
    marked. A draft that the Party works on is not touched.

    signed_at   when it was signed, aware, not in the future; default now

    Raises InvalidAnswersError with every blocking problem; ValueError when *signed_at* lies in the
    future or not after the revision that it follows.
    """
    _refuse_problems(form, document)
    moment = signed_at or now()
    if moment > now():
        raise ValueError(f"signed in the future: {moment}")
    if submission.revisions and moment <= submission.revisions[-1].signed_at:
        raise ValueError(f"signed no later than the revision before: {moment}")
    revision = _freeze(submission, form, document, account, submission.language or "en")
    revision.signed_at = moment
    revision.is_signed_elsewhere = True
    event = record(
        submission,
        "sign_elsewhere",
        account,
        signed_at=timestamp(moment),
        **_signed(revision),
    )
    revision.recorded_at = event.at
    return revision


def revise(session: Session, submission: Submission, form: Form, account: Account) -> None:
    """Open a draft from the last revision, which stays public and counted meanwhile."""
    _advance(submission, Action.REVISE)
    last = submission.revisions[-1]
    draft = _new_draft(session, submission)
    for part in split(form, signed_document(last)):
        _add_part(draft, str(part.place), part.position).answers = part.answers
    record(submission, Action.REVISE, account, revision=last.number)


def discard_revision(
    session: Session, submission: Submission, form: Form, account: Account
) -> None:
    """Drop the draft of a revision; its answers stay in the event."""
    _advance(submission, Action.DISCARD_REVISION)
    before = draft_document(form, submission)
    _drop_draft(session, submission)
    record(submission, Action.DISCARD_REVISION, account, before=before)


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
    }


def _seed(submission: Submission) -> str:
    """Start the chain at the submission's own id, so that equal answers differ in their hash."""
    return chain(FIRST, submission.id)


def _part(row: DraftPart) -> Part:
    return Part(parse_place(row.path), row.position, row.answers)


def _open_draft(session: Session, submission: Submission) -> Draft:
    return submission.draft or _new_draft(session, submission)


def _new_draft(session: Session, submission: Submission) -> Draft:
    draft = Draft(status=DraftStatus.OPEN)
    submission.draft = draft
    session.flush()
    return draft


def _drop_draft(session: Session, submission: Submission) -> None:
    if submission.draft is not None:
        session.flush()  # parts that are not in the database yet would be added, not dropped
        session.delete(submission.draft)
        session.flush()
        session.expire(submission, ["draft"])


def _part_row(draft: Draft, form: Form, place: Place) -> DraftPart:
    path = str(place)
    found = next((part for part in draft.parts if part.path == path), None)
    if found is None:
        _need_rows_above(draft, form, place)
        siblings = _siblings(draft, place) if _is_row(form, place) else []
        position = siblings[-1].position + 1 if siblings else 0
        found = _add_part(draft, path, position)
    return found


def _add_part(draft: Draft, path: str, position: int = 0) -> DraftPart:
    part = DraftPart(path=path, position=position, answers={})
    draft.parts.append(part)
    return part


def _need_rows_above(draft: Draft, form: Form, place: Place) -> None:
    """Refuse a place under a row that is not there: it would be nowhere in the document."""
    there = {part.path for part in draft.parts}
    above = place.parent
    while above is not None:
        if _is_row(form, above) and str(above) not in there:
            raise NotFoundError(what="row", code=str(above))
        above = above.parent


def _siblings(draft: Draft, place: Place) -> list[DraftPart]:
    """Return the rows of the repeat that *place* is a row of, in their order."""
    prefix = str(place).rpartition("/")[0] + "/"
    below = [part for part in draft.parts if part.path.startswith(prefix)]
    rows = [part for part in below if "/" not in part.path.removeprefix(prefix)]
    return sorted(rows, key=lambda row: row.position)


def _is_row(form: Form, place: Place) -> bool:
    return bool(place.steps) and isinstance(form.container(place.steps[-1][0]), Repeat)


def _touch(draft: Draft) -> None:
    draft.saved_at = now()


def _record_edit(session: Session, submission: Submission, account: Account, place: Place) -> None:
    """Record an edit, once per person and place while nobody else does anything between."""
    last = last_event(session, submission)
    same = last is not None and (last.action, last.account_id) == (Action.EDIT, account.id)
    if last is None or not same or last.details.get("place") != str(place):
        record(submission, Action.EDIT, account, place=str(place))
