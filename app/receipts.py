"""What makes a signed revision provable: canonical JSON, and a hash that chains revisions.

Canonical JSON is RFC 8785. Answers hold no JSON numbers, so it comes down to UTF-8, keys sorted
by UTF-16 code units, and no spaces.
"""

import hashlib
import json
from typing import Any, Final

FIRST: Final = "0" * 64  # stands for the hash before the first revision


def canonical(value: Any) -> str:  # noqa: ANN401 - any JSON without numbers
    """Return *value* as canonical JSON; raise TypeError on a number, which answers never hold."""
    return json.dumps(_sorted(value), ensure_ascii=False, separators=(",", ":"))


def _sorted(value: Any) -> Any:  # noqa: ANN401 - any JSON without numbers
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return {key: _sorted(value[key]) for key in keys}
    if isinstance(value, list):
        return [_sorted(item) for item in value]
    if value is None or isinstance(value, str | bool):
        return value
    raise TypeError(f"a number among the answers: {value!r}")


def chain(previous: str, text: str) -> str:
    """Return the hash of a revision: SHA-256 over the previous one's hash, LF, canonical JSON."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()
