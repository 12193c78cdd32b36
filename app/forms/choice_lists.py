"""Choice lists, from the three places where a form may take them.

own        `choices:` of form.yaml; texts `<list>.<code>` and `<list>.<code>.hint`
shared     `forms/choices/<list>.yaml`; translations beside it, `<list>.ar.yaml`, by `<code>` and
           `<code>.hint`
reference  `{from: parties}`: of the reference data, worded there

A list is written `[{code: on_track, label: On track, …}, …]`, or short `{on_track: On track, …}`.
"""

import re
from pathlib import Path
from typing import Final

from app.forms.definition import Choice
from app.forms.form_problem import FormProblem
from app.forms.strict_yaml import YamlList, YamlMap, read_yaml
from app.forms.wording import Wording
from app.forms.yaml_node import Node, nodes, suggestion
from app.reference import lists

FOLDER: Final = "choices"  # of the shared lists, under forms/
CODE: Final = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
REFERENCE: Final = "from"

_CHOICE_KEYS: Final = ("code", "label", "hint", "source", "provisional", "outside_scale")


class ChoiceLists:
    """All choice lists that one form can use, in one language; remembers which it did use."""

    def __init__(self, root: Path, own: Node | None, wording: Wording, locale: str) -> None:
        """Take the shared lists of forms folder *root* and the lists under `choices:` in *own*."""
        self.root = root
        self.own = own
        self.wording = wording
        self.locale = locale
        self.used: dict[str, tuple[Choice, ...]] = {}  # by name; reference lists as `from parties`
        self.shared_wordings: dict[str, Wording] = {}

    def of(self, node: Node, key: str) -> tuple[str, tuple[Choice, ...]]:
        """Return name and choices of the list that *node* names under *key*.

        A list written out in place has the id of its question or loop for a name.
        """
        value = node.data.get(key)
        if isinstance(value, YamlMap) and list(value) == [REFERENCE]:
            return self._reference(node, key, str(value[REFERENCE]))
        if isinstance(value, YamlList):
            if node.where in self._known():
                node.wrong(key, f"there is a choice list {node.where!r}; name that, or rename it")
            return node.where, self._kept(node.where, value, node, key, self.wording)
        if isinstance(value, str):
            return value, self._named(node, key, value)
        message = f"name a choice list under {key!r}, or a reference list as {{from: parties}}"
        node.wrong(key, message)
        return "", ()

    def _known(self) -> list[str]:
        return [*(self.own.data if self.own else ()), *shared_names(self.root)]

    def _reference(self, node: Node, key: str, name: str) -> tuple[str, tuple[Choice, ...]]:
        try:
            entries = lists.choices(name, self.locale)
        except KeyError:
            told = f"there is no reference list {name!r} in {self.locale!r}"
            node.wrong(key, told + suggestion(name, lists.names()))
            return name, ()
        found = tuple(
            Choice(code=entry.code, label=entry.label, hint=entry.hint, source=entry.source)
            for entry in entries
        )
        self.used[f"{REFERENCE} {name}"] = found
        return name, found

    def _named(self, node: Node, key: str, name: str) -> tuple[Choice, ...]:
        if name in self.used:
            return self.used[name]
        path = self.root / FOLDER / f"{name}.yaml"
        is_shared = CODE.fullmatch(name) is not None and path.is_file()
        if self.own and name in self.own.data:
            listed = Node(self.own.data, self.own.file, name, self.own.problems)
            if is_shared:
                listed.wrong(name, f"{FOLDER}/{path.name} has this name too; choose another")
            return self._kept(name, self.own.data[name], listed, name, self.wording)
        if is_shared:
            return self._shared(name, path, node.problems)
        node.wrong(key, f"there is no choice list {name!r}" + suggestion(name, self._known()))
        return ()

    def _shared(self, name: str, path: Path, problems: list[FormProblem]) -> tuple[Choice, ...]:
        file = f"{FOLDER}/{path.name}"
        data, errors = read_yaml(path, file)
        problems.extend(FormProblem(e.file, e.line, name, e.message) for e in errors)
        translation = path.with_suffix(f".{self.locale}.yaml")
        wording = Wording(translation, f"{FOLDER}/{translation.name}", self.locale, problems)
        self.shared_wordings[name] = wording
        listed = Node(YamlMap(), file, name, problems)
        return self._kept(name, data, listed, "", wording)

    def _kept(
        self, name: str, data: object, node: Node, key: str, wording: Wording
    ) -> tuple[Choice, ...]:
        prefix = f"{name}." if wording is self.wording else ""
        self.used[name] = self._read(data, node, key, prefix, wording)
        return self.used[name]

    def _read(
        self,
        data: object,
        node: Node,
        key: str,
        prefix: str,
        wording: Wording,
    ) -> tuple[Choice, ...]:
        if isinstance(data, YamlMap):
            data = _written_out(data)
        choices: dict[str, Choice] = {}
        for entry in nodes(data, node, key):
            entry.only(_CHOICE_KEYS)
            code = entry.text("code", needed=True)
            if code and not CODE.fullmatch(code):
                entry.wrong("code", f"write the code {code!r} in lower_snake_case")
            if code in choices:
                entry.wrong("code", f"the code {code!r} is in this list twice; remove one")
            choices[code] = Choice(
                code=code,
                label=wording.text(prefix + code, entry.text("label", needed=True), node.where),
                hint=wording.text(f"{prefix}{code}.hint", entry.text("hint"), node.where),
                source=entry.text("source"),
                is_provisional=entry.flag("provisional"),
                outside_scale=entry.flag("outside_scale"),
            )
        if not choices:
            node.wrong(key, "this choice list is empty; write its choices")
        return tuple(choices.values())


def shared_names(root: Path) -> list[str]:
    """Return the names of the shared lists of forms folder *root*, in alphabetical order."""
    found = (path.stem for path in (root / FOLDER).glob("*.yaml"))
    return sorted(name for name in found if "." not in name)


def _written_out(short: YamlMap) -> YamlList:
    """Turn `{code: label}` into `[{code: code, label: label}]`, keeping the lines."""
    full = YamlList(short.line)
    for code, label in short.items():
        line = short.lines[code]
        entry = YamlMap(line)
        entry.update(code=code, label=label)
        entry.lines.update(code=line, label=line)
        full.append(entry)
        full.lines.append(line)
    return full
