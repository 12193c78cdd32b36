"""Between trees of rules and their two notations: ours, and the XPath of XLSForm.

For what both can say, `read_xpath(write_xpath(tree))` is the same tree. What one of them cannot
say raises NotSayableError, whose text names it.

An unanswered question is null in our rules and an empty text in XLSForm: `${a} != 'x'` holds there
where nothing is answered, `a != "x"` does not here.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from app.forms.rule_parser import Tree

COMPARISONS: Final = ("==", "!=", "<", "<=", ">", ">=")
_SYMBOLS: Final = {"==": "=", "/": "div"}
_FUNCTIONS: Final = {  # ours to XPath; the others have other names or operands
    "sum": "sum",
    "min": "min",
    "max": "max",
    "round": "round",
    "length": "string-length",
    "if": "if",
    "coalesce": "coalesce",
}
_BACK: Final = {theirs: ours for ours, theirs in _FUNCTIONS.items()}
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BINARY: Final = (*COMPARISONS, "+", "-", "*", "/", "and", "or", "in", "not in")
_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<ref>\$\{[^}]*\})|(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)|(?P<text>'[^']*'|"[^"]*")"""
    r"""|(?P<path>(?:current\(\)/)?(?:\.\./)+[A-Za-z_][\w.-]*(?!\s*[(/\w]))"""
    r"""|(?P<name>[A-Za-z_][\w.:-]*)|(?P<sign><=|>=|!=|[=<>+*(),.\-/]))"""
)


class NotSayableError(ValueError):
    """The other notation has no word for this."""


# Ours


def write_rule(tree: Tree) -> str:
    """Return a rule in our notation; its tree is *tree*, but for kinds."""
    if "f" not in tree:
        return _plain(tree, write_rule)
    name, operands = tree["f"], tree["a"]
    if name == "not":
        return f"not {_enclosed(operands[0], write_rule)}"
    if name == "negative":
        return f"-{_enclosed(operands[0], write_rule)}"
    if name in _BINARY:
        return f" {name} ".join(_enclosed(operand, write_rule, name) for operand in operands)
    return f"{name}({', '.join(write_rule(operand) for operand in operands)})"


def without_kinds(tree: Tree) -> Tree:
    """Return the tree without the kinds of its names: as it is written."""
    return {
        key: [without_kinds(child) for child in value] if key in "al" else value
        for key, value in tree.items()
        if key != "t"
    }


def _plain(tree: Tree, write: Callable[[Tree], str]) -> str:
    if "b" in tree:
        return "true" if tree["b"] else "false"
    if "l" in tree:
        return f"[{', '.join(write(item) for item in tree['l'])}]"
    if "s" in tree:
        return quoted(tree["s"])
    return str(tree.get("n") or tree["v"])


def quoted(text: str, first: str = '"') -> str:
    """Return a text in quotation marks that are not in it."""
    other = "'" if first == '"' else '"'
    mark = first if first not in text else other
    if mark in text or "\\" in text:
        raise NotSayableError(f"a text with both quotation marks or a backslash: {text}")
    return f"{mark}{text}{mark}"


def _enclosed(tree: Tree, write: Callable[[Tree], str], around: str = "") -> str:
    """Write an operand, in parentheses where it is an operation with two sides itself."""
    inner = tree.get("f", "")
    is_loose = inner in COMPARISONS or inner in ("in", "not in")
    if inner in _BINARY or (inner == "not" and around not in ("", "and", "or")):
        return write(tree) if is_loose and around in ("and", "or") else f"({write(tree)})"
    return write(tree)


# XPath


