"""The reconciliation act: form 1, two-sided by documents, for legal entities; form 2, by months, for residents."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import Final
from zoneinfo import ZoneInfo

from documents import labels
from documents.kit.flow import LEFT, RIGHT, ROOM, Flow
from documents.kit.pdf import Page, PdfWriter
from documents.kit.sheet import ACCENT, INK, MUTED
from documents.kit.table import Column, Row, Table
from documents.words import amount_in_words
from models.contract.records import AccountView
from models.domain import statements
from models.domain.movements import on_debit_side
from translations import _, c_, current, formats, using

TWO_SIDED: Final = 1
MONTHLY: Final = 2


def build(
    view: AccountView,
    date_from: date,
    date_to: date,
    form: int,
    language: str,
    made_at: datetime,
    service_id: int | None = None,
    *,
    mirror: bool = False,
    emailed: bool = False,
    copy: bool = False,
) -> bytes:
    """Return the act between two days, inclusive, of all services or of one, as PDF.

    ``form`` is 1 (two-sided, by documents) or 2 (by months). ``mirror`` fills the consumer's side with the same figures
    on the other side instead of leaving it empty. ``emailed`` says on the act that it is not signed. The same input
    gives the same bytes. Raises ValueError for another form or for days in the wrong order. Source: R-DOC-3.
    """
    if form not in (TWO_SIDED, MONTHLY):
        raise ValueError(f"no such form of the act: {form}")
    if date_from > date_to:
        raise ValueError("an act cannot end before it begins")
    buffer = BytesIO()
    with using(language):
        writer = PdfWriter(buffer.write, title=title(date_from, date_to), language=language, made_at=made_at)
        act = _Act(view, date_from, date_to, made_at, service_id, emailed=emailed, copy=copy)
        for page in act.two_sided(mirror) if form == TWO_SIDED else act.monthly():
            writer.add(page)
        writer.close()
    return buffer.getvalue()


def title(date_from: date, date_to: date) -> str:
    """Return the act's title in the language in force."""
    return _("Reconciliation act of mutual settlements, {first} – {last}").format(
        first=formats.day(date_from), last=formats.day(date_to)
    )


