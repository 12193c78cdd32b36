"""`flask reports`: check and list reports, and print a table."""

import json
from collections.abc import Iterable

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli.errors import told
from app.extensions import db, forms_in_use
from app.reports.build import build_table
from app.reports.catalogue import Reports, reports_at
from app.reports.check import check_reports
from app.reports.exports import to_csv, to_json

reports = AppGroup("reports", help="What is told: reports and their tables.")


def _reports() -> Reports:
    return reports_at(current_app.config["REPORTS_DIR"])


@reports.command("check")
def check() -> None:
    """Check every report against the forms it reads; name what is wrong and where."""
    problems = check_reports(_reports(), forms_in_use())
    for problem in problems:
        click.echo(f"reports/{problem}", err=True)
    if problems:
        number = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise click.ClickException(f"{number} in the reports")
    click.echo(f"Reports checked: {len(_reports().names())}. No problem.")


@reports.command("list")
def list_reports() -> None:
    """List every report with its tables and the languages in which it is complete."""
    for name in _reports().names():
        with told():
            report = _reports().load(name.agreement, name.report)
        languages = " ".join(_reports().languages(name.agreement, name.report))
        click.echo(f"{name}  {report.form}  {languages}  {report.title}")
        for table in report.tables:
            params = " ".join(f"{key}={value}" for key, value in table.params.items())
            click.echo(f"  {name}/{table.id}  {params}")


@reports.command("table")
@click.argument("name", metavar="AGREEMENT/REPORT/TABLE")
@click.option("--collection", required=True, metavar="CODE")
@click.option("--by", metavar="SCHEME", help="Groups that are the rows, such as cbd_region.")
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE")
@click.option("--as-of", metavar="T", help="Data cut-off: a day or a moment; default now.")
@click.option("--members-on", metavar="DATE", help="Day of membership; default the due date.")
@click.option("--format", "shape", type=click.Choice(["csv", "json"]), default="csv")
def table(  # one parameter for each option
    name: str,
    collection: str,
    by: str | None,
    params: tuple[str, ...],
    as_of: str | None,
    members_on: str | None,
    shape: str,
) -> None:
    """Print one table of a report over a collection."""
    agreement, _, rest = name.partition("/")
    report_id, _, table_id = rest.partition("/")
    given = {"by": by, "as_of": as_of, "members_on": members_on}
    with told():
        built = build_table(
            db.session(),
            forms_in_use(),
            _reports().load(agreement, report_id),
            table_id,
            collection,
            {**_pairs(params), **{key: value for key, value in given.items() if value}},
        )
    if built.synthetic:
        click.echo("Synthetic data, made for demonstration.", err=True)
    if shape == "csv":
        click.echo(to_csv(built), nl=False)
    else:
        click.echo(json.dumps(to_json(built), ensure_ascii=False, indent=2))


def _pairs(params: Iterable[str]) -> dict[str, str]:
    """Return parameters by name; refuse what is not NAME=VALUE."""
    pairs = {}
    for param in params:
        name, equals, value = param.partition("=")
        if not (name and equals):
            raise click.BadParameter(f"write NAME=VALUE, not {param}", param_hint="--param")
        pairs[name] = value
    return pairs
