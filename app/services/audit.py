"""Checking that nobody has changed anything behind our back since the last seal.

Chains of events and acts, seals, keys, revisions with their contents, receipts, drafts and their
history, suggestions, documents that came on paper, queries, comments, reviews, designations,
collections and whom they ask, accounts and their keys to the API: each problem names where it is.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import SigningKeyError
from app.files.stored import FileStore
from app.models.audit import Seal, SealedHead
from app.receipts import FIRST, is_signed, link, was_in_use
from app.services.audit_accounts import check_accounts
from app.services.audit_chains import AT_ONCE, Line, Problem, check_chains, gone, json_of, lines
from app.services.audit_collections import check_collections
from app.services.audit_designations import check_designations
from app.services.audit_invited import check_invited
from app.services.audit_operations import check_operations
from app.services.audit_signed import check_signed
from app.services.audit_sources import check_sources
from app.services.audit_submissions import check_submissions, heirs_of
from app.services.audit_suggestions import check_suggestions
from app.services.audit_talk import check_talk
from app.services.keys import public_keys, read_signer
from app.services.receipts import Issuer
from app.services.seals import SUBMISSION, AnySelect, Head, hash_of, in_order, seal_facts

_WORDS: Final = {
    "event": "events",
    "act": "acts",
    "seal": "seals",
    "revision": "signed revisions",
    "operation": "operations on drafts",
    "suggestion": "suggestions",
    "source": "documents",
    "message": "messages in queries and comments",
    "designation": "designations",
    "collection": "collections",
    "account": "accounts",
}


class Audit:
    """One run of the check; it reads, and changes nothing."""

    def __init__(self, session: Session, issuer: Issuer, files: FileStore) -> None:
        self.session = session
        self.issuer = issuer
        self.files = files
        self.found = 0
        self._counts: Counter[str] = Counter()
        self._keys = {key.id: key for key in public_keys(session)}
        self._drafted: set[str] = set()  # submissions of which an event tells operations
        self._begun: set[tuple[str, str]] = set()  # keys of which an act tells

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong, as it is found."""
        for problem in self._all():
            self.found += 1
            yield problem

    def counted(self) -> Iterator[tuple[int, str]]:
        """Yield how many of what were looked at."""
        return ((self._counts[one], many) for one, many in _WORDS.items())

    def _all(self) -> Iterator[Problem]:
        yield from check_chains(lines(self.session), self._note)
        yield from gone(self.session)
        yield from self._check_keys()
        yield from self._check_seals()
        for number, problems in check_signed(self.session, self._keys):
            self._counts["revision"] += number
            yield from problems
        for number, problems in check_operations(self.session, self._drafted):
            self._counts["operation"] += number
            yield from problems
        for number, problems in check_suggestions(self.session):
            self._counts["suggestion"] += number
            yield from problems
        for number, problems in check_sources(self.session, self.files):
            self._counts["source"] += number
            yield from problems
        for number, problems in check_talk(self.session):
            self._counts["message"] += number
            yield from problems
        heirs = heirs_of(self.session)
        yield from check_submissions(self.session, heirs)
        yield from check_invited(self.session, heirs)
        self._counts["designation"], problems = check_designations(self.session)
        yield from problems
        self._counts["collection"], problems = check_collections(self.session)
        yield from problems
        self._counts["account"], problems = check_accounts(self.session)
        yield from problems

    def _note(self, line: Line) -> None:
        self._counts["event" if line.kind == SUBMISSION else "act"] += 1
        if line.kind == SUBMISSION and '"operations"' in str(line.details):
            self._drafted.add(line.subject)
        if (line.kind, line.action) == ("key", "begin_key"):
            try:
                self._begun.add((line.subject, str(json_of(line.details).get("public_key"))))
            except (ValueError, AttributeError):
                return  # told already: the line was changed

    def _check_keys(self) -> Iterator[Problem]:
        for key in self._keys.values():
            if (key.id, key.public_key) not in self._begun:
                yield f"key {key.id}: no act tells that it was taken into use"
        for name, _ in self._begun - {(key.id, key.public_key) for key in self._keys.values()}:
            yield f"key {name}: it is gone, or is another one now"
        try:
            signer = read_signer(self.issuer.key)
        except SigningKeyError:
            return  # a copy of the database can be checked without the private key
        known = self._keys.get(signer.id)
        if self._keys and known is None:
            yield f"key {signer.id}: it is in the file of the server and not among the public keys"

    def _check_seals(self) -> Iterator[Problem]:
        previous, number = FIRST, 0
        seals = self.session.scalars(
            select(Seal).order_by(Seal.number).execution_options(yield_per=AT_ONCE)
        )
        added = self._added()
        found: tuple[int, str] = next(added, (0, ""))
        for seal in seals:
            self._counts["seal"] += 1
            if seal.number != number + 1:
                yield f"seal {number + 1}: missing"
            elif seal.previous_hash != previous:
                yield f"seal {seal.number}: does not follow the seal before it"
            yield from self._check_seal(seal)
            while found[0] and found[0] < seal.number:
                yield f"seal {found[0]}: missing, heads that it sealed are there"
                found = next(added, (0, ""))
            if found != (seal.number, seal.added):
                yield f"seal {seal.number}: the heads kept with it are not those that it sealed"
            if found[0] == seal.number:
                found = next(added, (0, ""))
            previous, number = seal.hash, seal.number
        if found[0]:
            yield f"seal {found[0]}: missing, heads that it sealed are there"
        yield from self._check_last()

    def _check_seal(self, seal: Seal) -> Iterator[Problem]:
        facts = seal_facts(seal)
        key = self._keys.get(seal.key_id)
        if link(seal.previous_hash, facts) != seal.hash:
            yield f"seal {seal.number}: was changed after it was made"
        elif key is None or not is_signed(key.public_key, seal.signature, facts):
            yield f"seal {seal.number}: its signature is not that of key {seal.key_id}"
        elif not was_in_use(key, seal.at):
            yield f"seal {seal.number}: key {seal.key_id} was not in use when it was made"

    def _added(self) -> Iterator[tuple[int, str]]:
        """Yield each seal's number with the hash over the heads that are kept with it."""
        session = self.session
        rows = session.scalars(
            select(SealedHead)
            .order_by(
                SealedHead.seal,
                in_order(session, SealedHead.kind),
                in_order(session, SealedHead.subject),
                SealedHead.number,
            )
            .execution_options(yield_per=AT_ONCE)
        )
        for number, heads in groupby(rows, key=lambda head: head.seal):
            yield number, hash_of(_head(head) for head in heads)

    def _check_last(self) -> Iterator[Problem]:
        """Compare the last seal with the heads that were sealed up to it."""
        last = self.session.scalar(select(Seal).order_by(Seal.number.desc()).limit(1))
        if last is None:
            return
        trails = self._sealed(_latest(self.session).where(SealedHead.kind != SUBMISSION))
        submissions = self._sealed(_latest(self.session).where(SealedHead.kind == SUBMISSION))
        counted = Counter[str]()

        def every() -> Iterator[Head]:
            for heads in (trails, submissions):
                for head in heads:
                    counted["chains"] += 1
                    counted["lines"] += head.number
                    yield head

        is_same = hash_of(every()) == last.heads
        if not is_same or (counted["chains"], counted["lines"]) != (last.chains, last.lines):
            yield f"seal {last.number}: the chains that it sealed are not those that were sealed"

    def _sealed(self, query: AnySelect) -> Iterator[Head]:
        rows = self.session.scalars(query.execution_options(yield_per=AT_ONCE))
        return (_head(row) for row in rows)


def verify(session: Session, issuer: Issuer, files: FileStore) -> Audit:
    """Return a check to run: its problems are yielded as they are found."""
    return Audit(session, issuer, files)


def _latest(session: Session) -> AnySelect:
    """Select the last sealed head of each chain."""
    last = (
        select(SealedHead.kind, SealedHead.subject, func.max(SealedHead.number).label("number"))
        .group_by(SealedHead.kind, SealedHead.subject)
        .subquery()
    )
    return (
        select(SealedHead)
        .join(
            last,
            (SealedHead.kind == last.c.kind)
            & (SealedHead.subject == last.c.subject)
            & (SealedHead.number == last.c.number),
        )
        .order_by(in_order(session, SealedHead.kind), in_order(session, SealedHead.subject))
    )


def _head(row: SealedHead) -> Head:
    return Head(row.kind, row.subject, row.number, row.hash)
