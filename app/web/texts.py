"""Texts for translators: what is missing or stale, where it shows, and files to work on.

The server writes none of its own files. A file that comes back is checked, and what it changes is
given back as files of the project, in a zip, for whoever commits them.
"""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, json, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import has_right
from app.errors import InvalidInputError, NotFoundError
from app.files.zips import pack
from app.rights import Right
from app.texts.check import Checked, TextProblem
from app.texts.definition import TRANSLATED, State
from app.texts.exchange import check_changes, check_file, told_changes
from app.texts.exchange_po import to_po
from app.texts.exchange_xlsx import to_xlsx
from app.texts.ready import ready_files
from app.web.text_pages import (
    PAGE_SIZE,
    differences_shown,
    holds,
    problems_shown,
    sources_shown,
    texts_shown,
    title_of,
)
from app.wording.languages import GLOSSARY, LANGUAGES
from app.wording.texts import STATES, texts_in_use

bp = Blueprint("texts", __name__, url_prefix="/admin/texts")

SHOWS: Final[Mapping[str, tuple[State, ...]]] = {
    "open": (State.MISSING, State.STALE),
    "missing": (State.MISSING,),
    "stale": (State.STALE,),
    "all": tuple(State),
}
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/")
@has_right(Right.READ_TEXTS)
def index() -> ResponseReturnValue:
    """List all sources of texts, with what each language lacks."""
    return render_template(
        "texts/index.html",
        rows=list(sources_shown(texts_in_use())),
        languages=[LANGUAGES[code] for code in TRANSLATED],
    )


@bp.get("/<language>/<path:source_id>")
@has_right(Right.READ_TEXTS)
def show(language: str, source_id: str) -> ResponseReturnValue:
    """Show the texts of one source in one language, with what a translator needs to know."""
    _require(language)
    source = texts_in_use().load(source_id)
    wished = request.args.get("show", "open")
    wished = wished if wished in SHOWS else "open"
    beside = [code for code in request.args.getlist("beside") if code in TRANSLATED]
    words = request.args.get("words", "").strip()
    found = [
        text
        for text in source.in_state(language, *SHOWS[wished])
        if holds(source, language, text, words)
    ]
    page = max(request.args.get("page", 1, type=int), 1)
    first = (page - 1) * PAGE_SIZE

    def at(number: int) -> str:
        return url_for(
            ".show",
            language=language,
            source_id=source_id,
            show=wished,
            beside=beside,
            words=words,
            page=number,
        )

    return render_template(
        "texts/show.html",
        source=source,
        title=title_of(source),
        target=LANGUAGES[language],
        others=[LANGUAGES[code] for code in TRANSLATED if code != language],
        beside=beside,
        counts={state: len(source.in_state(language, state)) for state in State},
        states=STATES,
        wished=wished,
        words=words,
        number_found=len(found),
        first=first + 1,
        texts=texts_shown(source, language, found[first : first + PAGE_SIZE], beside),
        previous=at(page - 1) if page > 1 else "",
        next=at(page + 1) if len(found) > first + PAGE_SIZE else "",
        page=page,
        steps=[(_("Texts"), url_for(".index"))],
    )


@bp.get("/files/<language>/texts.po")
@has_right(Right.READ_TEXTS)
def as_po(language: str) -> ResponseReturnValue:
    """Send the texts of one source as a PO file."""
    _require(language)
    source = texts_in_use().load(request.args.get("source", ""))
    name = f"{source.id.replace('/', '.')}.{language}.po"
    return _file(to_po(source, language, GLOSSARY).encode(), "text/x-gettext-translation", name)


@bp.get("/files/<language>/texts.xlsx")
@has_right(Right.READ_TEXTS)
def as_xlsx(language: str) -> ResponseReturnValue:
    """Send a workbook with the texts of all sources, or of one, with a sheet to each."""
    _require(language)
    sources = texts_in_use()
    wished = request.args.get("source", "")
    found = [sources.load(source_id) for source_id in ([wished] if wished else sources.ids())]
    is_mirrored = LANGUAGES[language].direction == "rtl"
    name = f"{wished.replace('/', '.') or 'canopy'}.{language}.xlsx"
    return _file(to_xlsx(found, language, GLOSSARY, is_mirrored=is_mirrored), XLSX, name)


@bp.post("/files/check")
@has_right(Right.EXCHANGE_TEXTS)
def check() -> ResponseReturnValue:
    """Check a file that came back; show what it changes, and every problem by line or row."""
    sent = request.files.get("file")
    sources = texts_in_use()
    checked: list[Checked] = []
    problems = [TextProblem(code="no_file")]
    if sent is not None and sent.filename:
        checked, problems = check_file(sources, sent.filename, sent.read())
    return render_template(
        "texts/check.html",
        name=sent.filename if sent else "",
        checked=checked,
        problems=problems_shown([*problems, *(p for each in checked for p in each.problems)]),
        differences=differences_shown(checked),
        changes=json.dumps(told_changes(checked)),
        files=[sources.shown(path) for path in ready_files(sources, checked)],
        steps=[(_("Texts"), url_for(".index"))],
    )


@bp.post("/files/ready")
@has_right(Right.EXCHANGE_TEXTS)
def ready() -> ResponseReturnValue:
    """Send the files of the project with the changes of a checked file in them, as a zip."""
    sources = texts_in_use()
    try:
        checked = check_changes(sources, json.loads(request.form.get("changes", "")))
    except ValueError as error:
        raise InvalidInputError(parameter="changes", value="", allowed="JSON") from error
    files = ready_files(sources, checked)
    content = {sources.shown(path): text.encode() for path, text in files.items()}
    return _file(pack(content), "application/zip", "canopy-texts.zip")


def _require(language: str) -> None:
    if language not in TRANSLATED:
        raise NotFoundError(what="language", code=language)


def _file(content: bytes, mimetype: str, name: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": disposition})
