"""A small project of texts: an interface, a form with a shared list, a report."""

from pathlib import Path
from textwrap import dedent

from app.texts.definition import Roots, plural_rule
from app.texts.ready import fresh_records
from app.texts.sources import Sources

FORM = "forms/cbd/pilot/1"
LIST = "forms/choices/yes_no"
REPORT = "reports/cbd/pilot"

FILES = {
    "forms/cbd/pilot/1/form.yaml": """
        form: pilot
        version: 1
        agreement: cbd
        title: A pilot on habitats
        sections:
          - id: plan
            title: National plan
            elements:
              - id: has_plan
                type: select_one
                choices: yes_no
                label: Does the Party have a national target?
                hint: Of its own.
        """,
    "forms/cbd/pilot/1/fr.yaml": """
        # Le formulaire pilote.
        title: Un essai sur les habitats
        plan.title: >-
          Plan
          national

        # La question.
        has_plan.label: La Partie a-t-elle un objectif national ?
        has_plan.hint: Qui lui soit propre.
        """,
    "forms/choices/yes_no.yaml": """
        "yes": "Yes"
        "no": "No"
        """,
    "forms/choices/yes_no.fr.yaml": """
        "yes": Oui
        "no": "Non"
        """,
    "reports/common.yaml": """
        list.between: "; "
        """,
    "reports/common.fr.yaml": """
        list.between: " ; "
        """,
    "reports/cbd/pilot.yaml": """
        report: pilot
        agreement: cbd
        title: Plans for habitats
        intro: Which Parties have a plan.
        collections: {kinds: [national], form: pilot, versions: [1]}
        variables:
          - {id: plan, method: answer, ids: {question: has_plan}}
        tables:
          - id: plans-by-region
            title: Plans by region
            caption: "Plans by group ({by})"
            intro: How many Parties have a plan.
            measure: distribution
            variable: plan
            by: cbd_region
            params: {by: cbd_region, reviewed: all}
        """,
    "reports/cbd/pilot.fr.yaml": """
        title: Plans pour les habitats
        intro: Quelles Parties ont un plan.
        plans-by-region.title: Plans par région
        plans-by-region.caption: "Plans selon ({by})"
        plans-by-region.intro: Combien de Parties ont un plan.
        """,
}
MESSAGES = """\
# Texts of the interface.
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {rule}\\n"

#: app/web/home.py
msgid "Home"
msgstr "{home}"

#. Translators: of a collection
#: templates/home/index.html
#, python-format
msgid "%(num)s submission of %(name)s"
msgid_plural "%(num)s submissions of %(name)s"
{plurals}
"""
SAID = {
    "fr": ("Accueil", ("%(num)s soumission de %(name)s", "%(num)s soumissions de %(name)s")),
    "ar": ("", ("",) * 6),
}


def make_project(folder: Path) -> Sources:
    """Write the project's files, with records that are as they should be."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    for language, (home, forms) in SAID.items():
        plurals = "\n".join(f'msgstr[{number}] "{form}"' for number, form in enumerate(forms))
        text = MESSAGES.format(
            language=language, rule=plural_rule(language), home=home, plurals=plurals
        )
        path = folder / f"translations/{language}/LC_MESSAGES/messages.po"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    write(fresh_records(sources_in(folder)))
    return sources_in(folder)


def sources_in(folder: Path) -> Sources:
    """Return the texts of the project in *folder*, read anew."""
    return Sources(Roots(folder / "forms", folder / "reports", folder / "translations"))


def write(files: dict[Path, str]) -> None:
    """Write files as the command does."""
    for path, text in files.items():
        path.write_text(text, encoding="utf-8", newline="\n")


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files of the project."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
