"""Every address is public on purpose or checked, and its path is in kebab case."""

import re
from typing import Final

from flask import Flask

from app.access import permission_of

# Views that are not ours and that anyone may use; add to it in review, not in passing.
PUBLIC: Final = {"static"}

KEBAB: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?")


def test_every_route_is_public_on_purpose_or_checked(app: Flask) -> None:
    unchecked = {name for name, view in app.view_functions.items() if not permission_of(view)}
    assert unchecked == PUBLIC, "mark the view with a check of app/access.py, or with @public"


def test_every_path_is_in_kebab_case(app: Flask) -> None:
    wrong = [
        rule.rule
        for rule in app.url_map.iter_rules()
        for part in re.sub(r"<[^>]*>", "x", rule.rule).strip("/").split("/")
        if part and not KEBAB.fullmatch(part)
    ]
    assert wrong == [], "write paths as /the-parties/of-a-group"


def test_no_address_changes_something_on_get(app: Flask) -> None:
    """Either a view reads or it writes: two methods of one address are two functions."""
    writing = {"POST", "PUT", "PATCH", "DELETE"}
    mixed = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (methods := rule.methods or set()) and methods & writing
    ]
    assert mixed == [], "one function per method: @bp.get to show, @bp.post to change"
