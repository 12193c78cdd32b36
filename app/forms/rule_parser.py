"""Rule text to a JSON tree: `has_plan == "yes" and plan_year >= 2010`.

The notation is a small subset of Python's expressions, read with `ast` and never executed. The
tree is plain JSON, so that another language can evaluate the same rule:

    {"n": "2010"}  a number        {"s": "yes"}  a text or code      {"b": true}
    {"l": [...]}   a list          {"v": "plan_year", "t": "number"}  an answer, with its kind
                   {"v": "uses.food", "whole": true}  likewise, and the dot is part of its key
    {"f": "and", "a": [...]}       an operator or function with its operands
"""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

Tree = dict[str, Any]

LONGEST_RULE: Final = 4_000  # characters
MOST_DIGITS: Final = 30  # of a number, before and after the point together
NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")

FUNCTIONS: Final[Mapping[str, tuple[int, int]]] = {  # fewest and most operands
    "if": (3, 3),
    "sum": (1, 50),
    "count": (1, 50),
    "distinct": (1, 50),
    "min": (1, 50),
    "max": (1, 50),
    "round": (1, 2),
    "length": (1, 1),
    "coalesce": (1, 50),
    "answered": (1, 1),
    "nothing": (1, 1),
}
RESERVED: Final = frozenset(FUNCTIONS) | {
    *("true", "false", "null", "none", "rows", "before", "and", "or", "not", "in"),
    *("is", "else", "for", "lambda", "from", "import", "class", "def", "return", "with", "as"),
}
_PLACES: Final = tuple(str(places) for places in range(11))  # that round() can keep
_COMPARISONS: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
_ARITHMETIC: Final[Mapping[type[ast.operator], str]] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/",
}  # fmt: skip
_IF: Final = re.compile(r"""("[^"]*"|'[^']*')|\bif(?=\s*\()""")  # "if(" is no Python: renamed
_IF_RENAMED: Final = "_if"


class RuleError(ValueError):
    """The rule is not written in the rule language; the message says what to write instead."""


def parse(source: str) -> Tree:
    """Return the tree of *source*; raise RuleError for anything outside the rule language."""
    if len(source) > LONGEST_RULE:
        raise RuleError(f"a rule has at most {LONGEST_RULE} characters")
    if "\\" in source:
        raise RuleError("a rule has no backslash")
    text = _IF.sub(lambda found: found[1] or _IF_RENAMED, source.replace("\n", " ").strip())
    try:
        return _Parser(text).tree(ast.parse(text, mode="eval").body)
    except SyntaxError as error:
        raise RuleError(f"{source!r} cannot be read: {error.msg}") from error
    except (RecursionError, MemoryError) as error:
        raise RuleError("the rule is nested too deeply; make it simpler") from error


def names_in(tree: Tree) -> Iterator[Tree]:
    """Yield the nodes that look at an answer, from left to right."""
    return (node for node in nodes_in(tree) if "v" in node)


def nodes_in(tree: Tree) -> Iterator[Tree]:
    """Yield *tree* and every node under it, from left to right."""
    yield tree
    for child in (*tree.get("a", ()), *tree.get("l", ())):
        yield from nodes_in(child)


def spread(tree: Tree, matrices: Mapping[str, tuple[str, ...]]) -> Tree:
    """Return *tree* with the list of its questions in place of each matrix.

    matrices  names of the questions of each, which are keys of answers as they stand
    """
    if not matrices:
        return tree
    if (name := tree.get("v")) is not None:
        if name in matrices:
            return {"l": [{"v": member, "whole": True} for member in matrices[name]]}
        is_member = any(name in members for members in matrices.values())
        return {"v": name, "whole": True} if is_member else tree
    return {
        key: [spread(inner, matrices) for inner in value] if key in ("a", "l") else value
        for key, value in tree.items()
    }


class _Parser:
    """Turns nodes of `ast` into ours; keeps the text, because numbers are read from it exactly."""

    def __init__(self, text: str) -> None:
        self.text = text

    def tree(self, node: ast.expr) -> Tree:
        match node:
            case ast.Constant():
                return self.constant(node)
            case ast.Name() | ast.Attribute():
                return self.name(node)
            case ast.List(elts=items):
                return {"l": [self.tree(item) for item in items]}
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return {"f": "not", "a": [self.tree(operand)]}
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return {"f": "negative", "a": [self.tree(operand)]}
            case ast.BoolOp(op=op, values=parts):
                name = "and" if isinstance(op, ast.And) else "or"
                return {"f": name, "a": [self.tree(part) for part in parts]}
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                return {"f": _ARITHMETIC[type(op)], "a": [self.tree(left), self.tree(right)]}
            case ast.Compare():
                return self.comparison(node)
            case ast.Call():
                return self.call(node)
        raise self.refused(node)

    def constant(self, node: ast.Constant) -> Tree:
        if isinstance(node.value, bool):
            return {"b": node.value}
        if isinstance(node.value, str):
            return {"s": node.value}
        written = ast.get_source_segment(self.text, node) or ""
        if not NUMBER.fullmatch(written):
            raise self.refused(node)
        if sum(c.isdigit() for c in written) > MOST_DIGITS:
            raise RuleError(f"{written}: a number has at most {MOST_DIGITS} digits")
        return {"n": written}

    def name(self, node: ast.Name | ast.Attribute) -> Tree:
        dotted = ast.unparse(node)
        if dotted in ("true", "false"):
            return {"b": dotted == "true"}
        steps = dotted.split(".")
        if not all(step.isidentifier() for step in steps):
            raise self.refused(node)
        if steps[0] == "before":
            raise RuleError(
                f"{dotted}: a rule cannot look at an earlier submission; remove 'before.'"
            )
        if steps == ["rows"] or RESERVED.intersection(steps[1:]):
            raise RuleError(f"{dotted}: write rows.x, where x is a question of the same container")
        return {"v": dotted}

    def comparison(self, node: ast.Compare) -> Tree:
        sides = [node.left, *node.comparators]
        parts = []
        for left, op, right in zip(sides, node.ops, sides[1:], strict=False):
            if type(op) not in _COMPARISONS:
                raise self.refused(node)
            parts.append({"f": _COMPARISONS[type(op)], "a": [self.tree(left), self.tree(right)]})
        return parts[0] if len(parts) == 1 else {"f": "and", "a": parts}

    def call(self, node: ast.Call) -> Tree:
        called = node.func.id if isinstance(node.func, ast.Name) else ""
        name = "if" if called == _IF_RENAMED else called
        if name not in FUNCTIONS or node.keywords:
            known = ", ".join(sorted(FUNCTIONS))
            raise RuleError(f"{ast.unparse(node)!r} is no function of rules; there are {known}")
        fewest, most = FUNCTIONS[name]
        if not fewest <= len(node.args) <= most:
            wanted = fewest if fewest == most else f"{fewest} to {most}"
            raise RuleError(f"{name}() takes {wanted} operands, not {len(node.args)}")
        operands = [self.tree(operand) for operand in node.args]
        if name in ("answered", "nothing") and "v" not in operands[0]:
            raise RuleError(f"{name}() takes the id of a question")
        if name == "round" and operands[1:] and operands[1].get("n") not in _PLACES:
            raise RuleError("round() takes a number, and how many places to keep, from 0 to 10")
        return {"f": name, "a": operands}

    def refused(self, node: ast.expr) -> RuleError:
        written = ast.get_source_segment(self.text, node) or ast.unparse(node)
        return RuleError(f"{written!r} is not allowed in a rule")
