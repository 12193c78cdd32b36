"""The lists that the Secretariat manages: look, add an entry, word one anew, retire, restore."""

from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Length, Regexp

from app.access import account, has_right
from app.errors import AlreadyExistsError, NotFoundError
from app.extensions import db, forms_in_use
from app.forms.choice_lists import CODE, ManagedList, managed_list
from app.forms.definition import LANGUAGES as LOCALES
from app.forms.definition import Choice
from app.forms.managed_lists import RESERVED, managed_names, worded
from app.forms.wording import ENGLISH
from app.rights import Right
from app.services import lists as verbs
from app.services.lists import kept_texts
from app.web.locale import language
from app.web.page_form import PageForm
from app.web.sign_in_forms import FieldProblem
from app.wording.languages import LANGUAGES

bp = Blueprint("lists", __name__, url_prefix="/admin/lists")

LONGEST: Final = 300  # characters of a label
LONGEST_CODE: Final = 60


class _Entry(PageForm):
    """A label in each language, and where the entry is described."""

    label_en = StringField(
        _l("In English"), [DataRequired(_l("Enter a label in English.")), Length(max=LONGEST)]
    )
    source = StringField(_l("Identifier or address elsewhere"), [Length(max=LONGEST)])


class _NewEntry(_Entry):
    """The same, with the code that is stored in answers."""

    code = StringField(
        _l("Code"),
        [
            DataRequired(_l("Enter a code.")),
            Length(max=LONGEST_CODE),
            Regexp(
                rf"{CODE.pattern}\Z", message=_l("Write lower-case letters, digits and “_” alone.")
            ),
        ],
    )


for _code in LOCALES:
    if _code != ENGLISH:
        setattr(_Entry, f"label_{_code}", StringField(validators=[Length(max=LONGEST)]))
    setattr(_Entry, f"hint_{_code}", StringField(validators=[Length(max=LONGEST)]))


@bp.get("/")
@has_right(Right.MANAGE_LISTS)
def index() -> ResponseReturnValue:
    """Name every list, and how many entries it has."""
    found = [_list(name) for name in managed_names(forms_in_use().root)]
    return render_template("lists/index.html", lists=found)


@bp.get("/<name>")
@has_right(Right.MANAGE_LISTS)
def show(name: str) -> ResponseReturnValue:
    """Show the entries of a list, and a form to add one."""
    return _page(_list(name), _NewEntry())


@bp.post("/<name>")
@has_right(Right.MANAGE_LISTS)
def add(name: str) -> ResponseReturnValue:
    """Add an entry, unless what was typed will not do."""
    found, form = _list(name), _NewEntry()
    if form.validate() and form.code.data in RESERVED:
        form.code.errors = [_("This code means the list itself. Choose another.")]
    elif form.validate():
        labels, hints = _texts(form, "label"), _texts(form, "hint")
        try:
            verbs.add_entry(
                *(db.session(), found, form.code.data, labels, account()),
                hints=hints,
                source=form.source.data or "",
            )
        except AlreadyExistsError:
            form.code.errors = [_("The list has this code. Choose another, or restore the entry.")]
        else:
            return _done(found, _("Added. Forms that use the list offer it from now on."))
    return _page(found, form), 422


@bp.get("/<name>/<code>")
@has_right(Right.MANAGE_LISTS)
def show_entry(name: str, code: str) -> ResponseReturnValue:
    """Show an entry, to word it anew."""
    found = _list(name)
    entry = _entry(found, code)
    form = _Entry(data=_filled(found, entry))
    return _entry_page(found, entry, form)


@bp.post("/<name>/<code>")
@has_right(Right.MANAGE_LISTS)
def word(name: str, code: str) -> ResponseReturnValue:
    """Keep the words of an entry."""
    found = _list(name)
    entry, form = _entry(found, code), _Entry()
    if not form.validate():
        return _entry_page(found, entry, form), 422
    verbs.word_entry(
        *(db.session(), found, code, _texts(form, "label"), account()),
        hints=_texts(form, "hint"),
        source=form.source.data or "",
    )
    return _done(found, _("Saved."))


@bp.get("/<name>/<code>/retire")
@has_right(Right.MANAGE_LISTS)
def ask_to_retire(name: str, code: str) -> ResponseReturnValue:
    """Say what retiring means, and ask."""
    found = _list(name)
    return render_template("lists/retire.html", list=found, entry=_entry(found, code))


@bp.post("/<name>/<code>/retire")
@has_right(Right.MANAGE_LISTS)
def retire(name: str, code: str) -> ResponseReturnValue:
    """Offer an entry no more."""
    found = _list(name)
    verbs.retire_entry(db.session(), found, code, account())
    return _done(found, _("Retired. It is offered no more; answers that chose it keep it."))


@bp.post("/<name>/<code>/restore")
@has_right(Right.MANAGE_LISTS)
def restore(name: str, code: str) -> ResponseReturnValue:
    """Offer a retired entry again."""
    found = _list(name)
    verbs.restore_entry(db.session(), found, code, account())
    return _done(found, _("Restored. It is offered again."))


def _list(name: str, locale: str = "") -> ManagedList:
    forms = forms_in_use()
    return managed_list(forms.root, name, locale or language(), forms.keeper)


def _entry(found: ManagedList, code: str) -> Choice:
    for entry in found.entries:
        if entry.code == code:
            return entry
    raise NotFoundError(what="entry", code=code)


def _texts(form: PageForm, what: str) -> dict[str, str]:
    return {code: form[f"{what}_{code}"].data or "" for code in LOCALES}


def _filled(found: ManagedList, entry: Choice) -> dict[str, str]:
    """Return the words of an entry as its page first shows them; those of the file where kept."""
    labels, hints = kept_texts(db.session(), found.name, entry.code)
    filled = {"source": entry.source}
    for code in LOCALES:
        there = _entry(_list(found.name, code), entry.code)
        is_filed = entry.code in found.of_file and not worded(labels, code)
        filled[f"label_{code}"] = there.label if is_filed else labels.get(code, "")
        filled[f"hint_{code}"] = there.hint if is_filed else hints.get(code, "")
    return filled


def _page(found: ManagedList, form: _NewEntry) -> str:
    return render_template("lists/show.html", list=found, **_told(form))


def _entry_page(found: ManagedList, entry: Choice, form: _Entry) -> str:
    return render_template("lists/entry.html", list=found, entry=entry, **_told(form))


def _told(form: PageForm) -> dict[str, Any]:
    problems = [FieldProblem(str(e[0]), f"#{name}") for name, e in form.errors.items() if e]
    others = [LANGUAGES[code] for code in LOCALES if code != ENGLISH]
    return {"form": form, "problems": problems, "others": others}


def _done(found: ManagedList, told: str) -> ResponseReturnValue:
    db.session.commit()
    flash(told, "success")
    return redirect(url_for("lists.show", name=found.name), 303)
