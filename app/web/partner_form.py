"""The form that invites a partner institution: what was typed, and what is wrong with it."""

from collections.abc import Mapping, Sequence
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

    def is_empty(self, name: str) -> bool:
        """Tell whether nothing was typed, or chosen, in a field."""
        return not (self.sections if name == "sections" else self.fields.get(name, "").strip())

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


def problems_of(
    error: InvalidInputError, wished: Typed, asked: Sequence[str]
) -> list[FieldProblem]:
    """Say what is to be put right, and where: what was refused, and whatever else is empty.

    asked   the fields that must not be empty, as they stand in the form
    """
    refused = str(error.details["parameter"])
    told = {
        "email": _("Enter an e-mail address."),
        "name": _("Enter the name of the institution: at most 200 characters."),
        "collection": _("Choose a collection."),
        "sections": _("Choose at least one section."),
        "ends_on": _("Enter a day from today on, at most five years ahead, such as 2026-12-31."),
        "note": _("Write at most 5,000 characters."),
    }
    texts = {name: told[name] for name in asked if wished.is_empty(name)}
    texts[refused] = told.get(refused, str(error))
    allowed = error.details.get("allowed")
    if allowed == "not invited yet":
        texts[refused] = _("This institution is invited already. End that access first.")
    elif allowed == "the address of a partner institution":
        texts[refused] = _(
            "This address belongs to an account that is no partner institution, or has ended."
        )
    order = [*told, refused]
    return [FieldProblem(texts[name], f"#{name}") for name in sorted(texts, key=order.index)]
