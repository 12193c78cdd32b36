"""What makes a signed revision provable: canonical JSON, hashes in a chain, and signed receipts.

Canonical JSON is RFC 8785. Answers hold no JSON numbers, so it comes down to UTF-8, keys sorted
by UTF-16 code units, and no spaces. `check_receipt` needs a receipt, the answers and our public
keys: no database, no form.

A receipt file is
    receipt       the statement that is signed: whose answers, which revision, when, its hashes
    signature     Ed25519 over the canonical JSON of the statement, in base64
    public_key    of the key that the statement names
    fingerprints  a short hash of each answer, to say which one differs; the statement holds a
                  hash over them. `public` are those of the public answers. `all` come with a
                  random salt, so that nobody guesses an answer from them, and stand only in the
                  Party's own file.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

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
    return digest(f"{previous}\n{text}")


def link(previous: str, facts: Mapping[str, object]) -> str:
    """Return the hash of an event, act or seal: SHA-256 over the one before, LF, canonical JSON."""
    text = f"{previous}\n{canonical_facts(dict(facts))}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def timestamp(moment: datetime) -> str:
    """Return an aware moment as text in UTC with microseconds: `2026-11-21T15:04:05.000000Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


KIND: Final = "canopy-receipt"
VERSION: Final = 1
CLOCKS: Final = timedelta(minutes=5)  # by which the clocks of two servers may differ
MOST_NAMED: Final = 100  # answers that differ, by name; more are counted

_FINGERPRINT: Final = 16  # hexadecimal digits: enough to tell answers apart


@dataclass(frozen=True, slots=True)
class Key:
    """A public key of the server, and when it was in use."""

    id: str
    public_key: str  # base64 of its 32 bytes
    from_at: datetime | None = None
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the check found; `app.wording.receipts` says it in words."""

    code: str
    details: Mapping[str, object] = field(default_factory=dict)
    is_problem: bool = True


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a check; *statement* is empty when the receipt could not be read."""

    findings: tuple[Finding, ...]
    statement: Mapping[str, Any]

    @property
    def is_right(self) -> bool:
        """Whether nothing speaks against the receipt and the answers."""
        return not any(finding.is_problem for finding in self.findings)


class _UnreadableError(Exception):
    """A file that is no receipt, or no answers; the message is the code of a finding."""


def key_id(public_key: bytes) -> str:
    """Return the name of a key: the beginning of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def is_signed(public_key: str, signature: str, statement: Mapping[str, Any]) -> bool:
    """Tell whether *signature* is that of this key over the canonical JSON of *statement*."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(signature, validate=True), signed_bytes(statement))
    except (InvalidSignature, ValueError, TypeError, binascii.Error):
        return False
    return True


def signed_bytes(statement: Mapping[str, Any]) -> bytes:
    """Return what is signed: the canonical JSON of *statement* in UTF-8."""
    return canonical_facts(dict(statement)).encode("utf-8", "surrogatepass")


def digest(text: str) -> str:
    """Return the SHA-256 of *text* in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def fingerprints(document: Mapping[str, Any], salt: str = "") -> dict[str, str]:
    """Return a short hash of each answer by its path, such as `targets/aichi-01/progress`."""
    return {
        path: digest(f"{salt}\n{path}\n{canonical(value)}")[:_FINGERPRINT]
        for path, value in _leaves(document, "")
    }


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any JSON
    """Yield every answer with its path; of the rows of a repeat also their order."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            step = key.replace("~", "~0").replace("/", "~1")
            yield from _leaves(inner, f"{path}/{step}" if path else step)
    elif rows := _rows(value):
        yield path, [row for row, _ in rows]
        for row, answers in rows:
            yield from _leaves(answers, f"{path}/{row}")
    else:
        yield path, value


def _rows(value: Any) -> list[tuple[str, Any]]:  # noqa: ANN401 - any JSON
    """Return the rows of a repeat with their ids; nothing if *value* is no repeat."""
    if not isinstance(value, list):
        return []
    found = [
        (str(row["row"]), row.get("answers"))
        for row in value
        if isinstance(row, dict) and set(row) <= {"row", "answers"} and "row" in row
    ]
    return found if len(found) == len(value) else []


def check_receipt(receipt: str, answers: str, keys: Iterable[Key] | None) -> Checked:
    """Check *answers* against *receipt*, both the text of a file, with nothing else at hand.

    keys   our public keys; None: only the key that the receipt itself holds, and a note says so
    """
    try:
        held = _read(receipt, "receipt_unreadable")
        statement = _statement(held)
    except _UnreadableError as error:
        return Checked((Finding(str(error)),), {})
    findings = list(_check_signature(held, statement, keys))
    try:
        document = _read(answers, "answers_unreadable")
        text = canonical(document)
    except (_UnreadableError, TypeError):
        findings.append(Finding("answers_unreadable"))
    else:
        findings += _check_answers(held, statement, document, text)
        if answers.strip() != text:
            findings.append(Finding("laid_out_otherwise", is_problem=False))
    is_told = any(finding.code == "fingerprints_changed" for finding in findings)
    if not is_told and not _are_as_signed(held, statement):
        findings.append(Finding("fingerprints_not_ours"))
    if statement.get("synthetic") is True:
        findings.append(Finding("synthetic", is_problem=False))
    return Checked(tuple(findings), statement)


def _check_signature(
    held: Mapping[str, Any], statement: Mapping[str, Any], keys: Iterable[Key] | None
) -> Iterator[Finding]:
    name = str(statement["key"])
    if keys is None:
        key: Key | None = Key(name, str(held.get("public_key", "")))
        if key is not None and _named(key.public_key) != name:
            yield Finding("key_is_another", {"key": name})
    else:
        key = next((known for known in keys if known.id == name), None)
        if key is not None and held.get("public_key", key.public_key) != key.public_key:
            yield Finding("key_is_another", {"key": name})
    if key is None:
        yield Finding("key_unknown", {"key": name})
        return
    if not is_signed(key.public_key, str(held.get("signature", "")), statement):
        yield Finding("signature_wrong", {"key": name})
        return
    yield Finding("signature_right", {"key": name}, is_problem=False)
    if keys is None:
        yield Finding("key_from_receipt", {"key": name}, is_problem=False)
    issued = _moment(statement.get("issued_at"))
    if not was_in_use(key, issued):
        yield Finding("key_not_in_use", {"key": name, "at": str(statement.get("issued_at"))})


def was_in_use(key: Key, moment: datetime | None) -> bool:
    """Tell whether *key* was in use at *moment*, give or take what clocks differ by."""
    if moment is None:
        return False
    begun = key.from_at is None or moment >= key.from_at - CLOCKS
    return begun and (key.until_at is None or moment <= key.until_at + CLOCKS)


def _check_answers(
    held: Mapping[str, Any], statement: Mapping[str, Any], document: Mapping[str, Any], text: str
) -> Iterator[Finding]:
    if chain(str(statement["previous_hash"]), text) == statement["hash"]:
        yield Finding("answers_are_all", is_problem=False)
    elif digest(text) == statement["public_hash"]:
        yield Finding("answers_are_public", is_problem=False)
    else:
        yield Finding("answers_differ")
        yield from _named_differences(held, statement, document)


def _named_differences(
    held: Mapping[str, Any], statement: Mapping[str, Any], document: Mapping[str, Any]
) -> Iterator[Finding]:
    """Say which answers differ, by the fingerprints to which the fewest are foreign."""
    tries = [
        found
        for name in ("all", "public")
        if (found := _differences(held, statement, document, name)) is not None
    ]
    if not tries:
        yield Finding("fingerprints_changed")
        return
    named = min(tries, key=len)
    yield from named[:MOST_NAMED]
    if len(named) > MOST_NAMED:
        yield Finding("more_differ", {"count": len(named) - MOST_NAMED})


def _differences(
    held: Mapping[str, Any], statement: Mapping[str, Any], document: Mapping[str, Any], name: str
) -> list[Finding] | None:
    """Return what differs from the fingerprints of that name; None if they are not as signed."""
    there = held.get("fingerprints")
    part = there.get(name) if isinstance(there, dict) else None
    signed = statement.get("fingerprints")
    if not isinstance(part, dict) or not isinstance(signed, dict):
        return None
    answers = part.get("answers")
    if digest(canonical_facts(part)) != signed.get(name) or not isinstance(answers, dict):
        return None
    now = fingerprints(document, str(part.get("salt", "")))
    return [
        Finding(code, {"path": path})
        for path in sorted({*answers, *now})
        if (code := _difference(answers.get(path), now.get(path)))
    ]


def _are_as_signed(held: Mapping[str, Any], statement: Mapping[str, Any]) -> bool:
    """Tell whether the fingerprints in the file, which may lack some, are those that were signed.

    They prove nothing; but a file in which something was changed is not the one that we gave.
    """
    there, signed = held.get("fingerprints", {}), statement.get("fingerprints", {})
    return (
        isinstance(there, dict)
        and isinstance(signed, dict)
        and all(digest(canonical_facts(part)) == signed.get(name) for name, part in there.items())
    )


def _difference(signed: str | None, now: str | None) -> str:
    if signed == now:
        return ""
    if now is None:
        return "answer_missing"
    return "answer_added" if signed is None else "answer_changed"


def _statement(held: Mapping[str, Any]) -> Mapping[str, Any]:
    statement = held.get("receipt")
    if not isinstance(statement, dict) or statement.get("kind") != KIND:
        raise _UnreadableError("receipt_unreadable")
    texts = ("key", "hash", "previous_hash", "public_hash")
    if not all(isinstance(statement.get(name), str) for name in texts):
        raise _UnreadableError("receipt_unreadable")
    if statement.get("version") != VERSION:
        raise _UnreadableError("receipt_of_another_version")
    return statement


def _read(text: str, code: str) -> dict[str, Any]:
    """Read a JSON object strictly: no key twice, no NaN."""
    try:
        found = json.loads(
            text.removeprefix("\ufeff"), object_pairs_hook=_once, parse_constant=_refuse
        )
        if not isinstance(found, dict):
            raise _UnreadableError(code)
        canonical_facts(found)
    except (ValueError, TypeError, RecursionError) as error:
        raise _UnreadableError(code) from error
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _refuse(name: str) -> object:
    raise ValueError(name)


def _named(public_key: str) -> str:
    try:
        return key_id(base64.b64decode(public_key, validate=True))
    except (ValueError, binascii.Error):
        return ""


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else None


def read_keys(text: str) -> tuple[Key, ...]:
    """Read a file of public keys as `/verify/keys.json` gives it; raise ValueError."""
    try:
        return tuple(
            Key(
                str(each["id"]),
                str(each["public_key"]),
                _moment(each.get("from")),
                _moment(each.get("until")),
            )
            for each in _read(text, "keys_unreadable")["keys"]
        )
    except (_UnreadableError, KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a file of public keys") from error
