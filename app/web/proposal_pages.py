"""The pages of whoever may suggest answers: a home, and one page per section, item and row.

They are those of a draft, with what was suggested in the place of the answers. Each button saves
first. A page carries the versions that it shows, so that one that is old undoes nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.errors import InvalidInputError, NotFoundError
from app.extensions import db
from app.forms.answers import read_answers
from app.forms.definition import Form
from app.forms.places import Place, parse_place
from app.forms.relevance import level_at, top
from app.models.base import new_id
from app.models.proposal import Proposal, ProposalKind, ProposalState, SuggestionState
from app.services import proposals as verbs
from app.services.collections import is_open
from app.services.on_behalf import ask_to_confirm
from app.services.operations import questions_at
from app.services.proposal_reading import keys_at
from app.services.suggesting import suggest, take_back_row
from app.services.suggestion_pages import Told
from app.web.clashes import VERSION, Clash, posted_operations, said_above, with_mine
from app.web.draft_lists import keys_of, part_wished, part_with, parts_shown, spans_of
from app.web.draft_pages import (
    DraftPage,
    Grid,
    Listing,
    asked_ids,
    draft_page,
    is_there,
    list_anchor,
    page_title,
    repeat_at,
    trail,
)
from app.web.fields import Field
from app.web.locale import language
from app.web.proposal_front import SEEN, Front, posted_shown
from app.web.submissions import party_name
from app.web.titles import Title, shortened, title_at

Check = Callable[[Callable[..., ResponseReturnValue]], Callable[..., ResponseReturnValue]]


class Part(NamedTuple):
    """A place that the holder is invited to, in the list of its home."""

    place: Place
    title: Title
    around: str  # title of its section; empty for a section
    suggested: int  # in it, and not decided
    is_asked: bool


class OwnClash(Clash):
    """An answer that was suggested from two pages at once, by the same holder."""

    @property
    def summary(self) -> str:
        """Return what has happened, for the top of the page."""
        asked = self.question.label
        return str(_("Changed from another page too: %(question)s", question=asked))


def add_views(bp: Blueprint, check: Check) -> None:
    """Give a blueprint the pages of a proposal; *check* loads it."""
    for rule, method, view in _VIEWS:
        bp.add_url_rule(rule, view.__name__, check(view), methods=[method])


def home(proposal: Proposal) -> ResponseReturnValue:
    """Show what the holder is asked for, until when, and the parts to fill in."""
    front = Front.of(proposal)
    reader = front.reader()
    document = reader.whole()
    waiting = [each.place for each in reader.suggested]
    parts = [
        Part(
            place=place,
            title=title_at(front.form, document, place),
            around=_section_title(front.form, place) if place.steps else "",
            suggested=sum(1 for path in waiting if f"{path}/".startswith(f"{place}/")),
            is_asked=level_at(top(front.form, document), front.form, place) is not None,
        )
        for place in front.places()
    ]
    return render_template(
        "proposals/home.html",
        front=front,
        proposal=proposal,
        submission=front.submission,
        form=front.form,
        party=party_name(front.submission),
        parts=parts,
        way_up=front.way_up(),
        count=len(waiting),
        is_open=is_open(front.submission.collection),
        is_handed_in=proposal.state is ProposalState.HANDED_IN,
        collection=front.submission.collection,
    )


def hand_in(proposal: Proposal) -> ResponseReturnValue:
    """Say that one is done."""
    front = Front.of(proposal)
    if proposal.state is ProposalState.OPEN:
        if proposal.kind is ProposalKind.ON_BEHALF:
            return _ask_to_confirm(front)
        verbs.hand_in(db.session(), proposal)
        db.session.commit()
    flash(_("Handed in. The Party is told by mail, and decides what it takes."), "success")
    return redirect(front.address(), 303)


def _ask_to_confirm(front: Front) -> ResponseReturnValue:
    """Hand in what was entered on behalf of a Party; say where nobody can confirm it yet."""
    try:
        told = ask_to_confirm(db.session(), front.proposal, front.form)
    except InvalidInputError:  # the document was taken away meanwhile
        db.session.rollback()
        flash(_("Attach the document of the Party first."), "warning")
        return redirect(url_for("sources.index", submission_id=front.submission.id), 303)
    db.session.commit()
    if told:
        flash(_("Handed in. Who signs for the Party is told by mail."), "success")
    else:
        told_nobody = _("Handed in. Nobody signs for this Party yet, so nobody was told by mail.")
        flash(told_nobody, "warning")
    return redirect(front.address(), 303)


def go_on(proposal: Proposal) -> ResponseReturnValue:
    """Write on after handing in."""
    front = Front.of(proposal)
    verbs.go_on(db.session(), proposal)
    db.session.commit()
    flash(_("You can write on. Hand in again when you are done."), "success")
    return redirect(front.address(), 303)


def show(proposal: Proposal, place: str) -> ResponseReturnValue:
    """Show the page of a place."""
    front, here = _at(proposal, place)
    reader = front.reader()
    spans = spans_of(reader, here, request.args)
    document = reader.document(here, keys_of(spans))
    if not is_there(front.form, document, here):
        raise NotFoundError(what="place", code=place)
    page = _page(front, document, here, tell_missing="problems" in request.args, spans=spans)
    new = request.args.get("new", "").split(",")
    return _render(front, document, page, summary="problems" in request.args, new=new)


def add(proposal: Proposal, place: str, container: str) -> ResponseReturnValue:
    """Show an empty row. It is suggested when its page is saved, at the address of its own."""
    front, parent = _at(proposal, place)
    repeat_at(front.form, parent, container)
    here = parent.child(container, new_id())
    document = front.reader().document(here)
    if not is_there(front.form, document, parent):
        raise NotFoundError(what="place", code=place)
    return _render(front, document, _page(front, document, here, tell_missing=False))


def save(proposal: Proposal, place: str) -> ResponseReturnValue:
    """Keep what was typed; then go where the button says, or stay while there are problems."""
    front, here = _at(proposal, place)
    before = asked_ids(front.form, front.reader().document(here), here)
    was_handed_in = proposal.state is ProposalState.HANDED_IN
    typed = read_answers(
        questions_at(front.form, here).values(),
        request.form.to_dict(flat=False),
        locale=language(),
        language=front.writing_language,
    )
    outcomes = suggest(
        db.session(), proposal, front.form, here, typed, posted_shown(), posted_operations()
    )
    db.session.commit()
    if was_handed_in and proposal.state is ProposalState.OPEN:
        flash(_("You have changed what you had handed in. Hand it in again."), "warning")
    return _after(front, here, before, outcomes)


def ask_to_remove(proposal: Proposal, place: str) -> ResponseReturnValue:
    """Ask whether to take back a row that one has suggested."""
    front, here = _at(proposal, place)
    if str(here) not in front.own_rows:
        raise NotFoundError(what="row", code=place)
    document = front.reader().document(here)
    return render_template(
        "proposals/remove.html",
        front=front,
        form=front.form,
        title=page_title(front.form, document, here),
        steps=_steps(front, document, here),
        back=_list_address(front, here),
        collection=front.submission.collection,
    )


def remove(proposal: Proposal, place: str) -> ResponseReturnValue:
    """Take back a row that one has suggested, and all in it."""
    front, here = _at(proposal, place)
    back = _list_address(front, here)
    take_back_row(db.session(), proposal, front.form, here)
    db.session.commit()
    flash(_("Removed. It is no longer suggested."), "success")
    return redirect(back, 303)


_VIEWS: Final[tuple[tuple[str, str, Callable[..., ResponseReturnValue]], ...]] = (
    ("", "GET", home),
    ("/hand-in", "POST", hand_in),
    ("/go-on", "POST", go_on),
    ("/draft/<path:place>", "GET", show),
    ("/draft/<path:place>", "POST", save),
    ("/draft/<path:place>/<container>/add", "GET", add),
    ("/draft/<path:place>/remove", "GET", ask_to_remove),
    ("/draft/<path:place>/remove", "POST", remove),
)


def _at(proposal: Proposal, place: str) -> tuple[Front, Place]:
    """Return the front, and the place; raise NotFoundError for one that the holder may not see."""
    here = parse_place(place)
    verbs.need_allowed(proposal, here)
    return Front.of(proposal), here


def _after(
    front: Front, here: Place, asked_before: frozenset[str], outcomes: Sequence[Told]
) -> ResponseReturnValue:
    """Answer a save: go on, stay because new questions have appeared, or show the problems."""
    verb, _colon, rest = request.form.get("then", "continue").partition(":")
    reader = front.reader()
    spans = spans_of(reader, here, request.form)
    document = reader.document(here, keys_of(spans))
    if clashes := _clashes(front, here, outcomes):
        shown = with_mine(document, here, clashes)
        page = _page(front, shown, here, tell_missing=False)
        return _render(front, shown, page, clashes=clashes), 409
    if verb == "go":
        return redirect(front.address(rest, **{"from": str(here)}), 303)
    if part := part_wished(verb, rest, request.form):
        anchor = list_anchor(here, part.container)
        query = {name: value for name, value in part.query.items() if value}
        return redirect(front.address(here, _anchor=anchor, **query), 303)
    new = asked_ids(front.form, document, here) - asked_before
    page = _page(front, document, here, tell_missing=verb != "stay", spare=new, spans=spans)
    if new:
        flash(_("Saved. By your answer there is more to fill in on this page."), "info")
    if page.wrong:
        return _render(front, document, page, summary=True, is_saved=True, new=new), 422
    if new or verb == "stay":
        if not new:
            flash(_("Saved."), "success")
        return redirect(_again(front, here, new), 303)
    flash(_("Saved."), "success")
    return redirect(_onwards(front, here), 303)


def _clashes(front: Front, here: Place, outcomes: Sequence[Told]) -> list[Clash]:
    questions = questions_at(front.form, here)
    return [
        OwnClash(
            question=questions[each.question],
            mine=each.mine,
            theirs=each.answer,
            told="",
            is_again=False,
        )
        for each in outcomes
        if each.state is SuggestionState.CLASH
    ]


def _page(
    front: Front,
    document: Mapping[str, Any],
    here: Place,
    *,
    tell_missing: bool,
    spare: frozenset[str] = frozenset(),
    spans: Mapping[str, Any] | None = None,
) -> DraftPage:
    page = draft_page(
        front.form,
        document,
        here,
        language=front.writing_language,
        tell_missing=tell_missing,
        spare=spare,
        spans=spans,
    )
    return bounded(page, keys_at(front.form, front.proposal, here))


def bounded(page: DraftPage, seen: frozenset[str]) -> DraftPage:
    """Return *page* without the questions that its reader does not see; its lists stay."""
    blocks: list[Field | Grid | Listing] = []
    for block in page.blocks:
        if isinstance(block, Grid):
            rows = tuple(row for row in block.rows if row.question.id in seen)
            blocks += [replace(block, rows=rows)] if rows else []
        elif isinstance(block, Listing):
            blocks.append(block)
        elif block.question.id in seen:
            told_of = tuple(each for each in block.explanations if each.question.id in seen)
            blocks.append(replace(block, explanations=told_of))
    lists = {block.container.id for block in blocks if isinstance(block, Listing)}
    problems = tuple(p for p in page.problems if p.question in seen | lists)
    return replace(page, blocks=tuple(blocks), problems=problems)


def _render(
    front: Front,
    document: Mapping[str, Any],
    page: DraftPage,
    *,
    summary: bool = False,
    is_saved: bool = False,
    new: Iterable[str] = (),
    clashes: Sequence[Clash] = (),
) -> str:
    return render_template(
        "proposals/page.html",
        front=front,
        proposal=front.proposal,
        form=front.form,
        page=page,
        steps=_steps(front, document, page.place),
        is_saved=is_saved,
        new=new,
        onwards=_onwards(front, page.place) if is_saved else "",
        is_own=str(page.place) in front.own_rows,
        version_name=VERSION,
        version=front.draft_version,
        seen_name=SEEN,
        page_id=new_id(),
        **said_above(front.form, page, clashes, tells_problems=summary),
        collection=front.submission.collection,
        party=party_name(front.submission),
    )


def _steps(front: Front, document: Mapping[str, Any], here: Place) -> list[tuple[str, str]]:
    """Return the way up from a page, as far as the holder may go."""
    around = [
        (shortened(title.text), front.address(place))
        for title, place in trail(front.form, document, here)
        if front.proposal.allows(place)
    ]
    return [(front.form.title, front.address()), *around]


def _onwards(front: Front, here: Place) -> str:
    """Return where to go from a page that is done: back to its list, or to the home."""
    parent = here.parent
    if parent is not None and front.proposal.allows(parent):
        return _list_address(front, here)
    return front.address()


def _list_address(front: Front, here: Place) -> str:
    """Return where an item or row stands in its list; the home, if that is not to be seen."""
    parent = here.parent
    if parent is None or not front.proposal.allows(parent):
        return front.address()
    return front.address(parent, _anchor=list_anchor(here), **part_with(front.reader(), here))


def _again(front: Front, here: Place, new: Iterable[str]) -> str:
    shown: dict[str, object] = dict(parts_shown(request.form))
    if names := ",".join(sorted(new)):
        shown["new"] = names
    return front.address(here, **shown)


def _section_title(form: Form, place: Place) -> str:
    section = form.section(place.section)
    return section.title if section else ""
