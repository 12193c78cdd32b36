"""The form that invites a partner institution: what was typed, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.errors import InvalidInputError
from app.models.partner import GrantLevel
from app.services.partners import Invited
from app.web.locale import language
from app.web.sign_in_forms import FieldProblem
from app.wording.languages import offered


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into the form, which comes back with it."""

    fields: Mapping[str, str]
    sections: tuple[str, ...]

    @property
    def level(self) -> GrantLevel:
        """The level that was chosen; to read, where none was."""
        wished = self.fields.get("level", "")
        return GrantLevel(wished) if wished in set(GrantLevel) else GrantLevel.READ

    @property
    def sees_secretariat(self) -> bool:
        """Whether answers for the Secretariat are to be seen too."""
        return "secretariat" in self.fields

    def invited(self) -> Invited:
        """Return whom to invite; raise InvalidInputError for a day that is none."""
        wished, spoken = self.fields.get("ends_on", "").strip(), self.fields.get("language", "")
        try:
            ends_on = date.fromisoformat(wished)
        except ValueError:
            allowed = "2026-12-31"
            raise InvalidInputError(parameter="ends_on", value=wished, allowed=allowed) from None
        return Invited(
            email=self.fields.get("email", ""),
            name=self.fields.get("name", ""),
            ends_on=ends_on,
            note=self.fields.get("note", ""),
            language=spoken if spoken in offered() else language(),
        )


def typed() -> Typed:
    """Return what the request brings; nothing on the first look."""
    posted: MultiDict[str, str] = request.form
    return Typed(posted.to_dict(), tuple(posted.getlist("section")))


def problem_of(error: InvalidInputError) -> list[FieldProblem]:
    """Say what is to be put right, and where."""
    parameter, allowed = str(error.details["parameter"]), error.details.get("allowed")
    told = {
        "email": _("Enter an e-mail address."),
        "name": _("Enter the name of the institution: at most 200 characters."),
        "ends_on": _("Enter a day from today on, such as 2026-12-31."),
        "sections": _("Choose at least one section."),
        "note": _("Write at most 5,000 characters."),
        "collection": _("Choose a collection."),
    }
    text = told.get(parameter, str(error))
    if allowed == "not invited yet":
        text = _("This institution is invited already. End that access first.")
    elif allowed == "the address of a partner institution":
        text = _("This address belongs to an account that is no partner institution, or has ended.")
    return [FieldProblem(text, f"#{parameter}")]
