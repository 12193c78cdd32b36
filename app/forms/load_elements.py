"""Reads what a form asks: questions, matrices, loops, repeats, blocks; their rules and checks."""

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from app.forms.audience import sees
from app.forms.choice_lists import ChoiceLists
from app.forms.definition import (
    Audience,
    Check,
    Choice,
    Element,
    Loop,
    Matrix,
    Question,
    QuestionType,
    Repeat,
    Severity,
)
from app.forms.load_properties import exclusive_of, how_many, other_of, range_of
from app.forms.rule_kinds import kind_problems, value_kind, value_problems
from app.forms.rule_names import Frame, Named, unknown_name
from app.forms.rule_parser import RuleError
from app.forms.rules import ALWAYS, NEVER, Rule, parse_rule
from app.forms.wording import Wording
from app.forms.yaml_node import Node, nodes, suggestion

NOTHING: Final = ("not_applicable", "unknown")  # the kinds of nothing that a question may offer
MOST_ROWS: Final = 1000
LOOP: Final = "loop"
MATRIX: Final = "matrix"
REPEAT: Final = "repeat"

_COMMON: Final = ("id", "type", "label", "hint", "relevant", "source")
_QUESTION_KEYS: Final = (*_COMMON, "required", "checks", "allow", "audience", "provisional")
_LIST_KEYS: Final = ("choices", "ordered")
_CHOOSING: Final = (*_LIST_KEYS, "other")
_KEYS_BY_TYPE: Final = {
    QuestionType.NOTE: (*_COMMON, "provisional"),
    QuestionType.TEXT: (*_QUESTION_KEYS, "long", "language"),
    QuestionType.INTEGER: (*_QUESTION_KEYS, "unit", "range"),
    QuestionType.DECIMAL: (*_QUESTION_KEYS, "unit", "range"),
    QuestionType.DATE: (*_QUESTION_KEYS, "range"),
    QuestionType.SELECT_ONE: (*_QUESTION_KEYS, *_CHOOSING),
    QuestionType.SELECT_MULTIPLE: (*(*_QUESTION_KEYS, *_CHOOSING, "least", "most", "exclusive"),),
    QuestionType.REFERENCE: (*_QUESTION_KEYS, *_LIST_KEYS),
    QuestionType.CALCULATED: (*(*_COMMON, "rule", "unit", "checks", "audience", "provisional"),),
}
_IN_MATRIX: Final = (  # what may be asked about each item of a matrix
    *(QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE, QuestionType.TEXT),
    *(QuestionType.INTEGER, QuestionType.DECIMAL, QuestionType.DATE),
)
_NOT_IN_MATRIX: Final = ("checks", "other", "long")
_COLUMNS: Final = (  # those that stand before the variables in flat files
    *("submission", "collection", "form", "version", "party", "respondent_group", "language"),
    *("status", "submitted_at", "parent", "row", "position"),
)
_TYPES: Final = (QuestionType.TEXT, *(t for t in QuestionType if t != "text"), MATRIX, LOOP, REPEAT)
_LOOP_KEYS: Final = (*_COMMON, "items", "elements")
_REPEAT_KEYS: Final = (
    *(*_COMMON, "row_label", "row_title", "least", "most", "checks", "elements"),
)
_CHECK_KEYS: Final = ("id", "rule", "severity", "message")


