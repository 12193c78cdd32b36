"""A title, and what to do, for every error code and HTTP status. Pages and API say the same."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.errors import AppError
from app.wording.problems import fill
from app.wording.statuses import (
    ACTIONS,
    COMMENT_ACTIONS,
    COMMENT_STATES,
    QUERY_ACTIONS,
    QUERY_STATES,
    REVIEW_STATUSES,
    STATUSES,
)


class Words(NamedTuple):
    """How an error is told: what it is, and what to do about it."""

    title: LazyString
    advice: LazyString


class Told(NamedTuple):
    """The same, in the reader's language and with its details."""

    title: str
    advice: str


# By code; `code.what` is more precise and comes first.
ERRORS: Final[Mapping[str, Words]] = {
    "error": Words(
        _("Something went wrong"), _("Try again. If it happens again, tell the Secretariat.")
    ),
    "not_signed_in": Words(_("Sign in first"), _("Sign in, then do this again.")),
    "not_signed_in.token": Words(
        _("A token is needed"),
        _("Send the header “Authorization: Bearer” with a token of an account that may do this."),
    ),
    "invalid_token": Words(
        _("The token is not valid"),
        _("It is unknown, expired or revoked. Ask for a new one, or call without a token."),
    ),
    "not_allowed": Words(
        _("Your account may not do this"),
        _(
            "Go back, or sign in with an account that may. The publishing authority of a Party"
            " signs; the Secretariat changes no answers."
        ),
    ),
    "not_designated": Words(
        _("You cannot sign this now"),
        _(
            "Signing needs a designation by your Government for this form that holds today. The"
            " page of the people of your Party shows who can sign. The Secretariat records"
            " designations."
        ),
    ),
    "not_designated.people": Words(
        _("You cannot manage the people of your Party now"),
        _(
            "That needs a designation by your Government that holds today. The page of the people"
            " of your Party shows who has one. The Secretariat records designations."
        ),
    ),
    "not_found": Words(
        _("Not found"),
        _(
            "There is no such thing here, or it is not public. Check the address, or start from the"
            " home page."
        ),
    ),
    "not_found.link": Words(
        _("This link cannot be used"),
        _(
            "It may have been cut off: copy all of it from the mail, also what stands on the next"
            " line. If that does not help, ask whoever sent it for a new one."
        ),
    ),
    "grant.ended": Words(
        _("This access has ended"),
        _(
            "Your institution was invited until a day that is over, or the invitation was ended."
            " Ask who invited you, if you need it again."
        ),
    ),
    "proposal.ended": Words(
        _("This invitation has ended"),
        _(
            "Nothing more can be written by this link. What was saved before is with the Party. To"
            " add something, ask the Party for a new link."
        ),
    ),
    "proposal.wrong_state": Words(
        _("This cannot be done now"),
        _("The suggestions were handed in or ended meanwhile. Go back and look at them again."),
    ),
    "not_found.delegate_link": Words(
        _("This link is not known"),
        _(
            "It may be cut short, or a newer link was sent. Open the newest mail that invites you,"
            " or ask the Party for a new link."
        ),
    ),
    "not_found.used_link": Words(
        _("This link was used already"),
        _(
            "It works once. Sign in with your password; if you have lost it, ask for a new link on"
            " the page “Sign in”."
        ),
    ),
    "not_found.expired_link": Words(
        _("This link is too old"),
        _(
            "Ask for a new one: on the page “Sign in” if you have a password already, else ask"
            " whoever invited you."
        ),
    ),
    "not_found.revoked_link": Words(
        _("This link does not work any more"),
        _("A newer one was sent, or it was taken back. Look for a newer mail, or ask who sent it."),
    ),
    "submission.wrong_status": Words(
        _("This cannot be done now"),
        _(
            "“%(action)s” is not possible while the submission is “%(status)s”. Somebody may have"
            " changed it meanwhile: look at the submission again."
        ),
    ),
    "review.wrong_status": Words(
        _("This cannot be done now"),
        _(
            "“%(action)s” is not possible while the review stands at “%(status)s”. Somebody may"
            " have changed it meanwhile: look at the submission again."
        ),
    ),
    "answer.locked": Words(
        _("This answer is locked in this revision"),
        _(
            "The revision was begun for the answers that the Secretariat asked about. To change"
            " others too, unlock all answers on the page of the submission. What was typed is kept"
            " in the history."
        ),
    ),
    "comment.wrong_state": Words(
        _("This cannot be done now"),
        _(
            "“%(action)s” is not possible while the comments are “%(state)s”. Somebody may have"
            " changed that meanwhile: look at the comments again."
        ),
    ),
    "query.wrong_state": Words(
        _("This cannot be done now"),
        _(
            "“%(action)s” is not possible while the query is “%(state)s”. Somebody may have"
            " changed it meanwhile: look at the query again."
        ),
    ),
    "collection.closed": Words(
        _("The collection is not open"),
        _(
            "Answers can be written, sent and signed only while “%(collection)s” is open. Nothing"
            " was changed."
        ),
    ),
    "already_exists": Words(
        _("There is one already"), _("“%(code)s” exists already. Choose another name or code.")
    ),
    "job.wrong_state": Words(
        _("This is no longer possible"),
        _("It has ended or changed in the meantime. Load the list again to see where it stands."),
    ),
    "seed.real_data": Words(
        _("The database holds real submissions"),
        _("Demonstration data is kept apart from them. Use another database."),
    ),
    "idempotency_key.reused": Words(
        _("The idempotency key was used before"),
        _("It came with other content then. Use a new key for new content."),
    ),
    "signing_key.unusable": Words(
        _("The key of the server cannot be used"),
        _(
            "%(path)s: %(reason)s. Put the file in its place, or make a new key with the command"
            " “flask keys rotate”."
        ),
    ),
    "file.too_large": Words(
        _("This is too large"),
        _(
            "A page or a call takes up to 20 MB. Larger files are imported on the server, with the"
            " command “flask import answers”."
        ),
    ),
    "file.unreadable": Words(
        _("The file cannot be read"),
        _("Send a CSV, XLSX or ODS file, or a zip of CSV files. Nothing was changed."),
    ),
    "submission.invalid_answers": Words(
        _("The answers are not complete yet"),
        _("Put right what is listed, then try again. What is in the draft is kept."),
    ),
    "invalid_input": Words(
        _("This is not understood"),
        _("Change “%(parameter)s”: “%(value)s” cannot be used. Possible: %(allowed)s."),
    ),
    "file.invalid": Words(
        _("The file has problems"),
        _("Put right what is listed, then send it again. Nothing was changed."),
    ),
    "csrf": Words(
        _("Please send this once more"),
        _(
            "We could not make sure that it came from you: the page was open for long, or cookies"
            " were cleared. Nothing was saved yet."
        ),
    ),
    "saved_meanwhile": Words(
        _("Somebody saved at the same moment"),
        _("Your answers were not saved yet. Send them once more."),
    ),
    "bad_request": Words(_("The request is not complete"), _("Go back and try again.")),
    "method_not_allowed": Words(
        _("This address cannot be used so"),
        _("It does not take what was sent this way. Start from the home page."),
    ),
    "conflict": Words(
        _("This cannot be done now"), _("Somebody may have changed it meanwhile. Look again.")
    ),
    "unsupported_media_type": Words(
        _("This kind of content is not read here"),
        _("Send the kind of content that the description of the interface names."),
    ),
    "unprocessable": Words(
        _("This is not understood"), _("Put right what was sent, then try again.")
    ),
    "too_many_requests": Words(_("Too many tries"), _("Wait a little, then try again.")),
    "internal_error": Words(
        _("Something went wrong on our side"),
        _(
            "What you saved before is kept. Try again in a moment; if it happens again, tell the"
            " Secretariat what you were doing."
        ),
    ),
    "busy": Words(_("Canopy is busy"), _("What you saved before is kept. Try again in a moment.")),
}

