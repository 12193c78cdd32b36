"""The forms about the people of a Party: who is away, who is designated, who takes over."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from wtforms import BooleanField, DateField, EmailField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from app.forms.categories import Category
from app.models.account import Account
from app.services.designations import designate
from app.web.page_form import PageForm
from app.web.sign_in_forms import EMAIL, LONGEST, LONGEST_NAME
from app.wording.categories import CATEGORIES
from app.wording.languages import LANGUAGES, offered

NEW = "new"  # a successor who has no account yet


class DayField(DateField):  # type: ignore[misc] # WTForms ships no types
    """A day, as browsers send it."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read the day; say in the reader's language what is none."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(_("Enter a day, such as 2026-12-31."))) from None


class _Period(PageForm):
    """A first and a last day."""

    def validate_to_on(self, field: DayField) -> None:
        """Refuse a last day before the first."""
        first: date | None = self["from_on"].data
        if field.data and first and field.data < first:
            raise ValidationError(_("The last day comes before the first."))


class AbsenceForm(_Period):
    """From when to when somebody who signs is away."""

    from_on = DayField(_("First day"), [InputRequired(_("Enter the first day."))])
    to_on = DayField(_("Last day"), [InputRequired(_("Enter the last day."))])


class DesignationForm(_Period):
    """What the letter of a Government says."""

    category = SelectField(_("Category"))
    is_alternate = BooleanField(_("As alternate: signs while nobody else of the category can"))
    from_on = DayField(_("First day"), [InputRequired(_("Enter the first day."))])
    to_on = DayField(_("Last day"), [Optional()])
    letter = StringField(
        _("Reference of the letter"),
        [InputRequired(_("Enter the reference of the letter.")), Length(max=LONGEST_NAME)],
    )
    letter_on = DayField(_("Date of the letter"), [Optional()])

    @classmethod
    def for_reader(cls) -> Self:
        """Return the form with its list in the reader's language."""
        form = cls()
        form.category.choices = [(code.value, CATEGORIES[code]) for code in Category]
        return form

    def record(self, session: Session, account: Account, by: Account) -> None:
        """Designate *account* as the form says; raise AlreadyExistsError."""
        designate(
            session,
            account,
            Category(self.category.data),
            self.from_on.data,
            by=by,
            to_on=self.to_on.data,
            letter=self.letter.data,
            letter_on=self.letter_on.data,
            is_alternate=self.is_alternate.data,
        )


class HandOverForm(PageForm):
    """Who takes over: somebody who has an account, or somebody who is invited now."""

    successor = SelectField(_("Successor"))
    email = EmailField(_("E-mail address"), [Length(max=LONGEST)])
    name = StringField(_("Name"), [Length(max=LONGEST_NAME)])
    language = SelectField(_("Language of the invitation"))

    @classmethod
    def for_reader(cls, colleagues: Sequence[Account], language: str) -> Self:
        """Return the form with those who could take over, and somebody new."""
        form = cls(data={"language": language})
        form.successor.choices = [
            ("", ""),
            *((each.id, each.name or each.email) for each in colleagues),
            (NEW, _("Somebody new, who is invited now")),
        ]
        form.language.choices = [(code, LANGUAGES[code].name) for code in offered()]
        return form

    def validate_successor(self, field: SelectField) -> None:
        """Ask for somebody."""
        if not field.data:
            raise ValidationError(_("Choose who takes over."))

    def validate_email(self, field: EmailField) -> None:
        """Ask for an address where somebody is invited."""
        if self.successor.data == NEW:
            Regexp(EMAIL, message=_("Enter an e-mail address."))(self, field)
