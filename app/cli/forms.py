"""`flask forms`: check, list and publish forms, and print their codebooks."""

import csv
import json
from collections.abc import Iterable
from dataclasses import astuple, fields
from pathlib import Path
from typing import Final, NoReturn

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli.errors import told
from app.files.cells import escape
from app.forms.catalogue import Catalogue, FormName
from app.forms.check import FOLDER_NAME, all_problems
from app.forms.codebook_files import codebook_csv, variable_json
from app.forms.definition import LANGUAGES
from app.forms.effects import Fate, effects_on_answers, effects_on_translations, touched
from app.forms.form_problem import FormError, FormProblem
from app.forms.lock import read_lock
from app.forms.publish import lock_problems, publish, publish_wording
from app.forms.schema import FILES, FORM, schema_of
from app.forms.variables import codebook
from app.forms.xlsform.convert import NothingAskedError, from_xlsform, to_xlsform
from app.forms.xlsform.places import Told
from app.forms.xlsform.workbook import NoXlsFormError
from app.reports.catalogue import reports_at
from app.reports.readers import looks_at

forms = AppGroup("forms", help="What we ask: check, list, publish, codebook.")

_CHANGELOG: Final = "CHANGELOG.md"


@forms.command("check")
def check() -> None:
    """Check every form, its translations and the shared choice lists; name all that is wrong."""
    catalogue = _catalogue()
    problems = {*all_problems(catalogue), *lock_problems(catalogue)}
    if problems:
        _print_and_fail(sorted(problems))
    click.echo(f"Forms checked: {len(catalogue.names())}. No problem.")


@forms.command("list")
def list_forms() -> None:
    """List every version of every form, with its wording and languages."""
    catalogue = _catalogue()
    lock = read_lock(catalogue.root)
    for name in catalogue.names():
        published = lock.get(str(name))
        state = f"wording {published.wording}" if published else "not published"
        languages = " ".join(catalogue.languages(name.form, name.version))
        click.echo(f"{name.agreement}  {name}  {state}  {languages}")


@forms.command("publish")
@click.argument("name", metavar="FORM/VERSION")
@click.option("--wording", is_flag=True, help="Record new words of a published version.")
@click.option("--drop", multiple=True, metavar="KEY", help="Give up a key; may be repeated.")
def publish_form(name: str, drop: tuple[str, ...], *, wording: bool) -> None:
    """Freeze a version of a form for ever, or record its new words."""
    catalogue = _catalogue()
    if wording and drop:
        raise click.UsageError("New words drop no key; leave out --drop.")
    found = _name(catalogue, name)
    try:
        if wording:
            published = publish_wording(catalogue, found, catalogue.root.parent / _CHANGELOG)
        else:
            published = publish(catalogue, found, drop)
    except FormError as error:
        _print_and_fail(error.problems)
    click.echo(f"{found} is published, with wording {published.wording}.")
    missing = sorted(set(LANGUAGES) - set(catalogue.languages(found.form, found.version)))
    if missing:
        click.echo(
            f"It is not complete in {', '.join(missing)}: after a restart, the platform no longer"
            " offers these languages. What is missing: flask texts list"
        )


@forms.command("codebook")
@click.argument("name", metavar="FORM[/VERSION]")
@click.option("--format", "shape", type=click.Choice(["csv", "json"]), default="csv")
def codebook_of(name: str, shape: str) -> None:
    """Print every column of a form's flat files, with question, type, unit and codes."""
    found = _name(_catalogue(), name)
    try:
        form = _catalogue().load(found.form, found.version)
    except FormError as error:
        _print_and_fail(error.problems)
    if shape == "csv":
        click.echo(codebook_csv(codebook(form)), nl=False)
        return
    variables = [variable_json(variable) for variable in codebook(form)]
    head = {"form": form.id, "version": form.version, "language": form.locale}
    click.echo(json.dumps({**head, "variables": variables}, ensure_ascii=False, indent=1))


