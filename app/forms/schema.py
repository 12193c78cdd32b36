"""The shape of form files as JSON Schema (draft 2020-12), for editors that help while one writes.

It says which keys a file has and what stands under each. What needs a look at the whole form, such
as names in rules, doubled ids and choices that are not there, is told by `flask forms check`.

FORM      form.yaml
CHOICES   choices/<list>.yaml, a list that forms share
LIST      lists/<list>.yaml, a list that the Secretariat manages
WORDING   <locale>.yaml, a translation of any of them
"""

from collections.abc import Iterable
from typing import Any, Final

from app.forms.categories import NAMED
from app.forms.definition import Audience, QuestionType, Severity
from app.forms.load import WORKFLOWS
from app.forms.load_elements import NOTHING
from app.forms.managed_lists import ENTRIES, INTRO, TITLE
from app.forms.rule_parser import LONGEST_RULE, RESERVED
from app.forms.yaml_node import LONGEST_ID
from app.reference import lists

Schema = dict[str, Any]

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
FORM: Final = "form"
CHOICES: Final = "choices"
LIST: Final = "list"
WORDING: Final = "wording"
FILES: Final = {  # where each stands in forms/
    FORM: "schema.json",
    CHOICES: "choices.schema.json",
    LIST: "lists.schema.json",
    WORDING: "wording.schema.json",
}

_COMMON: Final = ("id", "type", "label", "hint", "relevant", "source")
_ASKED: Final = (*_COMMON, "required", "audience", "allow", "provisional")
_QUESTION: Final = (*_ASKED, "checks")
_CHOOSING: Final = ("choices", "ordered")
_SEVERAL: Final = ("least", "most", "exclusive")
_KEYS: Final = {
    "note": (*_COMMON, "provisional"),
    "text": (*_QUESTION, "long", "language"),
    "integer": (*_QUESTION, "unit", "range"),
    "decimal": (*_QUESTION, "unit", "range"),
    "date": (*_QUESTION, "range"),
    "select_one": (*_QUESTION, *_CHOOSING, "other"),
    "select_multiple": (*_QUESTION, *_CHOOSING, "other", *_SEVERAL),
    "reference": (*_QUESTION, *_CHOOSING),
    "calculated": (*_COMMON, "rule", "unit", "checks", "audience", "provisional"),
    "matrix": (
        *(*_ASKED, "answers", "items", *_CHOOSING, *_SEVERAL),
        *("unit", "range", "language"),
    ),
    "loop": (*_COMMON, "items", "elements"),
    "repeat": (*(*_COMMON, "row_label", "row_title", "least", "most", "checks", "elements"),),
}
_NEEDED: Final = {
    "select_one": ("choices",),
    "select_multiple": ("choices",),
    "reference": ("choices",),
    "calculated": ("rule",),
    "matrix": ("items",),
    "loop": ("items", "elements"),
    "repeat": ("row_label", "elements"),
}
_COLUMNS: Final = (  # of flat files: no question has these ids
    *("submission", "collection", "form", "version", "party", "respondent_group", "language"),
    *("status", "submitted_at", "parent", "row", "position"),
)
_IN_MATRIX: Final = ("select_one", "select_multiple", "text", "integer", "decimal", "date")
_CODE: Final = "^[a-z0-9]+(_[a-z0-9]+)*$"
_NAME: Final = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"  # of a folder
_SOME_TEXT: Final = {"type": ["string", "number"], "pattern": r"\S"}
_ANY_TEXT: Final = {"type": ["string", "number", "null"]}
_FLAG: Final = {"type": "boolean"}
_COUNT: Final = {"type": "integer", "minimum": 0}


def schema_of(kind: str) -> Schema:
    """Return the schema of one kind of file: FORM, CHOICES, LIST or WORDING."""
    return {FORM: _form, CHOICES: _choices, LIST: _list, WORDING: _wording}[kind]()


