"""The names of a workbook as ids of ours: questions, containers, choice lists and codes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from app.forms.choice_lists import CODE
from app.forms.rule_parser import RESERVED
from app.forms.xlsform.notation import NotSayableError
from app.forms.xlsform.places import CHOICES, Places
from app.forms.xlsform.words import WordReader, from_json, next_free, snake_case
from app.forms.yaml_node import ID

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
    around: tuple[str, ...] = ()  # everything around it, sections and groups too


class NameReader(WordReader):
    """Gives everything in the survey an id, and every choice a code; tells where they differ."""

    def __init__(
        self,
        survey: Mapping[str, Any],
        originals: Mapping[str, str],
        kept: list[dict[str, str]],
        shared: Mapping[str, tuple[str, ...]],
        places: Places,
    ) -> None:
        """Take the survey.

        originals  texts as typed, by what pyxform makes of them
        kept       rows of our sheet
        shared     the codes of the choice lists that forms share, by name
        places     where in the workbook everything stands
        """
        super().__init__(survey, originals, kept, places)
        self.shared = shared
        self.taken: set[str] = set()
        self.standing: dict[str, Standing] = {}
        self.named: dict[str, list[Standing]] = {}  # several groups may use one name
        self.with_other = {*with_other(survey.get("children", []))}
        self.codes: dict[str, dict[str, str]] = {}  # of each list: theirs to ours
        self.list_names: dict[str, Any] = {}  # theirs to what stands under `choices`
        self.own: dict[str, list[dict[str, Any]]] = {}
        self.blocks: dict[str, list[Any]] = {}

    # Names

    def claim(self, name: str, fallback: str = "question") -> str:
        """Return an id of ours for a name, told where it differs; no id is given twice."""
        ours = name.rpartition(".")[2]
        if self.is_ours and ID.fullmatch(ours) and name in self.places.rows:
            self.taken.add(ours)
            return ours
        found = snake_case(name) or fallback
        while found in self.taken or found in RESERVED or found in _COLUMNS:
            found = next_free(found)
        self.taken.add(found)
        if found != name and name in self.places.rows:
            self.tell(name, f"its name here is {found}", "name")
        return found

    def note_names(self, children: list[Any], at: Standing) -> None:
        """Note where everything of the survey stands, before rules look at it.

        at   what is around *children*
        """
        for child in children:
            name, kind = str(child.get("name", "")), str(child.get("type", ""))
            around = (*at.around, name)
            if not name or (kind == "group" and self.is_section(child, at.path)):
                self.note_names(child.get("children", []), replace(at, around=around))
                continue
            own = self.prop(name, "type") or kind
            list_name = str(child.get("list_name") or child.get("itemset") or "")
            found = replace(at, id=self.claim(name), type=own, list_name=list_name, around=around)
            self.standing[name] = found
            self.named.setdefault(str(child.get("named", name)), []).append(found)
            inside = child.get("children", [])
            inner = replace(found, path=(*at.path, found.id))
            if own == "loop":
                for group in inside:
                    self.note_names(
                        group.get("children", []), replace(inner, item=f"{group['name']}.")
                    )
            elif kind in ("repeat", "group"):
                self.note_names(inside, inner if kind == "repeat" else found)

    def is_section(self, child: Any, path: tuple[str, ...]) -> bool:  # noqa: ANN401
        """Tell whether a group stands at the top, and is no loop."""
        if path or child.get("type") != "group" or self.prop(child["name"], "type") == "loop":
            return False
        return child in self.survey.get("children", [])

    def name_of(self, ref: str, at: Standing) -> str:
        """Return our name for what a rule standing at *at* looks at."""
        if ref == ".":
            return at.id
        standing = self.named.get(ref, ())
        found = max(standing, key=lambda s: _alike(s.around, at.around), default=None)
        if found is None or found.type == "group":
            raise NotSayableError(f"${{{ref}}}, which is not there")
        if found.item and not at.item.startswith(found.item):
            raise NotSayableError(f"${{{ref}}}, one item of a loop")
        common = _alike(at.path, found.path)
        return ".".join((*found.path[common:], found.id))

    # Lists

    def read_lists(self) -> None:
        """Read the sheet `choices`: lists of reference, shared and own."""
        used = {*_lists(self.survey.get("children", []))}
        for name, entries in (self.survey.get("choices") or {}).items():
            if name not in used and not self.is_ours:
                told = f"the choice list {name!r} is left out: no question that comes along uses it"
                self.tell(f"list {name}", told, "list name")
                continue
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
                told = f"the choice list {name!r} is named {ours} here"
                self.tell(f"list {name}", told, "list name")
            self.list_names[name] = ours
            self.own[ours] = choices
            for choice, entry in zip(choices, entries, strict=True):
                key = f"{ours}.{choice['code']}"
                theirs = str(entry["name"])
                of = f"{name}.{theirs}"
                choice["label"] = self.worded(entry.get("label"), key, theirs, of=of)
                for row in self.props.get(f"{name}.{entry['name']}", []):
                    is_text = row["property"] in ("source", "hint")
                    choice[row["property"]] = row["value"] if is_text else from_json(row["value"])
                    self.translate(f"{key}.{row['property']}", row)

    def choices(self, name: str, entries: list[Any]) -> list[dict[str, Any]]:
        """Return the choices of a list, with codes of ours; labels come later."""
        found: list[dict[str, Any]] = []
        codes = self.codes.setdefault(name, {})
        given: set[str] = set()
        for entry in entries:
            theirs = str(entry["name"])
            ours = (
                theirs if CODE.fullmatch(theirs) else snake_case(theirs, is_code=True) or "choice"
            )
            if ours == "other" and name in self.with_other:
                ours = "other_choice"  # `<id>.other` is the column of the text
            while ours in given:
                ours = next_free(ours)
            given.add(ours)
            codes.setdefault(theirs, ours)
            if ours != theirs:
                row = int(entry.get("__row", 0))
                place = (CHOICES, row, "name") if row else ("", 0, "")
                told = f"its code here is {ours}"
                self.note(self.places.told_in(*place, f"{name}.{theirs}", told))
            found.append({"code": ours})
        self.tell_columns(name, entries)
        return found

    def tell_columns(self, name: str, entries: list[Any]) -> None:
        """Tell which columns of a choice list are left out, each once, at its first choice."""
        having: dict[str, list[str]] = {}
        for entry in entries:
            for key in entry.keys() - {"name", "label", "__row"}:
                having.setdefault(key, []).append(str(entry["name"]))
        for key, theirs in sorted(having.items()):
            told = f"{key} is left out, of {len(theirs)} choices of {name!r}"
            self.tell(f"{name}.{theirs[0]}", told, key)


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Return how many steps two paths have in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _lists(children: list[Any]) -> Iterator[str]:
    """Yield the choice list of every question that comes along."""
    for child in children:
        if child.get("type") in ("select_one", "select_multiple"):
            yield str(child.get("list_name") or child.get("itemset"))
        yield from _lists(child.get("children", []))


def with_other(children: list[Any]) -> Iterator[str]:
    """Yield the choice lists of which several may be chosen, and "other" brings a text."""
    for child in children:
        if child.get("type") == "select_multiple" and "other" in child:
            yield str(child.get("list_name"))
        yield from with_other(child.get("children", []))
