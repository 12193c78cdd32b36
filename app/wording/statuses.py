"""Names of statuses, actions, roles and kinds of nothing.

Pages show them as they are; a test sees to it that none is missing.
"""

from collections.abc import Mapping
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.forms.carrying import Carry
from app.forms.definition import Audience, Severity
from app.forms.effects import Fate
from app.models.account import Role
from app.models.deadlines import Timeliness
from app.models.partner import GrantLevel
from app.models.proposal import ProposalKind, ProposalState, SuggestionState
from app.services.review_queue import Activity
from app.workflow import (
    Action,
    CommentAction,
    CommentState,
    QueryAction,
    QueryState,
    ReviewAction,
    ReviewStatus,
    Status,
)

STATUSES: Final[Mapping[Status, LazyString]] = {
    Status.DRAFT: _("Draft"),
    Status.AWAITING_SIGN_OFF: _("Awaiting sign-off"),
    Status.SUBMITTED: _("Submitted"),
    Status.IN_REVISION: _("In revision"),
    Status.WITHDRAWN: _("Withdrawn"),
}

REVIEW_STATUSES: Final[Mapping[ReviewStatus, LazyString]] = {
    ReviewStatus.NOT_STARTED: _("Review not started"),
    ReviewStatus.IN_REVIEW: _("In review"),
    ReviewStatus.QUESTIONS_OPEN: _("Questions open"),
    ReviewStatus.REVIEWED: _("Reviewed"),
}

ACTIONS: Final[Mapping[Action | ReviewAction, LazyString]] = {
    Action.EDIT: _("Edit answers"),
    Action.SEND_FOR_SIGN_OFF: _("Send for sign-off"),
    Action.SEND_BACK: _("Send back"),
    Action.SIGN: _("Sign and publish"),
    Action.REVISE: _("Revise"),
    Action.DISCARD_REVISION: _("Discard this revision"),
    Action.WITHDRAW: _("Withdraw"),
    ReviewAction.START_REVIEW: _("Open the review"),
    ReviewAction.ASK: _("Ask"),
    ReviewAction.RESOLVE: _("Resolve the query"),
    ReviewAction.CLOSE_REVIEW: _("Close the review"),
}

QUERY_STATES: Final[Mapping[QueryState, LazyString]] = {
    QueryState.OPEN: _("Open"),
    QueryState.ANSWERED: _("Answered"),
    QueryState.RESOLVED: _("Resolved"),
}

QUERY_ACTIONS: Final[Mapping[QueryAction, LazyString]] = {
    QueryAction.ANSWER: _("Answer the query"),
    QueryAction.ASK_AGAIN: _("Ask on"),
    QueryAction.RESOLVE: _("Resolve the query"),
}

COMMENT_STATES: Final[Mapping[CommentState, LazyString]] = {
    CommentState.OPEN: _("Open"),
    CommentState.RESOLVED: _("Resolved"),
}

COMMENT_ACTIONS: Final[Mapping[CommentAction, LazyString]] = {
    CommentAction.COMMENT: _("Comment"),
    CommentAction.RESOLVE: _("Resolve the comments"),
}

PROPOSAL_KINDS: Final[Mapping[ProposalKind, LazyString]] = {
    ProposalKind.DELEGATE: _("Delegate"),
    ProposalKind.PARTNER: _("Partner institution"),
    ProposalKind.ON_BEHALF: _("The Secretariat, on behalf of the Party"),
}

PROPOSAL_STATES: Final[Mapping[ProposalState, LazyString]] = {
    ProposalState.OPEN: _("Being written"),
    ProposalState.HANDED_IN: _("Handed in"),
    ProposalState.CLOSED: _("Ended"),
}

