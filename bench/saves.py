"""Saves of people who are at work in drafts of their own, beside bare durable posts.

A page that saves by itself sends each answer as an operation; its button sends the whole section.
Both keep the answer, its history and a line of the audit trail, and answer when they are on disk.
"""

import json
import re
import uuid
from collections.abc import Mapping
from http import HTTPStatus

from bench.client import Visitor
from bench.large import fields_of
from bench.visits import alike, leave_off, post, run, sign_in, tell, token
from bench.world import DRAFTER

PEOPLE = (1, 8, 32)
PLACE = "basis"
QUESTION = "targets_basis"
ANSWERS = ("national_targets", "aichi_targets")
ACCOUNT = re.compile(r'data-account="([^"]+)"')
VERSION = re.compile(r'name="\.version"[^>]*value="([^"]+)"')


def compare_saves(bare: str, canopy: str, drafting: Mapping[str, str], seconds: float) -> None:
    """Measure both ways of saving with so many people at once; *drafting* are drafts by Party."""
    people = {
        address: sign_in(canopy, DRAFTER.format(party.lower()))
        for party, address in list(drafting.items())[: max(PEOPLE)]
    }
    bare_post = post("/post", [(QUESTION, ANSWERS[0])], HTTPStatus.OK)
    for count in PEOPLE:
        addresses, signed_in = list(people)[:count], list(people.values())[:count]
        posts = alike(bare_post, [Visitor(bare) for _ in range(count)], seconds)
        tell(f"bare durable post, {count} at once", posts, posts)
        leave_off(signed_in)
        typing = [Typing(*each) for each in zip(signed_in, addresses, strict=True)]
        typed = run(lambda n: typing[n].save(), signed_in, seconds)  # noqa: B023 - run now
        tell("save an answer by itself", typed, posts)
        leave_off(signed_in)
        saving = [Saving(*each) for each in zip(signed_in, addresses, strict=True)]
        saved = run(lambda n: saving[n].save(), signed_in, seconds)  # noqa: B023 - run now
        tell("save a section by its button", saved, posts)


class Typing:
    """One whose page saves by itself, over and over, each time another answer."""

    def __init__(self, visitor: Visitor, address: str) -> None:
        _, page, _ = visitor.ask("GET", f"{address}/draft/{PLACE}")
        self.visitor = visitor
        self.address = f"{address}/draft/operations"
        self.token = token(page)
        self.page = str(uuid.uuid4())
        self.account = _found(ACCOUNT, page)
        self.version = int(_found(VERSION, page))
        self.saves = 0

    def save(self) -> None:
        """Send the other of two answers, again while the database is busy."""
        self.saves += 1
        operation = {
            "id": str(uuid.uuid4()),
            "order": self.saves,
            "place": PLACE,
            "at_version": self.version,
            "fields": {QUESTION: [ANSWERS[self.saves % 2]]},
        }
        common = {"page": self.page, "account": self.account, "locale": "en"}
        status, said = HTTPStatus.SERVICE_UNAVAILABLE.value, ""
        while status == HTTPStatus.SERVICE_UNAVAILABLE:
            body = {**common, "operations": [operation]}
            status, said, _ = self.visitor.send(self.address, body, self.token)
        is_done = '"applied"' in said or self.saves == 1  # the first may be what stands there
        if status != HTTPStatus.OK or not is_done:
            raise RuntimeError(f"{self.address} answered {status} to a save: {said[:500]}")
        self.version = json.loads(said)["version"]  # nobody else is there: all is shown


class Saving:
    """One who saves a section over and over, each time with another answer."""

    def __init__(self, visitor: Visitor, address: str) -> None:
        self.visitor = visitor
        self.address = f"{address}/draft/{PLACE}"
        self.fields = fields_of(visitor.ask("GET", self.address)[1])
        self.saves = 0

    def save(self) -> None:
        """Post the page with the other of two answers."""
        self.saves += 1
        kept = [each for each in self.fields if each[0] != QUESTION]
        fields = [*kept, (QUESTION, ANSWERS[self.saves % 2]), ("then", "stay")]
        status = HTTPStatus.SERVICE_UNAVAILABLE
        while status == HTTPStatus.SERVICE_UNAVAILABLE:  # the database was busy: one tries again
            status = HTTPStatus(self.visitor.ask("POST", self.address, fields)[0])
        if status != HTTPStatus.SEE_OTHER:
            raise RuntimeError(f"{self.address} answered {status} to a save")


def _found(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    if found is None:
        raise RuntimeError(f"a page of a draft without {pattern.pattern}")
    return found[1]
