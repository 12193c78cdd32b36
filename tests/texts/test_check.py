"""What comes back from translators is checked: every problem, by line; nothing else is lost."""

from pathlib import Path

import pytest

from app.forms.definition import LANGUAGES
from app.texts.check import standing_problems
from app.texts.definition import State
from app.texts.exchange import check_file
from app.texts.exchange_po import to_po
from app.texts.glossary import occurring, terms
from app.texts.po import FUZZY
from app.texts.ready import fresh_records, ready_files
from app.texts.sources import Sources
from app.wording.languages import GLOSSARY
from tests.texts.project import FORM, LIST, REPORT, make_project, sources_in, write


@pytest.fixture
def project(tmp_path: Path) -> Sources:
    return make_project(tmp_path)


def sent(project: Sources, source: str, *changes: tuple[str, str], language: str = "fr") -> str:
    """Return a PO file of the project, changed as a translator would, or by mistake."""
    text = to_po(project.load(source), language, GLOSSARY)
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return text


def problems(project: Sources, content: str) -> list[tuple[str, bool]]:
    """Return the code of every problem, and whether its line is named."""
    checked, whole = check_file(project, "a.po", content.encode())
    found = [*whole, *(problem for each in checked for problem in each.problems)]
    return [(problem.code, problem.line > 0) for problem in found]


@pytest.mark.parametrize(
    ("source", "before", "after", "code"),
    [
        (FORM, 'msgctxt "plan.title"', 'msgctxt "plan.name"', "unknown_key"),
        (FORM, 'msgctxt "plan.title"', 'msgctxt "title"', "doubled_key"),
        (FORM, 'msgid "National plan"', 'msgid "Plan"', "stale_english"),
        (FORM, 'msgstr "Plan national"', 'msgstr "<b>Plan</b>"', "markup"),
        (FORM, 'msgstr "Plan national"', 'msgstr "Plan&nbsp;national"', "markup"),
        (FORM, 'msgstr "Plan national"', 'msgstr "Plan\u202enational"', "control_characters"),
        (FORM, 'msgstr "Plan national"', 'msgstr "Plan\x07"', "control_characters"),
        (FORM, 'msgstr "Plan national"', 'msgstr "  "', "blank"),
        (FORM, 'msgstr "Plan national"', "msgstr Plan national", "no_po"),
        (REPORT, "selon ({by})", "selon", "lost_placeholder"),
        (REPORT, "selon ({by})", "selon ({by}, {par})", "strange_placeholder"),
        ("interface", "soumissions de %(name)s", "soumissions", "lost_placeholder"),
        ("interface", 'msgid "Home"', 'msgid "House"', "unknown_key"),
        ("interface", 'msgstr[1] "%(num)s soumissions de %(name)s"', "", "wrong_plurals"),
    ],
)
def test_each_mistake_is_named_with_its_line(
    project: Sources, source: str, before: str, after: str, code: str
) -> None:
    assert (code, True) in problems(project, sent(project, source, (before, after)))


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("Language: fr", "Language: de", "other_language"),
        ("X-Canopy-Source: forms/cbd/pilot/1", "X-Canopy-Source: forms/x", "unknown_source"),
    ],
)
def test_a_file_for_something_else_is_refused_whole(
    project: Sources, before: str, after: str, code: str
) -> None:
    assert problems(project, sent(project, FORM, (before, after))) == [(code, False)]


@pytest.mark.parametrize("content", [b"\xff\xfe", b"PK\x03\x04 and no more", b"", b"msgid"])
def test_what_is_no_file_of_ours_is_said(project: Sources, content: bytes) -> None:
    checked, found = check_file(project, "a.po", content)
    assert (checked, len(found)) == ([], 1)


