"""What we ask: forms, their definitions and codebooks."""

from collections.abc import Mapping
from typing import Any

from flask.typing import ResponseReturnValue

from app.access import public
from app.api.blueprint import Blueprint
from app.api.form_json import form_head, form_json
from app.api.locale import language
from app.api.negotiation import csv_file, wants_csv
from app.api.paging import page_of
from app.api.schemas.common import LanguagePageQuery, LanguageQuery
from app.api.schemas.common import page_of as page_schema
from app.api.schemas.forms import CodebookQuery, CodebookSchema, FormDefinitionSchema, FormSchema
from app.extensions import forms_in_use
from app.forms.codebook_files import codebook_csv, variable_json
from app.forms.definition import Form
from app.forms.variables import codebook

bp = Blueprint("forms", "Forms", "What is asked: every version of every form, for ever.")

FormsPage = page_schema(FormSchema, "FormsPage")


def form_asked_for(form: str, version: int) -> Form:
    """Return a form in the language asked for, or in English; raise NotFoundError."""
    forms = forms_in_use()
    locale = language()
    offered = forms.languages(form, version)
    return forms.load(form, version, locale if locale in offered else "en")


@bp.operation("/forms", FormsPage, query=LanguagePageQuery)
@public
def list_forms(query: Mapping[str, Any]) -> ResponseReturnValue:
    """List the forms, every version of each."""
    names = sorted(forms_in_use().names(), key=lambda name: (name.form, name.version))
    page = page_of(
        names,
        lambda name: [name.form, f"{name.version:06}"],
        limit=query["limit"],
        cursor=query["cursor"],
    )
    return {**page, "items": [_head(name.form, name.version) for name in page["items"]]}


@bp.operation(
    "/forms/<form>/<int:version>", FormDefinitionSchema, query=LanguageQuery, errors=[404]
)
@public
def form(query: Mapping[str, Any], *, form: str, version: int) -> ResponseReturnValue:  # noqa: ARG001 - read by `language`
    """Give a form with all its sections, questions, choices and rules.

    The structure of a published version never changes; its wording has a number of its own.
    """
    found = form_asked_for(form, version)
    return {**form_json(found), "languages": list(forms_in_use().languages(form, version))}


@bp.operation(
    "/forms/<form>/<int:version>/codebook",
    CodebookSchema,
    query=CodebookQuery,
    also=["text/csv"],
    errors=[404],
)
@public
def show_codebook(query: Mapping[str, Any], *, form: str, version: int) -> ResponseReturnValue:
    """Give the codebook: every column of the form's flat files.

    A program needs nothing else to write a file that can be imported.
    """
    found = form_asked_for(form, version)
    variables = codebook(found)
    if wants_csv(query["format"]):
        return csv_file(codebook_csv(variables), f"{form}-{version}.codebook.csv")
    return {
        "form": form,
        "version": version,
        "language": found.locale,
        "variables": [variable_json(variable) for variable in variables],
    }


def _head(form: str, version: int) -> dict[str, Any]:
    found = form_asked_for(form, version)
    return {**form_head(found), "languages": list(forms_in_use().languages(form, version))}
