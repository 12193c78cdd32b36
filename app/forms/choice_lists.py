"""Choice lists, from the four places where a form may take them.

own        `choices:` of form.yaml; texts `<list>.<code>` and `<list>.<code>.hint`
shared     `forms/choices/<list>.yaml`; translations beside it, `<list>.ar.yaml`, by `<code>` and
           `<code>.hint`
managed    `forms/lists/<list>.yaml`, and what the Secretariat has done to it since; its file has a
           `title`, an `intro` and `entries`; translations beside it, as of a shared list
reference  `{from: parties}`: of the reference data, worded there

A list is written `[{code: on_track, label: On track, …}, …]`, or short `{on_track: On track, …}`.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.errors import NotFoundError
from app.forms.definition import Choice
from app.forms.form_problem import FormProblem
from app.forms.managed_lists import (
    ENTRIES,
    INTRO,
    LISTS,
    RESERVED,
    TITLE,
    Keeper,
    managed_names,
    merged,
)
from app.forms.strict_yaml import YamlList, YamlMap, read_yaml
from app.forms.wording import Wording
from app.forms.yaml_node import Node, nodes, suggestion
from app.reference import lists

FOLDER: Final = "choices"  # of the shared lists, under forms/
CODE: Final = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
REFERENCE: Final = "from"

_CHOICE_KEYS: Final = ("code", "label", "hint", "source", "provisional", "outside_scale")


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedList:
    """A managed list as it stands now, worded in one language; retired entries too."""

    name: str
    title: str
    intro: str
    entries: tuple[Choice, ...]
    of_file: frozenset[str]  # codes of those that it began with


class ChoiceLists:
    """All choice lists that one form can use, in one language; remembers which it did use."""

    def __init__(
        self,
        root: Path,
        own: Node | None,
        wording: Wording,
        locale: str,
        keeper: Keeper | None = None,
    ) -> None:
        """Take the shared lists of forms folder *root* and the lists under `choices:` in *own*.

        keeper  knows what the Secretariat has done to managed lists; without it they are as filed
        """
        self.root = root
        self.own = own
        self.wording = wording
        self.locale = locale
        self.used: dict[str, tuple[Choice, ...]] = {}  # by name; reference lists as `from parties`
        self.keeper = keeper
        self.managed: set[str] = set()  # names of those used
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
            return value, self.named(node, value, key)
        message = f"name a choice list under {key!r}, or a reference list as {{from: parties}}"
        node.wrong(key, message)
        return "", ()

    def named(self, node: Node, name: str, key: str = "") -> tuple[Choice, ...]:
        """Return the choices of a list of the form's own, a shared or a managed one."""
        if name in self.used:
            return self.used[name]
        files = [path for path in self._files(name) if path.is_file()]
        if self.own and name in self.own.data:
            listed = Node(self.own.data, self.own.file, name, self.own.problems)
            for path in files:
                message = f"{path.parent.name}/{path.name} has this name too; choose another"
                listed.wrong(name, message)
            return self._kept(name, self.own.data[name], listed, name, self.wording)
        if files:
            return self._filed(name, files[0], node.problems)
        node.wrong(key, f"there is no choice list {name!r}" + suggestion(name, self._known()))
        return ()

    def _known(self) -> list[str]:
        own = self.own.data if self.own else ()
        return [*own, *shared_names(self.root), *managed_names(self.root)]

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

    def _files(self, name: str) -> list[Path]:
        """Return where a list that forms share may be: a shared one, and a managed one."""
        if not CODE.fullmatch(name):
            return []
        return [self.root / folder / f"{name}.yaml" for folder in (FOLDER, LISTS)]

    def _filed(self, name: str, path: Path, problems: list[FormProblem]) -> tuple[Choice, ...]:
        folder = path.parent.name
        file = f"{folder}/{path.name}"
        data, errors = read_yaml(path, file)
        problems.extend(FormProblem(e.file, e.line, name, e.message) for e in errors)
        translation = path.with_suffix(f".{self.locale}.yaml")
        wording = Wording(translation, f"{folder}/{translation.name}", self.locale, problems)
        self.shared_wordings[name] = wording
        if folder == FOLDER:
            return self._kept(name, data, Node(YamlMap(), file, name, problems), "", wording)
        listed = Node(data if isinstance(data, YamlMap) else YamlMap(), file, name, problems)
        return self._managed(name, listed, wording)

    def _managed(self, name: str, listed: Node, wording: Wording) -> tuple[Choice, ...]:
        """Return the entries of a managed list, with what the Secretariat has done to them."""
        listed.only((TITLE, INTRO, ENTRIES))
        wording.text(TITLE, listed.text(TITLE, needed=True), name)
        wording.text(INTRO, listed.text(INTRO), name)
        choices = self._kept(name, listed.data.get(ENTRIES), listed, ENTRIES, wording)
        for choice in choices:
            if choice.code in RESERVED:
                listed.wrong(ENTRIES, f"no entry has the code {choice.code!r}; choose another")
        self.managed.add(name)
        if self.keeper:
            self.used[name] = merged(choices, self.keeper.entries(name), self.locale)
        return self.used[name]

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


def managed_list(root: Path, name: str, locale: str, keeper: Keeper | None = None) -> ManagedList:
    """Return a managed list as it stands now; raise NotFoundError when there is none."""
    if name not in managed_names(root):
        raise NotFoundError(what="list", code=name)
    words = Wording(root / LISTS / locale, "", locale, [])
    of_file, now = (ChoiceLists(root, None, words, locale, k) for k in (None, keeper))
    node = Node(YamlMap(), "", name, [])
    begun, entries = (lists.named(node, name) for lists in (of_file, now))
    texts = now.shared_wordings[name].texts
    return ManagedList(
        name=name,
        title=texts.get(TITLE, name),
        intro=texts.get(INTRO, ""),
        entries=entries,
        of_file=frozenset(choice.code for choice in begun),
    )


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
