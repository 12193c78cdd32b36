"""The base of the forms of our pages."""

from flask import request
from flask_wtf import FlaskForm


class PageForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """A form that reads what a page posts, and nothing else: JSON is not for pages."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc] # the same
        """How the fields are filled."""

        def wrap_formdata(self, _form: FlaskForm, _given: object) -> object:
            """Return the fields that were posted; None when nothing was."""
            if request.method in {"GET", "HEAD"}:
                return None
            return request.form
