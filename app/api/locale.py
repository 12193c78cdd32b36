"""The language of what the API says: `?lang`, then `Accept-Language`, then English.

Neither a cookie nor the account has a say: the same call gets the same answer.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import request
from flask_babel import force_locale

from app.forms.definition import LANGUAGES
from app.wording.languages import accepted

BABEL_NAMES = {"zh": "zh_Hans_CN"}  # the Chinese of the United Nations is in simplified characters


def language() -> str:
    """Return the language asked for, one of the six; English when none of them was."""
    wanted = request.args.get("lang", "")
    if wanted in LANGUAGES:
        return wanted
    return accepted(request.accept_languages, LANGUAGES)


@contextmanager
def worded() -> Iterator[None]:
    """Word everything inside in the language asked for."""
    name = language()
    with force_locale(BABEL_NAMES.get(name, name)):
        yield
