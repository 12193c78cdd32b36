"""A new kind of question is whole: templates, parser, type in the codebook, and a tiny form."""

import pytest

from app.config import ROOT
from app.forms.catalogue import Catalogue
from app.forms.definition import Question, QuestionType

TYPES = list(QuestionType)
ANSWERED = [type_ for type_ in TYPES if type_ is not QuestionType.NOTE]  # a note has no answer


@pytest.mark.parametrize("type_", TYPES)
def test_it_can_be_asked(type_: QuestionType) -> None:
    assert (ROOT / "templates" / "questions" / f"{type_}.html").is_file()


@pytest.mark.parametrize("type_", ANSWERED)
def test_its_answer_can_be_read(type_: QuestionType) -> None:
    assert (ROOT / "templates" / "answers" / f"{type_}.html").is_file()


@pytest.mark.parametrize("type_", TYPES)
def test_there_is_a_tiny_form_with_it(type_: QuestionType) -> None:
    catalogue = Catalogue(ROOT / "tests" / "forms")
    forms = [catalogue.load(name.form, name.version) for name in catalogue.names()]
    asked = {
        element.type
        for form in forms
        for element in form.elements()
        if isinstance(element, Question)
    }
    assert type_ in asked, "add a tiny form under tests/forms/"
