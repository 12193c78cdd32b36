"""The OpenAPI document is valid, complete, and says what the application does."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import validate

from tests.api.conftest import Caller
from tests.page import Browse

Json = dict[str, Any]


@pytest.fixture
def document(call: Caller) -> Json:
    answer = call("/openapi.json")
    assert answer.content_type == "application/json"
    found: Json = answer.get_json()
    return found


def operations(document: Json) -> Iterator[tuple[str, Json, list[Json]]]:
    for path, item in document["paths"].items():
        for method in ("get", "put", "post", "delete"):
            if method in item:
                operation = item[method]
                parameters = [*item.get("parameters", []), *operation.get("parameters", [])]
                yield f"{method} {path}", operation, parameters


def test_it_is_valid(document: Json) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_it_has_every_operation_of_the_application(app: Flask, document: Json) -> None:
    served = {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint.startswith("api_") and not rule.endpoint.startswith("api_docs.")
    }
    told = {tuple(name.split(" ")) for name, _, _ in operations(document)}
    assert served == told


def test_every_operation_says_what_it_does_and_what_may_go_wrong(document: Json) -> None:
    names = [operation["operationId"] for _, operation, _ in operations(document)]
    assert len(names) == len(set(names))
    for name, operation, parameters in operations(document):
        assert operation["summary"].endswith("."), name
        assert operation["responses"].keys() >= {"200", "401", "422", "429", "500"}, name
        for parameter in parameters:
            assert parameter.get("description"), (name, parameter["name"])
        if "{" in name:
            assert "404" in operation["responses"], name
        if not name.startswith("get"):
            assert operation["responses"].keys() >= {"400", "403", "413", "415"}, name


def test_errors_are_problems(document: Json) -> None:
    for name, response in document["components"]["responses"].items():
        assert list(response["content"]) == ["application/problem+json"], name


def test_every_member_is_described(document: Json) -> None:
    silent = [
        f"{name}.{member}"
        for name, schema in document["components"]["schemas"].items()
        for member, told in schema["properties"].items()
        if not told.get("description")
    ]
    assert silent == []


def test_a_token_is_the_one_way_in(document: Json) -> None:
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert document["security"] == [{}, {"token": []}]
    for name, operation, _ in operations(document):
        needed = operation.get("security", document["security"]) == [{"token": []}]
        assert needed == (not name.startswith("get")), name


def test_people_can_read_it_too(browse: Browse, document: Json) -> None:
    page = browse("/api/v1/")
    for path in document["paths"]:
        assert path in page.text
    assert 'id="error-not_found"' in page.text
