"""Which language a visitor reads: the address, the cookie, the account, then the browser."""

from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, request, url_for
from flask_babel import get_locale
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from app.extensions import babel, forms_in_use
from app.reports.catalogue import Reports
from app.wording.languages import (
    LANGUAGES,
    SOURCE,
    Language,
    accepted,
    complete_languages,
    offered,
)

COOKIE: Final = "canopy_language"
COOKIE_SECONDS: Final = 365 * 24 * 60 * 60


class LanguageLink(NamedTuple):
    """One entry of the language switch: this page in another language."""

    language: Language
    address: str
    is_current: bool


def init_app(app: Flask) -> None:
    """Choose a language for every request, and tell browsers and caches which one it is."""
    babel.init_app(app, locale_selector=choose_language)
    with app.app_context():
        app.extensions["canopy_languages"] = complete_languages(
            forms_in_use(), Reports(app.config["REPORTS_DIR"])
        )
    app.context_processor(_context)
    app.after_request(_remember)


def choose_language() -> str:
    """Return the code of the first of those wished for that we offer; English when none is."""
    languages = offered()
    for wished in (request.args.get("lang"), request.cookies.get(COOKIE), _language_of_account()):
        if wished in languages:
            return str(wished)
    return accepted(request.accept_languages, languages)


def language() -> str:
    """Return the code of the language of this request; English outside of one."""
    locale = get_locale()
    return locale.language if locale else SOURCE


def chosen_language() -> str:
    """Return the language that the visitor chose by hand, here or before; empty if none."""
    for chosen in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if chosen in offered():
            return str(chosen)
    return ""


def language_links() -> list[LanguageLink]:
    """Return this page in every language offered; the address stays the same but for `lang`."""
    path = request.path if _can_be_fetched() else url_for("home.index")
    args = request.args.to_dict(flat=False) if path == request.path else {}
    return [
        LanguageLink(
            LANGUAGES[code],
            f"{path}?{urlencode({**args, 'lang': code}, doseq=True)}",
            code == language(),
        )
        for code in offered()
    ]


def _language_of_account() -> str:
    if g.get("is_failing") or not current_user.is_authenticated:
        return ""
    return str(current_user.account.language)


def _can_be_fetched() -> bool:
    """Tell whether the present address answers to GET: some only take what is posted."""
    if request.method in {"GET", "HEAD"}:
        return True
    adapter = current_app.create_url_adapter(request)
    try:
        return adapter is not None and bool(adapter.match(method="GET"))
    except HTTPException:
        return False


def _context() -> dict[str, Any]:
    shown = LANGUAGES[language()]
    return {"language": shown, "language_links": language_links}


def _remember(response: Response) -> Response:
    """Keep a language chosen in the address; say which language a page is in."""
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = LANGUAGES[language()].tag
        response.vary.update(("Accept-Language", "Cookie"))
    wished = request.args.get("lang")
    # No cookie has a say in the API; a script asks in the language of its own page.
    is_page = response.mimetype == "text/html" and not request.path.startswith("/api/")
    if is_page and wished in offered() and request.cookies.get(COOKIE) != wished:
        response.set_cookie(
            COOKIE,
            str(wished),
            max_age=COOKIE_SECONDS,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    return response
