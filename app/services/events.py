"""Every act on a submission leaves one line in its audit trail."""

from app.models.account import Account
from app.models.submission import Event, Submission


def record(submission: Submission, action: str, account: Account, **details: object) -> Event:
    """Add and return an event; *details* are JSON and say what people will want to know later."""
    event = Event(
        number=len(submission.events) + 1, action=action, account_id=account.id, details=details
    )
    submission.events.append(event)
    return event
