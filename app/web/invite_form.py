"""The forms that invite somebody to an account, and the invitation itself."""

from typing import Self

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from wtforms import EmailField, SelectField, StringField
from wtforms.validators import Length, Regexp, ValidationError

from app.access import account
from app.errors import AlreadyExistsError
from app.extensions import db
from app.models.account import Account, Role
from app.models.membership import party_names
from app.services.invitations import invite
from app.services.people import MANAGED
from app.web.page_form import PageForm
from app.web.people_forms import HandOverForm
from app.web.sign_in_forms import EMAIL, LONGEST, LONGEST_NAME
from app.wording.languages import LANGUAGES, offered
from app.wording.statuses import ROLES


class PersonForm(PageForm):
    """Whom, as what, in which language."""

    email = EmailField(
        _("E-mail address"),
        [Regexp(EMAIL, message=_("Enter an e-mail address.")), Length(max=LONGEST)],
    )
    name = StringField(_("Name"), [Length(max=LONGEST_NAME)])
    role = SelectField(_("Role"))
    language = SelectField(_("Language of the invitation"))

    def offer_languages(self) -> None:
        """Offer the languages of the pages for the invitation."""
        self.language.choices = [(code, LANGUAGES[code].name) for code in offered()]


class ColleagueForm(PersonForm):
    """Whom a Party invites itself."""

    @classmethod
    def for_reader(cls, language: str) -> Self:
        """Return the form with its lists in the reader's language."""
        form = cls(data={"language": language})
        form.role.choices = [(role.value, ROLES[role]) for role in MANAGED]
        form.offer_languages()
        return form


class InviteForm(PersonForm):
    """Whom, and for which Party."""

    party = SelectField(_("Party"))

    @classmethod
    def for_reader(cls, session: Session, language: str) -> Self:
        """Return the form with its lists in the reader's language."""
        form = cls(data={"language": language})
        form.role.choices = [("", ""), *((role.value, name) for role, name in ROLES.items())]
        names = sorted(party_names(session, language).items(), key=lambda item: item[1])
        form.party.choices = [("", _("None: this role belongs to no Party")), *names]
        form.offer_languages()
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


def invite_by(form: PersonForm | HandOverForm, role: Role, party: str | None) -> Account | None:
    """Invite whom *form* names; None where the address is taken, which its field says then."""
    try:
        invited, _secret = invite(
            *(db.session(), form.email.data, role, party),
            name=(form.name.data or "").strip(),
            language=form.language.data,
            maker=account(),
        )
    except AlreadyExistsError:
        db.session.rollback()
        form.email.errors = [_("This address has an account already, or had one until lately.")]
        return None
    return invited
