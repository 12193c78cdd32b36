"""The JSON Schema of form files: every form keeps it, and it refuses what the loader refuses."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # ships no types
from jsonschema.exceptions import best_match  # type: ignore[import-untyped] # the same

from app.config import ROOT
from app.forms import load_elements
from app.forms.definition import LANGUAGES
from app.forms.load import read_form
from app.forms.schema import FILES, FORM, schema_of
from app.forms.strict_yaml import load_yaml
from tests.unit.form_files import write_form, write_list

FOLDERS = (ROOT / "forms", ROOT / "tests" / "forms", ROOT / "tests" / "web" / "forms")


def kind_of(path: Path) -> str:
    """Tell which kind of file `form.yaml`, `fr.yaml`, `yes_no.yaml` or `yes_no.fr.yaml` is."""
    if path.name == "form.yaml":
        return "form"
    if set(path.name.split(".")) & {*LANGUAGES}:
        return "wording"
    return "list" if path.parent.name == "lists" else "choices"


def files() -> Iterator[tuple[Path, str]]:
    for folder in FOLDERS:
        for path in sorted(folder.rglob("*.yaml")):
            yield path, kind_of(path)


def told(data: object, kind: str = FORM) -> str:
    """Return what the schema says against *data*; "" if nothing."""
    found = best_match(Draft202012Validator(schema_of(kind)).iter_errors(data))
    return f"{found.json_path}: {found.message}" if found else ""


@pytest.mark.parametrize("kind", FILES)
def test_the_schema_is_one_and_is_the_file_that_editors_read(kind: str) -> None:
    Draft202012Validator.check_schema(schema_of(kind))
    kept = json.loads((ROOT / "forms" / FILES[kind]).read_text(encoding="utf-8"))
    told = f"run `flask forms schema {kind} > forms/{FILES[kind]}`"
    assert kept == schema_of(kind), told


@pytest.mark.parametrize(
    ("path", "kind"), [pytest.param(*f, id=str(f[0].relative_to(ROOT))) for f in files()]
)
def test_every_form_list_and_translation_keeps_it(path: Path, kind: str) -> None:
    assert told(load_yaml(path), kind) == ""


def test_it_knows_every_type_and_key_that_the_loader_knows() -> None:
    defs, loader = schema_of(FORM)["$defs"], vars(load_elements)
    assert set(defs["element"]["else"]["properties"]["type"]["enum"]) == set(loader["_TYPES"])
    for kind, keys in loader["_KEYS_BY_TYPE"].items():
        assert set(defs[kind]["properties"]) == set(keys), kind
    assert set(defs["loop"]["properties"]) == set(loader["_LOOP_KEYS"])
    assert set(defs["repeat"]["properties"]) == set(loader["_REPEAT_KEYS"])
    assert set(defs["check"]["properties"]) == set(loader["_CHECK_KEYS"])


@pytest.mark.parametrize(
    "elements",
    [
        "- {type: text, label: A}",
        "- {id: planYear, type: text, label: A}",
        "- {id: a.b, type: text, label: A}",
        "- {id: count, type: text, label: A}",
        "- {id: status, type: text, label: A}",
        "- {id: a, type: txt, label: A}",
        "- {id: a, label: A}",
        "- {id: a, type: text}",
        "- {id: a, type: text, label: ' '}",
        "- {id: a, type: text, label: true}",
        "- {id: a, type: text, label: A, labels: B}",
        "- {id: a, type: text, label: A, unit: km2}",
        "- {id: a, type: text, label: A, long: yes}",
        "- {id: a, type: text, label: A, language: fr}",
        "- {id: a, type: text, label: A, allow: [na]}",
        "- {id: a, type: text, label: A, audience: all}",
        "- {id: a, type: text, label: A, relevant: 5}",
        "- {id: a, type: text, label: A, relevant: 'a\\b'}",
        "- {id: a, type: text, label: A, checks: [{id: b, message: B}]}",
        "- {id: a, type: text, label: A, checks: [{id: b, rule: answered(a)}]}",
        "- {id: a, type: text, label: A, checks: [{id: b, rule: true, message: B, severity: bad}]}",
        "- {id: a, type: select_one, label: A}",
        "- {id: a, type: select_one, label: A, choices: []}",
        "- {id: a, type: select_one, label: A, choices: {from: partys}}",
        "- {id: a, type: select_one, label: A, choices: [{code: NO, label: No}]}",
        "- {id: a, type: select_one, label: A, choices: [{code: b}]}",
        "- {id: a, type: loop, label: A, items: yes_no, elements: []}",
        "- {id: a, type: repeat, label: A, elements: [{id: b, type: text, label: B}]}",
        "- {id: a, type: repeat, label: A, row_label: R, least: -1, elements: [{use: b}]}",
        "- {use: block, id: a}",
        "- a text",
        "{id: a, type: text, label: A}",
        f"- {{id: {'a' * 61}, type: text, label: A}}",
    ],
)
def test_it_refuses_what_the_loader_refuses(tmp_path: Path, elements: str) -> None:
    write_list(tmp_path, "yes_no", "{'yes': 'Yes', 'no': 'No'}")
    folder = write_form(tmp_path, elements)
    assert read_form(folder, tmp_path).problems
    assert told(load_yaml(folder / "form.yaml"))


@pytest.mark.parametrize(
    "head",
    [
        "heading: Typo",
        "workflow: survey",
        "signed_by: [primary]",
        "signed_by: taxonomy",
        "choices: {a: []}",
        "choices: {a: {NO: No}}",
        "blocks: []",
    ],
)
def test_it_refuses_wrong_heads(tmp_path: Path, head: str) -> None:
    folder = write_form(tmp_path, "- {id: a, type: select_one, label: A, choices: a}", head=head)
    assert read_form(folder, tmp_path).problems
    assert told(load_yaml(folder / "form.yaml"))


def test_it_refuses_a_translation_that_is_no_flat_map() -> None:
    assert told({"a.label": {"text": "B"}}, "wording")
    assert told({"a.label": 5}, "wording")
    assert not told(None, "wording")
