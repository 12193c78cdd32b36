"""Answers that a question may get in a rehearsal: plausible ones first, then those that rules name.

What is plausible comes from the form: type, range, choices, and what rules compare an answer with.
`Leanings` say, for a question or container by its id, which outcomes are how likely.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from app.forms.definition import Choice, Question, QuestionType
from app.forms.draws import Draws
from app.forms.limits import limits
from app.forms.rehearsal_words import Words
from app.forms.rule_parser import nodes_in
from app.forms.rules import Rule, Scope, Value
from app.forms.typed import file_date, file_decimal, file_number

# By id: the code of a choice, how many choices or rows, "" for no answer, "*" for any; and weights.
Leanings = Mapping[str, Sequence[tuple[str, int]]]

ANY: Final = "*"
_NUMBERS: Final = (QuestionType.INTEGER, QuestionType.DECIMAL)
_CHOOSING: Final = (QuestionType.SELECT_ONE, QuestionType.REFERENCE)
_COMPARING: Final = {"==", "!=", "<", "<=", ">", ">=", "in", "not in"}
_HOW_MANY_CHOICES: Final = ((1, 50), (2, 28), (3, 15), (4, 7))
_YEARS: Final = 6  # over which dates spread
_SIZES: Final = (10, 100, 1_000, 10_000, 100_000)  # of numbers of which we know nothing


@dataclass(frozen=True, slots=True)
class Around:
    """What an answer may depend on: which row it stands in, of how many, and what rows are."""

    number: int = 1
    of: int = 1
    title: str = ""  # what one row is, if the answer is its title


@dataclass(frozen=True, slots=True)
class Drawer:
    """Draws answers to questions. *until* is the last day that an answer speaks of."""

    words: Words
    until: date
    leanings: Leanings = field(default_factory=dict)

    def plausible(self, question: Question, draws: Draws, around: Around) -> Any:  # noqa: ANN401
        """Return an answer within the limits of its question; None where none is likely."""
        if question.allow and draws.chance(6):
            return {"nothing": draws.one(question.allow)}
        kind = question.type
        if kind is QuestionType.TEXT:
            return self.words.text(question, draws, around.title, around.number)
        if kind in _NUMBERS:
            return _number(question, draws, self.until)
        if kind is QuestionType.DATE:
            return self._day(question, draws, around)
        if kind in _CHOOSING:
            return self._choice(question, draws)
        return self._choices(question, draws)

    def _day(self, question: Question, draws: Draws, around: Around) -> str:
        """Return a day; rows follow each other in time."""
        found = limits(question)
        last: date = min(found.get("most", self.until), self.until)
        first: date = found.get("least", last - timedelta(365 * _YEARS))
        last = max(first, last)
        span = max((last - first).days // around.of, 1)
        day: date = first + timedelta(span * (around.number - 1) + draws.below(span))
        return min(day, last).isoformat()

    def _choice(self, question: Question, draws: Draws) -> str | None:
        offered = _offered(question)
        if not offered:
            return None
        leaning = [(c, w) for c, w in self.leanings.get(question.id, ()) if c not in ("", ANY)]
        return draws.weighted(leaning or [(c.code, _weight(question, c)) for c in offered])

    def _choices(self, question: Question, draws: Draws) -> list[str] | None:
        """Return some choices, or now and then one that goes with no other."""
        offered = [c.code for c in _offered(question)]
        alone = [code for code in offered if code in question.exclusive]
        free = [code for code in offered if code not in question.exclusive]
        if alone and (not free or draws.chance(10)):
            return [draws.one(alone)]
        leaning = [(int(n), w) for n, w in self.leanings.get(question.id, ()) if n.isdigit()]
        count = draws.weighted(leaning or _HOW_MANY_CHOICES)
        count = min(max(count, question.least, 0), question.most or len(free), len(free))
        return draws.some(free, count) or None

    def others(
        self, question: Question, current: object, rules: Sequence[tuple[Rule, Scope]]
    ) -> Iterator[Any]:
        """Yield answers that the *rules* speak of, then those at the edges of what is possible."""
        values = [value for rule, scope in rules for value in named(rule, scope, current)]
        seen: list[object] = []
        for answer in (*self._made(question, values), *_edges(question)):
            if answer is not None and answer not in seen:
                seen.append(answer)
                yield answer

    def _made(self, question: Question, values: Sequence[Value]) -> Iterator[Any]:
        """Yield answers to *question* with these values, or lengths, if it can have them."""
        for value in values:
            if isinstance(value, Decimal) and question.type in _NUMBERS:
                yield _as_number(question, value)
            elif isinstance(value, Decimal) and question.type is QuestionType.TEXT:
                if 0 < value <= 2000 and value == value.to_integral_value():  # noqa: PLR2004 - long
                    yield self.words.of_length(question, int(value))
            elif isinstance(value, str):
                yield from self._from_text(question, value)

    def _from_text(self, question: Question, value: str) -> Iterator[Any]:
        if question.type is QuestionType.DATE:
            yield file_date(value)
        elif question.type is QuestionType.TEXT:
            yield self.words.quoted(question, value)
        elif value in [choice.code for choice in _offered(question)]:
            is_one = question.type in _CHOOSING
            yield value if is_one else [value]


def _offered(question: Question) -> list[Choice]:
    return [choice for choice in question.choices if not choice.is_retired]


def _weight(question: Question, choice: Choice) -> int:
    """Return how often a choice is made: unlike from question to question, alike in all answers."""
    drawn = 2 + Draws(f"{question.id}:{choice.code}").below(7)
    return 1 if choice.outside_scale else drawn


def _number(question: Question, draws: Draws, until: date) -> str:
    found: dict[str, Decimal] = limits(question)
    least, most = _usual(question, draws, until)
    if "least" in found:
        least, most = found["least"], found["least"] + max(abs(found["least"]), most)
    if "most" in found:
        lower = min(Decimal(0), found["most"] - max(abs(found["most"]), Decimal(100)))
        least, most = found.get("least", lower), found["most"]
    if question.type is QuestionType.INTEGER:
        first, last = int(least.to_integral_value("ROUND_CEILING")), int(most)
        return str(first + draws.below(max(last - first, 0) + 1))
    tenths = int((most - least) * 10)
    return _as_number(question, least + Decimal(draws.below(tenths + 1)) / 10) or str(least)


def _usual(question: Question, draws: Draws, until: date) -> tuple[Decimal, Decimal]:
    """Return between what a number lies that has no limits, by its unit and its name."""
    if question.unit == "%":
        return Decimal(0), Decimal(100)
    if "year" in question.id.split("_"):
        return Decimal(until.year - 15), Decimal(until.year)
    return Decimal(0), Decimal(draws.one(_SIZES))


def named(rule: Rule, scope: Scope, current: object) -> Iterator[Value]:
    """Yield what *rule* compares, and what would make both sides equal, from *current* on."""
    given = Decimal(current) if isinstance(current, str) and file_decimal(current) else None
    for node in nodes_in(rule.tree):
        if node.get("f") in _COMPARING:
            sides = [_flat(_value_of(side, scope)) for side in node["a"]]
            for left in sides[0]:
                for right in sides[1]:
                    if isinstance(left, Decimal) and isinstance(right, Decimal):
                        between = right - left
                        if given is not None:
                            yield from _near(given + between)
                            yield from _near(given - between)
                        yield from _near(between)
            for value in (*sides[0], *sides[1]):
                yield from _near(value) if isinstance(value, Decimal) else _days_near(value)
        elif "s" in node:
            yield from _days_near(node["s"])
        elif "n" in node:
            yield from _near(Decimal(node["n"]))


def _value_of(node: Mapping[str, Any], scope: Scope) -> Value:
    return Rule("", dict(node), frozenset()).value(scope)


def _flat(value: Value) -> list[Value]:
    return (
        [inner for each in value for inner in _flat(each)] if isinstance(value, list) else [value]
    )


def _near(value: Decimal) -> Iterator[Value]:
    yield from (value, value + 1, value - 1)


def _days_near(value: Value) -> Iterator[Value]:
    if isinstance(value, str):
        yield value
        if file_date(value) and "0002" < value < "9998":
            for days in (1, -1):
                yield (date.fromisoformat(value) + timedelta(days)).isoformat()


def _as_number(question: Question, value: Decimal) -> str | None:
    written = f"{value:f}"
    if question.type is QuestionType.INTEGER:
        return file_number(written)
    return file_decimal(written.rstrip("0").rstrip(".") if "." in written else written)


def _edges(question: Question) -> Iterator[Any]:
    """Yield the answers at the edges of what is possible, and each choice."""
    codes = [choice.code for choice in _offered(question)]
    if question.type in _NUMBERS:
        for value in (*limits(question).values(), Decimal(0), Decimal(1)):
            yield _as_number(question, value)
    elif question.type is QuestionType.DATE:
        for day in limits(question).values():
            yield day.isoformat()
    elif question.type in _CHOOSING:
        yield from codes[:40]
    elif question.type is QuestionType.SELECT_MULTIPLE:
        free = [code for code in codes if code not in question.exclusive]
        least = max(question.least, 1)
        for start in range(min(len(free), 20)):
            chosen = free[start : start + least]
            if len(chosen) == least:
                yield chosen
        yield free[: question.most or len(free)]
        yield from ([code] for code in question.exclusive)
    yield from ({"nothing": kind} for kind in question.allow)
