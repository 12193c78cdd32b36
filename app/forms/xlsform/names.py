"""The names of a workbook as ids of ours: questions, containers, choice lists and codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.forms.choice_lists import CODE
from app.forms.rule_parser import RESERVED
from app.forms.xlsform.notation import NotSayableError
from app.forms.xlsform.words import WordReader, from_json, next_free, snake_case

_COLUMNS: Final = {
    *("submission", "collection", "form", "version", "party", "respondent_group", "language"),
    *("status", "submitted_at", "parent", "row", "position"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where something of the survey stands: containers around it, and items of loops."""

    id: str
    path: tuple[str, ...]
    type: str
    item: str = ""  # of the loops around it, "targets.aichi-01."
    list_name: str = ""


class NameReader(WordReader):
    """Gives everything in the survey an id, and every choice a code; tells where they differ."""

    def __init__(
        self,
        survey: Mapping[str, Any],
        originals: Mapping[str, str],
        kept: list[dict[str, str]],
        shared: Mapping[str, tuple[str, ...]],
    ) -> None:
        """Take the survey.

        originals  texts as typed, by what pyxform makes of them
        kept       rows of our sheet
        shared     the codes of the choice lists that forms share, by name
        """
        super().__init__(survey, originals, kept)
        self.shared = shared
        self.taken: set[str] = set()
        self.standing: dict[str, Standing] = {}
        self.codes: dict[str, dict[str, str]] = {}  # of each list: theirs to ours
        self.list_names: dict[str, Any] = {}  # theirs to what stands under `choices`
        self.own: dict[str, list[dict[str, Any]]] = {}
        self.blocks: dict[str, list[Any]] = {}

    # Names

    def claim(self, name: str, fallback: str = "question") -> str:
        """Return an id of ours for a name, told where it differs; no id is given twice."""
        if self.kept:
            return name.rpartition(".")[2]
        found = snake_case(name) or fallback
        while found in self.taken or found in RESERVED or found in _COLUMNS:
            found = next_free(found)
        self.taken.add(found)
        if found != name:
            self.tell(name, f"its name here is {found}")
        return found

    def note_names(self, children: list[Any], path: tuple[str, ...], item: str) -> None:
        """Note where everything of the survey stands, before rules look at it."""
        for child in children:
            name, kind = str(child.get("name", "")), str(child.get("type", ""))
            if not name or (kind in ("group", "repeat") and self.is_section(child, path)):
                self.note_names(child.get("children", []), path, item)
                continue
            own = self.prop(name, "type") or kind
            found = Standing(self.claim(name), path, own, item, str(child.get("list_name", "")))
            self.standing[name] = found
            inside = child.get("children", [])
            if own == "loop":
                for group in inside:
                    inner = group.get("children", [])
                    self.note_names(inner, (*path, found.id), f"{group['name']}.")
            elif kind == "repeat":
                self.note_names(inside, (*path, found.id), item)
            elif kind == "group":
                self.note_names(inside, path, item)

    def is_section(self, child: Any, path: tuple[str, ...]) -> bool:  # noqa: ANN401
        """Tell whether a group stands at the top, and is no loop."""
        if path or child.get("type") != "group" or self.prop(child["name"], "type") == "loop":
            return False
        return child in self.survey.get("children", [])

    def name_of(self, ref: str, at: Standing) -> str:
        """Return our name for what a rule standing at *at* looks at."""
        if ref == ".":
            return at.id
        found = self.standing.get(ref)
        if found is None or found.type == "group":
            raise NotSayableError(f"${{{ref}}}, which is not there")
        if found.item and not at.item.startswith(found.item):
            raise NotSayableError(f"${{{ref}}}, one item of a loop")
        common = 0
        for ours, theirs in zip(at.path, found.path, strict=False):
            if ours != theirs:
                break
            common += 1
        return ".".join((*found.path[common:], found.id))

    # Lists

    def read_lists(self) -> None:
        """Read the sheet `choices`: lists of reference, shared and own."""
        for name, entries in (self.survey.get("choices") or {}).items():
            kind = self.prop(name, "list")
            if kind == "reference":
                self.list_names[name] = {"from": name}
                self.codes[name] = {}
                continue
            choices = self.choices(name, entries)
            codes = tuple(choice["code"] for choice in choices)
            if kind == "shared" and self.shared.get(name) == codes:
                self.list_names[name] = name
                continue
            ours = snake_case(name) or "choices"
            while ours in self.shared or ours in self.own:
                ours = next_free(ours)
            if ours != name:
                self.tell(name, f"the choice list's name here is {ours}")
            self.list_names[name] = ours
            self.own[ours] = choices
            for choice, entry in zip(choices, entries, strict=True):
                key = f"{ours}.{choice['code']}"
                choice["label"] = self.worded(entry.get("label"), key, str(entry["name"]))
                for row in self.props.get(f"{name}.{entry['name']}", []):
                    is_text = row["property"] in ("source", "hint")
                    choice[row["property"]] = row["value"] if is_text else from_json(row["value"])
                    self.translate(f"{key}.{row['property']}", row)

    def choices(self, name: str, entries: list[Any]) -> list[dict[str, Any]]:
        """Return the choices of a list, with codes of ours; labels come later."""
        found: list[dict[str, Any]] = []
        codes = self.codes.setdefault(name, {})
        for entry in entries:
            theirs = str(entry["name"])
            ours = (
                theirs if CODE.fullmatch(theirs) else snake_case(theirs, is_code=True) or "choice"
            )
            while ours in codes.values():
                ours = next_free(ours)
            codes[theirs] = ours
            if ours != theirs:
                self.tell(f"{name}.{theirs}", f"its code here is {ours}")
            found.append({"code": ours})
            for key in entry.keys() - {"name", "label"}:
                self.tell(f"{name}.{theirs}", f"{key} of a choice is left out")
        return found
