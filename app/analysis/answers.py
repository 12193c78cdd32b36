"""The class of a plain answer: its code, or the kind of nothing that stands in its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.analysis.ids import question
from app.analysis.observations import Document
from app.forms.definition import Form, Loop
from app.forms.relevance import Level, top

NOT_ANSWERED: Final = "not_answered"
NOT_ASKED: Final = "not_asked"
NOTHING: Final = {"not_applicable": "not_applicable", "unknown": "answer_unknown"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerIds:
    """The question whose answers are counted: `question`, or `loop.question` for each item."""

    question: str = question()


def answer_classes(
    document: Document, form: Form, ids: AnswerIds
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield (item, class, sources); the item is empty where the question is in no loop.

    A question with several choices gives one class for each choice taken.
    """
    loop_id, _, question_id = ids.question.rpartition(".")
    whole = top(form, document)
    if not loop_id:
        yield from (("", code, source) for code, source in _codes(whole, question_id, ""))
        return
    loop = form.container(loop_id)
    if not isinstance(loop, Loop):
        raise KeyError(ids.question)
    for item in loop.items:
        if not whole.is_relevant(loop_id):
            yield item.code, NOT_ASKED, ()
            continue
        level, at = whole.rows_of(loop).at(item.code), f"{loop_id}/{item.code}/"
        for code, source in _codes(level, question_id, at):
            yield item.code, code, source


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
