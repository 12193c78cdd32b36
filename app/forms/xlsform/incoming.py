"""An XLSForm as the files of a form of ours, and the list of what could not be carried over.

What our own sheet `canopy` keeps is put back; the rest of a workbook is read as any XLSForm. What
our forms cannot say is left out, and told.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from app.forms.definition import QuestionType
from app.forms.load_elements import MOST_ROWS
from app.forms.rule_parser import Tree, parse
from app.forms.wording import ENGLISH
from app.forms.xlsform.kept import INTRO, WHOLE
from app.forms.xlsform.names import Standing
from app.forms.xlsform.notation import NotSayableError, write_rule
from app.forms.xlsform.places import SETTINGS, SURVEY, Told
from app.forms.xlsform.reading import BINDS, LONG, OF_QUESTIONS, RuleReader, joined
from app.forms.xlsform.words import Element, Words, from_json, shortened
from app.forms.yaml_node import LONGEST_ID

_BY_ITSELF: Final = {  # types of what the platform notes itself
    *("start", "end", "today", "deviceid", "username", "audit", "subscriberid", "simserial"),
    *("phonenumber", "email"),
}
_WHOLE: Final = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(slots=True)
class Incoming:
    """A form as it is read: the content of form.yaml and of its translations."""

    form: dict[str, Any]
    words: Words
    told: list[Told]  # what could not be carried over
    told_of: Callable[..., Told]  # of an id of ours: what is told of it, and its column
    forget: Callable[[str], None]  # the translations of an id


class Reader(RuleReader):
    """Reads the survey that pyxform gives, with our sheet where there is one."""

    def read(self, agreement: str, form: str, version: str) -> Incoming:
        """Return the form, with the names that its folder has."""
        data: dict[str, Any] = {"form": form, "version": int(version), "agreement": agreement}
        if workflow := self.prop("", "workflow"):
            data["workflow"] = workflow
        if signed_by := self.prop("", "signed_by"):
            data["signed_by"] = signed_by.split()
        data["title"] = self.worded(self.survey.get("title"), "title", form, column="title")
        for row in self.props.get("", []):
            self.translate("title", row)
        children = self.survey.get("children", [])
        self.read_lists()
        self.note_names(children, Standing("", (), ""))
        sections = [self.section(section) for section in self.in_sections(children)]
        intro = next((c for c in children if self.prop(c["name"], INTRO) == ""), None)
        if intro is not None:
            data["intro"] = self.worded(intro.get("label"), "intro", intro["name"])
        if self.own:
            data["choices"] = self.own
        data["sections"] = [section for section in sections if section["elements"]]
        if self.blocks:
            data["blocks"] = self.blocks
        if self.base != ENGLISH:
            self.tell("form", f"it has no English; its words are in {self.base!r}: translate them")
        if not self.is_ours:
            self.tell_beside(form, version)
        return Incoming(data, self.words, self.told, self.told_of, self.forget)

    def tell_beside(self, form: str, version: str) -> None:
        """Tell what the workbook has beside questions and choices."""
        there = {"form_title": None, "title": None, "default_language": None}
        given = {"id_string": form, "form_id": form, "version": version}
        for key, at in self.places.columns.get(SETTINGS, {}).items():
            value = self.places.cell(SETTINGS, 2, key) if self.places.has_row(SETTINGS, 2) else ""
            is_heading = self.places.heading(SETTINGS, at) == key
            if value and is_heading and key not in there and given.get(key) != value:
                told = f"{key} is left out: {shortened(value)}"
                self.note(self.places.told_in(SETTINGS, 2, key, "", told))
        for row, kind in self.places.unread_rows():
            why = f"a row of type {kind!r}" if kind else "a row without a type"
            self.note(self.places.told_in(SURVEY, row, "type", "", f"{why} is left out"))
        for sheet, row, column in self.places.without_heading():
            told = f"column {column} is left out: it has no heading"
            self.note(self.places.told_in(sheet, row, "", "", told))
        for sheet in self.places.other_sheets():
            self.note(self.places.told_in(sheet, 0, "", "", "the sheet is left out"))

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
        section: dict[str, Any] = {
            "id": self.claim(name if group else "", "section" if group else name)
        }
        at = Standing(section["id"], (), "group")
        title = group.get("label") if group else None
        is_ours = not group and not title
        section["title"] = (
            "Questions" if is_ours else self.worded(title, f"{section['id']}.title", name, of=name)
        )
        if group:
            self.rule(section, group, "relevant", at)
            if hint := self.worded(group.get("hint"), f"{section['id']}.intro", of=name):
                section["intro"] = hint
            self.tell_rest(group, BINDS)
        is_intro = children and self.prop(children[0].get("name", ""), INTRO) == section["id"]
        if is_intro:
            label = children[0].get("label")
            section["intro"] = self.worded(label, f"{section['id']}.intro")
            children = children[1:]
        section["elements"] = self.elements(children, ())
        if group and not section["elements"]:
            self.tell(name, "the group is left out: nothing of it comes along")
            self.forget(section["id"])
        return section

    def forget(self, element_id: str) -> None:
        """Leave out the translations of something that is left out itself."""
        for words in self.words.values():
            for key in [key for key in words if key.startswith(f"{element_id}.")]:
                del words[key]

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
            return self.repeat(child, around)
        if kind == "group":
            return self.group(child, around)
        if kind not in {*QuestionType}:
            self.leave_out(child)
            return []
        return self.question(child, around)

    def leave_out(self, child: Any) -> None:  # noqa: ANN401
        """Tell that an entry has no place here, with everything in it."""
        name, kind = str(child.get("name", "")), str(child.get("type", ""))
        what = f"a question of type {kind!r} is left out"
        if kind in _BY_ITSELF:
            what += ": the platform notes who answers and when by itself"
        self.tell(name or kind, what, "type")
        for inside in child.get("children", ()):
            self.leave_out(inside)

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
        kind = self.prop(name, "type") or str(child["type"])
        element: Element = {"id": at.id, "type": kind}
        is_select = kind in ("select_one", "select_multiple", "reference")
        if is_select:
            list_name = str(child.get("list_name") or child.get("itemset"))
            if list_name not in self.list_names:
                told = f"left out: the workbook has no choices {list_name!r}"
                self.tell(name, told, "type")
                return []
            element["choices"] = self.list_names[list_name]
        element["label"] = self.worded(child.get("label"), f"{at.id}.label", name, of=name)
        if hint := self.worded(child.get("hint"), f"{at.id}.hint", of=name, column="hint"):
            element["hint"] = hint
        self.properties(element, child, at)
        self.rule(element, child, "relevant", at, around)
        if kind == "calculated" and self.prop(name, "rule") is None:
            self.rule(element, child, "calculate", at, key_here="rule")
            if "rule" not in element:
                told = "the calculated question is left out, because its rule is"
                self.tell(name, told, "calculate")
                self.forget(at.id)
                return []
        said = OF_QUESTIONS - {"required"} | {"calculate"} if kind == "calculated" else BINDS
        if kind not in ("note", "calculated"):
            self.rule(element, child, "required", at)
            said = OF_QUESTIONS
        if kind != "note":
            self.constraint(element, child, at)
        self.put_back(element, name)
        self.tell_rest(child, said)
        return [element]

    def properties(self, element: Element, child: Any, at: Standing) -> None:  # noqa: ANN401
        """Put what only some types have into *element*."""
        if _is_long(child) and element["type"] == "text":
            element["long"] = True
        if element["type"] in ("integer", "decimal") and "range" in child:
            element["range"] = child["range"]
        if "choices" in element and "other" in child:
            code = self.codes[at.list_name].get("other", "other")
            label = self.worded(child["other"], f"{at.id}.other", of=str(child["name"]))
            element["other"] = {"code": code, "label": label}

    def constraint(self, element: Element, child: Any, at: Standing) -> None:  # noqa: ANN401
        """Put the constraint into *element* as a check."""
        check: dict[str, Any] = {"id": f"{at.id[: LONGEST_ID - 6]}_valid"}
        self.rule(check, child, "constraint", at, key_here="rule")
        if "rule" in check:
            message = (child.get("bind") or {}).get("jr:constraintMsg")
            column = "jr:constraintMsg" if message else "constraint"
            check["message"] = self.worded(
                *(message, f"{check['id']}.message", "Correct this answer."),
                of=str(child["name"]),
                column=column,
            )
            element["checks"] = [check]

    def repeat(self, child: Any, around: tuple[Tree, ...]) -> list[Element]:  # noqa: ANN401
        """Return a repeat; what one row is called is its label unless our sheet says."""
        name = str(child["name"])
        at = self.standing[name]
        label = self.worded(child.get("label"), f"{at.id}.label", name, of=name)
        element: Element = {"id": at.id, "type": "repeat", "label": label, "row_label": label}
        for locale, words in self.words.items():
            if f"{at.id}.label" in words:
                self.words[locale][f"{at.id}.row_label"] = words[f"{at.id}.label"]
        if hint := self.worded(child.get("hint"), f"{at.id}.hint", of=name, column="hint"):
            element["hint"] = hint
        self.rule(element, child, "relevant", at, around)
        self.how_many(element, child, at)
        self.put_back(element, name)
        element["elements"] = self.elements(child.get("children", []), ())
        self.tell_rest(child, BINDS)
        if not element["elements"]:
            self.tell(name, "the repeat is left out: nothing of it comes along")
            self.forget(at.id)
            return []
        return [element]

    def how_many(self, element: Element, child: Any, at: Standing) -> None:  # noqa: ANN401
        """Put how many rows a repeat has into it: a number, or a check that looks at an answer."""
        control = child.get("control") or {}
        written = str(child.get("rows") or control.pop("jr:count", "")).strip()
        control.pop("jr:count", None)
        if not written:
            return
        if _WHOLE.fullmatch(written) and int(written) <= MOST_ROWS:
            element |= {"least": int(written), "most": int(written)}
            return
        try:
            rule = write_rule(
                {"f": "==", "a": [{"f": "count", "a": [{"v": at.id}]}, self.tree(written, at)]}
            )
        except NotSayableError as error:
            told = f"the count of rows is left out: {written} ({error} cannot be said here)"
            self.tell(str(child["name"]), told, "jr:count")
            return
        told = "people add the rows themselves; a check looks whether there are as many as given"
        self.tell(str(child["name"]), told, "jr:count")
        message = "Give as many entries as you said there are."
        element["checks"] = [
            {"id": f"{at.id[: LONGEST_ID - 6]}_count", "rule": rule, "message": message}
        ]

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
        if child.get("label") or child.get("hint"):
            told = "the group's heading is a note here; a section holds no groups"
            self.tell(name, told, "label")
            note: Element = {"id": at.id, "type": "note"}
            note["label"] = self.worded(child.get("label"), f"{at.id}.label", name, of=name)
            if hint := self.worded(child.get("hint"), f"{at.id}.hint", of=name, column="hint"):
                note["hint"] = hint
            if inner:
                note["relevant"] = joined(inner)
            found.append(note)
        self.tell_rest(child, BINDS)
        return [*found, *self.elements(child.get("children", []), inner)]


def _is_long(child: Any) -> bool:  # noqa: ANN401
    """Tell whether a text is typed in several lines."""
    control = child.get("control") or {}
    return bool(control.get("rows")) or control.get("appearance") in LONG
