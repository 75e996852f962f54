"""The columns of the four tables, in the order of the seed."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QObject

from translations import _, formats
from ui.accounts.view_model import ChargedLine, ConsumptionLine, PaymentLine, StateLine, method_words
from ui.rows import Column, RowsModel
from ui.selection import named


def state_model(parent: QObject | None = None) -> RowsModel[StateLine]:
    """Return the model of «Стан рахунків»."""

    def optional(minor: int | None, line: StateLine) -> str:
        return formats.money(minor, line.currency) if minor else ""

    return RowsModel(
        (
            Column(
                lambda: _("Period"),
                lambda line: formats.month(line.row.month.first),
                sort=lambda line: line.row.month.number,
            ),
            Column(lambda: _("Tariff"), lambda line: price(line.row.price, line.currency), number=True),
            Column(
                lambda: _("Charged"),
                lambda line: formats.money(line.row.charged, line.currency),
                number=True,
                sort=lambda line: line.row.charged,
            ),
            Column(lambda: _("Penalty"), lambda line: optional(line.row.penalty, line), number=True),
            Column(lambda: _("Correction"), lambda line: optional(line.row.correction, line), number=True),
            Column(lambda: _("Subscription fee"), lambda line: optional(line.row.subscription, line), number=True),
            Column(
                lambda: _("Paid"),
                lambda line: formats.money(line.row.paid, line.currency),
                number=True,
                sort=lambda line: line.row.paid,
            ),
            Column(
                lambda: _("Closing balance"),
                lambda line: formats.money(line.closing, line.currency),
                number=True,
                sort=lambda line: line.closing,
                tone=lambda line: "danger" if line.row.closing > 0 else "positive" if line.row.closing < 0 else "text",
                mark=lambda line: line.explanation,
            ),
        ),
        parent,
    )


def charged_model(parent: QObject | None = None) -> RowsModel[ChargedLine]:
    """Return the model of «Послуги»."""
    return RowsModel(
        (
            Column(lambda: _("Name"), lambda line: line.name),
            Column(
                lambda: _("Period"),
                lambda line: formats.month(line.row.month.first),
                sort=lambda line: line.row.month.number,
            ),
            Column(lambda: _("Tariff"), lambda line: price(line.row.price, line.currency), number=True),
            Column(
                lambda: _("Charged"),
                lambda line: formats.money(line.row.charged, line.currency),
                number=True,
                sort=lambda line: line.row.charged,
            ),
            Column(
                lambda: _("Number of residents"),
                lambda line: formats.number(line.row.residents) if line.row.residents is not None else "",
                number=True,
                sort=lambda line: line.row.residents or 0,
            ),
        ),
        parent,
    )


def payment_model(parent: QObject | None = None) -> RowsModel[PaymentLine]:
    """Return the model of «Оплата»."""
    return RowsModel(
        (
            Column(
                lambda: _("Date"), lambda line: formats.day(line.row.day), sort=lambda line: line.row.day.toordinal()
            ),
            Column(
                lambda: _("Amount"),
                lambda line: formats.money(line.row.amount, line.currency),
                number=True,
                sort=lambda line: line.row.amount,
                tone=lambda line: "danger" if line.row.amount < 0 else "text",
                mark=lambda line: _("This payment was taken back.") if line.row.amount < 0 else "",
            ),
            Column(lambda: _("Payment method"), lambda line: method_words(line.row.method)),
            Column(lambda: _("Purpose of payment"), lambda line: line.purpose),
        ),
        parent,
    )


def consumption_model(parent: QObject | None = None) -> RowsModel[ConsumptionLine]:
    """Return the model of «Споживання»."""
    return RowsModel(
        (
            Column(lambda: _("Service"), lambda line: named(line.service.name) if line.service else ""),
            Column(lambda: _("Meter model"), lambda line: line.row.model),
            Column(lambda: _("Meter number"), lambda line: line.row.number),
            Column(lambda: _("Unit"), lambda line: named(line.service.unit) if line.service else ""),
            Column(
                lambda: _("Reading date"),
                lambda line: formats.day(line.row.read_on),
                sort=lambda line: line.row.read_on.toordinal(),
            ),
            Column(
                lambda: _("Reading"),
                lambda line: line.row.register.format(line.row.value),
                number=True,
                sort=lambda line: line.row.value,
            ),
            Column(
                lambda: _("Consumed in the period"),
                lambda line: quantity(line.row.consumed, line),
                number=True,
                sort=lambda line: line.row.consumed if line.row.consumed is not None else -1,
            ),
        ),
        parent,
    )


def price(text: str | None, currency: str) -> str:
    """Return a price of the wire with its currency, all its places kept; "" for none."""
    return f"{formats.plain(text)}{formats.NBSP}{formats.sign(currency)}" if text else ""


def quantity(value: int | None, line: ConsumptionLine) -> str:
    """Return a volume with as many places as the register has; "" when it is unknown."""
    if value is None:
        return ""
    places = line.row.register.fraction_digits
    return formats.number(Decimal(value).scaleb(-places), places)
