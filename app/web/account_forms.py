"""The forms of one's own account."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from app.models.account import Account
from app.services.passwords import knows_password
from app.web.page_form import PageForm
from app.web.sign_in_forms import EMAIL, LONGEST, LONGEST_NAME, PasswordForm
from app.wording.languages import LANGUAGES, offered


class CurrentForm(PageForm):
    """The password once more: somebody else may sit at an open browser."""

    current = PasswordField(
        _("Your present password"),
        [InputRequired(_("Enter your present password.")), Length(max=LONGEST)],
    )

    def __init__(self, owner: Account, **named: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(**named)
        self.owner = owner

    def validate_current(self, field: PasswordField) -> None:
        """Refuse what is not the owner's password."""
        if not knows_password(self.owner, field.data or ""):
            raise ValidationError(_("This is not your present password."))


class NewPasswordForm(PasswordForm):
    """The present password, and a new one twice."""

    current = CurrentForm.current

    def __init__(self, owner: Account, **named: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(owner.email, owner.name, **named)
        self.owner = owner

    validate_current = CurrentForm.validate_current


class NewEmailForm(CurrentForm):
    """A new e-mail address."""

    email = EmailField(
        _("New e-mail address"),
        [Regexp(EMAIL, message=_("Enter an e-mail address.")), Length(max=LONGEST)],
    )


class SetUpForm(CurrentForm):
    """The first code of an authenticator app."""

    code = StringField(
        _("Code that the app shows"), [InputRequired(_("Enter the code.")), Length(max=LONGEST)]
    )


class NameForm(PageForm):
    """One's name."""

    name = StringField(
        _("Your name"), [InputRequired(_("Enter your name.")), Length(max=LONGEST_NAME)]
    )


class LanguageForm(PageForm):
    """The language of pages and mails."""

    language = SelectField(_("Language of pages and mails"))

    def __init__(self, **named: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(**named)
        self.language.choices = [(code, LANGUAGES[code].name) for code in offered()]
