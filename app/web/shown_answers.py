"""An answer as a page shows it, outside of a page: as the strings of its inputs, and as HTML."""

from collections.abc import Mapping
from typing import Any

from flask import render_template

from app.forms.definition import Question, QuestionType
from app.forms.typed import shown_decimal
from app.web.fields import written
from app.web.locale import language
from app.wording.languages import LANGUAGES

Fields = dict[str, list[str]]  # strings by the name of the input, as a form posts them


def as_fields(question: Question, answer: Any) -> Fields:  # noqa: ANN401 - any answer
    """Return what the inputs of *question* hold for *answer*: what `read_answers` reads again."""
    name = question.id
    nothing = answer.get("nothing") if isinstance(answer, Mapping) else None
    kinds = {f"{name}.nothing": [nothing] if isinstance(nothing, str) else []}
    fields: Fields = kinds if question.allow else {}
    if texts := written(answer):
        return {
            name: [text.text for text in texts],
            f"{name}.language": [text.language for text in texts],
            **fields,
        }
    return {name: _strings(question, answer), **fields}


def as_html(question: Question, answer: Any) -> str:  # noqa: ANN401 - any answer
    """Return *answer* to read, as everywhere."""
    shown = LANGUAGES[language()]
    return render_template(
        "entry/answer.html", question=question, answer=answer, language=shown
    ).strip()


def _strings(question: Question, answer: Any) -> list[str]:  # noqa: ANN401 - any answer
    if isinstance(answer, list):
        return list(answer)
    if isinstance(answer, Mapping):
        return [str(answer.get("typed", ""))]
    if question.type is QuestionType.DECIMAL:
        return [shown_decimal(answer or "", language())]
    return [answer or ""]
