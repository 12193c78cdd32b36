"""The files of the project with new translations in them, ready to be written or committed."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from app.texts.check import Checked
from app.texts.definition import TRANSLATED, Kind, Source
from app.texts.maps import with_texts
from app.texts.po import FUZZY, Entry, key_of_entry, read_po, replaced
from app.texts.record import Noted, Record, is_stale, noted, path_of, read_record, record_text
from app.texts.sources import Sources


def ready_files(sources: Sources, checked: Iterable[Checked]) -> dict[Path, str]:
    """Return what the files hold once the changes are made, by path; only files that differ.

    checked   each of another source or language
    """
    found: dict[Path, str] = {}
    records: dict[tuple[Path, str], Record] = {}
    for each in checked:
        if not each.changes:
            continue
        path = sources.path(each.source.id, each.language)
        before = path.read_text(encoding="utf-8") if path.is_file() else ""
        if each.source.kind is Kind.INTERFACE:
            found[path] = _with_messages(before, each)
            continue
        texts = {change.text.key: change.forms[0] for change in each.changes}
        found[path] = with_texts(before, texts, [text.key for text in each.source.texts])
        folder, name = sources.record_of(each.source.id)
        record = records.setdefault((folder, each.language), read_record(folder, each.language))
        notes = record.setdefault(name, {})
        for change in each.changes:
            notes[change.text.key] = noted(change.text.english, change.forms[0])
    for (folder, language), record in records.items():
        found[path_of(folder, language)] = record_text(record)
    return {path: text for path, text in found.items() if _differs(path, text)}


def fresh_records(sources: Sources) -> dict[Path, str]:
    """Return the records as they should be, by path; only those that differ from their files.

    A translation that is new or has changed says the present English. One that has not keeps the
    note of the English that it says: so it stays stale where that has changed.
    """
    records: dict[tuple[Path, str], Record] = defaultdict(dict)
    for source in sources.all():
        if source.kind is not Kind.INTERFACE:
            folder, name = sources.record_of(source.id)
            for language in TRANSLATED:
                if source.said.get(language):
                    before = read_record(folder, language).get(name, {})
                    records[folder, language][name] = _notes(source, language, before)
    found = {path_of(*place): record_text(record) for place, record in records.items()}
    return {path: text for path, text in found.items() if _differs(path, text)}


def _notes(source: Source, language: str, before: dict[str, Noted]) -> dict[str, Noted]:
    notes = {}
    for text in source.texts:
        said = source.says(language, text)
        if said.forms:
            note = before.get(text.key)
            stale = is_stale(note, text.english, said.forms[0])
            notes[text.key] = note if note and stale else noted(text.english, said.forms[0])
    return notes


def _with_messages(content: str, checked: Checked) -> str:
    """Return a catalogue of the interface with the changes in it; all else as it was."""
    entries = {key_of_entry(entry): entry for entry in read_po(content)[0] if entry.id}
    changed: list[Entry] = []
    for change in checked.changes:
        entry = entries[change.text.key]
        entry.said = dict(enumerate(change.forms))
        entry.flags = [flag for flag in entry.flags if flag != FUZZY]
        entry.previous = ""
        changed.append(entry)
    return replaced(content, changed)


def _differs(path: Path, text: str) -> bool:
    return not path.is_file() or path.read_text(encoding="utf-8") != text
