"""Who may do what: the one table of roles and rights, and who asks.

Pure of requests and pages. `access.py` checks by this table and loads the object.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.models.account import Account, Role, Scope
from app.models.submission import Submission
from app.workflow import Action, ReviewAction


class Right(StrEnum):
    """What a role may do that is no step of a workflow."""

    READ_DRAFT = "read_draft"
    INVITE_DELEGATES = "invite_delegates"  # by link, to parts of the draft
    ANSWER_QUERIES = "answer_queries"  # of the Secretariat, about what was signed
    COMMENT = "comment"  # on the draft, among the people of the Party
    RESOLVE_COMMENTS = "resolve_comments"  # of others; one's own, whoever comments
    READ_PEOPLE = "read_people"  # of one's own Party: who drafts, reads, signs
    MANAGE_PEOPLE = "manage_people"  # of one's own Party, with a designation in force
    INVITE_PARTNERS = "invite_partners"  # to sections of the draft
    OPEN_SIGNED = "open_signed"  # what is signed in a collection, to partner institutions
    READ_REVIEW_QUEUE = "read_review_queue"
    RUN_REVIEW = "run_review"  # say who reviews what, and remind Parties
    READ_SOURCES = "read_sources"  # documents in which Parties sent reports on paper
    ENTER_ON_BEHALF = "enter_on_behalf"  # what came on paper; it counts once the Party confirms
    READ_FORMS = "read_forms"  # as their authors do: rules, codes, what is missing
    MANAGE_LISTS = "manage_lists"  # from which forms choose
    READ_TEXTS = "read_texts"  # with what is to be translated, and files to work on
    EXCHANGE_TEXTS = "exchange_texts"  # check what translators send back
    IMPORT_ANSWERS = "import_answers"  # also above draft, as signed elsewhere
    MANAGE_ACCOUNTS = "manage_accounts"  # of everybody: invite, deactivate, end sessions
    MANAGE_JOBS = "manage_jobs"  # what the worker does, and mails: retry, cancel


Allowed = Action | ReviewAction | Right

# The one table. A Party's rights hold for its own submissions alone; the Secretariat has no right
# over answers, and none to read a draft. An administrator's import of what was signed elsewhere is
# the one marked exception.
RIGHTS: Final[dict[Role, frozenset[Allowed]]] = {
    Role.NATIONAL_AUTHORIZED_USER: frozenset(
        {
            Action.EDIT,
            Action.SEND_FOR_SIGN_OFF,
            Action.REVISE,
            Right.READ_DRAFT,
            Right.COMMENT,
            Right.RESOLVE_COMMENTS,
            Right.INVITE_DELEGATES,
            Right.ANSWER_QUERIES,
            Right.READ_PEOPLE,
        }
    ),
    Role.PUBLISHING_AUTHORITY: frozenset(
        {
            *Action,
            Right.READ_DRAFT,
            Right.INVITE_DELEGATES,
            Right.INVITE_PARTNERS,
            Right.COMMENT,
            Right.RESOLVE_COMMENTS,
            Right.ANSWER_QUERIES,
            Right.READ_PEOPLE,
            Right.MANAGE_PEOPLE,
        }
    ),
    Role.READER: frozenset({Right.READ_DRAFT, Right.COMMENT, Right.READ_PEOPLE}),
    Role.PARTNER: frozenset(),  # only what it is invited to, each thing by an invitation
    Role.REVIEWER: frozenset(
        {
            *ReviewAction,
            Right.READ_REVIEW_QUEUE,
            Right.RUN_REVIEW,
            Right.READ_SOURCES,
            Right.ENTER_ON_BEHALF,
            Right.READ_FORMS,
            Right.READ_TEXTS,
            Right.MANAGE_LISTS,
        }
    ),
    Role.ANALYST: frozenset({Right.READ_REVIEW_QUEUE, Right.READ_FORMS}),
    Role.ADMINISTRATOR: frozenset(
        {
            Right.READ_REVIEW_QUEUE,
            Right.RUN_REVIEW,
            Right.READ_SOURCES,
            Right.READ_FORMS,
            Right.READ_TEXTS,
            Right.EXCHANGE_TEXTS,
            Right.MANAGE_LISTS,
            Right.IMPORT_ANSWERS,
            Right.OPEN_SIGNED,
            Right.MANAGE_ACCOUNTS,
            Right.MANAGE_JOBS,
        }
    ),
}

# What needs a designation of the Government in force too; on a submission, one for its form.
BY_DESIGNATION: Final[frozenset[Allowed]] = frozenset(
    {Action.SIGN, Action.WITHDRAW, Right.MANAGE_PEOPLE, Right.INVITE_PARTNERS}
)

# The smallest scope of a token with which something may be done.
SCOPES: Final[dict[Allowed, Scope]] = {
    **dict.fromkeys(Action, Scope.WRITE),
    **dict.fromkeys(ReviewAction, Scope.WRITE),
    Right.READ_DRAFT: Scope.READ,
    Right.COMMENT: Scope.WRITE,
    Right.RESOLVE_COMMENTS: Scope.WRITE,
    Right.INVITE_DELEGATES: Scope.WRITE,
    Right.ANSWER_QUERIES: Scope.WRITE,
    Right.READ_PEOPLE: Scope.READ,
    Right.MANAGE_PEOPLE: Scope.WRITE,
    Right.INVITE_PARTNERS: Scope.WRITE,
    Right.OPEN_SIGNED: Scope.ADMIN,
    Right.READ_REVIEW_QUEUE: Scope.READ,
    Right.RUN_REVIEW: Scope.WRITE,
    Right.READ_SOURCES: Scope.READ,
    Right.ENTER_ON_BEHALF: Scope.WRITE,
    Right.READ_FORMS: Scope.READ,
    Right.MANAGE_LISTS: Scope.WRITE,
    Right.READ_TEXTS: Scope.READ,
    Right.EXCHANGE_TEXTS: Scope.WRITE,
    Right.IMPORT_ANSWERS: Scope.ADMIN,
    Right.MANAGE_ACCOUNTS: Scope.ADMIN,
    Right.MANAGE_JOBS: Scope.ADMIN,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: nobody, somebody signed in, or the owner of a token with its scope."""

    account: Account | None = None
    scope: Scope = Scope.ADMIN

    def has(self, allowed: Allowed) -> bool:
        """Tell whether role and scope include this, whatever it is done to."""
        if self.account is None:
            return False
        scopes = list(Scope)
        return allowed in RIGHTS[self.account.role] and (
            scopes.index(self.scope) >= scopes.index(SCOPES[allowed])
        )

    def belongs_to(self, submission: Submission) -> bool:
        """Tell whether the actor works for the Party of this submission."""
        return self.account is not None and self.account.party_code == submission.party_code
