"""The promise of the program as a view-model: state of the line, what waits with its sum, how old the data are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from translations import _, formats, n_
from ui.context import Context
from ui.selection import is_offline


class Line(QObject):
    """What the status line says; ``changed`` when any word of it may have changed."""

    changed = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.status: Any = None
        self._syncing = False
        context.topics.listen(self, {"status", "waiting"}, self.refresh)
        self._timer = QTimer(self)
        self._timer.setInterval(30_000)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()
        self.refresh()

    def refresh(self) -> None:
        """Ask again how things stand."""
        client = self._context.client
        self._context.tasks.ask(self, client.status, self._take, name="status")

    def sync(self) -> None:
        """Exchange with the provider now."""
        if self._syncing:
            return
        self._syncing = True
        self.changed.emit()
        client = self._context.client
        self._context.tasks.ask(self, client.sync, lambda _report: self._synced(), lambda _error: self._synced())

    def _synced(self) -> None:
        self._syncing = False
        self.refresh()

    def _take(self, status: Any) -> None:
        self.status = status
        self.changed.emit()

    @property
    def state(self) -> str:
        """One of signed_out, offline, online, syncing, attention, lease_expired; "" before the first answer."""
        if self._syncing:
            return "syncing"
        state = str(self.status.state) if self.status is not None else ""
        # What needs attention is counted beside; that there is no line must not be hidden by it.
        return "offline" if state == "attention" and is_offline(self.status) else state

    @property
    def online(self) -> bool:
        """Whether the provider was reached when last tried."""
        return self.state in ("online", "syncing", "attention")

    @property
    def tone(self) -> str:
        """The tone of the state."""
        tones = {"online": "positive", "syncing": "accent", "offline": "warning", "": "muted"}
        return tones.get(self.state, "danger")

    @property
    def glyph(self) -> str:
        """The icon of the state; each state has its own, so colour is not alone."""
        glyphs = {"online": "wifi", "syncing": "refresh-cw", "offline": "wifi-off", "lease_expired": "lock", "": "wifi"}
        return glyphs.get(self.state, "triangle-alert")

    @property
    def words(self) -> str:
        """The state in words."""
        match self.state:
            case "":
                return _("Opening…")
            case "online":
                return _("Online")
            case "syncing":
                progress = getattr(self.status, "progress", None)
                if progress is not None and progress.total:
                    return _("Exchanging data… {percent} %").format(percent=progress.done * 100 // progress.total)
                return _("Exchanging data…")
            case "attention":
                return _("Needs your attention")
            case "lease_expired":
                return _("Locked until the next connection")
            case "signed_out":
                return _("Signed out: sign in again to send and receive")
        contact = self.status.last_contact
        if contact is None:
            return _("Offline")
        return _("Offline since {time}").format(time=self.when(contact))

    @property
    def waiting_words(self) -> str:
        """How much waits, with its sum in each currency; "" when nothing does."""
        if self.status is None or not self.status.waiting:
            return ""
        count = self.status.waiting
        text = n_("{count} waiting to be sent", "{count} waiting to be sent", count).format(count=count)
        sums = [formats.money(minor, code) for code, minor in sorted(self.status.waiting_minor.items()) if minor]
        return f"{text} ({', '.join(sums)})" if sums else text

    @property
    def attention_words(self) -> str:
        """How many entries need the person; "" when none does."""
        if self.status is None or not self.status.attention:
            return ""
        count = self.status.attention
        return n_("{count} needs your attention", "{count} need your attention", count).format(count=count)

    @property
    def age_words(self) -> str:
        """As of when the data are."""
        if self.status is None:
            return ""
        if self.status.as_of is None:
            return _("no data on this computer yet")
        return _("data as of {time}").format(time=self.when(self.status.as_of))

    @property
    def whole(self) -> str:
        """All of it in one line, for screen readers."""
        parts = (self.words, self.attention_words, self.waiting_words, self.age_words)
        return " · ".join(part for part in parts if part)

    def when(self, moment: datetime) -> str:
        """Return a time of today as ``14:02``, any other with its date."""
        zone = self._context.zone
        shown = formats.moment(moment, zone)
        today = formats.moment(self._context.clock(), zone)
        return formats.clock(moment, zone) if shown[:10] == today[:10] else shown
