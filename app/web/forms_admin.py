"""Forms as their authors at the Secretariat look at them: as respondents will see them, with rules.

Read afresh from the files, so that an author sees what was just written. Nothing here is saved.
"""

from collections.abc import Iterable
from typing import Final

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from app.access import has_right
from app.errors import NotFoundError
from app.extensions import forms_in_use
from app.forms.catalogue import Catalogue, FormName
from app.forms.definition import LANGUAGES as LOCALES
from app.forms.definition import Form
from app.forms.effects import (
    Effect,
    Fate,
    effects_on_answers,
    effects_on_translations,
    missing_texts,
    touched,
)
from app.forms.load import Reading, read_form
from app.forms.lock import read_lock
from app.reports.catalogue import reports_at
from app.reports.readers import looks_at
from app.rights import Right
from app.web.form_preview import preview
from app.web.locale import language
from app.wording.languages import LANGUAGES
from app.wording.statuses import FATES

bp = Blueprint("forms_admin", __name__, url_prefix="/admin/forms")

_OTHER: Final = "with"  # parameter: the version to compare with


@bp.get("/")
@has_right(Right.READ_FORMS)
def index() -> ResponseReturnValue:
    """List every version of every form, with its languages and what they lack."""
    catalogue = _catalogue()
    lock = read_lock(catalogue.root)
    rows = [
        {
            "name": name,
            "title": _read(catalogue, name, language()).form.title or str(name),
            "wording": lock[str(name)].wording if str(name) in lock else 0,
            "languages": catalogue.languages(name.form, name.version),
        }
        for name in catalogue.names()
    ]
    return render_template("forms_admin/index.html", rows=rows)


@bp.get("/<form>/<int:version>")
@has_right(Right.READ_FORMS)
def show(form: str, version: int) -> ResponseReturnValue:
    """Show a form in one of the six languages; compare it with another version if one is named."""
    catalogue = _catalogue()
    name = catalogue.find(form, version)
    locale = request.args.get("in", language())
    if locale not in LOCALES:
        raise NotFoundError(what="language", code=locale)
    reading = _read(catalogue, name, locale)
    others = [n for n in catalogue.names() if n.form == form and n.version != version]
    return render_template(
        "forms_admin/show.html",
        name=name,
        form=reading.form,
        problems=reading.problems,
        chosen=LANGUAGES[locale],
        languages=LANGUAGES,
        missing={code: missing_texts(_read(catalogue, name, code)) for code in _translations()},
        written=Markup("") if reading.problems else _preview(reading.form, locale),
        others=others,
        comparison=_comparison(catalogue, name, others),
        words=FATES,
        steps=[(_("Forms"), url_for("forms_admin.index"))],
    )


def _preview(form: Form, locale: str) -> Markup:
    """Return the questions as they are asked in *locale*, hints of the page included."""
    with force_locale(locale):
        html = render_template(
            "forms_admin/preview.html",
            form=form,
            sections=preview(form),
            writing_languages=LANGUAGES,
        )
    return Markup(html)  # noqa: S704 - written by a template of ours, which escapes


def _comparison(
    catalogue: Catalogue, name: FormName, others: Iterable[FormName]
) -> dict[str, object] | None:
    """Return what the step from the version named in the address does; None without one."""
    wished = request.args.get(_OTHER, "")
    other = next((each for each in others if str(each.version) == wished), None)
    if other is None:
        if wished:
            raise NotFoundError(what="form", code=f"{name.form}/{wished}")
        return None
    old, new = sorted((name, other))
    readings = _read(catalogue, old, "en"), _read(catalogue, new, "en")
    if any(reading.problems for reading in readings):
        return None  # the page tells of the problems of its own version
    effects = effects_on_answers(readings[0].form, readings[1].form)
    reports = reports_at(current_app.config["REPORTS_DIR"])
    return {
        "old": old,
        "new": new,
        "fates": {fate: _of(effects, fate) for fate in Fate},
        "translations": effects_on_translations(catalogue, old, new),
        "looks": list(looks_at(reports, new.form, touched(effects))),
    }


def _of(effects: Iterable[Effect], fate: Fate) -> list[Effect]:
    return [effect for effect in effects if effect.fate is fate]


def _translations() -> list[str]:
    return [code for code in LOCALES if code != "en"]


def _catalogue() -> Catalogue:
    return Catalogue(forms_in_use().root)


def _read(catalogue: Catalogue, name: FormName, locale: str) -> Reading:
    return read_form(catalogue.folder(name), catalogue.root, locale)
