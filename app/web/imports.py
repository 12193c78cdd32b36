"""Import by an administrator: send files, see what is wrong or what would change, confirm.

The same import as from the command line and the API. What was sent waits on this server for the
confirmation, an hour at most.
"""

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.access import account, has_right
from app.errors import NotFoundError, UnreadableFileError
from app.extensions import db, forms_in_use
from app.files.encodings import ENCODINGS
from app.files.problems import FileProblem, problems_of
from app.files.readers import read_upload, tables_of_set
from app.files.record import Table
from app.forms.variables import repeats
from app.models.account import Account
from app.models.collection import Collection
from app.models.engine import for_reading
from app.rights import Right
from app.services.collections import all_collections, collection_of
from app.services.imports import ImportReport, Options, import_answers
from app.web.kept_files import Kept, KeptFiles
from app.wording import files as wording
from app.wording.files import file_sentence
from app.wording.values import number

bp = Blueprint("imports", __name__, url_prefix="/admin/imports")

SHOWN: Final = 1000  # problems on a page
_FLAGS: Final = ("update", "good_rows_only")


@bp.get("/")
@has_right(Right.IMPORT_ANSWERS)
def index() -> ResponseReturnValue:
    """List the collections that answers can be imported into."""
    return render_template("imports/index.html", collections=all_collections(db.session()))


@bp.get("/<code>")
@has_right(Right.IMPORT_ANSWERS)
def show(code: str) -> ResponseReturnValue:
    """Show the form that sends files."""
    return _form_page(collection_of(db.session(), code), {})


@bp.post("/<code>")
@has_right(Right.IMPORT_ANSWERS)
def check(code: str) -> ResponseReturnValue:
    """Read the files, and show what is wrong, or what would change. Changes nothing."""
    collection = collection_of(db.session(), code)
    said = {name: request.form.get(name, "") for name in ("encoding", *_FLAGS)}
    sent = {file.filename or "": file.read() for file in request.files.getlist("file")}
    sent.pop("", None)  # what a browser sends for no file
    if not sent or said["encoding"] not in ("", *ENCODINGS):
        return _form_page(collection, said, _("Choose a file.")), 422
    owner = account().id
    report = _trial(collection, Kept(sent, said), owner)
    if report.is_refused:
        return _form_page(collection_of(db.session(), code), said, report=report), 422
    token = _kept_files().keep(owner, sent, {**said, "collection": code})
    return _confirmation(code, token, Kept(sent, said), report)


@bp.post("/<code>/confirm")
@has_right(Right.IMPORT_ANSWERS)
def confirm(code: str) -> ResponseReturnValue:
    """Import what was shown; show it anew when something else came between."""
    token, session = request.form.get("token", ""), db.session()
    kept = _open(code, token)
    report = _import(session, collection_of(session, code), kept, account(), is_trial=False)
    seen = request.form.get("new", ""), request.form.get("updated", "")
    if report.is_refused or (str(report.new), str(report.updated)) != seen:
        session.rollback()
        flash(_("Something has changed meanwhile. Look at it once more."), "warning")
        if report.is_refused:
            return _form_page(collection_of(session, code), kept.said, report=report), 409
        return _confirmation(code, token, kept, report), 409
    session.commit()
    _kept_files().forget(token)
    flash(_done(report), "success")
    return redirect(url_for("imports.show", code=code), 303)


@bp.post("/<code>/cancel")
@has_right(Right.IMPORT_ANSWERS)
def cancel(code: str) -> ResponseReturnValue:
    """Delete what was sent."""
    token = request.form.get("token", "")
    _open(code, token)
    _kept_files().forget(token)
    flash(_("The files are deleted. Nothing was changed."), "info")
    return redirect(url_for("imports.show", code=code), 303)


def _trial(collection: Collection, kept: Kept, owner: str) -> ImportReport:
    """Return what an import would do; holds up nobody who writes meanwhile."""
    code = collection.code
    db.session.rollback()  # lets go of the right to write, which the request began with
    with Session(for_reading(db.engine)) as session:
        who = session.get_one(Account, owner)
        return _import(session, collection_of(session, code), kept, who, is_trial=True)


def _import(
    session: Session, collection: Collection, kept: Kept, who: Account, *, is_trial: bool
) -> ImportReport:
    form = forms_in_use().load(collection.form, collection.form_version)
    options = Options(
        update=kept.said.get("update") == "1",
        good_rows_only=kept.said.get("good_rows_only") == "1",
        is_trial=is_trial,
    )
    try:
        tables = _tables(kept, [repeat.id for repeat, _, _ in repeats(form)])
    except UnreadableFileError as error:
        return ImportReport(is_refused=True, problems=problems_of(error))
    return import_answers(session, collection, form, tables, who, options)


def _tables(kept: Kept, repeat_ids: list[str]) -> dict[str, Table]:
    encoding = kept.said.get("encoding", "")
    if len(kept.files) > 1:
        return tables_of_set(kept.files, repeat_ids, encoding)
    ((name, content),) = kept.files.items()
    return read_upload(name, content, repeat_ids, encoding=encoding)


def _open(code: str, token: str) -> Kept:
    kept = _kept_files().open(account().id, token)
    if kept.said["collection"] != code:
        raise NotFoundError(what="upload", code="")
    return kept


def _kept_files() -> KeptFiles:
    return KeptFiles(current_app.config["FILES_DIR"] / "imports")


def _form_page(
    collection: Collection,
    said: Mapping[str, str],
    wrong: str = "",
    report: ImportReport | None = None,
) -> str:
    return render_template(
        "imports/show.html",
        collection=collection,
        said=said,
        wrong=wrong,
        encodings=[(name, wording.ENCODINGS[name]) for name in ENCODINGS],
        report=report,
        **_told(report),
    )


def _confirmation(code: str, token: str, kept: Kept, report: ImportReport) -> str:
    return render_template(
        "imports/confirm.html",
        collection=collection_of(db.session(), code),
        names=list(kept.files),
        said=kept.said,
        token=token,
        report=report,
        **_told(report),
    )


def _told(report: ImportReport | None) -> dict[str, Any]:
    """Return what templates show of a report: rows of sentences, and how many are not shown."""
    if report is None:
        return {"problems": [], "notes": [], "hidden": 0, "found": 0}
    return {
        "problems": [_row(problem) for problem in report.problems[:SHOWN]],
        "notes": [_row(note) for note in report.notes[:SHOWN]],
        "hidden": len(report.problems[SHOWN:]) + report.more,
        "found": len(report.problems) + report.more,
    }


def _row(problem: FileProblem) -> tuple[str, str, str, str]:
    column = " ".join(part for part in (problem.letter, problem.column) if part)
    row = number(problem.row) if problem.row else ""
    return problem.file, row, column, file_sentence(problem)


def _done(report: ImportReport) -> str:
    changed = report.new + report.updated
    text: str = ngettext(
        "%(count)s submission was imported.",
        "%(count)s submissions were imported.",
        changed,
        count=number(changed),
    )
    return text
