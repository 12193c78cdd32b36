"""A receipt is checked with nothing but files: it says what differs, and trusts no other key."""

import base64
import json
from collections.abc import Callable, Iterable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from app.receipts import (
    FIRST,
    KIND,
    Key,
    canonical,
    canonical_facts,
    chain,
    check_receipt,
    digest,
    fingerprints,
    key_id,
    read_keys,
    signed_bytes,
    timestamp,
)

Held = dict[str, Any]
Change = Callable[[Held], object]

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
PRIVATE = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
PUBLIC_ANSWERS: dict[str, Any] = {
    "has_forest": "yes",
    "story": {"fr": {"text": "Une forêt"}},
    "herds": [
        {"row": "r1", "answers": {"name": "Zebras", "count": "12"}},
        {"row": "r2", "answers": {"name": "Gnus"}},
    ],
    "targets": {"aichi-01": {"progress": "on_track"}},
}
ALL_ANSWERS = PUBLIC_ANSWERS | {"diary": "only ours"}


def public_of(private: Ed25519PrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def encoded(private: Ed25519PrivateKey) -> str:
    return base64.b64encode(public_of(private)).decode()


KEY = Key(key_id(public_of(PRIVATE)), encoded(PRIVATE), NOON - timedelta(days=1), None)


def signed(statement: dict[str, Any], private: Ed25519PrivateKey = PRIVATE) -> dict[str, Any]:
    parts = {
        "all": {"salt": "s", "answers": fingerprints(ALL_ANSWERS, "s")},
        "public": {"answers": fingerprints(PUBLIC_ANSWERS)},
    }
    whole = statement | {
        "fingerprints": {name: digest(canonical_facts(part)) for name, part in parts.items()}
    }
    return {
        "receipt": whole,
        "signature": base64.b64encode(private.sign(signed_bytes(whole))).decode(),
        "public_key": encoded(private),
        "fingerprints": parts,
    }


@pytest.fixture
def held() -> dict[str, Any]:
    previous = chain(FIRST, "a submission")
    return signed(
        {
            "kind": KIND,
            "version": 1,
            "key": KEY.id,
            "previous_hash": previous,
            "hash": chain(previous, canonical(ALL_ANSWERS)),
            "public_hash": digest(canonical(PUBLIC_ANSWERS)),
            "issued_at": timestamp(NOON),
            "revision": 1,
        }
    )


def codes(held: Held, answers: Held, keys: Iterable[Key] | None = (KEY,)) -> list[str]:
    checked = check_receipt(json.dumps(held), canonical(answers), keys)
    assert checked.is_right is not any(found.is_problem for found in checked.findings)
    return [found.code for found in checked.findings]


def test_all_answers_and_the_public_ones_are_right(held: dict[str, Any]) -> None:
    assert codes(held, ALL_ANSWERS) == ["signature_right", "answers_are_all"]
    assert codes(held, PUBLIC_ANSWERS) == ["signature_right", "answers_are_public"]


def test_the_layout_of_the_file_does_no_harm(held: dict[str, Any]) -> None:
    loose = "\ufeff" + json.dumps(dict(reversed(ALL_ANSWERS.items())), indent=2) + "\r\n"
    checked = check_receipt(json.dumps(held, indent=4), loose, [KEY])
    assert checked.is_right
    assert checked.findings[-1].code == "laid_out_otherwise"


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        (lambda a: a.update(has_forest="no"), "answer_changed", "has_forest"),
        (lambda a: a["story"]["fr"].update(text="x"), "answer_changed", "story/fr/text"),
        (lambda a: a.pop("diary"), "", ""),
        (lambda a: a.update(diary="else"), "answer_changed", "diary"),
        (lambda a: a["herds"][0]["answers"].pop("count"), "answer_missing", "herds/r1/count"),
        (lambda a: a["herds"].reverse(), "answer_changed", "herds"),
        (lambda a: a["targets"].update({"b": {"c": "d"}}), "answer_added", "targets/b/c"),
    ],
)
def test_the_answer_that_differs_is_named(
    held: dict[str, Any], change: Change, code: str, path: str
) -> None:
    answers = deepcopy(ALL_ANSWERS)
    change(answers)
    checked = check_receipt(json.dumps(held), canonical(answers), [KEY])
    named = [(f.code, f.details["path"]) for f in checked.findings if "path" in f.details]
    assert named == ([(code, path)] if code else [])
    assert checked.is_right is not bool(code)