class ElementReader:
    """Reads elements in the order asked; remembers which ids are taken and by what."""

    def __init__(
        self,
        words: Wording,
        lists: ChoiceLists,
        blocks: Node | None,
        all_ids: Collection[str],
    ) -> None:
        self.words = words
        self.lists = lists
        self.blocks = blocks
        self.all_ids = all_ids
        self.blocks_used: set[str] = set()
        self._taken: dict[str, tuple[int, str, list[tuple[str, ...]]]] = {}
        self._blocks_open: list[str] = []

    def read(self, parent: Node, frame: Frame) -> tuple[Element, ...]:
        """Return the elements listed in *parent*, which stand in *frame*."""
        if not parent.data.get("elements"):
            parent.wrong("elements", "nothing is asked here; write its elements")
        return self._elements(parent.nodes("elements"), frame)

    def claim(self, node: Node, frame: Frame, what: str) -> None:
        """Take the id of *node*; report it when it is taken already.

        The same question may stand in several containers, by a block; then neither of these may
        hold the other, or a rule could not tell which of the two it looks at.
        """
        if not node.where:
            return
        line, taken_by, paths = self._taken.setdefault(node.where, (node.data.line, what, []))
        is_block = what in ("question", "check") and taken_by == what and line == node.data.line
        if paths and not is_block:
            advice = "use the block once" if line == node.data.line else "choose another id"
            node.wrong("id", f"{node.where!r} is the id of a {taken_by} in line {line}; {advice}")
        elif any(_holds(path, frame.path) or _holds(frame.path, path) for path in paths):
            node.wrong("id", f"{node.where!r} stands here and around it; use the block once")
        paths.append(frame.path)

    def rule(
        self, node: Node, key: str, frame: Frame, default: Rule, *, is_value: bool = False
    ) -> Rule:
        """Return the rule that *node* gives under *key*; report every problem it has.

        is_value  whether it is to come to a number, date or text; else it is true or false
        """
        value = node.data.get(key)
        if value is None:
            return default
        if isinstance(value, bool) and not is_value:
            return ALWAYS if value else NEVER
        try:
            rule = parse_rule(str(value))
        except RuleError as error:
            node.wrong(key, f"{key}: {error}")
            return default
        known = {name: frame.find(name) for name in sorted(rule.names)}
        for name in [name for name, named in known.items() if named is None]:
            node.wrong(key, f"{key}: {unknown_name(name, frame, self.all_ids)}")
        names: dict[str, Named] = {n: named for n, named in known.items() if named is not None}
        if len(names) < len(known):
            return default
        matrices = frame.matrices(names)
        names |= {m: frame.names_at(m) for members in matrices.values() for m in members}
        kinds = {name: named.kind for name, named in names.items()}
        rule = parse_rule(str(value), kinds, matrices)
        for problem in (value_problems if is_value else kind_problems)(rule.tree, names):
            node.wrong(key, f"{key}: {problem}")
        return rule

    def _elements(self, listed: list[Node], frame: Frame) -> tuple[Element, ...]:
        found: list[Element] = []
        for node in listed:
            if node.has("use"):
                found.extend(self._block(node, frame))
            else:
                found.extend(self._element(node, frame))
        return tuple(found)

    def _block(self, node: Node, frame: Frame) -> tuple[Element, ...]:
        node.only(("use",))
        name = node.text("use", needed=True)
        if self.blocks is None or name not in self.blocks.data:
            known = self.blocks.data if self.blocks else ()
            node.wrong("use", f"there is no block {name!r}" + suggestion(name, known))
            return ()
        if name in self._blocks_open:
            node.wrong("use", f"the block {name!r} uses itself; remove this")
            return ()
        self.blocks_used.add(name)
        self._blocks_open.append(name)
        block = Node(self.blocks.data, self.blocks.file, name, self.blocks.problems)
        listed = nodes(block.data[name], block, name)
        elements = self._elements(listed, frame)
        self._blocks_open.pop()
        return elements

    def _element(self, node: Node, frame: Frame) -> tuple[Element, ...]:
        identifier = node.identifier()
        kind = node.one_of("type", _TYPES)
        if identifier in _COLUMNS:
            node.wrong("id", f"{identifier!r} is a column of every file; choose another id")
        self.claim(node, frame, kind if kind in (LOOP, REPEAT) else "question")
        if kind == LOOP:
            return (self._loop(node, identifier, frame),)
        if kind == REPEAT:
            return (self._repeat(node, identifier, frame),)
        if kind == MATRIX:
            return self._matrix(node, identifier, frame)
        return self._question(node, identifier, QuestionType(kind), frame)

    def _question(
        self, node: Node, identifier: str, kind: QuestionType, frame: Frame
    ) -> tuple[Question, ...]:
        """Return the question, and after it the one that asks what "other" is."""
        if node.data.get("type") == kind:
            node.only(_KEYS_BY_TYPE[kind])
        other, label = "", ""
        question = self._common(node, identifier, kind, frame)
        if kind in (QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE):
            other, label = other_of(node, kind, question.choices)
        question = replace(
            question,
            other=other,
            rule=self.rule(node, "rule", frame, NEVER, is_value=True),
            label=self._text(node, "label", needed=True),
            hint=self._text(node, "hint"),
        )
        if kind is QuestionType.CALCULATED:
            question = self._calculated(node, question, frame)
        frame.ask(question)  # from here on: its own checks may look at it
        question = replace(question, checks=self._checks(node, frame))
        return (question, self._other(node, question, label, frame)) if other else (question,)

    def _common(self, node: Node, identifier: str, kind: QuestionType, frame: Frame) -> Question:
        """Return what a question of this type is, without its words, checks and rule."""
        relevant = self.rule(node, "relevant", frame, ALWAYS)
        required = self.rule(node, "required", frame, NEVER)
        choice_list, choices = self._choices(node, kind)
        least, most = how_many(node, kind, choices)
        return Question(
            id=identifier,
            type=kind,
            label="",
            unit=node.text("unit"),
            choice_list=choice_list,
            choices=choices,
            is_managed=choice_list in self.lists.managed,
            is_ordered=node.flag("ordered"),
            is_long=node.flag("long"),
            has_language=self._has_language(node, kind),
            allow=node.several_of("allow", NOTHING),
            relevant=relevant,
            required=required,
            audience=Audience(node.one_of("audience", [*Audience], Audience.PUBLIC)),
            source=node.text("source"),
            is_provisional=node.flag("provisional"),
            range=range_of(node, kind),
            least=least,
            most=most,
            exclusive=exclusive_of(node, choices),
        )

    def _calculated(self, node: Node, question: Question, frame: Frame) -> Question:
        """Return a calculated question with the kind of what it comes to."""
        if not node.has("rule"):
            node.wrong("", "a calculated question has a rule; write what it comes to as 'rule'")
        for name in sorted(question.rule.names):
            named = frame.find(name)
            if named and not sees(question.audience, named.audience):
                node.wrong(
                    "audience",
                    f"it tells of {name}, which is not for everybody who may see this; write "
                    f"'audience: {named.audience}'",
                )
        names = {name: frame.names_at(name) for name in question.rule.names}
        return replace(question, gives=value_kind(question.rule.tree, names))

    def _other(self, node: Node, question: Question, label: str, frame: Frame) -> Question:
        """Return the text question that asks what the choice "other" of *question* is."""
        is_one = question.type is QuestionType.SELECT_ONE
        code = f'"{question.other}"'
        rule = f"{question.id} == {code}" if is_one else f"{code} in {question.id}"
        kinds = {question.id: frame.names_at(question.id).kind}
        return Question(
            id=f"{question.id}.other",
            type=QuestionType.TEXT,
            label=self.words.text(f"{question.id}.other", label, node.at),
            relevant=parse_rule(rule, kinds),
            required=ALWAYS,
            audience=question.audience,
        )

    def _matrix(self, node: Node, identifier: str, frame: Frame) -> tuple[Question, ...]:
        """Return a question for each item of a matrix."""
        kind = QuestionType(node.one_of("answers", _IN_MATRIX, QuestionType.SELECT_ONE))
        keys = (key for key in _KEYS_BY_TYPE[kind] if key not in _NOT_IN_MATRIX)
        node.only(("items", "answers", *keys))
        if isinstance(node.data.get("items"), list) and isinstance(node.data.get("choices"), list):
            node.wrong("choices", "write the choices, or the items, as a list of the form's own")
        if kind is QuestionType.TEXT and not node.has("language"):
            node.wrong("answers", "a text in a matrix has no language; write 'language: none'")
        item_list, items = self._items(node)
        matrix = Matrix(
            id=identifier,
            label=self._text(node, "label", needed=True),
            hint=self._text(node, "hint"),
            item_list=item_list,
            items=items,
        )
        common = self._common(node, identifier, kind, frame)
        questions = tuple(
            replace(
                common,
                id=f"{identifier}.{item.code}",
                label=f"{matrix.label} \u2013 {item.label}",
                hint=item.hint,
                matrix=matrix,
                item=item,
            )
            for item in items
        )
        frame.ask_matrix(identifier, questions)
        return questions

    def _choices(self, node: Node, kind: QuestionType) -> tuple[str, tuple[Choice, ...]]:
        if "choices" not in _KEYS_BY_TYPE[kind]:
            return "", ()
        return self.lists.of(node, "choices")

    def _items(self, node: Node) -> tuple[str, tuple[Choice, ...]]:
        """Return name and items of the list that a loop or matrix goes over: they are for ever."""
        name, items = self.lists.of(node, "items")
        if name in self.lists.managed:
            node.wrong(
                "items",
                f"the Secretariat adds to {name!r}; ask in a repeat whose rows choose from it",
            )
        return name, items

    def _has_language(self, node: Node, kind: QuestionType) -> bool:
        if kind is not QuestionType.TEXT:
            return False
        if node.has("language"):
            node.one_of("language", ["none"])
        return not node.has("language")

    def _loop(self, node: Node, identifier: str, frame: Frame) -> Loop:
        node.only(_LOOP_KEYS)
        relevant = self.rule(node, "relevant", frame, ALWAYS)
        item_list, items = self._items(node)
        return Loop(
            id=identifier,
            label=self._text(node, "label", needed=True),
            hint=self._text(node, "hint"),
            item_list=item_list,
            items=items,
            elements=self.read(node, frame.open(identifier)),
            relevant=relevant,
            source=node.text("source"),
        )

    def _repeat(self, node: Node, identifier: str, frame: Frame) -> Repeat:
        node.only(_REPEAT_KEYS)
        relevant = self.rule(node, "relevant", frame, ALWAYS)
        inside = frame.open(identifier)
        elements = self.read(node, inside)
        repeat = Repeat(
            id=identifier,
            label=self._text(node, "label", needed=True),
            row_label=self._text(node, "row_label", needed=True),
            hint=self._text(node, "hint"),
            row_title=node.text("row_title"),
            least=node.whole("least", 0),
            most=node.whole("most", MOST_ROWS),
            elements=elements,
            relevant=relevant,
            checks=self._checks(node, frame.of_rows(inside)),
            source=node.text("source"),
        )
        if not repeat.least <= repeat.most:
            node.wrong("most", "'most' is less than 'least'; correct one of them")
        self._check_row_title(node, repeat)
        return repeat

    def _check_row_title(self, node: Node, repeat: Repeat) -> None:
        known = [e.id for e in repeat.elements if isinstance(e, Question)]
        if repeat.row_title and repeat.row_title not in known:
            message = f"row_title: {repeat.row_title!r} is no question of a row"
            node.wrong("row_title", message + suggestion(repeat.row_title, known))

    def _checks(self, node: Node, frame: Frame) -> tuple[Check, ...]:
        checks = []
        for entry in node.nodes("checks"):
            identifier = entry.identifier()
            entry.only(_CHECK_KEYS)
            self.claim(entry, frame, "check")
            if not entry.has("rule"):
                entry.wrong("", "a check has a rule; write what must hold as 'rule'")
            checks.append(
                Check(
                    id=identifier,
                    rule=self.rule(entry, "rule", frame, ALWAYS),
                    severity=Severity(entry.one_of("severity", [*Severity], Severity.PROBLEM)),
                    message=self._text(entry, "message", needed=True),
                )
            )
        return tuple(checks)

    def _text(self, node: Node, key: str, *, needed: bool = False) -> str:
        return self.words.text(f"{node.where}.{key}", node.text(key, needed=needed), node.at)


def _holds(outer: tuple[str, ...], inner: tuple[str, ...]) -> bool:
    """Tell whether one container path is the other, or around it."""
    return inner[: len(outer)] == outer
