"""What translators send back, checked against the texts: what changes, and every problem by line.

A proposal with a problem is not taken; all others are. Nothing is ever removed: a translation left
empty leaves what was there.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from app.texts.definition import Said, Source, State, Text, plural_forms

PLACEHOLDER: Final = re.compile(r"%\(\w+\)[-+ 0-9.]*[a-zA-Z]|\{\w*\}|%%")
COUNT: Final = frozenset({"%(num)s", "%(num)d"})  # a form for one or two may say it in words
MARKUP: Final = re.compile(r"</?[A-Za-z!][^>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]+);")
# Marks of direction that open a run, and the sign of a text that was lost: invisible, or damage.
_REFUSED: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One translation in a file that came back."""

    line: int  # of a PO file, or row of a sheet
    key: str
    english: str  # as the file has it
    forms: Mapping[int, str]  # what it says, by plural form
    is_done: bool = True  # a translator says that it holds, although it is as it was


@dataclass(frozen=True, slots=True, kw_only=True)
class TextProblem:
    """Something wrong with one line. The codes are worded in `app/wording/texts.py`."""

    code: str
    file: str = ""  # the file or sheet
    line: int = 0  # 0: the file as a whole
    key: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a language is to say from now on."""

    text: Text
    before: Said
    forms: tuple[str, ...]

    @property
    def is_confirmed(self) -> bool:
        """Whether it stays as it was although the English has changed."""
        return self.forms == self.before.forms


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came of checking the proposals for one source in one language."""

    source: Source
    language: str
    changes: tuple[Change, ...]
    problems: tuple[TextProblem, ...]
    same: int = 0  # proposals that say what is said already
    empty: int = 0  # texts left without a translation


def check(source: Source, language: str, proposals: Iterable[Proposal], file: str = "") -> Checked:
    """Return what the proposals change in *language*, and what is wrong with them.

    file  how problems name the file or sheet
    """
    texts = {text.key: text for text in source.texts}
    changes: list[Change] = []
    problems: list[TextProblem] = []
    first: dict[str, int] = {}
    same = empty = 0
    for proposal in proposals:
        found = list(_problems(source, language, proposal, texts, first))
        first.setdefault(proposal.key, proposal.line)
        for code, details in found:
            problems.append(
                TextProblem(
                    code=code, file=file, line=proposal.line, key=proposal.key, details=details
                )
            )
        if found:
            continue
        if not any(proposal.forms.values()):
            empty += 1
            continue
        text = texts[proposal.key]
        before = source.says(language, text)
        forms = tuple(proposal.forms[form] for form in range(len(proposal.forms)))
        is_stale = source.state(language, text) is State.STALE
        if forms == before.forms and not (is_stale and proposal.is_done):
            same += 1
        else:
            changes.append(Change(text=text, before=before, forms=forms))
    return Checked(
        source=source,
        language=language,
        changes=tuple(changes),
        problems=tuple(problems),
        same=same,
        empty=empty,
    )


def standing_problems(source: Source, language: str) -> list[TextProblem]:
    """Return what is wrong with what *language* says now; missing and stale texts too."""
    found = []
    for text in source.texts:
        said = source.says(language, text)
        state = source.state(language, text)
        codes: list[tuple[str, Mapping[str, object]]] = []
        if state is not State.TRANSLATED:
            codes.append((state.value, {"english": text.english}))
        if state is not State.MISSING:
            codes += _faults(text, said.forms)
        found += [
            TextProblem(code=code, file=source.id, key=text.key, details=details)
            for code, details in codes
        ]
    return found


def placeholders(text: Text) -> list[str]:
    """Return the names in a text that a program fills in, in their order, each once."""
    return list(dict.fromkeys(PLACEHOLDER.findall(f"{text.english} {text.plural}")))


def _problems(
    source: Source,
    language: str,
    proposal: Proposal,
    texts: Mapping[str, Text],
    first: Mapping[str, int],
) -> Iterator[tuple[str, Mapping[str, object]]]:
    text = texts.get(proposal.key)
    if text is None:
        yield "unknown_key", {"source": source.id, "english": proposal.english}
        return
    if proposal.key in first:
        yield "doubled_key", {"first": first[proposal.key]}
        return
    if not any(proposal.forms.values()):
        return
    if proposal.english != text.english:
        yield "stale_english", {"english": text.english, "found": proposal.english}
    wanted = plural_forms(language, text)
    given = sum(1 for said in proposal.forms.values() if said)
    if given != wanted or set(proposal.forms) != set(range(wanted)):
        yield "wrong_plurals", {"wanted": wanted, "given": given}
        return
    yield from _faults(text, tuple(proposal.forms[form] for form in range(wanted)))


def _faults(text: Text, forms: tuple[str, ...]) -> list[tuple[str, Mapping[str, object]]]:
    """Return what is wrong with the words themselves, each thing once."""
    found: dict[str, Mapping[str, object]] = {}
    english = f"{text.english} {text.plural}"
    wanted = set(PLACEHOLDER.findall(text.plural or text.english))
    known = set(PLACEHOLDER.findall(english))
    for number, form in enumerate(forms):
        has = set(PLACEHOLDER.findall(form))
        is_last = number == len(forms) - 1
        lost = wanted - has - (set() if is_last else COUNT)
        if lost:
            found.setdefault("lost_placeholder", {"names": sorted(lost)})
        if has - known:
            found.setdefault("strange_placeholder", {"names": sorted(has - known)})
        markup = set(MARKUP.findall(form)) - set(MARKUP.findall(english))
        if markup:
            found.setdefault("markup", {"names": sorted(markup)})
        controls = {sign for sign in form if _is_control(sign)} - set(english)
        if controls:
            names = sorted(f"U+{ord(sign):04X}" for sign in controls)
            found.setdefault("control_characters", {"names": names})
        if not form.strip():
            found.setdefault("blank", {})
    return list(found.items())


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cs", "Cn", "Co", "Zl", "Zp"} or sign in _REFUSED
