"""Texts that show data: always plain, never markup."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from translations import _, formats
from ui import theme

TONES: Final = ("", "muted", "accent", "positive", "warning", "danger", "pending")


def restyle(widget: QWidget) -> None:
    """Let the style sheet look at the widget's properties again."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


class Text(QLabel):
    """A plain text in one of the four sizes and a tone; ``wrap`` for sentences."""

    def __init__(
        self,
        text: str = "",
        *,
        size: theme.Size = theme.Size.BODY,
        bold: bool = False,
        tone: str = "",
        wrap: bool = False,
        selectable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(size, QFont.Weight.DemiBold if bold else QFont.Weight.Normal))
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.tone(tone)
        self.setText(text)

    def minimumSizeHint(self) -> QSize:
        """Override: a wrapped text asks for the height its width needs, not for that of a narrow column."""
        if not self.wordWrap():
            return super().minimumSizeHint()
        return QSize(self.fontMetrics().averageCharWidth() * 12, self.fontMetrics().height())

    def tone(self, tone: str) -> None:
        """Take another tone: one of ``TONES``."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            restyle(self)


class Title(Text):
    """The title of a page."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, size=theme.Size.TITLE, bold=True, wrap=True, parent=parent)


class Heading(Text):
    """The heading of a part of a page."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, size=theme.Size.HEADING, bold=True, wrap=True, parent=parent)


class Muted(Text):
    """A quiet line beside or below something louder."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, tone="muted", wrap=True, parent=parent)


class Chip(Text):
    """A state in one or two words: ``Chip(_("Waiting to be sent"), "pending")``."""

    def __init__(self, text: str = "", tone: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, size=theme.Size.SMALL, bold=True, tone=tone, parent=parent)
        self.setProperty("part", "chip")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        restyle(self)


class Rule(QFrame):
    """A hairline."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "rule")


class MoneyLabel(Text):
    """An amount in tabular figures, trailing-aligned, with its currency.

    With ``balance=True`` the amount is an internal balance (positive = the consumer owes): shown as its size in words
    and colour, "Debt 1 264,70 ₴" in the tone of danger, "Overpaid …" in positive, "Nothing owed" in muted.
    """

    def __init__(
        self,
        minor: int | None = None,
        currency: str = "",
        *,
        size: theme.Size = theme.Size.BODY,
        bold: bool = True,
        balance: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", size=size, bold=bold, parent=parent)
        self._balance = balance
        self.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.show_money(minor, currency)

    def show_money(self, minor: int | None, currency: str) -> None:
        """Show another amount; ``None`` is a dash."""
        if minor is None:
            self.setText("–")
            self.tone("muted")
        elif self._balance:
            self.setText(balance_text(minor, currency))
            self.tone(balance_tone(minor))
        else:
            self.setText(formats.money(minor, currency))
            self.tone("")


def balance_text(minor: int, currency: str) -> str:
    """Return an internal balance (positive = owed) in words and money."""
    if minor > 0:
        return _("Debt {amount}").format(amount=formats.money(minor, currency))
    if minor < 0:
        return _("Overpaid {amount}").format(amount=formats.money(-minor, currency))
    return _("Nothing owed")


def balance_tone(minor: int) -> str:
    """Return the tone of an internal balance."""
    return "danger" if minor > 0 else "positive" if minor < 0 else "muted"
