"""Random rules with random answers, the same for the same seed, and values as JSON.

Every rule is written as an author would write it and read by the parser; what its parts mean need
not fit together, so that also what comes to null is compared.
"""

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any, Final

from app.forms.rules import Scope, Value, parse_rule

Json = Any

KINDS: Final = {
    **dict.fromkeys(("n", "m", "far", "x_number"), "number"),
    **dict.fromkeys(("rows.n", "rows.m", "loop.n", "repeat.n", "repeat.inner.n"), "number"),
    **dict.fromkeys(("day", "rows.day"), "date"),
    **dict.fromkeys(("codes", "rows.codes", "loop.codes"), "codes"),
    **dict.fromkeys(("loop", "repeat", "none"), "container"),
}
PLAIN: Final = ("n", "m", "far", "x_number", "day", "code", "text", "codes", "none")
COLUMNS: Final = (
    *("rows.n", "rows.m", "rows.day", "rows.codes", "rows.code", "rows.text"),
    *("loop.n", "loop.codes", "loop.code", "repeat.n", "repeat.code", "repeat.inner.n"),
)
CONTAINERS: Final = ("loop", "repeat", "none")
CODES: Final = ("a", "b", "on_track", "2010", "7")
DAYS: Final = ("2018-12-31", "2018-01-01", "2020-02-29", "1999-09-09")
TEXTS: Final = ("Water", "L'eau", "مياه", "森林", "🌳🌲", "e\u0301", " ", "2018-12-31", "7")
COMPARISONS: Final = ("==", "!=", "<", "<=", ">", ">=")


def cases(seed: int, count: int) -> Iterator[Json]:
    """Yield *count* of {rule, tree, scope, value}, all of it JSON; fewer only if time ends."""
    random = Random(seed)  # noqa: S311 - for tests
    writer = _Writer(random)
    for _ in range(count):
        source, scope = writer.truth(random.randint(1, 4)), _scope(random)
        if random.random() < 0.3:
            source = writer.anything(random.randint(1, 4))
        rule = parse_rule(source, KINDS)
        value = as_json(rule.value(scope_from(scope)))
        yield {"rule": source, "tree": rule.tree, "scope": scope, "value": value}


def scope_from(scope: Json) -> Scope:
    """Return a scope as `app.forms.rules` wants it from {answers, outer, rows}."""
    outer = scope_from(scope["outer"]) if scope.get("outer") else None
    return Scope(scope["answers"], outer, scope.get("rows", ()))


def as_json(value: Value) -> Json:
    """Return a value as JSON; a number as {"n": "1.5"}, without zeros at its end."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return {"n": "0" if text == "-0" else text}
    return [as_json(item) for item in value] if isinstance(value, list) else value


class _Writer:
    """Writes rules; *depth* is how many operators may stand in each other."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def one(self, *writers: Any) -> str:  # noqa: ANN401 - methods of this class
        writer, *given = self.random.choice(writers)
        return str(writer(*given))

    def truth(self, depth: int) -> str:
        if depth <= 0:
            return self.random.choice(("true", "false", "answered(n)", "nothing(m)", 'code == "a"'))
        return self.one(
            *((self.joined, depth, word) for word in ("and", "or")),
            (self.negated, depth),
            *((self.compared, depth) for _ in range(4)),
            (self.member, depth),
            (self.asked,),
            (self.chosen, depth, self.truth),
        )

    def number(self, depth: int) -> str:
        if depth <= 0:
            return self.one((self.literal,), (self.random.choice, ("n", "m", "far", "x_number")))
        return self.one(
            *((self.computed, depth) for _ in range(5)),
            (self.rounded, depth),
            (self.of_many, depth),
            (self.chosen, depth, self.number),
            (self.counted,),
        )

    def anything(self, depth: int) -> str:
        return self.one(
            (self.number, depth),
            (self.truth, depth - 1),
            (self.many,),
            (self.quoted,),
            (self.random.choice, PLAIN),
        )

    def joined(self, depth: int, word: str) -> str:
        sides = [self.truth(depth - 1) for _ in range(self.random.randint(2, 3))]
        if self.random.random() < 0.1:
            sides.append(self.number(0))
        return "(" + f" {word} ".join(sides) + ")"

    def negated(self, depth: int) -> str:
        return f"not ({self.truth(depth - 1)})"

    def compared(self, depth: int) -> str:
        writers = self.random.choice(
            (*((self.number, self.number),) * 3, (self.anything, self.anything))
        )
        left, right = (f"({writer(depth - 1)})" for writer in writers)
        if self.random.random() < 0.1:
            return f"({left} <= {right} < {self.number(0)})"
        return f"({left} {self.random.choice(COMPARISONS)} {right})"

    def member(self, depth: int) -> str:
        word = self.random.choice(("in", "not in"))
        return f"(({self.anything(depth - 2)}) {word} {self.many()})"

    def asked(self) -> str:
        name = self.random.choice((*PLAIN, *COLUMNS, *CONTAINERS))
        return f"{self.random.choice(('answered', 'nothing'))}({name})"

    def chosen(self, depth: int, writer: Any) -> str:  # noqa: ANN401 - a method of this class
        if self.random.random() < 0.3:
            return f"coalesce({writer(0)}, {self.anything(depth - 1)}, {writer(depth - 1)})"
        return f"if({self.truth(depth - 1)}, {writer(depth - 1)}, {writer(depth - 1)})"

    def computed(self, depth: int) -> str:
        sign = self.random.choice("+-*/")
        left, right = self.number(depth - 1), self.number(depth - 1)
        return f"(-({left}))" if self.random.random() < 0.1 else f"({left} {sign} {right})"

    def rounded(self, depth: int) -> str:
        places = self.random.randint(-1, 10)
        return f"round({self.number(depth - 1)}{f', {places}' if places >= 0 else ''})"

    def of_many(self, depth: int) -> str:
        name = self.random.choice(("sum", "min", "max", "count"))
        operands = [self.number(depth - 1) for _ in range(self.random.randint(0, 2))]
        return f"{name}({', '.join([self.many(), *operands])})"

    def counted(self) -> str:
        name = self.random.choice(("count", "length"))
        if name == "length":
            return f"length({self.random.choice((*PLAIN, *map(repr, TEXTS[:1])))})"
        return f"count({self.random.choice((*PLAIN, *COLUMNS, *CONTAINERS))})"

    def many(self) -> str:
        if self.random.random() < 0.3:
            items = [self.anything(0) for _ in range(self.random.randint(0, 3))]
            return f"[{', '.join(items)}]"
        column = self.random.choice((*COLUMNS, "codes", *CONTAINERS))
        if self.random.random() < 0.2:
            return f"distinct({column}, {self.random.choice(COLUMNS)})"
        return column

    def quoted(self) -> str:
        text = self.random.choice((*CODES, *DAYS, *TEXTS))
        return f'"{text}"'

    def literal(self) -> str:
        return _digits(self.random).removeprefix("-")


