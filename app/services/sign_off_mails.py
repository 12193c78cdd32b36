"""Mails of a sign-off: to those who sign that a draft waits, to who sent it that it came back."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.forms.definition import Form
from app.models.account import Account
from app.models.submission import Event, Submission
from app.services.designations import signatories
from app.services.outbox import post_about
from app.workflow import Action


def tell_signatories(session: Session, submission: Submission, form: Form, sender: Account) -> None:
    """Tell everybody who may sign this form now, but for the sender, that the draft waits."""
    for person in signatories(session, submission.party_code, form):
        if person.id != sender.id:
            post_about(session, submission, person, "sent_for_sign_off")


def tell_sender(session: Session, submission: Submission, sent_back_by: Account) -> None:
    """Tell whoever sent the draft for sign-off last that it is open again."""
    sender = session.scalar(
        select(Account)
        .join(Event, Event.account_id == Account.id)
        .where(
            Event.submission_id == submission.id,
            Event.action == Action.SEND_FOR_SIGN_OFF,
        )
        .order_by(Event.number.desc())
        .limit(1)
    )
    if sender and sender.id != sent_back_by.id and sender.deactivated_at is None:
        post_about(session, submission, sender, "sent_back")
