"""The columns of the four tables, in the order of the seed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from PySide6.QtCore import QObject

from translations import _, formats
from ui.accounts.view_model import ChargedLine, ConsumptionLine, PaymentLine, StateLine, method_words
from ui.kit.table_model import Column, TableModel
from ui.readings.view_model import source_words
from ui.selection import named

T = TypeVar("T")
DASH = "-"
"""What stands in an empty cell, as the cabinet prints it."""


def cell(
    key: str,
    title: Callable[[], str],
    text: Callable[[T], str],
    *,
    mark: Callable[[T], str] | None = None,
    **rest: Any,
) -> Column[T]:
    """Return a column that prints «-» for nothing, and explains rows that carry a mark.

    The mark is a glyph, a tool tip, and part of what a screen reader says, so it never depends on seeing or pointing.
    """

    def shown(row: T) -> str:
        return text(row) or DASH

    def spoken(row: T) -> str:
        said = f"{title()}: {shown(row)}"
        why = mark(row) if mark else ""
        return f"{said}. {why}" if why else said

    return Column(
        key,
        title,
        shown,
        spoken=spoken,
        hint=rest.pop("hint", mark),
        icon=(lambda row: "triangle-alert" if mark(row) else "") if mark else None,
        **rest,
    )


def state_model(parent: QObject | None = None) -> TableModel[StateLine]:
    """Return the model of «Стан рахунків»."""

    def optional(minor: int | None, line: StateLine) -> str:
        return formats.money(minor, line.currency) if minor else ""

    def tone(line: StateLine) -> str:
        return "danger" if line.row.closing > 0 else "positive" if line.row.closing < 0 else ""

    return TableModel(
        (
            cell(
                "period",
                lambda: _("Period"),
                lambda line: formats.month(line.row.month.first),
                sort=lambda line: line.row.month.number,
                stretch=True,
            ),
            cell("tariff", lambda: _("Tariff"), lambda line: price(line.row.price, line.currency), figures=True),
            cell(
                "charged",
                lambda: _("Charged"),
                lambda line: formats.money(line.row.charged, line.currency),
                figures=True,
                sort=lambda line: line.row.charged,
            ),
            cell("penalty", lambda: _("Penalty"), lambda line: optional(line.row.penalty, line), figures=True),
            cell("correction", lambda: _("Correction"), lambda line: optional(line.row.correction, line), figures=True),
            cell(
                "subscription",
                lambda: _("Subscr. fee"),
                lambda line: optional(line.row.subscription, line),
                figures=True,
            ),
            cell(
                "paid",
                lambda: _("Paid"),
                lambda line: formats.money(line.row.paid, line.currency),
                figures=True,
                sort=lambda line: line.row.paid,
            ),
            cell(
                "closing",
                lambda: _("Closing balance"),
                lambda line: formats.money(line.closing, line.currency),
                figures=True,
                sort=lambda line: line.closing,
                tone=tone,
                mark=lambda line: line.explanation,
            ),
        ),
        parent=parent,
    )


def charged_model(parent: QObject | None = None) -> TableModel[ChargedLine]:
    """Return the model of «Послуги»."""
    return TableModel(
        (
            cell("name", lambda: _("Name"), lambda line: line.name, stretch=True),
            cell(
                "period",
                lambda: _("Period"),
                lambda line: formats.month(line.row.month.first),
                sort=lambda line: line.row.month.number,
            ),
            cell("tariff", lambda: _("Tariff"), lambda line: price(line.row.price, line.currency), figures=True),
            cell(
                "charged",
                lambda: _("Charged"),
                lambda line: formats.money(line.row.charged, line.currency),
                figures=True,
                sort=lambda line: line.row.charged,
            ),
            cell(
                "residents",
                lambda: _("Number of residents"),
                lambda line: formats.number(line.row.residents) if line.row.residents is not None else "",
                figures=True,
                sort=lambda line: line.row.residents or 0,
            ),
        ),
        parent=parent,
    )


def payment_model(parent: QObject | None = None) -> TableModel[PaymentLine]:
    """Return the model of «Оплата»."""
    return TableModel(
        (
            cell(
                "date",
                lambda: _("Date"),
                lambda line: formats.day(line.row.day),
                sort=lambda line: line.row.day.toordinal(),
            ),
            cell(
                "amount",
                lambda: _("Amount"),
                lambda line: formats.money(line.row.amount, line.currency),
                figures=True,
                sort=lambda line: line.row.amount,
                tone=lambda line: "danger" if line.row.amount < 0 else "",
                mark=lambda line: _("This payment was taken back.") if line.row.amount < 0 else "",
            ),
            cell("method", lambda: _("Payment method"), lambda line: method_words(line.row.method)),
            cell("purpose", lambda: _("Purpose of payment"), lambda line: line.purpose, stretch=True),
        ),
        parent=parent,
    )


def consumption_model(parent: QObject | None = None) -> TableModel[ConsumptionLine]:
    """Return the model of «Споживання»."""
    return TableModel(
        (
            cell("service", lambda: _("Service name"), lambda line: named(line.service.name) if line.service else ""),
            cell("model", lambda: _("Meter model"), lambda line: line.row.model),
            cell("number", lambda: _("Meter number"), lambda line: line.row.number),
            cell("unit", lambda: _("Unit"), lambda line: named(line.service.unit) if line.service else ""),
            cell(
                "date",
                lambda: _("Reading date"),
                lambda line: formats.day(line.row.read_on),
                sort=lambda line: line.row.read_on.toordinal(),
            ),
            cell(
                "reading",
                lambda: _("Reading"),
                lambda line: line.row.register.format(line.row.value),
                figures=True,
                sort=lambda line: line.row.value,
                hint=lambda line: source_words(line.row.source),
            ),
            cell(
                "consumed",
                lambda: _("Consumed in the period"),
                lambda line: quantity(line.row.consumed, line),
                figures=True,
                sort=lambda line: line.row.consumed if line.row.consumed is not None else -1,
            ),
        ),
        parent=parent,
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
