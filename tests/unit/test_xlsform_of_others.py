"""XLSForms of others: what both can say is carried over right.

Every form here is a small one of our own that shows one thing.
"""

from pathlib import Path

import pytest

from app.forms.catalogue import Catalogue
from app.forms.definition import Range, Repeat
from app.forms.load import read_form
from app.forms.xlsform.convert import from_xlsform, to_xlsform
from app.forms.xlsform.notation import read_xpath
from app.forms.xlsform.workbook import read_cells, write_workbook
from tests.xlsforms import YES_NO, Imported, fill, question

# Texts


@pytest.mark.parametrize(
    "heads",
    [
        ("label", "label::French (fr)"),
        ("label::English (en)", "label::French (fr)"),
        ("label::English", "label::Français"),
        ("label:English", "label:French"),
        ("Label::en", "LABEL::fr-CA"),
        ("label::eng", "label::fra"),
    ],
)
def test_labels_are_in_their_languages(tmp_path: Path, heads: tuple[str, str]) -> None:
    survey = [("type", "name", *heads), ("text", "a", "Your “name”  here", "Votre nom")]
    found = Imported(tmp_path, survey)
    assert found.elements["a"].label == "Your “name”  here"
    (element,) = found.in_language("fr").elements()
    assert element.label == "Votre nom"
    assert found.told == [
        "fr.yaml: to be put right: 2 texts are not translated: title, questions.title"
    ]


@pytest.mark.parametrize("head", ["label::French (fr)", "label::Swahili (sw)"])
def test_a_form_without_english_keeps_its_words(tmp_path: Path, head: str) -> None:
    found = Imported(
        tmp_path, [("type", "name", head), ("text", "a", "Jina"), ("text", "b", "Nom")]
    )
    assert [element.label for element in found.elements.values()] == ["Jina", "Nom"]
    assert found.says("form: it has no English")


def test_a_text_that_shows_an_answer_is_told(tmp_path: Path) -> None:
    found = Imported(
        tmp_path,
        [
            ("type", "name", "label", "hint"),
            ("text", "a", "A", ""),
            ("text", "b", "How old is ${a}?", "As ${a} says"),
        ],
    )
    assert (found.elements["b"].label, found.elements["b"].hint) == (
        "How old is [a]?",
        "As [a] says",
    )
    assert found.says("row 3, column C (label): b: a text shows no answers")
    assert found.says("row 3, column D (hint): b: a text shows no answers")
    fill(found)


def test_a_text_of_ours_that_looks_like_an_answer_comes_back(tmp_path: Path) -> None:
    found = Imported(tmp_path, [("type", "name", "label"), ("text", "a", "A")])
    path = found.folder / "form.yaml"
    path.write_text(path.read_text().replace("label: A", "label: A costs ${b}\n    hint: '${c}'"))
    found.form = read_form(found.folder, found.root).form
    assert found.form.texts["a.label"] == "A costs ${b}"
    fill(found)


def test_what_others_add_to_a_workbook_of_ours_comes_along(tmp_path: Path) -> None:
    found = Imported(tmp_path, [("type", "name", "label"), ("text", "a", "A")])
    path = tmp_path / "ours.xlsx"
    to_xlsform(Catalogue(found.root), Catalogue(found.root).find("theirs", 1), path)
    sheets = read_cells(path)
    at = sheets["survey"][0].index("label::English (en)")
    added = [["text", "MyOwn"], ["text", "more"]]
    for row in added:
        sheets["survey"].append(row + [""] * (at - 2) + [row[1]])
    write_workbook(path, sheets)
    again = tmp_path / "again" / "demo" / "theirs" / "1"
    from_xlsform(path, again, again.parents[2])
    reading = read_form(again, again.parents[2])
    assert reading.problems == ()
    assert [q.id for q in reading.form.questions()] == ["a", "my_own", "more"]
    assert [section.id for section in reading.form.sections] == ["questions", "questions_2"]


# Types


