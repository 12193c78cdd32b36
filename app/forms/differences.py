"""What changed between two documents of a form, question by question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.forms.definition import Form, Question, Repeat
from app.forms.places import Answers, Place, answers_at, elements_at, split, walk_places


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer that is not the same; None where there is, or was, no answer."""

    place: Place
    question: Question
    before: Any
    after: Any


def differences(
    form: Form, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Difference]:
    """Return each answer that differs, in form order; those of removed rows stand at the end.

    Explanations of warnings are left out: they follow the answers that they explain.
    """
    old = {part.place: part.answers for part in split(form, before)}
    new = {part.place: part.answers for part in split(form, after)}
    there = [place for place in walk_places(form, after) if place in old or place in new]
    gone = [place for place in old if place not in set(there)]
    found: list[Difference] = []
    for place in [*there, *gone]:
        found.extend(_at(form, place, old.get(place, {}), new.get(place, {})))
    return found


def reordered(form: Form, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Place]:
    """Return the first row of each repeat whose rows, those in both, stand in another order."""
    found: list[Place] = []
    for place in walk_places(form, after):
        for element in elements_at(form, place):
            if isinstance(element, Repeat):
                old = _rows(answers_at(before, place), element)
                new = _rows(answers_at(after, place), element)
                if [r for r in new if r in old] != [r for r in old if r in new]:
                    found.append(place.child(element.id, new[0]))
    return found


def _at(form: Form, place: Place, old: Answers, new: Answers) -> list[Difference]:
    questions = [e for e in elements_at(form, place) if isinstance(e, Question)]
    return [
        Difference(place, question, old.get(question.id), new.get(question.id))
        for question in questions
        if old.get(question.id) != new.get(question.id)
    ]


def _rows(answers: Answers, repeat: Repeat) -> list[str]:
    return [row["row"] for row in answers.get(repeat.id) or []]
