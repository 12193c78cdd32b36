"""Which answers a reader may see: the one function behind page, API, file and document.

Each question has an audience: the public, the Secretariat too, or the Party alone. What is not
known to be visible is left out: an answer under a key that the form does not have is never shown.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from app.forms.definition import Audience, Check, Element, Form, Loop, Question, Repeat, walk

Answers = dict[str, Any]

_WIDTH: Final = {Audience.PUBLIC: 0, Audience.SECRETARIAT: 1, Audience.PARTY: 2}


def sees(reader: Audience, audience: Audience) -> bool:
    """Tell whether a *reader* may see what is meant for *audience*.

    The Party sees all of it, the Secretariat what is meant for it and for the public.
    """
    return _WIDTH[reader] >= _WIDTH[audience]


def visible(form: Form, document: Mapping[str, Any], reader: Audience) -> Answers:
    """Return the answers of a submission that *reader* may see, in the shape of the document.

    Items of a loop with nothing to see are left out; rows of a repeat stay, so that they can be
    counted, unless the repeat holds no question that the reader may see.
    """
    narrow = _narrow_questions(form)
    shown: Answers = {}
    for section in form.sections:
        shown |= _visible(section.elements, document, reader, narrow)
    return shown


def keys_seen(form: Form, elements: Iterable[Element], reader: Audience) -> frozenset[str]:
    """Return the keys of plain answers among *elements* that *reader* may see."""
    narrow = _narrow_questions(form)
    return frozenset(key for element in elements for key in _keys(element, reader, narrow))


def audience_of(form: Form, check: Check, owner: Question | Repeat) -> Audience:
    """Return who may see the explanation of a warning.

    It may speak of any answer that the rule looks at, so it is for the fewest of their readers.
    """
    return _audience_of(check, owner, _narrow_questions(form))


def _visible(
    elements: tuple[Element, ...],
    answers: Mapping[str, Any],
    reader: Audience,
    narrow: Mapping[str, Audience],
) -> Answers:
    shown: Answers = {}
    for element in elements:
        for key in _keys(element, reader, narrow):
            if key in answers:
                shown[key] = answers[key]
        held = answers.get(element.id)
        if not held or isinstance(element, Question) or not _has_visible(element.elements, reader):
            continue
        if isinstance(element, Loop):
            items = {
                code: _visible(element.elements, item, reader, narrow)
                for code, item in held.items()
            }
            shown |= {element.id: kept} if (kept := {c: a for c, a in items.items() if a}) else {}
        else:
            shown[element.id] = [
                {**row, "answers": _visible(element.elements, row["answers"], reader, narrow)}
                for row in held
            ]
    return shown


def _keys(element: Element, reader: Audience, narrow: Mapping[str, Audience]) -> Iterator[str]:
    """Yield the keys of plain answers of this element that *reader* may see."""
    if isinstance(element, Loop):
        return
    if isinstance(element, Question) and sees(reader, element.audience):
        yield element.id
    for check in element.checks:
        if sees(reader, _audience_of(check, element, narrow)):
            yield check.explanation


def _audience_of(
    check: Check, owner: Question | Repeat, narrow: Mapping[str, Audience]
) -> Audience:
    names = (name if name in narrow else name.rpartition(".")[2] for name in check.rule.names)
    named = [narrow.get(name, Audience.PUBLIC) for name in names]
    if isinstance(owner, Question):
        named.append(owner.audience)
    return max(named, key=_WIDTH.__getitem__, default=Audience.PUBLIC)


def _has_visible(elements: tuple[Element, ...], reader: Audience) -> bool:
    """Tell whether anything below can be seen by *reader*."""
    questions = (e for e in walk(elements) if isinstance(e, Question))
    return any(sees(reader, question.audience) for question in questions)


def _narrow_questions(form: Form) -> dict[str, Audience]:
    """Return the audience of each question that is not public; the narrowest where ids repeat."""
    found: dict[str, Audience] = {}
    for question in form.questions():
        widest = found.get(question.id, Audience.PUBLIC)
        found[question.id] = max(widest, question.audience, key=_WIDTH.__getitem__)
    return {name: audience for name, audience in found.items() if audience != Audience.PUBLIC}
