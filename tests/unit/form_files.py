"""Writes small forms into a folder, for tests of loading, checking and publishing."""

from pathlib import Path
from textwrap import dedent, indent

from app.forms.catalogue import Catalogue, FormName
from app.forms.definition import Form
from app.forms.load import load_form, read_form

NAME = FormName("demo", "tiny", 1)


def write_form(root: Path, elements: str, *, version: int = 1, head: str = "", **ar: str) -> Path:
    """Write `demo/tiny/version` with one section of *elements*; *head* are more keys of the form.

    ar  texts of ar.yaml; "__" in a key stands for a dot
    """
    folder = root / "demo" / "tiny" / str(version)
    folder.mkdir(parents=True, exist_ok=True)
    top = f"form: tiny\nversion: {version}\nagreement: demo\ntitle: Tiny\n{dedent(head)}"
    section = "\nsections:\n  - id: only\n    title: Only\n    elements:\n"
    asked = indent(dedent(elements).strip("\n"), " " * 6)
    (folder / "form.yaml").write_text(f"{top}{section}{asked}\n", encoding="utf-8")
    if ar:
        texts = (f'{key.replace("__", ".")}: "{text}"\n' for key, text in ar.items())
        (folder / "ar.yaml").write_text("".join(texts), encoding="utf-8")
    return folder


def write_list(root: Path, name: str, text: str) -> None:
    (root / "choices").mkdir(parents=True, exist_ok=True)
    (root / "choices" / f"{name}.yaml").write_text(text, encoding="utf-8")


def problems_of(root: Path, elements: str, **more: str) -> list[str]:
    """Return the messages that loading gives, each with the id it is about."""
    folder = write_form(root, elements, **more)  # type: ignore[arg-type]  # texts by name
    return [f"{p.where}: {p.message}" for p in read_form(folder, root).problems]


def form_of(root: Path, elements: str, **more: str) -> Form:
    return load_form(write_form(root, elements, **more), root)  # type: ignore[arg-type]  # likewise


def catalogue_of(root: Path) -> Catalogue:
    return Catalogue(root)
