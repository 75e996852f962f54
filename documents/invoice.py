"""The payment invoice: all services and providers of a cabinet, one payment block a recipient, a slip to tear off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Final

from documents import labels
from documents.figures import InvoiceFigures, invoice_figures
from documents.invoice_payment import payment_blocks, tear_off
from documents.kit.flow import LEFT, RIGHT, ROOM, Flow
from documents.kit.pdf import Page, PdfWriter
from documents.kit.sheet import ACCENT, LINE, MUTED, TINT
from documents.kit.table import Column, Row, Table
from documents.words import amount_in_words
from models.contract.records import AccountView, Provider
from models.domain.period import Month
from translations import _, current, formats, n_, using

_SIDE: Final = 176.0  # width of the panel with the sum


def build(
    views: Sequence[AccountView],
    period: Month,
    language: str,
    made_at: datetime,
    number: str,
    *,
    copy: bool = False,
) -> bytes:
    """Return the invoice of ``period`` as PDF: one cabinet address, all services and providers of ``views``.

    Amounts are the ledger's. ``copy`` marks a reprint. The same input gives the same bytes. Raises ValueError if there
    is no view. Source: R-DOC-1.
    """
    buffer = BytesIO()
    with using(language):
        writer = PdfWriter(buffer.write, title=title(period), language=language, made_at=made_at)
        for page in pages(views, period, made_at, number, copy=copy):
            writer.add(page)
        writer.close()
    return buffer.getvalue()


def title(period: Month) -> str:
    """Return the invoice's title in the language in force."""
    return _("Payment invoice for {month}").format(month=labels.month_name(period))


def pages(
    views: Sequence[AccountView], period: Month, made_at: datetime, number: str, *, copy: bool = False
) -> list[Page]:
    """Return the pages of an invoice in the language in force."""
    if not views:
        raise ValueError("an invoice needs an account")
    papers = [invoice_figures(view, period) for view in views]
    flow = Flow(labels.furniture(title(period), number, made_at, views, copy))
    _head(flow, papers, number, made_at)
    for paper in papers:
        if len(papers) > 1:
            _provider(flow, paper.view.provider)
        _meters(flow, paper)
        _lines(flow, paper)
        _totals(flow, paper)
        payment_blocks(flow, paper)
        _information(flow, paper)
    for paper in papers:
        if paper.view.provider.tear_off:
            tear_off(flow, paper)
    return flow.pages()


def _head(flow: Flow, papers: Sequence[InvoiceFigures], number: str, made_at: datetime) -> None:
    first = papers[0]
    provider, sheet = first.view.provider, flow.sheet
    sheet.line(LEFT, flow.y, RIGHT, flow.y, colour=ACCENT, thick=1.6)
    top = flow.y
    room = ROOM - _SIDE - 18
    if len(papers) == 1:
        flow.y += 4
        flow.paragraph(labels.provider_name(provider), 12, bold=True, room=room, lines=2)
        flow.y += 2
        for line in provider_facts(provider):
            flow.paragraph(line, 7, colour=MUTED, room=room, lines=2)
    else:
        flow.y += 4
        flow.paragraph(_("One invoice of your cabinet"), 12, bold=True, room=room)
        names = ", ".join(labels.provider_name(paper.view.provider) for paper in papers)
        flow.paragraph(names, 7, colour=MUTED, room=room, lines=4)
    _payer(flow, first, room)
    bottom = _panel(flow, papers, number, made_at, top)
    flow.y = max(flow.y, bottom)


def provider_facts(provider: Provider) -> list[str]:
    """Return lines about a provider: code and address; phone, hours; e-mail, site; the dispatcher's phone."""
    first = [f"{labels.firm_code(provider)} {provider.registration_code}" if provider.registration_code else ""]
    lines = [
        [*first, provider.address],
        [_("phone {phone}").format(phone=provider.phone) if provider.phone else "", provider.hours],
        [provider.email, provider.site],
        [
            _("dispatcher, emergencies: {phone}").format(phone=provider.dispatch_phone)
            if provider.dispatch_phone
            else ""
        ],
    ]
    return [" · ".join(part for part in parts if part) for parts in lines if any(parts)]


