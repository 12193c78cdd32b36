"""Check every report against the forms it reads: each problem with file and line."""

from collections.abc import Iterator
from typing import Any

from app.analysis.ids import KIND, fields_of
from app.analysis.scales import item_list, items_of
from app.charts.chart import ChartKind
from app.errors import NotFoundError
from app.forms.audience import sees
from app.forms.catalogue import Catalogue
from app.forms.definition import LANGUAGES, Audience, Form, Loop, Question, QuestionType
from app.forms.form_problem import FormError, FormProblem
from app.forms.strict_yaml import YamlMap, read_yaml
from app.forms.yaml_node import suggestion
from app.reference.files import rows
from app.reports.catalogue import ReportName, Reports
from app.reports.columns import ANSWERED, COLUMNS, question_of
from app.reports.definition import FRESHNESS, ITEMS, Measure, Report, TableDefinition, Variable
from app.reports.params import REVIEWED, WORLD


def check_reports(reports: Reports, forms: Catalogue) -> list[FormProblem]:
    """Return what is wrong with any report in any language, in the order of files and lines."""
    found: set[FormProblem] = set()
    for name in reports.names():
        for locale in LANGUAGES:
            found.update(reports.read(name, locale).problems)
        if not reports.read(name).problems:
            found.update(_Check(reports, name, forms).problems())
    return sorted(found)


class _Check:
    """One report without problems of its own, held against its forms."""

    def __init__(self, reports: Reports, name: ReportName, forms: Catalogue) -> None:
        self.report: Report = reports.read(name).report
        self.forms = forms
        self.file = f"{name}.yaml"
        self.data: YamlMap = read_yaml(reports.root / self.file)[0]

    def problems(self) -> Iterator[FormProblem]:
        for version in self.report.versions:
            try:
                form = self.forms.load(self.report.form, version)
            except (NotFoundError, FormError):
                message = f"the form {self.report.form}/{version} is not there, or is broken"
                yield self._at(self.data["collections"], "form", "collections", message)
                continue
            for variable in self.report.variables.values():
                yield from self._variable(form, variable)
            for table in self.report.tables:
                yield from self._table(form, table)

    def _at(self, data: YamlMap, key: str, where: str, message: str) -> FormProblem:
        return FormProblem(self.file, data.line_of(key), where, message)

    def _entry(self, key: str, entry_id: str) -> YamlMap:
        """Return the variable or table of that id as the file has it."""
        found: YamlMap = next(entry for entry in self.data[key] if entry["id"] == entry_id)
        return found

    def _variable(self, form: Form, variable: Variable) -> Iterator[FormProblem]:
        data = self._entry("variables", variable.id)
        if message := _wrong_question(form, variable.classes):
            yield self._at(data, "classes", variable.id, message)
        if clash := _clashes(form, variable):
            message = f"the choices {', '.join(clash)} bear names of columns"
            yield self._at(data, "classes", variable.id, message)
        if variable.items and not item_list(form, variable.items):
            message = f"{variable.items!r} is no loop or matrix of {form.name}"
            message += suggestion(variable.items, _with_items(form))
            yield self._at(data, "items", variable.id, message)
        ids = data["ids"] if isinstance(data["ids"], YamlMap) else self.data["ids"][data["ids"]]
        for field in fields_of(variable.method.ids):
            name = getattr(variable.ids, field.name)
            of = getattr(variable.ids, field.metadata.get("of", field.name))
            kind = field.metadata[KIND]
            if kind == "counted":
                message = _wrong_counted(form, name, variable.items)
            else:
                message = _wrong_id(form, kind, name, of)
            if message:
                yield self._at(ids, field.name, variable.id, message)

    def _table(self, form: Form, table: TableDefinition) -> Iterator[FormProblem]:
        data = self._entry("tables", table.id)
        schemes = {row["scheme"] for row in rows("groups")}
        if table.measure is not Measure.CROSS and table.by not in {ITEMS, *schemes}:
            message = f"{table.by!r} is neither 'items' nor one of {', '.join(sorted(schemes))}"
            yield self._at(data, "by", table.id, message)
        for name, default in table.params.items():
            allowed = self._allowed(form, table, name)
            if default not in allowed:
                message = f"{default!r} is not one of {', '.join(sorted(allowed))}"
                yield self._at(data["params"], name, table.id, message)
        if "freshness" in table.params and table.measure is not Measure.DISTRIBUTION:
            message = "only the answers in a distribution can be told apart by it; take it away"
            yield self._at(data["params"], "freshness", table.id, message)
        if table.chart:
            yield from self._chart(form, table, data)

    def _chart(self, form: Form, table: TableDefinition, data: YamlMap) -> Iterator[FormProblem]:
        """Yield what is wrong with the chart of a table: its columns, and parts that overlap."""
        if table.chart is None:
            return
        known = self._drawn(form, table)
        for name in table.chart.columns:
            if name not in known:
                message = f"{name!r} is no column; draw some of {', '.join(sorted(known))}"
                yield self._at(data["chart"], "columns", table.id, message)
        variables = [self.report.variables[name] for name in table.variables.values() if name]
        if table.chart.kind is ChartKind.STACKED_BARS and any(
            _has_several(form, variable) for variable in variables
        ):
            message = "classes that overlap cannot be stacked; take heat-map or small-multiples"
            yield self._at(data["chart"], "kind", table.id, message)

    def _drawn(self, form: Form, table: TableDefinition) -> set[str]:
        """Return the columns that a chart of *table* can show, whatever a reader chooses."""
        if table.measure is Measure.COVERAGE:
            return {ANSWERED}
        codes = [_codes_of(form, self.report.variables[v]) for v in table.variables.values() if v]
        return {ANSWERED, *set.intersection(*codes)} if codes else {ANSWERED}

    def _allowed(self, form: Form, table: TableDefinition, param: str) -> set[str]:
        groups = rows("groups")
        match param:
            case "unit":
                return set(table.variables)
            case "reviewed":
                return set(REVIEWED)
            case "freshness":
                return set(FRESHNESS)
            case "by":
                return {row["scheme"] for row in groups}
            case "group":
                return {WORLD, *(f"{row['scheme']}:{row['code']}" for row in groups)}
        found = (v for v in self.report.variables.values() if v.param == param)
        return {code for v in found for code in items_of(form, v.items)}