SUGGESTION_STATES: Final[Mapping[SuggestionState, LazyString]] = {
    SuggestionState.WAITING: _("Waiting"),
    SuggestionState.ACCEPTED: _("Accepted"),
    SuggestionState.DECLINED: _("Declined"),
    SuggestionState.REPLACED: _("Replaced by a newer text"),
    SuggestionState.TAKEN_BACK: _("Taken back"),
    SuggestionState.CLASH: _("Not used: there was a newer text"),
}

GRANT_LEVELS: Final[Mapping[GrantLevel, LazyString]] = {
    GrantLevel.READ: _("Read"),
    GrantLevel.COMMENT: _("Read and comment"),
    GrantLevel.DRAFT: _("Read, comment and draft"),
}

# What the audit trail says was done. Actions beside those of the workflow have lines of their own.
EVENTS: Final[Mapping[str, LazyString]] = {
    Action.EDIT: _("Edited"),
    "choose_language": _("Language of writing chosen"),
    "remove_row": _("Row removed"),
    "replace_answers": _("All answers replaced"),
    "restore": _("Brought back from the history"),
    "undo": _("Change taken back"),
    "carry": _("Compared with last time"),
    Action.SEND_FOR_SIGN_OFF: _("Sent for sign-off"),
    Action.SEND_BACK: _("Sent back"),
    Action.SIGN: _("Signed"),
    "sign_elsewhere": _("Imported as signed elsewhere"),
    Action.REVISE: _("Revision begun"),
    Action.DISCARD_REVISION: _("Revision discarded"),
    Action.WITHDRAW: _("Withdrawn"),
    ReviewAction.START_REVIEW: _("Review opened"),
    ReviewAction.CLOSE_REVIEW: _("Review closed"),
    ReviewAction.ASK: _("Query asked"),
    QueryAction.ANSWER: _("Query answered"),
    QueryAction.ASK_AGAIN: _("Asked on"),
    ReviewAction.RESOLVE: _("Query resolved"),
    "hand_over_query": _("Query handed over"),
    "open_to_partner": _("Opened to a partner institution"),
    "close_to_partner": _("Closed to a partner institution"),
    CommentAction.COMMENT: _("Commented"),
    CommentAction.RESOLVE: _("Comments resolved"),
    "unlock": _("More answers unlocked"),
    "invite_delegate": _("Delegate invited"),
    "invite_partner": _("Partner institution invited"),
    "begin_on_behalf": _("Entry on behalf of the Party begun"),
    "change_proposal": _("Dates of an invitation changed"),
    "send_link_again": _("Link sent again"),
    "suggest": _("Answers suggested"),
    "hand_in_suggestions": _("Suggestions handed in"),
    "go_on_suggesting": _("Suggestions taken up again"),
    "ask_for_suggestions_again": _("Asked to go on with suggestions"),
    "end_proposal": _("Invitation ended"),
    "accept_suggestions": _("Suggestions accepted"),
    "decline_suggestions": _("Suggestions declined"),
    "decline_on_behalf": _("What was entered on behalf was declined"),
    "confirm_on_behalf": _("What was entered on behalf was confirmed"),
    "take_over_on_behalf": _("What was entered on behalf was taken into the draft"),
    "give_up_on_behalf": _("Entry on behalf of the Party given up"),
    "attach_source": _("Document from the Party attached"),
    "remove_source": _("Document removed: it was attached by mistake"),
    "assign_review": _("Review assigned"),
    "show_work": _("Chose whether the Secretariat sees who works where"),
}

_OPERATION_KINDS: Final[Mapping[str, LazyString]] = {
    "answer": _("Changed"),
    "add_row": _("Entry added"),
    "remove_row": _("Entry removed"),
    "move_row": _("Entry moved"),
    "language": _("Language of writing chosen"),
    "carry": _("Compared with last time"),
}
_OPERATION_CAUSES: Final[Mapping[str, LazyString]] = {
    "restored": _("Brought back from the history"),
    "undone": _("Undone"),
    "replaced": _("Written at once with all answers"),
    "imported": _("Imported"),
    "signed": _("Left out when signing: it was not asked"),
    "discarded": _("Taken back: the revision was discarded"),
    "suggested": _("Suggestion accepted"),
    "carried": _("Taken over from last time"),
}
# What was done to a draft, by kind and cause.
OPERATIONS: Final[Mapping[tuple[str, str], LazyString]] = {
    (kind, cause): _OPERATION_CAUSES.get(cause) or _OPERATION_KINDS[kind]
    for kind in _OPERATION_KINDS
    for cause in ("typed", *_OPERATION_CAUSES)
} | {("carry", "carried"): _("Compared with last time")}

