"""The payment invoice: all services and providers of a cabinet, one payment block a recipient, a slip to tear off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import Any, Final

from documents import labels
from documents.figures import InvoiceFigures, invoice_figures
from documents.head import Panel, consumer_facts, draw_head, meters_table, provider_facts
from documents.invoice_payment import payment_blocks, tear_off
from documents.kit.flow import LEFT, RIGHT, ROOM, Flow
from documents.kit.pdf import Page, PdfWriter
from documents.kit.sheet import ACCENT, MUTED
from documents.kit.table import Column, Row, Table
from documents.words import amount_in_words
from models.contract.commands import ReversePayment, SubmitReading, TakePayment
from models.contract.records import AccountView
from models.domain.period import Month
from translations import _, c_, current, formats, n_, using

_FIGURES: Final = frozenset({SubmitReading.KIND, TakePayment.KIND, ReversePayment.KIND})
"""Commands that change an invoice's figures once the provider has them."""


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
    return c_("paper", "Payment invoice for {month}").format(month=labels.month_name(period))


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
            _provider(flow, paper)
        meters_table(flow, paper.view, paper.meters)
        _lines(flow, paper)
        _totals(flow, paper)
        flow.together(partial(_how_to_pay, flow, paper, last=paper is papers[-1]))
    return flow.pages()


def _how_to_pay(flow: Flow, paper: InvoiceFigures, *, last: bool) -> None:
    payment_blocks(flow, paper)
    _information(flow, paper)
    if paper.view.provider.tear_off:
        # With its provider: whoever pays two of them hands a slip to each, and no sheet holds slips alone.
        tear_off(flow, paper, at_bottom=last)


def _head(flow: Flow, papers: Sequence[InvoiceFigures], number: str, made_at: datetime) -> None:
    provider = papers[0].view.provider
    sums: dict[str, int] = {}
    for paper in papers:
        currency = paper.view.provider.currency
        sums[currency] = sums.get(currency, 0) + paper.to_pay
    panel = Panel(
        title=c_("paper", "Payment invoice"),
        period=labels.month_name(papers[0].month),
        lines=(
            c_("paper", "No. {number}").format(number=number),
            c_("paper", "made {moment}").format(moment=formats.moment(made_at, provider.zone)),
        ),
        label=c_("paper", "To pay"),
        note=c_("paper", "by {day}").format(day=formats.day(min(paper.due for paper in papers))),
        amounts=[formats.money(total, currency) for currency, total in sums.items()],
    )
    if len(papers) == 1:
        facts = provider_facts(provider)
        draw_head(flow, labels.provider_name(provider), facts, consumer_facts(papers[0].view), panel)
        return
    accounts = [paper.view.account for paper in papers]
    consumer = [
        (c_("paper", "Consumer"), "; ".join(dict.fromkeys(account.holder for account in accounts))),
        (c_("paper", "Address"), "; ".join(dict.fromkeys(labels.address(account) for account in accounts))),
    ]
    names = [", ".join(labels.provider_name(paper.view.provider) for paper in papers)]
    draw_head(flow, _("One invoice of your cabinet"), names, consumer, panel)


def _provider(flow: Flow, paper: InvoiceFigures) -> None:
    provider = paper.view.provider
    flow.need(150)
    flow.gap(14)
    flow.sheet.line(LEFT, flow.y, RIGHT, flow.y, colour=ACCENT, thick=1.2)
    flow.paragraph(labels.provider_name(provider), 10.5, bold=True, lines=2)
    flow.paragraph("\u00a0· ".join(provider_facts(provider)), 7, colour=MUTED, lines=3)
    (_label, number), *others = consumer_facts(paper.view)
    facts = [c_("paper", "Account {number}").format(number=number), *(value for _label, value in others)]
    flow.paragraph("\u00a0· ".join(facts), 8, lines=4)


def _lines(flow: Flow, paper: InvoiceFigures) -> None:
    flow.heading(c_("paper", "Charges"))
    table = Table(
        flow,
        [
            Column(c_("paper", "Service"), 102),
            Column(c_("paper", "Volume"), 44, "right"),
            Column(c_("paper", "Tariff"), 38, "right"),
            Column(c_("paper", "Opening balance"), 53, "right"),
            Column(c_("paper", "Charged"), 46, "right"),
            Column(c_("paper", "Correction"), 53, "right"),
            Column(c_("paper", "Penalty"), 38, "right"),
            Column(c_("paper", "Subscription fee"), 42, "right"),
            Column(c_("paper", "Paid"), 46, "right"),
            Column(c_("paper", "To pay"), 49.28, "right"),
        ],
        size=7.4,
    )
    table.begin()
    for line in paper.services:
        balance = line.balance
        notes = [labels.basis(line.basis)]
        if line.overpaid:
            notes.append(c_("paper", "overpaid {amount}").format(amount=formats.amount(line.overpaid)))
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
                c_("paper", "Total"),
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
    sides = _("In balances + is a debt, − an overpayment.")
    flow.sheet.text(LEFT, y + 10, sides, 6.6, colour=MUTED, room=ROOM / 2)
    wide = flow.sheet.text(
        RIGHT, y + 2, formats.money(paper.to_pay, provider.currency), 12, bold=True, colour=ACCENT, align="right"
    )
    flow.sheet.text(RIGHT - wide - 8, y + 2, c_("paper", "To pay"), 8, colour=MUTED, align="right")
    flow.y = y + 12
    words = amount_in_words(paper.to_pay, provider.currency, current())
    flow.paragraph(c_("paper", "In words: {words}").format(words=words), 8, lines=3)


def vat_text(vat: Sequence[tuple[str, int]]) -> str:
    """Return what was charged of VAT, rate by rate, or that there is none."""
    if not vat:
        return c_("paper", "Without VAT")
    return "; ".join(
        _("of which VAT {rate} %: {amount}").format(
            rate=formats.plain(rate) if rate else "", amount=formats.amount(sum_)
        )
        for rate, sum_ in vat
    )


def _kind(command: Any) -> str:
    """Return the kind of a command that waits; those of a batch went through bytes and are plain mappings."""
    return str(command["kind"] if isinstance(command, dict) else command.kind)


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
    unconfirmed = sum(_kind(command) in _FIGURES for command in view.waiting)
    if unconfirmed:
        lines.append(
            n_(
                "{count} record of yours is not yet confirmed by the provider and is not part of this invoice.",
                "{count} records of yours are not yet confirmed by the provider and are not part of this invoice.",
                unconfirmed,
            ).format(count=unconfirmed)
        )
    notice = labels.text(provider.notice)
    if notice:
        lines.append(notice)
    flow.heading(c_("paper", "Information"), keep=24)
    for line in lines:
        flow.paragraph(line, 7.4, lines=6)
