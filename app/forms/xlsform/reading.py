"""Reads the rules of a survey in our notation, and tells what a question has beside them."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Any, Final

from app.forms.rule_parser import Tree, nodes_in
from app.forms.xlsform.names import NameReader, Standing
from app.forms.xlsform.notation import NotSayableError, read_xpath, write_rule
from app.forms.xlsform.places import Told
from app.forms.xlsform.words import Element, shortened

_READ: Final = {  # keys of pyxform that are looked at, or are no column; the others are told
    *("type", "name", "label", "bind", "children", "choices", "itemset", "list_name", "query"),
    *("parameters", "control", "named", "other", "rows", "range", "flat", "columns", "actions"),
    *("_dynamic_default", "__row"),
}
BINDS: Final = {"relevant", "type"}
OF_QUESTIONS: Final = {*BINDS, "required", "constraint", "jr:constraintMsg"}
LONG: Final = ("multiline", "textarea")  # appearances of a text of several lines


class RuleReader(NameReader):
    """Reads rules, where everything in the survey has its name of ours."""

    def told_of(self, element_id: str, what: str, key: str = "") -> Told:
        """Return what is told of something that has an id of ours."""
        is_check = element_id.endswith("_valid") and element_id not in self.ids
        named = element_id.removesuffix("_valid") if is_check else element_id
        column = {"rule": "constraint" if is_check else "calculate"}.get(key, key)
        theirs = self.ids.get(named, named)
        return self.places.told(theirs, what, column)

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """Return the names of the workbook by our ids."""
        return {standing.id: name for name, standing in self.standing.items()}

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
                told = f"{key} is left out: {written} ({error} cannot be said here)"
                self.tell(name, told, key)
        elif written and key == "relevant":
            trees.append({"b": False})
        if trees:
            element[key_here or key] = joined(tuple(trees))

    def tree(self, written: str, at: Standing) -> Tree:
        """Return the tree of a rule; raise NotSayableError."""
        tree = read_xpath(written, lambda ref: self.name_of(ref, at))
        by_id = {s.id: s for s in self.standing.values()}
        for node in nodes_in(tree):
            self.fit(node, by_id)
        write_rule(tree)
        return tree

    def fit(self, node: Tree, by_id: Mapping[str, Standing]) -> None:
        """Write codes as ours, and quote those that stand as numbers; compare lists as lists."""
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
        if node["f"] == "in" and "s" in sides[0] and asked.type == "select_one":
            node |= {"f": "==", "a": [sides[1], sides[0]]}
        elif node["f"] in ("==", "!=") and asked.type == "select_multiple":
            code, names = sorted(sides, key=lambda side: "v" in side)
            if "s" in code:
                one = {"f": "==", "a": [{"f": "count", "a": [names]}, {"n": "1"}]}
                only = {"f": "and", "a": [{"f": "in", "a": [code, names]}, one]}
                is_only = node["f"] == "=="
                node |= only if is_only else {"f": "not", "a": [only]}

    def tell_rest(self, child: Any, said: AbstractSet[str]) -> None:  # noqa: ANN401
        """Tell what else a question or group has that is not carried over.

        said   what of its `bind` is carried over
        """
        name = str(child.get("name", ""))
        control = {**(child.get("control") or {})}
        if control.get("appearance") in (*LONG, "field-list"):
            control.pop("appearance")
        control.pop("rows", None)
        rest = {key: child[key] for key in child.keys() - _READ - {"hint"}}
        binds = child.get("bind") or {}
        rest |= {k: v for k, v in binds.items() if k not in said and not _is_idle(k, v, child)}
        rest |= {
            f"parameters: {k}": v for k, v in (child.get("parameters") or {}).items() if k != "rows"
        }
        for key, value in sorted((rest | control).items()):
            column = key.partition(":")[0] if key.startswith("parameters") else key
            self.tell(name, f"{key} is left out: {shortened(value)}", column)


def _is_idle(key: str, value: object, child: Any) -> bool:  # noqa: ANN401
    """Tell whether something of `bind` says nothing: a calculated answer is read-only anyway."""
    is_no = str(value).lower() in ("no", "false", "false()")
    is_ours = key == "readonly" and child["type"] in ("calculated", "note")
    return is_ours or (is_no and key in ("readonly", "required"))


def joined(trees: tuple[Tree, ...]) -> str | bool:
    """Return the rule that says all of several."""
    if len(trees) == 1:
        return write_rule(trees[0])
    return write_rule({"f": "and", "a": list(trees)})
