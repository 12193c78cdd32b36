"""Checking submissions and their drafts: who reviews, the language, what is open and to whom.

What an event from before it held this would have to say is not compared.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import String, select, type_coerce
from sqlalchemy.orm import Session

from app.models.audit import Act
from app.models.operation import Kind, Operation, State
from app.models.submission import Draft, Event, Submission
from app.services.audit_chains import Problem, details_of, json_of, raw_json
from app.workflow import Action, DraftStatus

_UNKNOWN: Final = object()  # no event says it
_MOVES: Final[Mapping[str, DraftStatus]] = {
    Action.SEND_FOR_SIGN_OFF: DraftStatus.AWAITING_SIGN_OFF,
    Action.SEND_BACK: DraftStatus.OPEN,
    Action.REVISE: DraftStatus.OPEN,
    Action.SIGN: DraftStatus.NONE,
    Action.DISCARD_REVISION: DraftStatus.NONE,
}
_ACTIONS: Final = sorted(
    {*_MOVES, "assign_review", "show_work", "unlock", "choose_language", "sign_elsewhere"}
)


@dataclass(slots=True)
class _Told:
    """What the events of one submission say, one after the other."""

    reviewer: Any = None
    shows_work: Any = False
    language: Any = _UNKNOWN  # as long as no operation says it
    status: DraftStatus | None = None  # None: no event moved the draft
    unlocked: Any = None

    def take(self, action: str, details: Mapping[str, Any]) -> None:
        """Take in what the next event says."""
        self.status = _MOVES.get(action, self.status)
        if action == "assign_review":
            self.reviewer = details.get("reviewer")
        elif action == "show_work":
            self.shows_work = details.get("is_shown")
        elif action == "choose_language":
            self.language = details.get("language", _UNKNOWN)
        elif action == "sign_elsewhere":
            self.language = _UNKNOWN  # an import may have brought the first
        elif action in (Action.REVISE, "unlock"):
            self.unlocked = details.get("unlocked", _UNKNOWN)


def check_submissions(session: Session, heirs: Mapping[str, set[str]]) -> Iterator[Problem]:
    """Yield what is wrong with the rows of submissions and of their drafts; *heirs* of accounts."""
    told, written = _told(session), _languages(session)
    for row in session.execute(
        select(
            Submission.id,
            Submission.reviewer_id,
            Submission.language,
            Submission.shows_work,
            Draft.submission_id.label("draft"),
            type_coerce(Draft.status, String).label("status"),
            raw_json(session, Draft.unlocked).label("unlocked"),
        )
        .outerjoin(Draft, Draft.submission_id == Submission.id)
        .order_by(Submission.id)
    ):
        said = told.get(row.id, _Told())
        now = row._asdict()
        if wrong := [*_wrong(now, said, written.get(row.id), heirs)]:
            yield f"submission {row.id}: {', '.join(wrong)} not as the events tell"
        if row.draft is None and said.status in (DraftStatus.OPEN, DraftStatus.AWAITING_SIGN_OFF):
            yield f"submission {row.id} draft: missing, an event tells of it"
        elif row.draft is not None and (wrong := [*_wrong_draft(now, said)]):
            yield f"submission {row.id} draft: {', '.join(wrong)} not as the events tell"


def heirs_of(session: Session) -> Mapping[str, set[str]]:
    """Return, for each account that was handed over, all to whom its work may have come since."""
    rows = session.execute(
        select(Act.subject, raw_json(session, Act.details)).where(
            Act.kind == "account", Act.action == "handed_over"
        )
    )
    direct: dict[str, set[str]] = defaultdict(set)
    for leaver, details in rows:
        direct[leaver].add(str(details_of(details).get("successor")))
    found: dict[str, set[str]] = {}
    for leaver in direct:
        reached, waiting = set[str](), [leaver]
        while waiting:
            new = direct.get(waiting.pop(), set()) - reached
            reached |= new
            waiting += new
        found[leaver] = reached
    return found


def _wrong(
    now: Mapping[str, Any], said: _Told, written: str | None, heirs: Mapping[str, set[str]]
) -> Iterator[str]:
    if now["reviewer_id"] not in {said.reviewer, *heirs.get(said.reviewer or "", ())}:
        yield "reviewer_id"
    expected = written or said.language  # written in none at last: an import may have brought one
    if expected is not _UNKNOWN and written != "" and now["language"] != expected:
        yield "language"
    if bool(now["shows_work"]) != bool(said.shows_work):
        yield "shows_work"


def _wrong_draft(now: Mapping[str, Any], said: _Told) -> Iterator[str]:
    is_sent = said.status is DraftStatus.AWAITING_SIGN_OFF
    expected = DraftStatus.AWAITING_SIGN_OFF if is_sent else DraftStatus.OPEN
    if now["status"] != expected.value:
        yield "status"
    try:
        unlocked = json_of(now["unlocked"])
    except ValueError:
        unlocked = _UNKNOWN
    if said.unlocked is not _UNKNOWN and unlocked != said.unlocked:
        yield "unlocked"


def _told(session: Session) -> dict[str, _Told]:
    rows = session.execute(
        select(Event.submission_id, Event.action, raw_json(session, Event.details))
        .where(Event.action.in_(_ACTIONS))
        .order_by(Event.submission_id, Event.number)
    )
    found: dict[str, _Told] = defaultdict(_Told)
    for subject, action, details in rows:
        found[subject].take(action, details_of(details))
    return found


def _languages(session: Session) -> dict[str, str]:
    """Return what the last operation on it says that each submission is written in."""
    rows = session.execute(
        select(Operation.submission_id, raw_json(session, Operation.after))
        .where(
            type_coerce(Operation.kind, String) == Kind.LANGUAGE.value,
            type_coerce(Operation.state, String) == State.APPLIED.value,
        )
        .order_by(Operation.submission_id, Operation.number)
    )
    found: dict[str, str] = {}
    for subject, after in rows:
        try:
            found[subject] = str(json_of(after) or "")
        except ValueError:
            continue  # told already: the operation was changed
    return found
