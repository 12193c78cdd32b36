"""Lists that the Secretariat manages: filed like shared lists, and they may grow."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from app.errors import NotFoundError
from app.forms.catalogue import Catalogue
from app.forms.choice_lists import managed_list
from app.forms.definition import Question
from app.forms.load import load_form, read_form
from app.forms.managed_lists import KeptEntry
from app.forms.structure import choices_used, structure_hash
from tests.unit.form_files import problems_of, write_form

ELEMENTS = "- {id: partner, type: select_one, label: Partner, choices: organizations}"


class Kept:
    """A keeper in memory."""

    def __init__(self, *entries: KeptEntry) -> None:
        self.count, self.kept = 1, list(entries)

    def add(self, entry: KeptEntry) -> None:
        self.kept.append(entry)
        self.count += 1

    def changes(self, names: Iterable[str]) -> Mapping[str, int]:
        return dict.fromkeys(names, self.count)

    def entries(self, name: str) -> Sequence[KeptEntry]:
        return self.kept if name == "organizations" else []


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "organizations.yaml").write_text(
        "title: Organizations\nentries: {fao: Food and Agriculture Organization, undp: UNDP}\n"
    )
    (tmp_path / "lists" / "organizations.ar.yaml").write_text(
        "title: المنظمات\nfao: منظمة الأغذية والزراعة\nundp: البرنامج\n"
    )
    return tmp_path


def choices(form_question: Question) -> list[tuple[str, str, bool]]:
    return [(c.code, c.label, c.is_retired) for c in form_question.choices]


def partner(root: Path, kept: Kept | None = None, locale: str = "en") -> Question:
    form = load_form(write_form(root, ELEMENTS), root, locale, keeper=kept)
    return next(form.questions())


def test_without_changes_it_is_as_filed_in_each_language(root: Path) -> None:
    assert choices(partner(root)) == [
        ("fao", "Food and Agriculture Organization", False),
        ("undp", "UNDP", False),
    ]
    assert [label for _, label, _ in choices(partner(root, locale="ar"))] == [
        "منظمة الأغذية والزراعة",
        "البرنامج",
    ]


def test_entries_are_added_worded_anew_and_retired(root: Path) -> None:
    kept = Kept(
        KeptEntry(code="unep", labels={"en": "UNEP", "ar": "برنامج البيئة"}),
        KeptEntry(code="fao", is_retired=True),
        KeptEntry(code="undp", labels={"en": "Development Programme"}),
        KeptEntry(code="wwf", labels={"en": "WWF"}),
    )
    assert choices(partner(root, kept)) == [
        ("fao", "Food and Agriculture Organization", True),
        ("undp", "Development Programme", False),
        ("unep", "UNEP", False),
        ("wwf", "WWF", False),
    ]
    labels = {code: label for code, label, _ in choices(partner(root, kept, "ar"))}
    assert labels["unep"] == "برنامج البيئة"
    assert labels["wwf"] == "WWF", "a name in English alone stands for all languages"


def test_what_is_added_changes_no_structure(root: Path) -> None:
    folder = write_form(root, ELEMENTS)
    filed = load_form(folder, root)
    grown = load_form(folder, root, keeper=Kept(KeptEntry(code="unep", labels={"en": "UNEP"})))
    assert filed.managed == grown.managed == ("organizations",)
    assert structure_hash(filed) == structure_hash(grown)
    assert choices_used(grown) == {}


def test_the_catalogue_reads_a_form_anew_when_its_list_has_changed(root: Path) -> None:
    kept = Kept()
    write_form(root, ELEMENTS)
    catalogue = Catalogue(root, kept)
    before = catalogue.load("tiny", 1)
    assert catalogue.load("tiny", 1).managed == before.managed
    kept.add(KeptEntry(code="unep", labels={"en": "UNEP"}))
    assert [c.code for c in next(catalogue.load("tiny", 1).questions()).choices][-1] == "unep"
    assert catalogue.load("tiny", 1) is catalogue.load("tiny", 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("entries: {a: A}", "write 'title' as a text"),
        ("title: T", "this choice list is empty; write its choices"),
        ("{title: T, entry: {a: A}}", "'entry' is not a key here; did you mean 'entries'?"),
        ("{title: T, entries: {title: A}}", "no entry has the code 'title'; choose another"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_named(root: Path, text: str, said: str) -> None:
    (root / "lists" / "organizations.yaml").write_text(text)
    assert f"organizations: {said}" in problems_of(root, ELEMENTS)


def test_what_is_asked_for_ever_goes_over_no_list_that_grows(root: Path) -> None:
    loop = "- {id: a, type: loop, label: A, items: organizations, elements: [{use: b}]}"
    said = "a: the Secretariat adds to 'organizations'; ask in a repeat whose rows choose from it"
    assert said in problems_of(root, loop)


def test_a_list_has_one_file(root: Path) -> None:
    own = "choices: {organizations: {a: A}}"
    said = "organizations: lists/organizations.yaml has this name too; choose another"
    assert said in problems_of(root, ELEMENTS, head=own)


def test_a_list_is_read_by_itself(root: Path) -> None:
    kept = Kept(KeptEntry(code="unep", labels={"en": "UNEP"}))
    found = managed_list(root, "organizations", "ar", kept)
    assert (found.title, found.intro) == ("المنظمات", "")
    assert found.of_file == {"fao", "undp"}
    assert [entry.code for entry in found.entries] == ["fao", "undp", "unep"]
    with pytest.raises(NotFoundError):
        managed_list(root, "yes_no", "en")


def test_a_translation_that_lacks_an_entry_is_told(root: Path) -> None:
    (root / "lists" / "organizations.ar.yaml").write_text("title: المنظمات\nfao: منظمة\n")
    reading = read_form(write_form(root, ELEMENTS, ar={}), root, "ar")
    assert reading.lists.shared_wordings["organizations"].missing() == ["undp"]
