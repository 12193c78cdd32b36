"""The checks that load what a view works on, for pages and API alike; the table is `rights.py`.

A view is either `@public` on purpose or gets what it works on from a check in this module, so that
no view can have the object without the check. A rule test walks all routes.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from flask import g
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, current_user
from sqlalchemy.orm import defaultload

from app.errors import NotAllowedError, NotDesignatedError, NotFoundError, NotSignedInError
from app.extensions import db, forms_in_use, is_reading
from app.models.account import Account, Role
from app.models.collection import Collection
from app.models.job import Job
from app.models.partner import PartnerGrant
from app.models.proposal import Proposal, ProposalKind
from app.models.sign_in import UserSession
from app.models.submission import Revision, Submission
from app.rights import BY_DESIGNATION, Actor, Allowed, Right
from app.services.delegates import proposal_by_link
from app.services.designations import designation_to_sign, manages_people
from app.services.partners import live_grant
from app.services.proposals import need_live, proposal_by_id
from app.services.submissions import standing
from app.workflow import Action, ReviewAction, Signed, is_possible, next_standing

P = ParamSpec("P")
R = TypeVar("R")
View = Callable[P, ResponseReturnValue]
ProposalView = Callable[Concatenate[Proposal, P], ResponseReturnValue]
JobView = Callable[Concatenate[Job, P], ResponseReturnValue]
GrantView = Callable[Concatenate[PartnerGrant, P], ResponseReturnValue]
SubmissionView = Callable[Concatenate[Submission, P], ResponseReturnValue]

# Of its revisions, the answers are read when somebody looks at them: they may be large.
_WITHOUT_ANSWERS: Final = defaultload(Submission.revisions).defer(Revision.content)


class SignedIn(UserMixin):  # type: ignore[misc] # Flask-Login ships no types
    """An account in one of its sessions, as Flask-Login wants it."""

    def __init__(self, session: UserSession, secret: str) -> None:
        self.account = session.account
        self.session = session
        self._secret = secret

    def get_id(self) -> str:
        """Return what the cookie keeps: the session's secret, and nothing of the account."""
        return self._secret


def actor() -> Actor:
    """Return who asks: the owner of the token on a call to the API, else who is signed in."""
    if "actor" not in g:
        g.actor = Actor(current_user.account) if current_user.is_authenticated else Actor()
    found: Actor = g.actor
    return found


def account() -> Account:
    """Return the account that asks; raise NotSignedInError when there is none."""
    found = actor().account
    if found is None:
        raise NotSignedInError
    return found


def can(allowed: Allowed, submission: Submission | None = None) -> bool:
    """Tell whether the actor may do this now, to this submission: what templates ask."""
    who = actor()
    if not who.has(allowed) or not _manages_if_needed(allowed):
        return False
    if submission is None or isinstance(allowed, ReviewAction):
        return True
    if not who.belongs_to(submission):
        return False
    if isinstance(allowed, Action) and not is_possible(standing(submission), allowed):
        return False
    return _is_designated(allowed, submission)


def require(allowed: Allowed) -> None:
    """Raise NotSignedInError or NotAllowedError unless the actor has this right.

    NotDesignatedError where the role is enough only together with a designation.
    """
    account()
    if not actor().has(allowed):
        raise NotAllowedError(action=allowed.value)
    if not _manages_if_needed(allowed):
        raise NotDesignatedError(what="people", party=account().party_code)


def _manages_if_needed(allowed: Allowed) -> bool:
    return allowed is not Right.MANAGE_PEOPLE or manages_people(db.session(), account())


def load_submission(submission_id: str) -> Submission:
    """Return a submission that the actor may know of, drafts excepted; raise NotFoundError.

    In a request that may write, all who write to the submission queue here until it is committed,
    and nobody closes the collection meanwhile. (SQLite lets them queue before the request.)
    """
    found = db.session.get(
        Submission,
        submission_id,
        options=(_WITHOUT_ANSWERS,),
        with_for_update=not is_reading(),
        populate_existing=not is_reading(),
    )
    if found is None:
        raise NotFoundError(what="submission", code=submission_id)
    if not is_reading():
        db.session.get(
            Collection,
            found.collection_code,
            with_for_update={"read": True},
            populate_existing=True,
        )
    return found