# The code of what the framework refuses, by HTTP status.
STATUS_CODES: Final[Mapping[int, str]] = {
    400: "bad_request",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "file.too_large",
    415: "unsupported_media_type",
    422: "unprocessable",
    429: "too_many_requests",
    500: "internal_error",
    503: "busy",
}


def told(error: AppError) -> Told:
    """Return title and advice of *error*, in the reader's language, with its details."""
    what = f"{error.code}.{error.details.get('what', '')}"
    words = ERRORS.get(what) or ERRORS.get(error.code) or ERRORS["error"]
    details = {key: _worded(key, value) for key, value in error.details.items()}
    return Told(fill(words.title, details), fill(words.advice, details))


def told_status(status: int) -> Told:
    """Return title and advice of an HTTP status, in the reader's language."""
    words = ERRORS[STATUS_CODES.get(status, "error")]
    return Told(str(words.title), fill(words.advice, {}))


def _worded(key: str, value: object) -> object:
    """Return the name of a status or an action; anything else as it is."""
    if key == "status":
        return _named(value, (*STATUSES.items(), *REVIEW_STATUSES.items()))
    if key == "action":
        return _named(value, (*ACTIONS.items(), *QUERY_ACTIONS.items(), *COMMENT_ACTIONS.items()))
    if key == "state":
        return _named(value, (*QUERY_STATES.items(), *COMMENT_STATES.items()))
    return value


def _named(code: object, names: Iterable[tuple[str, LazyString]]) -> str:
    return next((str(name) for known, name in names if known == code), str(code))
