"""`flask texts`: what is missing or stale in each language, and files for translators."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, NoReturn

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from app.cli.errors import told
from app.texts.check import Change, Checked, TextProblem, standing_problems
from app.texts.definition import TRANSLATED, Kind, Source, State
from app.texts.exchange import check_file
from app.texts.exchange_po import to_po
from app.texts.exchange_xlsx import to_xlsx
from app.texts.ready import fresh_records, ready_files
from app.texts.sources import Sources
from app.wording.languages import GLOSSARY, LANGUAGES
from app.wording.texts import place_of, problem_text, texts_in_use

texts = AppGroup("texts", help="What people translate: what is missing, PO and XLSX, checks.")

_LANGUAGE: Final = click.Choice(TRANSLATED)
_SOURCE: Final = click.option(
    "--source", "wished", multiple=True, metavar="SOURCE", help="Only these; may be repeated."
)


@texts.command("list")
def list_texts() -> None:
    """List all sources of texts; for each language, how many are missing or stale."""
    for source in texts_in_use().all():
        click.echo(f"{source.id}  {len(source.texts)} texts")
        for language in TRANSLATED:
            missing, stale = (
                len(source.in_state(language, state)) for state in (State.MISSING, State.STALE)
            )
            if missing or stale:
                click.echo(f"  {language}: {missing} missing, {stale} stale")


@texts.command("export")
@click.argument("language", type=_LANGUAGE)
@click.option("--format", "shape", type=click.Choice(["po", "xlsx"]), required=True)
@click.option("--out", type=Path, required=True, metavar="PATH")
@_SOURCE
def export(language: str, shape: str, out: Path, wished: tuple[str, ...]) -> None:
    """Write files for a translator: a folder of PO files, or one workbook."""
    sources = _chosen(wished)
    if shape == "xlsx":
        is_mirrored = LANGUAGES[language].direction == "rtl"
        out.write_bytes(to_xlsx(sources, language, GLOSSARY, is_mirrored=is_mirrored))
        click.echo(f"Written to {out}: {len(sources)} sheets.")
        return
    out.mkdir(parents=True, exist_ok=True)
    for source in sources:
        path = out / f"{source.id.replace('/', '.')}.{language}.po"
        path.write_text(to_po(source, language, GLOSSARY), encoding="utf-8", newline="\n")
    click.echo(f"Written to {out}: {len(sources)} files.")


@texts.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--good-only", is_flag=True, help="Take the texts without a problem.")
@click.option("--check", "only_check", is_flag=True, help="Say what would change; write nothing.")
def import_texts(paths: tuple[Path, ...], *, good_only: bool, only_check: bool) -> None:
    """Take PO files or workbooks from translators into this checkout."""
    sources = texts_in_use()
    for path in paths:
        checked, problems = check_file(sources, path.name, path.read_bytes())
        _print_problems([*problems, *(p for each in checked for p in each.problems)])
        for each in checked:
            click.echo(f"{each.source.id}, {each.language}: {_summary(each)}")
        if only_check:
            continue
        has_problems = problems or any(each.problems for each in checked)
        if has_problems and not good_only:
            raise click.ClickException(f"{path} has problems; nothing of it is written.")
        _write(sources, ready_files(sources, checked))
        _tell_of_forms(sources, checked)


@texts.command("check")
def check_texts() -> None:
    """Check all translations: missing, stale, lost names, plural forms, HTML; and the records."""
    sources = texts_in_use()
    problems = [
        replace(problem, file=sources.shown(sources.path(source.id, language)))
        for source in sources.all()
        for language in TRANSLATED
        for problem in standing_problems(source, language)
    ]
    _print_problems(problems)
    records = [sources.shown(path) for path in fresh_records(sources)]
    for name in records:
        click.echo(f"{name}: translations have changed; run: flask texts record")
    if problems or records:
        _fail(len(problems) + len(records))
    click.echo(f"Texts checked: {len(sources.ids())} sources. No problem.")


@texts.command("record")
@click.option("--holds", nargs=3, multiple=True, metavar="LANGUAGE SOURCE KEY")
def record(holds: tuple[tuple[str, str, str], ...]) -> None:
    """Record which English the translations of forms and reports say.

    New and changed translations say the present English. --holds says so of one that has not
    changed although its English has.
    """
    sources = texts_in_use()
    for language, source_id, key in holds:
        with told():
            source = sources.load(source_id)
        _write(sources, ready_files(sources, [_confirmed(source, language, key)]))
    _write(sources, fresh_records(texts_in_use()))


def _chosen(wished: Iterable[str]) -> list[Source]:
    """Return the sources of these ids; all without any."""
    sources = texts_in_use()
    with told():
        return [sources.load(source_id) for source_id in wished or sources.ids()]


def _confirmed(source: Source, language: str, key: str) -> Checked:
    """Return the change that says that a translation holds as it is."""
    text = next((text for text in source.texts if text.key == key), None)
    if text is None or source.kind is Kind.INTERFACE or not source.says(language, text).forms:
        told_of = f"{source.id} has no such text in {language}: {key}"
        raise click.BadParameter(told_of, param_hint="--holds")
    said = source.says(language, text)
    change = Change(text=text, before=said, forms=said.forms)
    return Checked(source=source, language=language, changes=(change,), problems=())


def _summary(checked: Checked) -> str:
    return (
        f"{len(checked.changes)} changed, {checked.same} the same, {checked.empty} empty, "
        f"{len(checked.problems)} problems"
    )


def _write(sources: Sources, files: Mapping[Path, str]) -> None:
    for path, text in files.items():
        path.write_text(text, encoding="utf-8", newline="\n")
        click.echo(f"Written: {sources.shown(path)}")


def _tell_of_forms(sources: Sources, checked: Iterable[Checked]) -> None:
    """Say what is to be done for published forms whose words have changed."""
    published = {
        f"forms/{name.agreement}/{name}": str(name)
        for name in sources.forms.names()
        if sources.forms.is_published(name)
    }
    for each in checked:
        if each.source.id in published and not all(c.is_confirmed for c in each.changes):
            name = published[each.source.id]
            click.echo(f"Then record the words: flask forms publish {name} --wording")


def _print_problems(problems: Iterable[TextProblem]) -> None:
    with force_locale("en"):
        for problem in problems:
            key = f" {problem.key}:" if problem.key else ""
            click.echo(f"{place_of(problem)}:{key} {problem_text(problem)}")


def _fail(number: int) -> NoReturn:
    raise click.ClickException(f"{number} problems" if number > 1 else "1 problem")
