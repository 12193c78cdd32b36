"""The page that hands work over, for the people of a Party and for administrators alike."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import account
from app.extensions import db
from app.models.account import Account, Role
from app.services.hand_over import hand_over, successors, what_goes_over
from app.services.sessions import live_sessions
from app.web.invite_form import invite_by
from app.web.locale import language
from app.web.people_forms import NEW, HandOverForm
from app.web.sessions import lifetime
from app.web.sign_in_forms import problems_of
from app.wording.accounts import HANDED_OVER


def form_for(leaver: Account) -> HandOverForm:
    """Return the form with those who can take over from *leaver*."""
    return HandOverForm.for_reader(successors(db.session(), leaver), language())


def hand_over_page(leaver: Account, form: HandOverForm, send_to: str, back: tuple[str, str]) -> str:
    """Show what would go over, and ask to whom.

    send_to   the address that takes the answer
    back      the page from which one comes: title and address
    """
    counts = what_goes_over(db.session(), leaver)
    seen = live_sessions(db.session(), leaver, lifetime())
    return render_template(
        "people/hand_over.html",
        leaver=leaver,
        form=form,
        problems=problems_of(form),
        goes_over=[HANDED_OVER[name](count) for name, count in counts.items()],
        seen_at=seen[0].seen_at if seen else None,
        send_to=send_to,
        back=back,
    )


def take_hand_over(
    leaver: Account, new_role: Role, send_to: str, back: tuple[str, str]
) -> ResponseReturnValue:
    """Hand the work of *leaver* over as the page says; show it again with what is wrong.

    new_role   of a successor who is invited now
    """
    form = form_for(leaver)
    if not form.validate():
        return hand_over_page(leaver, form, send_to, back), 422
    successor = _successor(leaver, new_role, form)
    if successor is None:
        return hand_over_page(leaver, form, send_to, back), 422
    name = successor.name or successor.email
    is_own = leaver.id == account().id
    hand_over(db.session(), leaver, successor, account())
    db.session.commit()
    flash(_("Handed over to %(name)s. The account lets nobody in any more.", name=name), "success")
    return redirect("/" if is_own else back[1], 303)


def _successor(leaver: Account, new_role: Role, form: HandOverForm) -> Account | None:
    if form.successor.data != NEW:
        return db.session.get_one(Account, form.successor.data)
    return invite_by(form, new_role, leaver.party_code)
