"""One of our forms as the sheets of an XLSForm.

survey, choices, settings  what XLSForm can say
canopy                     the rest, by name in the survey: property and value. Other programs do
                           not read this sheet; we do, so that nothing is lost on the way back

The sheet `canopy` is the list of what an XLSForm cannot carry.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from app.forms.definition import LANGUAGES
from app.forms.form_problem import FormError
from app.forms.load import FORM_FILE, Reading, read_form
from app.forms.rule_parser import names_in, parse
from app.forms.strict_yaml import load_yaml
from app.forms.wording import ENGLISH
from app.forms.xlsform.kept import (
    CANOPY,
    INTRO,
    NAMES,
    WHOLE,
    Kept,
    Row,
    list_name,
    marked,
    plain,
    table,
)
from app.forms.xlsform.notation import NotSayableError, XPathWriter, read_xpath

_TYPES: Final = {
    **{kind: kind for kind in ("note", "text", "integer", "decimal", "date")},
    "select_one": "select_one",
    "reference": "select_one",
    "select_multiple": "select_multiple",
    "calculated": "calculate",
}
_SURVEY: Final = (
    *("type", "name", "required", "relevant", "constraint", "appearance", "calculation"),
)
_TEXTS: Final = ("label", "hint", "constraint_message")
_SAID: Final = {"id", "type", "label", "relevant", "required", "elements", "choices", "items"}


@dataclass
class Where:
    """Where an element stands: names it can look at, by what is in front of them in the survey."""

    path: tuple[str, ...] = ()  # containers, outermost first
    prefix: str = ""  # of names inside a loop: "targets.aichi-01."
    is_first: bool = True  # whether it is the first item of each loop around it
    item: dict[str, str] = field(default_factory=dict)  # prefix of each container in `path`


def sheets_of(folder: Path, root: Path) -> dict[str, list[list[str]]]:
    """Return the sheets of the form in *folder*; raise FormError when it is broken."""
    readings = {}
    for locale in LANGUAGES:
        reading = read_form(folder, root, locale)
        if locale == ENGLISH or reading.wording.exists:
            readings[locale] = reading
    if problems := readings[ENGLISH].problems:
        raise FormError(problems)
    return _Outgoing(load_yaml(folder / FORM_FILE), readings).sheets()


class _Outgoing(Kept):
    """Walks form.yaml, with the blocks written out, and fills the sheets."""

    def __init__(self, data: Mapping[str, Any], readings: Mapping[str, Reading]) -> None:
        super().__init__(data, readings)
        self.survey: list[Row] = []
        self.types: dict[str, str] = {}  # by id
        self.paths: dict[str, list[tuple[str, ...]]] = {}  # where each id stands
        for section in data["sections"]:
            self.note_ids(section, ())
        standing = Counter(name for name, paths in self.paths.items() for _ in paths)
        self.doubled = {name for name, count in standing.items() if count > 1}

    def note_ids(self, parent: Mapping[str, Any], path: tuple[str, ...]) -> None:
        for element, _ in self.expanded(parent["elements"]):
            self.types[element["id"]] = element["type"]
            self.paths.setdefault(element["id"], []).append(path)
            if "elements" in element:
                self.note_ids(element, (*path, element["id"]))

    def expanded(self, elements: Any, block: str = "") -> Iterator[tuple[Any, str]]:  # noqa: ANN401
        """Yield each element with the run of the block it comes from, "" for none."""
        runs = 1
        for element in elements or ():
            if "use" in element:
                yield from self.expanded(self.blocks[element["use"]], element["use"])
                runs += 1
            else:
                yield element, (f"{block}_{runs}" if runs > 1 else block) if block else ""

    # Sheets

    def sheets(self) -> dict[str, list[list[str]]]:
        data = self.data
        if data.get("intro"):
            self.intro("", "form", "intro")
        for section in data["sections"]:
            name = section["id"]
            self.row("begin_group", name, label=f"{name}.title", appearance="field-list")
            self.rule(self.survey[-1], section, "relevant", Where())
            if section.get("intro"):
                self.intro(name, name, f"{name}.intro")
            self.elements(section, Where())
            self.survey.append({"type": "end_group"})
        languages = [NAMES[locale] for locale in self.locales]
        survey = (*_SURVEY, *(f"{text}::{name}" for text in _TEXTS for name in languages))
        return {
            "survey": table([c for c in survey if any(c in r for r in self.survey)], self.survey),
            "choices": self.choices(languages),
            "settings": self.settings(),
            CANOPY: table(("name", "property", "value", *languages[1:]), self.canopy),
        }

    def settings(self) -> list[list[str]]:
        data = self.data
        if "workflow" in data:
            self.keep("", "workflow", data["workflow"])
        if data.get("signed_by"):
            self.keep("", "signed_by", " ".join(data["signed_by"]))
        for locale in self.locales[1:]:
            self.keep_text("", "title", "title", locale)
        heads = ["form_title", "form_id", "version", "default_language"]
        title = marked(data["title"])
        return [heads, [title, data["form"], str(data["version"]), NAMES[ENGLISH]]]

    # Survey

    def elements(self, parent: Mapping[str, Any], where: Where) -> None:
        for element, block in self.expanded(parent["elements"]):
            name = self.name(element["id"], where)
            if where.is_first and block:
                self.keep(name, "block", block)
            match element["type"]:
                case "repeat":
                    self.repeat(element, name, where)
                case "loop":
                    self.loop(element, name, where)
                case kind if kind in _TYPES:
                    self.question(element, name, where)
                case _:
                    self.other_type(element, name, where)

    def name(self, element_id: str, where: Where, path: tuple[str, ...] | None = None) -> str:
        """Return the name in the survey of what stands in *path* (default: in *where*)."""
        path = where.path if path is None else path
        prefix = where.item.get(path[-1], "") if path else ""
        is_doubled = element_id in self.doubled and path and self.types[path[-1]] != "loop"
        return f"{prefix}{path[-1]}.{element_id}" if is_doubled else f"{prefix}{element_id}"

    def question(self, element: Mapping[str, Any], name: str, where: Where) -> None:
        kind, key = element["type"], element["id"]
        said = _TYPES[kind]
        if said.startswith("select"):
            said = f"{said} {list_name(element, 'choices')}"
        self.row(said, name, label=f"{key}.label", hint=f"{key}.hint")
        row = self.survey[-1]
        if element.get("long"):
            row["appearance"] = "multiline"
        for rule in ("relevant", "required"):
            self.rule(row, element, rule, where)
        kept = {"long", "hint"}
        if kind == "calculated":
            self.rule(row, element, "rule", where, "calculation")
            kept.add("rule")
            if "calculation" not in row:
                row["type"] = "note"
                self.keep_first(where, name, "type", kind)
        elif kind == "reference":
            self.keep_first(where, name, "type", kind)
        self.checks(row, element, where)
        self.keep_rest(element, name, where, kept)

    def other_type(self, element: Mapping[str, Any], name: str, where: Where) -> None:
        """Write what XLSForm has no type for: a note in its place, and the whole of it kept."""
        self.row("note", name, label=f"{element['id']}.label", hint=f"{element['id']}.hint")
        self.rule(self.survey[-1], element, "relevant", where, keep=False)
        self.survey[-1].pop("required", None)
        if where.is_first:
            named = {k: list_name(element, k) for k in ("choices", "items") if k in element}
            named = {k: name for k, name in named.items() if name not in self.reference}
            self.keep(name, WHOLE, {**plain(element), **named})
            self.keep_checks_texts(element, name)

    def keep_checks_texts(self, element: Mapping[str, Any], name: str) -> None:
        for check in element.get("checks") or ():
            self.keep(name, f"message {check['id']}", check["message"], f"{check['id']}.message")

    def repeat(self, element: Mapping[str, Any], name: str, where: Where) -> None:
        self.row("begin_repeat", name, label=f"{element['id']}.label")
        row = self.survey[-1]
        self.rule(row, element, "relevant", where)
        self.checks(row, element, where, can_constrain=False)
        self.keep_rest(element, name, where, set())
        inside = Where(
            (*where.path, element["id"]),
            where.prefix,
            where.is_first,
            {**where.item, element["id"]: where.prefix},
        )
        self.elements(element, inside)
        self.survey.append({"type": "end_repeat"})

    def loop(self, element: Mapping[str, Any], name: str, where: Where) -> None:
        listed, key = list_name(element, "items"), element["id"]
        self.row("begin_group", name, label=f"{key}.label")
        self.rule(self.survey[-1], element, "relevant", where)
        self.keep_first(where, name, "type", "loop")
        self.keep_first(where, name, "items", listed)
        self.keep_rest(element, name, where, set())
        for at, item in enumerate(self.lists[ENGLISH][listed]):
            row = {"type": "begin_group", "name": f"{name}.{item.code}"}
            for locale in self.locales:
                row[f"label::{NAMES[locale]}"] = self.lists[locale][listed][at].label
            self.survey.append(row)
            prefix = f"{name}.{item.code}."
            self.elements(
                element,
                Where(
                    (*where.path, key),
                    prefix,
                    where.is_first and at == 0,
                    {**where.item, key: prefix},
                ),
            )
            self.survey.append({"type": "end_group"})
        self.survey.append({"type": "end_group"})

    def row(
        self, kind: str, name: str, *, label: str, hint: str = "", appearance: str = ""
    ) -> None:
        row = {"type": kind, "name": name, "appearance": appearance}
        for text, key in (("label", label), ("hint", hint)):
            for locale in self.locales:
                if found := self.translation(key, locale):
                    row[f"{text}::{NAMES[locale]}"] = found
        self.survey.append({key: value for key, value in row.items() if value})

    def intro(self, section: str, name: str, key: str) -> None:
        note = f"{name}_intro"
        while note in self.types:
            note += "_"
        self.row("note", note, label=key)
        self.keep(note, INTRO, section)

    # Rules

    def rule(
        self,
        row: Row,
        element: Mapping[str, Any],
        key: str,
        where: Where,
        column: str = "",
        *,
        keep: bool = True,
    ) -> None:
        """Write a rule into its column; keep it in our notation where XPath cannot say it."""
        value = element.get(key)
        if value is None or (value is False and key == "required"):
            return
        if value is True:
            if key == "required":
                row["required"] = "yes"
            return
        try:
            row[column or key] = self.xpath(str(value).lower() if value is False else value, where)
        except NotSayableError:
            if keep:
                self.keep_first(where, row["name"], key, value)

    def xpath(self, source: str, where: Where, itself: str = "") -> str:
        """Return a rule as XPath that reads back as the same rule."""
        tree = parse(str(source))
        refs, types, back = {}, {}, {}
        for node in names_in(tree):
            name = node["v"]
            refs[name], types[name] = self.ref(name, where)
            if name == itself:
                refs[name] = "."
            back[refs[name]] = name
        said = XPathWriter(refs, types).write(tree)
        if read_xpath(said, lambda ref: back[ref]) != tree:
            raise NotSayableError(source)
        return said

    def ref(self, name: str, where: Where) -> tuple[str, str]:
        """Return the name in the survey of what a rule standing in *where* looks at, its type."""
        *steps, last = name.split(".")
        kinds = [self.types.get(step) for step in steps]
        if last not in self.types or any(kind != "repeat" for kind in kinds):
            raise NotSayableError(name)
        for path in self.paths[last]:
            outer = path[: len(path) - len(steps)]
            if path[len(outer) :] == tuple(steps) and where.path[: len(outer)] == outer:
                item = {**where.item, **dict.fromkeys(steps, where.prefix)}
                seen = Where(where.path, where.prefix, item=item)
                kind = self.types[last]
                if kind == "loop":
                    raise NotSayableError(name)
                return self.name(last, seen, path), kind
        raise NotSayableError(name)

    def checks(
        self,
        row: Row,
        element: Mapping[str, Any],
        where: Where,
        *,
        can_constrain: bool = True,
    ) -> None:
        """Write the first check that blocks as constraint, keep the others."""
        for at, check in enumerate(element.get("checks") or ()):
            is_problem = check.get("severity", "problem") == "problem"
            if can_constrain and is_problem and "constraint" not in row:
                try:
                    row["constraint"] = self.xpath(check["rule"], where, element["id"])
                except NotSayableError:
                    pass
                else:
                    for locale in self.locales:
                        text = self.translation(f"{check['id']}.message", locale)
                        row[f"constraint_message::{NAMES[locale]}"] = text
                    said = {"id": check["id"], "at": at}
                    self.keep_first(where, row["name"], "constraint", said)
                    continue
            if where.is_first:
                value = {**plain(check), "at": at}
                self.keep(row["name"], "check", value, f"{check['id']}.message")

    # The rest

    def keep_rest(
        self, element: Mapping[str, Any], name: str, where: Where, said: set[str]
    ) -> None:
        if where.is_first:
            for key, value in element.items():
                if key not in _SAID | said | {"checks"}:
                    self.keep(name, key, plain(value), f"{element['id']}.{key}")

    def keep_first(self, where: Where, name: str, key: str, value: Any) -> None:  # noqa: ANN401
        if where.is_first:
            self.keep(name, key, value)
