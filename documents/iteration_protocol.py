"""The protocol of a round of vouchers: parameters, every line in order, whom it passed over and why, signatures.

Source: R-DOC-8, R-ADM-16 to R-ADM-18 in docs/rules.md.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Final

from documents import admission_parts as parts
from documents import protocol
from documents.admission_views import ProtocolView
from documents.head import Panel
from documents.kit.flow import Flow
from documents.kit.pdf import Page
from documents.kit.table import Column, Row, Table
from models.contract.admission_words import CORRECTIONS, LANGUAGES, PROGRAMMES, said, word
from models.domain.admissions.iteration import HAS_VOUCHER, TOO_YOUNG, TWINS
from models.domain.admissions.ranking import INTERLEAVE
from translations import N_, _, c_, formats

STATES: Final = {
    "planned": N_("Planned: no voucher is issued yet"),
    "issued": N_("Vouchers issued"),
    "cancelled": N_("Cancelled"),
    "stale": N_("Out of date: the queue has changed since"),
}
SKIPPED: Final = {
    TOO_YOUNG: N_("younger than the least age"),
    HAS_VOUCHER: N_("has a voucher already"),
    TWINS: N_("twins need more vouchers than are left"),
}


def build(view: ProtocolView, language: str, made_at: datetime) -> bytes:
    """Return the protocol as PDF; one that is not issued is marked as a draft. The same input gives the same bytes."""
    return parts.paper(partial(title, view), partial(pages, view, made_at), language, made_at)


def title(view: ProtocolView) -> str:
    """Return what the paper is called, in the language in force."""
    return _("Protocol of the round of vouchers {number}").format(number=view.iteration.number)


def pages(view: ProtocolView, made_at: datetime) -> list[Page]:
    """Return the pages of a protocol in the language in force."""
    iteration = view.iteration
    flow = protocol.begin(title(view), iteration, made_at, view.department, view.data)
    _head(flow, view)
    parts.stale_notice(flow, made_at, view.department, view.data)
    flow.heading(c_("paper", "Parameters"))
    parts.facts(flow, _parameters(view))
    protocol.categories(flow, view.categories, view.lines)
    _lines(flow, view)
    _passed_over(flow, view)
    text = _(
        "All vouchers of the round are issued at once. One officer plans it, another issues it; a list that has "
        "changed since is not issued."
    )
    protocol.end(flow, text, c_("paper", "Planned by"), iteration)
    return flow.pages()


def _head(flow: Flow, view: ProtocolView) -> None:
    iteration = view.iteration
    facts = [
        (c_("paper", "Queue"), word(PROGRAMMES, iteration.programme)),
        (c_("paper", "Locality"), said(view.locality) or c_("paper", "the whole department")),
        *protocol.officers(c_("paper", "Planned"), iteration, view.department.zone),
    ]
    panel = Panel(
        title=_("Protocol of a round of vouchers"),
        period=c_("paper", "No. {number}").format(number=iteration.number),
        lines=(word(STATES, iteration.state),),
        label=c_("paper", "Vouchers given") if iteration.state == "issued" else c_("paper", "Vouchers planned"),
        note=c_("paper", "of {count}").format(count=formats.number(iteration.vouchers)),
        amounts=[formats.number(iteration.planned)],
    )
    parts.head(flow, view.department, [fact for fact in facts if fact[1]], panel)


def _parameters(view: ProtocolView) -> list[tuple[str, str]]:
    iteration, rules = view.iteration, view.rules
    order = _("category, then date and time of the application, then its number")
    if rules.order == INTERLEAVE:
        order = _("{first} with a first right, then {ordinary} ordinary, by turns; within each: {order}").format(
            first=rules.interleave_first, ordinary=rules.interleave_ordinary, order=order
        )
    every = c_("paper", "all")
    return [
        (c_("paper", "Number of vouchers"), formats.number(iteration.vouchers)),
        (c_("paper", "Year of birth"), str(iteration.birth_year) if iteration.birth_year else every),
        (
            c_("paper", "Language of education"),
            word(LANGUAGES, iteration.language) if iteration.language else every,
        ),
        (c_("paper", "Kind of correction"), word(CORRECTIONS, iteration.correction) if iteration.correction else ""),
        (c_("paper", "Order"), order),
        (c_("paper", "Least age, months"), str(rules.min_age_months)),
        (_("Fingerprint of the list"), iteration.fingerprint),
        (c_("paper", "Reason"), iteration.reason),
    ]


def _lines(flow: Flow, view: ProtocolView) -> None:
    zone = view.department.zone
    flow.heading(c_("paper", "In order"), keep=60)
    table = Table(
        flow,
        [
            Column(c_("paper", "No."), 32, "right"),
            Column(c_("paper", "Application"), 80),
            Column(c_("paper", "Child"), 136),
            Column(c_("paper", "Category"), 46, "right"),
            Column(_("Date and time of the application"), 112),
            Column(c_("paper", "Voucher"), 105.28),
        ],
        size=7.2,
    )
    table.begin()
    for line in view.lines:
        table.add(Row((*protocol.place_in_line(line, zone), _verdict(line.skipped))))
    given = sum(not line.skipped for line in view.lines)
    table.add(
        Row(("", c_("paper", "Total"), formats.number(len(view.lines)), "", "", formats.number(given)), kind="total")
    )


def _passed_over(flow: Flow, view: ProtocolView) -> None:
    counted: dict[str, int] = {}
    for line in view.lines:
        if line.skipped:
            counted[line.skipped] = counted.get(line.skipped, 0) + 1
    if not counted:
        return
    rows = [(reason(code), formats.number(count)) for code, count in sorted(counted.items())]

    def write() -> None:
        flow.heading(_("Passed over; their place in the queue stays"))
        parts.facts(flow, rows)

    flow.together(write)


def _verdict(skipped: str) -> str:
    return _("passed over: {reason}").format(reason=reason(skipped)) if skipped else c_("paper", "yes")


def reason(code: str) -> str:
    """Return why somebody was passed over, in the language in force."""
    return word(SKIPPED, code)
