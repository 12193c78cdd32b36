"""A small form with every kind of question and container, built without YAML."""

from app.forms.definition import (
    Audience,
    Check,
    Choice,
    Form,
    Loop,
    Question,
    QuestionType,
    Repeat,
    Section,
    Severity,
)
from app.forms.rules import ALWAYS, Rule, parse_rule

YES_NO = (Choice(code="yes", label="Yes"), Choice(code="no", label="No"))
TOOLS = (
    Choice(code="survey", label="Survey"),
    Choice(code="map", label="Map"),
    Choice(code="model", label="Model"),
)
TARGETS = (Choice(code="t-01", label="Target 1"), Choice(code="t-02", label="Target 2"))
KINDS = {"area": "number", "year": "number", "done_on": "date", "tools": "codes"}


def rule(source: str) -> Rule:
    return parse_rule(source, {**KINDS, "rows.share": "number", "actions": "container"})


def choose(question: str, *, required: Rule | None = None, relevant: Rule = ALWAYS) -> Question:
    return Question(
        id=question,
        type=QuestionType.SELECT_ONE,
        label=question,
        choice_list="yes_no",
        choices=YES_NO,
        required=required or rule("false"),
        relevant=relevant,
    )


def text(question: str, *, has_language: bool = True, relevant: Rule = ALWAYS) -> Question:
    return Question(
        id=question,
        type=QuestionType.TEXT,
        label=question,
        has_language=has_language,
        relevant=relevant,
    )


PLAN = Section(
    id="plan",
    title="Plan",
    elements=(
        Question(id="intro", type=QuestionType.NOTE, label="Read this"),
        choose("has_plan", required=rule("true")),
        Question(
            id="year",
            type=QuestionType.INTEGER,
            label="Year",
            allow=("unknown",),
            relevant=rule('has_plan == "yes"'),
            required=rule("true"),
            checks=(
                Check(
                    id="year_late",
                    rule=rule("year <= 2030"),
                    severity=Severity.WARNING,
                    message="Late.",
                ),
                Check(
                    id="year_old",
                    rule=rule("year >= 1990"),
                    severity=Severity.PROBLEM,
                    message="Old.",
                ),
            ),
        ),
        text("reference", has_language=False, relevant=rule("year > 2000")),
        Question(
            id="tools",
            type=QuestionType.SELECT_MULTIPLE,
            label="Tools",
            choices=TOOLS,
            allow=("not_applicable",),
        ),
    ),
)
TARGET_LOOP = Loop(
    id="targets",
    label="Targets",
    items=TARGETS,
    elements=(
        choose("adopted"),
        text("how", relevant=rule('adopted == "yes"')),
        Repeat(
            id="assessments",
            label="Assessments",
            row_label="Assessment",
            relevant=rule('adopted == "yes"'),
            elements=(
                Question(id="done_on", type=QuestionType.DATE, label="Done on"),
                Question(
                    id="private",
                    type=QuestionType.TEXT,
                    label="Private",
                    audience=Audience.PARTY,
                    has_language=False,
                ),
            ),
        ),
    ),
)
ACTION_REPEAT = Repeat(
    id="actions",
    label="Actions",
    row_label="Action",
    least=1,
    most=3,
    checks=(
        Check(
            id="shares",
            rule=parse_rule("sum(rows.share) <= 100", {"rows.share": "number"}),
            severity=Severity.PROBLEM,
            message="More than all.",
        ),
    ),
    elements=(
        text("title"),
        Question(id="share", type=QuestionType.INTEGER, label="Share", unit="%"),
        Loop(id="years", label="Years", items=TARGETS, elements=(text("what"),)),
        Repeat(
            id="steps",
            label="Steps",
            row_label="Step",
            elements=(text("step"), text("by_whom", has_language=False)),
        ),
    ),
)
FORM = Form(
    agreement="cbd",
    id="tiny",
    version=1,
    wording=1,
    title="Tiny",
    sections=(
        PLAN,
        Section(id="aims", title="Aims", elements=(TARGET_LOOP,)),
        Section(
            id="work",
            title="Work",
            relevant=rule('has_plan == "yes"'),
            elements=(ACTION_REPEAT,),
        ),
    ),
)
