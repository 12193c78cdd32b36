"""A form as JSON: all that a program needs to ask its questions and to check the answers."""

from typing import Any

from app.forms.definition import (
    Check,
    Choice,
    Element,
    Form,
    Loop,
    Matrix,
    Question,
    QuestionType,
    Repeat,
    Section,
)

Json = dict[str, Any]


def form_json(form: Form) -> Json:
    """Return the form, worded in its locale; rules in the notation of the form's file."""
    return {
        **form_head(form),
        "intro": form.intro,
        "workflow": form.workflow,
        "sections": [_section(section) for section in form.sections],
    }


def form_head(form: Form) -> Json:
    """Return what a list of forms says of one."""
    return {
        "agreement": form.agreement,
        "form": form.id,
        "version": form.version,
        "wording": form.wording,
        "published": form.wording > 0,
        "language": form.locale,
        "title": form.title,
    }


def _section(section: Section) -> Json:
    return {
        "id": section.id,
        "title": section.title,
        "intro": section.intro,
        "relevant": section.relevant.source,
        "elements": [_element(element) for element in section.elements],
    }


def _element(element: Element) -> Json:
    if isinstance(element, Loop):
        return _loop(element)
    return _repeat(element) if isinstance(element, Repeat) else _question(element)


def _question(question: Question) -> Json:
    return {
        "kind": "question",
        "id": question.id,
        "type": question.type.value,
        "label": question.label,
        "hint": question.hint,
        "unit": question.unit,
        "choice_list": question.choice_list,
        "choices": [_choice(choice) for choice in question.choices],
        "managed": question.is_managed,
        "ordered": question.is_ordered,
        "long": question.is_long,
        "has_language": question.has_language,
        "allow": list(question.allow),
        "relevant": question.relevant.source,
        "required": question.required.source,
        "checks": [_check(check) for check in question.checks],
        "audience": question.audience.value,
        "source": question.source,
        "provisional": question.is_provisional,
        "range": {"least": question.range.least, "most": question.range.most},
        "least": question.least,
        "most": question.most,
        "exclusive": list(question.exclusive),
        "other": question.other,
        "rule": question.rule.source if question.type is QuestionType.CALCULATED else "",
        "matrix": _matrix(question.matrix) if question.matrix else None,
        "item": question.item.code if question.item else "",
    }


def _matrix(matrix: Matrix) -> Json:
    return {
        "id": matrix.id,
        "label": matrix.label,
        "hint": matrix.hint,
        "item_list": matrix.item_list,
        "items": [_choice(item) for item in matrix.items],
    }


def _loop(loop: Loop) -> Json:
    return {
        "kind": "loop",
        "id": loop.id,
        "label": loop.label,
        "hint": loop.hint,
        "item_list": loop.item_list,
        "items": [_choice(item) for item in loop.items],
        "relevant": loop.relevant.source,
        "source": loop.source,
        "elements": [_element(element) for element in loop.elements],
    }


def _repeat(repeat: Repeat) -> Json:
    return {
        "kind": "repeat",
        "id": repeat.id,
        "label": repeat.label,
        "hint": repeat.hint,
        "row_label": repeat.row_label,
        "row_title": repeat.row_title,
        "least": repeat.least,
        "most": repeat.most,
        "relevant": repeat.relevant.source,
        "checks": [_check(check) for check in repeat.checks],
        "source": repeat.source,
        "elements": [_element(element) for element in repeat.elements],
    }


def _choice(choice: Choice) -> Json:
    return {
        "code": choice.code,
        "label": choice.label,
        "hint": choice.hint,
        "source": choice.source,
        "provisional": choice.is_provisional,
        "outside_scale": choice.outside_scale,
        "retired": choice.is_retired,
    }


def _check(check: Check) -> Json:
    return {
        "id": check.id,
        "rule": check.rule.source,
        "severity": check.severity.value,
        "message": check.message,
        "explanation": check.explanation,
    }
