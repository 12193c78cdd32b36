"""What is changed of an account: by its owner, or by an administrator. Each leaves an act."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotAllowedError
from app.models.account import Account, Token
from app.models.base import now
from app.models.sign_in import UserSession
from app.services.accounts import account_facts
from app.services.acts import record_act
from app.services.links import revoke_links
from app.services.outbox import post_to
from app.services.passwords import set_password
from app.services.second_step import renew_recovery_codes, switch_off, switch_on
from app.services.sessions import end_sessions


def join(session: Session, account: Account, name: str, password: str) -> None:
    """Take up an invitation: say one's name, set a password. Raises as `set_password` does."""
    account.name = name.strip()
    set_password(session, account, password)
    record_act(session, "account", account.id, "joined", account, **account_facts(account))


def rename(session: Session, account: Account, name: str) -> None:
    """Keep what somebody wishes to be called."""
    account.name = name.strip()
    record_act(session, "account", account.id, "renamed", account)


def change_password(
    session: Session, account: Account, password: str, keep: UserSession | None = None
) -> None:
    """Set a new password, end all sessions but *keep*, and tell the owner by mail.

    What waits in other browsers stays readable there after signing in. Raises as `set_password`.
    """
    set_password(session, account, password)
    end_sessions(session, account, keep)
    record_act(session, "account", account.id, "password_set", account, **account_facts(account))
    _tell(session, account, "password_changed")


def start_second_step(session: Session, account: Account, secret: str, code: str) -> list[str]:
    """Ask for a code from now on; return recovery codes. Raises as `switch_on` does."""
    codes = switch_on(session, account, secret, code)
    record_act(session, "account", account.id, "second_step_on", account)
    return codes


def stop_second_step(session: Session, account: Account, by: Account) -> None:
    """Ask for no code any more, and tell the owner by mail."""
    switch_off(session, account)
    record_act(session, "account", account.id, "second_step_off", by)
    _tell(session, account, "second_step_off")


def new_recovery_codes(session: Session, account: Account) -> list[str]:
    """Return new recovery codes; those before end."""
    codes = renew_recovery_codes(session, account)
    record_act(session, "account", account.id, "recovery_codes_renewed", account)
    return codes


def deactivate(session: Session, account: Account, by: Account) -> None:
    """Let an account in no more: sessions, tokens and links end. What it signed remains.

    Raises NotAllowedError for one's own account.
    """
    if account.id == by.id:
        raise NotAllowedError(action="deactivate")
    if account.deactivated_at is not None:
        return
    close_account(session, account)
    record_act(session, "account", account.id, "deactivated", by)


def close_account(session: Session, account: Account) -> None:
    """End whatever lets somebody in; the keys of browsers stay, for what waits there."""
    account.deactivated_at = now()
    end_sessions(session, account)
    revoke_links(session, account)
    open_tokens = select(Token).where(Token.account_id == account.id, Token.revoked_at.is_(None))
    for token in session.scalars(open_tokens):
        token.revoked_at = now()


def reactivate(session: Session, account: Account, by: Account) -> None:
    """Let an account in again, with its old password; tokens and sessions stay ended."""
    if account.deactivated_at is not None:
        account.deactivated_at = account.handed_over_to = None
        record_act(session, "account", account.id, "reactivated", by)


def end_sessions_of(session: Session, account: Account, by: Account) -> int:
    """End all sessions of an account from outside; return how many there were."""
    count = end_sessions(session, account)
    if count:
        record_act(session, "account", account.id, "sessions_ended", by, count=count)
    return count


def _tell(session: Session, account: Account, kind: str) -> None:
    details = {"email": account.email, "changed_at": now().isoformat()}
    post_to(session, account, kind, **details)
