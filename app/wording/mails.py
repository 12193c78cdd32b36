"""How our mails are worded, in the language of whoever reads them (texts: `mail_texts.py`).

Mails are plain text. Each paragraph of Arabic begins with a right-to-left mark, and what is filled
in stands apart in its own direction; an address has a line of its own without any mark, so that it
can be copied.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple
from urllib.parse import quote

from flask_babel import LazyString, force_locale, gettext

from app.errors import NotFoundError
from app.wording.languages import LANGUAGES, SOURCE, offered
from app.wording.mail_texts import MAILS
from app.wording.values import day, moment, number

RIGHT_TO_LEFT: Final = "\u200f"
APART: Final = ("\u2068", "\u2069")  # first strong isolate, and its end


class Worded(NamedTuple):
    """A mail in its reader's language."""

    subject: str
    body: str
    tag: str  # of the language, as in Content-Language


def worded(kind: str, language: str, details: Mapping[str, object], public_url: str) -> Worded:
    """Return the mail of *kind* in *language*, or in English where that is not offered.

    public_url   where our pages are, without a slash at the end
    Raises NotFoundError for a kind that is none, and for a detail that its texts need and lack.
    """
    if kind not in MAILS:
        raise NotFoundError(what="mail", code=kind)
    mail = MAILS[kind]
    spoken = LANGUAGES[language if language in offered() else SOURCE]
    is_rtl = spoken.direction == "rtl"
    with force_locale(spoken.code):
        shown = {name: _shown(name, value, is_rtl=is_rtl) for name, value in details.items()}
        sender = gettext("This mail was sent by Canopy. Nobody reads answers to it.")
        try:
            subject = str(mail.subject) % shown
            parts = [_part(text, shown, is_rtl=is_rtl) for text in mail.paragraphs]
            if mail.address:
                quoted = {name: quote(str(value), safe="") for name, value in details.items()}
                parts.append(public_url + mail.address.format_map(quoted))
            parts += [_part(text, shown, is_rtl=is_rtl) for text in mail.after]
        except KeyError as missing:
            raise NotFoundError(what="detail", code=missing.args[0]) from missing
    mark = RIGHT_TO_LEFT if is_rtl else ""
    body = "\n\n".join([*parts, f"{mark}{sender}", public_url])
    return Worded(f"{mark}{subject}", f"{body}\n", spoken.tag)


def _part(text: LazyString, shown: Mapping[str, str], *, is_rtl: bool) -> str:
    return f"{RIGHT_TO_LEFT if is_rtl else ''}{str(text) % shown}"


def _shown(name: str, value: object, *, is_rtl: bool) -> str:
    """Return a detail as the reader writes it, on one line; apart from the text around it."""
    if isinstance(value, int):
        return number(value)
    text = " ".join(str(value).split())
    if name.endswith("_at"):
        return moment(datetime.fromisoformat(text))
    if name.endswith("_on"):
        return day(text)
    return text.join(APART) if is_rtl else text
