"""All forms under `forms/`, found by name and kept once loaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from app.errors import NotFoundError
from app.forms.choice_lists import FOLDER
from app.forms.definition import LANGUAGES, Form
from app.forms.load import FORM_FILE, load_form, read_form
from app.forms.lock import read_lock
from app.forms.managed_lists import LISTS, Keeper
from app.forms.wording import ENGLISH


@dataclass(frozen=True, slots=True, order=True)
class FormName:
    """Which version of which form; its folder is `agreement/form/version`."""

    agreement: str
    form: str
    version: int

    def __str__(self) -> str:
        return f"{self.form}/{self.version}"


class Catalogue:
    """The forms in one folder. A form is read once in each language; files changed later wait.

    A form that chooses from managed lists is read anew when the Secretariat has changed one.
    """

    def __init__(self, root: Path, keeper: Keeper | None = None) -> None:
        self.root = root
        self.keeper = keeper
        self._changes: dict[tuple[str, int, str], Mapping[str, int]] = {}
        self._loaded: dict[tuple[str, int, str], Form] = {}
        self._languages: dict[tuple[str, int], tuple[str, ...]] = {}
        self._lock = Lock()

    def names(self) -> list[FormName]:
        """Return every version of every form, by agreement, form and version."""
        found = []
        for path in self.root.glob(f"*/*/*/{FORM_FILE}"):
            agreement, form, version = path.parent.relative_to(self.root).parts
            if version.isdecimal() and agreement not in (FOLDER, LISTS):
                found.append(FormName(agreement, form, int(version)))
        return sorted(found)

    def find(self, form: str, version: int) -> FormName:
        """Return the name of a version of a form; raise NotFoundError when there is none."""
        for name in self.names():
            if (name.form, name.version) == (form, version):
                return name
        raise NotFoundError(what="form", code=f"{form}/{version}")

    def folder(self, name: FormName) -> Path:
        """Return the folder that holds the form's files."""
        return self.root / name.agreement / name.form / str(name.version)

    def is_published(self, name: FormName) -> bool:
        """Tell whether a version is published: its structure frozen, its wording recorded."""
        return str(name) in read_lock(self.root)

    def load(self, form: str, version: int, locale: str = ENGLISH) -> Form:
        """Return a version of a form in one of the six languages (English where a text lacks).

        Raises NotFoundError when there is no such form or language, FormError when it is broken.
        """
        if locale not in LANGUAGES:
            raise NotFoundError(what="language", code=locale)
        key = (form, version, locale)
        known = self._loaded.get(key)
        if known and (known.managed == () or self._changes.get(key) == self._changed(known)):
            return known
        with self._lock:
            changes = self._changed(known)
            name = self.find(form, version)
            published = read_lock(self.root).get(str(name))
            wording = published.wording if published else 0
            read = load_form(self.folder(name), self.root, locale, wording, self.keeper)
            self._loaded[key], self._changes[key] = read, changes
            return read

    def _changed(self, form: Form | None) -> Mapping[str, int]:
        """Return how often the Secretariat has changed each managed list of *form*."""
        return self.keeper.changes(form.managed) if self.keeper and form and form.managed else {}

    def latest(self, form: str) -> int:
        """Return the highest version of a form; raise NotFoundError when there is none."""
        versions = [name.version for name in self.names() if name.form == form]
        if not versions:
            raise NotFoundError(what="form", code=form)
        return max(versions)

    def languages(self, form: str, version: int) -> tuple[str, ...]:
        """Return the languages in which every text of a form is there, English always."""
        key = (form, version)
        if key not in self._languages:
            name = self.find(form, version)
            self._languages[key] = tuple(
                locale for locale in LANGUAGES if self._is_complete(name, locale)
            )
        return self._languages[key]

    def _is_complete(self, name: FormName, locale: str) -> bool:
        if locale == ENGLISH:
            return True
        if not (self.folder(name) / f"{locale}.yaml").is_file():
            return False
        reading = read_form(self.folder(name), self.root, locale)
        return reading.is_complete and not reading.problems
