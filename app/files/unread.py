"""What rests on a cell that was not understood: such a cell is no missing answer."""

from collections.abc import Iterable, Iterator

from app.forms.checks import Problem
from app.forms.definition import Container, Element, Form, Loop, Question
from app.forms.places import Place, elements_at
from app.forms.rules import Rule


def rests_on(form: Form, problem: Problem, unread: Iterable[str]) -> bool:
    """Tell whether *problem* may be there only because a question was not understood.

    unread   ids of the questions. A problem rests on them when a rule that decides whether it is
             there looks at one, or at something that is computed from one.
    """
    doubtful = _with_computed(form, set(unread))
    elements = {element.id: element for element in elements_at(form, problem.place)}
    around = [container for container, _ in _steps(form, problem)]
    section = next(s for s in form.sections if s.id == problem.place.section)
    rules = [section.relevant, *(container.relevant for container in around)]
    if problem.question in elements:
        rules += _rules(elements[problem.question])
    for element in (*elements.values(), *around):
        if not isinstance(element, Loop):
            rules += [check.rule for check in element.checks if check.id == problem.check]
    return any(_looked_at(rule) & doubtful for rule in rules)


def _steps(form: Form, problem: Problem) -> Iterator[tuple[Container, str]]:
    """Yield the containers around the place of *problem*, from the outermost."""
    steps = problem.place.steps
    for depth, (container, key) in enumerate(steps):
        place = Place(problem.place.section, steps[:depth])
        for element in elements_at(form, place):
            if element.id == container and not isinstance(element, Question):
                yield element, key


def _rules(element: Element) -> list[Rule]:
    return (
        [element.relevant, element.required]
        if isinstance(element, Question)
        else [element.relevant]
    )


def _looked_at(rule: Rule) -> set[str]:
    """Return the ids of the questions and containers that *rule* names."""
    return {part for name in rule.names for part in name.split(".")} | set(rule.names)


def _with_computed(form: Form, ids: set[str]) -> set[str]:
    """Return *ids* and what is computed from them, directly or not."""
    computed = {question.id: _looked_at(question.rule) for question in form.questions()}
    while more := {each for each, names in computed.items() if names & ids} - ids:
        ids |= more
    return ids
