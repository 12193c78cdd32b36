"""Who will read what, once it is signed: the answers of a draft by their audience."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flask_babel import gettext as _

from app.forms.audience import audience_of
from app.forms.definition import Audience, Check, Form, Question, Repeat
from app.web.outline import Group, Line


class Told(NamedTuple):
    """One answer for few readers: what was asked, and where it stands in the page."""

    label: str
    anchor: str


class SectionCount(NamedTuple):
    """How many answers of a section become public."""

    title: str
    anchor: str
    answers: int


class Publicity(NamedTuple):
    """The answers of a document by who will read them."""

    public: tuple[SectionCount, ...]
    public_count: int
    secretariat: tuple[Told, ...]
    party: tuple[Told, ...]


def publicity_of(form: Form, sections: Iterable[Group]) -> Publicity:
    """Return who will read which of the answers in *sections*, as the Party itself sees them."""
    owners = {
        check.id: element
        for element in form.elements()
        if isinstance(element, Question | Repeat)
        for check in element.checks
    }
    narrow: dict[Audience, list[Told]] = {Audience.SECRETARIAT: [], Audience.PARTY: []}
    public = []
    for section in sections:
        count = 0
        for audience, told in _answers(form, owners, section):
            if audience is Audience.PUBLIC:
                count += 1
            else:
                narrow[audience].append(told)
        if count:
            public.append(SectionCount(section.title.text, section.anchor, count))
    return Publicity(
        public=tuple(public),
        public_count=sum(section.answers for section in public),
        secretariat=tuple(narrow[Audience.SECRETARIAT]),
        party=tuple(narrow[Audience.PARTY]),
    )


def _answers(
    form: Form, owners: dict[str, Question | Repeat], part: Group | Line
) -> Iterator[tuple[Audience, Told]]:
    """Yield every answer and every explanation in *part* with its audience."""
    if isinstance(part, Line):
        if part.answer is not None:
            yield part.question.audience, Told(part.label, part.anchor)
        label = part.label
    else:
        for inner in part.parts:
            yield from _answers(form, owners, inner)
        label = part.title.text
    for check, _answer in part.explanations:
        told = Told(_("Explanation: %(question)s", question=label), part.anchor)
        yield _audience(form, owners, check), told


def _audience(form: Form, owners: dict[str, Question | Repeat], check: Check) -> Audience:
    return audience_of(form, check, owners[check.id])
