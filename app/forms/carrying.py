"""What a Party said last time, question by question of a form, also of an earlier version of it.

A question is known again by its key: its id, and the containers around it. What it asks may have
changed from version to version; then its answer can be read, and not be taken over. Rows are known
again by their id, so that only rows that were brought over have something beside them.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

from app.forms.answers import explanations_of
from app.forms.definition import Container, Element, Form, Question, Repeat
from app.forms.places import Place, answers_at, container_in, elements_at, places_under, split
from app.forms.relevance import Level, asked_at, asked_places, top

OPEN: Final = "open"  # nothing is said of it, and nothing answered
ANSWERED: Final = "answered"  # nothing is said of it, and it is answered anew


class Carry(StrEnum):
    """What a Party says now of what it said last time."""

    STILL_TRUE = "still_true"
    UPDATE = "update"  # it is taken as the beginning of a new answer
    NO_LONGER = "no_longer"


class Kept(StrEnum):
    """What has become of a question since the form was answered last."""

    SAME = "same"  # its answer can be taken over
    NEW = "new"  # it was not asked
    MOVED = "moved"  # it stood in another list, or in none
    CHANGED = "changed"  # its type, unit or language is another
    NOT_OFFERED = "not_offered"  # it is the same, and what was answered can be chosen no more


@dataclass(frozen=True, slots=True)
class Said:
    """A question as it was asked last time, with its answer; None where it had none."""

    question: Question
    answer: Any
    kept: Kept


class GivenUp(NamedTuple):
    """An answer of last time to what is not asked any more, or asked elsewhere."""

    place: Place  # in the form of that time
    question: Question
    answer: Any


_Key = tuple[tuple[str, ...], str]  # the containers around a question, and its id


def said_at(old: Form, new: Form, document: Mapping[str, Any], place: Place) -> dict[str, Said]:
    """Return what stands beside the questions at *place* of *new*, by id; nothing for the others.

    old        the form as it was answered, and *document* those answers

    New and moved questions are among it, where the version is another, and have no answer.
    Explanations of warnings are there like questions. Raises NotFoundError for a place that the
    form does not have.
    """
    answers = answers_at(document, place) if _is_same_way(old, new, place) else {}
    shape = tuple(container for container, _key in place.steps)
    found = ((q.id, _said(old, q, shape, answers)) for q in _answered(elements_at(new, place)))
    return {key: said for key, said in found if said is not None}


def said_under(
    old: Form, new: Form, document: Mapping[str, Any], place: Place
) -> Iterator[tuple[Place, dict[str, Said]]]:
    """Yield a place and all inside it that was there last time, with what was said there."""
    yield place, said_at(old, new, document, place)
    for inner in places_under(elements_at(new, place), answers_at(document, place), place):
        if _is_same_way(old, new, inner):
            yield inner, said_at(old, new, document, inner)


def rows_left(
    old: Form,
    new: Form,
    document: Mapping[str, Any],
    place: Place,
    container: Container,
    there: Collection[str],
) -> list[str]:
    """Return the rows of last time, of a repeat at *place*, that are not *there* now."""
    if not isinstance(container, Repeat) or not _is_same_way(
        old, new, place.child(container.id, "")
    ):
        return []
    rows = answers_at(document, place).get(container.id) or []
    return [row["row"] for row in rows if row["row"] not in there]


def given_up(old: Form, new: Form, document: Mapping[str, Any]) -> Iterator[GivenUp]:
    """Yield the answers of last time to questions that *new* does not ask in the same place."""
    now, then = _keys(new), _keys(old)
    for part in split(old, document):
        shape = tuple(container for container, _key in part.place.steps)
        for key, answer in part.answers.items():
            if (shape, key) not in now and (question := then.get((shape, key))) is not None:
                yield GivenUp(part.place, question, answer)


def path_of(place: str, question: str) -> str:
    """Return where an answer stands in a document: `container/key/…/question`."""
    return "/".join([*place.split("/")[1:], question])


def is_same_answer(said: Any, answer: Any) -> bool:  # noqa: ANN401 - any answers
    """Tell whether a signed *answer* is still what was *said*."""
    return answer is not None and answer == said


def _said(
    old: Form, question: Question, shape: tuple[str, ...], answers: Mapping[str, Any]
) -> Said | None:
    was = _keys(old).get((shape, question.id))
    if was is None:
        if question.id.endswith(".explanation"):
            return None
        elsewhere = any(key == question.id for _shape, key in _keys(old))
        return Said(question, None, Kept.MOVED if elsewhere else Kept.NEW)
    answer = answers.get(question.id)
    return None if answer is None else Said(was, answer, _kept(was, question, answer))


def _kept(was: Question, now: Question, answer: Any) -> Kept:  # noqa: ANN401 - any answer
    if (was.type, was.unit, was.has_language) != (now.type, now.unit, now.has_language):
        return Kept.CHANGED
    if isinstance(answer, Mapping) and "nothing" in answer:
        return Kept.SAME if answer["nothing"] in now.allow else Kept.NOT_OFFERED
    if now.choice_list or now.choices:
        chosen = answer if isinstance(answer, list) else [answer]
        offered = {choice.code for choice in now.choices if not choice.is_retired}
        return Kept.SAME if offered.issuperset(chosen) else Kept.NOT_OFFERED
    return Kept.SAME


def _is_same_way(old: Form, new: Form, place: Place) -> bool:
    """Tell whether the containers around *place* are of the same kind in both."""
    shape = tuple(container for container, _key in place.steps)
    if old is new or not shape:
        return True
    then, now = _containers_on(old, shape), _containers_on(new, shape)
    return len(then) == len(shape) and [type(c) for c in then] == [type(c) for c in now]


def _containers_on(form: Form, shape: tuple[str, ...]) -> list[Container]:
    """Return the containers on the way that *shape* names, as far as it leads."""
    elements: tuple[Element, ...] = tuple(e for s in form.sections for e in s.elements)
    found: list[Container] = []
    for container_id in shape:
        container = container_in(elements, container_id)
        if container is None:
            break
        found.append(container)
        elements = container.elements
    return found


def _keys(form: Form) -> Mapping[_Key, Question]:
    """Return all that people answer, explanations of warnings among it, by key."""
    return form.once("carried by key", _all_keys)


def _all_keys(form: Form) -> Mapping[_Key, Question]:
    return {
        key: question for section in form.sections for key, question in _inside(section.elements)
    }


def _inside(
    elements: tuple[Element, ...], shape: tuple[str, ...] = ()
) -> Iterator[tuple[_Key, Question]]:
    yield from (((shape, question.id), question) for question in _answered(elements))
    for element in elements:
        if not isinstance(element, Question):
            yield from _inside(element.elements, (*shape, element.id))


def _answered(elements: tuple[Element, ...]) -> Iterator[Question]:
    """Yield the questions among *elements* that people answer, and the explanations there."""
    for element in elements:
        if isinstance(element, Question) and element.is_typed:
            yield element
    yield from explanations_of(elements)


class Looked(NamedTuple):
    """An answer, or a whole row, of last time, and what has become of it so far.

    question   id; empty: the row *place*, which is not there now
    state      what is said of it; "answered" where it is answered without a word; else "open"
    """

    place: Place
    question: str
    said: Said | None
    state: str


def look_through(
    old: Form,
    new: Form,
    then: Mapping[str, Any],
    now: Mapping[str, Any],
    words: Mapping[tuple[str, str], Carry],
) -> Iterator[Looked]:
    """Yield all that was said last time and is asked now, in form order, but for explanations.

    then, now   the documents; *words* are what is said by now, by place and question
    """
    whole = top(new, now)
    for section in new.sections:
        for place, level in asked_places(whole, new, section):
            said = said_at(old, new, then, place)
            for element in asked_at(level, new, place):
                if element.id in said:
                    yield _looked(place, said[element.id], level, words)
                elif not isinstance(element, Question):
                    there = level.rows_of(element).keys
                    for key in rows_left(old, new, then, place, element, there):
                        row = place.child(element.id, key)
                        is_gone = words.get((str(row), "")) is Carry.NO_LONGER
                        yield Looked(row, "", None, Carry.NO_LONGER if is_gone else OPEN)


def _looked(
    place: Place, said: Said, level: Level, words: Mapping[tuple[str, str], Carry]
) -> Looked:
    key = said.question.id
    word = words.get((str(place), key))
    answered = ANSWERED if level.given.get(key) is not None else OPEN
    return Looked(place, key, said, word.value if word else answered)
