"""Keeps the window's list of accounts like the cache's, and searches it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject

from ui.context import Context

_TOPICS: Final = frozenset({"account", "provider", "account_service"})
LIMIT: Final = 8
LISTED: Final = 200
"""More accounts than that (an office) are not listed in the head of the window; the search finds them."""


class Accounts(QObject):
    """Gives ``context.selection`` its accounts."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        context.topics.listen(self, _TOPICS, self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Read the list again."""
        from models.cache.queries.accounts import accounts

        # No more than are shown: an office's thousands, read at each piece of news, would hold the window up.
        # A cache that cannot be read is said by the screens themselves, once.
        question = partial(accounts, limit=LISTED)
        self._context.read(self, question, self._take, lambda _error: self._take(()), name="accounts")

    def search(self, text: str, take: Callable[[Sequence[Any]], object]) -> None:
        """Give ``take`` the accounts that answer ``text``, best first."""
        from models.cache.queries.search import search

        self._context.read(self, lambda connection: search(connection, text, LIMIT), take, name="search")

    def _take(self, accounts: Sequence[Any]) -> None:
        if not accounts:
            # Before the first exchange there is nothing to choose; what was chosen is kept for when it comes.
            self._context.selection.offer(())
            return
        self._context.selection.offer(accounts, self._context.settings.get("last_account") or None)
