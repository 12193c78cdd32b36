"""What the check of a receipt found, in words; an answer by its question if the form is known."""

from collections.abc import Mapping
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.errors import NotFoundError
from app.forms.catalogue import Catalogue
from app.forms.definition import Form
from app.receipts import Finding
from app.wording.problems import fill

FINDINGS: Final[Mapping[str, LazyString]] = {
    "receipt_unreadable": _(
        "This is no receipt of Canopy, or it was cut off. Use the file “receipt” as it was"
        " downloaded."
    ),
    "receipt_of_another_version": _(
        "This receipt is of a kind that this version of Canopy does not know. Check it with a newer"
        " version."
    ),
    "answers_unreadable": _(
        "These are no answers as Canopy writes them. Use the file “answers” as it was downloaded."
    ),
    "key_unknown": _("The receipt names the key %(key)s, which is none of our keys."),
    "key_is_another": _("The key in the receipt is not the one that it names (%(key)s)."),
    "signature_wrong": _(
        "The receipt was changed after it was signed, or it was not signed with the key %(key)s."
    ),
    "signature_right": _("The receipt is as we signed it, with the key %(key)s."),
    "key_from_receipt": _(
        "The signature was checked with the key that the receipt itself holds. Compare %(key)s with"
        " the keys that Canopy publishes at /verify/keys.json."
    ),
    "key_not_in_use": _("The key %(key)s was not in use at the time of the receipt (%(at)s)."),
    "answers_are_all": _("The answers are those that were signed: all of them, and unchanged."),
    "answers_are_public": _(
        "The answers are the public ones of those that were signed: all of these, and unchanged."
    ),
    "answers_differ": _("The answers are not those that were signed."),
    "answer_changed": _("Changed: %(answer)s"),
    "answer_missing": _("Missing: %(answer)s"),
    "answer_added": _("Added: %(answer)s"),
    "more_differ": _("%(count)s more answers differ."),
    "fingerprints_changed": _(
        "Which answers differ cannot be said: what the receipt holds for that was changed or is not"
        " in this copy."
    ),
    "fingerprints_not_ours": _(
        "The fingerprints of answers in the receipt are not those that were signed with it."
    ),
    "laid_out_otherwise": _(
        "The file of answers is laid out otherwise than ours; that is no harm."
    ),
    "synthetic": _("The answers are invented, for demonstration. No Party gave them."),
}


def sentence(finding: Finding, form: Form | None) -> str:
    """Return what was found, in the reader's language."""
    details = dict(finding.details)
    if "path" in details:
        details["answer"] = answer_name(str(details["path"]), form)
    text = fill(FINDINGS[finding.code], details)
    return text.encode("utf-8", "replace").decode()  # a file may hold half a surrogate pair


def answer_name(path: str, form: Form | None) -> str:
    """Return an answer's question with its path: “How far?” (targets/aichi-01/how_far)."""
    labels = {question.id: question.label for question in form.questions()} if form else {}
    found = next((labels[step] for step in reversed(path.split("/")) if step in labels), "")
    return f"“{found}” ({path})" if found else path


def form_of(statement: Mapping[str, object], forms: Catalogue, locale: str) -> Form | None:
    """Return the form that a receipt names; None if it is none of ours."""
    try:
        return forms.load(str(statement["form"]), int(str(statement["form_version"])), locale)
    except (KeyError, ValueError, NotFoundError):
        return None
