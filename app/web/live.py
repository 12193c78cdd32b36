"""What a page of a draft gets besides, so that it follows its own rules while somebody types.

It is fetched by `static/js/entry.js`. Without it, or without JavaScript, a save does the same.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from flask_babel import gettext as _

from app.forms.checks import row_problems
from app.forms.definition import Form, Question, QuestionType, Repeat
from app.forms.limits import limits, range_code
from app.forms.page_rules import page_rules
from app.forms.places import Place, answers_at, elements_at
from app.forms.typed import month_names
from app.wording.problems import sentence, sentence_of
from app.wording.statuses import NOTHINGS, SEVERITIES
from app.wording.values import day, number

SENTENCES: Final = (
    "required",
    "not_a_whole_number",
    "not_a_number",
    "not_a_date",
    "not_a_choice",
    "not_a_text",
)
CHOSEN: Final = "%(chosen)s"  # which the browser fills in
YEAR_22ND: Final = [date(3333, month, 22) for month in range(1, 13)]


def live_page(
    form: Form, document: Mapping[str, Any], place: Place, *, locale: str, language: str
) -> dict[str, Any]:
    """Return the rules of the page of *place* with all that is said by them, as JSON.

    locale    language of the page, in which numbers and dates are typed
    language  of writing, that new texts take
    """
    elements = elements_at(form, place)
    questions = [element for element in elements if isinstance(element, Question)]
    has_dates = any(question.type is QuestionType.DATE for question in questions)
    computes_dates = any(question.gives == "date" for question in questions)
    return page_rules(form, document, place) | {
        "limits": _limits(form, document, place),
        "locale": locale,
        "language": language,
        "months": month_names(locale) if has_dates else [],
        "days": [day(each) for each in YEAR_22ND] if computes_dates else [],
        "numbers": _signs(),
        "told": {question.id: _told(question) for question in questions},
        "words": {
            "sentences": {code: sentence_of(code, {}) for code in SENTENCES},
            "severities": {severity.value: str(name) for severity, name in SEVERITIES.items()},
            "optional": _("(optional)"),
            "not_answered": str(NOTHINGS["not_answered"]),
            "asked": _("Now asked: %(question)s"),
            "not_asked": _("No longer asked: %(question)s"),
            "told": _("%(question)s — %(problem)s"),
        },
    }


def _signs() -> dict[str, str]:
    """Return how the page writes groups of digits and the point."""
    shown = number("1234567.5")
    return {"group": shown[1:].partition("234")[0], "point": shown[:-1].rpartition("567")[2]}


def _told(question: Question) -> dict[str, str]:
    """Return what is said of an answer beyond the limits of *question*, by code."""
    if found := limits(question):
        code = range_code(question)
        return {code: sentence_of(code, found)}
    counts = {"chosen": CHOSEN, "least": question.least, "most": question.most}
    codes = ("too_few_choices", "too_many_choices") if question.least or question.most else ()
    alone = [choice for choice in question.choices if choice.code in question.exclusive]
    return {code: sentence_of(code, counts) for code in codes} | {
        f"exclusive_choice{c.code}": sentence_of("exclusive_choice", {"choice": c.label})
        for c in alone
    }


def _limits(
    form: Form, document: Mapping[str, Any], place: Place
) -> dict[str, list[dict[str, str]]]:
    """Return what is wrong with the number of rows in the lists of a page, by list."""
    held = answers_at(document, place)
    return {
        repeat.id: [
            {"code": problem.code, "severity": problem.severity.value, "text": sentence(problem)}
            for problem in row_problems(repeat, len(held.get(repeat.id, ())), place)
        ]
        for repeat in elements_at(form, place)
        if isinstance(repeat, Repeat)
    }
