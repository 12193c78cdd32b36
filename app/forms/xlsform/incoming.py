"""An XLSForm as the files of a form of ours, and the list of what could not be carried over.

What our own sheet `canopy` keeps is put back; the rest of a workbook is read as any XLSForm. What
our forms cannot say is left out, and told.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app.forms.definition import QuestionType
from app.forms.rule_parser import Tree, nodes_in, parse
from app.forms.wording import ENGLISH
from app.forms.xlsform.kept import INTRO, WHOLE
from app.forms.xlsform.names import NameReader, Standing
from app.forms.xlsform.notation import NotSayableError, read_xpath, write_rule
from app.forms.xlsform.words import (
    Element,
    Words,
    from_json,
    shortened,
)
from app.forms.yaml_node import LONGEST_ID

_TYPES: Final = {
    "note": "note",
    "text": "text",
    "string": "text",
    "integer": "integer",
    "int": "integer",
    "decimal": "decimal",
    "date": "date",
    "select one": "select_one",
    "select all that apply": "select_multiple",
    "calculate": "calculated",
}
_READ: Final = {  # keys of pyxform that are looked at; what else a question has is told
    *("type", "name", "label", "hint", "bind", "children", "choices", "itemset", "list_name"),
    *("parameters", "control"),
}
_BINDS: Final = {"relevant", "required", "constraint", "jr:constraintMsg", "calculate"}


@dataclass(slots=True)
class Incoming:
    """A form as it is read: the content of form.yaml and of its translations."""

    form: dict[str, Any]
    words: Words = field(default_factory=dict)
    told: list[str] = field(default_factory=list)  # what could not be carried over


class Reader(NameReader):
    """Reads the survey that pyxform gives, with our sheet where there is one."""

    def read(self, agreement: str, form: str, version: str) -> Incoming:
        """Return the form, with the names that its folder has."""
        data: dict[str, Any] = {"form": form, "version": int(version), "agreement": agreement}
        if workflow := self.prop("", "workflow"):
            data["workflow"] = workflow
        if signed_by := self.prop("", "signed_by"):
            data["signed_by"] = signed_by.split()
        data["title"] = self.written(str(self.survey.get("title") or form))
        for row in self.props.get("", []):
            self.translate("title", row)
        children = [c for c in self.survey.get("children", []) if c.get("name") != "meta"]
        self.read_lists()
        self.note_names(children, (), "")
        sections = [self.section(section) for section in self.in_sections(children)]
        intro = next((c for c in children if self.prop(c["name"], INTRO) == ""), None)
        if intro is not None:
            data["intro"] = self.worded(intro.get("label"), "intro", intro["name"])
        if self.own:
            data["choices"] = self.own
        data["sections"] = sections
        if self.blocks:
            data["blocks"] = self.blocks
        if self.base != ENGLISH:
            self.tell("form", f"it has no English; its words are in {self.base!r}: translate them")
        return Incoming(data, self.words, self.told)

    # Sections

    def in_sections(self, children: list[Any]) -> Iterator[tuple[Any, list[Any]]]:
        """Yield each top group with what it holds; what stands outside them in groups of ours."""
        loose: list[Any] = []
        for child in children:
            if self.prop(child.get("name", ""), INTRO) == "":
                continue
            if self.is_section(child, ()):
                if loose:
                    yield None, loose
                loose = []
                yield child, child.get("children", [])
            else:
                loose.append(child)
        if loose:
            yield None, loose

    def section(self, found: tuple[Any, list[Any]]) -> dict[str, Any]:
        """Return a top group, or what stands outside of them, as a section."""
        group, children = found
        name = str(group["name"]) if group else "questions"
        section: dict[str, Any] = {"id": self.claim(name, "section")}
        at = Standing(section["id"], (), "group")
        title = group.get("label") if group else None
        is_ours = not group and not title
        section["title"] = (
            "Questions" if is_ours else self.worded(title, f"{section['id']}.title", name)
        )
        if group:
            self.rule(section, group, "relevant", at)
            self.tell_rest(group)
        is_intro = children and self.prop(children[0].get("name", ""), INTRO) == section["id"]
        if is_intro:
            label = children[0].get("label")
            section["intro"] = self.worded(label, f"{section['id']}.intro")
            children = children[1:]
        section["elements"] = self.elements(children, ())
        return section

    # Elements

    def elements(self, children: Iterable[Any], around: tuple[Tree, ...]) -> list[Any]:
        """Return the elements that *children* are, each asked only when *around* holds too."""
        found: list[Any] = []
        run = ""
        for child in children:
            block = self.prop(str(child.get("name", "")), "block") or ""
            elements = self.element(child, around)
            if not block:
                found.extend(elements)
            elif block != run:
                found.append({"use": block})
                self.in_run = self.blocks.setdefault(block, [])
                self.in_run.clear()
                self.in_run.extend(elements)
            else:
                self.blocks[block].extend(elements)
            run = block
        return found

    def element(self, child: Any, around: tuple[Tree, ...]) -> list[Element]:  # noqa: ANN401
        """Return the elements that an entry of the survey is; none if it has no place here."""
        name, kind = str(child.get("name", "")), str(child.get("type", ""))
        if whole := self.prop(name, WHOLE):
            return [self.whole(name, from_json(whole), child)]
        if self.prop(name, "type") == "loop":
            return [self.loop(child, around)]
        if kind == "repeat":
            return [self.repeat(child, around)]
        if kind == "group":
            return self.group(child, around)
        if kind not in _TYPES:
            self.tell(name or kind, f"a question of type {kind!r} is left out")
            return []
        return self.question(child, around)

    def whole(self, name: str, element: Element, child: Any) -> Element:  # noqa: ANN401
        """Return an element that our sheet keeps as a whole, with its translations."""
        for key in ("label", "hint"):
            self.worded(child.get(key), f"{element['id']}.{key}")
        for row in self.props.get(name, []):
            if row["property"].startswith("message "):
                self.translate(f"{row['property'].removeprefix('message ')}.message", row)
        return element

    def question(self, child: Any, around: tuple[Tree, ...]) -> list[Element]:  # noqa: ANN401
        """Return a question; none if a part that it needs is left out."""
        name = str(child["name"])
        at = self.standing[name]
        kind = self.prop(name, "type") or _TYPES[str(child["type"])]
        if kind not in {*QuestionType}:
            self.tell(name, f"a question of type {kind!r} is left out")
            return []
        element: Element = {"id": at.id, "type": kind}
        if "list_name" in child or "itemset" in child:
            list_name = str(child.get("list_name") or child.get("itemset"))
            if list_name not in self.list_names:
                self.tell(name, f"left out: the workbook has no choices {list_name!r}")
                return []
            element["choices"] = self.list_names[list_name]
        element["label"] = self.worded(child.get("label"), f"{at.id}.label", name)
        if hint := self.worded(child.get("hint"), f"{at.id}.hint"):
            element["hint"] = hint
        if (child.get("control") or {}).get("appearance") == "multiline" and kind == "text":
            element["long"] = True
        for key in ("relevant", "required"):
            self.rule(element, child, key, at, around if key == "relevant" else ())
        if kind == "calculated" and self.prop(name, "rule") is None:
            self.rule(element, child, "calculate", at, key_here="rule")
            if "rule" not in element:
                self.tell(name, "the calculated question is left out, because its rule is")
                return []
        self.constraint(element, child, at)
        self.put_back(element, name)
        self.tell_rest(child)
        return [element]

    def constraint(self, element: Element, child: Any, at: Standing) -> None:  # noqa: ANN401
        """Put the constraint into *element* as a check."""
        check: dict[str, Any] = {"id": f"{at.id[: LONGEST_ID - 6]}_valid"}
        self.rule(check, child, "constraint", at, key_here="rule")
        if "rule" in check:
            message = (child.get("bind") or {}).get("jr:constraintMsg")
            default = "" if message else "Correct this answer."
            check["message"] = self.worded(message, f"{check['id']}.message", default) or default
            element["checks"] = [check]

    def repeat(self, child: Any, around: tuple[Tree, ...]) -> Element:  # noqa: ANN401
        """Return a repeat; what one row is called is its label unless our sheet says."""
        name = str(child["name"])
        at = self.standing[name]
        label = self.worded(child.get("label"), f"{at.id}.label", name)
        element: Element = {"id": at.id, "type": "repeat", "label": label, "row_label": label}
        for locale, text in self.texts(child.get("label")).items():
            if locale != ENGLISH:
                self.words.setdefault(locale, {})[f"{at.id}.row_label"] = text
        self.rule(element, child, "relevant", at, around)
        self.put_back(element, name)
        element["elements"] = self.elements(child.get("children", []), ())
        self.tell_rest(child)
        return element

    def loop(self, child: Any, around: tuple[Tree, ...]) -> Element:  # noqa: ANN401
        """Return a loop, read from its first item."""
        name = str(child["name"])
        at = self.standing[name]
        label = self.worded(child.get("label"), f"{at.id}.label", name)
        items = self.list_names.get(self.prop(name, "items") or "", "")
        element: Element = {"id": at.id, "type": "loop", "label": label, "items": items}
        self.rule(element, child, "relevant", at, around)
        self.put_back(element, name)
        groups = child.get("children", [])
        element["elements"] = self.elements(groups[0].get("children", []) if groups else [], ())
        return element

    def group(self, child: Any, around: tuple[Tree, ...]) -> list[Element]:  # noqa: ANN401
        """Return what a group inside a section holds; its heading becomes a note."""
        name = str(child["name"])
        at = self.standing[name]
        holder: Element = {}
        self.rule(holder, child, "relevant", at)
        inner = (*around, parse(holder["relevant"])) if "relevant" in holder else around
        found: list[Element] = []
        if child.get("label"):
            self.tell(name, "the group's heading is a note here; a section holds no groups")
            note: Element = {"id": at.id, "type": "note"}
            note["label"] = self.worded(child["label"], f"{at.id}.label", name)
            if inner:
                note["relevant"] = _joined(inner)
            found.append(note)
        self.tell_rest(child)
        return [*found, *self.elements(child.get("children", []), inner)]

    # Rules

    def rule(
        self,
        element: Element,
        child: Any,  # noqa: ANN401
        key: str,
        at: Standing,
        around: tuple[Tree, ...] = (),
        *,
        key_here: str = "",
    ) -> None:
        """Put a rule of *child* into *element*, in our notation; tell what cannot be said."""
        written = str((child.get("bind") or {}).get(key, "")).strip()
        trees = [*around]
        if written.lower() in ("yes", "true", "true()"):
            if key == "required":
                element["required"] = True
                return
        elif written and written.lower() not in ("no", "false", "false()"):
            try:
                trees.append(self.tree(written, at))
            except NotSayableError as error:
                name = str(child.get("name", ""))
                self.tell(name, f"{key} is left out: {written} ({error} cannot be said here)")
        elif written and key == "relevant":
            trees.append({"b": False})
        if trees:
            element[key_here or key] = _joined(tuple(trees))

    def tree(self, written: str, at: Standing) -> Tree:
        """Return the tree of a rule; raise NotSayableError."""
        tree = read_xpath(written, lambda ref: self.name_of(ref, at))
        by_id = {s.id: s for s in self.standing.values()}
        for node in nodes_in(tree):
            self.fit(node, by_id)
        write_rule(tree)
        return tree

    def fit(self, node: Tree, by_id: Mapping[str, Standing]) -> None:
        """Write codes as ours, and quote those that stand as numbers."""
        sides = node.get("a", [])
        asked = next((by_id.get(s["v"].rpartition(".")[2]) for s in sides if "v" in s), None)
        if asked is None or not asked.list_name:
            return
        codes = self.codes.get(asked.list_name, {})
        for side in sides:
            for written in (side, *side.get("l", ())):
                if "n" in written and node["f"] in ("==", "!="):
                    written["s"] = written.pop("n")
                if "s" in written:
                    written["s"] = codes.get(written["s"], written["s"])

    def tell_rest(self, child: Any) -> None:  # noqa: ANN401
        """Tell what else a question or group has that is not carried over."""
        name = str(child.get("name", ""))
        control = {**(child.get("control") or {})}
        if control.get("appearance") in ("multiline", "field-list"):
            control.pop("appearance")
        rest = {key: child[key] for key in child.keys() - _READ}
        rest |= {k: v for k, v in (child.get("bind") or {}).items() if k not in _BINDS}
        rest |= control | (child.get("parameters") or {})
        for key, value in sorted(rest.items()):
            self.tell(name, f"{key} is left out: {shortened(value)}")


def _joined(trees: tuple[Tree, ...]) -> str | bool:
    if len(trees) == 1:
        return write_rule(trees[0])
    return write_rule({"f": "and", "a": list(trees)})
