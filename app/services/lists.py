"""What the Secretariat does with the lists that it manages: add, word anew, retire, restore.

No entry is ever removed: somebody may have chosen it, and its code stays what it means. Each change
makes forms that use the list be read anew, in every process.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import AlreadyExistsError, InvalidInputError, NotFoundError
from app.forms.choice_lists import CODE, ManagedList
from app.forms.definition import LANGUAGES
from app.forms.managed_lists import RESERVED, KeptEntry
from app.forms.wording import ENGLISH
from app.models import managed_list as tables
from app.models.account import Account
from app.models.base import now
from app.models.managed_list import ListEntry
from app.services.acts import record_act

Texts = Mapping[str, str]

LIST: Final = "list"  # what the acts are about


class ListKeeper:
    """What was done to managed lists, read from the database: the Keeper of `app.forms`."""

    def __init__(self, session: Callable[[], Session]) -> None:
        self._session = session

    def changes(self, names: Iterable[str]) -> Mapping[str, int]:
        """Return how often each of these lists was changed; one never changed is not there."""
        kept = tables.ManagedList
        found = self._session().execute(
            select(kept.name, kept.changes).where(kept.name.in_(list(names)))
        )
        return dict(found.all())

    def entries(self, name: str) -> Sequence[KeptEntry]:
        """Return what was done to the entries of a list, in the order of adding."""
        found = self._session().scalars(
            select(ListEntry).where(ListEntry.list_name == name).order_by(ListEntry.position)
        )
        return [
            KeptEntry(
                code=row.code,
                labels=row.labels,
                hints=row.hints,
                source=row.source,
                is_retired=row.retired_at is not None,
            )
            for row in found
        ]


def add_entry(
    session: Session,
    managed: ManagedList,
    code: str,
    labels: Texts,
    account: Account,
    *,
    hints: Texts | None = None,
    source: str = "",
) -> None:
    """Add an entry, which forms offer from now on.

    code    lower_snake_case; it is stored in answers and never changes
    labels  by language; English is needed, and stands for the languages that lack

    Raises InvalidInputError for a code or label that will not do, AlreadyExistsError for a code
    that the list has, retired or not.
    """
    if not CODE.fullmatch(code) or code in RESERVED:
        raise InvalidInputError(parameter="code", value=code, allowed="lower_snake_case")
    if any(entry.code == code for entry in managed.entries):
        raise AlreadyExistsError(what="entry", code=code)
    row = _row(session, managed, code, account)
    _word(row, labels, hints or {}, source)
    record_act(session, LIST, managed.name, "add_entry", account, code=code, labels=row.labels)


def word_entry(
    session: Session,
    managed: ManagedList,
    code: str,
    labels: Texts,
    account: Account,
    *,
    hints: Texts | None = None,
    source: str = "",
) -> None:
    """Word an entry anew, wherever it stands: only the words may change, not what it means.

    Raises NotFoundError when the list has no such entry, InvalidInputError without English.
    """
    _need(managed, code)
    row = _row(session, managed, code, account)
    _word(row, labels, hints or {}, source)
    record_act(session, LIST, managed.name, "word_entry", account, code=code, labels=row.labels)


def retire_entry(session: Session, managed: ManagedList, code: str, account: Account) -> None:
    """Offer an entry no more; answers that chose it keep it. Raises NotFoundError."""
    _need(managed, code)
    row = _row(session, managed, code, account)
    row.retired_at = row.retired_at or now()
    record_act(session, LIST, managed.name, "retire_entry", account, code=code)


def restore_entry(session: Session, managed: ManagedList, code: str, account: Account) -> None:
    """Offer a retired entry again; raise NotFoundError."""
    _need(managed, code)
    _row(session, managed, code, account).retired_at = None
    record_act(session, LIST, managed.name, "restore_entry", account, code=code)


def kept_texts(session: Session, name: str, code: str) -> tuple[Texts, Texts]:
    """Return the labels and hints, by language, that the Secretariat gave; {} for those filed."""
    row = session.get(ListEntry, (name, code))
    return (row.labels, row.hints) if row else ({}, {})


def _need(managed: ManagedList, code: str) -> None:
    if not any(entry.code == code for entry in managed.entries):
        raise NotFoundError(what="entry", code=code)


def _row(session: Session, managed: ManagedList, code: str, account: Account) -> ListEntry:
    """Return the row of an entry, made if it is not there; count the change of its list."""
    name = managed.name
    kept = session.get(tables.ManagedList, name, with_for_update=True)
    if kept is None:
        kept = tables.ManagedList(name=name, changes=0)
        session.add(kept)
    kept.changes += 1
    session.flush()
    row = session.get(ListEntry, (name, code))
    if row is None:
        row = ListEntry(list_name=name, code=code, position=kept.changes, labels={}, hints={})
        session.add(row)
    row.changed_at, row.changed_by = now(), account.id
    return row


def _word(row: ListEntry, labels: Texts, hints: Texts, source: str) -> None:
    row.labels, row.hints, row.source = _given(labels), _given(hints), source.strip()
    if ENGLISH not in row.labels:
        raise InvalidInputError(parameter="label", value="", allowed="a label in English")


def _given(texts: Texts) -> dict[str, str]:
    """Return the texts that are there, in the six languages alone."""
    return {code: texts[code].strip() for code in LANGUAGES if texts.get(code, "").strip()}
