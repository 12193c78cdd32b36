"""What a file says of a calculated question counts for nothing, and is told."""

from sqlalchemy.orm import Session

from app.config import ROOT
from app.files.layout import MAIN
from app.files.record import Table
from app.forms.catalogue import Catalogue
from app.models.account import Role
from app.services.accounts import add_account
from app.services.imports import Options, import_answers
from app.services.submissions import draft_document, signed_document
from tests import make

FORM = Catalogue(ROOT / "tests" / "forms").load("calculated", 1)


def table(**cells: str) -> dict[str, Table]:
    return {MAIN: Table("a.csv", tuple(cells), [(2, tuple(cells.values()))])}


def test_it_is_computed_again_and_a_difference_is_a_note(session: Session) -> None:
    collection = make.make_collection(session, form=FORM, also=("KEN",))
    submission = make.make_submission(session, collection=collection)
    admin = add_account(session, "admin@example.org", Role.ADMINISTRATOR)
    cells = {"party": "KEN", "forest": "1.5", "wetland": "2", "total": "3.5", "size": "large"}
    session.flush()
    report = import_answers(session, collection, FORM, table(**cells), admin)
    assert report.problems == []
    assert [(note.column, note.code) for note in report.notes] == [("size", "calculated")]
    assert report.notes[0].details == {"value": "large", "computed": "small"}
    assert draft_document(FORM, submission) == {"forest": "1.5", "wetland": "2"}

    session.flush()
    session.expire_all()
    signed = table(**{**cells, "status": "submitted"})
    import_answers(session, collection, FORM, signed, admin, Options(update=True))
    document = signed_document(submission.revisions[0])
    assert document == {"forest": "1.5", "wetland": "2", "total": "3.5", "size": "small"}