def submission_for(allowed: Allowed, submission_id: str) -> Submission:
    """Load a submission to do *allowed* to it.

    Raises NotSignedInError; NotAllowedError when role, scope or Party do not permit it;
    NotDesignatedError when it needs a designation; WrongStatusError when its status does not.
    """
    require(allowed)
    submission = load_submission(submission_id)
    if not isinstance(allowed, ReviewAction) and not actor().belongs_to(submission):
        raise NotAllowedError(action=allowed.value)
    if not _is_designated(allowed, submission):
        raise NotDesignatedError(party=submission.party_code)
    if isinstance(allowed, Action):
        next_standing(standing(submission), allowed)
    return submission


def _is_designated(allowed: Allowed, submission: Submission) -> bool:
    """Tell whether the actor has the designation that *allowed* on this form needs, if it does."""
    if allowed not in BY_DESIGNATION:
        return True
    collection = submission.collection
    form = forms_in_use().load(collection.form, collection.form_version)
    party = submission.party_code
    return designation_to_sign(db.session(), party, form, account()) is not None


def signed_submission(submission_id: str) -> Submission:
    """Load a submission with a signed revision that stands, or one's own; else NotFoundError."""
    submission = load_submission(submission_id)
    if standing(submission).signed is not Signed.SIGNED and not actor().belongs_to(submission):
        raise NotFoundError(what="submission", code=submission_id)
    return submission


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view as open to everybody, on purpose."""
    return _marked(view, "public")


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Check that somebody is signed in; the view works on that account alone."""

    @wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        account()
        return view(*args, **kwargs)

    return _marked(checked, "signed_in")


