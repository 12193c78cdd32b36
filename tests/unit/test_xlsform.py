"""XLSForm: a form of ours goes out and comes in the same; one of others comes in, and tells."""

import json
from collections.abc import Sequence
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from pyxform.xls2xform import convert

from app.config import ROOT
from app.forms.catalogue import Catalogue, FormName
from app.forms.definition import LANGUAGES, Form
from app.forms.load import read_form
from app.forms.rule_parser import parse
from app.forms.structure import structure
from app.forms.xlsform.convert import from_xlsform, to_xlsform
from app.forms.xlsform.notation import (
    NotSayableError,
    XPathWriter,
    read_xpath,
    without_kinds,
    write_rule,
)
from app.forms.xlsform.places import Told
from app.forms.xlsform.workbook import NoXlsFormError, read_cells, write_workbook

FORMS = Catalogue(ROOT / "forms")
TINY = Catalogue(ROOT / "tests" / "forms")
TYPES = {"a": "select_one", "many": "select_multiple", "d": "date", "r": "repeat", "r.x": "integer"}


def rules_by_meaning(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a structure with every rule written in one way."""
    if isinstance(value, dict):
        return {
            key: write_rule(parse(inner))
            if key in ("relevant", "required", "rule") and isinstance(inner, str) and inner
            else rules_by_meaning(inner)
            for key, inner in value.items()
        }
    return [rules_by_meaning(inner) for inner in value] if isinstance(value, list) else value


def remarks(form: Form) -> list[tuple[str, str, object]]:
    """Return what the structure does not hold: keys of the clearing-house, provisional marks."""
    return [(e.id, e.source, getattr(e, "is_provisional", None)) for e in form.elements()]


def out_and_in(catalogue: Catalogue, name: FormName, folder: Path) -> tuple[Path, list[Told]]:
    """Send a form out and in again; return the forms folder it is in, and what was told."""
    to_xlsform(catalogue, name, folder / "form.xlsx")
    root = folder / "forms"
    for shared in ("choices", "lists"):
        if (catalogue.root / shared).is_dir():
            copytree(catalogue.root / shared, root / shared)
    new = root / name.agreement / name.form / str(name.version)
    return new, from_xlsform(folder / "form.xlsx", new, root)


@pytest.mark.parametrize(
    ("catalogue", "name"),
    [pytest.param(c, n, id=str(n)) for c in (FORMS, TINY) for n in c.names()],
)
def test_a_form_that_goes_out_and_in_again_is_the_same(
    tmp_path: Path, catalogue: Catalogue, name: FormName
) -> None:
    new, told = out_and_in(catalogue, name, tmp_path)
    assert told == []
    for locale in LANGUAGES:
        before = read_form(catalogue.folder(name), catalogue.root, locale)
        after = read_form(new, tmp_path / "forms", locale)
        assert after.problems == ()
        assert rules_by_meaning(structure(after.form)) == rules_by_meaning(structure(before.form))
        assert after.form.texts == before.form.texts
        assert after.form.signed_by == before.form.signed_by
        assert remarks(after.form) == remarks(before.form)
        assert after.wording.missing() == before.wording.missing()


@pytest.mark.parametrize(
    ("ours", "xpath"),
    [
        ('a == "x"', "${a} = 'x'"),
        ('a != "x" and (n > 3 or not n <= 1)', "${a} != 'x' and (${n} > 3 or not(${n} <= 1))"),
        ('a in ["x", "y"]', "selected('x y', ${a})"),
        ('a not in ["x", "y"]', "selected('x y', ${a}) = false()"),
        ('"x" in many', "selected(${many}, 'x')"),
        ("count(many) >= 2", "count-selected(${many}) >= 2"),
        ("count(r) < 3", "count(${r}) < 3"),
        ("sum(r.x) == 100", "sum(${r.x}) = 100"),
        ("count(r.x) > 0", "count-non-empty(${r.x}) > 0"),
        ('d >= "2010-01-01"', "${d} >= date('2010-01-01')"),
        ("answered(a)", "${a} != ''"),
        ("not answered(a)", "not(${a} != '')"),
        ("length(t) <= 200", "string-length(${t}) <= 200"),
        ("(n + 2) * 3 / n - -n > 0.5", "((${n} + 2) * 3) div ${n} - -${n} > 0.5"),
        ("if(n > 1, n, round(n, 2)) > 0", "if(${n} > 1, ${n}, round(${n}, 2)) > 0"),
        ("true", "true()"),
    ],
)
def test_what_both_can_say_is_the_same_both_ways(ours: str, xpath: str) -> None:
    tree = parse(ours)
    names = {n: n for n in ("a", "n", "many", "r", "r.x", "d", "t")}
    said = XPathWriter(names, TYPES).write(tree)
    assert read_xpath(said, lambda ref: ref) == tree
    assert read_xpath(xpath, lambda ref: ref) == tree
    assert without_kinds(parse(write_rule(tree))) == tree


@pytest.mark.parametrize(
    "ours", ["nothing(a)", "count(distinct(r.x)) > 1", "answered(r)", '"x" in r.x', 'a == ""']
)
def test_what_xpath_cannot_say_is_not_said(ours: str) -> None:
    with pytest.raises(NotSayableError):
        XPathWriter({n: n for n in ("a", "r", "r.x")}, TYPES).write(parse(ours))


@pytest.mark.parametrize(
    ("xpath", "told"),
    [
        ("regex(${a}, '[a-z]+')", "regex()"),
        ("today() > ${d}", "today()"),
        ("${a} mod 2 = 1", "mod"),
        ("/data/a = 1", "/"),
        ("${a} = ", "breaks off"),
        ("(${a} = 1", "parenthesis"),
        ("${a} = '", "'"),
        ("1 < ${n} < 3", "two comparisons"),
    ],
)
def test_what_our_rules_cannot_say_is_named(xpath: str, told: str) -> None:
    with pytest.raises(NotSayableError) as found:
        read_xpath(xpath, lambda ref: ref)
    assert told in str(found.value)


SURVEY = [
    ("type", "name", "label::English (en)", "label::French (fr)", "label::Swahili (sw)",
     "relevant", "constraint", "required", "appearance"),
    ("start", "start", "", "", "", "", "", "", ""),
    ("text", "personName", "Your “name”", "Votre nom", "Jina", "", "", "yes", ""),
    ("begin_group", "household", "Household", "Ménage", "", "", "", "", ""),
    ("integer", "size", "How many?", "Combien ?", "", "", ". > 0 and . < 50", "", ""),
    ("begin_group", "farm", "The farm", "", "", "${size} > 1", "", "", ""),
    ("select_one kind", "kind", "Which kind?", "", "", "", "", "", "minimal"),
    ("select_multiple kind", "others", "Which others?", "", "", "${kind} = 1", "", "", ""),
    ("end_group", "", "", "", "", "", "", "", ""),
    ("begin_repeat", "child", "Child", "Enfant", "", "", "", "", ""),
    ("integer", "age", "Age", "", "", "", "regex(., '[0-9]+')", "", ""),
    ("end_repeat", "", "", "", "", "", "", "", ""),
    ("note", "late", "Many", "", "", "sum(${age}) > 40 and selected(${others}, 'Big-farm')",
     "", "", ""),
    ("geopoint", "place", "Where?", "", "", "", "", "", ""),
    ("text", "why", "Why there?", "", "", "${place} != ''", "", "", ""),
    ("end_group", "", "", "", "", "", "", "", ""),
]  # fmt: skip
CHOICES = [
    ("list_name", "name", "label::English (en)", "label::French (fr)"),
    ("kind", "1", "Cattle", "Bovins"),
    ("kind", "Big-farm", "Big", "Grand"),
]


def workbook(path: Path, survey: Sequence[Sequence[str]] = SURVEY) -> Path:
    sheets = {"survey": survey, "choices": CHOICES, "settings": [["form_title"], ["Farms"]]}
    write_workbook(path, sheets)
    return path


def test_an_xlsform_of_others_becomes_a_form_that_loads(tmp_path: Path) -> None:
    folder = tmp_path / "forms" / "demo" / "farms" / "1"
    from_xlsform(workbook(tmp_path / "a.xlsx"), folder, tmp_path / "forms")
    english = read_form(folder, tmp_path / "forms")
    assert english.problems == ()
    form = english.form
    assert (form.title, [s.id for s in form.sections]) == ("Farms", ["questions", "household"])
    found = {element.id: element for element in form.elements()}
    assert list(found) == [
        *("person_name", "size", "farm", "kind", "others", "child", "age", "late", "why"),
    ]
    assert found["person_name"].label == "Your “name”"
    assert found["kind"].relevant.source == "size > 1"
    assert found["others"].relevant.source == 'size > 1 and kind == "1"'
    assert found["late"].relevant.source == 'sum(child.age) > 40 and "big_farm" in others'
    (size,) = [q for q in form.questions() if q.id == "size"]
    assert size.checks[0].rule.source == "size > 0 and size < 50"
    french = read_form(folder, tmp_path / "forms", "fr").form
    assert [s.title for s in french.sections] == ["Questions", "Ménage"]


def test_what_an_xlsform_has_and_a_form_has_not_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "forms" / "demo" / "farms" / "1"
    told = from_xlsform(workbook(tmp_path / "a.xlsx"), folder, tmp_path / "forms")
    for part in (
        "start: a question of type 'start' is left out",
        "personName: its name here is person_name",
        "languages: the texts in 'Swahili (sw)' are left out",
        "farm: the group's heading is a note here",
        "kind: appearance is left out: minimal",
        "kind.Big-farm: its code here is big_farm",
        "age: constraint is left out: regex(., '[0-9]+') (regex() cannot be said here)",
        "place: a question of type 'geopoint' is left out",
        "why: left out, relevant: there is no question 'place'",
    ):
        assert any(f"{line.where}: {line.what}".startswith(part) for line in told), (part, told)


def test_our_sheet_names_what_xlsform_cannot_carry(tmp_path: Path) -> None:
    kept = to_xlsform(TINY, TINY.find("text", 1), tmp_path / "a.xlsx")
    assert "audience: contact" in kept
    rows = read_cells(tmp_path / "a.xlsx")["canopy"]
    assert ["contact", "audience", "secretariat"] in [row[:3] for row in rows]


def test_what_is_no_xlsform_is_refused(tmp_path: Path) -> None:
    write_workbook(tmp_path / "a.xlsx", {"data": [["a"], ["b"]]})
    (tmp_path / "b.xlsx").write_bytes(b"no workbook")
    for path in (tmp_path / "a.xlsx", tmp_path / "b.xlsx"):
        with pytest.raises(NoXlsFormError):
            from_xlsform(path, tmp_path / "demo" / "a" / "1", tmp_path)
    folder = tmp_path / "forms" / "demo" / "farms" / "1"
    from_xlsform(workbook(tmp_path / "c.xlsx"), folder, tmp_path / "forms")
    with pytest.raises(FileExistsError):
        from_xlsform(tmp_path / "c.xlsx", folder, tmp_path / "forms")


def test_other_programs_can_read_what_goes_out(tmp_path: Path) -> None:
    """The whole conversion to XForms, not only the reading of the sheets."""
    to_xlsform(FORMS, FORMS.find("aichi-progress", 1), tmp_path / "a.xlsx")
    made = convert(str(tmp_path / "a.xlsx"), warnings=[])
    assert "aichi_targets.aichi-20.aichi_target_assessments" in made.xform
    assert json.dumps(made.warnings) == "[]"
