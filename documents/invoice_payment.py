"""The invoice's payment blocks, one a recipient with its code, and the slip to tear off."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from documents import labels
from documents.figures import InvoiceFigures, MeterFigures, Payment
from documents.kit import codes, fonts
from documents.kit.flow import BOTTOM, LEFT, RIGHT, ROOM, Flow
from documents.kit.sheet import ACCENT, INK, LINE, MUTED, WIDTH
from documents.payment_code import PaymentCode, Transfer, nbu_link, provider_code
from models.contract.records import Account, Provider, Recipient
from models.domain.period import Month
from translations import _, c_, formats

_SIDE: Final = 42 * codes.MILLIMETRE  # wished side of a QR code with its quiet zone
_LABEL: Final = 74.0
_ANOTHER: Final = 165.0  # below a slip that is less than this, no other part begins on the sheet
# How the country's payment papers abbreviate "account"; it goes into the purpose, whatever the reader's language.
_ACCOUNT_MARK: Final = {"UA": "О/Р", "KZ": "ж/ш"}
_COUNTRY_LANGUAGE: Final = {"UA": "uk", "KZ": "kk"}
_NO_CODE: Final[dict[str, Callable[[], str]]] = {
    "no-iban": lambda: _("QR not made: the recipient’s account is not an IBAN. Pay by the details given here."),
    "too-long": lambda: _("QR not made: the payment details are too long for it. Pay by the details given here."),
    "no-template": lambda: _("QR not made: the provider has not given the form of its payment link."),
    "nothing-to-pay": lambda: "",
    "": lambda: "",
}


def transfer(provider: Provider, account: Account, month: Month, payment: Payment) -> Transfer:
    """Return the credit transfer that pays a recipient: purpose with account, period and service."""
    recipient = payment.recipient
    language = _COUNTRY_LANGUAGE.get(provider.country, "en")
    names = ", ".join(service.name.get(language) or labels.service(service) for service in payment.services)
    return Transfer(
        recipient=recipient.name if recipient else labels.provider_name(provider),
        code=recipient.code if recipient else provider.registration_code,
        iban=recipient.iban if recipient else "",
        amount_minor=payment.amount,
        account=f"{_ACCOUNT_MARK.get(provider.country, '')} {account.number}".strip(),
        period=f"{month.month:02d}.{month.year}",
        purpose=(purpose_of(recipient) if recipient else "") or names,
    )


def purpose_of(recipient: Recipient) -> str:
    """Return the recipient's own words on what is paid, with its note on VAT, said once."""
    note = recipient.vat_note
    return f"{recipient.purpose} {note}".strip() if note not in recipient.purpose else recipient.purpose


def purpose_line(made: Transfer) -> str:
    """Return the purpose as a payer copies it by hand: account and period, then the recipient's words."""
    return ", ".join(part for part in (f"{made.account} {made.period}", made.purpose) if part)


def code_of(provider: Provider, account: Account, month: Month, payment: Payment) -> PaymentCode | None:
    """Return a payment's code, or the reason why there is none; ``None`` when the provider wants no codes."""
    if provider.qr == "none":
        return None
    if provider.qr in ("nbu002", "nbu003"):
        return nbu_link(transfer(provider, account, month, payment), provider.qr[3:])
    return provider_code(
        provider.qr, provider.qr_template, account=account.number, period=month, amount_minor=payment.amount
    )


@lru_cache(maxsize=64)
def _matrix(text: str, strong: bool) -> codes.Matrix | None:
    try:
        return codes.qr(text, smallest_version=10, largest_version=20, strong=True) if strong else codes.qr(text)
    except ValueError:
        return None


