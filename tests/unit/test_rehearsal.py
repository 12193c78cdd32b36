"""A rehearsal of any form could be signed, is alike in every process, and speaks of nobody."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from app.forms.accept import accept_document
from app.forms.catalogue import Catalogue
from app.forms.checks import blocking, check_form
from app.forms.definition import Check, Form, Question, QuestionType, Section, Severity
from app.forms.places import split
from app.forms.rehearsal import Rehearsal
from app.forms.rules import ALWAYS, parse_rule
from tests.random_forms import random_form

ROOT = Path(__file__).parents[2]
UNTIL = date(2018, 9, 30)
FOLDERS = ("forms", "tests/forms", "tests/web/forms", "tests/services/forms")


def forms() -> Iterator[Form]:
    for folder in FOLDERS:
        catalogue = Catalogue(ROOT / folder)
        for name in catalogue.names():
            yield catalogue.load(name.form, name.version)


def rehearsal(form: Form, language: str = "en") -> Rehearsal:
    return Rehearsal(form, language=language, until=UNTIL)


@pytest.mark.parametrize("form", list(forms()), ids=lambda form: form.name)
def test_each_form_of_ours_can_be_signed_as_rehearsed(form: Form) -> None:
    for seed in map(str, range(12)):
        document = rehearsal(form).document(seed)
        assert blocking(check_form(form, document)) == []
        assert accept_document(form, document) == (document, [])
        again = rehearsal(form).revised(document, seed)
        assert blocking(check_form(form, again)) == []


@pytest.mark.parametrize("seed", range(60))
def test_a_random_form_can_be_signed_as_rehearsed(seed: int) -> None:
    form, _possible = random_form(seed)
    document = rehearsal(form).document("any")
    assert blocking(check_form(form, document)) == []
    assert accept_document(form, document) == (document, [])


def test_random_forms_can_be_signed() -> None:
    for seed in range(60):
        form, document = random_form(seed)
        problems = blocking(check_form(form, document))
        assert {problem.code for problem in problems} <= {"explain"}


DIGEST = """
import sys
from tests.unit.test_rehearsal import digest
sys.stdout.write(digest())
"""


def digest() -> str:
    """Return a digest of some rehearsals: the same in every process."""
    made = [
        rehearsal(form, language).document("seed")
        for form in forms()
        for language in ("ar", "en", "zh")
    ]
    made += [rehearsal(random_form(seed)[0]).document("seed") for seed in range(12)]
    return hashlib.sha256(json.dumps(made).encode()).hexdigest()


def test_two_processes_rehearse_alike() -> None:
    made = subprocess.run(
        [sys.executable, "-c", DIGEST],
        cwd=ROOT,
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert made.stdout == digest()


def test_seeds_differ() -> None:
    form = next(forms())
    made = [rehearsal(form).document(str(seed)) for seed in range(8)]
    assert all(one != other for one, other in pairwise(made))


@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "ru", "zh"])
def test_texts_are_in_the_language_of_writing_and_marked(language: str) -> None:
    catalogue = Catalogue(ROOT / "forms")
    form = catalogue.load("aichi-progress", 1, language)
    made = rehearsal(form, language)
    texts = [
        answer[language]["text"]
        for part in split(form, made.document("seed"))
        for answer in part.answers.values()
        if isinstance(answer, dict) and language in answer
    ]
    mark = made.words.marked("").strip()
    title = {"ar": "افتراضي", "en": "synthetic", "es": "ficticio", "fr": "fictif"}
    title |= {"ru": "вымышленный", "zh": "虚构"}
    assert len(texts) > 20
    assert all(text.startswith(mark) or title[language] in text for text in texts)
    assert len({len(text) for text in texts}) > 5


def test_leanings_decide_what_is_likely() -> None:
    form = Catalogue(ROOT / "forms").load("aichi-progress", 1)
    leanings = {"targets_basis": [("national_targets", 1)], "national_targets": [("7", 1)]}
    made = Rehearsal(form, language="en", until=UNTIL, leanings=leanings)
    for seed in map(str, range(5)):
        assert len(made.document(seed)["national_targets"]) == 7


def test_a_draft_is_unfinished_and_keeps_what_was_not_understood() -> None:
    form = Catalogue(ROOT / "forms").load("aichi-progress", 1)
    made = rehearsal(form)
    whole = made.document("seed")
    begun = made.unfinished(whole, "seed", percent=60)
    assert len(split(form, begun)) < len(split(form, whole))
    codes = {problem.code for problem in blocking(check_form(form, begun))}
    assert {"not_a_date", "required"} & codes


def test_a_form_that_nobody_can_sign_ends_in_bounded_time() -> None:
    never = Check(
        id="never", rule=parse_rule("false"), severity=Severity.PROBLEM, message="Impossible."
    )
    question = Question(
        id="area", type=QuestionType.INTEGER, label="Area", required=ALWAYS, checks=(never,)
    )
    section = Section(id="only", title="Only", elements=(question,))
    form = replace(next(forms()), sections=(section,))
    left = blocking(check_form(form, rehearsal(form).document("x")))
    assert [problem.check for problem in left] == ["never"]
