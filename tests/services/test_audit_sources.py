"""The audit finds what was changed in the documents that a Party sent."""

import pytest

from app.services.sources import remove
from tests.services.conftest import Office


def test_documents_that_are_as_they_came_have_no_problem(office: Office) -> None:
    office.attach()
    remove(office.session, office.attach(b"%PDF-1.7 of somebody else"), office.person)
    office.seal()
    assert office.problems() == []


SOURCES: dict[str, tuple[str, str]] = {
    "another file": (
        "UPDATE source_file SET sha256 = :other WHERE submission_id = :id",
        "document 1: changed since event",
    ),
    "its type": (
        "UPDATE source_file SET media_type = 'text/html' WHERE submission_id = :id",
        "document 1: changed since event",
    ),
    "gone": ("DELETE FROM source_file WHERE submission_id = :id", "document 1: missing; event"),
    "hidden": (
        "UPDATE source_file SET removed_at = at WHERE submission_id = :id",
        "document 1: its mark as removed was changed",
    ),
    "put in": (
        "UPDATE source_file SET number = 7 WHERE submission_id = :id",
        "document 7: no event tells that it was attached",
    ),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_a_document_changed_behind_our_back_is_named(office: Office, kind: str) -> None:
    office.attach()
    office.seal()
    sql, told = SOURCES[kind]
    office.change(sql, **({"other": "0" * 64} if ":other" in sql else {}))
    assert any(told in problem for problem in office.problems())


def test_a_file_changed_or_missing_is_named(office: Office) -> None:
    path = office.files.path(office.attach().sha256)
    path.write_bytes(b"%PDF-1.7 another page")
    assert [p.rpartition(": ")[2] for p in office.problems()] == ["its file was changed"]
    path.unlink()
    assert [p.rpartition(": ")[2] for p in office.problems()] == ["its file is missing"]