def _form() -> Schema:
    properties = {
        "form": _told(_kebab(), "The id of the form, as its folder is named."),
        "version": _told(
            {"type": ["integer", "string"], "minimum": 1, "pattern": "^[1-9][0-9]*$"},
            "The version, as its folder is named.",
        ),
        "agreement": _told(_kebab(), "The agreement, as its folder is named."),
        "title": _told(_SOME_TEXT, "What the form is called."),
        "intro": _told(_ANY_TEXT, "What a respondent reads first."),
        "workflow": {"enum": list(WORKFLOWS)},
        "signed_by": _told(
            {"type": "array", "items": {"enum": list(NAMED)}},
            "Categories of focal points that sign it, beside the primary national focal point.",
        ),
        "choices": {
            "type": ["object", "null"],
            "description": "Choice lists of this form alone, by name.",
            "additionalProperties": {"$ref": "#/$defs/choice_list"},
        },
        "blocks": {
            "type": ["object", "null"],
            "description": "Questions that are used in several places, by name.",
            "additionalProperties": {
                "type": ["array", "null"],
                "items": {"$ref": "#/$defs/element"},
            },
        },
        "sections": {
            "type": "array",
            "minItems": 1,
            "items": {"$ref": "#/$defs/section"},
            "description": "The pages of the form, in the order shown.",
        },
    }
    needed = ("form", "version", "agreement", "title", "sections")
    return {"$schema": DRAFT, "title": "A form", **_object(properties, needed), "$defs": _defs()}


def _choices() -> Schema:
    defs = {"choice_list": _choice_list(), "choice": _choice()}
    title = "A choice list that forms share"
    return {"$schema": DRAFT, "title": title, "$ref": "#/$defs/choice_list", "$defs": defs}


def _list() -> Schema:
    properties = {
        TITLE: _told(_SOME_TEXT, "What the list is called."),
        INTRO: _told(_ANY_TEXT, "What belongs on it, for those who manage it."),
        ENTRIES: _told({"$ref": "#/$defs/choice_list"}, "The entries that it begins with."),
    }
    return {
        "$schema": DRAFT,
        "title": "A list that the Secretariat manages",
        **_object(properties, (TITLE, ENTRIES)),
        "$defs": {"choice_list": _choice_list(), "choice": _choice()},
    }


def _wording() -> Schema:
    return {
        "$schema": DRAFT,
        "title": "A translation: text by text key",
        "type": ["object", "null"],
        "additionalProperties": {"type": "string", "pattern": r"\S"},
    }


def _defs() -> Schema:
    types = [*QuestionType, *(kind for kind in _KEYS if kind not in {*QuestionType})]
    return {
        "section": _section(),
        "element": _element(types),
        **{kind: _one_kind(kind) for kind in types},
        "check": _check(),
        "rule": _rule(),
        "choice_list": _choice_list(),
        "choice": _choice(),
        "named_list": _named_list(),
    }


def _section() -> Schema:
    properties = {
        "id": _id(RESERVED),
        "title": _SOME_TEXT,
        "intro": _ANY_TEXT,
        "relevant": {"$ref": "#/$defs/rule"},
        "elements": _elements(),
    }
    return _object(properties, ("id", "title", "elements"))


def _element(types: Iterable[str]) -> Schema:
    by_type = [
        {
            "if": {"properties": {"type": {"const": kind}}, "required": ["type"]},
            "then": {"$ref": f"#/$defs/{kind}"},
        }
        for kind in types
    ]
    asked = {
        "required": ["id", "type"],
        "properties": {"type": {"enum": list(types)}},
        "allOf": by_type,
    }
    use = _object({"use": _told({"type": "string"}, "The name of a block.")}, ("use",))
    return {"type": "object", "if": {"required": ["use"]}, "then": use, "else": asked}


def _one_kind(kind: str) -> Schema:
    words = _words(kind)
    properties = {key: words[key] for key in dict.fromkeys(_KEYS[kind])}
    return _object(properties, ("id", "type", "label", *_NEEDED.get(kind, ())))


