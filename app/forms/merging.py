"""Several people's changes to one answer: what they come to, and where they clash.

The grain is an answer, and in a text each of its languages. A choice of several is one answer:
two lists of choices put together could be a list that nobody chose, such as "none of these" beside
another. The questions of a matrix are answers of their own already.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.forms.definition import Question, QuestionType
from app.forms.typed import clean

_CHOSEN = (QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE, QuestionType.REFERENCE)


class Merged(NamedTuple):
    """What an answer comes to.

    answer   with what was there where it clashes
    mine     with what was typed there
    """

    answer: Any
    mine: Any

    @property
    def is_clash(self) -> bool:
        """Whether one must ask."""
        return bool(self.answer != self.mine)


def merge(base: Any, present: Any, typed: Any) -> Merged:  # noqa: ANN401 - any answers
    """Merge what was *typed* over *base* into the *present* answer; None is "not answered"."""
    whole = _three_way(base, present, typed)
    texts = [texts_of(answer) for answer in (base, present, typed)]
    if not whole.is_clash or any(found is None for found in texts):
        return whole
    return _merge_texts(*[found or {} for found in texts])


def texts_of(answer: Any) -> Mapping[str, Any] | None:  # noqa: ANN401 - any answer
    """Return the texts of a text answer by language, {} for none; None for any other answer."""
    if answer is None:
        return {}
    is_texts = isinstance(answer, Mapping) and not answer.keys() & {"nothing", "typed"}
    return answer if is_texts else None


def settle(question: Question, base: Any, typed: Any) -> Any:  # noqa: ANN401 - any answers
    """Return *typed*, with what a page shows just like *base* taken for what stands in *base*.

    So a page that is sent back as it came changes nothing: neither who made a translation, nor
    what was typed in another language and not understood.
    """
    if _looks_alike(question, base, typed):
        return base
    before, now = texts_of(base), texts_of(typed)
    if not before or not now:
        return typed
    return {
        language: before[language]
        if language in before and _is_same_text(question, before[language]["text"], text["text"])
        else text
        for language, text in now.items()
    }


def _looks_alike(question: Question, base: Any, typed: Any) -> bool:  # noqa: ANN401
    if isinstance(base, str) and isinstance(typed, str):
        return question.type is QuestionType.TEXT and _is_same_text(question, base, typed)
    if not isinstance(base, Mapping) or "typed" not in base:
        return False
    if typed is None:  # what is no choice cannot be seen among the choices
        return question.type in _CHOSEN
    return isinstance(typed, Mapping) and typed.get("typed") == base["typed"]


def _is_same_text(question: Question, base: str, typed: str) -> bool:
    """Compare two texts as their input shows them: one line has no line ends."""
    shown = clean(base)
    return typed == (shown if question.is_long else shown.replace("\n", ""))


def _merge_texts(
    base: Mapping[str, Any], present: Mapping[str, Any], typed: Mapping[str, Any]
) -> Merged:
    languages = [*present, *(code for code in typed if code not in present)]
    merged = {
        language: _three_way(base.get(language), present.get(language), typed.get(language))
        for language in languages
    }
    answer = {code: each.answer for code, each in merged.items() if each.answer is not None}
    mine = {code: each.mine for code, each in merged.items() if each.mine is not None}
    return Merged(answer or None, mine or None)


def _three_way(base: Any, present: Any, typed: Any) -> Merged:  # noqa: ANN401 - any JSON
    if typed == base:
        return Merged(present, present)
    if present in (base, typed):
        return Merged(typed, typed)
    return Merged(present, typed)
