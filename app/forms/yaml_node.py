"""One mapping of a form file, read key by key; what is not as it should be becomes a problem.

Reading goes on after a problem with a plain default, so that all problems come out at once.
"""

import difflib
import re
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any, Final

from app.forms.form_problem import FormProblem
from app.forms.rule_parser import RESERVED
from app.forms.strict_yaml import YamlList, YamlMap

ID: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST_ID: Final = 60


class Node:
    """A mapping of a file, with the id its problems are reported under."""

    def __init__(self, data: YamlMap, file: str, where: str, problems: list[FormProblem]) -> None:
        self.data = data
        self.file = file
        self.where = where
        self.problems = problems

    @property
    def at(self) -> str:
        """Where the mapping stands; the same for a block wherever it is used."""
        return f"{self.file}:{self.data.line}"

    def wrong(self, key: str, message: str) -> None:
        """Report a problem at the line of *key* ("": of the mapping)."""
        line = self.data.line_of(key)
        self.problems.append(FormProblem(self.file, line, self.where, message))

    def only(self, allowed: Collection[str]) -> None:
        """Report every key that is not among *allowed*."""
        for key in self.data:
            if key not in allowed:
                self.wrong(key, f"{key!r} is not a key here{suggestion(key, allowed)}")

    def has(self, key: str) -> bool:
        """Tell whether *key* is there."""
        return key in self.data

    def text(self, key: str, *, needed: bool = False) -> str:
        """Return a text, without the spaces around it; "" if absent."""
        value = self.data.get(key)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if needed or (value is not None and not isinstance(value, str)):
            self.wrong(key, f"write {key!r} as a text")
        return ""

    def flag(self, key: str) -> bool:
        """Return a yes or no, which is written `true` or `false`; false if absent."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            self.wrong(key, f"write {key!r} as true or false")
        return value is True

    def whole(self, key: str, default: int) -> int:
        """Return a whole number from 0."""
        value = self.data.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.wrong(key, f"write {key!r} as a whole number from 0")
            return default
        return value

    def one_of(self, key: str, allowed: Iterable[str], default: str = "") -> str:
        """Return one of *allowed*; *default* if absent; the key is needed without a default."""
        value, known = self.data.get(key, default), list(allowed)
        if value in known or (key not in self.data and default):
            return str(value)
        self.wrong(key, f"write one of {', '.join(known)} as {key!r}{suggestion(value, known)}")
        return default or known[0]

    def several_of(self, key: str, allowed: Collection[str]) -> tuple[str, ...]:
        """Return a list of some of *allowed*; () if absent."""
        values = self.data.get(key, [])
        if not isinstance(values, list) or any(value not in allowed for value in values):
            self.wrong(key, f"write {key!r} as a list of {', '.join(allowed)}")
            return ()
        return tuple(values)

    def identifier(self) -> str:
        """Return the `id`, which from now on names the problems; its style is checked."""
        value = self.text("id")
        self.where = value or f"line {self.data.line}"
        if not value:
            self.wrong("id", "write 'id' as a text")
        elif not ID.fullmatch(value) or len(value) > LONGEST_ID:
            self.wrong("id", f"write the id in lower_snake_case, at most {LONGEST_ID} letters")
        elif value in RESERVED:
            self.wrong("id", f"{value!r} is a word of the rules; choose another id")
        return value

    def nodes(self, key: str) -> list["Node"]:
        """Return the mappings in a list; [] if absent."""
        return nodes(self.data.get(key), self, key)


def nodes(value: Any, parent: Node, key: str) -> list[Node]:  # noqa: ANN401 - YAML holds anything
    """Return the mappings that *value* lists; report anything else at *key* of *parent*."""
    if value is None:
        return []
    if not isinstance(value, YamlList):
        parent.wrong(key, f"write {key!r} as a list")
        return []
    found = []
    for line, entry in zip(value.lines, value, strict=True):
        if isinstance(entry, YamlMap):
            found.append(Node(entry, parent.file, parent.where, parent.problems))
        else:
            message = f"each entry of {key!r} has keys of its own, such as 'id: …'"
            parent.problems.append(FormProblem(parent.file, line, parent.where, message))
    return found


def suggestion(written: object, known: Iterable[str]) -> str:
    """Return "; did you mean …?" when *written* is close to something known, else what to do."""
    near = difflib.get_close_matches(str(written), [str(name) for name in known], n=1)
    return f"; did you mean {near[0]!r}?" if near else "; remove or correct it"