class XPathWriter:
    """Writes trees as XPath, where a rule of some place stands.

    refs   the name in the survey of every name that the rule uses; "." for the question itself
    types  "date", "select_multiple", "repeat", … of these names; a column's with the column
    """

    def __init__(self, refs: Mapping[str, str], types: Mapping[str, str]) -> None:
        self.refs = refs
        self.types = types

    def write(self, tree: Tree) -> str:
        """Return a tree as XPath; raise NotSayableError."""
        if "f" not in tree:
            return self.plain(tree)
        name, operands = tree["f"], tree["a"]
        if name in ("in", "not in"):
            said = self.membership(*operands)
            return said if name == "in" else f"{said} = false()"
        if name in COMPARISONS:
            return self.comparison(name, *operands)
        if name in _BINARY:
            symbol = _SYMBOLS.get(name, name)
            return f" {symbol} ".join(_enclosed(part, self.write, name) for part in operands)
        if name == "negative":
            return f"-{_enclosed(operands[0], self.write, '*')}"
        if name == "not":
            return f"not({self.write(operands[0])})"
        return self.call(name, operands)

    def plain(self, tree: Tree) -> str:
        """Write a number, text, truth or name."""
        if "b" in tree:
            return f"{'true' if tree['b'] else 'false'}()"
        if "s" in tree:
            return quoted(tree["s"], "'")
        if "n" in tree:
            return str(tree["n"])
        if "l" in tree:
            raise NotSayableError("a list")
        return self.ref(tree["v"])

    def ref(self, name: str) -> str:
        """Write a name as the survey has it."""
        if name not in self.refs:
            raise NotSayableError(name)
        return "." if self.refs[name] == "." else f"${{{self.refs[name]}}}"

    def comparison(self, name: str, left: Tree, right: Tree) -> str:
        """Write a comparison; a date is written as one."""
        sides = []
        for side, other in ((left, right), (right, left)):
            is_date = self.types.get(other.get("v", "")) == "date"
            if is_date and _DATE.fullmatch(side.get("s", "")):
                sides.append(f"date({quoted(side['s'], chr(39))})")
            elif side.get("s") == "":
                raise NotSayableError("a comparison with an empty text")
            else:
                sides.append(_enclosed(side, self.write, name))
        return f"{sides[0]} {_SYMBOLS.get(name, name)} {sides[1]}"

    def membership(self, sought: Tree, group: Tree) -> str:
        """Write `in`: one of several codes, or one of the choices of a question."""
        if "l" in group and "v" in sought:
            codes = [item.get("s", " ") for item in group["l"]]
            if not codes or any(" " in code or not code for code in codes):
                raise NotSayableError("a list of other than codes")
            return f"selected({quoted(' '.join(codes), chr(39))}, {self.ref(sought['v'])})"
        if self.types.get(group.get("v", "")) == "select_multiple":
            return f"selected({self.ref(group['v'])}, {self.plain(sought)})"
        raise NotSayableError("in a column")

    def call(self, name: str, operands: list[Tree]) -> str:
        """Write a function by its name there."""
        if name == "answered":
            if self.types.get(operands[0]["v"], "repeat") in ("repeat", "loop"):
                raise NotSayableError("answered() of a container")
            return f"{self.ref(operands[0]['v'])} != ''"
        if name == "count":
            return self.count(operands)
        if name not in _FUNCTIONS:
            raise NotSayableError(f"{name}()")
        return f"{_FUNCTIONS[name]}({', '.join(self.write(operand) for operand in operands)})"

    def count(self, operands: list[Tree]) -> str:
        """Write what counts rows, choices or answers."""
        asked = operands[0].get("v", "") if len(operands) == 1 else ""
        function = "count-non-empty" if "." in asked else None
        if self.types.get(asked) == "repeat":
            function = "count"
        elif function is None and self.types.get(asked) == "select_multiple":
            function = "count-selected"
        if function is None:
            raise NotSayableError("count() of this")
        return f"{function}({self.ref(asked)})"


