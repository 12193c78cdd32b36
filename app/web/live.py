"""What a page of a draft gets besides, so that it follows its own rules while somebody types.

It is fetched by `static/js/entry.js`. Without it, or without JavaScript, a save does the same.
"""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import gettext as _

from app.forms.checks import row_problems
from app.forms.definition import Form, Question, QuestionType, Repeat
from app.forms.page_rules import page_rules
from app.forms.places import Place, answers_at, elements_at
from app.forms.typed import month_names
from app.wording.problems import sentence, sentence_of
from app.wording.statuses import SEVERITIES

SENTENCES: Final = ("required", "not_a_whole_number", "not_a_date", "not_a_choice", "not_a_text")


def live_page(
    form: Form, document: Mapping[str, Any], place: Place, *, locale: str, language: str
) -> dict[str, Any]:
    """Return the rules of the page of *place* with all that is said by them, as JSON.

    locale    language of the page, in which numbers and dates are typed
    language  of writing, that new texts take
    """
    elements = elements_at(form, place)
    dates = [e for e in elements if isinstance(e, Question) and e.type is QuestionType.DATE]
    return page_rules(form, document, place) | {
        "limits": _limits(form, document, place),
        "locale": locale,
        "language": language,
        "months": month_names(locale) if dates else [],
        "words": {
            "sentences": {code: sentence_of(code, {}) for code in SENTENCES},
            "severities": {severity.value: str(name) for severity, name in SEVERITIES.items()},
            "optional": _("(optional)"),
            "asked": _("Now asked: %(question)s"),
            "not_asked": _("No longer asked: %(question)s"),
            "told": _("%(question)s — %(problem)s"),
        },
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
