"""The line below a page of the public queue: which places it shows, of when, and the way to the pages around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from translations import _, formats
from ui import theme
from ui.kit import IconButton, Muted


class Pager(QWidget):
    """``shown`` rows of ``page`` from ``offset`` on; ``turn`` gets -1 or 1. What else can be done is ``add``-ed."""

    def __init__(
        self, page: Any, offset: int, shown: int, turn: Callable[[int], object], *, zone: str, busy: bool
    ) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.grid(2))
        back = IconButton("chevron-left", _("Previous page"), lambda: turn(-1))
        back.setEnabled(offset > 0 and not busy)
        self._row.addWidget(back)
        text = _("{first}–{last} of {total}").format(
            first=formats.number(offset + 1),
            last=formats.number(offset + shown),
            total=formats.number(page.total),
        )
        if page.at is not None:
            known = _("as of {moment}").format(moment=formats.moment(page.at, zone))
            text = f"{text} · {known}"
        about = Muted(text)
        about.setWordWrap(False)
        self._row.addWidget(about)
        on = IconButton("chevron-right", _("Next page"), lambda: turn(1))
        on.setEnabled(offset + shown < page.total and not busy)
        self._row.addWidget(on)
        self._row.addStretch(1)

    def add(self, widget: QWidget) -> None:
        """Put a button at the end of the line."""
        self._row.addWidget(widget)