def _digits(random: Random) -> str:
    """Return a number as an answer or a literal holds it: mostly short, sometimes at the limit."""
    kind = random.random()
    if kind < 0.6:
        whole, places = str(random.randint(0, 100)), random.choice(("", "", ".5", ".25", ".050"))
    elif kind < 0.8:
        whole, places = "0", "." + "".join(random.choices("0123456789", k=random.randint(1, 12)))
    else:
        length = random.randint(1, 29)
        whole = str(random.randint(0, 10**length))
        left = 30 - len(whole)
        size = random.randint(0, left)
        places = "." + "".join(random.choices("0059", k=size)) if size else ""
    return f"{random.choice(('', '', '-'))}{whole}{places}"


def _scope(random: Random) -> Json:
    scope = {"answers": _answers(random), "rows": _rows(random)}
    if random.random() < 0.5:
        scope["outer"] = {"answers": _answers(random), "rows": []}
    return scope


def _answers(random: Random, *, is_inner: bool = False) -> Json:
    """Return some answers; a loop and a repeat among them."""
    made = {
        "n": _digits(random),
        "m": _digits(random),
        "far": random.choice(("1" * 31, "9" * 30, "0." + "1" * 29, "-0", "007", "1." + "0" * 40)),
        "x_number": random.choice(("twelve", "", "1e5", "\u0667", "1.", ["1"])),
        "day": random.choice(DAYS),
        "code": random.choice(CODES),
        "codes": random.sample(CODES, random.randint(0, 3)),
        "text": _text(random),
    }
    if not is_inner:
        made["loop"] = {key: _answers(random, is_inner=True) for key in ("a", "b", "c")}
        made["repeat"] = _repeat(random)
    nothings: tuple[Json, ...] = (
        {"nothing": "unknown"},
        {"typed": "soon", "locale": "en", "problem": "not_a_date"},
    )
    kept = {key: answer for key, answer in made.items() if random.random() < 0.7}
    for key in kept:
        if key not in ("loop", "repeat") and random.random() < 0.1:
            kept[key] = random.choice(nothings)
    return {} if random.random() < 0.1 else kept


def _rows(random: Random) -> Json:
    return [_answers(random, is_inner=True) for _ in range(random.randint(0, 4))]


def _repeat(random: Random) -> Json:
    rows = [{"row": str(i), "answers": answers} for i, answers in enumerate(_rows(random))]
    for row in rows:
        row["answers"]["inner"] = [{"row": "i", "answers": {"n": _digits(random)}}]
    return rows


def _text(random: Random) -> Json:
    """Return a text: plain, or in some languages, some of them translations."""
    if random.random() < 0.3:
        return random.choice(TEXTS)
    languages = random.sample(("ar", "en", "es", "fr", "ru", "zh"), random.randint(0, 3))
    texts = {code: {"text": random.choice(TEXTS)} for code in languages}
    for text in texts.values():
        if random.random() < 0.4:
            text["translated_by"] = "a translator"
    return texts
