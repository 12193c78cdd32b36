"""Template filters and names: values and codes to text in the reader's language."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from flask import Flask
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from app.access import can
from app.rights import Right
from app.web.locks import (
    draft_address,
    is_block_locked,
    is_limited,
    is_locked,
    may_move,
    may_remove,
)
from app.wording import statuses, values
from app.wording.accounts import ACCOUNT_STATES, account_act
from app.wording.categories import CATEGORIES
from app.wording.jobs import JOB_STATES, MESSAGE_STATES, job_name, told
from app.wording.languages import LANGUAGES
from app.wording.problems import sentence
from app.workflow import Action, ReviewAction

Given = ParamSpec("Given")
Text = TypeVar("Text")

_NAMES: Final[Mapping[str, Mapping[Any, Any]]] = {
    "status": statuses.STATUSES,
    "review_status": statuses.REVIEW_STATUSES,
    "action": statuses.ACTIONS,
    "activity": statuses.ACTIVITIES,
    "grant_level": statuses.GRANT_LEVELS,
    "comment_state": statuses.COMMENT_STATES,
    "query_state": statuses.QUERY_STATES,
    "proposal_kind": statuses.PROPOSAL_KINDS,
    "proposal_state": statuses.PROPOSAL_STATES,
    "suggestion_state": statuses.SUGGESTION_STATES,
    "event": statuses.EVENTS,
    "role": statuses.ROLES,
    "severity": statuses.SEVERITIES,
    "audience": statuses.AUDIENCES,
    "nothing": statuses.NOTHINGS,
    "progress": statuses.PROGRESS,
    "carry": statuses.CARRIES,
    "party_status": statuses.PARTY_STATUSES,
    "scheme": statuses.SCHEMES,
    "timeliness": statuses.TIMELINESS,
    "account_state": ACCOUNT_STATES,
    "category": CATEGORIES,
    "job_state": JOB_STATES,
    "message_state": MESSAGE_STATES,
}


def init_app(app: Flask) -> None:
    """Add the filters, and the names that templates compare with."""
    for format_value in (
        values.day,
        values.day_of,
        values.moment,
        values.number,
        values.percent,
        values.sentences,
    ):
        app.add_template_filter(_each_time(format_value), format_value.__name__)
    for name, words in _NAMES.items():
        app.add_template_filter(_each_time(_namer(words)), name)
    app.add_template_filter(_each_time(sentence), "problem")
    app.add_template_filter(_each_time(account_act), "account_act")
    app.add_template_filter(_each_time(told), "job_problem")
    app.add_template_filter(_each_time(job_name), "job_name")
    app.add_template_filter(_each_time(listed), "listed")
    app.add_template_filter(language_name)
    app.add_template_filter(apart)
    app.jinja_env.globals.update(
        is_limited=is_limited,
        is_locked=is_locked,
        is_block_locked=is_block_locked,
        may_move=may_move,
        may_remove=may_remove,
        draft_address=draft_address,
    )
    app.jinja_env.globals.update(can=can, Action=Action, ReviewAction=ReviewAction, Right=Right)


def language_name(code: str) -> str:
    """Return the own name of a language, or its code if it is none of the six."""
    return LANGUAGES[code].name if code in LANGUAGES else code


def apart(name: str) -> Markup:
    """Return what people have typed, in its own direction apart from the text around it."""
    return Markup("<bdi>{}</bdi>").format(name)


def listed(names: Iterable[str]) -> Markup:
    """Return names, which may be Markup, as a list, as the reader's language joins them."""
    return Markup(values.listed(escape(name) for name in names))  # noqa: S704 - each is escaped


def _namer(words: Mapping[Any, Any]) -> Callable[[Any], str]:
    return lambda code: str(words[code])


def _each_time(found: Callable[Given, Text]) -> Callable[Concatenate[Context, Given], Text]:
    """Return *found* as a filter that is asked at each rendering.

    Jinja works out a filter of a constant once, when it reads the template: all readers would get
    the language of the first.
    """

    @pass_context
    def filtered(_context: Context, /, *args: Given.args, **named: Given.kwargs) -> Text:
        return found(*args, **named)

    return filtered