def _has_several(form: Form, variable: Variable) -> bool:
    """Tell whether one thing can be in several classes of a variable."""
    try:
        return question_of(form, variable.classes).type is QuestionType.SELECT_MULTIPLE
    except KeyError:
        return False  # reported as no question


def _codes_of(form: Form, variable: Variable) -> set[str]:
    """Return the classes that a variable always has: the choices of its question."""
    try:
        return {choice.code for choice in question_of(form, variable.classes).choices}
    except KeyError:
        return set()  # reported as no question


def _clashes(form: Form, variable: Variable) -> list[str]:
    """Return the choices whose codes are columns of every table."""
    try:
        choices = question_of(form, variable.classes).choices
    except KeyError:
        return []  # reported as no question
    return sorted({choice.code for choice in choices} & COLUMNS)


def _wrong_id(form: Form, kind: str, name: str, of: str) -> str:
    """Return what is wrong with an id that a method is given; "" if nothing."""
    if kind == "container":
        return "" if form.container(name) else f"{name!r} is no loop or repeat of {form.name}"
    if kind == "question":
        return _wrong_question(form, name)
    try:
        choices: Any = {choice.code for choice in question_of(form, of).choices}
    except KeyError:
        return ""  # reported where the question is named
    return "" if name in choices else f"{name!r} is no choice of {of!r} in {form.name}"


def _wrong_counted(form: Form, name: str, items: str) -> str:
    """Return what is wrong with a question whose answers are counted; "" if nothing.

    items   the loop or matrix that the variable goes over; "" if none
    """
    if message := _wrong_question(form, name):
        return message
    if not question_of(form, name).choices:
        return f"{name!r} has no choices that could be counted"
    container_id, _, question_id = name.partition(".")
    own = container_id if question_id and form.container(container_id) else name
    over = own if item_list(form, own) else ""
    top = {e.id for section in form.sections for e in section.elements if isinstance(e, Question)}
    if not over and name not in top:
        return (
            f"{name!r} is not asked once of each Party; name a question in no container, "
            "'loop.question', 'matrix' or 'matrix.item'"
        )
    if over != items:
        return (
            f"{name!r} is asked of each item; write 'items: {over}'"
            if over
            else (f"{name!r} is asked once; take 'items' and 'param' away")
        )
    return ""


def _with_items(form: Form) -> list[str]:
    """Return the ids of what has items: loops, and matrices in no container."""
    names = {q.matrix.id for q in form.questions() if q.matrix}
    names |= {element.id for element in form.elements() if isinstance(element, Loop)}
    return sorted(name for name in names if item_list(form, name))


def _wrong_question(form: Form, name: str) -> str:
    """Return what is wrong with a question that a report reads; "" if nothing."""
    try:
        question = question_of(form, name)
    except KeyError:
        known = [question.id for question in form.questions()]
        return f"{name!r} is no question of {form.name}{suggestion(name, known)}"
    if not sees(Audience.PUBLIC, question.audience):
        return f"{name!r} is not for the public, and a report is"
    return ""