def _words(kind: str) -> Schema:
    """Return what stands under every key that an element of this kind can have."""
    return {
        "id": _id({*RESERVED, *_COLUMNS}),
        "type": {"const": kind},
        "label": _told(_SOME_TEXT, "What is asked."),
        "hint": _told(_ANY_TEXT, "How to answer."),
        "relevant": _told({"$ref": "#/$defs/rule"}, "Asked only when this holds."),
        "required": _told({"$ref": "#/$defs/rule"}, "Must be answered when this holds."),
        "rule": {"type": "string", "maxLength": LONGEST_RULE, "pattern": r"^[^\\]*[^\\\s][^\\]*$"},
        "source": _told(_ANY_TEXT, "The key of the same field in the clearing-house."),
        "provisional": _told(_FLAG, "Worded by us; to be checked against the decision."),
        "audience": {"enum": [*Audience]},
        "allow": {"type": "array", "items": {"enum": list(NOTHING)}},
        "checks": {"type": ["array", "null"], "items": {"$ref": "#/$defs/check"}},
        "long": _told(_FLAG, "A text of several lines."),
        "language": _told({"const": "none"}, "The text is a name, an address or a number."),
        "unit": _told(_ANY_TEXT, "UCUM code, such as km2."),
        "range": _range(kind),
        "choices": {"$ref": "#/$defs/named_list"},
        "ordered": _told(_FLAG, "The choices are a scale, in their order."),
        "other": _told(
            _object({"code": {"type": "string"}, "label": _SOME_TEXT}, ("code", "label")),
            "The choice that asks for words, and what it asks.",
        ),
        "exclusive": _told(
            {"type": ["array", "null"], "items": {"type": "string"}},
            "Codes of choices that go with no other.",
        ),
        "least": _COUNT,
        "most": _COUNT,
        "answers": _told({"enum": list(_IN_MATRIX)}, "What is asked about each item."),
        "items": {"$ref": "#/$defs/named_list"},
        "row_label": _told(_SOME_TEXT, "What one row is, such as 'National target'."),
        "row_title": _told(_ANY_TEXT, "The question whose answer names a row."),
        "elements": _elements(),
    }


def _range(kind: str) -> Schema:
    limit: Schema = {"type": ["string", "number"]}
    if kind == QuestionType.DATE:
        limit = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
    elif kind == QuestionType.INTEGER:
        limit = {"type": ["string", "integer"], "pattern": "^-?[0-9]+$"}
    limits = {"least": limit, "most": limit}
    return {**_object(limits, ()), "type": ["object", "null"], "minProperties": 1}


def _check() -> Schema:
    properties = {
        "id": _id(RESERVED),
        "rule": _told({"$ref": "#/$defs/rule"}, "What must hold."),
        "severity": {"enum": [*Severity]},
        "message": _told(_SOME_TEXT, "What is shown where it does not hold."),
    }
    return _object(properties, ("id", "rule", "message"))


def _rule() -> Schema:
    return {
        "description": 'true, false or a rule such as has_plan == "yes" and plan_year >= 2010.',
        "type": ["boolean", "string", "null"],
        "maxLength": LONGEST_RULE,
        "pattern": r"^[^\\]*[^\\\s][^\\]*$",
    }


def _named_list() -> Schema:
    reference = _object({"from": {"enum": list(lists.names())}}, ("from",))
    own = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/choice"}}
    name = {"type": "string", "pattern": r"\S"}
    told = "The name of a choice list, a reference list as {from: parties}, or the choices."
    return {"description": told, "anyOf": [name, reference, own]}


def _choice_list() -> Schema:
    full = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/choice"}}
    short = {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": _CODE},
        "additionalProperties": _SOME_TEXT,
    }
    return {
        "description": "Choices as {code: label}, or each with its keys.",
        "anyOf": [full, short],
    }


def _choice() -> Schema:
    properties = {
        "code": {"type": ["string", "integer"], "pattern": _CODE, "minimum": 0},
        "label": _SOME_TEXT,
        "hint": _ANY_TEXT,
        "source": _ANY_TEXT,
        "provisional": _FLAG,
        "outside_scale": _told(_FLAG, "Has no place in the order, such as 'Unknown'."),
    }
    return _object(properties, ("code", "label"))


def _elements() -> Schema:
    return {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/element"}}


def _id(taken: Iterable[str]) -> Schema:
    style = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"
    return {
        "type": "string",
        "pattern": style,
        "maxLength": LONGEST_ID,
        "not": {"enum": sorted(taken)},
    }


def _kebab() -> Schema:
    return {"type": "string", "pattern": _NAME}


def _told(schema: Schema, description: str) -> Schema:
    return {"description": description, **schema}


def _object(properties: Schema, needed: Iterable[str]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(needed),
        "additionalProperties": False,
    }
