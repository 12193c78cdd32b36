"""Lists in parts: `{"items": […], "next": cursor or null}`.

A cursor is the sort key of the last item given, so that what is added or removed meanwhile
neither repeats nor hides another item. Callers must not read anything into it.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from app.errors import InvalidInputError

Item = TypeVar("Item")
Key = list[str]


def page_of(
    items: Sequence[Item], key: Callable[[Item], Key], *, limit: int, cursor: str
) -> dict[str, Any]:
    """Return at most *limit* of *items*, which stand in the order of *key*, after *cursor*.

    Raises InvalidInputError for a cursor that we did not give.
    """
    after = read_cursor(cursor)
    rest = [item for item in items if after is None or key(item) > after]
    return page(rest[: limit + 1], key, limit=limit)


def page(items: Sequence[Item], key: Callable[[Item], Key], *, limit: int) -> dict[str, Any]:
    """Return a page of *items*, of which there is one more than *limit* if more follow."""
    shown = list(items[:limit])
    more = len(items) > limit
    return {"items": shown, "next": _cursor(key(shown[-1])) if more else None}


def read_cursor(cursor: str) -> Key | None:
    """Return the key after which to go on, None at the start; raise InvalidInputError."""
    if not cursor:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (binascii.Error, ValueError):
        key = None
    if not isinstance(key, list) or not all(isinstance(part, str) for part in key):
        raise InvalidInputError(parameter="cursor", value=cursor, allowed="`next` of a page")
    return key


def _cursor(key: Key) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode()
