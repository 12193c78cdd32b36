"""From YAML to a form: everything it can say, and every mistake with its line and what to do."""

from pathlib import Path

import pytest

from app.config import ROOT
from app.errors import NotFoundError
from app.forms.catalogue import Catalogue, FormName
from app.forms.definition import Audience, Loop, QuestionType, Repeat, Severity
from app.forms.form_problem import FormError
from app.forms.load import load_form, read_form
from app.forms.rules import ALWAYS, NEVER, Scope
from tests.unit.form_files import problems_of, write_form, write_list

A = "- {id: a, type: text, label: A}"
TINY = Catalogue(ROOT / "tests" / "forms")


@pytest.mark.parametrize("name", TINY.names(), ids=str)
def test_every_tiny_form_loads_the_same_in_every_language(name: FormName) -> None:
    english = TINY.load(name.form, name.version)
    arabic = TINY.load(name.form, name.version, "ar")
    assert [e.id for e in english.elements()] == [e.id for e in arabic.elements()]
    assert english.texts.keys() == arabic.texts.keys()
    assert arabic.locale == "ar"


def test_a_question_says_what_its_keys_say() -> None:
    year = next(q for q in TINY.load("integer", 1).questions() if q.id == "plan_year")
    assert (year.type, year.allow, year.required) == (QuestionType.INTEGER, ("unknown",), NEVER)
    assert [check.severity for check in year.checks] == list(Severity)
    assert year.checks[1].explanation == "not_too_late.explanation"
    assert year.checks[0].rule.fails(Scope({"plan_year": "1989"}))

    summary, contact = TINY.load("text", 1).questions()
    assert (summary.is_long, summary.has_language, summary.required) == (True, True, ALWAYS)
    assert (contact.has_language, contact.audience) == (False, Audience.SECRETARIAT)


def test_choices_come_from_own_shared_and_reference_lists() -> None:
    has_plan, progress = TINY.load("select-one", 1, "ar").questions()
    assert (has_plan.choice_list, has_plan.choices[0].label) == ("yes_no", "نعم")
    assert [choice.code for choice in progress.choices] == ["far", "near", "unknown"]
    assert (progress.is_ordered, progress.choices[2].outside_scale) == (True, True)
    assert progress.choices[1].hint == "Within a year."

    target, partner = TINY.load("reference", 1).questions()
    assert (target.choices[0].code, len(target.choices)) == ("aichi-01", 20)
    assert len(partner.choices) == 196


def test_containers_hold_containers() -> None:
    (targets,) = TINY.load("repeat-in-loop", 1).sections[0].elements
    assert isinstance(targets, Loop)
    assert [item.code for item in targets.items] == ["first", "second"]
    measures = targets.elements[1]
    assert isinstance(measures, Repeat)
    assert (measures.row_label, measures.least, measures.most) == ("Measure", 0, 1000)


def test_a_block_stands_in_both_containers() -> None:
    form = TINY.load("block", 1)
    ids = ["assessed_on", "finding"]
    assert [q.id for q in form.questions()] == [*ids, *ids]


def test_rules_know_the_kind_of_what_they_look_at() -> None:
    rule = list(TINY.load("repeat-in-repeat", 1).questions())[-1].relevant
    documents = [
        {"row": row, "answers": {"steps": [{"row": "a", "answers": {"cost": cost}}]}}
        for row, cost in (("1", "600"), ("2", "500"))
    ]
    assert rule.holds(Scope({"programmes": documents}))
    assert rule.fails(Scope({"programmes": documents[:1]}))


def test_english_stands_where_a_translation_lacks(tmp_path: Path) -> None:
    folder = write_form(
        tmp_path, "- {id: a, type: text, label: First, hint: Help}", ar={"a.label": "أول"}
    )
    form = load_form(folder, tmp_path, "ar")
    question = next(form.questions())
    assert (question.label, question.hint, form.title) == ("أول", "Help", "Tiny")


