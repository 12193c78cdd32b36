"""A matrix while somebody types: each of its inputs and boxes says what is wrong with its row.

The demonstration has no matrix: the pages come from the application in this process.
"""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy.orm import Session

from app.models.account import Account
from tests.web.test_demo_forms import draft_of

HERE = "http://canopy.test"


def open_by(browser: Browser, client: FlaskClient, address: str) -> Page:
    """Open an address of the application that *client* is signed in to."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HERE)
        response = client.get(path, headers={"Accept-Language": "en"})
        headers = {name: value for name, value in response.headers if name != "Set-Cookie"}
        route.fulfill(status=response.status_code, headers=headers, body=response.data)

    page = browser.new_page()
    page.route(f"{HERE}/**", answer)
    page.goto(f"{HERE}{address}")
    expect(page.locator("form[data-is-followed]")).to_have_count(1)
    return page


def test_a_problem_of_a_row_is_tied_to_its_input_and_to_its_boxes(
    app: Flask,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    sign_in: Callable[[Account], None],
    client: FlaskClient,
    browser: Browser,
) -> None:
    form, submission = draft_of(app, session, monkeypatch, sign_in, "matrix")
    address = f"/submissions/{submission.id}/draft/{form.sections[0].id}"
    page = open_by(browser, client, address)
    row = page.locator("tr", has=page.locator("input[name='spent.water']"))
    typed = row.locator("input[name='spent.water']")
    boxes = row.locator("input[name='spent.water.nothing']")
    typed.fill("much")
    typed.blur()
    problem = row.locator(".field-error")
    expect(problem).to_have_count(1)
    told = problem.get_attribute("id") or "nothing"
    expect(boxes).not_to_have_count(0)
    for each in (typed, *boxes.all()):
        assert told in (each.get_attribute("aria-describedby") or "").split()
    typed.fill("12")
    typed.blur()
    expect(problem).to_have_count(0)
    for each in (typed, *boxes.all()):
        assert told not in (each.get_attribute("aria-describedby") or "").split()
    page.close()