def test_without_the_partys_part_public_answers_are_still_named(held: dict[str, Any]) -> None:
    del held["fingerprints"]["all"]
    answers = PUBLIC_ANSWERS | {"has_forest": "no"}
    checked = check_receipt(json.dumps(held), canonical(answers), [KEY])
    assert [f.details.get("path") for f in checked.findings if f.is_problem] == [None, "has_forest"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda h: h["receipt"].update(revision=2), "signature_wrong"),
        (lambda h: h["receipt"].update(hash="0" * 64), "signature_wrong"),
        (lambda h: h.update(signature="AAAA"), "signature_wrong"),
        (lambda h: h.update(signature=5), "signature_wrong"),
        (lambda h: h["receipt"].update(key="0" * 16), "key_unknown"),
        (lambda h: h["receipt"].pop("hash"), "receipt_unreadable"),
        (lambda h: h["receipt"].update(kind="else"), "receipt_unreadable"),
        (lambda h: h["receipt"].update(version=2), "receipt_of_another_version"),
        (lambda h: h.clear(), "receipt_unreadable"),
    ],
)
def test_a_receipt_that_was_changed_is_found_out(
    held: dict[str, Any], change: Change, code: str
) -> None:
    change(held)
    assert code in codes(held, ALL_ANSWERS)


def test_a_receipt_of_another_key_is_none_of_ours(held: dict[str, Any]) -> None:
    forged = signed({**held["receipt"], "key": key_id(public_of(OTHER))}, OTHER)
    assert "key_unknown" in codes(forged, ALL_ANSWERS)
    # without our keys at hand a note says that the key is to be compared
    assert "key_from_receipt" in codes(forged, ALL_ANSWERS, None)
    borrowed = signed(held["receipt"], OTHER)  # names our key, holds another
    assert "key_is_another" in codes(borrowed, ALL_ANSWERS, None)
    assert "signature_wrong" in codes(borrowed, ALL_ANSWERS)


def test_changed_fingerprints_name_nothing(held: dict[str, Any]) -> None:
    held["fingerprints"] = {"all": {"salt": "s", "answers": {}}, "public": {"answers": {}}}
    found = codes(held, ALL_ANSWERS | {"diary": "else"})
    assert found == ["signature_right", "answers_differ", "fingerprints_changed"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda h: h["fingerprints"]["all"].update(salt="t"), "fingerprints_not_ours"),
        (lambda h: h["fingerprints"]["all"]["answers"].clear(), "fingerprints_not_ours"),
        (lambda h: h["fingerprints"]["public"].update(x=1), "fingerprints_not_ours"),
        (lambda h: h["fingerprints"].update(other={}), "fingerprints_not_ours"),
        (lambda h: h.update(fingerprints=[]), "fingerprints_not_ours"),
        (lambda h: h.update(public_key=encoded(OTHER)), "key_is_another"),
    ],
)
@pytest.mark.parametrize("answers", [ALL_ANSWERS, PUBLIC_ANSWERS])
def test_what_is_not_signed_is_not_changed_unseen(
    held: Held, change: Change, code: str, answers: Held
) -> None:
    change(held)
    assert code in codes(held, answers)


def test_what_others_do_not_get_is_not_missed(held: dict[str, Any]) -> None:
    del held["fingerprints"]["all"]
    assert codes(held, PUBLIC_ANSWERS) == ["signature_right", "answers_are_public"]


@pytest.mark.parametrize("days", [-3, 3])
def test_a_key_signs_only_while_it_is_in_use(held: dict[str, Any], days: int) -> None:
    key = Key(KEY.id, KEY.public_key, NOON - timedelta(days=1), NOON + timedelta(days=1))
    held = signed({**held["receipt"], "issued_at": timestamp(NOON + timedelta(days=days))})
    assert "key_not_in_use" in codes(held, ALL_ANSWERS, [key])


@pytest.mark.parametrize(
    "answers",
    ["", "[]", "nonsense", '{"a": 1}', '{"a": "1", "a": "2"}', '{"a": NaN}', "[" * 100_000],
)
def test_answers_that_are_none_are_refused(held: dict[str, Any], answers: str) -> None:
    found = [f.code for f in check_receipt(json.dumps(held), answers, [KEY]).findings]
    assert found == ["signature_right", "answers_unreadable"]


def test_keys_are_read_back_and_nonsense_is_refused() -> None:
    text = json.dumps({"keys": [{"id": "a", "public_key": "b", "from": timestamp(NOON)}]})
    assert read_keys(text) == (Key("a", "b", NOON, None),)
    for wrong in ("", "[]", "{}", '{"keys": 1}', '{"keys": [{}]}', '{"keys": ["x"]}'):
        with pytest.raises(ValueError, match="public keys"):
            read_keys(wrong)


LEAF = st.text(max_size=8) | st.booleans() | st.none() | st.lists(st.text(max_size=4), max_size=3)
DOCUMENTS = st.dictionaries(
    st.text(min_size=1, max_size=6), st.recursive(
        LEAF, lambda inner: st.dictionaries(st.text(max_size=4), inner, max_size=3), max_leaves=6
    ), max_size=5,
)  # fmt: skip


@given(before=DOCUMENTS, after=DOCUMENTS)
def test_fingerprints_differ_exactly_where_documents_do(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    same = fingerprints(before, "s") == fingerprints(after, "s")
    assert same == (canonical(before) == canonical(after))


@given(text=st.text(), other=st.text())
def test_whatever_is_sent_the_check_ends_with_an_answer(text: str, other: str) -> None:
    assert not check_receipt(text, other, [KEY]).is_right
