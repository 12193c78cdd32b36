"""The texts of our mails: one entry for each kind that services post.

To add one: a name, its texts, and the address to open; the details that they name in `%(…)s` and
`{…}` come from `app.services.outbox.post`. A detail whose name ends in `_on` is shown as a day, in
`_at` as a moment; numbers as the reader writes them. A test words every entry in every language.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from flask_babel import LazyString
from flask_babel import lazy_gettext as _


class Mail(NamedTuple):
    """One kind of mail."""

    title: LazyString  # what it is, for the list of mails
    subject: LazyString
    paragraphs: tuple[LazyString, ...]
    address: str = ""  # a path with details: "/sign-in/link/{secret}"; stands after `paragraphs`
    after: tuple[LazyString, ...] = ()


_DELEGATE_CARE: Final = _(
    "What you write is a suggestion: the Party decides what goes into its report. Whoever has this"
    " address can write in your name, so do not pass it on."
)

MAILS: Final[Mapping[str, Mail]] = {
    "set_password": Mail(
        _("Link to set a password"),
        _("Set your password for Canopy"),
        (
            _("You have an account on Canopy, for %(email)s."),
            _("Open this address to set your password:"),
        ),
        "/sign-in/link/{secret}",
        (
            _("The address works once, until %(expires_at)s."),
            _("If you did not expect this mail, you need not do anything."),
        ),
    ),
    "query_asked": Mail(
        _("Query of the Secretariat"),
        _("The Secretariat has a question about your report"),
        (
            _("The Secretariat asks your Party about an answer in “%(collection)s”."),
            _("What was signed stays public and counted. Read the question here, and answer it:"),
        ),
        "/submissions/{submission}/queries/{query}",
    ),
    "query_asked_due": Mail(
        _("Query of the Secretariat, with a day by which to answer"),
        _("The Secretariat has a question about your report"),
        (
            _("The Secretariat asks your Party about an answer in “%(collection)s”."),
            _("It asks for an answer by %(due_on)s."),
            _("What was signed stays public and counted. Read the question here, and answer it:"),
        ),
        "/submissions/{submission}/queries/{query}",
    ),
    "query_answered": Mail(
        _("Answer of a Party to a query"),
        _("%(party)s has answered a query"),
        (_("%(party)s has answered your query in “%(collection)s”. Read the answer here:"),),
        "/submissions/{submission}/queries/{query}",
    ),
    "comment": Mail(
        _("Comment on a draft"),
        _("There is a comment on your draft"),
        (
            _("Somebody of your Party has commented on the draft in “%(collection)s”."),
            _("Read the comment here, and answer it:"),
        ),
        "/submissions/{submission}/comments/{comments}",
    ),
    "partner_comment": Mail(
        _("Comment for a partner institution"),
        _("There is a comment for your institution"),
        (
            _("A Party has answered a comment of your institution on its draft."),
            _("Read the answer here:"),
        ),
        "/invited/{grant}/comments/{comments}",
    ),
    "partner_invited": Mail(
        _("Invitation of a partner institution"),
        _("Your institution is invited on Canopy"),
        (
            _("Your institution is invited to answers on Canopy, until the end of %(ends_on)s."),
            _("Sign in, then open this address:"),
        ),
        "/invited/{grant}",
        (
            _(
                "If your institution is new on Canopy, another mail brings a link to set a"
                " password first."
            ),
        ),
    ),
    "comments_resolved": Mail(
        _("Notice that comments were resolved"),
        _("Comments on your draft were resolved"),
        (
            _("Comments that you took part in, on the draft in “%(collection)s”, were resolved."),
            _("Read them here:"),
        ),
        "/submissions/{submission}/comments/{comments}",
    ),
    "delegate_invited": Mail(
        _("Invitation of a delegate"),
        _("%(party)s asks you to help with its report"),
        (
            _("%(name)s, %(party)s asks you to write a part of its report in “%(collection)s”."),
            _("You need no account and no password. Open this address to read and write:"),
        ),
        "/d/{secret}",
        (_DELEGATE_CARE,),
    ),
    "delegate_invited_due": Mail(
        _("Invitation of a delegate, with a due date"),
        _("%(party)s asks you to help with its report by %(due_on)s"),
        (
            _("%(name)s, %(party)s asks you to write a part of its report in “%(collection)s”."),
            _("It asks for your text by %(due_on)s."),
            _("You need no account and no password. Open this address to read and write:"),
        ),
        "/d/{secret}",
        (_DELEGATE_CARE,),
    ),
    "delegate_asked_again": Mail(
        _("Request to a delegate to go on"),
        _("%(party)s asks you to go on with your part of its report"),
        (
            _("%(name)s, %(party)s has read what you handed in for “%(collection)s”."),
            _("It asks you to go on with it. Open this address to read and write:"),
        ),
        "/d/{secret}",
        (_DELEGATE_CARE,),
    ),
    "delegate_asked_again_due": Mail(
        _("Request to a delegate to go on, with a due date"),
        _("%(party)s asks you to go on with your part of its report by %(due_on)s"),
        (
            _("%(name)s, %(party)s has read what you handed in for “%(collection)s”."),
            _("It asks for your text by %(due_on)s."),
            _("It asks you to go on with it. Open this address to read and write:"),
        ),
        "/d/{secret}",
        (_DELEGATE_CARE,),
    ),
    "delegate_reminder_due": Mail(
        _("Reminder to a delegate"),
        _("Reminder: %(party)s asks for your text by %(due_on)s"),
        (
            _("%(name)s, your text for “%(collection)s” of %(party)s is not handed in yet."),
            _("It is due by %(due_on)s. What you have saved is kept. Go on here:"),
        ),
        "/d/{secret}",
        (_DELEGATE_CARE,),
    ),
    "suggestions_handed_in": Mail(
        _("Notice that suggestions were handed in"),
        _("%(name)s has handed in text for your report"),
        (
            _("%(name)s has handed in text for the report of your Party in “%(collection)s”."),
            _("It is in the report only if you accept it. Read it here:"),
        ),
        "/submissions/{submission}/suggestions",
    ),
    "sent_for_sign_off": Mail(
        _("Draft sent for sign-off"),
        _("A draft waits for your signature: “%(collection)s”"),
        (
            _("A colleague has sent the draft of your Party for sign-off. Nothing is public yet."),
            _("Read it here, then sign it or send it back:"),
        ),
        "/submissions/{submission}/sign",
    ),
    "sent_back": Mail(
        _("Draft sent back"),
        _("The draft that you sent for sign-off has come back: “%(collection)s”"),
        (_("It is open for changes again. Read here what is to be done:"),),
        "/submissions/{submission}",
    ),
    "on_behalf_asked": Mail(
        _("Answers entered on behalf of a Party, to confirm"),
        _("Please confirm what was entered for your Party in “%(collection)s”"),
        (
            _(
                "The Secretariat has entered the report that your Party sent on paper. Nothing of"
                " it is public or counts before you have confirmed it."
            ),
            _("Compare it with the document, then confirm or decline it here:"),
        ),
        "/submissions/{submission}/on-behalf/{proposal}",
    ),
    "on_behalf_declined": Mail(
        _("A Party has declined what was entered on its behalf"),
        _("%(party)s has declined what you entered in “%(collection)s”"),
        (_("What you entered is kept. Read why it was declined, and go on with it here:"),),
        "/proposals/{proposal}",
    ),
    "on_behalf_confirmed": Mail(
        _("A Party has confirmed what was entered on its behalf"),
        _("%(party)s has confirmed what you entered in “%(collection)s”"),
        (_("It is signed, public and counted now. Read it here:"),),
        "/submissions/{submission}",
    ),
    "on_behalf_taken_over": Mail(
        _("A Party has taken what was entered on its behalf into its draft"),
        _("%(party)s goes on itself with what you entered in “%(collection)s”"),
        (_("The Party completes it and signs it itself. The documents are here:"),),
        "/submissions/{submission}/sources/",
    ),
    "invitation": Mail(
        _("Invitation"),
        _("You are invited to Canopy"),
        (
            _(
                "You are invited to Canopy, where Parties report under the Convention on Biological"
                " Diversity. Your account is for %(email)s."
            ),
            _("Open this address to say your name and set a password:"),
        ),
        "/sign-in/link/{secret}",
        (
            _("The address works once, until %(expires_at)s."),
            _("If you did not expect this mail, you need not do anything."),
        ),
    ),
    "work_taken_over": Mail(
        _("Notice of work taken over"),
        _("You have taken over work on Canopy"),
        (
            _("What waited for %(name)s on Canopy waits for you now."),
            _("Open Canopy here:"),
        ),
        "/",
    ),
    "work_handed_over": Mail(
        _("Notice of work handed over"),
        _("Your work on Canopy was handed over"),
        (
            _(
                "The work of the account %(email)s was handed over to %(name)s on %(changed_at)s."
                " The account lets nobody in any more. What you wrote and signed stays."
            ),
            _(
                "If you had typed something that was not saved yet, it is still in your browser."
                " Ask the publishing authority of your Party, or the Secretariat, to let the"
                " account in again: then it can be sent. The address is:"
            ),
        ),
        "/sign-in",
    ),
    "password_changed": Mail(
        _("Notice of a new password"),
        _("Your password for Canopy was changed"),
        (
            _("The password of the account %(email)s was changed on %(changed_at)s."),
            _(
                "If you did that, you need not do anything. If not, open this address, ask for a"
                " new link, and set another password:"
            ),
        ),
        "/sign-in/forgotten",
    ),
    "second_step_off": Mail(
        _("Notice that codes were switched off"),
        _("Canopy asks you for no code any more"),
        (
            _(
                "The second step of signing in, a code, was switched off for %(email)s on"
                " %(changed_at)s."
            ),
            _(
                "If you did not do or ask for that, open this address, ask for a new link, and set"
                " another password:"
            ),
        ),
        "/sign-in/forgotten",
    ),
    "confirm_email": Mail(
        _("Confirmation of a new e-mail address"),
        _("Confirm your new e-mail address for Canopy"),
        (_("Somebody wishes to use %(email)s for an account on Canopy. If it was you, open:"),),
        "/account/email/confirm/{secret}",
        (
            _("The address works once, until %(expires_at)s."),
            _("If you did not expect this mail, you need not do anything."),
        ),
    ),
    "stop_email": Mail(
        _("Notice of a change of e-mail address"),
        _("The e-mail address of your account on Canopy is about to change"),
        (
            _(
                "Somebody who is signed in to your account asked to change its e-mail address from"
                " %(email)s to %(new_email)s."
            ),
            _(
                "If it was you, you need not do anything. If not, open this address to stop it, or"
                " to take it back:"
            ),
        ),
        "/account/email/stop/{secret}",
        (_("The address works once, until %(expires_at)s."),),
    ),
    "email_taken": Mail(
        _("Notice that an address is in use"),
        _("You have an account on Canopy already"),
        (
            _(
                "Somebody asked to use %(email)s for another account on Canopy. It has an account"
                " already, so nothing was changed. If you have lost its password, open:"
            ),
        ),
        "/sign-in/forgotten",
    ),
    "reminder": Mail(
        _("Reminder to a Party"),
        _("Reminder: your report under notification %(notification)s"),
        (
            _(
                "Your Party has been asked to report in “%(collection)s”, by notification"
                " %(notification)s. Nothing is signed yet."
            ),
            _("Go on with the report here:"),
        ),
        "/submissions/{submission}",
    ),
    "reminder_due": Mail(
        _("Reminder to a Party, with the due date"),
        _("Reminder: your report under notification %(notification)s, due on %(due_on)s"),
        (
            _(
                "Your Party has been asked to report in “%(collection)s”, by notification"
                " %(notification)s. Nothing is signed yet."
            ),
            _("The due date is %(due_on)s."),
            _("Go on with the report here:"),
        ),
        "/submissions/{submission}",
    ),
    "test": Mail(
        _("Test mail"),
        _("Test mail from Canopy"),
        (_("This mail shows that Canopy can send mail to you."),),
    ),
}
