"""What to do about a problem, for every problem code of forms. Files: `app.wording.files`.

Say what to do, not what was wrong. A text may name details of the problem, as `%(least)s`.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final, Protocol

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.wording.values import day, listed, number


class Reported(Protocol):
    """What a problem of any kind has: a code, and details that its sentence may name."""

    @property
    def code(self) -> str:
        """The stable name of what is wrong."""

    @property
    def details(self) -> Mapping[str, object]:
        """What the sentence may name."""


# Of one answer, or of one place of a form.
WORDING: Final[Mapping[str, LazyString]] = {
    "required": _("Answer this question."),
    "not_a_whole_number": _("Enter a whole number, such as 12."),
    "not_a_number": _("Enter a number in digits, such as %(example)s."),
    "not_a_date": _("Enter a date as year, month and day, such as 2018-12-31."),
    "not_a_choice": _("Choose one of the choices offered."),
    "not_a_text": _("Give a text, and the language that it is in."),
    "too_few_rows": _("Add rows until there are at least %(least)s. There are %(rows)s."),
    "too_many_rows": _("Remove rows until there are at most %(most)s. There are %(rows)s."),
    "not_in_range": _("Enter something from %(least)s to %(most)s."),
    "below_range": _("Enter %(least)s or more."),
    "above_range": _("Enter %(most)s or less."),
    "too_early": _("Enter %(least)s or a later day."),
    "too_late": _("Enter %(most)s or an earlier day."),
    "exclusive_choice": _(
        "Leave “%(choice)s” alone, or take it back: it goes with no other choice."
    ),
    "too_few_choices": _("Choose at least %(least)s. You have chosen %(chosen)s."),
    "too_many_choices": _("Choose at most %(most)s. You have chosen %(chosen)s."),
    "explain": _("Correct the answer, or explain it."),
    "check": _("Correct the answers: they break a rule of the form."),
    "not_an_object": _("Give an object, with answers by the id of their question."),
    "not_a_list": _("Give a list of rows."),
    "unknown_question": _("Remove what the form does not ask: no question here has this id."),
    "unknown_item": _("Use the code of an item of this list: there is no “%(value)s”."),
    "bad_row": _("Give each row as an object with “row”, its id, and “answers”."),
    "doubled_row": _("Give each row an id of its own: “%(value)s” is there twice."),
    "not_offered": _("Leave this empty or answer it: “%(value)s” is not offered here."),
}


class _Told(dict[str, str]):
    """Details as text; one that is not there is empty."""

    def __missing__(self, key: str) -> str:
        return ""


def sentence(problem: Reported) -> str:
    """Say what to do about *problem*, in the reader's language.

    A check of the form has wording of its own, which comes first. A code that is not known here is
    shown as it is, so that nothing is hidden.
    """
    if own := getattr(problem, "message", ""):
        return str(own)
    return sentence_of(problem.code, problem.details)


def sentence_of(code: str, details: Mapping[str, object]) -> str:
    """Say what to do about a problem of this code with these details."""
    if code not in WORDING:
        return code
    return fill(WORDING[code], details)


def fill(text: LazyString | str, details: Mapping[str, object]) -> str:
    """Return *text* with the details that it names; numbers as the reader writes them."""
    told = {key: shown(value) for key, value in details.items()}
    return str(text) % _Told({"example": number("1250.5"), **told})


def shown(value: object) -> str:
    """Return a detail of a problem as the reader writes it: numbers, days, lists."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return number(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list | tuple | set | frozenset):
        return listed(str(item) for item in value)
    return str(value)
