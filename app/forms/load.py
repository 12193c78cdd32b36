"""From `forms/<agreement>/<form>/<version>/form.yaml` to a Form in one language.

form.yaml     structure, rules, English wording
<locale>.yaml flat map of text key to text; English is used where a text is missing

A form that breaks any rule of writing forms is refused as a whole, with every problem at once.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from app.forms.categories import NAMED
from app.forms.choice_lists import ChoiceLists
from app.forms.definition import Form, Section
from app.forms.form_problem import FormError, FormProblem
from app.forms.load_elements import ElementReader
from app.forms.managed_lists import Keeper
from app.forms.rule_names import Frame
from app.forms.rules import ALWAYS
from app.forms.strict_yaml import YamlList, YamlMap, read_yaml
from app.forms.wording import ENGLISH, Wording
from app.forms.yaml_node import Node

FORM_FILE: Final = "form.yaml"
WORKFLOWS: Final = ("national",)

_FORM_KEYS: Final = (
    *("form", "version", "agreement", "title", "intro", "workflow"),
    "signed_by",
    *("choices", "blocks", "sections"),
)
_ADDRESSES: Final = ("changes", "operations")  # stand where the pages of sections do
_SECTION_KEYS: Final = ("id", "title", "intro", "relevant", "elements")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of reading a form: the form as far as it could be read, and what is wrong."""

    form: Form
    problems: tuple[FormProblem, ...]
    wording: Wording
    lists: ChoiceLists
    lines: dict[str, int]  # where each own choice list begins in form.yaml
    blocks_unused: dict[str, int]  # name to line

    @property
    def is_complete(self) -> bool:
        """Whether every text of the form and of the shared lists it uses is in its language."""
        wordings = (self.wording, *self.lists.shared_wordings.values())
        return not any(wording.missing() for wording in wordings)


def load_form(
    folder: Path,
    root: Path,
    locale: str = ENGLISH,
    wording: int = 0,
    keeper: Keeper | None = None,
) -> Form:
    """Return the form in *folder*, worded in *locale* (English where a text is missing).

    root     the forms folder, which holds the shared choice lists and to which files are relative
    wording  the number of its wording, from published.lock
    keeper   knows what the Secretariat has done to managed lists; without it they are as filed
    Raises FormError with every problem of the form and of this language.
    """
    reading = read_form(folder, root, locale, wording, keeper)
    if reading.problems:
        raise FormError(reading.problems)
    return reading.form


def read_form(
    folder: Path,
    root: Path,
    locale: str = ENGLISH,
    wording: int = 0,
    keeper: Keeper | None = None,
) -> Reading:
    """Return the form in *folder* as far as it can be read, with every problem. Never raises."""
    problems: list[FormProblem] = []
    path = folder / FORM_FILE
    file = _relative(path, root)
    data, errors = read_yaml(path, file)
    problems.extend(FormProblem(e.file, e.line, "", e.message) for e in errors)
    is_form = isinstance(data, YamlMap)
    if not is_form and not errors:
        problems.append(FormProblem(file, 1, "", "write the form's keys: form, version, …"))
    unreadable = [] if is_form else problems.copy()  # then there is nothing else to say
    data = data if is_form else YamlMap()
    translation = folder / f"{locale}.yaml"
    words = Wording(translation, _relative(translation, root), locale, problems)
    node = Node(data, file, "", problems)
    lists = ChoiceLists(root, _part(node, "choices"), words, locale, keeper)
    blocks = _part(node, "blocks")
    form, used = _FormReader(node, words, lists, blocks).form(folder, locale, wording)
    return Reading(
        form=form,
        problems=tuple(sorted(set(unreadable or problems))),
        wording=words,
        lists=lists,
        lines=dict(lists.own.data.lines) if lists.own else {},
        blocks_unused=_unused(blocks, used),
    )


class _FormReader:
    """Reads the top of form.yaml, and its sections one after the other."""

    def __init__(self, node: Node, words: Wording, lists: ChoiceLists, blocks: Node | None) -> None:
        self.node = node
        self.words = words
        self.frame = Frame()
        self.elements = ElementReader(words, lists, blocks, _all_ids(node.data))

    def form(self, folder: Path, locale: str, wording: int) -> tuple[Form, set[str]]:
        node = self.node
        node.only(_FORM_KEYS)
        version = folder.name
        expected = {"agreement": folder.parent.parent.name, "form": folder.parent.name}
        for key, name in {**expected, "version": version}.items():
            if node.text(key) != name:
                node.wrong(key, f"write '{key}: {name}', as the folder is named")
        form = Form(
            agreement=expected["agreement"],
            id=expected["form"],
            version=int(version) if version.isdecimal() else 0,
            wording=wording,
            title=self.words.text("title", node.text("title", needed=True), "form"),
            intro=self.words.text("intro", node.text("intro"), "form"),
            locale=locale,
            workflow=node.one_of("workflow", WORKFLOWS, WORKFLOWS[0]),
            signed_by=node.several_of("signed_by", NAMED),
            sections=tuple(self.section(section) for section in node.nodes("sections")),
            texts=self.words.texts,
        )
        if not form.sections:
            node.wrong("sections", "a form has sections; write at least one")
        form = replace(form, managed=tuple(sorted(self.elements.lists.managed)))
        return form, self.elements.blocks_used

    def section(self, node: Node) -> Section:
        identifier = node.identifier()
        if identifier in _ADDRESSES:
            node.wrong("id", f"{identifier!r} is an address of its own; choose another id")
        node.only(_SECTION_KEYS)
        self.elements.claim(node, self.frame, "section")
        elements = self.elements
        return Section(
            id=identifier,
            title=self.words.text(f"{identifier}.title", node.text("title", needed=True), node.at),
            intro=self.words.text(f"{identifier}.intro", node.text("intro"), node.at),
            relevant=elements.rule(node, "relevant", self.frame, ALWAYS),
            elements=elements.read(node, self.frame),
        )


def _part(node: Node, key: str) -> Node | None:
    """Return the mapping under *key*, if there is one."""
    value = node.data.get(key)
    if value is None:
        return None
    if not isinstance(value, YamlMap):
        node.wrong(key, f"write {key!r} as a map of id to its entries")
        return None
    return Node(value, node.file, "", node.problems)


def _all_ids(value: Any) -> set[str]:  # noqa: ANN401 - YAML holds anything
    """Return every id written anywhere in *value*."""
    found = set()
    if isinstance(value, YamlMap):
        if isinstance(value.get("id"), str):
            found.add(value["id"])
        for inside in value.values():
            found |= _all_ids(inside)
    elif isinstance(value, YamlList):
        for inside in value:
            found |= _all_ids(inside)
    return found


def _unused(blocks: Node | None, used: set[str]) -> dict[str, int]:
    if blocks is None:
        return {}
    return {name: line for name, line in blocks.data.lines.items() if name not in used}


def _relative(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