def test_headings_and_types_in_any_case_and_spacing(tmp_path: Path) -> None:
    found = Imported(
        tmp_path,
        [
            ("Type ", "NAME", "Caption", "Relevance", "Required", "Read Only"),
            ("Begin Group", "G", "The group", "", "", ""),
            ("Integer", "n", " How many? ", "", "TRUE", ""),
            ("Select_One yn", "b", "B", "${n} > .5", "Yes", ""),
            ("SELECT MULTIPLE yn", "c", "C", "", "No", "no"),
            ("End_Group", "", "", "", "", ""),
            ("string", "d", "D", "", "", "TRUE"),
        ],
        choices=[("list name", "value", "caption"), *YES_NO[1:]],
    )
    assert [(q.id, q.type) for q in found.form.questions()] == [
        *(("n", "integer"), ("b", "select_one"), ("c", "select_multiple"), ("d", "note")),
    ]
    assert question(found, "n").label == "How many?"
    assert question(found, "b").relevant.source == "n > 0.5"
    assert [question(found, name).required.source for name in ("n", "b", "c")] == [
        "true",
        "true",
        "false",
    ]
    assert found.says("row 7, column F (Read Only): d: it is a note here, because it is read-only")
    fill(found)


def test_ranges_and_numbers_with_limits(tmp_path: Path) -> None:
    found = Imported(
        tmp_path,
        [
            ("type", "name", "label", "parameters"),
            ("range", "a", "A", ""),
            ("range", "b", "B", "start=0 end=2.50 step=0.5"),
            ("range", "c", "C", "start=10 end=-10 step=1"),
            ("percentage", "d", "D", ""),
        ],
    )
    assert [(q.type, q.range) for q in found.form.questions()] == [
        ("integer", Range(least="1", most="10")),
        ("decimal", Range(least="0", most="2.5")),
        ("integer", Range(least="-10", most="10")),
        ("integer", Range(least="0", most="100")),
    ]
    assert found.says("row 3, column D (parameters): b: any number", "0.5")
    fill(found)


def test_or_other_asks_what_is_meant(tmp_path: Path) -> None:
    found = Imported(
        tmp_path,
        [
            ("type", "name", "label", "relevant"),
            ("select_one yn or_other", "a", "A", ""),
            ("select_multiple colour or_other", "b", "B", ""),
            ("text", "c", "C", "selected(${b}, 'other')"),
        ],
        choices=[*YES_NO, ("colour", "red", "Red")],
    )
    assert list(found.elements) == ["a", "a.other", "b", "b.other", "c"]
    assert (question(found, "a").other, question(found, "b").other) == ("other", "other_choice")
    assert question(found, "c").relevant.source == '"other_choice" in b'
    fill(found)


def test_what_has_a_calculation_is_calculated(tmp_path: Path) -> None:
    found = Imported(
        tmp_path,
        [
            ("type", "name", "label", "calculation", "required", "readonly"),
            ("integer", "a", "A", "", "yes", ""),
            ("integer", "double", "Twice", "${a} * 2", "yes", "yes"),
            ("calculate", "half", "", "number(${a}) div 2", "", ""),
            ("text", "said", "Said", "concat(${a}, '!')", "", ""),
            ("note", "n", "N", "", "yes", ""),
        ],
    )
    assert [(q.id, q.type) for q in found.form.questions()] == [
        *(("a", "integer"), ("double", "calculated"), ("half", "calculated"), ("n", "note")),
    ]
    assert question(found, "double").rule.source == "a * 2"
    assert found.says("row 3, column D (calculation): double: it is calculated here")
    assert found.says("row 3, column E (required): double: required is left out")
    assert found.says("row 5, column D (calculation): said: calculate is left out: concat")
    assert found.says("row 6, column E (required): n: required is left out")
    fill(found)


def test_types_that_stand_for_others(tmp_path: Path) -> None:
    kinds = enumerate(("time", "barcode", "acknowledge"))
    found = Imported(
        tmp_path,
        [
            ("type", "name", "label"),
            *((kind, f"q{at}", kind) for at, kind in kinds),
            ("start", "start", ""),
        ],
    )
    assert [q.type for q in found.form.questions()] == ["text", "text", "note"]
    assert found.says("row 2, column A (type): q0: the type 'time' is a text here")
    assert found.says("row 5, column A (type): start", "by itself")


# Groups and repeats


def test_one_name_in_several_groups(tmp_path: Path) -> None:
    found = Imported(
        tmp_path,
        [
            ("type", "name", "label", "relevant"),
            ("begin group", "mother", "Mother", ""),
            ("integer", "age", "Age", ""),
            ("text", "work", "Work", "../age > 15"),
            ("end group",),
            ("begin group", "father", "Father", ""),
            ("integer", "age", "Age", ""),
            ("text", "work", "Work", "../age > 18"),
            ("end group",),
        ],
    )
    assert list(found.elements) == ["age", "work", "father_age", "father_work"]
    assert found.elements["work"].relevant.source == "age > 15"
    assert found.elements["father_work"].relevant.source == "father_age > 18"
    assert found.says("row 7, column B (name)", "its name here is father_age")
    fill(found)


