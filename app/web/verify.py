"""Checking a receipt, for everybody; and the public keys that receipts are checked with."""

from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.access import public
from app.extensions import db, forms_in_use, limiter
from app.receipts import Checked, check_receipt
from app.services.keys import keys_json, public_keys
from app.services.seals import last_seal
from app.web.locale import language
from app.wording.receipts import form_of, sentence
from app.wording.values import moment

bp = Blueprint("verify", __name__)

PARTS: Final = ("receipt", "answers")  # a file of this name, or a text `<name>_text`


@bp.get("/verify")
@public
def show() -> ResponseReturnValue:
    """Ask for a receipt and its answers."""
    return _page({}, None)


@bp.post("/verify")
@limiter.limit("15 per minute; 200 per hour")  # a large file takes seconds
@public
def check() -> ResponseReturnValue:
    """Say whether they belong together, and what differs if they do not; nothing is kept."""
    given = {name: _given(name) for name in PARTS}
    missing = [name for name in PARTS if not given[name].strip()]
    if missing:
        return _page(given, None, missing), 422
    keys = public_keys(db.session())
    return _page(given, check_receipt(given["receipt"], given["answers"], keys))


@bp.get("/verify/keys.json")
@public
def keys() -> ResponseReturnValue:
    """Give every public key there was, with from and until."""
    return keys_json(public_keys(db.session()))


def _given(name: str) -> str:
    """Return what was uploaded, else what was pasted."""
    file = request.files.get(name)
    sent = file.read() if file else b""
    return sent.decode("utf-8", "replace") if sent else request.form.get(f"{name}_text", "")


def _page(given: dict[str, str], checked: Checked | None, missing: list[str] | None = None) -> str:
    form = form_of(checked.statement, forms_in_use(), language()) if checked else None
    found = public_keys(db.session())
    return render_template(
        "verify/show.html",
        given=given,
        missing=missing or [],
        checked=checked,
        form=form,
        told=[(found, sentence(found, form)) for found in checked.findings] if checked else [],
        signed=checked.statement if checked and checked.is_right else None,
        keys=found,
        key_rows=[
            [Markup("<code>{}</code>").format(text) for text in (key.id, key.public_key)]
            + [moment(key.from_at), moment(key.until_at)]
            for key in found
        ],
        last_seal=last_seal(db.session()),
    )
