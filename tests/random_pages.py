"""Random drafts of a form, what somebody types on a page of them, and what is asked and wrong then.

The same for the same seed. What Python makes of a page is what JavaScript must make of it.
"""

# ruff: noqa: RUF001 - digits and words of six languages are what people type

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, Final

from app.forms.accept import PROBLEMS
from app.forms.answers import explanations_of, read_answers
from app.forms.checks import problems_at
from app.forms.definition import Element, Form, Loop, Question, QuestionType, Repeat
from app.forms.page_rules import page_rules
from app.forms.places import Answers, Place, assemble, elements_at, split, walk_places
from app.forms.places import Part as DraftPart
from app.forms.relevance import asked_at, level_at, top
from app.forms.typed import month_names

Json = Any

NUMBERS: Final = (
    *("0", "7", "12", "100", "1990", "1 250", "1,250", "1.250", "1\u00a0250", "-3", "\u22123"),
    *("٣", "١٬٢٥٠", "१२", "007", "1,25", "1.5", "ten", "9" * 30, "9" * 31, " 5 ", "\u200f5"),
    *("+4", "--1", "1250,5", "1.250,50", "٣٫٥", "0,125", "1'250", "1,250,000", ".5", "5."),
)
DATES: Final = (
    *("2018-12-31", "2018/1/5", "2018.2.30", "31.12.2018", "03/04/2018", "31/12/2018"),
    *("0000-01-01", "31 December 2018", "December 31, 2018", "31 de diciembre de 2018"),
    *("1er janvier 2019", "31 декабря 2018 г.", "٣١ كانون الأول ٢٠١٨", "2018年12月31日"),
    *("soon", "2009-05-05", "5 May 2019.", "2018-00-10", "10-10-2010"),
)
TEXTS: Final = ("Water", " ", "L'eau", "e\u0301", "one\r\ntwo", "مياه", "森林 ", "a\u0007b", "")
LANGUAGES: Final = ("ar", "en", "es", "fr", "ru", "zh")
LIMITS: Final = ("too_few_rows", "too_many_rows")  # the server tells them: rows stay as they are


def pages(form: Form, seed: int, count: int) -> Iterator[Json]:
    """Yield *count* of {rules, posted, wanted}: a page, what is posted from it, and its state."""
    random = Random(seed)  # noqa: S311 - for tests
    for _ in range(count):
        document = _document(form, random)
        place = random.choice(list(_places(form, document, random)))
        locale, language = random.choice(LANGUAGES), random.choice(LANGUAGES)
        elements = elements_at(form, place)
        posted = _posted(elements, random)
        rules = page_rules(form, document, place) | {
            "locale": locale,
            "language": language,
            "months": month_names(locale),
            "words": {"sentences": _same_words()},
        }
        after = _saved(form, document, place, _read(elements, posted, locale, language))
        yield {"rules": rules, "posted": posted, "wanted": _state(form, after, place)}


def _same_words() -> dict[str, str]:
    return {code: code for code in ("required", *PROBLEMS.values())}


def _places(form: Form, document: Mapping[str, Any], random: Random) -> Iterator[Place]:
    """Yield the places that have a page: those there are, and sometimes a row to be added."""
    for place in walk_places(form, document):
        yield place
        for element in elements_at(form, place):
            if isinstance(element, Repeat) and random.random() < 0.3:
                yield place.child(element.id, "new")


def _document(form: Form, random: Random) -> Json:
    """Return a draft in which some of all is answered."""
    parts: list[DraftPart] = []
    waiting = [Place(section.id) for section in form.sections]
    while waiting:
        place = waiting.pop()
        elements = elements_at(form, place)
        for element in elements:
            if isinstance(element, Loop):
                items = random.sample(element.items, min(3, len(element.items)))
                waiting += [place.child(element.id, item.code) for item in items]
            elif isinstance(element, Repeat):
                rows = range(random.randint(0, 3))
                waiting += [place.child(element.id, f"row-{len(waiting)}-{n}") for n in rows]
        read = _read(elements, _posted(elements, random), "en", "en")
        answers = {key: answer for key, answer in read.items() if answer is not None}
        parts.append(DraftPart(place, random.randint(0, 9), answers))
    return assemble(form, parts)


def _posted(elements: tuple[Element, ...], random: Random) -> dict[str, list[str]]:
    """Return what a page posts; some questions are not on it."""
    posted: dict[str, list[str]] = {}
    questions = [element for element in elements if isinstance(element, Question)]
    for question in (*questions, *explanations_of(elements)):
        if not question.is_typed or random.random() < 0.25:
            continue
        posted[question.id] = _typed(question, random)
        if question.type is QuestionType.TEXT and question.has_language:
            posted[f"{question.id}.language"] = random.choices((*LANGUAGES, "xx"), k=2)
        if question.allow and random.random() < 0.3:
            posted[f"{question.id}.nothing"] = [random.choice((*question.allow, "none"))]
    return posted


def _typed(question: Question, random: Random) -> list[str]:
    if random.random() < 0.2:
        return [""]
    codes = [choice.code for choice in question.choices]
    match question.type:
        case QuestionType.INTEGER | QuestionType.DECIMAL:
            return [random.choice(NUMBERS)]
        case QuestionType.DATE:
            return [random.choice(DATES)]
        case QuestionType.TEXT:
            return random.choices(TEXTS, k=random.randint(1, 3))
        case QuestionType.SELECT_MULTIPLE:
            chosen = random.sample(codes, random.randint(0, len(codes)))
            return ["", *(code for code in codes if code in chosen)]
    return ["", random.choice(codes)]


def _read(
    elements: tuple[Element, ...], posted: Mapping[str, list[str]], locale: str, language: str
) -> Answers:
    questions = [element for element in elements if isinstance(element, Question)]
    asked = [*questions, *explanations_of(elements)]
    return read_answers(asked, posted, locale=locale, language=language)


def _saved(form: Form, document: Json, place: Place, answers: Answers) -> Json:
    """Return the document after a save, as the service makes it."""
    parts = {part.place: part for part in split(form, document)}
    before = parts.get(place)
    kept = {**(before.answers if before else {}), **answers}
    made = {key: answer for key, answer in kept.items() if answer is not None}
    parts[place] = DraftPart(place, before.position if before else 1000, made)
    return assemble(form, parts.values())


def _state(form: Form, document: Json, place: Place) -> Json:
    """Return what is asked at *place*, what of it must be answered, and what is wrong."""
    level = level_at(top(form, document), form, place)
    if level is None:
        return None
    return {
        "asked": [element.id for element in asked_at(level, form, place)],
        "required": [
            element.id
            for element in elements_at(form, place)
            if isinstance(element, Question) and element.required.holds(level.scope)
        ],
        "values": {
            element.id: level.raw.get(element.id)
            for element in asked_at(level, form, place)
            if isinstance(element, Question) and element.type is QuestionType.CALCULATED
        },
        "problems": [
            [p.question, p.code, p.severity.value, p.message or p.code]
            for p in problems_at(level, form, place)
            if p.code not in LIMITS
        ],
    }