class _XPathReader:
    """Reads one XPath expression, by what binds loosest first."""

    def __init__(self, text: str, name_of: Callable[[str], str]) -> None:
        self.text = text
        self.name_of = name_of
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text.rstrip()):
            found = _TOKEN.match(text, at)
            if found is None:
                raise NotSayableError(text[at:].strip()[:30])
            self.tokens.append((str(found.lastgroup), found.group().strip()))
            at = found.end()
        self.at = 0

    def whole(self) -> Tree:
        tree = self.joined("or")
        if self.at < len(self.tokens):
            raise NotSayableError(self.tokens[self.at][1])
        return tree

    def next_is(self, *words: str) -> str:
        """Take the next token if it is one of *words*; return it, or ""."""
        if self.at < len(self.tokens) and self.tokens[self.at][1] in words:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def joined(self, word: str) -> Tree:
        parts = [self.joined("and") if word == "or" else self.comparison()]
        while self.next_is(word):
            parts.append(self.joined("and") if word == "or" else self.comparison())
        return parts[0] if len(parts) == 1 else {"f": word, "a": parts}

    def comparison(self) -> Tree:
        left = self.sum()
        sign = self.next_is("=", "!=", "<", "<=", ">", ">=")
        if not sign:
            return left
        right = self.sum()
        if self.next_is("=", "!=", "<", "<=", ">", ">="):
            raise NotSayableError("two comparisons in a row")
        if {"s": ""} in (left, right) and sign in ("=", "!="):
            return _emptiness(sign, left if right == {"s": ""} else right)
        if right == {"b": False} and sign == "=" and left.get("f") == "in":
            return {"f": "not in", "a": left["a"]}
        return {"f": {"=": "=="}.get(sign, sign), "a": [left, right]}

    def sum(self) -> Tree:
        left = self.product()
        while sign := self.next_is("+", "-"):
            left = {"f": sign, "a": [left, self.product()]}
        return left

    def product(self) -> Tree:
        left = self.single()
        while sign := self.next_is("*", "div"):
            left = {"f": "/" if sign == "div" else sign, "a": [left, self.single()]}
        return left

    def single(self) -> Tree:
        if self.next_is("-"):
            return {"f": "negative", "a": [self.single()]}
        if self.next_is("("):
            inner = self.joined("or")
            self.closed()
            return inner
        if self.at >= len(self.tokens):
            raise NotSayableError("an expression that breaks off")
        kind, word = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return {"n": f"0{word}" if word.startswith(".") else word}
        if kind == "text":
            return {"s": word[1:-1]}
        if kind == "ref":
            return {"v": self.name_of(word[2:-1].strip())}
        if kind == "path":
            return {"v": self.name_of(word.rpartition("/")[2])}
        if word == ".":
            return {"v": self.name_of(".")}
        if kind == "name" and self.next_is("("):
            return self.call(word)
        raise NotSayableError(word)

    def closed(self) -> None:
        if not self.next_is(")"):
            raise NotSayableError("an expression without its closing parenthesis")

    def call(self, name: str) -> Tree:
        operands: list[Tree] = []
        if not self.next_is(")"):
            operands.append(self.joined("or"))
            while self.next_is(","):
                operands.append(self.joined("or"))
            self.closed()
        return _called(name, operands)


def read_xpath(text: str, name_of: Callable[[str], str]) -> Tree:
    """Return the tree of an XPath expression.

    name_of  our name for a name in the survey, and for "." the question itself; it may raise
             NotSayableError
    """
    try:
        return _XPathReader(text, name_of).whole()
    except RecursionError as error:
        raise NotSayableError("an expression nested too deeply") from error


def _emptiness(sign: str, asked: Tree) -> Tree:
    if "v" not in asked:
        raise NotSayableError("a comparison with an empty text")
    answered = {"f": "answered", "a": [asked]}
    return answered if sign == "!=" else {"f": "not", "a": [answered]}


def _called(name: str, operands: list[Tree]) -> Tree:
    match name, operands:
        case (("true" | "false"), []):
            return {"b": name == "true"}
        case "number", [operand] if "n" in operand or "v" in operand:
            return operand
        case "not", [operand]:
            return {"f": "not", "a": [operand]}
        case "date", [{"s": str()} as text] if _DATE.fullmatch(text["s"]):
            return text
        case "selected", [{"s": str(codes)}, {"v": str()} as asked]:
            return {"f": "in", "a": [asked, {"l": [{"s": code} for code in codes.split()]}]}
        case "selected", [{"v": str()} as asked, {"s": str()} as code]:
            return {"f": "in", "a": [code, asked]}
        case (("count" | "count-non-empty" | "count-selected"), [{"v": str()} as asked]):
            return {"f": "count", "a": [asked]}
    if name not in _BACK:
        raise NotSayableError(f"{name}()")
    return {"f": _BACK[name], "a": operands}