def _payer(flow: Flow, paper: InvoiceFigures, room: float) -> None:
    view = paper.view
    account = view.account
    flow.gap(8)
    facts = [(_("Account"), account.number), (_("Consumer"), account.holder), (_("Address"), labels.address(account))]
    if account.contract:
        facts.append((_("Contract"), account.contract))
    if account.code_masked:
        facts.append((labels.consumer_code(view.provider, account), account.code_masked))
    charged = []
    if account.kind != "legal":
        charged.append(n_("{count} resident", "{count} residents", account.residents).format(count=account.residents))
    if account.area:
        charged.append(_("area {area} m²").format(area=formats.plain(account.area)))
    if charged:
        facts.append((_("Charged by"), ", ".join(charged)))
    if account.privileges:
        facts.append((_("Privileges"), ", ".join(account.privileges)))
    for name, value in facts:
        strong = name == facts[0][0]
        flow.y += 11.5
        flow.sheet.text(LEFT, flow.y, name, 7, colour=MUTED, room=62)
        lines = _lines_of(value, 10 if strong else 8, room - 66, strong)
        for index, line in enumerate(lines):
            flow.y += 10 if index else 0
            flow.sheet.text(LEFT + 66, flow.y, line, 10 if strong else 8, bold=strong)


def _lines_of(text: str, size: float, room: float, bold: bool) -> tuple[str, ...]:
    from documents.kit.fonts import wrap

    return wrap(text, size, room, bold, 3)


def _panel(flow: Flow, papers: Sequence[InvoiceFigures], number: str, made_at: datetime, top: float) -> float:
    """Draw the panel with the title and what is to pay; return where it ends."""
    sheet = flow.sheet
    provider = papers[0].view.provider
    sums: dict[str, int] = {}
    for paper in papers:
        currency = paper.view.provider.currency
        sums[currency] = sums.get(currency, 0) + paper.to_pay
    x, inner = RIGHT - _SIDE, RIGHT - _SIDE + 10
    high = 82 + 24 * len(sums) + 14
    sheet.box(x, top, _SIDE, high, fill=TINT)
    y = top + 19
    sheet.text(inner, y, _("Payment invoice"), 13, bold=True, room=_SIDE - 20)
    y += 14
    sheet.text(inner, y, labels.month_name(papers[0].month), 10, room=_SIDE - 20)
    y += 12
    sheet.text(inner, y, _("No. {number}").format(number=number), 7, colour=MUTED, room=_SIDE - 20)
    y += 10
    sheet.text(
        inner,
        y,
        _("made {moment}").format(moment=formats.moment(made_at, provider.zone)),
        7,
        colour=MUTED,
        room=_SIDE - 20,
    )
    y += 9
    sheet.line(inner, y, RIGHT - 10, y, colour=LINE)
    y += 11
    sheet.text(inner, y, _("To pay"), 8, colour=MUTED)
    due = min(paper.due for paper in papers)
    sheet.text(RIGHT - 10, y, _("by {day}").format(day=formats.day(due)), 8, bold=True, align="right", room=_SIDE - 70)
    for currency, total in sums.items():
        y += 22
        shown = formats.money(total, currency)
        size = min(20.0, (_SIDE - 20) / max(_width(shown), 0.1))
        sheet.text(RIGHT - 10, y, shown, size, bold=True, colour=ACCENT, align="right")
    return top + high


def _width(text: str) -> float:
    from documents.kit.fonts import width

    return width(text, 1, True)


def _provider(flow: Flow, provider: Provider) -> None:
    flow.need(150)
    flow.gap(14)
    flow.sheet.line(LEFT, flow.y, RIGHT, flow.y, colour=ACCENT, thick=1.2)
    flow.paragraph(labels.provider_name(provider), 10.5, bold=True, lines=2)
    flow.paragraph(" · ".join(provider_facts(provider)), 7, colour=MUTED, lines=3)


def _meters(flow: Flow, paper: InvoiceFigures) -> None:
    if not paper.meters:
        return
    names = {service.id: service for service in paper.view.services}
    flow.heading(_("Meters"))
    table = Table(
        flow,
        [
            Column(_("Service, model"), 116),
            Column(_("Meter No."), 62),
            Column(_("Seal; verify until"), 68),
            Column(_("Previous reading"), 72, "right"),
            Column(_("Current reading"), 72, "right"),
            Column(_("Source"), 60),
            Column(_("Consumed"), 61.28, "right"),
        ],
    )
    table.begin()
    for line in paper.meters:
        meter = line.meter
        unit = labels.text(names[meter.service_id].unit) if meter.service_id in names else ""
        service = labels.service(names[meter.service_id]) if meter.service_id in names else ""
        verified = formats.day(meter.verified_until) if meter.verified_until else ""
        table.add(
            Row(
                (
                    service,
                    meter.number,
                    "; ".join(part for part in (meter.seal, verified) if part) or labels.DASH,
                    line.register.format(line.previous) if line.previous is not None else labels.DASH,
                    line.register.format(line.current) if line.current is not None else labels.DASH,
                    labels.source(line.source) or _("no reading"),
                    labels.volume(line.difference, unit) if line.difference is not None else labels.DASH,
                ),
                notes=[", ".join(part for part in (meter.model, meter.place) if part)],
                under={
                    3: formats.day(line.previous_on) if line.previous_on else "",
                    4: formats.day(line.current_on) if line.current_on else "",
                },
            )
        )


