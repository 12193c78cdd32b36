"""The form that a submission answers, worded in the visitor's language."""

from app.extensions import forms_in_use
from app.forms.definition import Form
from app.models.collection import Collection
from app.web.locale import language
from app.wording.languages import SOURCE


def form_of(collection: Collection) -> Form:
    """Return the form of *collection* in the language of the page; English where it lacks it."""
    forms = forms_in_use()
    offered = forms.languages(collection.form, collection.form_version)
    locale = language() if language() in offered else SOURCE
    return forms.load(collection.form, collection.form_version, locale)
