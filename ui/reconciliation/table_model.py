"""The columns of both forms of the reconciliation."""

from __future__ import annotations

from PySide6.QtCore import QObject

from models.contract.entry_reasons import entry_reason
from models.domain.period import Month
from models.domain.statements import MonthlyReconciliationRow, ReconciliationRow, display_balance
from translations import _, formats
from ui.accounts.table_model import cell
from ui.kit.table_model import TableModel


def document_words(row: ReconciliationRow) -> str:
    """Return a document's kind and number, a reversal named as such, with its reason."""
    from documents import labels

    reversal = (row.debit or row.credit or 0) < 0 and row.kind != "correction"
    name = labels.document(row.kind, row.document, reversal=reversal)
    return f"{name}. {entry_reason(row.reason)}" if row.reason else name


def two_sided_model(currency: str, parent: QObject | None = None) -> TableModel[ReconciliationRow]:
    """Return the model of documents on two sides: debit raises the debt, credit lowers it."""
    return TableModel(
        (
            cell("date", lambda: _("Date"), lambda row: formats.day(row.day), sort=lambda row: row.day.toordinal()),
            cell("document", lambda: _("Document"), document_words, stretch=True),
            cell(
                "about",
                lambda: _("For the month"),
                lambda row: formats.month(Month.from_number(row.belongs_to).first) if row.belongs_to else "",
                sort=lambda row: row.belongs_to,
            ),
            cell(
                "debit",
                lambda: _("Debit"),
                lambda row: formats.money(row.debit, currency) if row.debit is not None else "",
                figures=True,
                sort=lambda row: row.debit or 0,
            ),
            cell(
                "credit",
                lambda: _("Credit"),
                lambda row: formats.money(row.credit, currency) if row.credit is not None else "",
                figures=True,
                sort=lambda row: row.credit or 0,
            ),
        ),
        parent=parent,
    )


def monthly_model(currency: str, debt_sign: str, parent: QObject | None = None) -> TableModel[MonthlyReconciliationRow]:
    """Return the model of the residents' form: a line a month."""
    return TableModel(
        (
            cell(
                "month",
                lambda: _("Month"),
                lambda row: formats.month(row.month.first),
                sort=lambda row: row.month.number,
                stretch=True,
            ),
            cell(
                "charged",
                lambda: _("Charged"),
                lambda row: formats.money(row.charged, currency),
                figures=True,
                sort=lambda row: row.charged,
            ),
            cell(
                "paid",
                lambda: _("Paid"),
                lambda row: formats.money(row.paid, currency),
                figures=True,
                sort=lambda row: row.paid,
            ),
            cell(
                "closing",
                lambda: _("Closing balance"),
                lambda row: formats.money(display_balance(row.closing, debt_sign), currency),
                figures=True,
                sort=lambda row: row.closing,
                tone=lambda row: "danger" if row.closing > 0 else "positive" if row.closing < 0 else "",
            ),
        ),
        parent=parent,
    )
