"""`flask forms`: check, list and publish forms, and print their codebooks."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NoReturn

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli.errors import told
from app.forms.catalogue import Catalogue, FormName
from app.forms.check import all_problems
from app.forms.codebook_files import codebook_csv, variable_json
from app.forms.form_problem import FormError, FormProblem
from app.forms.lock import read_lock
from app.forms.publish import lock_problems, publish, publish_wording
from app.forms.schema import FILES, FORM, schema_of
from app.forms.variables import codebook

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


@forms.command("schema")
@click.argument("kind", type=click.Choice(list(FILES)), default=FORM)
def schema(kind: str) -> None:
    """Print the JSON Schema of form.yaml, of a shared choice list or of a translation."""
    click.echo(json.dumps(schema_of(kind), ensure_ascii=False, indent=1))


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
