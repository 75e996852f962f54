"""Messages: the list, and the one that is read."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QIcon, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QSplitter,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from models.contract.admission_words import EVENTS, word
from translations import _, formats, n_
from ui import icons, theme
from ui.context import Context, Made
from ui.family.parts import Tabs
from ui.kit import (
    Button,
    Card,
    Chip,
    Choice,
    Column,
    DataTable,
    Heading,
    Muted,
    Page,
    State,
    TableModel,
    Text,
    clear_layout,
)
from ui.messages.view_model import KIND_ICONS, KINDS, Deed, Messages, kind_words, said
from ui.waiting.words import TONES, state_words

_TOP = QModelIndex()
_WRAPPED = Qt.TextFlag.TextWordWrap


class MessageList(QAbstractListModel):
    """Messages as a list: subject in bold while it is new, day and kind below."""

    MESSAGE = Qt.ItemDataRole.UserRole

    def __init__(self, model: Messages, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._rows: list[Any] = []
        self.refresh()

    def refresh(self) -> None:
        """Show what there is now."""
        rows = self._model.rows
        if [row.message.id for row in rows] == [row.message.id for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row_of(self, message_id: int | None) -> int:
        """Return the row of a message, -1 when it is not shown."""
        return next((n for n, row in enumerate(self._rows) if row.message.id == message_id), -1)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _TOP) -> int:
        """Override."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Override."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        message = row.message
        day = formats.moment(message.at, self._model.context.zone)[:10]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                below = self._model.about(message) or kind_words(message.kind)
                return f"{said(message.subject)}\n{day} · {below}"
            case Qt.ItemDataRole.AccessibleTextRole:
                new = "" if row.read else _("New")
                return ". ".join(part for part in (new, said(message.subject), self._model.about(message), day) if part)
            case Qt.ItemDataRole.FontRole:
                return theme.font(weight=QFont.Weight.Normal if row.read else QFont.Weight.DemiBold)
            case Qt.ItemDataRole.DecorationRole:
                return icons.icon(KIND_ICONS.get(message.kind, "mail"), "muted" if row.read else "accent")
            case self.MESSAGE:
                return message.id
        return None


class _Delegate(QStyledItemDelegate):
    """Draws a message as its subject, on as many lines as it needs, over day and kind in small type."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Override."""
        subject, _below = self._parts(index)
        wide = self._view.viewport().width()
        box = QFontMetrics(index.data(Qt.ItemDataRole.FontRole)).boundingRect(
            QRect(0, 0, wide - self._leading() - theme.grid(2), theme.grid(100)), int(_WRAPPED), subject
        )
        small = QFontMetrics(theme.font(theme.Size.SMALL)).height()
        return QSize(theme.grid(30), box.height() + small + 2 * theme.grid(2))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Override."""
        drawn = QStyleOptionViewItem(option)
        self.initStyleOption(drawn, index)
        box = QRect(drawn.rect)  # type: ignore[attr-defined, unused-ignore]
        icon = QIcon(drawn.icon)  # type: ignore[attr-defined, unused-ignore]
        drawn.icon, drawn.text = QIcon(), ""  # type: ignore[attr-defined, unused-ignore]
        self._view.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, drawn, painter, self._view)
        subject, below = self._parts(index)
        inner = box.adjusted(theme.grid(2), theme.grid(2), -theme.grid(2), -theme.grid(2))
        side = icons.size(4.5)
        icon.paint(painter, QRect(inner.topLeft(), side), Qt.AlignmentFlag.AlignCenter)
        inner.setLeft(box.left() + self._leading())
        painter.save()
        painter.setPen(theme.color("text"))
        painter.setFont(index.data(Qt.ItemDataRole.FontRole))
        painter.drawText(inner, int(_WRAPPED | Qt.AlignmentFlag.AlignTop), subject)
        painter.setPen(theme.color("muted"))
        painter.setFont(theme.font(theme.Size.SMALL))
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeading), below)
        painter.restore()

    @staticmethod
    def _leading() -> int:
        return theme.grid(4) + icons.size(4.5).width()

    @staticmethod
    def _parts(index: QModelIndex | QPersistentModelIndex) -> tuple[str, str]:
        subject, _line, below = str(index.data() or "").rpartition("\n")
        return subject, below


class _List(QListView):
    """Coming to it by the keyboard opens no message: what nobody looked at stays unread."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Override: Qt makes the first row the current one."""
        with QSignalBlocker(self.selectionModel()):
            super().focusInEvent(event)


