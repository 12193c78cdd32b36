"""What a page of a draft gets to follow its own rules: the modules, and the rules as JSON."""

import gzip
import re

from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.submission import Submission
from app.web.assets import modules_of
from tests import make
from tests.page import Browse
from tests.web.conftest import SignIn

MOST_SCRIPT = 12 * 1000  # bytes over the wire, of all modules that follow the rules together
MOST_SAVING = 18 * 1000  # and of those that save besides


def rules_of(submission: Submission, place: str) -> str:
    return f"/submissions/{submission.id}/draft/{place}/rules.json"


def test_a_page_gets_the_rules_of_its_own_questions(client: FlaskClient, kenya: Submission) -> None:
    rules = client.get(rules_of(kenya, "forest")).get_json()
    by_id = {element["id"]: element for element in rules["elements"]}
    asked = {"f": "==", "a": [{"v": "has_forest", "t": "code"}, {"s": "yes"}]}
    assert by_id["trees"]["relevant"] == asked
    assert rules["asks"][:3] == ["read_me", "has_forest", "trees"]
    assert rules["words"]["sentences"]["required"] == "Answer this question."
    assert by_id["trees"]["checks"][0]["text"] == "That is very many trees."
    assert len(rules["months"]) > 12


def test_a_page_gets_no_answers_that_its_rules_do_not_look_at(
    client: FlaskClient, kenya: Submission
) -> None:
    secret = "nobody looks at this"
    client.post(f"/submissions/{kenya.id}/draft/forest", data={"story": secret, "then": "stay"})
    assert secret in client.get(rules_of(kenya, "forest")).text
    assert secret not in client.get(rules_of(kenya, "animals")).text


def test_rules_are_for_those_who_draft_alone(
    session: Session, client: FlaskClient, kenya: Submission, sign_in: SignIn
) -> None:
    sign_in(make.make_account(session, party="NOR"))
    assert client.get(rules_of(kenya, "forest")).status_code == 403
    with client.session_transaction() as cookie:
        cookie.clear()
    assert client.get(rules_of(kenya, "forest")).status_code in (302, 303, 401)


def test_rules_of_a_place_that_is_not_there(client: FlaskClient, kenya: Submission) -> None:
    assert client.get(rules_of(kenya, "desert")).status_code == 404
    assert client.get(rules_of(kenya, "animals/nothing/new")).status_code == 404


def test_what_a_browser_has_shown_keeps_nobody_on_the_page(
    client: FlaskClient, kenya: Submission
) -> None:
    address = f"/submissions/{kenya.id}/draft/forest"
    shown = {"has_forest": "yes", ".shown": "trees", "trees": "12"}
    answer = client.post(address, data=shown)
    assert (answer.status_code, answer.location) == (303, f"/submissions/{kenya.id}/draft/animals")


def test_modules_are_small_and_kept_for_ever(
    app: Flask, client: FlaskClient, browse: Browse, kenya: Submission
) -> None:
    page = browse(f"/submissions/{kenya.id}/draft/forest")
    scripts = [e.get("src", "") for e in page.all("script")]
    preloaded = [e.get("href", "") for e in page.all("link", rel="modulepreload")]
    names = [script.rpartition("/")[2].partition(".")[0] for script in scripts]
    assert names == ["entry", "saving"]
    seen: set[str] = set()
    size: dict[str, int] = {}
    for address in [*scripts, *preloaded]:
        answer = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert "immutable" in answer.headers["Cache-Control"], address
        size[address] = len(answer.data)
        is_small = "Content-Encoding" not in answer.headers  # under 1 kB, as it is
        source = (answer.data if is_small else gzip.decompress(answer.data)).decode()
        assert not re.search(r"^ *//", source, re.MULTILINE)
        seen |= {f"/static/js/{name}" for name in re.findall(r'from "\./([^"]+)"', source)}
    assert seen == set(preloaded)
    with app.test_request_context():
        follow = {url_for("static", filename=name) for name in modules_of("js/entry.js")}
    rules = sum(size[address] for address in {scripts[0], *follow})
    assert rules < MOST_SCRIPT
    assert sum(size.values()) - rules < MOST_SAVING
