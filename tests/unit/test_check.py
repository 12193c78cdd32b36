"""What lint finds in forms that load: unused, untranslated, superfluous, misnamed."""

from pathlib import Path

from app.config import ROOT
from app.forms.catalogue import Catalogue
from app.forms.check import all_problems
from tests.unit.form_files import write_form, write_list

A = "- {id: a, type: text, label: A}"


def told(root: Path) -> list[str]:
    return [str(problem) for problem in all_problems(Catalogue(root))]


def test_our_forms_and_the_tiny_forms_have_no_problem() -> None:
    assert told(ROOT / "forms") == []
    assert told(ROOT / "tests" / "forms") == []


def test_what_nothing_uses_is_named(tmp_path: Path) -> None:
    head = "choices: {scale: {low: Low}}\nblocks:\n  spare: [{id: b, type: text, label: B}]"
    write_form(tmp_path, A, head=head)
    write_list(tmp_path, "yes_no", "{'yes': 'Yes'}")
    assert told(tmp_path) == [
        "choices/yes_no.yaml:1: yes_no: no form uses this choice list; remove it",
        "demo/tiny/1/form.yaml:5: scale: no question uses this choice list; remove it",
        "demo/tiny/1/form.yaml:7: spare: no section uses this block; remove it",
    ]


def test_missing_and_superfluous_translations_are_named(tmp_path: Path) -> None:
    write_form(tmp_path, A, ar={"title": "ط", "a.label": "أ", "b.label": "ب"})
    assert told(tmp_path) == [
        "demo/tiny/1/ar.yaml:1: only.title: this text is not translated; add 'only.title: …'",
        "demo/tiny/1/ar.yaml:3: b.label: nothing in the form has this text; correct or remove it",
    ]


def test_shared_lists_are_translated_too(tmp_path: Path) -> None:
    asked = "- {id: a, type: select_one, label: A, choices: yes_no}"
    write_form(tmp_path, asked, ar={"title": "ط", "only.title": "ق", "a.label": "أ"})
    write_list(tmp_path, "yes_no", "{'yes': 'Yes', 'no': 'No'}")
    write_list(tmp_path, "yes_no.ar", "{'yes': 'نعم'}")
    assert told(tmp_path) == [
        "choices/yes_no.ar.yaml:1: no: this text is not translated; add 'no: …'"
    ]
    assert Catalogue(tmp_path).languages("tiny", 1) == ("en",)


def test_a_translation_that_is_no_flat_map_is_named(tmp_path: Path) -> None:
    folder = write_form(tmp_path, A)
    (folder / "ar.yaml").write_text("title: {a: b}\nonly.title: ''\na.label: 12\n")
    problems = told(tmp_path)
    assert len([p for p in problems if "write the translation as a text" in p]) == 3


def test_files_that_nothing_reads_are_named(tmp_path: Path) -> None:
    folder = write_form(tmp_path, A)
    (folder / "de.yaml").write_text("title: Winzig\n")
    write_list(tmp_path, "yes_no.ar", "{'yes': 'نعم'}")
    problems = told(tmp_path)
    assert problems[0].startswith("choices/yes_no.ar.yaml:1: this file is not read")
    assert problems[1].startswith("demo/tiny/1/de.yaml:1: this file is not read")


def test_form_ids_are_unique_over_all_agreements(tmp_path: Path) -> None:
    folder = write_form(tmp_path, A)
    text = (folder / "form.yaml").read_text().replace("agreement: demo", "agreement: other")
    (tmp_path / "other" / "tiny" / "1").mkdir(parents=True)
    (tmp_path / "other" / "tiny" / "1" / "form.yaml").write_text(text)
    assert [p.split(": ", 1)[1] for p in told(tmp_path)] == [
        "other has a form 'tiny' too; ids are unique over all agreements",
        "demo has a form 'tiny' too; ids are unique over all agreements",
    ]
