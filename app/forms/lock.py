"""`forms/published.lock`: what may never change again, for each published version of a form.

structure  SHA-256 of what decides the meaning of answers: ids, types, rules, codes, order
choices    a copy of the codes of the choice lists used, to say what changed in a shared list
wording    the number of its wording, from 1
texts      for each text key and language, the first characters of the SHA-256 of the text
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

LOCK_FILE: Final = "published.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One published version of a form."""

    structure: str
    wording: int
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_lock(root: Path) -> dict[str, Published]:
    """Return the published versions by name ("aichi-progress/1"); {} when there are none yet."""
    path = root / LOCK_FILE
    if not path.is_file():
        return {}
    return {
        name: Published(
            structure=entry["structure"],
            wording=entry["wording"],
            choices={key: tuple(codes) for key, codes in entry["choices"].items()},
            texts=entry["texts"],
        )
        for name, entry in json.loads(path.read_text(encoding="utf-8")).items()
    }


def write_lock(root: Path, published: Mapping[str, Published]) -> None:
    """Write the published versions, in an order that makes changes easy to read."""
    data = {name: asdict(entry) for name, entry in published.items()}
    text = json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False)
    (root / LOCK_FILE).write_text(text + "\n", encoding="utf-8")
