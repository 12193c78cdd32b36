"""What may change from one version of a form to the next, so that series can go on.

A key (the id of a question) that is kept keeps type, unit, place among containers and the meaning
of its codes: otherwise an old and a new answer would be added up although they differ. A key or
code that is given up must be named, so that nobody loses one by mistake.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from app.forms.definition import Choice, Element, Form, Loop, Question, QuestionType
from app.forms.form_problem import FormProblem

_NEW_ID: Final = "give the question an id that was never used"

_Place = tuple[str, ...]  # the containers around a question, outermost first
_Keys = Mapping[tuple[_Place, str], Question]


def compare(old: Form, new: Form, dropped: Collection[str], file: str) -> list[FormProblem]:
    """Return what forbids to publish *new* as the version after *old*.

    dropped  what is given up on purpose: `question`; `container.question` where the question
             stays in another container; `question.code` or `loop.code` for a code
    file     the file of *new*, for the problems
    """
    comparison = _Comparison(dropped, file)
    comparison.keys(_keys(old), _keys(new))
    comparison.loops(old, new)
    comparison.needless_drops()
    return comparison.found


class _Comparison:
    """Collects what is wrong, and which drops were needed."""

    def __init__(self, dropped: Collection[str], file: str) -> None:
        self.dropped = dropped
        self.file = file
        self.found: list[FormProblem] = []
        self.gone: set[str] = set()

    def wrong(self, where: str, message: str) -> None:
        self.found.append(FormProblem(self.file, 1, where, message))

    def keys(self, before: _Keys, after: _Keys) -> None:
        for (place, key), was in before.items():
            if (place, key) in after:
                self.question(was, after[place, key])
                continue
            elsewhere = [p for p, kept in after if kept == key]
            moved = [p for p in elsewhere if (p, key) not in before]
            if moved:
                told = f"it stood in {_name(place)}, and now stands in {_name(moved[0])}"
                self.wrong(key, f"{told}; {_NEW_ID}")
            else:
                name = ".".join((*place, key)) if elsewhere else key
                self.given_up(key, name, "this question")

    def question(self, was: Question, now: Question) -> None:
        for what, before, after in (
            ("type", was.type.value, now.type.value),
            ("unit", was.unit or "none", now.unit or "none"),
            ("language", _language(was), _language(now)),
            ("rule", was.rule.source, now.rule.source),
            ("item", _item(was), _item(now)),
        ):
            if before != after:
                self.wrong(was.id, f"its {what} was {before}, and is {after}; {_NEW_ID}")
                return
        if was.freezes_codes:
            self.codes(was.id, was.choices, now.choices)
        elif was.choice_list != now.choice_list:
            told = f"its choice list was {was.choice_list}, and is {now.choice_list}"
            self.wrong(was.id, f"{told}; {_NEW_ID}")

    def loops(self, old: Form, new: Form) -> None:
        kept = {element.id: element for element in new.elements() if isinstance(element, Loop)}
        for element in old.elements():
            if isinstance(element, Loop) and element.id in kept:
                self.codes(element.id, element.items, kept[element.id].items)

    def codes(self, where: str, old: tuple[Choice, ...], new: tuple[Choice, ...]) -> None:
        now = {choice.code: choice for choice in new}
        for choice in old:
            kept = now.get(choice.code)
            if kept is None:
                self.given_up(where, f"{where}.{choice.code}", f"the code {choice.code!r}")
            elif (choice.label, choice.outside_scale) != (kept.label, kept.outside_scale):
                self.wrong(
                    where,
                    f"the code {choice.code!r} meant {choice.label!r}, and now means "
                    f"{kept.label!r}; choose a new code, or, where only the words changed, change "
                    "them in the earlier version too and publish that with --wording",
                )

    def given_up(self, where: str, name: str, what: str) -> None:
        if name in self.dropped:
            self.gone.add(name)
        else:
            self.wrong(where, f"{what} is left out; put it back, or give it up with --drop {name}")

    def needless_drops(self) -> None:
        for name in sorted(set(self.dropped) - self.gone):
            self.wrong(name, "nothing of this name is left out; do not name it with --drop")


def _keys(form: Form) -> dict[tuple[_Place, str], Question]:
    sections = (section.elements for section in form.sections)
    return {
        (place, question.id): question
        for elements in sections
        for place, question in _keys_in(elements, ())
    }


def _keys_in(elements: tuple[Element, ...], place: _Place) -> Iterator[tuple[_Place, Question]]:
    for element in elements:
        if not isinstance(element, Question):
            yield from _keys_in(element.elements, (*place, element.id))
        elif element.type is not QuestionType.NOTE:
            yield place, element


def _name(place: _Place) -> str:
    return "/".join(place) or "no container"


def _item(question: Question) -> str:
    return question.item.label if question.item else "none"


def _language(question: Question) -> str:
    return "given" if question.has_language else "none"
