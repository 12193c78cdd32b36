"""All sources of texts, read from their files: what they say in English and in other languages."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from app.errors import NotFoundError
from app.forms.catalogue import Catalogue, FormName
from app.forms.choice_lists import FOLDER, shared_names
from app.forms.load import FORM_FILE, read_form
from app.reports.catalogue import COMMON, ReportName, Reports
from app.reports.load import read_report, read_texts
from app.texts.definition import (
    TRANSLATED,
    Kind,
    Place,
    Roots,
    Said,
    Source,
    Text,
    plural_forms,
)
from app.texts.form_places import places_in
from app.texts.po import Entry, key_of_entry, read_po
from app.texts.record import is_stale, read_record

INTERFACE: Final = "interface"
FORMS: Final = "forms"
REPORTS: Final = "reports"
TRANSLATIONS: Final = "app/translations"


class Sources:
    """The texts in three folders; each source is read once by each object."""

    def __init__(self, roots: Roots) -> None:
        self.roots = roots
        self.forms = Catalogue(roots.forms)
        self.reports = Reports(roots.reports)
        self._loaded: dict[str, Source] = {}

    def ids(self) -> list[str]:
        """Return the ids of all sources: the interface, forms, shared lists, reports."""
        reports = [f"{REPORTS}/{name}" for name in self.reports.names()]
        common = [f"{REPORTS}/{COMMON}"] if self._common().is_file() else []
        return [
            INTERFACE,
            *(f"{FORMS}/{name.agreement}/{name}" for name in self.forms.names()),
            *(f"{FORMS}/{FOLDER}/{name}" for name in shared_names(self.roots.forms)),
            *common,
            *reports,
        ]

    def all(self) -> Iterator[Source]:
        """Yield every source."""
        return (self.load(source_id) for source_id in self.ids())

    def load(self, source_id: str) -> Source:
        """Return one source; raise NotFoundError when there is none of this id."""
        if source_id not in self._loaded:
            if source_id not in self.ids():
                raise NotFoundError(what="texts", code=source_id)
            self._loaded[source_id] = self._load(source_id)
        return self._loaded[source_id]

    def _load(self, source_id: str) -> Source:
        if source_id == INTERFACE:
            return self._interface()
        root, _, rest = source_id.partition("/")
        if root == REPORTS:
            return self._report(source_id, rest)
        if rest.startswith(f"{FOLDER}/"):
            return self._choices(source_id, rest.removeprefix(f"{FOLDER}/"))
        name = next(name for name in self.forms.names() if f"{name.agreement}/{name}" == rest)
        return self._form(source_id, name)

    def path(self, source_id: str, language: str) -> Path:
        """Return the file that holds a source's texts in another language than English."""
        root, _, rest = source_id.partition("/")
        if source_id == INTERFACE:
            return self.roots.translations / language / "LC_MESSAGES" / "messages.po"
        if root == REPORTS or rest.startswith(f"{FOLDER}/"):
            folder = self.roots.reports if root == REPORTS else self.roots.forms
            return folder / f"{rest}.{language}.yaml"
        return self.roots.forms / rest / f"{language}.yaml"

    def shown(self, path: Path) -> str:
        """Return how files are named, from the project's root, wherever the folders are."""
        for name, root in (
            (FORMS, self.roots.forms),
            (REPORTS, self.roots.reports),
            (TRANSLATIONS, self.roots.translations),
        ):
            if path.is_relative_to(root):
                return f"{name}/{path.relative_to(root).as_posix()}"
        return path.name

    def _interface(self) -> Source:
        texts: dict[str, Text] = {}
        said: dict[str, dict[str, Said]] = {}
        for language in TRANSLATED:
            path = self.path(INTERFACE, language)
            entries = read_po(path.read_text(encoding="utf-8"))[0] if path.is_file() else []
            said[language] = {}
            for entry in entries:
                if entry.id:
                    text = texts.setdefault(key_of_entry(entry), _text_of(entry))
                    said[language][text.key] = _said_by(entry, plural_forms(language, text))
        return Source(
            id=INTERFACE,
            kind=Kind.INTERFACE,
            title="Interface",
            texts=tuple(texts.values()),
            said=said,
        )

    def _form(self, source_id: str, name: FormName) -> Source:
        folder = self.forms.folder(name)
        reading = read_form(folder, self.roots.forms)
        places = places_in(reading.form)
        top = (Place(name.form, name.version),)
        file = self.shown(folder / FORM_FILE)
        texts = tuple(
            Text(
                key=key,
                english=text,
                files=(file,),
                places=places.get(key.partition(".")[0], top) if "." in key else top,
            )
            for key, text in reading.wording.english.items()
        )
        translations = {
            language: read_form(folder, self.roots.forms, language).wording.translations
            for language in TRANSLATED
        }
        title = f"{reading.form.title or name} ({name})"
        return self._mapped(source_id, Kind.FORM, title, texts, translations)

    def _choices(self, source_id: str, name: str) -> Source:
        english: dict[str, str] = {}
        translations: dict[str, Mapping[str, str]] = {language: {} for language in TRANSLATED}
        places: dict[Place, None] = {}
        for form in self.forms.names():
            folder = self.forms.folder(form)
            reading = read_form(folder, self.roots.forms)
            if name in reading.lists.shared_wordings:
                places.update(dict.fromkeys(places_in(reading.form).get(name, ())))
            if name in reading.lists.shared_wordings and not english:
                english = reading.lists.shared_wordings[name].english
                for language in TRANSLATED:
                    worded = read_form(folder, self.roots.forms, language)
                    translations[language] = worded.lists.shared_wordings[name].translations
        file = f"{source_id}.yaml"
        texts = tuple(
            Text(key=key, english=text, files=(file,), places=tuple(places))
            for key, text in english.items()
        )
        return self._mapped(source_id, Kind.CHOICES, name, texts, translations)

    def _report(self, source_id: str, rest: str) -> Source:
        common = read_texts(self._common(), "")[0] if self._common().is_file() else {}
        if rest == COMMON:
            english, title, tables = common, COMMON, set[str]()
        else:
            name = next(name for name in self.reports.names() if str(name) == rest)
            english, title, tables = self._own(name, common)
        texts = tuple(
            Text(
                key=key,
                english=text,
                files=(f"{source_id}.yaml",),
                part=key.partition(".")[0] if key.partition(".")[0] in tables else "",
            )
            for key, text in english.items()
        )
        translations = {
            language: read_texts(self.path(source_id, language), "")[0]
            for language in TRANSLATED
            if self.path(source_id, language).is_file()
        }
        return self._mapped(source_id, Kind.REPORT, title, texts, translations)

    def _own(
        self, name: ReportName, common: Mapping[str, str]
    ) -> tuple[dict[str, str], str, set[str]]:
        path = self.roots.reports / name.agreement / f"{name.report}.yaml"
        report, own, _ = read_report(path, "", common)
        return own, report.title or str(name), {table.id for table in report.tables}

    def _mapped(
        self,
        source_id: str,
        kind: Kind,
        title: str,
        texts: tuple[Text, ...],
        translations: Mapping[str, Mapping[str, str]],
    ) -> Source:
        """Return a source whose languages are flat maps, with what the record says of each."""
        folder, own = self.record_of(source_id)
        said: dict[str, dict[str, Said]] = {}
        for language, words in translations.items():
            notes = read_record(folder, language).get(own, {})
            said[language] = {}
            for text in texts:
                if text.key in words:
                    note = notes.get(text.key)
                    stale = is_stale(note, text.english, words[text.key])
                    previous = note.english if note and stale else ""
                    said[language][text.key] = Said((words[text.key],), stale, previous)
        return Source(id=source_id, kind=kind, title=title, texts=texts, said=said)

    def record_of(self, source_id: str) -> tuple[Path, str]:
        """Return the folder whose records hold a source, and its name there."""
        root, _, rest = source_id.partition("/")
        return (self.roots.forms if root == FORMS else self.roots.reports), rest

    def _common(self) -> Path:
        return self.roots.reports / f"{COMMON}.yaml"


def _text_of(entry: Entry) -> Text:
    return Text(
        key=key_of_entry(entry),
        english=entry.id,
        plural=entry.plural,
        context=entry.context,
        files=tuple(entry.files),
        notes=tuple(entry.notes),
    )


def _said_by(entry: Entry, forms: int) -> Said:
    said = tuple(entry.said.get(form, "") for form in range(forms))
    return Said(said if any(said) else (), entry.is_fuzzy, entry.previous)
