"""What makes a signed revision provable: canonical JSON, and a hash that chains revisions.

Canonical JSON is RFC 8785. Answers hold no JSON numbers, so it comes down to UTF-8, keys sorted
by UTF-16 code units, and no spaces.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

FIRST: Final = "0" * 64  # stands for the hash before the first revision, event or seal
LARGEST_INTEGER: Final = 2**53 - 1  # RFC 8785 writes larger ones with an exponent


def canonical(value: Any) -> str:  # noqa: ANN401 - any JSON without numbers
    """Return *value* as canonical JSON; raise TypeError on a number, which answers never hold."""
    return _dumped(_sorted(value, has_integers=False))


def canonical_facts(value: Any) -> str:  # noqa: ANN401 - any JSON without fractions
    """Return *value*, in which counts may be integers, as canonical JSON; TypeError on others."""
    return _dumped(_sorted(value, has_integers=True))


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _sorted(value: Any, *, has_integers: bool) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return {key: _sorted(value[key], has_integers=has_integers) for key in keys}
    if isinstance(value, list | tuple):
        return [_sorted(item, has_integers=has_integers) for item in value]
    if value is None or isinstance(value, str | bool):
        return value
    if has_integers and isinstance(value, int) and abs(value) <= LARGEST_INTEGER:
        return value
    raise TypeError(f"no number is expected here: {value!r}")


def chain(previous: str, text: str) -> str:
    """Return the hash of a revision: SHA-256 over the previous one's hash, LF, canonical JSON."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def link(previous: str, facts: Mapping[str, object]) -> str:
    """Return the hash of an event, act or seal: SHA-256 over the one before, LF, canonical JSON."""
    text = f"{previous}\n{canonical_facts(dict(facts))}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def timestamp(moment: datetime) -> str:
    """Return an aware moment as text in UTC with microseconds: `2026-11-21T15:04:05.000000Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
