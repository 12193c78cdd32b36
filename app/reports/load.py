"""Read a report from its files: strict, with every problem named by file and line.

`<report>.yaml` holds the report in English. Each other language is a flat map beside it,
`<report>.<language>.yaml`, with the same text keys; `common.yaml` is worded in the same way.
"""

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from string import Formatter
from typing import Any, Final

from app.analysis.indicators import METHODS, Unit
from app.charts.chart import ChartKind
from app.forms.form_problem import FormProblem
from app.forms.strict_yaml import YamlMap, read_yaml
from app.forms.yaml_node import Node
from app.reports.definition import (
    ITEMS,
    ChartDefinition,
    Figures,
    Measure,
    Report,
    TableDefinition,
    Variable,
)

SHARED_PARAMS: Final = (
    "unit",
    "by",
    "group",
    "reviewed",
    "freshness",
)  # and the item of a variable
_KEBAB: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_TOP: Final = (
    *("report", "agreement", "title", "intro", "collections"),
    *("ids", "variables", "tables", "texts"),
)
_TABLE: Final = (
    *("id", "title", "caption", "intro", "measure"),
    *("variable", "rows", "by", "params", "notes", "chart"),
)
_CHART: Final = ("kind", "figures", "columns", "by")
_CHARTS: Final = [kind for kind in ChartKind if kind is not ChartKind.LINES]  # a table has no time


class Problems(list[FormProblem]):
    """The problems found so far."""

    def add(self, file: str, line: int, where: str, message: str) -> None:
        """Report a problem."""
        self.append(FormProblem(file, line, where, message))


def read_texts(path: Path, file: str) -> tuple[dict[str, str], Problems]:
    """Return the flat map of texts in *path*, and its problems."""
    problems = Problems()
    data = _read(path, file, problems)
    texts = {}
    for key, value in data.items():
        if isinstance(value, str) and value.strip():
            texts[key] = value
        else:
            problems.add(file, data.line_of(key), key, "write a text, in quotes if need be")
    return texts, problems


def read_report(
    path: Path, file: str, common: Mapping[str, str]
) -> tuple[Report, dict[str, str], Problems]:
    """Return the report in English, its own texts by key, and its problems.

    With problems, the report is what could be read of it.
    """
    problems = Problems()
    node = Node(_read(path, file, problems), file, path.stem, problems)
    node.only(_TOP)
    own = {key: text for key in ("title", "intro") if (text := node.text(key, needed=True))}
    for key in (extra := _map(node, "texts")):
        own[key] = Node(extra, file, key, problems).text(key, needed=True)
    where = Node(_map(node, "collections"), file, "collections", problems)
    where.only(("kinds", "form", "versions"))
    sets = _map(node, "ids")
    read = [_variable(each, sets) for each in node.nodes("variables")]
    variables = {variable.id: variable for variable in read if variable}
    tables = [_table(each, variables, own, {**common, **own}) for each in node.nodes("tables")]
    _unlike(path, node)
    report = Report(
        agreement=node.text("agreement", needed=True),
        id=node.text("report", needed=True),
        title=own.get("title", ""),
        intro=own.get("intro", ""),
        kinds=where.several_of("kinds", ("national",)),
        form=where.text("form", needed=True),
        versions=_versions(where),
        variables=variables,
        tables=tuple(tables),
        texts={**common, **own},
        locale="en",
    )
    return report, own, problems


def _read(path: Path, file: str, problems: Problems) -> YamlMap:
    data, errors = read_yaml(path, file)
    problems.extend(FormProblem(e.file, e.line, "", e.message) for e in errors)
    if isinstance(data, YamlMap):
        return data
    if not errors:
        problems.add(file, 1, "", "a file holds keys with values; write some")
    return YamlMap()


def _map(node: Node, key: str) -> YamlMap:
    """Return the mapping under *key*; an empty one if absent."""
    value = node.data.get(key)
    if isinstance(value, YamlMap):
        return value
    if value is not None:
        node.wrong(key, f"{key!r} has keys of its own")
    return YamlMap(node.data.line_of(key))


def _unlike(path: Path, node: Node) -> None:
    """Report a name that is not that of the file or folder."""
    if node.text("report") != path.stem:
        node.wrong("report", f"the report is called as its file: {path.stem}")
    if node.text("agreement") != path.parent.name:
        node.wrong("agreement", f"the agreement is called as the folder: {path.parent.name}")


def _versions(node: Node) -> tuple[int, ...]:
    found = node.data.get("versions")
    if isinstance(found, list) and found and all(type(v) is int for v in found):
        return tuple(found)
    node.wrong("versions", "list the versions of the form that are read, such as [1]")
    return (1,)


