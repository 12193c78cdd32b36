"""PO files for translators, one for each source and language.

msgctxt is the text key; of the interface, the context that the code gives. Extracted comments say
where a text shows, which terms of the glossary it holds and which names must stay. A stale text is
fuzzy, with the English before as `#| msgid`: to take the mark away is to say that it holds.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.texts.check import Checked, Proposal, TextProblem, check, placeholders
from app.texts.definition import Kind, Source, State, Text, plural_forms, plural_rule
from app.texts.glossary import occurring, terms
from app.texts.po import FUZZY, Entry, header_of, key_of_entry, read_po, written

_SOURCE: Final = "x-canopy-source"


def to_po(source: Source, language: str, glossary: Path) -> str:
    """Return the PO file of a source in a language."""
    known = terms(glossary)
    entries = [_header(source, language)]
    for text in source.texts:
        said = source.says(language, text)
        is_stale = source.state(language, text) is State.STALE
        forms = said.forms or ("",) * plural_forms(language, text)
        notes = [*text.notes, *_where(text)]
        notes += [
            f"Glossary: {term.english} = {term.said.get(language, '')}"
            + (f" ({term.note})" if term.note else "")
            for term in occurring(known, text.english)
        ]
        if names := placeholders(text):
            notes.append(f"Keep as they are: {' '.join(names)}")
        entry = Entry(
            context=text.context if source.kind is Kind.INTERFACE else text.key,
            id=text.english,
            plural=text.plural,
            said=dict(enumerate(forms)),
            flags=[FUZZY] if is_stale else [],
            notes=notes,
            files=list(text.files),
            previous=said.previous,
        )
        entries.append(written(entry))
    return "\n\n".join(entries) + "\n"


def language_and_source_of(content: str) -> tuple[str, str]:
    """Return which language and source the header of a PO file names; "" where it does not."""
    header = header_of(read_po(content)[0])
    return header.get("language", ""), header.get(_SOURCE, "")


def check_po(source: Source, language: str, content: str, file: str) -> Checked:
    """Return what a PO file that came back changes, and what is wrong with it."""
    entries, broken = read_po(content)
    checked = check(source, language, _proposals(source, entries), file)
    found = [
        TextProblem(code="no_po", file=file, line=each.line, details={"found": each.found})
        for each in broken
    ]
    problems = sorted((*found, *checked.problems), key=lambda problem: problem.line)
    return Checked(
        source=source,
        language=language,
        changes=checked.changes,
        problems=tuple(problems),
        same=checked.same,
        empty=checked.empty,
    )


def _proposals(source: Source, entries: list[Entry]) -> Iterator[Proposal]:
    in_interface = source.kind is Kind.INTERFACE
    for entry in entries:
        if entry.id:
            yield Proposal(
                line=entry.line,
                key=key_of_entry(entry) if in_interface else entry.context,
                english=entry.id,
                forms=entry.said,
                is_done=not entry.is_fuzzy,
            )


def _header(source: Source, language: str) -> str:
    lines = (
        "Project-Id-Version: Canopy",
        f"Language: {language}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {plural_rule(language)}",
        f"X-Canopy-Source: {source.id}",
    )
    return written(Entry(said={0: "".join(f"{line}\n" for line in lines)}))


def _where(text: Text) -> list[str]:
    shown = [" > ".join((f"{p.form}/{p.version}", *p.trail)) for p in text.places]
    found = [f"Shown in: {each}" for each in shown]
    return [*found, *([f"Table: {text.part}"] if text.part else [])]
