"""What to call places in the history: those that are there, and those that were removed."""

from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.forms.definition import Form, Repeat
from app.forms.places import Place
from app.models.submission import Submission
from app.services.draft_history import removal_in
from app.services.draft_reading import DraftReader
from app.web.draft_pages import is_there
from app.web.titles import Title, title_at, title_of


class Titles:
    """Titles of the places of one draft, each read once."""

    def __init__(self, session: Session, submission: Submission, form: Form) -> None:
        self.session = session
        self.submission = submission
        self.form = form
        self.reader = DraftReader(session, submission.id, form)
        self._found: dict[Place, tuple[Title, bool]] = {}

    def of(self, place: Place) -> Title:
        """Return what to call *place*, also if it was removed."""
        return self._look(place)[0]

    def is_there(self, place: Place) -> bool:
        """Tell whether the draft has *place* now."""
        return self._look(place)[1]

    def _look(self, place: Place) -> tuple[Title, bool]:
        if place not in self._found:
            try:
                document = self.reader.document(place)
                there = is_there(self.form, document, place)
            except NotFoundError:  # of a place that the form does not have
                self._found[place] = Title(str(place)), False
            else:
                title = title_at(self.form, document, place) if there else self._removed(place)
                self._found[place] = title, there
        return self._found[place]

    def _removed(self, place: Place) -> Title:
        """Return what a removed row was called: by its answers when it was removed."""
        for number in range(len(place.steps), 0, -1):
            way = Place(place.section, place.steps[:number])
            removal = removal_in(self.session, self.submission, way)
            if removal is not None and str(place) in removal.before["parts"]:
                answers = removal.before["parts"][str(place)]["answers"]
                return self._called(place, answers)
        return self._called(place, {})

    def _called(self, place: Place, answers: dict[str, object]) -> Title:
        container = self.form.container(place.steps[-1][0])
        if container is None:
            return Title(str(place))
        title = title_of(container, 0, place.steps[-1][1], answers)
        is_untitled = isinstance(container, Repeat) and not title.kind
        return (
            Title(container.row_label) if is_untitled and isinstance(container, Repeat) else title
        )