class _Act:
    """An act being written."""

    def __init__(
        self,
        view: AccountView,
        date_from: date,
        date_to: date,
        made_at: datetime,
        service_id: int | None,
        *,
        emailed: bool,
        copy: bool,
    ) -> None:
        self.view = view
        self.date_from, self.date_to, self.made_at = date_from, date_to, made_at
        self.service_id, self.emailed = service_id, emailed
        self.number = f"{view.account.number}-{date_from:%Y%m%d}-{date_to:%Y%m%d}"
        self.act = statements.reconciliation(view.entries, date_from, date_to, service_id)
        self.provider = labels.short(labels.provider_name(view.provider))
        self.consumer = labels.short(view.account.holder)
        furniture = labels.furniture(title(date_from, date_to), self.number, made_at, [view], copy)
        self.flow = Flow(furniture)

    def two_sided(self, mirror: bool) -> list[Page]:
        """Return the pages of form 1."""
        self._head()
        self._preamble()
        self._documents(mirror)
        self.flow.together(self._end)
        return self.flow.pages()

    def monthly(self) -> list[Page]:
        """Return the pages of form 2."""
        self._head()
        self._preamble()
        self._months()
        self.flow.together(self._end)
        return self.flow.pages()

    def _head(self) -> None:
        flow, sheet = self.flow, self.flow.sheet
        sheet.line(LEFT, flow.y, RIGHT, flow.y, colour=ACCENT, thick=1.6)
        flow.y += 24
        heading = _("Reconciliation act of mutual settlements")
        sheet.text(LEFT + ROOM / 2, flow.y, heading, 14, bold=True, align="centre", room=ROOM)
        flow.y += 15
        dates = _("for the period from {first} to {last}").format(
            first=formats.day(self.date_from), last=formats.day(self.date_to)
        )
        sheet.text(LEFT + ROOM / 2, flow.y, dates, 10, align="centre", room=ROOM)
        flow.y += 16
        made = formats.day(self.made_at.astimezone(ZoneInfo(self.view.provider.zone)).date())
        sheet.text(LEFT, flow.y, self.view.provider.settlement, 8, colour=MUTED, room=ROOM / 3)
        number = c_("paper", "No. {number}").format(number=self.number)
        sheet.text(LEFT + ROOM / 2, flow.y, number, 8, colour=MUTED, align="centre", room=ROOM / 3)
        sheet.text(RIGHT, flow.y, made, 8, colour=MUTED, align="right")
        if self.emailed:
            flow.y += 3
            note = _("Sent by e-mail without signatures; it is no acknowledgement of a debt.")
            flow.paragraph(note, 7.4, colour=MUTED)
        flow.gap(4)

    def _preamble(self) -> None:
        view, account = self.view, self.view.account
        code = f"{labels.firm_code(view.provider)} {view.provider.registration_code}"
        consumer = ", ".join(
            part
            for part in (
                f"{labels.consumer_code(view.provider, account)} {account.code_masked}" if account.code_masked else "",
                labels.address(account),
            )
            if part
        )
        # A person signs for themselves, a firm through somebody with a position.
        if account.kind == "legal":
            opening = _(
                "We, the undersigned, ____________________ of {provider} ({provider_facts}) on the one side, and "
                "____________________ of {consumer} ({consumer_facts}) on the other side, have made this act that the "
                "state of mutual settlements by the data of accounting is as follows."
            )
        else:
            opening = _(
                "We, the undersigned, ____________________ of {provider} ({provider_facts}) on the one side, and "
                "{consumer} ({consumer_facts}) on the other side, have made this act that the state of mutual "
                "settlements by the data of accounting is as follows."
            )
        text = opening.format(
            provider=self.provider,
            provider_facts=", ".join(part for part in (code, view.provider.address) if part.strip()),
            consumer=self.consumer,
            consumer_facts=consumer,
        )
        self.flow.paragraph(text, 8.6, lines=12)
        facts = [c_("paper", "Account {number}").format(number=account.number)]
        if account.contract:
            facts.append(c_("paper", "contract {number}").format(number=account.contract))
        facts.append(c_("paper", "currency {currency}").format(currency=view.provider.currency))
        if self.service_id is not None:
            names = [labels.service(service) for service in view.services if service.id == self.service_id]
            facts += [c_("paper", "service “{service}”").format(service=name) for name in names]
        else:
            facts.append(c_("paper", "all services"))
        self.flow.paragraph(" · ".join(facts), 8.6, bold=True, lines=3)
        self.flow.gap(6)

    def _documents(self, mirror: bool) -> None:
        act = self.act
        side = [(c_("paper", "Date"), 47.0, "left"), (c_("paper", "Document"), 93.64, "left")]
        widths = [*side, (c_("paper", "Debit"), 57.5, "right"), (c_("paper", "Credit"), 57.5, "right")]
        table = Table(
            self.flow,
            [Column(text, wide, align) for text, wide, align in widths * 2],
            size=7.2,
            grid=True,
            over=[
                (_("By the data of {name}").format(name=self.provider), 4),
                (_("By the data of {name}").format(name=self.consumer), 4),
            ],
        )
        table.begin()

        def add(day: str, text: str, debit: int | None, credit: int | None, kind: str = "plain") -> None:
            ours = (day, text, _cell(debit), _cell(credit))
            theirs = (day, text, _cell(credit), _cell(debit)) if mirror else ("", "", "", "")
            table.add(Row((*ours, *theirs), kind=kind))

        add(formats.day(self.date_from), c_("paper", "Opening balance"), *_sides(act.opening), kind="total")
        originals = self._originals()
        for row in act.rows:
            name = self._name(row, originals.get((row.day, row.kind, row.document)))
            add(formats.day(row.day), name, row.debit, row.credit)
        add("", c_("paper", "Turnovers of the period"), act.debit, act.credit, kind="total")
        add(formats.day(self.date_to), c_("paper", "Closing balance"), *_sides(act.closing), kind="total")

    def _originals(self) -> dict[tuple[date, str, str], str]:
        """Return the numbers of documents that reversals undo, by day, kind and number of the reversal."""
        by_id = {entry.id: entry for entry in self.view.entries}
        return {
            (entry.business_date, entry.kind, entry.document): by_id[entry.reversal_of].document
            for entry in self.view.entries
            if entry.reversal_of is not None and entry.reversal_of in by_id and on_debit_side(entry)
        }

    def _name(self, row: statements.ReconciliationRow, original: str | None) -> str:
        if original is not None:
            number = row.document or labels.DASH
            return _("Reversal No. {number} of act No. {original}").format(number=number, original=original)
        if row.kind == "charge":
            return labels.numbered(c_("paper", "Act"), row.document)
        return labels.document(row.kind, row.document)

    def _months(self) -> None:
        view, act = self.view, self.act
        self.flow.paragraph(
            _("On {day} the opening balance was {amount}{side}.").format(
                day=formats.day(self.date_from),
                amount=formats.money(abs(act.opening), view.provider.currency),
                side=_of_side(act.opening),
            ),
            8.2,
        )
        rows = statements.monthly_reconciliation(view.entries, self.date_from, self.date_to, self.service_id)
        columns = [
            Column(c_("paper", "No."), 30),
            Column(c_("paper", "Month"), 116),
            Column(c_("paper", "Charged"), 84, "right"),
            Column(c_("paper", "Paid"), 84, "right"),
            Column(c_("paper", "Closing balance"), 92, "right"),
            Column(_("Differences by the consumer’s data"), 105.28),
        ]
        for year in sorted({row.month.year for row in rows}):
            self.flow.heading(c_("paper", "Year {year}").format(year=year))
            table = Table(self.flow, columns, size=8.2, grid=True)
            table.begin()
            for number, row in enumerate((row for row in rows if row.month.year == year), 1):
                cells = (
                    str(number),
                    labels.month_name(row.month),
                    formats.amount(row.charged),
                    formats.amount(row.paid),
                    labels.balance(row.closing, view.provider),
                    "",
                )
                table.add(Row(cells))
        total = Table(self.flow, columns, size=8.2, grid=True)
        total.add(
            Row(
                (
                    "",
                    c_("paper", "Turnovers of the period"),
                    formats.amount(act.debit),
                    formats.amount(act.credit),
                    labels.balance(act.closing, view.provider),
                    "",
                ),
                kind="total",
            )
        )
        sign = view.provider.debt_sign
        if sign == "debt_negative":
            self.flow.paragraph(_("In balances − is a debt, + an overpayment."), 7, colour=MUTED)
        elif sign == "debt_positive":
            self.flow.paragraph(_("In balances + is a debt, − an overpayment."), 7, colour=MUTED)

    def _end(self) -> None:
        """Write what both sides sign: no sheet holds signatures without the sentence they stand under."""
        self._conclusion()
        self._signatures()

    def _conclusion(self) -> None:
        provider, closing = self.view.provider, self.act.closing
        day = formats.day(self.date_to)
        if closing:
            text = _("By the data of {provider}, on {day} the debt in favour of {side} is {amount} ({words}).").format(
                provider=self.provider,
                day=day,
                side=self.provider if closing > 0 else self.consumer,
                amount=formats.money(abs(closing), provider.currency),
                words=amount_in_words(abs(closing), provider.currency, current()),
            )
        else:
            text = _("By the data of {provider}, on {day} there is no debt.").format(provider=self.provider, day=day)
        self.flow.gap(6)
        self.flow.paragraph(text, 9, bold=True, lines=8)
        self.flow.gap(4)
        self.flow.paragraph(c_("paper", "Differences: {blank}").format(blank="_" * 60), 8)
        self.flow.paragraph(_("Made in two copies, one for each side."), 8)

    def _signatures(self) -> None:
        flow = self.flow
        flow.need(122)
        flow.gap(14)
        half = ROOM / 2 - 14
        blanks = (c_("paper", "position"), c_("paper", "signature"), c_("paper", "full name"), c_("paper", "date"))
        names = ((LEFT, self.provider), (LEFT + ROOM / 2 + 14, self.consumer))
        for x, name in names:
            sheet, y = flow.sheet, flow.y + 10
            sheet.text(x, y, c_("paper", "For {name}").format(name=name), 8.4, bold=True, room=half)
            for label in blanks:
                y += 21
                sheet.line(x, y, x + half - 60, y, colour=INK, thick=0.5)
                sheet.text(x, y + 7.5, label, 6.4, colour=MUTED, room=half)
            sheet.text(x + half - 40, y - 22, c_("paper", "L.S."), 8, colour=MUTED)
        flow.y += 110


def _cell(minor: int | None) -> str:
    return "" if minor is None else formats.amount(minor)


def _sides(balance: int) -> tuple[int | None, int | None]:
    """Return a balance on the side it stands: debit when the consumer owes, credit when overpaid, debit for nothing."""
    return (balance, None) if balance >= 0 else (None, -balance)


def _of_side(minor: int) -> str:
    if not minor:
        return ""
    return f" ({c_('paper', 'debt') if minor > 0 else c_('paper', 'overpayment')})"