@pytest.mark.parametrize(
    ("elements", "told"),
    [
        ("- {type: text, label: A}", "line 9: write 'id' as a text"),
        ("- {id: planYear, type: text, label: A}", "write the id in lower_snake_case"),
        ("- {id: a.b, type: text, label: A}", "write the id in lower_snake_case"),
        ("- {id: count, type: text, label: A}", "'count' is a word of the rules"),
        ("- {id: status, type: text, label: A}", "'status' is a column of every file"),
        (
            "- {id: only, type: text, label: A}",
            "'only' is the id of a section in line 6; choose another id",
        ),
        ("- {id: a, type: txt, label: A}", "did you mean 'text'?"),
        ("- {id: a, label: A}", "a: write one of text, note"),
        ("- {id: a, type: text}", "a: write 'label' as a text"),
        ("- {id: a, type: text, label: A, labels: B}", "did you mean 'label'?"),
        ("- {id: a, type: text, label: A, unit: km2}", "'unit' is not a key here"),
        ("- {id: a, type: text, label: A, long: yes}", "write 'long' as true or false"),
        ("- {id: a, type: text, label: A, language: fr}", "write one of none as 'language'"),
        ("- {id: a, type: text, label: A, allow: [na]}", "a list of not_applicable, unknown"),
        ("- {id: a, type: text, label: A, audience: all}", "write one of public"),
        ("- {id: a, type: select_one, label: A}", "name a choice list under 'choices'"),
        ("- {id: a, type: select_one, label: A, choices: yes_know}", "did you mean 'yes_no'?"),
        ("- {id: a, type: reference, label: A, choices: {from: partys}}", "mean 'parties'?"),
        ("- {id: a, type: select_one, label: A, choices: []}", "this choice list is empty"),
        ("- {id: a, type: select_one, label: A, choices: [{code: NO, label: No}]}", "code 'NO'"),
        (
            "- {id: a, type: select_one, label: A, choices: [{code: b, label: B}, {code: b}]}",
            "the code 'b' is in this list twice",
        ),
        ("- {id: a, type: loop, label: A, items: yes_no, elements: []}", "nothing is asked here"),
        ("- {id: a, type: repeat, label: A, elements: [{use: b}]}", "there is no block 'b'"),
        ("- {id: a, type: repeat, label: A}", "a: write 'row_label' as a text"),
        ("- {id: yes_no, type: select_one, label: A, choices: [{code: b, label: B}]}", "name that"),
        ("- just a text", "each entry of 'elements' has keys of its own"),
        ("- {use: nothing}", "there is no block 'nothing'"),
    ],
)
def test_a_mistake_is_named_with_what_to_do(tmp_path: Path, elements: str, told: str) -> None:
    write_list(tmp_path, "yes_no", '{"yes": "Yes", "no": "No"}')
    problems = problems_of(tmp_path, elements)
    assert any(told in problem for problem in problems), problems


