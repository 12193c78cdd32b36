"""A page of a draft is the same from what is read for it as from the whole draft."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session

from app.extensions import db
from app.forms.definition import Form, Question
from app.forms.places import Document, Place, elements_at, split, walk_places
from app.forms.rehearsal import Rehearsal
from app.models.submission import Draft, DraftPart, Submission
from app.services.draft_reading import DraftReader
from app.web.draft_lists import AT_ONCE, spans_of
from app.web.draft_pages import DraftPage, draft_page, is_there, next_section
from tests.make import make_collection, make_revision
from tests.random_forms import random_form
from tests.unit.forms_for_tests import ACTION_REPEAT
from tests.unit.forms_for_tests import FORM as TINY

TITLED = replace(ACTION_REPEAT, row_title="title", checks=(), most=1000)
WORK = replace(TINY.sections[2], elements=(TITLED,))
FORM = replace(TINY, sections=(*TINY.sections[:2], WORK))


@pytest.fixture
def drafted(session: Session) -> str:
    collection = make_collection(session, "nr6")
    found = session.scalars(
        select(Submission.id).where(Submission.collection_code == collection.code)
    ).first()
    assert found is not None
    session.add(Draft(submission_id=found))
    session.flush()
    return found


def keep(session: Session, submission_id: str, form: Form, document: Document) -> None:
    session.execute(delete(DraftPart))
    for part in reversed(split(form, document)):
        row = DraftPart(path=str(part.place), position=part.position, answers=part.answers)
        row.submission_id = submission_id
        session.add(row)
    session.flush()


def page(form: Form, document: Document, place: Place) -> DraftPage:
    return draft_page(form, document, place, language="en", tell_missing=True)


@pytest.mark.parametrize("seed", range(40))
def test_every_page_of_a_random_form(app: Flask, session: Session, drafted: str, seed: int) -> None:
    form, answered = random_form(seed)
    rehearsed = Rehearsal(form, language="en", until=date(2018, 9, 30)).document("seed")
    with app.test_request_context():
        for document in (answered, rehearsed):
            keep(session, drafted, form, document)
            for place in walk_places(form, document):
                reader = DraftReader(session, drafted, form)
                part = reader.document(place)
                assert page(form, part, place) == page(form, document, place)
                assert is_there(form, part, place)


def many(form: Form, rows: int) -> Document:
    made = Rehearsal(form, language="en", until=date(2018, 9, 30)).document("seed")
    row = {"title": {"en": {"text": "Wetland"}}, "share": "1"}
    made["has_plan"] = "yes"
    made["actions"] = [
        {"row": f"r{n}", "answers": row | {"title": {"en": {"text": f"Wetland {n}"}}}}
        for n in range(rows)
    ]
    return made


def shown(session: Session, drafted: str, wanted: Mapping[str, str]) -> list[str]:
    place = Place("work")
    reader = DraftReader(session, drafted, FORM)
    spans = spans_of(reader, place, wanted)
    document = reader.document(place, {key: span.keys for key, span in spans.items()})
    made = draft_page(FORM, document, place, language="en", tell_missing=True, spans=spans)
    (listed,) = made.blocks
    return [entry.title.text for entry in listed.entries]  # type: ignore[union-attr]


def test_a_long_list_is_shown_in_parts(app: Flask, session: Session, drafted: str) -> None:
    keep(session, drafted, FORM, many(FORM, 60))
    with app.test_request_context():
        assert shown(session, drafted, {}) == [f"Wetland {n}" for n in range(AT_ONCE)]
        assert shown(session, drafted, {"page.actions": "3"}) == [
            f"Wetland {n}" for n in range(2 * AT_ONCE, 60)
        ]
        assert shown(session, drafted, {"page.actions": "99"})[-1] == "Wetland 59"
        assert shown(session, drafted, {"page.actions": "none"})[0] == "Wetland 0"
        assert shown(session, drafted, {"find.actions": "land 17"}) == ["Wetland 17"]
        assert shown(session, drafted, {"find.actions": "4"})[:2] == ["Wetland 3", "Wetland 4"]
        assert shown(session, drafted, {"find.actions": "nothing"}) == []


def test_a_row_is_read_without_its_neighbours(session: Session, drafted: str) -> None:
    keep(session, drafted, FORM, many(FORM, 300))
    read: list[str] = []
    place = Place("work", (("actions", "r150"),))
    assert any(isinstance(element, Question) for element in elements_at(FORM, place))
    session.expunge_all()

    def note(*given: object) -> None:
        read.append(str(given[2]))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    document = DraftReader(session, drafted, FORM).document(place)
    event.remove(engine, "before_cursor_execute", note)
    assert len(read) <= 3
    rows = document["actions"]
    assert [row["row"] for row in rows] == [f"r{n}" for n in range(300)]
    assert rows[150]["answers"]["title"] == {"en": {"text": "Wetland 150"}}


def test_what_decides_on_sections_is_read(session: Session, drafted: str) -> None:
    for seed in range(40):
        form, document = random_form(seed)
        keep(session, drafted, form, document)
        part = DraftReader(session, drafted, form).for_sections()
        for section in form.sections:
            place = Place(section.id)
            assert next_section(form, part, place) == next_section(form, document, place)


def test_a_page_of_a_draft_reads_no_signed_answers(
    app: Flask, client: FlaskClient, session: Session, kenya: Submission
) -> None:
    make_revision(session, kenya, {"has_forest": "yes"})
    session.add(Draft(submission_id=kenya.id))
    session.commit()
    read: list[str] = []

    def note(*given: object) -> None:
        read.append(str(given[2]))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    answer = client.get(f"/submissions/{kenya.id}/draft/animals")
    event.remove(engine, "before_cursor_execute", note)
    assert answer.status_code == 200
    assert not [statement for statement in read if "revision.content" in statement]