def _lines(flow: Flow, paper: InvoiceFigures) -> None:
    flow.heading(_("Charges"))
    table = Table(
        flow,
        [
            Column(_("Service"), 108),
            Column(_("Volume"), 46, "right"),
            Column(_("Tariff"), 40, "right"),
            Column(_("Opening: debt +, overpayment −"), 53, "right"),
            Column(_("Charged"), 46, "right"),
            Column(_("Correction"), 43, "right"),
            Column(_("Penalty"), 38, "right"),
            Column(_("Subscription fee"), 42, "right"),
            Column(_("Paid"), 46, "right"),
            Column(_("To pay"), 49.28, "right"),
        ],
        size=7.4,
    )
    table.begin()
    for line in paper.services:
        balance = line.balance
        notes = [labels.basis(line.basis)]
        if line.overpaid:
            notes.append(_("overpaid {amount}").format(amount=formats.amount(line.overpaid)))
        table.add(
            Row(
                (
                    labels.service(line.service),
                    labels.volume(line.volume, labels.text(line.service.unit))
                    if line.volume is not None
                    else labels.DASH,
                    " / ".join(labels.price(price) for price in line.prices) or labels.DASH,
                    formats.amount(balance.opening),
                    formats.amount(balance.charged),
                    labels.amount_or_dash(balance.correction),
                    labels.amount_or_dash(balance.penalty),
                    labels.amount_or_dash(balance.subscription),
                    formats.amount(balance.paid),
                    formats.amount(line.to_pay),
                ),
                notes=notes,
            )
        )
    total = paper.total
    table.add(
        Row(
            (
                _("Total"),
                "",
                "",
                formats.amount(total.opening),
                formats.amount(total.charged),
                labels.amount_or_dash(total.correction),
                labels.amount_or_dash(total.penalty),
                labels.amount_or_dash(total.subscription),
                formats.amount(total.paid),
                formats.amount(paper.to_pay),
            ),
            kind="total",
        )
    )


def _totals(flow: Flow, paper: InvoiceFigures) -> None:
    provider = paper.view.provider
    flow.need(44)
    flow.gap(4)
    y = flow.y + 9
    flow.sheet.text(LEFT, y, vat_text(paper.vat), 7.4, colour=MUTED, room=ROOM / 2)
    wide = flow.sheet.text(
        RIGHT, y + 2, formats.money(paper.to_pay, provider.currency), 12, bold=True, colour=ACCENT, align="right"
    )
    flow.sheet.text(RIGHT - wide - 8, y + 2, _("To pay"), 8, colour=MUTED, align="right")
    flow.y = y + 3
    words = amount_in_words(paper.to_pay, provider.currency, current())
    flow.paragraph(_("In words: {words}").format(words=words), 8, lines=3)


def vat_text(vat: Sequence[tuple[str, int]]) -> str:
    """Return what was charged of VAT, rate by rate, or that there is none."""
    if not vat:
        return _("Without VAT")
    return "; ".join(
        _("of which VAT {rate} %: {amount}").format(
            rate=formats.plain(rate) if rate else "", amount=formats.amount(sum_)
        )
        for rate, sum_ in vat
    )


def _information(flow: Flow, paper: InvoiceFigures) -> None:
    view = paper.view
    provider = view.provider
    lines = []
    if paper.overdue:
        lines.append(
            _("You owe {amount} for earlier periods. Please pay it first.").format(
                amount=formats.money(paper.overdue, provider.currency)
            )
        )
    if paper.meters:
        lines.append(
            _("Give meter readings from day {first} to day {last} of each month.").format(
                first=provider.window_from, last=provider.window_to
            )
        )
    for service, tariff in paper.coming_prices:
        lines.append(
            _("From {day} the tariff of the service “{service}” is {price}.").format(
                day=formats.day(tariff.valid_from), service=labels.service(service), price=labels.price(tariff.price)
            )
        )
    lines.append(_("A payment goes to the service named in it; otherwise the oldest debt is paid first."))
    if view.waiting:
        lines.append(
            n_(
                "{count} record of yours is not yet confirmed by the provider and is not part of this invoice.",
                "{count} records of yours are not yet confirmed by the provider and are not part of this invoice.",
                len(view.waiting),
            ).format(count=len(view.waiting))
        )
    notice = labels.text(provider.notice)
    if notice:
        lines.append(notice)
    flow.heading(_("Information"), keep=24)
    for line in lines:
        flow.paragraph(line, 7.4, lines=6)