def payment_blocks(flow: Flow, paper: InvoiceFigures) -> None:
    """Write how to pay: recipients with their details, amounts and codes."""
    provider, account = paper.view.provider, paper.view.account
    flow.heading(c_("paper", "Payment details"), keep=70)
    link = PaymentCode("", "no-template")
    if provider.pay_link:
        link = provider_code(
            "url", provider.pay_link, account=account.number, period=paper.month, amount_minor=paper.to_pay
        )
    for index, payment in enumerate(paper.payments):
        if index:
            flow.gap(3)
            flow.sheet.line(LEFT, flow.y, RIGHT, flow.y, colour=LINE, thick=0.4)
        _block(flow, paper, payment, account)
    if link.text:
        flow.paragraph(c_("paper", "Pay online: {link}").format(link=link.text), 7.6, lines=4)


def _facts(paper: InvoiceFigures, payment: Payment) -> list[tuple[str, str]]:
    provider = paper.view.provider
    made = transfer(provider, paper.view.account, paper.month, payment)
    recipient = payment.recipient
    facts = [
        (c_("paper", "Recipient"), f"{made.recipient}, {labels.firm_code(provider)} {made.code}".removesuffix(" "))
    ]
    if recipient is not None:
        bank = recipient.bank
        if recipient.bank_code:
            name = c_("paper", "BIC") if provider.country == "KZ" else c_("paper", "bank code")
            bank = f"{bank}, {name} {recipient.bank_code}" if bank else f"{name} {recipient.bank_code}"
        number = _grouped(recipient.iban) if recipient.iban else recipient.legacy_account
        facts.append(
            (c_("paper", "IBAN") if recipient.iban else c_("paper", "Bank account"), f"{number} · {bank}".strip(" ·"))
        )
    facts.append((c_("paper", "Purpose"), purpose_line(made)))
    if recipient is not None and recipient.commission_percent.strip("0."):
        facts.append(
            (
                c_("paper", "Commission"),
                _("{percent} % to the bank, not part of the sum").format(
                    percent=formats.plain(recipient.commission_percent)
                ),
            )
        )
    return [(name, value) for name, value in facts if value]


def _grouped(iban: str) -> str:
    """Return an IBAN in groups of four, the way it is printed; no-break spaces keep it on one line."""
    return "\u00a0".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def _block(flow: Flow, paper: InvoiceFigures, payment: Payment, account: Account) -> None:
    provider = paper.view.provider
    code = code_of(provider, account, paper.month, payment)
    nbu = provider.qr.startswith("nbu")
    matrix = _matrix(code.text, nbu) if code is not None and code.text else None
    reason = code.reason if code is not None and payment.amount else ""
    if code is not None and code.text and matrix is None:
        reason = "too-long"
    side = 0.0
    if matrix is not None:
        side = max(_SIDE * (1 if nbu else 0.72), (matrix.columns + 8) * 0.5 * codes.MILLIMETRE)
    room = ROOM - _LABEL - (side + 12 if side else 0)
    facts = [(name, fonts.wrap(value, 7.6, room, False, 3)) for name, value in _facts(paper, payment)]
    services = fonts.wrap(", ".join(labels.service(one) for one in payment.services), 8.4, ROOM - side - 130, True, 3)
    note = _NO_CODE[reason]()
    notes = fonts.wrap(note, 7, room + _LABEL, False, 2) if note else ()
    high = 18 + 10.5 * (len(services) - 1 + sum(len(lines) for _name, lines in facts) + len(notes))
    flow.need(max(high, side + 3 if side else 0))
    sheet, top = flow.sheet, flow.y
    right = RIGHT - (side + 10 if side else 0)
    flow.y += 12
    sheet.text(right, flow.y, formats.money(payment.amount, provider.currency), 9.4, bold=True, align="right")
    for index, line in enumerate(services):
        flow.y += 10.5 if index else 0
        sheet.text(LEFT, flow.y, line, 8.4, bold=True)
    for name, lines in facts:
        for index, line in enumerate(lines):
            flow.y += 10.5
            if not index:
                sheet.text(LEFT, flow.y, name, 7, colour=MUTED, room=_LABEL - 6)
            sheet.text(LEFT + _LABEL, flow.y, line, 7.6)
    for line in notes:
        flow.y += 10.5
        sheet.text(LEFT, flow.y, line, 7, colour=MUTED)
    if matrix is not None:
        codes.draw_qr(sheet, RIGHT - side, top + 3, matrix, side, "₴" if nbu else "")
        flow.y = max(flow.y, top + side + 3)
    flow.y += 3