EARLIER = """
- {id: has_plan, type: select_one, label: Plan, choices: [{code: 'yes', label: 'Yes'}]}
- {id: year, type: integer, label: Year}
- {id: signed, type: date, label: Date}
- {id: name, type: text, label: Name}
- {id: tools, type: select_multiple, label: Tools, choices: [{code: map, label: Map}]}
- {id: hello, type: note, label: Hello}
- {id: steps, type: repeat, label: Steps, row_label: Step, elements: [
    {id: cost, type: integer, label: Cost}]}
"""


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("has_pln == 'yes'", "there is no question 'has_pln'; did you mean 'has_plan'?"),
        ("answered(later)", "it is asked later"),
        ("answered(asked)", "it is asked later"),
        ("answered(cost)", "write container.question"),
        ("sum(rows.cost) > 1", "'rows' is only for rules inside a loop or repeat"),
        ("answered(before.year)", "cannot look at an earlier submission"),
        ("has_plan == 'maybe'", "'maybe' is no choice of has_plan"),
        ("has_plan in ['yes', 'perhaps']", "'perhaps' is no choice of has_plan"),
        ("'drawing' in tools", "'drawing' is no choice of tools"),
        ("has_plan == 1", "never compare"),
        ("year == '2010'", "never compare"),
        ("year == name", "never compare"),
        ("name > 'a'", "compares numbers or dates"),
        ("signed > '2018'", "such as '2018-12-31'"),
        ("year + name > 1", "computes with numbers only"),
        ("sum(tools) > 1", "computes with numbers only"),
        ("tools == 'map'", "never compare"),
        ("steps.cost > 1", "a column cannot be compared"),
        ("'yes' in has_plan", "wants a list"),
        ("answered(hello)", "'hello' is a note and has no answer"),
        ("year", "a rule is true or false"),
        ("year and name == 'x'", "joins conditions"),
        ("not year", "joins conditions"),
        ("length(year) > 1", "length() takes a text"),
        ("nothing(steps.cost)", "not a column"),
        ("sum(steps) > 1", "computes with numbers only"),
        ("coalesce(steps) == 1", "does not take a container"),
        ("if(year, true, false)", "begins with a condition"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(tmp_path: Path, rule: str, told: str) -> None:
    asked = f'- {{id: asked, type: text, label: Asked, relevant: "{rule}"}}\n'
    later = "- {id: later, type: text, label: Later}\n"
    problems = problems_of(tmp_path, EARLIER + asked + later)
    assert all(problem.startswith("asked: relevant: ") for problem in problems), problems
    assert any(told in problem for problem in problems), problems


@pytest.mark.parametrize(
    "rule",
    [
        "has_plan == 'yes' and year >= 2010",
        "signed >= '2018-12-31'",
        "'map' in tools or tools == ['map']",
        "sum(steps.cost) > 10 and count(steps) > 1 and answered(steps)",
        "max(year, 2000) == year",
        "if(answered(name), length(name), 0) < 200",
        "coalesce(year, 2000) > 1999",
        "nothing(year)",
        "name == 'x' or name != ''",
    ],
)
def test_a_rule_that_fits_is_taken(tmp_path: Path, rule: str) -> None:
    asked = f'- {{id: asked, type: text, label: Asked, relevant: "{rule}"}}\n'
    assert problems_of(tmp_path, EARLIER + asked) == []


def test_a_check_may_look_at_its_own_question_and_a_repeat_at_its_rows(tmp_path: Path) -> None:
    elements = """
    - id: steps
      type: repeat
      label: Steps
      row_label: Step
      elements:
        - {id: cost, type: integer, label: Cost, checks: [
            {id: positive, rule: cost > 0 and sum(rows.cost) > 0, message: M}]}
      checks:
        - {id: total, rule: sum(rows.cost) == sum(steps.cost), message: M}
    """
    (steps,) = load_form(write_form(tmp_path, elements), tmp_path).sections[0].elements
    assert isinstance(steps, Repeat)
    rows = [{"cost": "2"}, {"cost": "3"}]
    document = {"steps": [{"row": str(n), "answers": row} for n, row in enumerate(rows)]}
    assert steps.checks[0].rule.holds(Scope(document, rows=rows))


def test_one_id_in_a_container_and_around_it_is_refused(tmp_path: Path) -> None:
    elements = """
    - use: date
    - {id: steps, type: repeat, label: Steps, row_label: Step, elements: [{use: date}]}
    """
    head = "blocks: {date: [{id: day, type: date, label: Day}]}"
    assert problems_of(tmp_path, elements, head=head) == [
        "day: 'day' stands here and around it; use the block once"
    ]


def test_a_block_with_a_container_is_used_once(tmp_path: Path) -> None:
    elements = (
        "- use: links\n- {id: b, type: repeat, label: B, row_label: B, elements: [use: links]}"
    )
    head = """
    blocks:
      links:
        - {id: link, type: repeat, label: L, row_label: L, elements: [
            {id: address, type: text, label: A}]}
    """
    problems = problems_of(tmp_path, elements, head=head)
    assert "link: 'link' is the id of a repeat in line 7; use the block once" in problems


def test_an_own_list_with_the_name_of_a_shared_one_is_refused(tmp_path: Path) -> None:
    write_list(tmp_path, "scale", "{low: Low}")
    asked = "- {id: a, type: select_one, label: A, choices: scale}"
    assert problems_of(tmp_path, asked, head="choices: {scale: {low: Low}}") == [
        "scale: choices/scale.yaml has this name too; choose another"
    ]


def test_a_block_that_uses_itself_is_refused(tmp_path: Path) -> None:
    head = "blocks: {a: [use: a]}"
    assert problems_of(tmp_path, "- use: a", head=head) == [
        "a: the block 'a' uses itself; remove this"
    ]


def test_every_problem_comes_at_once_with_file_and_line(tmp_path: Path) -> None:
    folder = write_form(
        tmp_path,
        """
        - {id: A, type: text, label: A}
        - {id: b, type: integer, label: B, relevant: c == 1}
        - {id: b, type: date}
        """,
    )
    with pytest.raises(FormError) as caught:
        load_form(folder, tmp_path)
    lines = [(problem.file, problem.line, problem.where) for problem in caught.value.problems]
    file = "demo/tiny/1/form.yaml"
    assert lines == [(file, 9, "A"), (file, 10, "b"), (file, 11, "b"), (file, 11, "b")]
    assert str(caught.value).splitlines()[0].startswith("demo/tiny/1/form.yaml:9: A: write the id")


def test_the_folder_names_the_form(tmp_path: Path) -> None:
    folder = write_form(tmp_path, "- {id: a, type: text, label: A}")
    folder.rename(folder.with_name("2"))
    problems = read_form(folder.with_name("2"), tmp_path).problems
    assert [str(p) for p in problems] == [
        "demo/tiny/2/form.yaml:2: write 'version: 2', as the folder is named"
    ]


def test_an_unreadable_file_gives_only_its_own_problem(tmp_path: Path) -> None:
    folder = write_form(tmp_path, "- {id: a, type: text")
    (problem,) = read_form(folder, tmp_path).problems
    assert "correct the YAML here" in problem.message


def test_the_catalogue_finds_forms_and_their_complete_languages(tmp_path: Path) -> None:
    write_form(tmp_path, A, ar={"title": "ط", "only.title": "ق", "a.label": "أ"})
    write_form(tmp_path, A, version=2, ar={"title": "ط"})
    catalogue = Catalogue(tmp_path)
    assert [str(name) for name in catalogue.names()] == ["tiny/1", "tiny/2"]
    assert catalogue.latest("tiny") == 2
    assert catalogue.languages("tiny", 1) == ("ar", "en")
    assert catalogue.languages("tiny", 2) == ("en",)
    assert catalogue.load("tiny", 1) is catalogue.load("tiny", 1)


@pytest.mark.parametrize(
    ("form", "version", "locale"), [("tiny", 9, "en"), ("huge", 1, "en"), ("tiny", 1, "de")]
)
def test_what_is_not_there_is_not_found(
    tmp_path: Path, form: str, version: int, locale: str
) -> None:
    write_form(tmp_path, "- {id: a, type: text, label: A}")
    with pytest.raises(NotFoundError):
        Catalogue(tmp_path).load(form, version, locale)
    with pytest.raises(NotFoundError):
        Catalogue(tmp_path).latest("huge")


@pytest.mark.parametrize("section", ["changes", "operations"])
def test_a_section_takes_no_address_of_the_draft(tmp_path: Path, section: str) -> None:
    folder = write_form(tmp_path, "- {id: name, type: text, label: A}")
    file = folder / "form.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("id: only", f"id: {section}"))
    with pytest.raises(FormError, match="is an address of its own"):
        load_form(folder, tmp_path)
