"""The monthly breakdown: turnovers of each service, and how every line of the month came about, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from documents import labels
from documents.explain import explain
from documents.figures import meter_figures, ordered_services, tariff_of, vat_by_rate
from documents.head import Panel, consumer_facts, draw_head, meters_table, provider_facts
from documents.invoice import vat_text
from documents.kit.flow import LEFT, RIGHT, ROOM, Flow
from documents.kit.pdf import Page, PdfWriter
from documents.kit.sheet import LINE, MUTED
from documents.kit.table import Column, Row, Table
from models.contract.entry_reasons import entry_reason
from models.contract.records import AccountView, Entry, Service
from models.domain import statements
from models.domain.movements import column_of
from models.domain.period import Month
from translations import _, c_, formats, using


def build(
    view: AccountView, month: Month, language: str, made_at: datetime, masked: bool = False, *, copy: bool = False
) -> bytes:
    """Return the breakdown of an account's ``month`` as PDF.

    ``masked`` leaves out who the consumer is, for a breakdown made without signing in. The same input gives the same
    bytes. Source: R-DOC-2.
    """
    buffer = BytesIO()
    with using(language):
        writer = PdfWriter(buffer.write, title=title(month), language=language, made_at=made_at)
        for page in pages(view, month, made_at, masked=masked, copy=copy):
            writer.add(page)
        writer.close()
    return buffer.getvalue()


def title(month: Month) -> str:
    """Return the breakdown's title in the language in force."""
    return _("Breakdown of charges for {month}").format(month=labels.month_name(month))


def pages(
    view: AccountView, month: Month, made_at: datetime, *, masked: bool = False, copy: bool = False
) -> list[Page]:
    """Return the pages of a breakdown in the language in force."""
    provider = view.provider
    number = f"{view.account.number}-{month}"
    services = ordered_services(view)
    found = statements.breakdown(view.entries, month, [service.id for service in services])
    by_id = {entry.id: entry for entry in view.entries}
    charges = [by_id[movement.id] for movement in found.charges]
    payments = sorted((by_id[movement.id] for movement in found.payments), key=lambda one: (one.business_date, one.id))
    flow = Flow(labels.furniture(title(month), number, made_at, [view], copy))
    panel = Panel(
        title=c_("paper", "Breakdown of charges"),
        period=labels.month_name(month),
        lines=(
            c_("paper", "No. {number}").format(number=number),
            c_("paper", "made {moment}").format(moment=formats.moment(made_at, provider.zone)),
        ),
        label=c_("paper", "Closing balance"),
        note=_side(found.total.closing),
        amounts=[formats.money(statements.display_balance(found.total.closing, provider.debt_sign), provider.currency)],
    )
    draw_head(
        flow, labels.provider_name(provider), provider_facts(provider), consumer_facts(view, masked=masked), panel
    )
    _turnovers(flow, view, services, found)
    _vat(flow, view, month)
    meters_table(flow, view, meter_figures(view, month))
    _computation(flow, view, services, charges)
    _corrections(flow, services, charges, by_id)
    _payments(flow, services, payments)
    return flow.pages()


def _side(minor: int) -> str:
    if not minor:
        return ""
    return c_("paper", "debt") if minor > 0 else c_("paper", "overpayment")


def _turnovers(flow: Flow, view: AccountView, services: Sequence[Service], found: statements.Breakdown) -> None:
    provider = view.provider
    flow.heading(c_("paper", "Turnovers of the month"))
    table = Table(
        flow,
        [
            Column(c_("paper", "Service"), 124),
            Column(c_("paper", "Opening balance"), 61, "right"),
            Column(c_("paper", "Charged"), 54, "right"),
            Column(c_("paper", "Subscription fee"), 51, "right"),
            Column(c_("paper", "Correction"), 51, "right"),
            Column(c_("paper", "Penalty"), 45, "right"),
            Column(c_("paper", "Paid"), 58, "right"),
            Column(c_("paper", "Closing balance"), 67.28, "right"),
        ],
    )
    table.begin()
    names = {service.id: labels.service(service) for service in services}
    for line in (*found.services, found.total):
        table.add(
            Row(
                (
                    names.get(line.service_id, c_("paper", "Total")),
                    labels.balance(line.opening, provider),
                    formats.amount(line.charged),
                    labels.amount_or_dash(line.subscription),
                    labels.amount_or_dash(line.correction),
                    labels.amount_or_dash(line.penalty),
                    formats.amount(line.paid),
                    labels.balance(line.closing, provider),
                ),
                kind="plain" if line.service_id in names else "total",
            )
        )


