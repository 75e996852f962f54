"""What a whole window shares: the account that is chosen, and how screens speak to the window around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal


class Selection(QObject):
    """Which account and service the screens show; one for the whole window."""

    changed = Signal()
    accounts_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.accounts: tuple[Any, ...] = ()
        """``models.cache.queries.accounts.AccountSummary`` of every account the person may see."""
        self.account_id: int | None = None
        self.service_id: int | None = None
        """``None`` means all services."""

    def choose(self, account_id: int | None, service_id: int | None = None) -> None:
        """Show another account or service."""
        if (account_id, service_id) != (self.account_id, self.service_id):
            self.account_id, self.service_id = account_id, service_id
            self.changed.emit()

    def offer(self, accounts: Sequence[Any], preferred: int | None = None) -> None:
        """Take the list of accounts; keeps the chosen one if it is still there, else ``preferred`` or the first."""
        self.accounts = tuple(accounts)
        ids = [summary.account.id for summary in accounts]
        self.accounts_changed.emit()
        if self.account_id not in ids:
            self.choose(preferred if preferred in ids else (ids[0] if ids else None))


class Bridge(QObject):
    """How screens speak to the window around them."""

    go = Signal(str, dict)
    """Open the screen of this key with these arguments (``view_model.show(**arguments)`` is called when it exists)."""
    toast = Signal(str, str, str, object)
    """Text, tone, verb and act ("" and None for none) of a short notice at the bottom."""
    settled = Signal(str)
    """What the notice of this text spoke of is settled: it goes if it is still there."""
    language = Signal(str)
    theme = Signal(str)
    text_size = Signal(int)
    keep = Signal()
    """Write what was typed now, not a moment later: the window closes or hides, or something else is about to begin."""
    entered = Signal(object)
    left = Signal()
