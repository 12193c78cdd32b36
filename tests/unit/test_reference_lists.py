"""The reference lists that forms use, and the notes on groups: pure, from our CSV files."""

import pytest

from app.reference.files import LANGUAGES, rows, text
from app.reference.footnotes import footnotes
from app.reference.lists import choices, names


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "count"), [("aichi_targets", 20), ("aichi_goals", 5), ("parties", 196)]
)
def test_each_list_is_whole_in_each_language(name: str, count: int, locale: str) -> None:
    entries = choices(name, locale)
    assert len({entry.code for entry in entries}) == count == len(entries)
    assert all(entry.label.strip() == entry.label != "" for entry in entries)
    if name != "parties":
        assert [e.code for e in entries] == [e.code for e in choices(name, "en")]


def test_a_target_is_worded_with_its_number_and_deadline() -> None:
    targets = choices("aichi_targets", "en")
    assert targets[0].label == "Target 1: Awareness increased"
    assert targets[0].source == "AICHI-TARGET-01"
    due_in_2015 = [t.code for t in targets if "2015" in t.hint]
    assert due_in_2015 == ["aichi-10", "aichi-16", "aichi-17"]
    assert choices("aichi_targets", "ar")[0].label.startswith("الهدف 1: ")


def test_wording_of_our_own_is_told_from_official_wording() -> None:
    french = choices("aichi_targets", "fr")
    assert [t.code for t in french if t.is_official] == ["aichi-01"]
    assert all(t.is_official for t in choices("aichi_targets", "en"))


@pytest.mark.parametrize(("name", "locale"), [("countries", "en"), ("parties", "de")])
def test_an_unknown_list_or_language_is_refused(name: str, locale: str) -> None:
    with pytest.raises(KeyError):
        choices(name, locale)


def test_the_lists_can_be_named() -> None:
    assert names() == ("aichi_goals", "aichi_targets", "parties")


@pytest.mark.parametrize(
    ("locale", "in_order"),
    [
        ("en", "CRI CIV HRV"),  # Costa Rica, Côte d'Ivoire, Croatia
        ("en", "TUN TUR TKM"),  # Tunisia, Türkiye, Turkmenistan
        ("fr", "EGY SLV ARE"),  # Égypte, El Salvador, Émirats arabes unis
        ("ar", "EUR RUS ETH AZE ARG ALB BHR"),  # neither the article nor the hamza counts
        ("ru", "IND YEM CPV"),  # the short i has a place of its own
        ("zh", "FRA FJI PHL FIN MCO NRU NPL"),  # characters outside the common set, by sound
    ],
)
def test_names_stand_in_the_order_readers_expect(locale: str, in_order: str) -> None:
    expected = in_order.split()
    assert [e.code for e in choices("parties", locale) if e.code in expected] == expected


def test_notes_on_regions_name_the_parties_whose_group_is_not_sure() -> None:
    shown = footnotes("cbd_region", "en", ["KEN", "TUR", "PSE"])
    assert [note.id for note in shown] == ["turkiye", "unverified"]
    assert "Türkiye" in shown[0].text
    assert footnotes("cbd_region", "en", ["KEN"]) == ()
    assert footnotes("ldc", "en", ["TUR"]) == ()


def test_every_note_is_worded_in_every_language() -> None:
    assert [row["id"] for row in rows("footnotes") if not all(row.values())] == []
    worded = [footnotes("cbd_subregion", language, ["GUY"])[0] for language in LANGUAGES]
    assert [note.locale for note in worded] == list(LANGUAGES)
    assert len({note.text for note in worded}) == len(LANGUAGES)


def test_a_note_without_a_translation_says_that_it_is_in_english() -> None:
    (german,) = footnotes("cbd_subregion", "de", ["GUY"])
    assert german.locale == "en"
    assert "Guyana" in german.text


def test_every_file_refers_to_what_is_there() -> None:
    parties = {row["code"] for row in rows("parties")}
    groups = {(row["scheme"], row["code"]) for row in rows("groups")}
    for file in ("party_names", "party_statuses", "group_members"):
        assert {row["party"] for row in rows(file)} <= parties
    assert {(row["scheme"], row["code"]) for row in rows("group_members")} == groups
    for file in ("footnotes", "demo_languages"):
        assert {code for row in rows(file) for code in row["parties"].split()} <= parties


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_texts_of_rehearsals_are_there_in_each_language(locale: str) -> None:
    for row in rows("rehearsal_texts"):
        assert text(row["key"], locale, "rehearsal_texts")
