"""Names of what can be done with an account, of its states, and of the browsers of its sessions."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from flask_babel import LazyString, gettext, ngettext
from flask_babel import lazy_gettext as _

from app.services.account_lists import AccountState

ACCOUNT_STATES: Final[Mapping[AccountState, LazyString]] = {
    AccountState.ACTIVE: _("Active"),
    AccountState.INVITED: _("Invited"),
    AccountState.NOT_JOINED: _("Not joined"),
    AccountState.DEACTIVATED: _("Deactivated"),
}

ACCOUNT_ACTS: Final[Mapping[str, LazyString]] = {
    "invited": _("Invited"),
    "invited_again": _("Invited again"),
    "invitation_revoked": _("Invitation taken back"),
    "joined": _("Joined"),
    "renamed": _("Name changed"),
    "password_set": _("New password set"),
    "email_change_asked": _("Change of e-mail address asked for"),
    "email_changed": _("E-mail address changed"),
    "email_change_stopped": _("Change of e-mail address stopped"),
    "second_step_on": _("Codes at sign-in switched on"),
    "second_step_off": _("Codes at sign-in switched off"),
    "recovery_codes_renewed": _("New recovery codes made"),
    "sessions_ended": _("Sessions ended"),
    "deactivated": _("Deactivated"),
    "reactivated": _("Let in again"),
    "token_added": _("Key to the interface for programs made"),
    "handed_over": _("Handed over to a successor"),
    "designated": _("Designated by the Government"),
    "designation_ended": _("Designation ended"),
    "absence_recorded": _("Absence recorded"),
    "absence_ended": _("Absence ended"),
}

# What goes over to a successor, and how much of it.
HANDED_OVER: Final[Mapping[str, Callable[[int], str]]] = {
    "reviews_to_do": lambda n: ngettext(
        "%(num)d submission to review", "%(num)d submissions to review", n
    ),
    "reviews_begun": lambda n: ngettext(
        "%(num)d review that has begun", "%(num)d reviews that have begun", n
    ),
    "queries": lambda n: ngettext("%(num)d query", "%(num)d queries", n),
    "reminders": lambda n: ngettext("%(num)d planned reminder", "%(num)d planned reminders", n),
    "invitations": lambda n: ngettext(
        "%(num)d invitation to write a part of a draft",
        "%(num)d invitations to write parts of a draft",
        n,
    ),
    "proposals": lambda n: ngettext(
        "%(num)d proposal that is being written", "%(num)d proposals that are being written", n
    ),
    "grants": lambda n: ngettext(
        "%(num)d invitation as a partner institution",
        "%(num)d invitations as a partner institution",
        n,
    ),
    "jobs": lambda n: ngettext("%(num)d job that is not done", "%(num)d jobs that are not done", n),
}

# What a browser says of itself; the first that fits, for many name others too.
_BROWSERS: Final = (
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"YaBrowser/", "Yandex"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
)
_SYSTEMS: Final = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Cr[O]S", "ChromeOS"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "Mac"),
    (r"Linux|X11", "Linux"),
)


def browser_in_words(user_agent: str) -> str:
    """Return a browser and where it runs, such as "Firefox on Windows", as far as it says so."""
    browser, system = _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)
    if browser and system:
        return str(gettext("%(browser)s on %(system)s", browser=browser, system=system))
    return browser or system or str(gettext("Unknown browser"))


def account_act(action: str) -> str:
    """Return what was done in words; the code itself if it is none of ours."""
    return str(ACCOUNT_ACTS.get(action, action))


def _first(names: tuple[tuple[str, str], ...], said: str) -> str:
    return next((name for pattern, name in names if re.search(pattern, said)), "")
