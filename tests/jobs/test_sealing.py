"""The worker seals what is new, once a minute."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.audit import Seal, SealedHead
from tests import make
from tests.conftest import Runner


def test_the_worker_seals_what_is_new(runner: Runner, session: Session) -> None:
    make.make_collection(session)
    assert runner.invoke(args=["jobs", "work", "--once"]).exit_code == 0
    session.expire_all()
    seal = session.scalars(select(Seal)).one()
    sealed = session.scalars(select(SealedHead).where(SealedHead.kind == "collection")).all()
    assert [(head.subject, head.seal) for head in sealed] == [("nr6", seal.number)]
    done = runner.invoke(args=["audit", "verify"])
    assert (done.exit_code, "no problems" in done.output) == (0, True), done.output
