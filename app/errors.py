"""What can go wrong, by name.

Services raise these; `app.web.errors` and `app.api.errors` turn them into pages and JSON.
The *code* is part of the API and of the translations: never change one, add a new one.
"""

from collections.abc import Mapping
from typing import ClassVar


class AppError(Exception):
    """Base of every error a person may see."""

    code: ClassVar[str] = "error"
    http_status: ClassVar[int] = 500

    def __init__(self, **details: object) -> None:
        super().__init__(self.code)
        self.details: Mapping[str, object] = details

    def __str__(self) -> str:
        told = ", ".join(f"{key}: {value}" for key, value in self.details.items())
        return f"{self.code} ({told})" if told else self.code


class NotSignedInError(AppError):
    """Nobody is signed in, and the page or call needs somebody (401)."""

    code = "not_signed_in"
    http_status = 401


class InvalidTokenError(AppError):
    """The token of a call is unknown, expired or revoked (401)."""

    code = "invalid_token"
    http_status = 401


class NotAllowedError(AppError):
    """The account or token may not do this (403). Details: `action`."""

    code = "not_allowed"
    http_status = 403


class NotDesignatedError(AppError):
    """No designation that holds now lets the account do this (403). Details: `party`."""

    code = "not_designated"
    http_status = 403


class NotFoundError(AppError):
    """There is no such thing, or not for this account (404). Details: `what`, `code`."""

    code = "not_found"
    http_status = 404


class WrongStatusError(AppError):
    """The submission's status does not permit this action (409). Details: `status`, `action`."""

    code = "submission.wrong_status"
    http_status = 409


class WrongReviewStatusError(AppError):
    """The review's status does not permit this action (409). Details: `status`, `action`."""

    code = "review.wrong_status"
    http_status = 409


class AnswerLockedError(AppError):
    """This revision is of other answers alone (409). Details: `place`, `question`."""

    code = "answer.locked"
    http_status = 409


class WrongCommentStateError(AppError):
    """The state of these comments does not permit this (409). Details: `state`, `action`."""

    code = "comment.wrong_state"
    http_status = 409


class WrongQueryStateError(AppError):
    """The query's state does not permit this action (409). Details: `state`, `action`."""

    code = "query.wrong_state"
    http_status = 409


class GrantEndedError(AppError):
    """The access of a partner institution has ended (410). Details: `grant`."""

    code = "grant.ended"
    http_status = 410


class ProposalEndedError(AppError):
    """The proposal has ended: nothing more can be written in it (410). Details: `proposal`."""

    code = "proposal.ended"
    http_status = 410


class WrongProposalStateError(AppError):
    """The state of the proposal does not permit this (409). Details: `state`."""

    code = "proposal.wrong_state"
    http_status = 409


class CollectionClosedError(AppError):
    """The collection is closed, or not yet open (409). Details: `collection`."""

    code = "collection.closed"
    http_status = 409


class AlreadyExistsError(AppError):
    """Something of this code exists already (409). Details: `what`, `code`."""

    code = "already_exists"
    http_status = 409


class WrongJobStateError(AppError):
    """A job or mail of this state does not permit this (409). Details: `state`."""

    code = "job.wrong_state"
    http_status = 409


class RealDataError(AppError):
    """Demonstration data is kept out of a database with real submissions (409)."""

    code = "seed.real_data"
    http_status = 409


class IdempotencyError(AppError):
    """The idempotency key was used before with another content (409). Details: `key`."""

    code = "idempotency_key.reused"
    http_status = 409


class SigningKeyError(AppError):
    """The private key of the server cannot be used (503). Details: `path`, `reason`."""

    code = "signing_key.unusable"
    http_status = 503


class TooLargeError(AppError):
    """The file is larger than we take (413). Details: `limit` in bytes."""

    code = "file.too_large"
    http_status = 413


class UnreadableFileError(AppError):
    """The file is of no kind that we read (415). Details: `reason`, a problem code."""

    code = "file.unreadable"
    http_status = 415


class InvalidAnswersError(AppError):
    """The answers break rules of the form (422); details hold `problems`, all of them."""

    code = "submission.invalid_answers"
    http_status = 422


class InvalidInputError(AppError):
    """A parameter is not understood (422). Details: `parameter`, `value`, `allowed`."""

    code = "invalid_input"
    http_status = 422


class InvalidFileError(AppError):
    """Rows of a file are wrong (422); details hold `problems`, and how many `more` there are."""

    code = "file.invalid"
    http_status = 422
