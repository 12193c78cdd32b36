"""What a Party does with its submission: the verbs of the pages, called by programs."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask.typing import ResponseReturnValue

from app.access import account, may
from app.api.problems import problem_json
from app.api.schemas.submissions import AnswersSchema, NoteSchema, SubmissionSchema, WrittenSchema
from app.api.submission_json import submission_json
from app.api.submissions import bp, form_of, id_of
from app.errors import InvalidAnswersError
from app.extensions import db, issuer
from app.forms.answers import accept_document
from app.forms.checks import check_form
from app.models.submission import Submission
from app.services import submissions as services
from app.services.receipts import issue_or_leave
from app.services.sign_off_mails import tell_sender, tell_signatories
from app.workflow import Action

ONE = "/collections/<code>/submissions/<party>"
REFUSED = [403, 404, 409]

AnyView = Callable[..., ResponseReturnValue]


def of_party(view: AnyView) -> AnyView:
    """Turn the collection and Party of the address into the id that access checks."""

    @wraps(view)
    def found(*args: Any, code: str, party: str) -> ResponseReturnValue:  # noqa: ANN401 - what was read of the call
        return view(id_of(code, party), *args)

    return found


@bp.operation(f"{ONE}/answers", WrittenSchema, method="PUT", body=AnswersSchema, errors=REFUSED)
@of_party
@may(Action.EDIT)
def write_answers(submission: Submission, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Write the whole draft: what is not in it is no longer answered.

    A draft is always saved, whatever its problems; they are given back. Refused is only what
    could not be kept: ids that the form does not have, wrong shapes, codes that are no choice.
    """
    form = form_of(submission)
    document, refused = accept_document(form, body["answers"])
    if refused:
        raise InvalidAnswersError(problems=refused)
    if body["language"] and body["language"] != submission.language:
        services.choose_language(db.session(), submission, body["language"], account())
    services.replace_document(db.session(), submission, form, document, account())
    problems = [problem_json(problem) for problem in check_form(form, document)]
    return _done(submission, problems)


@bp.operation(f"{ONE}/send-for-sign-off", SubmissionSchema, method="POST", errors=REFUSED)
@of_party
@may(Action.SEND_FOR_SIGN_OFF)
def send_for_sign_off(submission: Submission) -> ResponseReturnValue:
    """Hand the draft to the publishing authority.

    Refused with every problem that stands between the draft and a signature.
    """
    form = form_of(submission)
    services.send_for_sign_off(db.session(), submission, form, account())
    tell_signatories(db.session(), submission, form, account())
    return _done(submission)


@bp.operation(f"{ONE}/send-back", SubmissionSchema, method="POST", body=NoteSchema, errors=REFUSED)
@of_party
@may(Action.SEND_BACK)
def send_back(submission: Submission, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Give the draft back to those who draft."""
    services.send_back(submission, account(), body["note"])
    tell_sender(db.session(), submission, account())
    return _done(submission)


@bp.operation(f"{ONE}/sign", SubmissionSchema, method="POST", errors=REFUSED)
@of_party
@may(Action.SIGN)
def sign(submission: Submission) -> ResponseReturnValue:
    """Freeze the draft as the next revision: public, and counted from now on."""
    form = form_of(submission)
    revision = services.sign(db.session(), submission, form, account(), form.locale)
    issue_or_leave(db.session(), issuer(), revision, form)
    return _done(submission)


@bp.operation(f"{ONE}/revise", SubmissionSchema, method="POST", errors=REFUSED)
@of_party
@may(Action.REVISE)
def revise(submission: Submission) -> ResponseReturnValue:
    """Open a draft from the last revision, which stays public and counted meanwhile."""
    services.revise(db.session(), submission, form_of(submission), account())
    return _done(submission)


@bp.operation(f"{ONE}/discard-revision", SubmissionSchema, method="POST", errors=REFUSED)
@of_party
@may(Action.DISCARD_REVISION)
def discard_revision(submission: Submission) -> ResponseReturnValue:
    """Drop the draft of a revision; what was signed stays as it is."""
    services.discard_revision(db.session(), submission, form_of(submission), account())
    return _done(submission)


@bp.operation(f"{ONE}/withdraw", SubmissionSchema, method="POST", body=NoteSchema, errors=REFUSED)
@of_party
@may(Action.WITHDRAW)
def withdraw(submission: Submission, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Withdraw what was signed: no longer public, and in no figure from now on."""
    services.withdraw(submission, account(), body["note"])
    return _done(submission)


def _done(
    submission: Submission, problems: list[dict[str, Any]] | None = None
) -> ResponseReturnValue:
    """Keep what was done, and say where the submission stands."""
    told = submission_json(submission)
    db.session.commit()
    return told if problems is None else {"submission": told, "problems": problems}