def test_repeats_nested_and_counted(tmp_path: Path) -> None:
    found = Imported(
        tmp_path,
        [
            ("type", "name", "label", "repeat_count", "hint"),
            ("integer", "n", "How many?", "", ""),
            ("begin repeat", "house", "House", "3", "One by one"),
            ("text", "street", "Street", "", ""),
            ("begin group", "inside", "Inside", "", "Who lives there"),
            ("begin repeat", "person", "Person", "", ""),
            ("text", "called", "Name", "", ""),
            ("end repeat",),
            ("end group",),
            ("end repeat",),
            ("begin repeat", "animal", "Animal", "${n}", ""),
            ("text", "kind", "Kind", "", ""),
            ("end repeat",),
            ("begin repeat", "tree", "Tree", "once(random())", ""),
            ("text", "leaf", "Leaf", "", ""),
            ("end repeat",),
        ],
    )
    house, animal = found.elements["house"], found.elements["animal"]
    assert isinstance(house, Repeat)
    assert isinstance(animal, Repeat)
    assert [e.id for e in house.elements] == ["street", "inside", "person"]
    assert (house.least, house.most, house.hint) == (3, 3, "One by one")
    assert found.elements["inside"].hint == "Who lives there"
    assert [check.rule.source for check in animal.checks] == ["count(animal) == n"]
    assert found.says("row 11, column D (repeat_count): animal: people add the rows themselves")
    assert found.says("row 14, column D (repeat_count): tree: the count of rows is left out")
    fill(found)


def test_empty_groups_and_unused_lists_are_left_out(tmp_path: Path) -> None:
    found = Imported(
        tmp_path,
        [
            ("type", "name", "label::en", "label::fr"),
            ("begin group", "media", "Media", "Médias"),
            ("image", "photo", "Photo", "Photo"),
            ("end group",),
            ("text", "a", "A", "A"),
        ],
        choices=YES_NO,
    )
    assert [section.id for section in found.form.sections] == ["questions"]
    assert found.says("survey, row 2: media: the group is left out")
    assert found.says("choices, row 2, column A (list_name)", "the choice list 'yn' is left out")
    assert [line.split(": ")[1] for line in found.checks()] == ["questions.title", "title"]


# Rules


def test_lists_are_compared_as_lists(tmp_path: Path) -> None:
    found = Imported(
        tmp_path,
        [
            ("type", "name", "label", "relevant", "constraint", "constraint_message"),
            ("select_one yn", "a", "A", "", "not(selected(., 'n'))", "Say yes"),
            ("select_multiple yn", "b", "B", "selected(${a}, 'y')", "count-selected(.) < 2", ""),
            ("text", "c", "C", "${b} = \u2018y\u2019", "", ""),
            ("text", "d", "D", "${b} != 'y' and ${a} != ''", "", ""),
        ],
        choices=YES_NO,
    )
    assert question(found, "a").checks[0].rule.source == 'not (a == "n")'
    assert question(found, "a").checks[0].message == "Say yes"
    assert question(found, "b").relevant.source == 'a == "y"'
    only = '"y" in b and count(b) == 1'
    assert question(found, "c").relevant.source == only
    assert question(found, "d").relevant.source == f"not ({only}) and answered(a)"
    assert found.says("row 3, column E (constraint): b: its constraint has no message")
    fill(found)


def test_what_a_rule_loses_is_told_to_the_last(tmp_path: Path) -> None:
    rows = [("calculate", f"q{at + 1}", "", f"${{q{at}}} + 1", "") for at in range(1, 15)]
    found = Imported(
        tmp_path,
        [
            ("type", "name", "label", "calculation", "relevant"),
            ("text", "first", "First", "", "${late} > 1"),
            ("calculate", "q1", "", "position(..)", ""),
            *rows,
            ("integer", "late", "Late", "", ""),
        ],
    )
    assert list(found.elements) == ["first", "late"]
    assert found.says("row 2, column E (relevant): first: left out, relevant")
    assert sum("left out, rule" in line for line in found.told) == len(rows)


def test_paths_to_a_neighbour_are_names() -> None:
    for written in ("${a} > 1", "../a > 1", "current()/../a > 1", "number(../a) > 1"):
        assert read_xpath(written, lambda ref: ref) == {"f": ">", "a": [{"v": "a"}, {"n": "1"}]}
