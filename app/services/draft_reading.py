"""Reading of a draft what one page needs, however long the form is and however many rows it has.

The document that comes of it has every row of the lists at the page and around it, with answers
only where the page looks at them: in what it shows, and in what its rules look at.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.forms.definition import Container, Form, Loop, Question
from app.forms.places import Document, Part, Place, assemble, elements_at, parse_place
from app.forms.reach import Reach, reach, reach_of_sections
from app.models.submission import DraftPart


class DraftReader:
    """Reads the draft of one submission."""

    def __init__(self, session: Session, submission_id: str, form: Form) -> None:
        self.session = session
        self.submission_id = submission_id
        self.form = form
        self._rows: dict[Place, list[str]] = {}

    def keys(self, place: Place, container: Container) -> Sequence[str]:
        """Return the items of a loop, or the ids of the rows of a repeat, in their order."""
        if isinstance(container, Loop):
            return [item.code for item in container.items]
        here = place.child(container.id, "")
        if here not in self._rows:
            self._rows[here] = self._row_ids(str(here))
        return self._rows[here]

    def document(self, place: Place, shown: Mapping[str, Sequence[str]] | None = None) -> Document:
        """Return what the page of *place* needs of the draft.

        shown   which items or rows of a list at *place* it shows, by container; default all

        Raises NotFoundError for a place that the form does not have.
        """
        containers = [e for e in elements_at(self.form, place) if not isinstance(e, Question)]
        looked_at = reach(self.form, place)
        paths, prefixes = self._around(place, looked_at)
        for container in containers:
            keys = (shown or {}).get(container.id)
            here = place.child(container.id, "")
            if keys is None or looked_at.covers(place, container.id):
                prefixes.add(str(here))
                continue
            inner = [place.child(container.id, key) for key in keys]
            paths |= {str(entry) for entry in inner}
            if any(not isinstance(element, Question) for element in container.elements):
                prefixes |= {f"{entry}/" for entry in inner}
        document = assemble(self.form, self._parts(paths, prefixes))
        self._place_rows(document, place, containers)
        return document

    def for_sections(self) -> Document:
        """Return what decides which sections are asked."""
        looked_at = reach_of_sections(self.form)
        prefixes = {str(prefix) for prefix in looked_at.prefixes(Place(""))}
        return assemble(self.form, self._parts(set(looked_at.sections), prefixes))

    def _around(self, place: Place, looked_at: Reach) -> tuple[set[str], set[str]]:
        """Return the paths, and the beginnings of paths, of what is outside the page's lists."""
        ways = [Place(place.section, place.steps[:n]) for n in range(len(place.steps) + 1)]
        paths = {str(way) for way in ways} | set(looked_at.sections)
        prefixes = {str(prefix) for prefix in looked_at.prefixes(place)}
        return paths, prefixes

    def _parts(self, paths: set[str], prefixes: set[str]) -> list[Part]:
        if not paths and not prefixes:
            return []
        found = self.session.execute(
            select(DraftPart.path, DraftPart.position, DraftPart.answers).where(
                DraftPart.submission_id == self.submission_id,
                or_(
                    DraftPart.path.in_(sorted(paths)),
                    *(DraftPart.path.startswith(p, autoescape=True) for p in sorted(prefixes)),
                ),
            )
        )
        wanted = tuple(prefixes)
        return [
            Part(parse_place(path), position, answers)
            for path, position, answers in found
            if path in paths or path.startswith(wanted)  # LIKE may ignore case
        ]

    def _row_ids(self, prefix: str) -> list[str]:
        slashes = func.length(DraftPart.path) - func.length(func.replace(DraftPart.path, "/", ""))
        found = self.session.scalars(
            select(DraftPart.path)
            .where(
                DraftPart.submission_id == self.submission_id,
                DraftPart.path.startswith(prefix, autoescape=True),
                slashes == prefix.count("/"),
            )
            .order_by(DraftPart.position)
        )
        return [path.removeprefix(prefix) for path in found if path.startswith(prefix)]

    def _place_rows(
        self, document: Document, place: Place, containers: Sequence[Container]
    ) -> None:
        """Put every row of the lists at *place* and around it where it stands, if need be empty."""
        held: dict[str, Any] = document
        for number, (container_id, key) in enumerate(place.steps):
            parent = Place(place.section, place.steps[:number])
            around = self.form.container(container_id)
            if around is None:
                return
            self._place(held, parent, around)
            inside = held.get(container_id, {})
            if isinstance(inside, list):
                held = next((row["answers"] for row in inside if row["row"] == key), {})
            else:
                held = inside.get(key, {})
        for container in containers:
            self._place(held, place, container)

    def _place(self, held: dict[str, Any], place: Place, container: Container) -> None:
        keys = () if isinstance(container, Loop) else self.keys(place, container)
        if keys:
            known = {row["row"]: row["answers"] for row in held.get(container.id, ())}
            held[container.id] = [{"row": key, "answers": known.get(key, {})} for key in keys]
