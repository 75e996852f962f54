"""The protocol of groups formed from wishes: who gets what and by which wish, who gets nothing and why, signatures.

Source: R-DOC-8, R-ADM-19, R-ADM-34 in docs/rules.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from documents import admission_parts as parts
from documents import labels, protocol
from documents.admission_views import DataState
from documents.head import Panel
from documents.kit.flow import Flow
from documents.kit.pdf import Page
from documents.kit.table import Column, Row, Table
from models.contract.admission_records import Category
from models.contract.admission_words import PROGRAMMES, exact, word
from models.contract.collection_records import Collection, Forming, FormingLine
from models.contract.records import Provider
from models.contract.sentences import sentence
from models.domain.problems import Problem
from translations import N_, _, c_, formats

STATES: Final = {
    "planned": N_("Computed: no place is given yet"),
    "issued": N_("Places given"),
    "cancelled": N_("Cancelled"),
    "stale": N_("Out of date: queue, wishes or places have changed since"),
}

WHY: Final = {
    "language-does-not-fit": N_("the application does not ask for its language."),
    "age-does-not-fit": N_("the age does not fit."),
    "group-closed": N_("the group is closed."),
    "correction-does-not-fit": N_("another kind of correction."),
    "group-is-special": N_("the group is of special education."),
}
"""Why a wish does not count, said to an officer; a family reads longer sentences that say what to do."""


@dataclass(frozen=True, slots=True)
class FormingView:
    """A result with its lines in order; ``names`` are kindergarten and group by the group's id."""

    department: Provider
    collection: Collection
    forming: Forming
    lines: Sequence[FormingLine]
    categories: Sequence[Category]
    names: Mapping[int, tuple[str, str]]
    data: DataState


def build(view: FormingView, language: str, made_at: datetime) -> bytes:
    """Return the protocol as PDF; one that is not issued is marked as a draft. The same input gives the same bytes."""
    return parts.paper(partial(title, view), partial(pages, view, made_at), language, made_at)


def title(view: FormingView) -> str:
    """Return what the paper is called, in the language in force."""
    return _("Protocol of the forming of groups {number}").format(number=view.forming.number)


def pages(view: FormingView, made_at: datetime) -> list[Page]:
    """Return the pages of a protocol in the language in force."""
    forming = view.forming
    flow = protocol.begin(title(view), forming, made_at, view.department, view.data)
    _head(flow, view)
    parts.stale_notice(flow, made_at, view.department, view.data)
    flow.heading(c_("paper", "Parameters"))
    parts.facts(flow, _parameters(view))
    protocol.categories(flow, view.categories, view.lines)
    _lines(flow, view)
    _groups(flow, view)
    text = _(
        "All places are given at once. One officer has the result computed, another gives the places; a result "
        "that would be another by then is not issued."
    )
    protocol.end(flow, text, _("Computed by"), forming)
    return flow.pages()


def verdict(line: FormingLine, names: Mapping[int, tuple[str, str]]) -> str:
    """Return what an application got, or why nothing, in the language in force."""
    if line.group_id is not None:
        house, group = names.get(line.group_id, (labels.DASH, labels.DASH))
        return f"{house}, {group}"
    if line.wishes:
        return _("no place: none was left in the groups wished for")
    return _("no place: no wish counts")


def remarks(line: FormingLine, names: Mapping[int, tuple[str, str]]) -> str:
    """Return what else is to be known of a line: a sibling in the house, twins, wishes that do not count and why."""
    found = [_("A brother or sister is in the house.")] if line.sibling else []
    found += [_("Twins, placed together.")] if line.twins else []
    found += [f"{_named(problem, names)}{_why(_problem(problem))}" for problem in line.refused]
    return " ".join(found)


def _why(problem: Problem) -> str:
    return _(WHY[problem.code]) if problem.code in WHY else sentence(problem)


