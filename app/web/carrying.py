"""The buttons beside what was said last time: they save the page, as all others do, then say it.

`then` is `carry:<what>:<question or matrix>`, or `bring:<what>:<repeat>/<row>`, with what is said:
`still_true`, `update` or `no_longer`.
"""

from typing import Final

from flask import flash, request
from flask_babel import gettext as _

from app.access import account
from app.errors import AnswerLockedError, NotFoundError
from app.extensions import db, forms_in_use
from app.forms.carrying import Carry
from app.forms.definition import Form
from app.forms.places import Place, parse_place
from app.models.operation import Cause, State
from app.models.submission import Submission
from app.services.batches import Batch, Outcome, Sent
from app.services.carrying import LastTime, bring_over, carry, last_time
from app.services.operations import questions_at
from app.services.submissions import drafting
from app.web.draft_pages import list_anchor
from app.web.fields import anchor_of
from app.web.forms import form_of
from app.web.locale import language

CARRY: Final = "carry"
BRING: Final = "bring"


def carry_posted(
    submission: Submission, form: Form, here: Place, since: int | None, sent: Sent
) -> list[Outcome]:
    """Say what a button of the page says, if it is one of these; what clashes is returned."""
    verb, what, about = _posted()
    if verb not in (CARRY, BRING) or what is None:
        return []
    last = last_time(db.session(), submission, forms_in_use(), language())
    batch = drafting(db.session(), submission, form, account(), Cause.CARRIED)
    outcomes: list[Outcome] = []
    try:
        if last is None:  # withdrawn since
            flash(_told_gone(), "warning")
        elif verb == BRING:
            bring_over(batch, last, parse_place(f"{here}/{about}"), what, sent=sent)
        else:
            outcomes = _carry(batch, last, here, about, what, since, sent)
    except (NotFoundError, AnswerLockedError):
        flash(_told_gone(), "warning")
    batch.save(CARRY)
    if batch.written and not any(each.state is State.CLASH for each in outcomes):
        flash(_WORDS[what](), "success")
    return outcomes


def anchor_after(submission: Submission, here: Place) -> str:
    """Return where on the page of *here* such a button leads; empty if it was another one."""
    verb, _what, about = _posted()
    if verb == CARRY:
        return anchor_of_asked(form_of(submission.collection), here, about)
    if verb == BRING:
        return list_anchor(here, about.partition("/")[0])
    return ""


def anchor_of_asked(form: Form, here: Place, name: str) -> str:
    """Return the anchor of a question, or a matrix, on the page of *here*."""
    asked = questions_at(form, here).values()
    is_matrix = any(q.matrix is not None and q.matrix.id == name for q in asked)
    return anchor_of(f"{name}.matrix" if is_matrix else name)


def anchor_beside(name: str) -> str:
    """Return the id of what stands beside a question, or a matrix."""
    return "last-" + name.replace(".", "-")


def _carry(
    batch: Batch,
    last: LastTime,
    here: Place,
    name: str,
    what: Carry,
    since: int | None,
    sent: Sent,
) -> list[Outcome]:
    """Say it of a question, or of all rows of a matrix."""
    asked = questions_at(batch.form, here).values()
    about = [q.id for q in asked if q.id == name or (q.matrix and q.matrix.id == name)]
    return carry(batch, last, here, about, what, since=since, sent=sent)


def _posted() -> tuple[str, Carry | None, str]:
    verb, _colon, rest = request.form.get("then", "").partition(":")
    what, _colon, about = rest.partition(":")
    return verb, Carry(what) if what in set(Carry) else None, about


def _told_gone() -> str:
    return str(_("That can no longer be taken over. What you typed is saved."))


_WORDS: Final = {
    Carry.STILL_TRUE: lambda: _("Saved: this is still true."),
    Carry.UPDATE: lambda: _("Saved: this is to be updated. Write what is true now."),
    Carry.NO_LONGER: lambda: _("Saved: this is true no longer."),
}