def may(allowed: Allowed) -> Callable[[SubmissionView[P]], Callable[..., ResponseReturnValue]]:
    """Load the submission named in the address, check, and pass it to the view."""

    def decorate(view: SubmissionView[P]) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def checked(submission_id: str, *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            return view(submission_for(allowed, submission_id), *args, **kwargs)

        return _marked(checked, allowed.value)

    return decorate


def may_read(view: SubmissionView[P]) -> Callable[..., ResponseReturnValue]:
    """Load a submission with something signed, or one's own, and pass it to the view."""

    @wraps(view)
    def checked(submission_id: str, *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        return view(signed_submission(submission_id), *args, **kwargs)

    return _marked(checked, "read")


def may_read_queries(view: SubmissionView[P]) -> Callable[..., ResponseReturnValue]:
    """Load a submission for the two sides of its queries: its Party, and the Secretariat."""

    @wraps(view)
    def checked(submission_id: str, *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        account()
        if actor().has(Right.READ_REVIEW_QUEUE):
            return view(signed_submission(submission_id), *args, **kwargs)
        return view(submission_for(Right.ANSWER_QUERIES, submission_id), *args, **kwargs)

    return _marked(checked, "read_queries")


def may_read_sources(view: SubmissionView[P]) -> Callable[..., ResponseReturnValue]:
    """Load a submission for those who read its documents: its Party, and the Secretariat.

    The Secretariat learns nothing of a draft so: the view shows documents alone.
    """

    @wraps(view)
    def checked(submission_id: str, *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        account()
        if actor().has(Right.READ_SOURCES):
            return view(load_submission(submission_id), *args, **kwargs)
        return view(submission_for(Right.READ_DRAFT, submission_id), *args, **kwargs)

    return _marked(checked, "read_sources")


def may_enter_on_behalf(view: SubmissionView[P]) -> Callable[..., ResponseReturnValue]:
    """Load any submission for who enters what came on paper; its draft is not theirs to see."""

    @wraps(view)
    def checked(submission_id: str, *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        require(Right.ENTER_ON_BEHALF)
        return view(load_submission(submission_id), *args, **kwargs)

    return _marked(checked, Right.ENTER_ON_BEHALF.value)


def by_link(view: ProposalView[P]) -> Callable[..., ResponseReturnValue]:
    """Let a delegate in by the link in the address, and pass its proposal to the view.

    Public on purpose: the link is all that a delegate has. It lets nobody see anything else.
    """

    @wraps(view)
    def checked(link: str, *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        try:
            proposal = proposal_by_link(db.session(), link)
        except NotFoundError as error:
            g.link_is_unknown = not error.details["code"]
            raise
        return view(_locked(proposal), *args, **kwargs)

    return _marked(checked, "public")


def own_proposal(view: ProposalView[P]) -> Callable[..., ResponseReturnValue]:
    """Load a proposal in which whoever is signed in may write, and pass it to the view.

    Raises NotFoundError for another's, ProposalEndedError when it is over.
    """

    @wraps(view)
    def checked(proposal_id: str, *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        holder = account().id
        proposal = proposal_by_id(db.session(), proposal_id)
        if proposal.account_id != holder:
            raise NotFoundError(what="proposal", code=proposal_id)
        if proposal.kind is ProposalKind.ON_BEHALF:
            require(Right.ENTER_ON_BEHALF)
        need_live(proposal)
        return view(_locked(proposal), *args, **kwargs)

    return _marked(checked, "own_proposal")


def _locked(proposal: Proposal) -> Proposal:
    """Let all who write to its submission queue, and look at the proposal as it is then."""
    load_submission(proposal.submission_id)
    if not is_reading():
        db.session.refresh(proposal)
    need_live(proposal)
    return proposal


def of_own_party(allowed: Right) -> Callable[[View[P]], View[P]]:
    """Check a right over one's own Party, whose code stands in the address; the view gets it."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            account()
            if account().party_code != kwargs["code"]:
                raise NotAllowedError(action=allowed.value)
            require(allowed)
            return view(*args, **kwargs)

        return _marked(checked, allowed.value)

    return decorate


def can_decide_on_behalf(submission: Submission) -> bool:
    """Tell whether the actor may sign what was entered on behalf of this Party."""
    is_own = actor().has(Action.SIGN) and actor().belongs_to(submission)
    return is_own and _is_designated(Action.SIGN, submission)


def may_decide_on_behalf(view: SubmissionView[P]) -> Callable[..., ResponseReturnValue]:
    """Load a submission for who signs for its Party, wherever it stands."""

    @wraps(view)
    def checked(submission_id: str, *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        require(Action.SIGN)
        submission = load_submission(submission_id)
        if not actor().belongs_to(submission):
            raise NotAllowedError(action=Action.SIGN.value)
        if not can_decide_on_behalf(submission):
            raise NotDesignatedError(form=submission.collection.form, party=submission.party_code)
        return view(submission, *args, **kwargs)

    return _marked(checked, "decide_on_behalf")


def own_job(view: JobView[P]) -> Callable[..., ResponseReturnValue]:
    """Load a job of one's own, or any for whoever manages jobs, and pass it to the view."""

    @wraps(view)
    def checked(job_id: str, *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        owner = account().id
        job = db.session.get(Job, job_id)
        if job is None or (job.account_id != owner and not actor().has(Right.MANAGE_JOBS)):
            raise NotFoundError(what="job", code=job_id)
        return view(job, *args, **kwargs)

    return _marked(checked, "own_job")


def own_grant(view: GrantView[P]) -> Callable[..., ResponseReturnValue]:
    """Load what a partner institution is invited to, while it is, and pass it to the view.

    Raises NotFoundError for what is not its own, GrantEndedError when the access has ended. Of a
    grant to a draft the submission is loaded too, as `load_submission` does.
    """

    @wraps(view)
    def checked(grant_id: str, *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        partner = account()
        if partner.role is not Role.PARTNER:
            raise NotAllowedError(action="own_grant")
        grant = live_grant(db.session(), grant_id, partner)
        if grant.submission_id is not None:
            load_submission(grant.submission_id)
            if not is_reading():
                db.session.refresh(grant)  # it may have ended while we waited for the submission
                grant = live_grant(db.session(), grant_id, partner)
        return view(grant, *args, **kwargs)

    return _marked(checked, "own_grant")


def has_right(allowed: Allowed) -> Callable[[View[P]], View[P]]:
    """Check a right that concerns no single submission."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            require(allowed)
            return view(*args, **kwargs)

        return _marked(checked, allowed.value)

    return decorate


def _marked(view: Callable[P, R], permission: str) -> Callable[P, R]:
    view.__permission__ = permission  # type: ignore[attr-defined] # read by the rule test
    return view


def permission_of(view: Callable[..., Any]) -> str | None:
    """Return what a view checks, or None if it was forgotten."""
    return getattr(view, "__permission__", None)