def _variable(node: Node, sets: YamlMap) -> Variable | None:
    """Read a variable; its `ids` stand in it, or are the name of a set of ids.

    None for a method that we do not have: which ids it takes cannot be known.
    """
    node.only(("id", "method", "classes", "items", "param", "ids"))
    name = node.identifier()
    named_method = node.one_of("method", METHODS)
    if node.data.get("method") != named_method:
        return None
    method = METHODS[named_method]
    named = node.data.get("ids")
    given_ids = sets.get(named) if isinstance(named, str) else _map(node, "ids")
    if not isinstance(given_ids, YamlMap):
        node.wrong("ids", f"there is no set of ids called {named!r}")
        given_ids = YamlMap(node.data.line_of("ids"))
    ids = Node(given_ids, node.file, name, node.problems)
    wanted = [field.name for field in fields(method.ids)]
    ids.only(wanted)
    given = {key: ids.text(key, needed=True) for key in wanted}
    if bool(node.text("items")) != bool(node.text("param")):
        node.wrong("items", "name 'items' (a loop) and 'param' (what chooses an item) together")
    return Variable(
        id=name,
        method=method,
        ids=method.ids(**given),
        classes=node.text("classes") or given.get("question") or node.text("classes", needed=True),
        items=node.text("items"),
        param=node.text("param"),
    )


def _table(
    node: Node, variables: Mapping[str, Variable], own: dict[str, str], texts: Mapping[str, str]
) -> TableDefinition:
    node.only(_TABLE)
    table_id = node.where = node.text("id", needed=True)
    if not _KEBAB.fullmatch(table_id):
        node.wrong("id", "write the id in lower case with hyphens, such as progress-by-region")
    for key in ("title", "caption", "intro"):
        if text := node.text(key, needed=key != "intro"):
            own[f"{table_id}.{key}"] = text
    measure = Measure(node.one_of("measure", list(Measure)))
    counted = _counted(node, measure, variables)
    params = _params(node, {variables[name].param for name in counted.values() if name} - {""})
    _check_placeholders(node, params)
    return TableDefinition(
        id=table_id,
        title=node.text("title"),
        caption=node.text("caption"),
        intro=node.text("intro"),
        measure=measure,
        variables=counted,
        rows=_by_unit(node, "rows", variables) if measure is Measure.CROSS else {},
        by=node.text("by", needed=measure is not Measure.CROSS) or ITEMS,
        params=params,
        notes=_notes(node, texts),
        chart=_chart(node) if node.has("chart") else None,
    )


def _chart(table: Node) -> ChartDefinition:
    """Read how a table is drawn; which columns it has is checked against the form."""
    node = Node(_map(table, "chart"), table.file, table.where, table.problems)
    node.only(_CHART)
    kind = ChartKind(node.one_of("kind", _CHARTS))
    columns = node.data.get("columns", [])
    if not isinstance(columns, list) or not all(isinstance(name, str) for name in columns):
        node.wrong("columns", "list the classes to draw, such as [answered]")
        columns = []
    if kind is ChartKind.BARS and len(columns) != 1:
        node.wrong("columns", "bars show one column; name it, such as [answered]")
    if node.has("by") and kind is not ChartKind.SMALL_MULTIPLES:
        node.wrong("by", "only small-multiples have a panel for each row or class")
    return ChartDefinition(
        kind=kind,
        figures=Figures(node.one_of("figures", list(Figures), Figures.ASKED)),
        columns=tuple(columns),
        is_by_class=node.one_of("by", ("rows", "classes"), "rows") == "classes",
    )


def _by_unit(node: Node, key: str, variables: Mapping[str, Variable]) -> dict[str, str]:
    """Return the variable for each unit; one alone is that of its method's unit."""
    value: Any = node.data.get(key)
    if isinstance(value, str) and value in variables:
        return {variables[value].method.unit: value}
    if not isinstance(value, YamlMap):
        known = ", ".join(variables)
        node.wrong(key, f"name as {key!r} a variable ({known}), or one for each unit")
        return {}
    found = {}
    for unit, name in value.items():
        if name in variables and variables[name].method.unit == unit:
            found[unit] = name
        else:
            node.wrong(key, f"{name!r} is no variable that counts {unit}")
    return found


def _counted(node: Node, measure: Measure, variables: Mapping[str, Variable]) -> dict[str, str]:
    """Return the variable that is counted in each unit; coverage counts Parties without one."""
    if measure is not Measure.COVERAGE:
        return _by_unit(node, "variable", variables)
    found = _by_unit(node, "variable", variables) if node.has("variable") else {}
    if Unit.PARTIES in found:
        node.wrong("variable", "coverage counts Parties without a variable; name assessments only")
    return {Unit.PARTIES: "", **found}


def _params(node: Node, item_params: set[str]) -> dict[str, str]:
    given = _map(node, "params")
    inside = Node(given, node.file, node.where, node.problems)
    inside.only((*SHARED_PARAMS, *item_params))
    return {name: inside.text(name, needed=True) for name in given}


def _check_placeholders(node: Node, params: Mapping[str, str]) -> None:
    for name in placeholders(node.text("caption")):
        if name not in params:
            node.wrong("caption", f"{{{name}}} is no parameter of this table")


def _notes(node: Node, texts: Mapping[str, str]) -> tuple[str, ...]:
    known = [key.removeprefix("note.") for key in texts if key.startswith("note.")]
    return node.several_of("notes", known)


def placeholders(text: str) -> set[str]:
    """Return the names in braces; raise ValueError for a brace that stands alone."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