def _named(plain: Mapping[str, Any], names: Mapping[int, tuple[str, str]]) -> str:
    field = str(plain.get("field", ""))
    known = names.get(int(field)) if field.isascii() and field.isdigit() else None
    return f"{known[0]}, {known[1]}: " if known is not None else ""


def _problem(plain: Mapping[str, Any]) -> Problem:
    values = plain.get("values")
    return Problem(str(plain.get("code", "")), "", dict(values) if isinstance(values, Mapping) else {})


def _head(flow: Flow, view: FormingView) -> None:
    forming = view.forming
    facts = [
        (c_("paper", "Queue"), word(PROGRAMMES, view.collection.programme)),
        (_("Collection of wishes"), view.collection.number),
        *protocol.officers(_("Computed"), forming, view.department.zone),
    ]
    panel = Panel(
        title=_("Protocol of the forming of groups"),
        period=c_("paper", "No. {number}").format(number=forming.number),
        lines=(word(STATES, forming.state),),
        label=_("Places given") if forming.state == "issued" else _("Places to be given"),
        note=_("lists filed: {count}").format(count=formats.number(forming.lists)),
        amounts=[formats.number(forming.placed)],
    )
    parts.head(flow, view.department, [fact for fact in facts if fact[1]], panel)


def _parameters(view: FormingView) -> list[tuple[str, str]]:
    collection, zone = view.collection, view.department.zone
    stable = (
        _("No family would rather have a place that was given to somebody who stands behind it.")
        if view.forming.stable
        else _("Twins are placed together, so a family may stand before somebody who got a place that it wants.")
    )
    return [
        (_("Wishes collected"), _("{start} to {end}").format(
            start=exact(collection.opened_at, zone), end=exact(collection.closes_at, zone),
        )),
        (_("First day in the groups"), formats.day(collection.starts_on)),
        (c_("paper", "Order"), _("a brother or sister in the house, then category, date and time, number")),
        (_("How it is computed"), _("deferred acceptance: each child proposes to its groups in its own order")),
        (_("What the result means"), stable),
        (_("Fingerprint of the list"), view.forming.fingerprint),
        (c_("paper", "Reason"), view.forming.reason),
    ]  # fmt: skip


def _lines(flow: Flow, view: FormingView) -> None:
    zone = view.department.zone
    flow.heading(c_("paper", "In order"), keep=60)
    table = Table(
        flow,
        [
            Column(c_("paper", "No."), 22, "right"),
            Column(c_("paper", "Application"), 78),
            Column(c_("paper", "Child"), 84),
            Column(c_("paper", "Category"), 42, "right"),
            Column(_("Date and time of the application"), 80),
            Column(_("Place"), 80),
            Column(_("Wish"), 42, "right"),
            Column(_("Remarks"), 83.28),
        ],
        size=7.2,
    )
    table.begin()
    for line in view.lines:
        wish = f"{line.wish}/{len(line.wishes)}" if line.wish else labels.DASH
        table.add(
            Row(
                (
                    *protocol.place_in_line(line, zone),
                    verdict(line, view.names),
                    wish,
                    remarks(line, view.names),
                )
            )
        )
    given = sum(line.group_id is not None for line in view.lines)
    total = ("", c_("paper", "Total"), formats.number(len(view.lines)), "", "", formats.number(given), "", "")
    table.add(Row(total, kind="total"))


def _groups(flow: Flow, view: FormingView) -> None:
    flow.heading(_("How full the groups are"), keep=60)
    table = Table(
        flow,
        [
            Column(_("Kindergarten"), 211.28),
            Column(c_("paper", "Group"), 140),
            Column(_("Free places"), 80, "right"),
            Column(_("Given"), 80, "right"),
        ],
        size=7.6,
    )
    table.begin()
    for group, free, given in view.forming.places:
        house, name = view.names.get(group, (labels.DASH, labels.DASH))
        table.add(Row((house, name, formats.number(free), formats.number(given))))
