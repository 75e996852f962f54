"""The breakdown as a tree: a service a line, which opens to show how each of its charges was computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QFont

from models.contract.entry_reasons import entry_reason
from models.contract.records import Provider, Service
from models.domain.statements import Breakdown, Movement, ServiceBalance, display_balance
from translations import _, formats
from ui import theme
from ui.kit.table_order import in_two_lines
from ui.selection import named

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class Part(IntEnum):
    """The columns."""

    SERVICE = 0
    OPENING = 1
    CHARGED = 2
    SUBSCRIPTION = 3
    CORRECTION = 4
    PENALTY = 5
    VAT = 6
    PAID = 7
    CLOSING = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A service's turnovers, or the sum of all, with the lines that explain its charges."""

    name: str
    balance: ServiceBalance
    whole: bool
    details: tuple[str, ...]


class BreakdownTree(QAbstractItemModel):
    """Services on top, explanations below; a detail's internal id is its service's row + 1."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[Line, ...] = ()
        self.broken = False
        self._currency = ""
        self._debt_sign = ""

    def show_month(
        self,
        figures: Breakdown | None,
        services: Sequence[Service],
        provider: Provider,
    ) -> None:
        """Show a month's figures."""
        self.beginResetModel()
        self._currency, self._debt_sign = provider.currency, provider.debt_sign
        lines: list[Line] = []
        if figures is not None:
            by_id = {service.id: service for service in services}
            for balance in figures.services:
                service = by_id[balance.service_id]
                details = [
                    text
                    for movement in figures.charges
                    if movement.service_id == service.id
                    for text in self._details(movement, named(service.unit), provider.currency)
                ]
                lines.append(Line(named(service.name), balance, False, tuple(details)))
            lines.append(Line(_("Total"), figures.total, True, ()))
        self.lines = tuple(lines)
        self.endResetModel()

    def break_titles(self, broken: bool) -> None:
        """Write the titles of the columns on two lines, or on one."""
        if broken != self.broken:
            self.broken = broken
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Part) - 1)

    def index(self, row: int, column: int, parent: Index = _TOP) -> QModelIndex:
        """Override."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: Index = _TOP) -> QModelIndex:  # type: ignore[override]
        """Override."""
        if not index.isValid() or index.internalId() == 0:
            return QModelIndex()
        return self.createIndex(int(index.internalId()) - 1, 0, 0)

    def rowCount(self, parent: Index = _TOP) -> int:
        """Override."""
        if not parent.isValid():
            return len(self.lines)
        if parent.internalId() or parent.column() or parent.row() >= len(self.lines):
            return 0
        return len(self.lines[parent.row()].details)

    def columnCount(self, parent: Index = _TOP) -> int:
        """Override."""
        return len(Part)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Override."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Part):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            title = self._title(Part(section))
            return in_two_lines(title) if self.broken else title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._title(Part(section))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Override."""
        if not index.isValid():
            return None
        if index.internalId():
            return self._detail_data(index, role)
        if index.row() >= len(self.lines):
            return None
        line, part = self.lines[index.row()], Part(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(line, part)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self._title(part)}: {self._text(line, part)}"
            case Qt.ItemDataRole.SizeHintRole if part is Part.SERVICE:
                return QSize(theme.grid(40), theme.grid(7.5))
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(index.column())
            case Qt.ItemDataRole.FontRole:
                return theme.font(weight=QFont.Weight.DemiBold) if line.whole else None
            case Qt.ItemDataRole.ForegroundRole:
                owed = line.balance.closing
                if part is Part.CLOSING and owed:
                    return theme.color("danger" if owed > 0 else "positive")
        return None

    def _detail_data(self, index: Index, role: int) -> Any:
        line = self.lines[int(index.internalId()) - 1]
        if index.column() != Part.SERVICE or index.row() >= len(line.details):
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
                return line.details[index.row()]
            case Qt.ItemDataRole.ForegroundRole:
                return theme.color("muted")
        return None

    def _text(self, line: Line, part: Part) -> str:
        balance = line.balance
        match part:
            case Part.SERVICE:
                return line.name
            case Part.OPENING:
                return formats.money(display_balance(balance.opening, self._debt_sign), self._currency)
            case Part.CLOSING:
                return formats.money(display_balance(balance.closing, self._debt_sign), self._currency)
            case Part.CHARGED:
                return formats.money(balance.charged, self._currency)
            case Part.PAID:
                return formats.money(balance.paid, self._currency)
        optional = {
            Part.SUBSCRIPTION: balance.subscription,
            Part.CORRECTION: balance.correction,
            Part.PENALTY: balance.penalty,
            Part.VAT: balance.vat,
        }[part]
        return formats.money(optional, self._currency) if optional else "-"

    @staticmethod
    def _details(movement: Movement, unit: str, currency: str) -> list[str]:
        """Return how a movement came about, as the paper says it, and by which rule."""
        from documents.explain import explain

        lines = explain(movement.detail, unit, currency)
        rule = (movement.detail or {}).get("rule")
        if lines and rule:
            lines[-1] = f"{lines[-1]} {_('Rule {rule}.').format(rule=rule)}"
        if movement.reason:
            lines.append(_("Reason: {reason}").format(reason=entry_reason(movement.reason)))
        if movement.kind == "charge" and movement.reversal_of is None and lines:
            return lines
        amount = formats.money(movement.amount_minor, currency)
        return [_("{what}: {amount}").format(what=movement_words(movement.kind), amount=amount), *lines]

    @staticmethod
    def _title(part: Part) -> str:
        return {
            Part.SERVICE: _("Service"),
            Part.OPENING: _("Opening balance"),
            Part.CHARGED: _("Charged"),
            Part.SUBSCRIPTION: _("Subscription fee"),
            Part.CORRECTION: _("Correction"),
            Part.PENALTY: _("Penalty"),
            Part.VAT: _("VAT included"),
            Part.PAID: _("Paid"),
            Part.CLOSING: _("Closing balance"),
        }[part]

    @staticmethod
    def _alignment(column: int) -> Any:
        side = Qt.AlignmentFlag.AlignTrailing if column else Qt.AlignmentFlag.AlignLeading
        return side | Qt.AlignmentFlag.AlignVCenter


def movement_words(kind: str) -> str:
    """Return what a movement is called on papers and screens alike."""
    from documents import labels

    return labels.kind(kind)
