"""What a page that saves by itself says, in the language of the page: JSON for `static/js`.

A text with a number stands once for each plural category of the language (`one`, `few`, …), by
which the browser chooses; `%(name)s` it fills in.
"""

from collections.abc import Callable
from typing import Final

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

Words = dict[str, str | dict[str, str]]

SAMPLES: Final = (*range(201), 1000, 1_000_000)  # numbers of every plural category are among them
COUNT: Final = "%(count)s"
TIME: Final = "%(time)s"
QUESTION: Final = "%(question)s"


def saving_words() -> Words:
    """Return all that is said about saving, by key."""
    return {**_of_saving(), **_of_trouble(), **_of_clashes(), **_of_what_waits()}


def suggesting_words(*, is_delegate: bool) -> Words:
    """Return what differs on the pages of who suggests: others are other pages of one's own."""
    words = saving_words() | {
        "clash": _("Changed from another page too: %(question)s", question=QUESTION),
        "clashes": _by_category(
            lambda n: ngettext(
                "%(count)s answer was changed from two pages. Choose which one is to stay.",
                "%(count)s answers were changed from two pages. Choose which ones are to stay.",
                n,
                count=COUNT,
            )
        ),
        "mine": _("What you have typed now"),
        "theirs": _("What was saved from another page"),
        "keep_theirs": _("Keep what was saved from another page"),
        "which": _(
            "Which one is to stay? You can also change yours in the field below. Both are kept."
        ),
        "merged": _("Changed from another page: %(question)s", question=QUESTION),
        "is_open_again": _("You have changed what you had handed in. Hand it in again."),
    }
    if is_delegate:
        words["kept"] = _("It is kept in this browser, and can be read only by your link.")
        words["why_lost"] = _(
            "The key needed to read this was destroyed. What was saved before is kept."
        )
    return words


def _of_saving() -> Words:
    return {
        "automatic": _("Your answers are saved as you type."),
        "server_only": _(
            "Your answers are saved on the server as you type. This browser cannot keep what is"
            " not sent yet: do not close the page while it says “not yet saved”."
        ),
        "saved": _("Saved %(time)s", time=TIME),
        "again": _("Everything is saved again, %(time)s", time=TIME),
        "waiting": _by_category(
            lambda n: ngettext(
                "Not yet saved: %(count)s answer.",
                "Not yet saved: %(count)s answers.",
                n,
                count=COUNT,
            )
        ),
        "kept": _("It is kept in this browser, and only you can read it."),
        "not_kept": _("This browser cannot keep it: leave this page open."),
    }


def _of_trouble() -> Words:
    return {
        "offline": _("There is no connection. It is sent as soon as there is one."),
        "unreachable": _("The server does not answer. It is tried again by itself."),
        "stay": _("This page stays open, so that nothing is lost. Press again to leave it anyway."),
        "signed_out": _("You are no longer signed in. Sign in, and it is sent by itself."),
        "sign_in": _("Sign in here and come back"),
        "sign_in_beside": _("Sign in in a new tab"),
        "too_long": _("This text is too long to be saved. Make it shorter."),
        "lost": _by_category(
            lambda n: ngettext(
                "%(count)s answer that waited in this browser can no longer be read.",
                "%(count)s answers that waited in this browser can no longer be read.",
                n,
                count=COUNT,
            )
        ),
        "why_lost": _(
            "The session in this browser was ended from elsewhere, and the key was destroyed with"
            " it. What was saved before is in the history."
        ),
        "understood": _("I have read this"),
    }


def _of_clashes() -> Words:
    return {
        "clash": _("Somebody else has changed this answer too: %(question)s", question=QUESTION),
        "clashes": _by_category(
            lambda n: ngettext(
                "%(count)s answer was changed by two people. Choose which one is to stay.",
                "%(count)s answers were changed by two people. Choose which ones are to stay.",
                n,
                count=COUNT,
            )
        ),
        "mine": _("Your answer"),
        "theirs": _("Their answer, which stands now"),
        "which": _(
            "Which one is to stay? You can also change yours in the field below. Both stay in the"
            " history."
        ),
        "keep_mine": _("Keep mine, as it is in the field below"),
        "keep_theirs": _("Keep theirs"),
        "not_answered": _("Not answered"),
        "merged": _("Changed by a colleague: %(question)s", question=QUESTION),
        "rows": _("A colleague has changed the lists on this page."),
        "much": _("Colleagues have changed much on this page."),
        "came_back": _(
            "A colleague had removed this entry. It is back, because you have written in it."
            " If it is not needed, remove it again."
        ),
        "anew": _("Show this page anew"),
        "at_work": _("At work on these answers now:"),
    }


def _of_what_waits() -> Words:
    return {
        "show": _("Show what is not saved"),
        "show_clashes": _("Go to the answer"),
        "copy": _("Copy all of it"),
        "copied": _("Copied."),
        "forget": _("Remove it from this browser"),
        "forget_really": _("Remove it for good? It is nowhere else."),
    }


def _by_category(text: Callable[[int], str]) -> dict[str, str]:
    """Return a text by plural category, each as the catalogue has it for a number of that kind."""
    locale = get_locale()
    found: dict[str, str] = {}
    for number in SAMPLES:
        category = locale.plural_form(number) if locale else "other"
        if category not in found:
            found[category] = text(number)
    return found
