"""Rehearsal: plausible answers to any form, made from nothing but the form, alike for a seed.

They could be signed: what is asked and required is answered, checks hold, warnings are explained.
Nobody is in them, neither real nor invented; each text says that it is a synthetic example. The
same form, seed and settings give the same answers in every process and on every machine.
"""

from collections.abc import Iterator
from datetime import date

from app.forms.accept import PROBLEMS
from app.forms.checks import blocking, check_form
from app.forms.definition import Form, Question, QuestionType
from app.forms.draws import Draws
from app.forms.places import Document, Place, assemble, elements_at, split
from app.forms.rehearsal_answers import Around, Drawer, Leanings
from app.forms.rehearsal_fill import Filling
from app.forms.rehearsal_mend import mend
from app.forms.rehearsal_words import Words


class Rehearsal:
    """Answers one form, in one language of writing. *form* is best read in that language too.

    until      the last day that an answer speaks of
    leanings   what is how likely, by id of a question or repeat; else the form alone decides
    """

    def __init__(
        self, form: Form, *, language: str, until: date, leanings: Leanings | None = None
    ) -> None:
        self.form = form
        self.words = Words(language, worded=form.locale == language)
        self.drawer = Drawer(self.words, until, leanings or {})

    def document(self, seed: str) -> Document:
        """Return all the answers of one Party or respondent, such as they could be signed.

        Problems stay only where no answers were found that break no rule: the form may have none.
        """
        document: Document = {}
        Filling(self.form, self.drawer, seed).fill(document)
        return self._mended(document, seed)

    def revised(self, document: Document, seed: str) -> Document:
        """Return *document* as a later revision has it: a few answers are given anew."""
        parts = split(self.form, document)
        draws, decisive = Draws(f"{seed}:revised"), self._decisive()
        for part in draws.some(parts, min(len(parts), 4)):
            asked = [q for q in self._questions_at(part.place) if q.id in part.answers]
            free = [question for question in asked if question.id not in decisive]
            for question in draws.some(free, min(len(free), 2)):
                answer = self.drawer.plausible(question, draws, Around())
                part.answers[question.id] = answer or part.answers[question.id]
        return self._mended(assemble(self.form, parts), f"{seed}:revised")

    def unfinished(self, document: Document, seed: str, *, percent: int = 100) -> Document:
        """Return the beginning of *document* as a draft: answers missing, a day not understood.

        percent   how much of it is there
        """
        parts = split(self.form, document)
        parts = parts[: max(len(parts) * percent // 100, 1)]
        draws, spoilt = Draws(f"{seed}:unfinished"), False
        for part in reversed(parts):
            for question in self._questions_at(part.place):
                if question.id not in part.answers:
                    continue
                if question.type is QuestionType.DATE and not spoilt:
                    part.answers[question.id] = self._not_understood(question)
                    spoilt = True
                elif len(part.answers) > 1 and draws.chance(12):
                    part.answers.pop(question.id)
        return assemble(self.form, parts)

    def _mended(self, document: Document, seed: str) -> Document:
        if blocking(check_form(self.form, document)):
            return mend(self.form, self.drawer, document, seed)
        return document

    def _questions_at(self, place: Place) -> Iterator[Question]:
        for element in elements_at(self.form, place):
            if isinstance(element, Question) and element.is_typed:
                yield element

    def _decisive(self) -> frozenset[str]:
        """Return the ids of what decides on what is asked."""
        rules = [e.relevant for e in self.form.elements()]
        rules += [section.relevant for section in self.form.sections]
        return frozenset(step for rule in rules for name in rule.names for step in name.split("."))

    def _not_understood(self, question: Question) -> Document:
        typed = {"typed": self.words.no_date(), "locale": self.words.language}
        return {**typed, "problem": PROBLEMS[question.type]}