def test_texts_with_a_problem_are_left_out_and_the_others_taken(
    project: Sources, tmp_path: Path
) -> None:
    content = sent(
        project, FORM, ("Plan national", "<i>Plan</i>"), ("Qui lui soit propre.", "Propre à elle.")
    )
    checked, _ = check_file(project, "a.po", content.encode())
    write(ready_files(project, checked))
    text = (tmp_path / FORM / "fr.yaml").read_text()
    assert "plan.title: >-\n  Plan\n  national\n\n# La question.\n" in text
    assert "has_plan.hint: Propre à elle.\n" in text


def test_arabic_has_six_forms_of_which_two_may_say_the_number_in_words(project: Sources) -> None:
    text = sent(project, "interface", language="ar")
    for number, form in enumerate(["لا شيء", "واحد", "اثنان", "%(num)s", "%(num)s", "%(num)s"]):
        text = text.replace(f'msgstr[{number}] ""', f'msgstr[{number}] "{form} %(name)s"')
    assert problems(project, text) == []
    assert problems(project, text.replace("msgstr[5]", "msgstr[6]")) == [("wrong_plurals", True)]


def test_a_translation_is_stale_until_it_says_the_new_english(
    project: Sources, tmp_path: Path
) -> None:
    form = tmp_path / FORM / "form.yaml"
    form.write_text(form.read_text().replace("National plan", "National strategy"))
    source = sources_in(tmp_path).load(FORM)
    (text,) = source.in_state("fr", State.STALE)
    assert source.says("fr", text).previous == "National plan"
    assert fresh_records(sources_in(tmp_path)) == {}, "recording does not make it fresh"
    codes = [problem.code for problem in standing_problems(source, "fr")]
    assert codes == ["stale"]
    file = to_po(source, "fr", GLOSSARY)
    assert f'#, {FUZZY}\n#| msgid "National plan"\nmsgctxt "plan.title"\n' in file
    checked, _ = check_file(sources_in(tmp_path), "a.po", file.encode())
    assert checked[0].changes == (), "fuzzy: nobody has looked at it yet"
    checked, _ = check_file(sources_in(tmp_path), "a.po", file.replace("#, fuzzy\n", "").encode())
    assert checked[0].changes[0].is_confirmed
    write(ready_files(sources_in(tmp_path), checked))
    assert sources_in(tmp_path).load(FORM).in_state("fr", State.STALE) == []


def test_a_translation_that_was_changed_by_hand_is_not_stale(
    project: Sources, tmp_path: Path
) -> None:
    for name, before, after in (("", "Yes", "Yes, it has"), (".fr", "Oui", "Oui, elle en a un")):
        path = tmp_path / f"{LIST}{name}.yaml"
        path.write_text(path.read_text().replace(before, after))
    assert sources_in(tmp_path).load(LIST).in_state("fr", State.STALE) == []
    write(fresh_records(sources_in(tmp_path)))
    assert fresh_records(sources_in(tmp_path)) == {}


def test_texts_of_the_interface_are_stale_where_they_are_fuzzy(
    project: Sources, tmp_path: Path
) -> None:
    path = tmp_path / "translations/fr/LC_MESSAGES/messages.po"
    text = path.read_text()
    marked = '#, fuzzy\n#| msgid "House"\nmsgid "Home"'
    path.write_text(text.replace('msgid "Home"', marked))
    source = sources_in(tmp_path).load("interface")
    (stale,) = source.in_state("fr", State.STALE)
    assert source.says("fr", stale).previous == "House"
    file = to_po(source, "fr", GLOSSARY).replace("#, fuzzy\n", "")
    checked, _ = check_file(sources_in(tmp_path), "a.po", file.encode())
    write(ready_files(sources_in(tmp_path), checked))
    assert path.read_text() == text


def test_the_terms_of_a_text_are_found_the_longest_first() -> None:
    known = terms(GLOSSARY)
    found = [term.english for term in occurring(known, "How many Parties have national targets?")]
    assert found == ["national target", "Party"]
    assert all(term.said.keys() == set(LANGUAGES) for term in known)
