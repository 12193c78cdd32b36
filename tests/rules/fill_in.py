"""Open and save a section in a process of its own, then tell whether pandas was imported.

python -m tests.rules.fill_in DATABASE_URL
"""

import sys

from sqlalchemy.orm import Session

from app import create_app
from app.config import Config
from app.extensions import db
from app.services.sessions import open_session
from tests.make import make_account, make_submission


def main(database: str) -> None:
    """Print `pandas` if it was imported on the way."""
    app = create_app(Config(SECRET_KEY="k" * 32, SQLALCHEMY_DATABASE_URI=database, TESTING=True))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), Session(db.engine) as session:
        address = f"/submissions/{make_submission(session).id}"
        _row, secret = open_session(session, make_account(session), device="one", user_agent="")
        session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = secret
    for path in ("/", address, f"{address}/draft/basis", f"{address}/check"):
        assert client.get(path).status_code == 200, path
    typed = {"targets_basis": "aichi_targets", "then": "continue"}
    saved = client.post(f"{address}/draft/basis", data=typed)
    assert saved.status_code == 303, saved.status
    print(*(name for name in ("pandas",) if name in sys.modules))  # noqa: T201 - its answer


if __name__ == "__main__":
    main(sys.argv[1])
