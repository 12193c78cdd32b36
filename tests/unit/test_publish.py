"""Publishing: structure is frozen, wording is numbered, versions are compared."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import ROOT
from app.forms.catalogue import Catalogue, FormName
from app.forms.changelog import with_line
from app.forms.form_problem import FormError
from app.forms.load import load_form
from app.forms.lock import LOCK_FILE, read_lock
from app.forms.publish import lock_problems, publish, publish_wording
from app.forms.structure import structure, structure_hash
from tests.unit.form_files import NAME, write_form, write_list

NEXT = FormName("demo", "tiny", 2)
SCALE = "[{code: low, label: Low}, {code: high, label: High}]"
ASKED = f"""
- {{id: level, type: select_one, label: Level, choices: {SCALE}}}
- {{id: area, type: integer, unit: km2, label: Area}}
- {{id: rows_held, type: repeat, label: Rows, row_label: Row, elements: [
    {{id: held, type: text, label: Held}}]}}
"""
TRANSLATED = {
    "title": "ط",
    "only.title": "ق",
    "level.label": "م",
    "level.low": "منخفض",
    "level.high": "مرتفع",
    "area.label": "م",
    "rows_held.label": "ص",
    "rows_held.row_label": "ص",
    "held.label": "ن",
}


def published(
    root: Path, elements: str = ASKED, *, head: str = "", ar: Mapping[str, str] | None = None
) -> Catalogue:
    write_form(root, elements, head=head, ar=ar)
    catalogue = Catalogue(root)
    publish(catalogue, NAME)
    return catalogue


def told(root: Path) -> list[str]:
    return [f"{p.where}: {p.message}" for p in lock_problems(Catalogue(root))]


def refused(caught: pytest.ExceptionInfo[FormError]) -> list[str]:
    return [f"{p.where}: {p.message}" for p in caught.value.problems]


def test_what_is_published_matches_the_lock() -> None:
    assert lock_problems(Catalogue(ROOT / "forms")) == []


def test_publishing_freezes_and_numbers_the_wording(tmp_path: Path) -> None:
    catalogue = published(tmp_path)
    assert told(tmp_path) == []
    entry = read_lock(tmp_path)["tiny/1"]
    assert (entry.wording, entry.choices) == (1, {"level": ("low", "high")})
    assert catalogue.load("tiny", 1).wording == 1
    with pytest.raises(FormError, match="tiny/1 is published"):
        publish(catalogue, NAME)


def test_a_form_with_problems_is_not_published(tmp_path: Path) -> None:
    write_form(tmp_path, "- {id: A, type: text, label: A}")
    with pytest.raises(FormError, match="lower_snake_case"):
        publish(Catalogue(tmp_path), NAME)
    assert not (tmp_path / LOCK_FILE).exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("id: area", "id: surface"),
        ("type: integer, unit: km2", "type: text"),
        ("unit: km2", "unit: ha"),
        ("label: Area}", "label: Area, required: true}"),
        ("label: Area}", "label: Area, relevant: answered(level)}"),
        ("label: Area}", "label: Area, audience: party}"),
        ("label: Area}", "label: Area, checks: [{id: c, rule: area > 0, message: M}]}"),
        ("label: Held}", "label: Held, language: none}"),
        ("row_label: Row,", "row_label: Row, least: 1,"),
    ],
)
def test_a_change_of_structure_is_noticed(tmp_path: Path, old: str, new: str) -> None:
    published(tmp_path)
    assert old in ASKED
    write_form(tmp_path, ASKED.replace(old, new))
    assert "the structure of a published version has changed" in told(tmp_path)[0]


def test_a_change_of_codes_names_the_list(tmp_path: Path) -> None:
    write_list(tmp_path, "scale", SCALE)
    published(tmp_path, "- {id: level, type: select_one, label: Level, choices: scale}")
    write_list(tmp_path, "scale", "[{code: low, label: Low}, {code: top, label: High}]")
    problem, *_ = lock_problems(Catalogue(tmp_path))
    assert str(problem).startswith("choices/scale.yaml:1: scale: the choice list had the codes")


def test_new_words_leave_the_structure_and_need_a_number(tmp_path: Path) -> None:
    published(tmp_path, ar=TRANSLATED)
    write_form(tmp_path, ASKED.replace("label: Area", "label: Land area"), ar=TRANSLATED)
    words, stale = told(tmp_path)
    assert words.startswith(": words have changed since wording 1 (`area.label` in en); record")
    assert stale.startswith("area.label: the English text has changed since this was translated")
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text("# Changes\n\n## Unreleased\n\n### Forms\n\n- A form.\n")
    assert publish_wording(Catalogue(tmp_path), NAME, changelog).wording == 2
    assert told(tmp_path) == []
    assert Catalogue(tmp_path).load("tiny", 1).wording == 2
    assert changelog.read_text().endswith(
        "- A form.\n- `demo/tiny/1`, wording 2: `area.label` in en.\n"
    )


def test_new_words_are_refused_where_there_are_none(tmp_path: Path) -> None:
    catalogue = published(tmp_path)
    with pytest.raises(FormError, match="no text has changed"):
        publish_wording(catalogue, NAME, tmp_path / "CHANGELOG.md")
    write_form(tmp_path, ASKED.replace("id: area", "id: surface"))
    with pytest.raises(FormError, match="the structure of a published version has changed"):
        publish_wording(catalogue, NAME, tmp_path / "CHANGELOG.md")


def test_new_words_of_what_is_not_published_are_refused(tmp_path: Path) -> None:
    write_form(tmp_path, ASKED)
    with pytest.raises(FormError, match="publish it without --wording"):
        publish_wording(Catalogue(tmp_path), NAME, tmp_path / "CHANGELOG.md")


def test_a_published_version_that_is_gone_is_noticed(tmp_path: Path) -> None:
    published(tmp_path)
    (tmp_path / "demo" / "tiny" / "1" / "form.yaml").unlink()
    assert told(tmp_path) == [
        "tiny/1: this version is published, and its files are gone; put them back"
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("unit: km2", "unit: ha", "area: its unit was km2, and is ha"),
        ("type: integer, unit: km2", "type: text", "area: its type was integer, and is text"),
        ("label: Held}", "label: Held, language: none}", "held: its language was given"),
        ("label: High", "label: Highest", "level: the code 'high' meant 'High', and now means"),
        (", {code: high, label: High}", "", "give it up with --drop level.high"),
        ("- {id: area, type: integer, unit: km2, label: Area}", "", "with --drop area"),
        ("id: rows_held", "id: lines", "held: it stood in rows_held, and now stands in lines"),
    ],
)
def test_a_key_that_is_kept_keeps_its_meaning(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    catalogue = published(tmp_path)
    assert old in ASKED
    write_form(tmp_path, ASKED.replace(old, new), version=2)
    with pytest.raises(FormError) as caught:
        publish(catalogue, NEXT)
    assert len(refused(caught)) == 1
    assert told in refused(caught)[0]


def test_what_is_named_may_be_dropped_and_new_questions_added(tmp_path: Path) -> None:
    catalogue = published(tmp_path)
    shorter = ASKED.replace(", {code: high, label: High}", "").replace("id: area", "id: land")
    write_form(tmp_path, shorter, version=2)
    assert publish(catalogue, NEXT, ["area", "level.high"]).wording == 1
    assert lock_problems(catalogue) == []


def test_a_drop_that_drops_nothing_is_refused(tmp_path: Path) -> None:
    catalogue = published(tmp_path)
    write_form(tmp_path, ASKED, version=2)
    with pytest.raises(FormError, match="nothing of this name is left out"):
        publish(catalogue, NEXT, ["area"])


def test_a_question_kept_in_one_of_two_containers_names_the_other(tmp_path: Path) -> None:
    head = "blocks: {b: [{id: day, type: date, label: Day}]}"
    rows = "- {{id: {0}, type: repeat, label: R, row_label: R, elements: [use: b]}}\n"
    catalogue = published(tmp_path, rows.format("first") + rows.format("second"), head=head)
    write_form(tmp_path, rows.format("first"), version=2, head=head)
    with pytest.raises(FormError, match=r"--drop second\.day"):
        publish(catalogue, NEXT)
    publish(catalogue, NEXT, ["second.day"])


def test_items_of_a_loop_are_kept_like_codes(tmp_path: Path) -> None:
    loop = (
        "- {id: goals, type: loop, label: G, items: [{code: one, label: One}, {code: two, label: "
        "Two}], elements: [{id: met, type: text, label: M}]}"
    )
    catalogue = published(tmp_path, loop)
    write_form(tmp_path, loop.replace(", {code: two, label: Two}", ""), version=2)
    with pytest.raises(FormError, match=r"--drop goals\.two"):
        publish(catalogue, NEXT)


def test_versions_follow_each_other(tmp_path: Path) -> None:
    write_form(tmp_path, ASKED, version=2)
    with pytest.raises(FormError, match="publish tiny/1 first"):
        publish(Catalogue(tmp_path), NEXT)


def test_words_and_remarks_are_no_structure(tmp_path: Path) -> None:
    write_form(tmp_path, ASKED)
    before = structure_hash(Catalogue(tmp_path).load("tiny", 1))
    words = ASKED.replace(
        "label: Area", "label: Land, hint: All of it, source: x, provisional: true"
    )
    write_form(tmp_path, words)
    form = Catalogue(tmp_path).load("tiny", 1)
    assert structure_hash(form) == before
    assert structure(form)["sections"][0]["elements"][1]["unit"] == "km2"


def test_who_signs_is_no_structure(tmp_path: Path) -> None:
    folder = write_form(tmp_path, "- {id: a, type: text, label: A}")
    before = load_form(folder, tmp_path)
    path = folder / "form.yaml"
    path.write_text(f"signed_by: [taxonomy, protected_areas]\n{path.read_text()}")
    after = load_form(folder, tmp_path)
    assert (before.signed_by, after.signed_by) == ((), ("taxonomy", "protected_areas"))
    assert structure_hash(before) == structure_hash(after)


def test_a_line_is_added_where_it_belongs() -> None:
    text = "# Changes\n\n## Unreleased\n\n### Added\n\n- A.\n\n## 1.0\n\n### Forms\n\n- Old.\n"
    once = with_line(text, "Forms", "New.")
    assert once == (
        "# Changes\n\n## Unreleased\n\n### Added\n\n- A.\n\n### Forms\n\n- New.\n\n"
        "## 1.0\n\n### Forms\n\n- Old.\n"
    )
    assert with_line(once, "Forms", "Newer.").count("- New.\n- Newer.\n") == 1
    assert with_line("", "Forms", "New.") == "# Changes\n\n## Unreleased\n\n### Forms\n\n- New.\n"


@given(st.lists(st.sampled_from(["# Changes", "## Unreleased", "### Forms", "- x", "", "## 1"])))
def test_a_line_added_anywhere_keeps_all_others(lines: list[str]) -> None:
    before = [line for line in lines if line]
    after = [line for line in with_line("\n".join(lines), "Forms", "new").splitlines() if line]
    assert "- new" in after
    for line in set(before):
        assert after.count(line) >= before.count(line)
