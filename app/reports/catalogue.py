"""All reports under `reports/`, found by name and kept once loaded."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final

from app.errors import NotFoundError
from app.forms.definition import LANGUAGES
from app.forms.form_problem import FormError
from app.reports.definition import Report, TableDefinition
from app.reports.load import Problems, placeholders, read_report, read_texts

ENGLISH: Final = "en"
COMMON: Final = "common"


@dataclass(frozen=True, slots=True, order=True)
class ReportName:
    """A report; its file is `agreement/report.yaml`."""

    agreement: str
    report: str

    def __str__(self) -> str:
        return f"{self.agreement}/{self.report}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of reading a report in one language."""

    report: Report
    problems: Problems
    is_complete: bool  # every text is there in that language


class Reports:
    """The reports in one folder. A report is read once in each language; later changes wait."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._read: dict[tuple[ReportName, str], Reading] = {}
        self._lock = Lock()

    def names(self) -> list[ReportName]:
        """Return every report, by agreement and name."""
        files = (path.relative_to(self.root) for path in self.root.glob("*/*.yaml"))
        return sorted(
            ReportName(file.parent.name, file.stem) for file in files if "." not in file.stem
        )

    def load(self, agreement: str, report: str, locale: str = ENGLISH) -> Report:
        """Return a report in *locale*, in English where a text is missing.

        Raises NotFoundError when there is no such report, FormError when it is broken.
        """
        reading = self.read(ReportName(agreement, report), locale)
        if reading.problems:
            raise FormError(reading.problems)
        return reading.report

    def languages(self, agreement: str, report: str) -> tuple[str, ...]:
        """Return the languages in which every text of a report is there, English always."""
        name = ReportName(agreement, report)
        readings = {locale: self.read(name, locale) for locale in LANGUAGES}
        return tuple(
            locale
            for locale, reading in readings.items()
            if locale == ENGLISH or (reading.is_complete and not reading.problems)
        )

    def read(self, name: ReportName, locale: str = ENGLISH) -> Reading:
        """Return a report as far as it can be read, and every problem; raise NotFoundError."""
        if name not in self.names() or locale not in LANGUAGES:
            raise NotFoundError(what="report", code=str(name))
        with self._lock:
            if (name, locale) not in self._read:
                self._read[name, locale] = self._reading(name, locale)
            return self._read[name, locale]

    def _reading(self, name: ReportName, locale: str) -> Reading:
        common, problems = read_texts(self.root / f"{COMMON}.yaml", f"{COMMON}.yaml")
        path = self.root / name.agreement / f"{name.report}.yaml"
        report, own, found = read_report(path, f"{name}.yaml", common)
        problems.extend(found)
        if locale == ENGLISH:
            return Reading(report=report, problems=problems, is_complete=True)
        texts = {
            **self._words(COMMON, locale, common, problems),
            **self._words(str(name), locale, own, problems),
        }
        return Reading(
            report=_worded(report, {**common, **own, **texts}, locale),
            problems=problems,
            is_complete=texts.keys() >= {*common, *own},
        )

    def _words(
        self, stem: str, locale: str, english: Mapping[str, str], problems: Problems
    ) -> dict[str, str]:
        """Return the texts of one file in another language; none when there is no such file."""
        file = f"{stem}.{locale}.yaml"
        if not (self.root / file).is_file():
            return {}
        texts, found = read_texts(self.root / file, file)
        problems.extend(found)
        for key, text in texts.items():
            if key not in english:
                problems.add(
                    file, 1, key, "the English has no such text; remove or correct the key"
                )
            elif placeholders(text) != placeholders(english[key]):
                names = ", ".join(sorted(placeholders(english[key]))) or "none"
                problems.add(file, 1, key, f"use the same names in braces as the English: {names}")
        return texts


@cache
def reports_at(root: Path) -> Reports:
    """Return the reports in *root*; the same object each time, so that they are read once."""
    return Reports(root)


def _worded(report: Report, texts: Mapping[str, str], locale: str) -> Report:
    """Return the report with other texts."""
    return replace(
        report,
        title=texts.get("title", report.title),
        intro=texts.get("intro", report.intro),
        tables=tuple(_worded_table(table, texts) for table in report.tables),
        texts=texts,
        locale=locale,
    )


def _worded_table(table: TableDefinition, texts: Mapping[str, str]) -> TableDefinition:
    return replace(
        table,
        title=texts.get(f"{table.id}.title", table.title),
        caption=texts.get(f"{table.id}.caption", table.caption),
        intro=texts.get(f"{table.id}.intro", table.intro),
    )
