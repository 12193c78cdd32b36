"""Partner institutions that the Secretariat lets read what is signed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.forms.definition import Form
from app.models.account import Account, Role
from app.services.partners import grants_of
from tests import make
from tests.page import Browse

SignIn = Callable[[Account], None]

TOMORROW = (datetime.now(UTC).date() + timedelta(days=1)).isoformat()
ANSWERS = {
    "has_forest": "yes",
    "story": {"en": {"text": "Baobab"}},
    "keeper": "Gazelle",  # for the Secretariat
    "diary": {"en": {"text": "Wildebeest"}},  # for the Party
}


@pytest.fixture
def administrator(session: Session) -> Account:
    return make.make_account(session, Role.ADMINISTRATOR)


@pytest.fixture
def partner(session: Session) -> Account:
    return make.make_account(session, Role.PARTNER, name="Institute of Forests")


def typed(partner: Account, **change: object) -> dict[str, object]:
    fields: dict[str, object] = {"email": partner.email, "name": "Institute of Forests"}
    return fields | {"ends_on": TOMORROW} | change


def text_of(workbook: bytes) -> str:
    """Return all that stands in a workbook."""
    with ZipFile(BytesIO(workbook)) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist())


@pytest.mark.parametrize("sees_secretariat", [False, True])
def test_the_secretariat_opens_what_is_signed(
    browse: Browse,
    client: FlaskClient,
    session: Session,
    tiny: Form,
    sign_in: SignIn,
    administrator: Account,
    partner: Account,
    *,
    sees_secretariat: bool,
) -> None:
    submission = make.make_submission(session, form=tiny)
    make.make_revision(session, submission, ANSWERS)
    make.make_submission(session, "JOR", draft=ANSWERS, form=tiny)
    sign_in(administrator)
    ticked = {"secretariat": "1"} if sees_secretariat else {}
    fields = typed(partner, collection="nr6", **ticked)
    assert (
        "Choose a collection."
        in browse("/admin/partners/invite", 422, data=typed(partner, collection="none")).words
    )
    listed = browse("/admin/partners/invite", data=fields)
    assert "Institute of Forests" in listed.words
    sign_in(partner)
    page = browse(browse("/").links()["What Parties have signed"])
    assert "Jordan" not in page.words, "it has signed nothing"
    read = browse(page.links()["Kenya"])
    assert "Baobab" in read.words
    assert ("Gazelle" in read.words) == sees_secretariat
    assert "Wildebeest" not in read.words
    (grant,) = grants_of(session, partner)
    assert browse(f"/invited/{grant.id}").h1 == page.h1, "where the mail leads"
    told = text_of(client.get(f"/invited/{grant.id}/answers.xlsx").data)
    assert ("Gazelle" in told) == sees_secretariat
    assert "Baobab" in told
    assert "Wildebeest" not in told
    assert "JOR" not in told
    browse(f"/invited/{grant.id}/parties/JOR", 404)
    browse(f"/invited/{grant.id}/parties/XXX", 404)
    browse(f"/invited/{grant.id}/comments/1", 404)
    public = browse(f"/submissions/{submission.id}/revisions/1")
    assert "Gazelle" not in public.words
    sign_in(administrator)
    browse(f"/admin/partners/{grant.id}/end", data={})
    sign_in(partner)
    browse(f"/invited/{grant.id}", 410)
    browse(f"/invited/{grant.id}/parties/KEN", 410)
    browse(f"/invited/{grant.id}/answers.xlsx", 410)


def test_only_administrators_open_what_is_signed(
    browse: Browse, session: Session, sign_in: SignIn, partner: Account
) -> None:
    for role in Role:
        if role is not Role.ADMINISTRATOR:
            sign_in(make.make_account(session, role))
            browse("/admin/partners/", 403)
            browse("/admin/partners/invite", 403)
            browse("/admin/partners/invite", 403, data=typed(partner, collection="nr6"))
