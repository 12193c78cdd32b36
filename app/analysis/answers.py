"""The class of a plain answer: its code, or the kind of nothing that stands in its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.analysis.ids import counted
from app.analysis.observations import Document
from app.analysis.scales import items_of
from app.forms.definition import Form, Loop
from app.forms.relevance import Level, top

NOT_ANSWERED: Final = "not_answered"
NOT_ASKED: Final = "not_asked"
NOTHING: Final = {"not_applicable": "not_applicable", "unknown": "answer_unknown"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerIds:
    """The question whose answers are counted.

    `question`, or `matrix.item`; for each item `loop.question`, or `matrix`.
    """

    question: str = counted()


def answer_classes(
    document: Document, form: Form, ids: AnswerIds
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield (item, class, sources); the item is empty where it is one question alone.

    A question with several choices gives one class for each choice taken.
    """
    loop_id, _, question_id = ids.question.partition(".")
    whole = top(form, document)
    loop = form.container(loop_id)
    if loop is None:
        for item in items_of(form, ids.question) or ("",):
            asked = f"{ids.question}.{item}" if item else ids.question
            yield from ((item, code, source) for code, source in _codes(whole, asked, ""))
        return
    if not isinstance(loop, Loop):
        raise KeyError(ids.question)
    for choice in loop.items:
        item = choice.code
        if not whole.is_relevant(loop_id):
            yield item, NOT_ASKED, ()
            continue
        level, at = whole.rows_of(loop).at(item), f"{loop_id}/{item}/"
        for code, source in _codes(level, question_id, at):
            yield item, code, source


def _codes(level: Level, question_id: str, at: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the classes of one answer, each with where it stands; *at* is the place of *level*."""
    source = (f"{at}{question_id}",)
    match level.get(question_id):
        case str(code):
            return [(code, source)]
        case [_, *_] as codes:
            return [(code, source) for code in codes]
        case {"nothing": str(kind)}:
            return [(NOTHING.get(kind, NOT_ANSWERED), source)]
        case _:
            return [(NOT_ANSWERED if level.is_relevant(question_id) else NOT_ASKED, ())]
