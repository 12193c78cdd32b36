"""Ordered scales of a form, and the lower of the two in the middle."""

from collections.abc import Collection
from dataclasses import dataclass

from app.forms.definition import Choice, Form, Loop, Question


@dataclass(frozen=True, slots=True)
class Scale:
    """The codes of an ordered choice list, best first, as forms list them.

    The methods raise ValueError on a code that is not on the scale, or when there is none.
    """

    codes: tuple[str, ...]

    def best(self, codes: Collection[str]) -> str:
        """Return the best of *codes*."""
        return min(codes, key=self.codes.index)

    def worst(self, codes: Collection[str]) -> str:
        """Return the worst of *codes*."""
        return max(codes, key=self.codes.index)

    def lower_middle(self, codes: Collection[str]) -> str:
        """Return the median; of an even number the lower (worse) of the two in the middle."""
        if not codes:
            raise ValueError("no median of nothing")
        return sorted(codes, key=self.codes.index)[len(codes) // 2]


def scale_of(form: Form, question_id: str) -> Scale:
    """Return the scale of a question: its choices but those outside the order, best first."""
    question = next(q for q in form.questions() if q.id == question_id)
    return Scale(tuple(c.code for c in question.choices if not c.outside_scale))


def items_of(form: Form, name: str) -> tuple[str, ...]:
    """Return the codes of the items of a loop or matrix, in the form's order."""
    return tuple(item.code for item in item_list(form, name))


def item_list(form: Form, name: str) -> tuple[Choice, ...]:
    """Return the items of a loop, or of a matrix in no container; none if there is neither."""
    container = form.container(name)
    if container is not None:
        return container.items if isinstance(container, Loop) else ()
    for element in (element for section in form.sections for element in section.elements):
        if isinstance(element, Question) and element.matrix and element.matrix.id == name:
            return element.matrix.items
    return ()
