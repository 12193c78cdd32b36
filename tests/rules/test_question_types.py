"""A new kind of question is whole: templates, reader, codebook, API, and a tiny form with it."""

import pytest

from app.config import ROOT
from app.forms.accept import accept_document
from app.forms.answers import read_answers
from app.forms.catalogue import Catalogue
from app.forms.definition import Form, Question, QuestionType
from app.forms.variables import codebook

TYPES = list(QuestionType)
ANSWERED = [type_ for type_ in TYPES if type_ is not QuestionType.NOTE]  # a note has no answer
TYPED = [type_ for type_ in ANSWERED if type_ is not QuestionType.CALCULATED]


def tiny(type_: QuestionType) -> tuple[Form, Question]:
    """Return a tiny form that asks a question of this type, and the question."""
    catalogue = Catalogue(ROOT / "tests" / "forms")
    for name in catalogue.names():
        form = catalogue.load(name.form, name.version)
        for question in form.questions():
            if question.type is type_:
                return form, question
    pytest.fail(f"add a tiny form with a question of type {type_} under tests/forms/")


@pytest.mark.parametrize("type_", TYPES)
def test_it_can_be_asked(type_: QuestionType) -> None:
    assert tiny(type_)
    assert (ROOT / "templates" / "questions" / f"{type_}.html").is_file()


@pytest.mark.parametrize("type_", ANSWERED)
def test_its_answer_can_be_shown(type_: QuestionType) -> None:
    assert (ROOT / "templates" / "answers" / f"{type_}.html").is_file()


@pytest.mark.parametrize("type_", TYPED)
def test_what_is_typed_can_be_read(type_: QuestionType) -> None:
    """Whatever is typed is kept: as an answer, or as what was not understood."""
    _, question = tiny(type_)
    typed = {question.id: ["neither a number nor a choice"]}
    assert read_answers([question], typed, locale="en", language="en")[question.id]


@pytest.mark.parametrize("type_", ANSWERED)
def test_it_has_a_column_in_the_codebook(type_: QuestionType) -> None:
    form, question = tiny(type_)
    columns = [variable for variable in codebook(form) if variable.question == question.id]
    assert columns
    assert all(variable.type for variable in columns)


@pytest.mark.parametrize("type_", ANSWERED)
def test_programs_cannot_send_a_json_number(type_: QuestionType) -> None:
    form, question = tiny(type_)
    _, problems = accept_document(form, {question.id: 12})
    assert problems