ACTIVITIES: Final[Mapping[Activity, LazyString]] = {
    Activity.NOT_OPENED: _("Not opened"),
    Activity.OPENED: _("Opened"),
    Activity.SUBMITTED: _("Submitted"),
}

ROLES: Final[Mapping[Role, LazyString]] = {
    Role.NATIONAL_AUTHORIZED_USER: _("National authorized user"),
    Role.PUBLISHING_AUTHORITY: _("Publishing authority"),
    Role.READER: _("Reader"),
    Role.PARTNER: _("Partner institution"),
    Role.REVIEWER: _("Reviewer"),
    Role.ANALYST: _("Analyst"),
    Role.ADMINISTRATOR: _("Administrator"),
}

SEVERITIES: Final[Mapping[Severity, LazyString]] = {
    Severity.PROBLEM: _("Problem"),
    Severity.WARNING: _("Warning"),
    Severity.NOTE: _("Note"),
}

FATES: Final[Mapping[Fate, LazyString]] = {
    Fate.REFUSED: _("Refused"),
    Fate.DROPPED: _("Dropped"),
    Fate.CHANGED: _("Changed"),
    Fate.ADDED: _("Added"),
    Fate.KEPT: _("Kept"),
}

AUDIENCES: Final[Mapping[Audience, LazyString]] = {
    Audience.PUBLIC: _("Public"),
    Audience.SECRETARIAT: _("For the Party and the Secretariat only"),
    Audience.PARTY: _("For the Party only"),
}

# What a Party says now of an answer that it gave last time.
CARRIES: Final[Mapping[Carry, LazyString]] = {
    Carry.STILL_TRUE: _("Still true"),
    Carry.UPDATE: _("Update"),
    Carry.NO_LONGER: _("No longer"),
}

# Of an answer, and of a Party in a table. They never merge.
NOTHINGS: Final[Mapping[str, LazyString]] = {
    "not_asked": _("Not asked"),
    "not_answered": _("Not answered"),
    "not_applicable": _("Not applicable"),
    "unknown": _("Unknown"),
    "not_reported": _("Not reported"),
    "no_national_target": _("No national target"),
    "not_assessed": _("Not assessed"),
}

PROGRESS: Final[Mapping[str, LazyString]] = {
    "not_needed": _("Not needed"),
    "not_started": _("Not started"),
    "in_progress": _("In progress"),
    "complete": _("Complete"),
}

TIMELINESS: Final[Mapping[Timeliness, LazyString]] = {
    Timeliness.NO_DUE_DATE: _("No due date"),
    Timeliness.ON_TIME: _("On time"),
    Timeliness.IN_GRACE: _("In the grace period"),
    Timeliness.LATE: _("Late"),
}

PARTY_STATUSES: Final[Mapping[str, LazyString]] = {
    "party": _("Party"),
    "signatory": _("Signatory"),
    "observer": _("Observer"),
}

SCHEMES: Final[Mapping[str, LazyString]] = {
    "cbd_region": _("Region of the Convention"),
    "cbd_subregion": _("Sub-region of the Convention"),
    "un_area": _("Area of the United Nations (M49)"),
    "ldc": _("Least developed countries"),
    "sids": _("Small island developing States"),
    "lldc": _("Landlocked developing countries"),
    "dac": _("Development Assistance Committee"),
    "eu": _("European Union"),
    "wesp": _("Level of development"),
}