def tear_off(flow: Flow, paper: InvoiceFigures, *, at_bottom: bool = False) -> None:
    """Write the slip: who pays what for which month, and blank cells for the meters' current readings.

    ``at_bottom`` puts it at the end of its sheet.
    """
    view = paper.view
    account, provider = view.account, view.provider
    rows = list(paper.meters)
    high = 84.0 + 17 * max(0, len(rows) - 2)
    flow.need(high + 14)
    flow.gap(10)
    if at_bottom or flow.left - high < _ANOTHER:
        flow.y = max(flow.y, BOTTOM - high - 4)
    sheet, top = flow.sheet, flow.y
    sheet.line(20, top, WIDTH - 20, top, colour=MUTED, thick=0.6, dash="3 3")
    middle = LEFT + ROOM * 0.47
    sheet.text(LEFT, top + 14, c_("paper", "Notice"), 9, bold=True, colour=ACCENT)
    sheet.text(LEFT + 74, top + 14, labels.provider_name(provider), 7.6, bold=True, room=middle - LEFT - 84)
    y = top + 27
    for name, value in (
        (c_("paper", "Account"), account.number),
        (c_("paper", "Consumer"), account.holder),
        (c_("paper", "Address"), labels.address(account)),
        (c_("paper", "Period"), labels.month_name(paper.month)),
    ):
        sheet.text(LEFT, y, name, 7, colour=MUTED, room=70)
        sheet.text(LEFT + 74, y, value, 7.6, bold=name == c_("paper", "Account"), room=middle - LEFT - 84)
        y += 10.5
    sheet.text(LEFT, y + 3, c_("paper", "To pay"), 7, colour=MUTED)
    bars = codes.code128(account.number) if provider.country == "KZ" else None
    wide = bars.columns * codes.BAR if bars is not None else 0.0
    due = formats.money(paper.to_pay, provider.currency)
    room = middle - 14 - wide - (8 if wide else 0) - LEFT - 74
    size = min(11.0, room / fonts.width(due, 1, True))
    sheet.text(LEFT + 74, y + 3, due, size, bold=True)
    if bars is not None:
        codes.draw_bars(sheet, middle - 14 - wide, y - 6, bars, 16)
    y = top + 14
    if rows:
        sheet.text(middle, y, c_("paper", "Current readings"), 7, colour=MUTED)
    for row in rows:
        y += 17
        _cells(flow, middle, y, row)
    y = max(y + 17, top + high - 10)
    sheet.text(middle, y, c_("paper", "Date"), 7, colour=MUTED)
    sheet.line(middle + 26, y + 1, middle + 96, y + 1, colour=INK, thick=0.5)
    sheet.text(middle + 106, y, c_("paper", "Signature"), 7, colour=MUTED, room=46)
    sheet.line(middle + 154, y + 1, RIGHT, y + 1, colour=INK, thick=0.5)
    flow.y = y + 6


def _cells(flow: Flow, x: float, y: float, row: MeterFigures) -> None:
    """Draw a meter's number and an empty cell for each digit of its register."""
    sheet = flow.sheet
    sheet.text(x, y, c_("paper", "No. {number}").format(number=row.meter.number), 7.6, room=98)
    digits = row.register.integer_digits + row.register.fraction_digits
    cell = min(13.0, (RIGHT - x - 112) / max(digits, 1))
    at = RIGHT - cell * digits - (6 if row.register.fraction_digits else 0)
    for digit in range(digits):
        if digit == row.register.integer_digits and digit:
            sheet.text(at + 3, y + 1, ",", 10, bold=True, align="centre")
            at += 6
        sheet.box(at, y - 10, cell, 13, line=INK, thick=0.6)
        at += cell
