"""The forms of signing in and of one's account, and the problems that they tell."""

from typing import Any, Final, NamedTuple

from flask_babel import lazy_gettext as _
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError

from app.services.passwords import SHORTEST_PASSWORD, password_problem
from app.web.page_form import PageForm

LONGEST: Final = 1000  # characters; a password is hashed, and hashing a book takes long
EMAIL: Final = r"\s*[^@\s<>,;\"\\]+@[^@\s<>,;\"\\]+\s*\Z"
LONGEST_NAME: Final = 200  # characters

PASSWORD_PROBLEMS: Final = {
    "too_short": _("Enter a password of at least %(least)d characters.", least=SHORTEST_PASSWORD),
    "too_common": _("This password is one of those that everybody tries first. Choose another."),
    "personal": _("Your name or e-mail address is no password. Choose another."),
}


class FieldProblem(NamedTuple):
    """What is wrong with a field, for the summary at the top of the page."""

    text: str
    address: str


class SignInForm(PageForm):
    """E-mail and password."""

    email = EmailField(
        _("E-mail address"), [InputRequired(_("Enter your e-mail address.")), Length(max=LONGEST)]
    )
    password = PasswordField(
        _("Password"), [InputRequired(_("Enter your password.")), Length(max=LONGEST)]
    )


class CodeForm(PageForm):
    """A one-time code, or a recovery code."""

    code = StringField(
        _("Code for signing in"), [InputRequired(_("Enter the code.")), Length(max=LONGEST)]
    )


class PasswordForm(PageForm):
    """A new password, twice, that is neither common nor the owner's name or e-mail address."""

    password = PasswordField(
        _("New password"), [InputRequired(_("Enter a password.")), Length(max=LONGEST)]
    )
    again = PasswordField(
        _("The same password again"),
        [EqualTo("password", _("Enter the same password in both fields."))],
    )

    def __init__(self, *personal: str, **named: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(**named)
        self.personal = personal

    def validate_password(self, field: PasswordField) -> None:
        """Say why a password cannot be taken."""
        name = str(self["name"].data or "") if "name" in self else ""
        if problem := password_problem(field.data or "", *self.personal, name):
            raise ValidationError(PASSWORD_PROBLEMS[problem])


class JoinForm(PasswordForm):
    """What somebody who was invited says: a name, and a password."""

    name = StringField(
        _("Your name"),
        [InputRequired(_("Enter your name.")), Length(max=LONGEST_NAME)],
    )


def problems_of(form: PageForm) -> list[FieldProblem]:
    """Return the first problem of each field of a form that was posted."""
    return [
        FieldProblem(str(errors[0]), f"#{name}") for name, errors in form.errors.items() if errors
    ]