@forms.command("compare")
@click.argument("old", metavar="FORM/VERSION")
@click.argument("new", metavar="FORM/VERSION")
def compare_forms(old: str, new: str) -> None:
    """Say what a new version does to answers, translations and reports."""
    catalogue = _catalogue()
    before, after = _name(catalogue, old), _name(catalogue, new)
    try:
        answers = effects_on_answers(
            catalogue.load(before.form, before.version), catalogue.load(after.form, after.version)
        )
    except FormError as error:
        _print_and_fail(error.problems)
    click.echo(f"Answers, from {before} to {after}")
    for fate in Fate:
        found = [effect for effect in answers if effect.fate is fate]
        click.echo(f"  {fate}: {len(found)}")
        for effect in found if fate is not Fate.KEPT else ():
            click.echo(f"    {effect.key}" + (f": {effect.about}" if effect.about else ""))
    click.echo("Translations")
    for language in effects_on_translations(catalogue, before, after):
        for what, keys in (("missing", language.missing), ("stale", language.stale)):
            told = f": {', '.join(keys)}" if keys else ""
            click.echo(f"  {language.locale}, {what}: {len(keys)}{told}")
    click.echo("Reports that look at a question refused, dropped or changed")
    reports = reports_at(current_app.config["REPORTS_DIR"])
    for look in looks_at(reports, after.form, touched(answers)):
        tables = f", shown in {', '.join(look.tables)}" if look.tables else ""
        click.echo(f"  {look.report}: {look.variable} looks at {', '.join(look.questions)}{tables}")
        if after.version not in look.versions:
            click.echo(f"  {look.report}: does not read version {after.version}")


@forms.command("schema")
@click.argument("kind", type=click.Choice(list(FILES)), default=FORM)
def schema(kind: str) -> None:
    """Print the JSON Schema of form.yaml, a shared or managed list, or a translation."""
    click.echo(json.dumps(schema_of(kind), ensure_ascii=False, indent=1))


@forms.command("from-xlsform")
@click.argument("path", metavar="FILE.xlsx", type=click.Path(exists=True, path_type=Path))
@click.option("--out", required=True, type=Path, metavar="forms/AGREEMENT/FORM/VERSION")
@click.option("--report", type=Path, metavar="FILE.csv", help="Write the list to a file too.")
def read_xlsform(path: Path, out: Path, report: Path | None) -> None:
    """Make a form of an XLSForm, in a folder; list what cannot be carried over."""
    *_, agreement, form, version = ("", "", *out.resolve().parts)
    is_named = FOLDER_NAME.fullmatch(agreement) and FOLDER_NAME.fullmatch(form)
    if not is_named or not version.isdecimal():
        raise click.BadParameter("name the folder AGREEMENT/FORM/VERSION", param_hint="--out")
    try:
        lines = from_xlsform(path, out, _catalogue().root)
    except FileExistsError as error:
        raise click.ClickException(f"{error} is there already; choose another folder") from error
    except NothingAskedError as error:
        _tell(error.told, report)
        raise click.ClickException(f"{path}: nothing in it can be asked here; see above") from error
    except NoXlsFormError as error:
        raise click.ClickException(f"{path} cannot be read as an XLSForm: {error}") from error
    _tell(lines, report)
    click.echo(f"Written to {out}. Not carried over as it was: {len(lines)}.")


def _tell(lines: list[Told], report: Path | None) -> None:
    """Print what is not carried over, each with its place; write it to a file too."""
    for line in lines:
        click.echo(str(line))
    if report:
        with report.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(field.name for field in fields(Told))
            writer.writerows(map(escape, map(str, astuple(line))) for line in lines)


@forms.command("to-xlsform")
@click.argument("name", metavar="FORM[/VERSION]")
@click.option("--out", required=True, type=Path, metavar="FILE.xlsx")
def write_xlsform(name: str, out: Path) -> None:
    """Write a form as an XLSForm; list what other programs will not read."""
    try:
        kept = to_xlsform(_catalogue(), _name(_catalogue(), name), out)
    except FormError as error:
        _print_and_fail(error.problems)
    for line in kept:
        click.echo(line)
    told = "XLSForm has no place for the above" if kept else "XLSForm has a place for all of it"
    also = "; it stands in the sheet 'canopy', which other programs do not read" if kept else ""
    click.echo(f"Written to {out}. {told}{also}.")


def _catalogue() -> Catalogue:
    """Return the forms as they are on disk now."""
    root: Path = current_app.config["FORMS_DIR"]
    return Catalogue(root)


def _name(catalogue: Catalogue, written: str) -> FormName:
    """Return the version that `FORM/VERSION` or `FORM` (its latest version) names."""
    form, _, version = written.partition("/")
    if version and not version.isdecimal():
        raise click.BadParameter("write FORM/VERSION, such as aichi-progress/1")
    with told():
        return catalogue.find(form, int(version) if version else catalogue.latest(form))


def _print_and_fail(problems: Iterable[FormProblem]) -> NoReturn:
    """Print every problem on a line of its own, and end with exit code 1."""
    lines = [str(problem) for problem in problems]
    for line in lines:
        click.echo(line)
    raise click.ClickException(f"{len(lines)} problems" if len(lines) > 1 else "1 problem")
