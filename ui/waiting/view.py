"""Waiting and attention: a card an entry, with what, when, why, and the acts that are possible."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from translations import _, n_
from ui import icons, theme
from ui.context import Context, Made
from ui.kit import Button, Card, Chip, Heading, Muted, Page, State, Text, clear_layout
from ui.kit.surfaces import GLYPHS
from ui.waiting.conflict import of_item
from ui.waiting.conflict_view import ConflictBlock
from ui.waiting.view_model import Waiting
from ui.waiting.words import TONES, standing


class EntryCard(Card):
    """One entry."""

    def __init__(self, model: Waiting, item: Any) -> None:
        super().__init__()
        tone = TONES.get(item.state, "muted")
        title = model.title(item)
        self.setAccessibleName(f"{title}. {standing(item)}")
        top = QHBoxLayout()
        top.setSpacing(theme.grid(2.5))
        top.addWidget(icons.Glyph(GLYPHS[tone], tone, 5))
        top.addWidget(Text(title, bold=True))
        top.addWidget(Chip(standing(item), tone))
        top.addStretch(1)
        top.addWidget(Text(model.when(item), size=theme.Size.SMALL, tone="muted"))
        self.add(top)
        detail = model.detail(item)
        if detail:
            self.add(Text(detail, wrap=True, selectable=True))
        self.add(Muted(model.why(item)))
        conflict = of_item(item)
        if conflict is not None:
            self.add(ConflictBlock(model, item, conflict))
        acts = model.acts(item)
        row = QHBoxLayout()
        row.setSpacing(theme.grid(2))
        for wanted, text, act, icon in (
            (acts.correct, _("Correct and send again"), lambda: model.correct(item), "pencil"),
            (acts.resend, _("Send again as it is"), lambda: model.resend(item), "rotate-ccw"),
            (acts.withdraw, _("Withdraw"), lambda: model.withdraw(item), "undo-2"),
            (acts.dismiss, _("Put away"), lambda: model.dismiss(item), "check"),
        ):
            if wanted:
                button = Button(text, act, icon=icon)
                button.setAccessibleName(f"{text}: {title}")
                button.setEnabled(not model.busy)
                row.addWidget(button)
        copy = Button(_("Copy"), lambda: QGuiApplication.clipboard().setText(model.as_text(item)), kind="link")
        copy.setAccessibleName(f"{_('Copy')}: {title}")
        row.addWidget(copy)
        row.addStretch(1)
        self.add(row)


class WaitingView(Page):
    """Entries that need the person first, then those that go by themselves."""

    def __init__(self, model: Waiting) -> None:
        super().__init__(_("Waiting and attention"), width=220)
        self._model = model
        self.send = self.primary(_("Send &now"), model.send, "send")
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.grid(3))
        self.add(self._list)
        model.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        model = self._model
        self.send.setEnabled(bool(model.queue) and not model.busy)
        self.send.setText(_("Sending…") if model.busy else _("Send &now"))
        self.banner.show_text(model.failure_text, "warning" if model.offline else "danger")
        if not model.ready:
            if model.failure is not None:
                self.banner.show_text("")
                self.show_state(State.ERROR, model.failure_text, verb=_("Try again"), act=model.refresh)
            else:
                self.show_state(State.LOADING)
            return
        if not model.items:
            self.show_context("")
            self.show_state(
                State.EMPTY,
                _("Nothing waits."),
                detail=_("Everything you entered on this computer has been sent and confirmed."),
                icon="check-check",
            )
            return
        count = len(model.items)
        self.show_context(
            n_("{count} entry on this computer", "{count} entries on this computer", count).format(count=count)
        )
        focused = self.focusWidget()
        named = focused.accessibleName() if focused is not None and self._list_has(focused) else ""
        clear_layout(self._list)
        for heading, items in (
            (_("Needs your attention"), model.attention),
            (_("Waiting to be sent"), model.queue),
        ):
            if not items:
                continue
            title = Heading(f"{heading}  ·  {len(items)}")
            self._list.addWidget(title)
            for item in items[: model.shown]:
                self._list.addWidget(EntryCard(model, item))
            if len(items) > model.shown:
                more = Button(_("Show more"), model.more, kind="link")
                self._list.addWidget(more, 0, Qt.AlignmentFlag.AlignLeading)
        self.show_state(State.CONTENT)
        if named:  # drawn anew under the person's hands
            again = [one for one in self.findChildren(QWidget) if one.accessibleName() == named]
            for widget in again[-1:]:  # those from before go with the next events
                widget.setFocus()

    def _list_has(self, widget: QWidget) -> bool:
        return any(card.isAncestorOf(widget) for card in self.findChildren(EntryCard))


def make(context: Context) -> Made:
    """Return the screen."""
    model = Waiting(context)
    return model, lambda: WaitingView(model)
