"""What runs beside the screens while a person is in: the line, the accounts, notices, a family, a department."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from ui.context import Context
from ui.shell import roles
from ui.shell.accounts import Accounts
from ui.shell.line import Line
from ui.shell.notices import Notices

if TYPE_CHECKING:
    from ui.department.shell import Office
    from ui.family.model import FamilyModel


class Session(QObject):
    """Made when a person comes in; :meth:`end` when they leave, or the window closes."""

    badges_changed = Signal()

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        assert context.inside is not None
        self._context = context
        self._stop_news = context.inside.client.subscribe(context.topics.publish)
        self.line = Line(context, self)
        self._accounts = Accounts(context, self)
        self._notices = Notices(context, self)
        self._notices.changed.connect(self.badges_changed)
        self.family: FamilyModel | None = None
        self.office: Office | None = None
        self.widen(context)

    def widen(self, context: Context) -> None:
        """Take a context whose person may have more roles by now."""
        self._context = context
        if self.family is None:
            self.family = roles.family(context)
            if self.family is not None:
                self.family.changed.connect(self.badges_changed)
        if self.office is None:
            self.office = self._with_office()
            if self.office is not None:
                self.office.changed.connect(self.badges_changed)

    def ask_roles(self, take: Callable[[Any], object]) -> None:
        """Give ``take`` the person as their data say, with the roles that they have now."""
        from models.cache.queries.people import person  # the first paint of the program must not wait for it

        self._context.read(self, person, take, lambda _error: None, name="roles")

    def hear_roles(self, take: Callable[[Any], object]) -> None:
        """Give ``take`` the person now and whenever they change."""
        self._context.topics.listen(self, frozenset({"person"}), partial(self.ask_roles, take))
        self.ask_roles(take)

    @property
    def unread(self) -> int:
        """How many messages are unread."""
        return self._notices.unread

    def badges(self) -> dict[str, int]:
        """Return how many things wait behind screens, by their keys."""
        counts = {"messages": self.unread}
        if self.family is not None:
            counts["applications"] = self.family.urgent
        return counts if self.office is None else counts | self.office.counts

    def search_accounts(self, text: str, take: Callable[[Sequence[Any]], object]) -> None:
        """Give ``take`` the accounts that answer a text, best first."""
        self._accounts.search(text, take)

    def end(self) -> None:
        """Hear nothing more."""
        self._stop_news()
        self.deleteLater()

    def _with_office(self) -> Office | None:
        """Return the department of somebody who works for one: what waits there, and its children in the search."""
        inside = self._context.inside
        if inside is None or not {"officer", "doctor", "kindergarten"} & set(inside.roles):
            return None
        from ui.department.shell import Office

        return Office(self._context, self)
