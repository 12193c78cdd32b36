"""A file that goes out and comes back changes nothing but what was changed in it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.config import ROOT
from app.forms.strict_yaml import parse_yaml
from app.texts.check import Change, Checked
from app.texts.definition import TRANSLATED, Kind, Roots, Source, plural_forms
from app.texts.exchange import check_changes, check_file, told_changes
from app.texts.exchange_po import to_po
from app.texts.exchange_xlsx import to_xlsx
from app.texts.maps import with_texts
from app.texts.po import Entry, read_po, replaced, written
from app.texts.ready import ready_files
from app.texts.sources import Sources
from app.wording.languages import GLOSSARY, TRANSLATIONS
from tests.texts.project import contents, make_project, sources_in, write

Export = Callable[[Source, str], bytes]


def as_po(source: Source, language: str) -> bytes:
    return to_po(source, language, GLOSSARY).encode()


def as_xlsx(source: Source, language: str) -> bytes:
    return to_xlsx([source], language, GLOSSARY, is_mirrored=language == "ar")


WORDS = st.text(
    st.one_of(st.characters(exclude_categories=["C", "Zl", "Zp"]), st.sampled_from("\"'\\:#-> é")),
    min_size=1,
    max_size=150,
).filter(lambda text: bool(text.strip()) and "<" not in text and not set(text) & set("%{}&"))


@pytest.mark.parametrize("export", [as_po, as_xlsx])
def test_the_project_s_own_files_come_back_as_they_went(export: Export) -> None:
    sources = Sources(Roots(ROOT / "forms", ROOT / "reports", TRANSLATIONS))
    for source in sources.all():
        for language in TRANSLATED:
            checked, problems = check_file(sources, "file", export(source, language))
            assert problems == []
            assert [(each.changes, each.problems) for each in checked] == [((), ())]
            assert ready_files(sources, checked) == {}


@pytest.mark.parametrize("export", [as_po, as_xlsx])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(data=st.data())
def test_what_a_translator_writes_is_kept_and_all_else_stays(
    tmp_path_factory: pytest.TempPathFactory, export: Export, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("project")
    sources = make_project(folder)
    before = contents(folder)
    source = sources.load(data.draw(st.sampled_from(sources.ids())))
    language = data.draw(st.sampled_from(["fr", "ar"]))
    wished = data.draw(st.lists(st.sampled_from(source.texts), unique_by=lambda text: text.key))
    changes = [
        Change(
            text=text,
            before=source.says(language, text),
            forms=tuple(
                # the interface's texts with names keep them; a flat map has no spaces at its ends
                data.draw(WORDS).strip() + "".join(f" {name}" for name in names(text.english))
                for _ in range(plural_forms(language, text))
            ),
        )
        for text in wished
    ]
    made = Checked(source=source, language=language, changes=tuple(changes), problems=())
    write(ready_files(sources, check_changes(sources, told_changes([made]))))
    source = sources_in(folder).load(source.id)
    assert [source.says(language, each.text).forms for each in changes] == [
        each.forms for each in changes
    ]
    after = contents(folder)
    changed = {name for name in after if after[name] != before.get(name)}
    assert all(language in name for name in changed)
    checked, problems = check_file(sources_in(folder), "file", export(source, language))
    assert (problems, [each.problems for each in checked]) == ([], [()])
    assert ready_files(sources_in(folder), checked) == {}


def names(english: str) -> list[str]:
    return [name for name in ("%(num)s", "%(name)s", "{by}") if name in english]


@given(st.dictionaries(st.sampled_from(["a", "b.hint", "yes", "no"]), WORDS, min_size=1))
def test_a_flat_map_says_what_was_written(texts: dict[str, str]) -> None:
    content = '# ours\nb.hint: >-\n  two\n  lines\n\n# theirs\n"yes": Oui\n'
    data, errors = parse_yaml(with_texts(content, texts, ["a", "b.hint", "yes", "no"]), "")
    assert errors == []
    assert data == {"b.hint": "two lines", "yes": "Oui", **texts}
    assert with_texts(content, {"yes": "Oui"}, ["b.hint", "yes"]) == content


@given(WORDS, WORDS, st.lists(WORDS, min_size=1, max_size=6))
def test_a_po_file_is_read_as_it_was_written(context: str, english: str, said: list[str]) -> None:
    entry = Entry(context=context, id=english, said=dict(enumerate(said)), previous=english)
    entry.plural = english if len(said) > 1 else ""
    (read,), broken = read_po(written(entry))
    assert broken == []
    told = ("context", "id", "plural", "said", "previous")
    assert [getattr(read, name) for name in told] == [getattr(entry, name) for name in told]


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_that_is_said_anew_with_the_same_words_is_the_same(language: str) -> None:
    path = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    text = path.read_text(encoding="utf-8")
    entries, broken = read_po(text)
    assert broken == []
    assert replaced(text, [entry for entry in entries if entry.id and not entry.is_fuzzy]) == text


def test_every_kind_of_source_is_tried(tmp_path: Path) -> None:
    assert {source.kind for source in make_project(tmp_path).all()} == set(Kind)