def _vat(flow: Flow, view: AccountView, month: Month) -> None:
    flow.gap(3)
    notes = [vat_text(vat_by_rate(view, month))]
    sign = view.provider.debt_sign
    if sign == "debt_negative":
        notes.append(_("In balances − is a debt, + an overpayment."))
    elif sign == "debt_positive":
        notes.append(_("In balances + is a debt, − an overpayment."))
    flow.paragraph(" ".join(f"{note.removesuffix('.')}." for note in notes), 7, colour=MUTED, lines=3)


def _computation(flow: Flow, view: AccountView, services: Sequence[Service], charges: Sequence[Entry]) -> None:
    computed = [entry for entry in charges if column_of(entry.kind) != "correction"]
    if not computed:
        return
    flow.heading(c_("paper", "How it was computed"))
    currency = view.provider.currency
    by_id = {service.id: service for service in services}
    for entry in computed:
        service = by_id[entry.service_id]
        name = labels.service(service)
        if entry.kind != "charge":
            name = f"{name}: {labels.kind(entry.kind).lower()}"
        flow.need(40)
        flow.y += 13
        wide = flow.sheet.text(
            RIGHT, flow.y, formats.money(entry.amount_minor, currency), 8.4, bold=True, align="right"
        )
        flow.sheet.text(LEFT, flow.y, name, 8.4, bold=True, room=ROOM - wide - 12)
        for sentence in explain(entry.detail, labels.text(service.unit), currency):
            flow.paragraph(sentence, 7.8, lines=4)
        tariff = tariff_of(view, service.id, Month.from_number(entry.belongs_to).last)
        if tariff is not None and entry.kind == "charge":
            since = _("Tariff {price}, in force from {day}.").format(
                price=labels.price(tariff.price), day=formats.day(tariff.valid_from)
            )
            flow.paragraph(since, 7, colour=MUTED)
        flow.y += 4
        flow.sheet.line(LEFT, flow.y, RIGHT, flow.y, colour=LINE, thick=0.35)


def _corrections(flow: Flow, services: Sequence[Service], charges: Sequence[Entry], by_id: dict[int, Entry]) -> None:
    rows = [entry for entry in charges if column_of(entry.kind) == "correction"]
    if not rows:
        return
    names = {service.id: labels.service(service) for service in services}
    flow.heading(c_("paper", "Corrections"))
    table = Table(
        flow,
        [
            Column(c_("paper", "Date"), 54),
            Column(c_("paper", "Document"), 92),
            Column(c_("paper", "Service"), 92),
            Column(c_("paper", "For the month"), 70),
            Column(c_("paper", "Reason"), 130),
            Column(c_("paper", "Amount"), 73.28, "right"),
        ],
    )
    table.begin()
    for entry in rows:
        original = by_id.get(entry.reversal_of) if entry.reversal_of is not None else None
        reasons = [entry_reason(entry.reason)]
        if original is not None:
            reasons.append(
                _("reverses No. {number} of {day}: {amount}").format(
                    number=original.document or original.id,
                    day=formats.day(original.business_date),
                    amount=formats.amount(original.amount_minor),
                )
            )
        table.add(
            Row(
                (
                    formats.day(entry.business_date),
                    labels.document(entry.kind, entry.document, reversal=original is not None),
                    names[entry.service_id],
                    labels.month_name(Month.from_number(entry.belongs_to)),
                    "; ".join(reason for reason in reasons if reason),
                    formats.amount(entry.amount_minor),
                )
            )
        )


def _payments(flow: Flow, services: Sequence[Service], payments: Sequence[Entry]) -> None:
    flow.heading(c_("paper", "Payments"))
    if not payments:
        flow.paragraph(_("No payment was received in this month."), 7.8, colour=MUTED)
        return
    names = {service.id: labels.service(service) for service in services}
    table = Table(
        flow,
        [
            Column(c_("paper", "Date"), 54),
            Column(c_("paper", "Document"), 102),
            Column(c_("paper", "Method"), 82),
            Column(c_("paper", "Service"), 92),
            Column(c_("paper", "Purpose"), 108),
            Column(c_("paper", "Amount"), 73.28, "right"),
        ],
    )
    table.begin()
    for entry in payments:
        table.add(
            Row(
                (
                    formats.day(entry.business_date),
                    labels.document(entry.kind, entry.document),
                    labels.method(entry.method) or labels.DASH,
                    names[entry.service_id],
                    entry.purpose or labels.DASH,
                    formats.amount(-entry.amount_minor),
                )
            )
        )
