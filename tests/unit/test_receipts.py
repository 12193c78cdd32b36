"""A revision's hash follows from its answers and the revision before, and from nothing else."""

import hashlib

import pytest

from app.receipts import FIRST, canonical, chain


def test_canonical_json_has_sorted_keys_no_spaces_and_plain_letters() -> None:
    assert canonical({"b": ["é", True, None], "a": {"z": "1"}}) == (
        '{"a":{"z":"1"},"b":["é",true,null]}'
    )


def test_keys_are_sorted_by_utf_16_code_units() -> None:
    # RFC 8785, section 3.2.3: U+1F600 is written D83D DE00, so it stands before U+FB33.
    assert canonical({"\ufb33": "1", "\U0001f600": "2"}) == '{"\U0001f600":"2","\ufb33":"1"}'


@pytest.mark.parametrize("number", [1, 1.5, {"a": [2]}])
def test_a_number_among_the_answers_is_refused(number: object) -> None:
    with pytest.raises(TypeError):
        canonical(number)


def test_the_chain_covers_the_revision_before() -> None:
    first = chain(FIRST, "{}")
    assert first == hashlib.sha256(b"0" * 64 + b"\n{}").hexdigest()
    assert chain(first, "{}") != first
