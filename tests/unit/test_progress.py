import pytest

from app.forms.definition import Question, QuestionType, Section
from app.forms.places import Document
from app.forms.progress import Progress, progress
from tests.unit.forms_for_tests import FORM

ROW = [{"row": "a", "answers": {}}]


@pytest.mark.parametrize(
    ("section", "document", "expected"),
    [
        ("plan", {}, ("not_started", 1, 0, 1)),
        ("plan", {"has_plan": "yes"}, ("in_progress", 2, 1, 1)),
        ("plan", {"has_plan": "yes", "year": "2015"}, ("complete", 2, 2, 0)),
        ("plan", {"has_plan": "no"}, ("complete", 1, 1, 0)),
        ("aims", {"has_plan": "no"}, ("not_started", 0, 0, 0)),
        ("aims", {"targets": {"t-01": {"adopted": "no"}}}, ("complete", 0, 0, 0)),
        ("work", {}, ("not_needed", 0, 0, 0)),
        ("work", {"has_plan": "no", "actions": ROW}, ("not_needed", 0, 0, 0)),
        ("work", {"has_plan": "yes"}, ("not_started", 0, 0, 1)),
        ("work", {"has_plan": "yes", "actions": ROW}, ("complete", 0, 0, 0)),
        ("work", {"has_plan": "yes", "actions": ROW * 4}, ("in_progress", 0, 0, 1)),
    ],
)
def test_progress_of_a_section(
    section: str, document: Document, expected: tuple[str, int, int, int]
) -> None:
    found = FORM.section(section)
    assert found is not None
    told = progress(FORM, document, found)
    assert (told.state, told.required, told.answered, told.problems) == expected


def test_a_section_without_questions_is_complete() -> None:
    note = Question(id="words", type=QuestionType.NOTE, label="Words")
    section = Section(id="thanks", title="Thanks", elements=(note,))
    form = type(FORM)(agreement="cbd", id="f", version=1, wording=0, title="F", sections=(section,))
    assert progress(form, {}, section) == Progress("complete", 0, 0, 0)  # type: ignore[arg-type]
