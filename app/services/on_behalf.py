"""Entering on behalf of a Party what it sent on paper: a proposal until its signatory confirms.

The reviewer who enters sees no draft and changes none. The Party confirms exactly what was entered:
in one act it becomes the draft, is sent for sign-off and signed. What its draft held besides stays
in the history.
"""

from sqlalchemy.orm import Session

from app.errors import (
    AlreadyExistsError,
    CollectionClosedError,
    InvalidInputError,
    WrongProposalStateError,
)
from app.forms.definition import LANGUAGES, Form
from app.forms.places import Document
from app.models.account import Account
from app.models.on_behalf import OnBehalf
from app.models.operation import Cause, State
from app.models.proposal import Proposal, ProposalKind, ProposalState
from app.models.source_file import SourceFile
from app.models.submission import Revision, Submission
from app.services import accepting, proposals, submissions
from app.services.accepting import accept_all
from app.services.collections import is_open
from app.services.designations import signatories
from app.services.events import record
from app.services.on_behalf_reading import (
    CONFIRMED,
    TAKEN_OVER,
    documents_of,
    entries_of,
    entry_of,
    is_over,
)
from app.services.outbox import post_about
from app.services.proposal_reading import ProposalReader
from app.services.proposals import Wished, propose
from app.services.sources import confirming_sources, sources_of
from app.workflow import DraftStatus

DECLINED = "decline_on_behalf"  # events
GIVEN_UP = "give_up_on_behalf"
ASKED_BY_MAIL = "on_behalf_asked"  # kinds of mail


def begin(
    session: Session, submission: Submission, form: Form, language: str, account: Account
) -> Proposal:
    """Begin to enter what came on paper; *language* is that of its texts.

    Raises CollectionClosedError; AlreadyExistsError while something is entered or waits to be
    confirmed; InvalidInputError for another language, and where there is no document to enter from.
    """
    if not is_open(submission.collection):
        raise CollectionClosedError(collection=submission.collection_code)
    if any(not is_over(each.proposal) for each in entries_of(session, submission)):
        raise AlreadyExistsError(what="on_behalf", code=submission.party_code)
    if language not in LANGUAGES:
        raise InvalidInputError(parameter="language", value=language, allowed=", ".join(LANGUAGES))
    _new_sources(session, submission)
    wished = Wished(places=None, language=language)
    kind = ProposalKind.ON_BEHALF
    proposal = propose(session, submission, form, kind, account, wished, holder=account)
    session.add(OnBehalf(submission_id=submission.id, proposal_id=proposal.id))
    session.flush()
    return proposal


def ask_to_confirm(session: Session, proposal: Proposal, form: Form) -> int:
    """Hand in what was entered, and have a mail sent to each who may sign; return how many.

    The documents of the submission that answers were not confirmed by before are those that these
    answers were entered from. Raises InvalidInputError when there is none.
    """
    entry = entry_of(session, proposal)
    entry.sources = [source.number for source in _new_sources(session, proposal.submission)]
    proposals.hand_in(session, proposal)
    told = signatories(session, proposal.submission.party_code, form)
    for person in told:
        _tell(session, proposal, person, ASKED_BY_MAIL)
    return len(told)


def give_up(session: Session, proposal: Proposal, account: Account) -> None:
    """End what is entered, before the Party has decided; what was typed stays in it."""
    proposals.close(session, proposal, account, GIVEN_UP)


def entered_document(session: Session, form: Form, proposal: Proposal) -> Document:
    """Return all answers that were entered."""
    return ProposalReader(session, proposal.submission, form, proposal).whole()


def confirm(
    session: Session, proposal: Proposal, form: Form, account: Account, wording_language: str
) -> Revision:
    """Make what was entered the draft of the Party, send it for sign-off and sign it.

    Raises WrongProposalStateError unless it waits to be confirmed; WrongStatusError while a draft
    awaits sign-off; InvalidAnswersError with every blocking problem, CollectionClosedError, and
    whatever else a signature can raise.
    """
    _need_waiting(proposal)
    submission, entry = proposal.submission, entry_of(session, proposal)
    document = entered_document(session, form, proposal)
    _open_draft(session, submission, form, account)
    if submission.language != proposal.language:
        submissions.choose_language(session, submission, proposal.language, account)
    submissions.replace_document(
        session, submission, form, document, account, Cause.SUGGESTED, proposal.id
    )
    accept_all(session, submission, form, proposal, account)
    submissions.send_for_sign_off(session, submission, form, account)
    revision = submissions.sign(session, submission, form, account, wording_language)
    entry.revision = revision.number
    documents = [source.sha256 for source in documents_of(session, entry)]
    proposals.close(
        session,
        proposal,
        account,
        CONFIRMED,
        revision=revision.number,
        hash=revision.hash,
        documents=documents,
    )
    _tell_holder(session, proposal, "on_behalf_confirmed")
    return revision


def decline(session: Session, proposal: Proposal, account: Account, reason: str) -> None:
    """Give it back to who entered it, who puts it right or gives it up.

    Raises InvalidInputError without a reason, WrongProposalStateError unless it waits.
    """
    _need_waiting(proposal)
    if not reason.strip():
        raise InvalidInputError(parameter="reason", value="", allowed="1 to 5000 characters")
    proposals.ask_again(session, proposal, account, reason)
    record(proposal.submission, DECLINED, account, proposal=proposal.id, note=reason.strip())
    _tell_holder(session, proposal, "on_behalf_declined")


def take_over(session: Session, proposal: Proposal, form: Form, account: Account) -> int:
    """Bring what was entered into the Party's draft, to be completed and signed as always.

    Where the draft has another answer, the draft's stays, and the other is kept to be read among
    the texts that are not used; returns how many.
    """
    _need_waiting(proposal)
    submission = proposal.submission
    _open_draft(session, submission, form, account)
    if not submission.language:
        submissions.choose_language(session, submission, proposal.language, account)
    decided = accept_all(session, submission, form, proposal, account)
    left = [each.suggestion for each in decided if each.state not in (State.APPLIED, State.SAME)]
    accepting.decline(session, submission, left, account)
    proposals.close(session, proposal, account, TAKEN_OVER)
    _tell_holder(session, proposal, "on_behalf_taken_over")
    return len(left)


def _open_draft(session: Session, submission: Submission, form: Form, account: Account) -> None:
    """See to it that everything in the draft may be changed: begin a revision where none is."""
    where = submissions.standing(submission)
    if where.draft is DraftStatus.NONE:
        submissions.revise(session, submission, form, account)
    elif submission.draft is not None and submission.draft.unlocked is not None:
        submissions.unlock(submission, account)


def _need_waiting(proposal: Proposal) -> None:
    if proposal.state is not ProposalState.HANDED_IN:
        raise WrongProposalStateError(state=proposal.state.value)


def _new_sources(session: Session, submission: Submission) -> list[SourceFile]:
    """Return the documents by which nothing was confirmed yet; raise InvalidInputError for none."""
    used = confirming_sources(session, submission)
    found = [each for each in sources_of(session, submission) if each.number not in used]
    if not found:
        raise InvalidInputError(parameter="source", value="", allowed="a document from the Party")
    return found


def _tell(session: Session, proposal: Proposal, person: Account, kind: str) -> None:
    submission = proposal.submission
    details = {"party": submission.party_code, "proposal": proposal.id}
    post_about(session, submission, person, kind, **details)


def _tell_holder(session: Session, proposal: Proposal, kind: str) -> None:
    holder = proposal.account
    if holder is not None and holder.deactivated_at is None:
        _tell(session, proposal, holder, kind)
