"""Parties: the list in the order of the language, and one with its dated facts."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from tests.make import make_collection, make_revision, make_submission
from tests.page import Browse, words


@pytest.mark.parametrize("language", ["en", "ar"])
def test_all_196_are_listed(browse: Browse, language: str) -> None:
    page = browse("/parties/", language=language)
    present, others = page.all("ul", class_="columns")
    assert len(list(present.iter("a"))) == 196
    assert len(list(others.iter("a"))) >= 1


def test_the_order_is_alphabetical(browse: Browse) -> None:
    present, _others = browse("/parties/").all("ul", class_="columns")
    names = [words(a) for a in present.iter("a")]
    assert names[:3] == ["Afghanistan", "Albania", "Algeria"]
    assert names.index("Côte d'Ivoire") < names.index("Croatia")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_party_has_names_in_six_languages(browse: Browse, language: str) -> None:
    page = browse("/parties/KEN", language=language)
    names = {e.get("lang"): words(e) for e in page.all("span") if e.get("lang")}
    assert names["en"] == "Kenya"
    assert names["zh-Hans"] == "肯尼亚"
    assert page.h1 == names[language]


def test_groups_are_dated_and_say_their_source(browse: Browse) -> None:
    page = browse("/parties/BHR")
    rows = [words(row) for row in page.find("tbody").iter("tr")]
    (sids,) = [row for row in rows if "Small island developing States" in row]
    assert "until" in sids
    assert "2023" in sids


def test_status_is_dated(browse: Browse) -> None:
    page = browse("/parties/AFG")
    assert "Signatory 12 June 1992 to 17 December 2002" in page.words
    assert "Party since 18 December 2002" in page.words


def test_signed_submissions_are_linked_and_others_are_not(session: Session, browse: Browse) -> None:
    revision = make_revision(session, make_submission(session, "KEN"))
    page = browse("/parties/KEN")
    assert f"/submissions/{revision.submission_id}" in page.links().values()
    assert "Signed on 1 December 2018" in page.words
    page = browse("/parties/TZA")
    assert "Not submitted yet" in page.words
    assert not any("/submissions/" in address for address in page.links().values())


def test_a_withdrawn_submission_is_not_opened(session: Session, browse: Browse) -> None:
    make_revision(session, withdrawn_at=datetime(2019, 1, 1, tzinfo=UTC))
    page = browse("/parties/KEN")
    assert "Withdrawn" in page.words
    assert not any("/submissions/" in address for address in page.links().values())


def test_synthetic_data_is_marked(session: Session, browse: Browse) -> None:
    make_collection(session, is_synthetic=True)
    assert browse("/parties/KEN").all("section", class_="banner-synthetic")


def test_a_party_that_was_never_asked(browse: Browse) -> None:
    assert "It has not been asked in any collection yet." in browse("/parties/USA").words


def test_a_code_that_is_none(browse: Browse) -> None:
    browse("/parties/XXX", 404)
