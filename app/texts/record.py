"""Which English each translation of forms and reports says: `translated.<language>.lock`.

Beside the forms and beside the reports, one file for each language: by source and text key, the
English text that was translated, and the first characters of the SHA-256 of the translation. So a
translation is stale when the English has changed and the translation has not; and the English
before can be shown to whoever translates again. (The interface has this in its PO files.)
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.forms.structure import text_hash

NAME: Final = "translated.{language}.lock"

Record = dict[str, dict[str, "Noted"]]  # by source, within its folder, and text key


@dataclass(frozen=True, slots=True)
class Noted:
    """A translation that was made: of which English, and its hash."""

    english: str
    hash: str


def noted(english: str, translation: str) -> Noted:
    """Return the note that *translation* says *english*."""
    return Noted(english, text_hash(translation))


def is_stale(note: Noted | None, english: str, translation: str) -> bool:
    """Tell whether *translation* still says what the English said before."""
    if note is None or note.english == english:
        return False
    return note.hash == text_hash(translation)


def path_of(folder: Path, language: str) -> Path:
    """Return where the record of a language is kept."""
    return folder / NAME.format(language=language)


def read_record(folder: Path, language: str) -> Record:
    """Return the record of a language; {} where there is none yet."""
    path = path_of(folder, language)
    if not path.is_file():
        return {}
    data = json.loads(path.read_text(encoding="utf-8"))
    return {
        source: {key: Noted(english, digest) for key, (english, digest) in notes.items()}
        for source, notes in data.items()
    }


def record_text(record: Mapping[str, Mapping[str, Noted]]) -> str:
    """Return a record as its file has it: a line to each text, so that changes read easily."""
    sources = []
    for source, notes in sorted(record.items()):
        lines = ",\n".join(
            f"  {_json(key)}: {_json([note.english, note.hash])}"
            for key, note in sorted(notes.items())
        )
        sources.append(f" {_json(source)}: {{\n{lines}\n }}")
    return "{\n" + ",\n".join(sources) + "\n}\n" if sources else "{}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
