"""The form that invites somebody."""

from typing import Self

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from wtforms import EmailField, SelectField, StringField
from wtforms.validators import Length, Regexp, ValidationError

from app.models.account import Role
from app.models.membership import party_names
from app.web.page_form import PageForm
from app.web.sign_in_forms import EMAIL, LONGEST, LONGEST_NAME
from app.wording.languages import LANGUAGES, offered
from app.wording.statuses import ROLES


class InviteForm(PageForm):
    """Whom, as what, for which Party, in which language."""

    email = EmailField(
        _("E-mail address"),
        [Regexp(EMAIL, message=_("Enter an e-mail address.")), Length(max=LONGEST)],
    )
    name = StringField(_("Name"), [Length(max=LONGEST_NAME)])
    role = SelectField(_("Role"))
    party = SelectField(_("Party"))
    language = SelectField(_("Language of the invitation"))

    @classmethod
    def for_reader(cls, session: Session, language: str) -> Self:
        """Return the form with its lists in the reader's language."""
        form = cls(data={"language": language})
        form.role.choices = [("", ""), *((role.value, name) for role, name in ROLES.items())]
        names = sorted(party_names(session, language).items(), key=lambda item: item[1])
        form.party.choices = [("", _("None: this role belongs to no Party")), *names]
        form.language.choices = [(code, LANGUAGES[code].name) for code in offered()]
        return form

    def validate_role(self, field: SelectField) -> None:
        """Ask for a role."""
        if not field.data:
            raise ValidationError(_("Choose a role."))

    def validate_party(self, field: SelectField) -> None:
        """Ask for a Party where the role is of one, and for none where it is not."""
        if not self.role.data or self.role.data not in set(Role):
            return
        is_national = Role(self.role.data).is_national
        if is_national and not field.data:
            raise ValidationError(_("Choose a Party: this role belongs to one."))
        if not is_national and field.data:
            raise ValidationError(_("Choose no Party: this role belongs to none."))
