"""What is wrong with a translation, and how it stands, in words."""

from collections.abc import Mapping
from typing import Final

from flask import current_app
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from app.texts.check import TextProblem
from app.texts.definition import Kind, Roots, State
from app.texts.sources import Sources
from app.wording.languages import TRANSLATIONS

STATES: Final[Mapping[State, LazyString]] = {
    State.MISSING: _("Missing"),
    State.STALE: _("English has changed"),
    State.TRANSLATED: _("Translated"),
}
KINDS: Final[Mapping[Kind, LazyString]] = {
    Kind.INTERFACE: _("Interface"),
    Kind.FORM: _("Form"),
    Kind.CHOICES: _("Choice list"),
    Kind.REPORT: _("Report"),
}


def texts_in_use() -> Sources:
    """Return the texts of the running application, as they are in their files now."""
    config = current_app.config
    return Sources(Roots(config["FORMS_DIR"], config["REPORTS_DIR"], TRANSLATIONS))


def place_of(problem: TextProblem) -> str:
    """Return where a problem is: the file or sheet, and the line or row."""
    if not problem.line:
        return problem.file
    return str(gettext("%(file)s, line %(line)s", file=problem.file, line=problem.line))


def problem_text(problem: TextProblem) -> str:
    """Return what is wrong and what to do, in the reader's language."""
    return str(_SAID[problem.code]) % {
        name: " ".join(value) if isinstance(value, list) else value
        for name, value in problem.details.items()
    }


_SAID: Final[Mapping[str, LazyString]] = {
    "missing": _("Not translated: %(english)s"),
    "stale": _(
        "The English has changed since this was translated. Translate it again: %(english)s"
    ),
    "unknown_key": _("There is no such text any more, or its key was changed: %(english)s"),
    "doubled_key": _("This text is in the file twice, first in line %(first)s. Leave one."),
    "stale_english": _("The English has changed since this file was made. Now it is: %(english)s"),
    "wrong_plurals": _(
        "Forms for numbers that this language has: %(wanted)s. In the file: %(given)s. Write all."
    ),
    "lost_placeholder": _("Put these names back, as they are: %(names)s"),
    "strange_placeholder": _("The English has no such names. Remove or correct them: %(names)s"),
    "markup": _("Write plain text, without HTML: %(names)s"),
    "control_characters": _("Remove these signs, which nobody can see: %(names)s"),
    "blank": _("Write more than spaces, or leave it empty."),
    "no_po": _("This is no line of a PO file: %(found)s"),
    "missing_column": _("The column “%(name)s” is missing. Use a file from this page."),
    "unknown_source": _("This file does not say for which texts it is. Use a file from this page."),
    "other_language": _("This file is for another language: %(found)s"),
    "no_file": _("Choose a file: PO or XLSX."),
    "not_utf8": _("The file is not UTF-8. Save it as UTF-8."),
    "broken_file": _("The file cannot be opened. Use a file from this page."),
}
