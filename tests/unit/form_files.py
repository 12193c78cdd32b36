"""Writes small forms into a folder, for tests of loading, checking and publishing."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent, indent

from app.forms.catalogue import FormName
from app.forms.load import read_form

NAME = FormName("demo", "tiny", 1)


def write_form(
    root: Path,
    elements: str,
    *,
    version: int = 1,
    head: str = "",
    ar: Mapping[str, str] | None = None,
) -> Path:
    """Write `demo/tiny/version`: one section, in line 5, with *elements* from line 9.

    head  more keys of the form, which move the section down
    ar    texts of ar.yaml; none: there is no such file
    """
    folder = root / "demo" / "tiny" / str(version)
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        *("form: tiny", f"version: {version}", "agreement: demo", "title: Tiny"),
        *dedent(head).strip().splitlines(),
        *("sections:", "  - id: only", "    title: Only", "    elements:"),
        indent(dedent(elements).strip("\n"), " " * 6),
    ]
    (folder / "form.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if ar is not None:
        texts = "".join(f'{key}: "{text}"\n' for key, text in ar.items())
        (folder / "ar.yaml").write_text(texts, encoding="utf-8")
    return folder


def write_list(root: Path, name: str, text: str) -> None:
    (root / "choices").mkdir(parents=True, exist_ok=True)
    (root / "choices" / f"{name}.yaml").write_text(text, encoding="utf-8")


def problems_of(root: Path, elements: str, *, head: str = "") -> list[str]:
    """Return the messages that loading gives, each with the id it is about."""
    folder = write_form(root, elements, head=head)
    return [f"{p.where}: {p.message}" for p in read_form(folder, root).problems]