class MessagesView(Page):
    """Kinds above, the list at the leading side, the text at the trailing one."""

    def __init__(self, model: Messages) -> None:
        super().__init__(_("Messages"), scroll=False)
        self._model = model
        self.read_all = self.secondary(_("Mark all as &read"), model.read_all, "check-check")
        self.tabs: Tabs | None = None
        self.journal: DataTable | None = None
        if model.home is not None:
            parts = [("inbox", _("Inbox")), ("journal", _("Journal of my acts"))]
            self.tabs = Tabs(parts, model.part, _("Parts of the messages"))
            self.tabs.chosen.connect(model.choose_part)
            self.filter(self.tabs)
        self.kinds = Choice([(key, _(text)) for key, text in KINDS.items()], model.kind, name=_("Kind of message"))
        self.kinds.chosen.connect(model.choose_kind)
        self.filter(self.kinds, last=True)
        self.list = _List()
        self.list.setAccessibleName(_("Messages"))
        self.list.setWordWrap(True)
        self.list.setIconSize(icons.size(4.5))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list_model = MessageList(model, self)
        self.list.setModel(self.list_model)
        self.list.setItemDelegate(_Delegate(self.list))
        self.list.selectionModel().currentChanged.connect(self._chosen)
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self.list.setCurrentIndex)  # it is the current one, and is marked as such now
        self.list.activated.connect(self._open)
        self._text = Card()
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.list)
        split.addWidget(self._text)
        split.setSizes([theme.grid(90), theme.grid(130)])
        self._text.setMinimumWidth(theme.grid(50))
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setHandleWidth(theme.grid(2))
        self.add(split, 1)
        self._split = split
        if model.home is not None:
            self._deeds = TableModel(_deed_columns(model), [])
            self.journal = DataTable(
                self._deeds, "journal", label=_("Journal of my acts"), settings=model.context.settings
            )
            self.journal.hide()
            self.add(self.journal, 1)
        model.changed.connect(self._show)
        self._show()

    def start_here(self) -> None:
        """Put the cursor into the list."""
        self.list.setFocus()

    def _chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self._open(current)

    def _open(self, index: QModelIndex) -> None:
        message_id = index.data(MessageList.MESSAGE)
        if message_id is not None:
            self._model.open(message_id)

    def _show_journal(self) -> None:
        assert self.journal is not None
        self.journal.show()
        self._split.hide()
        self.kinds.hide()
        self.read_all.hide()
        deeds = self._model.journal
        self._deeds.show_rows(deeds)
        self.journal.fit_columns()
        self.show_context(n_("{count} act", "{count} acts", len(deeds)).format(count=len(deeds)))
        self.show_state(State.CONTENT)

    def _show(self) -> None:
        model = self._model
        if self.tabs is not None and self.journal is not None:
            self.tabs.choose(model.part)
            if model.part == "journal":
                self._show_journal()
                return
            self.journal.hide()
            self._split.show()
            self.kinds.show()
            self.read_all.show()
        self.read_all.setEnabled(model.unread > 0)
        self.show_context(
            n_("{count} new message", "{count} new messages", model.unread).format(count=model.unread)
            if model.unread
            else ""
        )
        if not model.ready:
            if model.failure is not None:
                self.show_state(State.ERROR, model.failure_text, verb=_("Try again"), act=model.refresh)
            else:
                self.show_state(State.LOADING)
            return
        if not model.everything:
            self.show_state(
                State.EMPTY,
                _("There are no messages yet."),
                detail=_("Announcements and news about your applications and their terms will stand here.")
                if model.home is not None and not model.context.selection.accounts
                else _("Announcements of your providers and news about your accounts will stand here."),
                icon="message-square",
            )
            return
        self.list_model.refresh()
        row = self.list_model.row_of(model.open_id)
        if row >= 0 and self.list.currentIndex().row() != row:
            self.list.setCurrentIndex(self.list_model.index(row))
        self._show_text()
        self.show_state(State.CONTENT)

    def _show_text(self) -> None:
        clear_layout(self._text.body)
        message = self._model.opened
        if message is None:
            self._text.add(Muted(_("Choose a message to read it.")))
            self._text.body.addStretch(1)
            return
        top = QVBoxLayout()
        top.setSpacing(theme.grid(1))
        chips = QHBoxLayout()
        chips.addWidget(Chip(kind_words(message.kind), "accent"))
        chips.addStretch(1)
        top.addLayout(chips)
        top.addWidget(Heading(said(message.subject)))
        top.addWidget(Muted(self._model.who(message)))
        self._text.add(top)
        self._text.add(Text(said(message.body), wrap=True, selectable=True))
        if message.link:
            button = Button(_("Open what it is about"), self._model.follow, icon="arrow-right")
            self._text.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)
        self._text.body.addStretch(1)


def _deed_columns(model: Messages) -> list[Column[Deed]]:
    def what(deed: Deed) -> str:
        return deed.title or word(EVENTS, deed.event)

    return [
        Column("at", lambda: _("Date and time"), lambda deed: formats.moment(deed.at, model.context.zone),
               sort=lambda deed: deed.at),
        Column("what", lambda: _("What was done"), what, stretch=True),
        Column("child", lambda: _("Child"), lambda deed: deed.child, stretch=True),
        Column("state", lambda: _("State"), lambda deed: state_words(deed.state) if deed.state else _("Received"),
               tone=lambda deed: TONES.get(deed.state, "muted")),
    ]  # fmt: skip


def make(context: Context) -> Made:
    """Return the screen."""
    model = Messages(context)
    return model, lambda: MessagesView(model)
