"""The head of the window: name of the program, search, the account and service shown, messages, the person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from translations import _, c_, n_
from ui import icons, theme
from ui.actions import BY_KEY
from ui.context import Context
from ui.kit import Button, Chip, Choice, IconButton, Text


def account_line(summary: Any) -> str:
    """Return an account in one line: number, street and house, provider."""
    account = summary.account
    house = f"{account.house}{'/' + account.prefix if account.prefix else ''}"
    place = f"{account.street} {house}".strip()
    if account.flat:
        place = f"{place}–{account.flat}"
    return " · ".join(part for part in (account.number, place, summary.provider.name) if part)


class Header(QFrame):
    """Search, account, messages, user menu. ``accounts`` is whether the role that is shown looks at accounts."""

    def __init__(
        self,
        context: Context,
        find: Callable[[], object],
        messages: Callable[[], object],
        menu: Callable[[QObject], Sequence[QAction | None]],
        *,
        accounts: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._accounts = accounts
        self._menu = menu
        self.setProperty("part", "header")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.grid(4), theme.grid(2), theme.grid(4), theme.grid(2))
        row.setSpacing(theme.grid(2))
        row.addWidget(icons.Glyph("droplets", "accent", 6))
        row.addWidget(Text("Kabinet", size=theme.Size.HEADING, bold=True))
        row.addSpacing(theme.grid(4))
        self.prompt = _("Search account, person, action…") if accounts else _("Search child, application, action…")
        self._search_words = f"{self.prompt}   {BY_KEY['find'].shortcut}"
        self.search = Button(self._search_words, find, icon="search", kind="search")
        self.search.setAccessibleName(BY_KEY["find"].title)
        self.search.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.search.installEventFilter(self)  # it shrinks when accounts come, not only with the window
        self.search.setMinimumWidth(theme.grid(30))
        row.addWidget(self.search, 2)
        self.account = Choice(name=_("Account shown"))
        self.account.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.account.setMinimumContentsLength(24)
        self.account.chosen.connect(lambda value: context.selection.choose(value, None))
        row.addWidget(self.account, 3)
        row.addStretch(1)
        self.bell = IconButton("bell", _("Messages"), messages)
        row.addWidget(self.bell)
        self.bell_count = Chip("", "accent")
        row.addWidget(self.bell_count)
        self.user = QToolButton()
        self.user.setProperty("part", "button")
        self.user.setIcon(icons.beside("user-round"))
        self.user.setIconSize(icons.beside_size())
        self.user.setToolButtonStyle(self.user.toolButtonStyle().ToolButtonTextBesideIcon)
        inside = context.inside
        self._name((inside.name or inside.login) if inside is not None else "")
        if inside is not None and not inside.name:
            # The first time the name comes with the first exchange.
            context.topics.listen(self, frozenset({"person"}), self._ask_name)
            self._ask_name()
        self.user.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.user.setMenu(self._built())
        row.addWidget(self.user)
        context.selection.accounts_changed.connect(self._offer)
        context.selection.changed.connect(self._choose)
        self._offer()
        self.unread(0)

    def _ask_name(self) -> None:
        from models.cache.queries.people import person

        self._context.read(self, person, self._take_person, lambda _error: None, name="person")

    def _take_person(self, person: Any) -> None:
        if person is not None and person.name:
            self._name(" ".join(person.name.split()[:2]))

    def _name(self, shown: str) -> None:
        self.user.setText(f"{shown}  ▾")
        self.user.setAccessibleName(_("Menu of {name}").format(name=shown))

    def unread(self, count: int) -> None:
        """Show how many messages are new."""
        words = n_("{count} new message", "{count} new messages", count).format(count=count) if count else _("Messages")
        self.bell.setIcon(icons.icon("bell-ring" if count else "bell", "accent" if count else "text"))
        self.bell.setAccessibleName(words)
        self.bell.setToolTip(words)
        self.bell_count.setText(str(count))
        self.bell_count.setVisible(bool(count))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: a narrow search says less rather than half a word."""
        if watched is self.search and event.type() == QEvent.Type.Resize:
            self._say_what_fits()
        return super().eventFilter(watched, event)

    def _say_what_fits(self) -> None:
        room = self.search.width() - self.search.iconSize().width() - theme.grid(8)
        metrics = self.search.fontMetrics()
        fits = metrics.horizontalAdvance(self._search_words) <= room
        self.search.setText(
            self._search_words
            if fits
            else metrics.elidedText(self._search_words.partition("   ")[0], Qt.TextElideMode.ElideRight, room)
        )

    def _offer(self) -> None:
        accounts = self._context.selection.accounts
        self.account.offer(
            [(summary.account.id, account_line(summary)) for summary in accounts], self._context.selection.account_id
        )
        self.account.setVisible(bool(accounts) and self._accounts)
        self.account.setEnabled(len(accounts) > 1)

    def _choose(self) -> None:
        self.account.choose(self._context.selection.account_id)
        self.account.setToolTip(self.account.currentText())

    def _built(self) -> QMenu:
        menu = QMenu(c_("user", "Menu"), self)
        self._fill(menu)
        menu.aboutToShow.connect(lambda: self._fill(menu))  # roles, regions and support come with the data
        return menu

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        for action in self._menu(menu):
            if action is None:
                menu.addSeparator()
            else:
                menu.addAction(action)
