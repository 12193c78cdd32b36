"""What a browser needs to follow the rules of one page of a draft while somebody types.

The page's own questions with their rules, and of the rest of the form only what those rules look
at, however far away, with the answers there. `static/js/page.js` makes the same of it as
`relevance` and `checks` make of the whole form and document.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.forms.accept import PROBLEMS
from app.forms.definition import Element, Form, Loop, Question, QuestionType, Section, walk
from app.forms.limits import range_code
from app.forms.places import Place, answer_keys, answers_at, elements_at, entries
from app.forms.rule_parser import Tree, names_in
from app.forms.rules import ALWAYS, NEVER, Rule

Json = dict[str, Any]
Steps = tuple[tuple[str, str], ...]
_BESIDE: Final = (("", ""),)  # steps of what is not on the way to the page


def page_rules(form: Form, document: Mapping[str, Any], place: Place) -> Json:
    """Return the page of *place* for a browser; raise NotFoundError as `elements_at` does.

    elements  [{id, relevant?}]: containers hold `elements` again, a loop its `items`; those of
              the page have their type, `required` and `checks` besides; rules are trees
    asks      ids of the page's own elements
    steps     (container, key) from the top of the document to the page
    document  the answers that the rules look at, but for the page's own
    answers   the page's own
    """
    own = elements_at(form, place)
    shape = (place.section, *(container for container, _key in place.steps))
    looked_at, sections = form.once(("page_rules", shape), lambda _: _kept(form, place))
    answers = answers_at(document, place)
    elements: list[Json] = []
    known: Json = {}
    for section in sections:
        steps = place.steps if section.id == place.section else _BESIDE
        elements += _elements(section.elements, looked_at, steps, section)
        known |= _answers(section.elements, document, looked_at, steps)
    return {
        "elements": elements,
        "asks": [element.id for element in own],
        "steps": [list(step) for step in place.steps],
        "document": known,
        "answers": {key: answers[key] for key in answer_keys(own) if key in answers},
    }


def may_change(elements: tuple[Element, ...]) -> frozenset[str]:
    """Return the ids of those *elements* of one place whose being asked the place can change."""
    own = {element.id for element in elements}
    return frozenset(
        element.id
        for element in elements
        if any(not own.isdisjoint([name, *name.split(".")]) for name in element.relevant.names)
    )


def _kept(form: Form, place: Place) -> tuple[frozenset[str], tuple[Section, ...]]:
    """Return what the rules of a page look at, by id, and the sections in which that stands.

    Alike for all items or rows of one container.
    """
    looked_at = _looked_at(form, place)
    sections = tuple(
        section
        for section in form.sections
        if section.id == place.section or _any_of(section.elements, looked_at)
    )
    return looked_at, sections


def _by_id(form: Form) -> dict[str, list[tuple[Element, Section | None]]]:
    """Return all elements of each id, those that stand in no container with their section."""
    around: dict[str, list[tuple[Element, Section | None]]] = {}
    for section in form.sections:
        for element in section.elements:
            around.setdefault(element.id, []).append((element, section))
            if not isinstance(element, Question):
                for inner in walk(element.elements):
                    around.setdefault(inner.id, []).append((inner, None))
    return around


def _looked_at(form: Form, place: Place) -> frozenset[str]:
    """Return the ids of all that the rules of a page look at, and the rules of those, and so on."""
    around = form.once("elements by id", _by_id)
    here = None if place.steps else form.section(place.section)
    rules = [rule for e in elements_at(form, place) for rule in _all_rules(e, here)]
    found: set[str] = set()
    while rules:
        for name in _ids_in(rules.pop(), around):
            if name not in found:
                found.add(name)
                rules += [
                    rule
                    for element, at in around.get(name, ())
                    for rule in (*_relevance(element, at), *_calculation(element))
                ]
    return frozenset(found)


def _ids_in(
    rule: Rule, around: Mapping[str, list[tuple[Element, Section | None]]]
) -> Iterator[str]:
    """Yield the ids that *rule* names; of a container as a whole also of what stands in it."""
    for node in names_in(rule.tree):
        names = [node["v"]] if "whole" in node else node["v"].split(".")
        steps = [name for name in names if name != "rows"]
        yield from steps
        for element, _section in around.get(steps[-1], ()):
            if not isinstance(element, Question):
                yield from (inner.id for inner in element.elements)


def _relevance(element: Element, section: Section | None) -> list[Rule]:
    rules = [element.relevant, *([section.relevant] if section else [])]
    return [rule for rule in rules if rule is not ALWAYS]


def _calculation(element: Element) -> list[Rule]:
    if isinstance(element, Question) and element.type is QuestionType.CALCULATED:
        return [element.rule]
    return []


def _all_rules(element: Element, section: Section | None) -> list[Rule]:
    rules = [*_relevance(element, section), *_calculation(element)]
    if isinstance(element, Question):
        rules.append(element.required)
    if not isinstance(element, Loop):
        rules += [check.rule for check in element.checks]
    return rules


# Cutting


def _is_kept(element: Element, looked_at: frozenset[str], steps: Steps) -> bool:
    return not steps or element.id == steps[0][0] or element.id in looked_at


def _elements(
    elements: tuple[Element, ...],
    looked_at: frozenset[str],
    steps: Steps,
    section: Section | None = None,
) -> list[Json]:
    """Return what is kept of *elements*, from which *steps* lead on to the page."""
    return [
        _element(element, looked_at, steps, section)
        for element in elements
        if _is_kept(element, looked_at, steps)
    ]


def _element(
    element: Element, looked_at: frozenset[str], steps: Steps, section: Section | None
) -> Json:
    found: Json = {"id": element.id}
    if relevance := _relevance(element, section):
        found["relevant"] = _all_hold(relevance)
    for rule in _calculation(element):
        found["rule"] = rule.tree
    if not isinstance(element, Question):
        on_the_way = bool(steps) and element.id == steps[0][0]
        further = steps[1:] if on_the_way else _BESIDE
        found["elements"] = _elements(element.elements, looked_at, further)
        if isinstance(element, Loop):
            found["items"] = [item.code for item in element.items]
    if not steps:
        found |= _asked_here(element)
    return found


def _all_hold(rules: list[Rule]) -> Tree:
    return rules[0].tree if len(rules) == 1 else {"f": "and", "a": [rule.tree for rule in rules]}


def _asked_here(element: Element) -> Json:
    """Return what is told of an element of the page itself."""
    found: Json = {}
    if isinstance(element, Question):
        found["type"] = element.type.value
        if element.required is not NEVER:
            found["required"] = element.required.tree
        if element.is_typed:
            found |= {"allow": list(element.allow), "problem": PROBLEMS[element.type]}
        if element.type is QuestionType.TEXT:
            found["hasLanguage"] = element.has_language
        if element.matrix:
            found["matrix"] = element.matrix.id
        found |= _limits_of(element)
    if not isinstance(element, Loop) and element.checks:
        found["checks"] = [
            {
                "id": check.id,
                "rule": check.rule.tree,
                "severity": check.severity.value,
                "text": check.message,
            }
            for check in element.checks
        ]
    return found


def _limits_of(question: Question) -> Json:
    """Return the limits of an answer, and how what is calculated is shown."""
    found: Json = {}
    if question.range.least or question.range.most:
        code = range_code(question)
        found["range"] = {"least": question.range.least, "most": question.range.most, "code": code}
    if question.type is QuestionType.SELECT_MULTIPLE:
        alone = [c.code for c in question.choices if c.code in question.exclusive]
        found["choose"] = {"least": question.least, "most": question.most, "exclusive": alone}
    if question.type is QuestionType.CALCULATED:
        found |= {"gives": question.gives, "unit": "" if question.unit == "1" else question.unit}
    return found


def _answers(
    elements: tuple[Element, ...],
    held: Mapping[str, Any],
    looked_at: frozenset[str],
    steps: Steps,
) -> Json:
    """Return what is kept of the answers *held* by *elements*; not the page's own."""
    found: Json = {}
    for element in elements:
        if element.id not in held or not _is_kept(element, looked_at, steps):
            continue
        if isinstance(element, Question):
            if steps:
                found[element.id] = held[element.id]
            continue
        inside = {
            key: _answers(
                element.elements,
                answers,
                looked_at,
                steps[1:] if steps[:1] == ((element.id, key),) else _BESIDE,
            )
            for key, answers in entries(element, held)
            if element.id in looked_at
            or _any_of(element.elements, looked_at)
            or steps[:1] == ((element.id, key),)
        }
        if isinstance(element, Loop):
            found[element.id] = {
                key: kept for key, kept in inside.items() if key in held[element.id]
            }
        else:
            found[element.id] = [{"row": key, "answers": kept} for key, kept in inside.items()]
    return found


def _any_of(elements: tuple[Element, ...], looked_at: frozenset[str]) -> bool:
    return any(element.id in looked_at for element in elements)
