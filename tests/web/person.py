"""Somebody who works on a draft in a browser without JavaScript."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from app.models.account import Account
from app.models.operation import Operation
from app.models.submission import Submission
from tests.page import Browse, Page

SignIn = Callable[[Account], None]
Fields = dict[str, Any]


class Person:
    """Somebody with a browser without JavaScript."""

    def __init__(
        self, browse: Browse, sign_in: SignIn, account: Account, submission: Submission
    ) -> None:
        self.browse, self.account, self.home = browse, account, f"/submissions/{submission.id}"
        self._sign_in = sign_in
        self.language = "en"

    def opens(self, place: str = "forest") -> Fields:
        """Open a page; return what it posts unless something is typed."""
        self._sign_in(self.account)
        return posted(self.browse(f"{self.home}/draft/{place}", language=self.language))

    def saves(
        self,
        page: Fields,
        place: str = "forest",
        *,
        status: int = 200,
        also: Fields | None = None,
        **typed: str,
    ) -> Page:
        self._sign_in(self.account)
        data = {**page, "then": "stay", **typed, **(also or {})}
        return self.browse(
            f"{self.home}/draft/{place}", status=status, data=data, language=self.language
        )

    def looks(self, path: str, status: int = 200, data: Fields | None = None) -> Page:
        self._sign_in(self.account)
        return self.browse(f"{self.home}{path}", status=status, data=data, language=self.language)


def posted(page: Page) -> Fields:
    """Return what the form of a page posts as it came."""
    form = next(f for f in page.all("form", method="post") if f.get("data-rules"))
    found: dict[str, list[str]] = {}
    waiting = {e for template in form.iter("template") for e in template.iter()}
    for e in form.iter():
        name = e.get("name")
        if not name or e in waiting or name == "csrf_token":
            continue
        if e.tag == "textarea":
            found.setdefault(name, []).append((e.text or "").removeprefix("\n"))
        elif e.tag == "select":
            chosen = [o for o in e.iter("option") if "selected" in o.attrib]
            found.setdefault(name, []).extend(o.get("value", "") for o in chosen[:1])
        elif e.tag == "input" and (
            e.get("type") not in {"radio", "checkbox"} or "checked" in e.attrib
        ):
            found.setdefault(name, []).append(e.get("value", ""))
    return dict(found)


def history(session: Session, question: str) -> list[Any]:
    session.expire_all()
    found = session.query(Operation).filter_by(question=question).order_by(Operation.number)
    return [(op.before, op.after, op.state.value) for op in found]
