"""A file that a translator sends back, PO or XLSX, read and checked."""

from collections.abc import Iterable

from app.errors import NotFoundError, UnreadableFileError
from app.files.readers import ZIP_START
from app.texts.check import Checked, Proposal, TextProblem, check
from app.texts.definition import TRANSLATED
from app.texts.exchange_po import check_po, language_and_source_of
from app.texts.exchange_xlsx import check_sheet, sheets_in
from app.texts.sources import Sources


def check_file(
    sources: Sources, name: str, content: bytes, language: str = ""
) -> tuple[list[Checked], list[TextProblem]]:
    """Return what a file changes, source by source, and what is wrong with it as a whole.

    language   the one that it must be for; "": whichever it says
    """
    if content.startswith(ZIP_START):
        return _check_workbook(sources, name, content, language)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [TextProblem(code="not_utf8", file=name)]
    own, source_id = language_and_source_of(text)
    problem = _problem_of(sources, name, own, source_id, language)
    if problem:
        return [], [problem]
    return [check_po(sources.load(source_id), own, text, name)], []


def _check_workbook(
    sources: Sources, name: str, content: bytes, language: str
) -> tuple[list[Checked], list[TextProblem]]:
    try:
        sheets = sheets_in(name, content)
    except UnreadableFileError:
        return [], [TextProblem(code="broken_file", file=name)]
    checked, problems = [], []
    seen: set[tuple[str, str]] = set()
    for sheet in sheets:
        problem = _problem_of(sources, sheet.name, sheet.language, sheet.source, language)
        if problem is None and (sheet.source, sheet.language) in seen:
            problem = TextProblem(code="unknown_source", file=sheet.name)
        seen.add((sheet.source, sheet.language))
        if problem:
            problems.append(problem)
        else:
            checked.append(check_sheet(sources.load(sheet.source), sheet))
    return checked, problems


def _problem_of(
    sources: Sources, file: str, own: str, source_id: str, language: str
) -> TextProblem | None:
    """Return what is wrong with the language or the source that a file names."""
    if own not in TRANSLATED or (language and own != language):
        return TextProblem(code="other_language", file=file, details={"found": own})
    try:
        sources.load(source_id)
    except NotFoundError:
        return TextProblem(code="unknown_source", file=file)
    return None


def told_changes(checked: Iterable[Checked]) -> list[dict[str, object]]:
    """Return the changes as JSON, for `check_changes` to read again."""
    return [
        {
            "source": each.source.id,
            "language": each.language,
            "texts": [
                [change.text.key, change.text.english, list(change.forms)]
                for change in each.changes
            ],
        }
        for each in checked
        if each.changes
    ]


def check_changes(sources: Sources, told: object) -> list[Checked]:
    """Return the changes that `told_changes` told, checked again: they have been in a browser.

    Raises ValueError when it is anything else.
    """
    match told:
        case list(changes):
            return [_rechecked(sources, each) for each in changes]
    raise ValueError("no list of changes")


def _rechecked(sources: Sources, told: object) -> Checked:
    match told:
        case {"source": str(source_id), "language": str(language), "texts": list(texts)} if (
            language in TRANSLATED
        ):
            proposals = [_proposal(text) for text in texts]
            return check(sources.load(source_id), language, proposals)
    raise ValueError("no change")


def _proposal(told: object) -> Proposal:
    match told:
        case [str(key), str(english), list(forms)] if all(isinstance(form, str) for form in forms):
            return Proposal(line=0, key=key, english=english, forms=dict(enumerate(forms)))
    raise ValueError("no text")
