"""Random forms, the same for the same seed, each with answers that break none of its rules.

Questions of every type, matrices' items, loops and repeats in each other; rules of every notation
that look at what was asked before. A check that the answers break is left out, so that there is a
way to sign each form.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from app.forms.checks import problems_at
from app.forms.definition import (
    Check,
    Choice,
    Element,
    Form,
    Loop,
    Question,
    QuestionType,
    Range,
    Repeat,
    Section,
    Severity,
)
from app.forms.places import Answers, Document
from app.forms.relevance import asked_places, top
from app.forms.rules import ALWAYS, NEVER, Rule, parse_rule

KINDS: Final = {
    QuestionType.TEXT: "text",
    QuestionType.INTEGER: "number",
    QuestionType.DECIMAL: "number",
    QuestionType.DATE: "date",
    QuestionType.SELECT_ONE: "code",
    QuestionType.SELECT_MULTIPLE: "codes",
    QuestionType.CALCULATED: "number",
}
CODES: Final = ("one", "two", "three", "other")
CHOICES: Final = tuple(Choice(code=code, label=code.title()) for code in CODES)
FIRST_DAY: Final = date(2010, 1, 1)
DEEPEST: Final = 3


def random_form(seed: int) -> tuple[Form, Document]:
    """Return a form, and answers to it without a blocking problem but for what is to explain."""
    random = Random(seed)  # noqa: S311 - for tests
    maker = _Maker(random)
    sections = tuple(maker.section() for _ in range(random.randint(1, 4)))
    form = Form(
        agreement="demo", id="random", version=1, wording=1, title="Random", sections=sections
    )
    document = {k: v for s in sections for k, v in _answers(s.elements, random).items()}
    return _keeping(form, document), document


@dataclass(frozen=True)
class _Names:
    """What a rule may look at: names with the kind of answer each gives."""

    kinds: dict[str, str]

    def of(self, *kinds: str) -> list[str]:
        return [name for name, kind in self.kinds.items() if kind in kinds]

    def but(self, name: str) -> dict[str, str]:
        """Return the others: an author compares no answer with itself."""
        return {key: kind for key, kind in self.kinds.items() if key != name}


class _Maker:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.count = 0
        self.top: dict[str, str] = {}

    def id(self, what: str) -> str:
        self.count += 1
        return f"{what}_{self.count}"

    def section(self) -> Section:
        relevant = self.condition(self.top) if self.random.random() < 0.3 else ALWAYS
        return Section(
            id=self.id("s"),
            title="Section",
            relevant=relevant,
            elements=self.elements(self.top, 0),
        )

    def elements(self, known: dict[str, str], depth: int) -> tuple[Element, ...]:
        """Return some elements; add to *known* what rules may say of them."""
        found: list[Element] = []
        for _ in range(self.random.randint(1, 6)):
            if depth < DEEPEST and self.random.random() < 0.2:
                found.append(self.container(known, depth))
            else:
                found.append(self.question(known))
        return tuple(found)

    def container(self, known: dict[str, str], depth: int) -> Loop | Repeat:
        name = self.id("c")
        relevant = self.condition(known) if self.random.random() < 0.3 else ALWAYS
        inner = {key: kind for key, kind in known.items() if not key.startswith("rows.")}
        before = set(inner)
        elements = self.elements(inner, depth + 1)
        columns = {k: inner[k] for k in inner if k not in before and not k.startswith("rows.")}
        inside = {f"{name}.{key}": f"column of {kind}" for key, kind in columns.items()}
        plain = ("column of column", "column of container")
        known |= {key: kind for key, kind in inside.items() if not kind.startswith(plain)}
        known[name] = "container"
        if self.random.random() < 0.4:
            items = CHOICES[: self.random.randint(1, 4)]
            return Loop(id=name, label=name, items=items, elements=elements, relevant=relevant)
        least = self.random.choice((0, 0, 1, 2))
        return Repeat(
            id=name,
            label=name,
            row_label="Row",
            elements=elements,
            relevant=relevant,
            least=least,
            most=least + self.random.randint(1, 4),
            checks=self.checks(known),
        )

    def question(self, known: dict[str, str]) -> Question:
        kind = self.random.choice(list(KINDS))
        name = self.id("q")
        rule = NEVER
        if kind is QuestionType.CALCULATED:
            rule = parse_rule(self.number(known), _spread(known))
        is_list = kind in (QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE)
        relevant = self.condition(known) if self.random.random() < 0.3 else ALWAYS
        required = self.random.choice((ALWAYS, NEVER, NEVER, self.condition(known)))
        known[name] = KINDS[kind]
        return Question(
            id=name,
            type=kind,
            label=f"What is {name}?",
            choices=CHOICES if is_list else (),
            has_language=self.random.random() < 0.7,
            allow=("unknown",) if self.random.random() < 0.2 else (),
            relevant=relevant,
            required=NEVER if kind is QuestionType.CALCULATED else required,
            checks=self.checks(known, name),
            range=self.range(kind),
            least=self.random.choice((0, 2)),
            most=self.random.choice((0, 3)),
            exclusive=("other",) if self.random.random() < 0.3 else (),
            rule=rule,
            gives="number" if kind is QuestionType.CALCULATED else "",
        )

    def range(self, kind: QuestionType) -> Range:
        if self.random.random() < 0.6:
            return Range()
        if kind is QuestionType.DATE:
            return Range(least=FIRST_DAY.isoformat(), most="2019-12-31")
        is_number = kind in (QuestionType.INTEGER, QuestionType.DECIMAL)
        return Range(least="0", most=self.random.choice(("", "100"))) if is_number else Range()

    def checks(self, known: dict[str, str], name: str = "") -> tuple[Check, ...]:
        count = self.random.choice((0, 0, 1, 2))
        return tuple(
            Check(
                id=self.id("check"),
                rule=self.condition(known, name),
                severity=self.random.choice(list(Severity)),
                message="Look again.",
            )
            for _ in range(count)
        )

    def condition(self, known: dict[str, str], name: str = "") -> Rule:
        """Return a rule, about *name* if there is one."""
        source = self.truth(_Names(known), name)
        if self.random.random() < 0.3:
            word = self.random.choice(("and", "or"))
            source = f"{source} {word} {self.truth(_Names(known), '')}"
        if self.random.random() < 0.1:
            source = f"not ({source})"
        return parse_rule(source, _spread(known))

    def truth(self, names: _Names, name: str) -> str:
        name = name or self.random.choice(list(names.kinds) or ["nothing_before"])
        code, compared = self.random.choice(CODES), self.random.choice(("<", "<=", ">", ">=", "=="))
        match names.kinds.get(name, ""):
            case "number":
                return f"{name} {compared} {self.number(names.but(name))}"
            case "date":
                others = _Names(names.but(name)).of("date")
                day = f'"{_day(self.random)}"'
                return f"{name} {compared} {self.random.choice((*others, day, day))}"
            case "code":
                several = ", ".join(f'"{c}"' for c in self.random.sample(CODES, 2))
                equal = f'{name} {self.random.choice(("==", "!="))} "{code}"'
                return self.random.choice((equal, f"{name} in [{several}]"))
            case "codes":
                return f'"{code}" {self.random.choice(("in", "not in"))} {name}'
            case "text":
                long = f"length({name}) {compared} {self.random.randint(3, 60)}"
                return self.random.choice((long, f"answered({name})"))
            case "container":
                return f"count({name}) {compared} {self.random.randint(0, 4)}"
            case "column of number":
                return f"sum({name}) {compared} {self.number(names.kinds)}"
            case kind if kind.startswith("column of"):
                return f"count(distinct({name})) {self.random.choice(('==', '<='))} count({name})"
        return "true"

    def number(self, known: dict[str, str]) -> str:
        numbers = _Names(known).of("number")
        columns = _Names(known).of("column of number")
        written = str(self.random.randint(0, 200))
        if numbers and self.random.random() < 0.6:
            sign = self.random.choice("+-")
            return f"{self.random.choice(numbers)} {sign} {written}"
        if columns and self.random.random() < 0.5:
            return f"{self.random.choice(('sum', 'max'))}({self.random.choice(columns)})"
        return written


def _spread(known: dict[str, str]) -> dict[str, str]:
    return {name: kind.removeprefix("column of ") for name, kind in known.items()}


def _day(random: Random) -> str:
    return (FIRST_DAY + timedelta(random.randint(0, 3600))).isoformat()


def _answers(elements: tuple[Element, ...], random: Random) -> Answers:
    found: Answers = {}
    for element in elements:
        if isinstance(element, Question):
            if element.is_typed:
                found[element.id] = _answer(element, random)
        elif isinstance(element, Loop):
            found[element.id] = {i.code: _answers(element.elements, random) for i in element.items}
        else:
            rows = range(random.randint(element.least, element.most))
            found[element.id] = [
                {"row": f"w{random.getrandbits(40)}", "answers": _answers(element.elements, random)}
                for _ in rows
            ]
    return found


def _answer(question: Question, random: Random) -> Any:  # noqa: ANN401 - an answer
    match question.type:
        case QuestionType.TEXT:
            said = "Some words about it, and more. " * random.randint(1, 4)
            return {"en": {"text": said.strip()}} if question.has_language else said.strip()
        case QuestionType.INTEGER:
            return str(random.randint(0, 100))
        case QuestionType.DECIMAL:
            return f"{random.randint(0, 99)}.{random.randint(1, 9)}"
        case QuestionType.DATE:
            return _day(random)
        case QuestionType.SELECT_ONE:
            return random.choice(CODES)
    free = [code for code in CODES if code not in question.exclusive]
    count = random.randint(max(question.least, 1), question.most or len(free))
    return random.sample(free, min(count, len(free)))


def _keeping(form: Form, document: Document) -> Form:
    """Return the form without the checks that *document* breaks."""
    while broken := _broken(form, document):
        form = replace(
            form,
            sections=tuple(
                replace(section, elements=_without(section.elements, broken))
                for section in form.sections
            ),
        )
    return form


def _broken(form: Form, document: Document) -> set[str]:
    whole = top(form, document)
    return {
        problem.check
        for section in form.sections
        for place, level in asked_places(whole, form, section)
        for problem in problems_at(level, form, place)
        if problem.check
    }


def _without(elements: tuple[Element, ...], broken: set[str]) -> tuple[Element, ...]:
    found: list[Element] = []
    for element in elements:
        kept = element
        if not isinstance(kept, Loop):
            kept = replace(kept, checks=tuple(c for c in kept.checks if c.id not in broken))
        if not isinstance(kept, Question):
            kept = replace(kept, elements=_without(kept.elements, broken))
        found.append(kept)
    return tuple(found)
