"""Plausible answers to the Aichi progress form, made from nothing but the code of a Party.

The same Party always answers alike: draws come from a hash, not from chance. Every text says that
it is a synthetic example, in the language in which the Party is thought to write.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final, TypeVar

from app.forms.places import Answers, Document
from app.reference.files import rows
from app.reference.files import text as text_of
from app.reference.lists import choices

Option = TypeVar("Option")

BASES: Final = (
    ("national_targets", 62),
    ("aichi_targets", 22),
    ("aichi_targets_instead", 16),
)
_PROGRESS: Final = (
    ("exceed", 5),
    ("on_track", 31),
    ("insufficient_rate", 42),
    ("no_change", 10),
    ("moving_away", 4),
    ("unknown", 8),
)
_CONFIDENCE: Final = (
    ("comprehensive_indicators", 24),
    ("partial_indicators", 48),
    ("expert_opinion", 28),
)
_ADEQUACY: Final = (("adequate", 30), ("partial", 48), ("no_system", 16), ("not_needed", 6))
_LEVELS: Final = (("national", 86), ("sub_national", 10), ("regional", 4))
_FIRST_DAY: Final = date(2014, 1, 15)  # of the earliest assessment
_LAST_DAY: Final = date(2018, 9, 30)  # of the latest


class Draws:
    """Draws that look random and depend on *seed* alone."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._drawn = 0

    def below(self, end: int) -> int:
        """Return a whole number from 0 to *end* - 1."""
        self._drawn += 1
        digest = hashlib.sha256(f"{self._seed}:{self._drawn}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % end

    def chance(self, percent: int) -> bool:
        """Tell whether something happens that happens in *percent* of all cases."""
        return self.below(100) < percent

    def weighted(self, options: Sequence[tuple[str, int]]) -> str:
        """Return one of the options, each as often as its weight says."""
        drawn = self.below(sum(weight for _, weight in options))
        for option, weight in options:
            if drawn < weight:
                return option
            drawn -= weight
        raise ValueError("no options")

    def some(self, options: Sequence[Option], count: int) -> list[Option]:
        """Return *count* of the options, each at most once, in their order."""
        left = list(range(len(options)))
        taken = [left.pop(self.below(len(left))) for _ in range(count)]
        return [options[index] for index in sorted(taken)]


def language_of(party: str) -> str:
    """Return the language in which a Party is thought to write; English where we do not know."""
    found = (row["language"] for row in rows("demo_languages") if party in row["parties"].split())
    return next(found, "en")


def answers_of(party: str) -> Document:
    """Return the whole document of a Party, such as it could be signed."""
    return _Writer(party).document()


def spoil(party: str, document: Document) -> None:
    """Make *document* an unfinished draft: a date that is none, and required answers missing."""
    language = language_of(party)
    typed = {"typed": words("someday", language), "locale": language, "problem": "not_a_date"}
    for row in _first_assessments(document):
        row["assessed_on"] = typed
        row.pop("confidence", None)
        return


def later(party: str, document: Document) -> None:
    """Change *document* as a revision would: one assessment is judged anew."""
    for row in _first_assessments(document):
        row["progress"] = "on_track" if row["progress"] != "on_track" else "insufficient_rate"
        row["evidence"] = said("evidence_2", language_of(party))
        return


def words(key: str, language: str) -> str:
    """Return a text of the demonstration."""
    return text_of(key, language, "demo_texts")


def said(key: str, language: str) -> Answers:
    """Return a text answer in one language, marked as a synthetic example."""
    return {language: {"text": words("mark", language).format(text=words(key, language))}}


def _first_assessments(document: Document) -> list[Answers]:
    """Return the answers of the first assessment, in a list; an empty one when there is none."""
    own = [row["answers"] for row in document.get("national_targets", [])]
    found = [row for target in own for row in target.get("national_assessments", [])]
    for item in document.get("aichi_targets", {}).values():
        found.extend(item["aichi_target_assessments"])
    return [row["answers"] for row in found[:1]]


class _Writer:
    """Writes the answers of one Party."""

    def __init__(self, party: str) -> None:
        self.draws = Draws(party)
        self.language = language_of(party)
        self.targets = choices("aichi_targets", self.language)
        self.codes = [target.code for target in self.targets]

    def document(self) -> Document:
        basis = self.draws.weighted(BASES)
        document: Document = {"targets_basis": basis}
        if basis == "aichi_targets_instead":
            document["not_national_reason"] = self.said("not_national")
        if basis == "national_targets":
            document["national_targets"] = self.national_targets()
        else:
            document["aichi_targets"] = self.aichi_targets()
        return document

    def said(self, key: str) -> Answers:
        return said(key, self.language)

    def national_targets(self) -> list[Answers]:
        """Return 6 to 17 targets, each mainly about one Aichi Target."""
        themes = self.draws.some(self.codes, 6 + self.draws.below(12))
        found = []
        for number, theme in enumerate(themes, start=1):
            row = f"t{number:02}"
            answers = self.adopted(theme) if self.draws.chance(12) else self.own(number, theme)
            if self.draws.chance(15):
                answers["further_information"] = self.said("further")
            if self.draws.chance(10):
                answers["target_notes"] = self.said("note")
            if self.draws.chance(92):
                answers["national_assessments"] = self.assessments(row, "national")
            found.append({"row": row, "answers": answers})
        return found

    def adopted(self, theme: str) -> Answers:
        answers: Answers = {"is_aichi_target": "yes", "adopted_target": theme}
        if self.draws.chance(20):
            answers["adopted_components"] = self.said("components")
        return answers

    def own(self, number: int, theme: str) -> Answers:
        level = self.draws.weighted(_LEVELS)
        answers: Answers = {
            "is_aichi_target": "no",
            "title": self.title(number, theme),
            "rationale": self.said(f"rationale_{1 + self.draws.below(2)}"),
            "level": level,
        }
        if level != "national":
            answers["area"] = self.said(f"area_{1 + self.draws.below(2)}")
        return answers | self.mapping(theme)

    def title(self, number: int, theme: str) -> Answers:
        """Return the title in the Party's language, now and then in English too."""
        languages = {self.language, "en"} if self.draws.chance(15) else {self.language}
        named = {row["code"]: row for row in rows("target_names")}[theme]
        return {
            language: {"text": words("title", language).format(number=number, name=named[language])}
            for language in sorted(languages)
        }

    def mapping(self, theme: str) -> Answers:
        """Relate a target to Aichi Targets: mostly one or two, sometimes none at all."""
        if self.draws.chance(3):
            reason = self.said("unrelated")
            return {"no_related_target": "yes", "no_related_target_reason": reason}
        main = {theme, *self.draws.some(self.codes, 1)} if self.draws.chance(30) else {theme}
        rest = [code for code in self.codes if code not in main]
        other = {theme} if self.draws.chance(2) else set(self.draws.some(rest, self.draws.below(4)))
        answers: Answers = {"main_targets": [code for code in self.codes if code in main]}
        if other:
            answers["other_targets"] = [code for code in self.codes if code in other]
        if main & other:
            answers["main_and_other_differ.explanation"] = self.said("overlap")
        return answers

    def aichi_targets(self) -> Answers:
        """Return assessments of most of the twenty targets."""
        found: Answers = {}
        for code in self.codes:
            if self.draws.chance(93):
                found[code] = {"aichi_target_assessments": self.assessments(code, "aichi")}
        return found

    def assessments(self, key: str, kind: str) -> list[Answers]:
        """Return one to three dated assessments of one target, the earliest first."""
        count = 1 + self.draws.chance(22) + self.draws.chance(6)
        span = (_LAST_DAY - _FIRST_DAY).days
        days = sorted({self.draws.below(span) for _ in range(count)})
        days[-1] = max(days[-1], span - 1 - self.draws.below(400))  # the last one is recent
        return [
            {
                "row": f"{key}-a{number}",
                "answers": self.assessment(_FIRST_DAY + timedelta(day), f"{key}-a{number}", kind),
            }
            for number, day in enumerate(days, start=1)
        ]

    def assessment(self, day: date, row: str, kind: str) -> Answers:
        progress = self.draws.weighted(_PROGRESS)
        confidence = "expert_opinion"
        if progress != "unknown":
            confidence = self.draws.weighted(_CONFIDENCE)
        answers: Answers = {
            "progress": progress,
            "assessed_on": day.isoformat(),
            "evidence": self.said("evidence_3" if progress == "unknown" else self.evidence()),
            "indicators_used": "no" if confidence == "expert_opinion" else "yes",
            "confidence": confidence,
            "confidence_reason": self.said(f"reason_{confidence}"),
        }
        if confidence != "expert_opinion":
            answers["indicators"] = self.said("indicators")
        return answers | self.monitoring() | self.extras(row, kind)

    def evidence(self) -> str:
        return f"evidence_{1 + self.draws.below(2)}"

    def monitoring(self) -> Answers:
        if self.draws.chance(25):
            return {}
        adequacy = self.draws.weighted(_ADEQUACY)
        if adequacy in {"adequate", "partial"}:
            return {"adequacy": adequacy, "adequacy_description": self.said("monitoring")}
        return {"adequacy": adequacy}

    def extras(self, row: str, kind: str) -> Answers:
        """Return what few give: other tools, private notes, a link."""
        answers: dict[str, Any] = {}
        if self.draws.chance(30):
            answers["other_tools"] = self.said("tools")
        if self.draws.chance(8):
            answers["assessment_notes"] = self.said("note")
        if self.draws.chance(15):
            link = {
                "address": f"https://example.org/monitoring/{row}",
                "link_title": self.said("link"),
            }
            answers[f"{kind}_assessment_links"] = [{"row": f"{row}-l1", "answers": link}]
        return answers
