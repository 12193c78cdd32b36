"""What a rehearsal writes: texts in one of six languages, each marked as a synthetic example.

They are put together from the form's own wording and from sentences that name nobody.
"""

from typing import Any, Final

from app.forms.definition import Choice, Question
from app.forms.draws import Draws
from app.reference.files import rows, text

FILE: Final = "rehearsal_texts"
_WEB: Final = ("https://", "http://")
_ENDS: Final = ".?!:\u061f\u3002\uff1a\uff1f"  # of a sentence, in the six languages
_LONGEST: Final = 80  # characters of a name without a language


class Words:
    """Writes in *language*; uses the wording of a form only if it is *worded* in that language."""

    def __init__(self, language: str, *, worded: bool) -> None:
        self.language = language
        self._worded = worded
        keys = [row["key"] for row in rows(FILE)]
        self._sentences = [key for key in keys if key.startswith("sentence_")]
        self._phrases = [key for key in keys if key.startswith("phrase_")]
        self._topics = [row[language] for row in rows("target_names")]

    def text(self, question: Question, draws: Draws, title: str, number: int) -> Any:  # noqa: ANN401 - an answer
        """Return an answer to a question that asks for a text.

        title   what one row is, if the answer is its title; and *number* which row it is
        """
        if not question.has_language:
            return self._plain(question, draws)
        if title:
            said = self._title(title, draws, number, self.language)
        elif question.is_long:
            said = self.marked(self._long(question, draws))
        else:
            said = self.marked(self._of(self._phrases, draws))
        return {self.language: {"text": said}}

    def explanation(self, draws: Draws) -> Any:  # noqa: ANN401 - an answer
        """Return why a warning of the form does not hold."""
        said = self.marked(self._of(self._sentences, draws))
        return {self.language: {"text": said}}

    def of_length(self, question: Question, length: int) -> Any:  # noqa: ANN401 - an answer
        """Return a text of so many characters."""
        phrase = self.marked(text(self._sentences[0], self.language, FILE)) + " "
        said = (phrase * (length // len(phrase) + 1))[:length].rstrip().ljust(length, ".")
        return self.quoted(question, said)

    def quoted(self, question: Question, said: str) -> Any:  # noqa: ANN401 - an answer
        """Return *said* as an answer to a question that asks for a text."""
        return {self.language: {"text": said}} if question.has_language else said

    def no_date(self) -> str:
        """Return what somebody types who does not know the day yet."""
        return text("someday", self.language, FILE)

    def withdrawn(self) -> str:
        """Return why something signed is withdrawn."""
        return text("withdrawn", self.language, FILE)

    def marked(self, said: str) -> str:
        """Return *said*, marked as a synthetic example."""
        return text("mark", self.language, FILE).format(text=said)

    def _title(self, what: str, draws: Draws, number: int, language: str) -> str:
        pattern = text("title", language, FILE)
        return pattern.format(what=what, number=number, name=draws.one(self._topics))

    def _long(self, question: Question, draws: Draws) -> str:
        count = draws.weighted(((1, 50), (2, 35), (3, 15)))
        said = [text(key, self.language, FILE) for key in draws.some(self._sentences, count)]
        asked = [self._asked(question)] if self._worded and draws.chance(40) else []
        return ("" if self.language == "zh" else " ").join([*asked, *said])

    def _asked(self, question: Question) -> str:
        """Return the label of a question, as a sentence."""
        label = question.label.rstrip()
        return (
            label if label[-1:] in _ENDS else label + ("\u3002" if self.language == "zh" else ".")
        )

    def _of(self, keys: list[str], draws: Draws) -> str:
        return text(draws.one(keys), self.language, FILE)

    def _plain(self, question: Question, draws: Draws) -> str:
        """Return an address, or a name that nobody bears."""
        number = 1 + draws.below(9_000)
        if any(sign in f"{question.hint} {question.label}" for sign in _WEB):
            return f"https://example.org/{question.id.replace('_', '-')}/{number}"
        if "mail" in question.id:
            return f"example-{number}@example.org"
        return self.marked(_short(question, question.item)) + f" {number}"


def _short(question: Question, item: Choice | None) -> str:
    return (item.label if item else question.label).rstrip("?؟ .\uff1f")[:_LONGEST]
