"""What changed between two documents, named as pages name it."""

from typing import NamedTuple

from app.forms.definition import Form
from app.forms.differences import Difference, differences, reordered
from app.forms.places import Document
from app.web.problems import place_title
from app.web.titles import Title


class Changes(NamedTuple):
    """Each answer that differs, with the title of its place; and lists put in another order."""

    answers: list[tuple[Title, Difference]]
    orders: list[Title]


def changes_between(form: Form, before: Document, after: Document) -> Changes:
    """Return what differs between two documents of *form*, in its order."""
    found = differences(form, before, after)
    return Changes(
        [(_title(form, before, after, each), each) for each in found],
        [place_title(form, after, row) for row in reordered(form, before, after)],
    )


def _title(form: Form, before: Document, after: Document, difference: Difference) -> Title:
    """Return what to call the place of a difference; a removed row has its name from before."""
    there = after if difference.after is not None else before
    return place_title(form, there, difference.place)
