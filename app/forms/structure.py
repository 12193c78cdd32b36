"""What of a form may never change once it is published, and the hashes that notice a change.

The structure is everything that decides what an answer means: ids, types, units, rules, codes and
their order. Labels, hints and messages are wording, which has a number of its own; `source` and
`provisional` are remarks on the clearing-house's form and may be corrected.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from app.forms.definition import Check, Choice, Element, Form, Loop, Question, QuestionType, Repeat
from app.receipts import canonical


def structure_hash(form: Form) -> str:
    """Return the SHA-256 of the form's structure, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(structure(form)).encode()).hexdigest()


def text_hash(text: str) -> str:
    """Return the first 12 hexadecimal digits of the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def structure(form: Form) -> dict[str, Any]:
    """Return the form's structure as JSON without numbers."""
    return {
        "agreement": form.agreement,
        "form": form.id,
        "version": str(form.version),
        "workflow": form.workflow,
        "sections": [
            {
                "id": section.id,
                "relevant": section.relevant.source,
                "elements": _elements(section.elements),
            }
            for section in form.sections
        ],
    }


def choices_used(form: Form) -> Mapping[str, tuple[str, ...]]:
    """Return the codes of every choice list whose codes are frozen, by name of the list."""
    found: dict[str, tuple[str, ...]] = {}
    for element in form.elements():
        if isinstance(element, Loop):
            found[element.item_list] = _codes(element.items)
        elif isinstance(element, Question):
            if element.matrix:
                found[element.matrix.item_list] = _codes(element.matrix.items)
            if element.freezes_codes:
                found[element.choice_list] = _codes(element.choices)
    return dict(sorted(found.items()))


def _elements(elements: Iterable[Element]) -> list[dict[str, Any]]:
    return [_element(element) for element in elements]


def _element(element: Element) -> dict[str, Any]:
    if isinstance(element, Question):
        return _question(element)
    common = {
        "id": element.id,
        "relevant": element.relevant.source,
        "elements": _elements(element.elements),
    }
    if isinstance(element, Loop):
        return {
            **common,
            "type": "loop",
            "list": element.item_list,
            "items": list(_codes(element.items)),
        }
    return {**common, "type": "repeat", **_of_repeat(element)}


def _of_repeat(repeat: Repeat) -> dict[str, Any]:
    return {
        "least": str(repeat.least),
        "most": str(repeat.most),
        "row_title": repeat.row_title,
        "checks": _checks(repeat.checks),
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "type": question.type.value,
        "unit": question.unit,
        "list": question.choice_list,
        "choices": _frozen_choices(question),
        "is_ordered": question.is_ordered,
        "has_language": question.has_language,
        "allow": list(question.allow),
        "relevant": question.relevant.source,
        "required": question.required.source,
        "checks": _checks(question.checks),
        "audience": question.audience.value,
        **_properties(question),
    }


def _properties(question: Question) -> dict[str, Any]:
    """Return what only some questions have; absent where a question has none of it."""
    matrix = question.matrix
    found = {
        "range": [question.range.least, question.range.most],
        "choose": [str(number) if number else "" for number in (question.least, question.most)],
        "exclusive": list(question.exclusive),
        "other": question.other,
        "rule": question.rule.source if question.type is QuestionType.CALCULATED else "",
        "matrix": matrix.id if matrix else "",
        "items": matrix.item_list if matrix else "",
    }
    return {key: value for key, value in found.items() if any(value)}


def _frozen_choices(question: Question) -> list[list[str | bool]]:
    if not question.freezes_codes:
        return []
    return [[choice.code, choice.outside_scale] for choice in question.choices]


def _checks(checks: Iterable[Check]) -> list[dict[str, str]]:
    return [
        {"id": check.id, "rule": check.rule.source, "severity": check.severity.value}
        for check in checks
    ]


def _codes(choices: Iterable[Choice]) -> tuple[str, ...]:
    return tuple(choice.code for choice in choices)
