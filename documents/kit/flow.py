"""Content flowing down sheets: what does not fit goes on, under repeated headings; furniture is added at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from documents.kit import fonts
from documents.kit.pdf import Page
from documents.kit.sheet import ACCENT, HEIGHT, INK, LINE, MUTED, WIDTH, Sheet
from translations import c_

LEFT: Final = 42.0
RIGHT: Final = WIDTH - 42.0
ROOM: Final = RIGHT - LEFT
TOP: Final = 38.0
BOTTOM: Final = HEIGHT - 50.0


@dataclass(frozen=True, slots=True)
class Furniture:
    """What stands on every page: texts ready in the language of the paper."""

    title: str
    number: str
    made: str  # "made 05.03.2024 14:20"
    fresh: str  # "data as of …"
    copy: bool = False
    stamp: str = ""  # another pale word across every page


class Flow:
    """A document being written from top to bottom. ``y`` is where the next thing goes."""

    def __init__(self, furniture: Furniture) -> None:
        self._furniture = furniture
        self._sheets: list[Sheet] = []
        self.sheet = Sheet()
        self.y = TOP
        self._begin()

    def _begin(self) -> None:
        self.sheet = Sheet()
        stamp = c_("paper", "COPY") if self._furniture.copy else self._furniture.stamp
        if stamp:
            self.sheet.stamp(stamp)
        self._sheets.append(self.sheet)
        self.y = TOP
        if len(self._sheets) > 1:
            self.sheet.text(LEFT, self.y, self._furniture.title, 7.5, bold=True, colour=MUTED, room=ROOM - 150)
            self.sheet.text(RIGHT, self.y, self._furniture.number, 7.5, colour=MUTED, align="right", room=140)
            self.sheet.line(LEFT, self.y + 6, RIGHT, self.y + 6, colour=ACCENT, thick=0.8)
            self.y += 22

    @property
    def left(self) -> float:
        """Points left on this sheet."""
        return BOTTOM - self.y

    def need(self, high: float, again: Callable[[], None] | None = None) -> None:
        """Begin a new sheet if ``high`` points do not fit, and call ``again`` to repeat a heading there."""
        if high > self.left and self.y > TOP + 30:
            self._begin()
            if again is not None:
                again()

    def together(self, write: Callable[[], None]) -> None:
        """Let ``write`` write a part that reads as one; it begins a new sheet rather than run over onto one.

        Where it needs several sheets anyway it begins here, if that takes fewer of them.
        """
        if self.y <= TOP + 30:
            write()
            return
        count, mark, y = len(self._sheets), self.sheet.mark(), self.y

        def back() -> None:
            del self._sheets[count:]
            self.sheet, self.y = self._sheets[-1], y
            self.sheet.back_to(mark)

        write()
        torn = len(self._sheets)
        if torn > count:
            back()
            self._begin()
            write()
            if len(self._sheets) > torn:
                back()
                write()

    def gap(self, high: float) -> None:
        """Leave space."""
        self.y += high

    def heading(self, text: str, keep: float = 40) -> None:
        """Write a section's heading, not alone at the end of a sheet: ``keep`` points must fit under it."""
        self.need(26 + keep)
        self.y += 16
        self.sheet.text(LEFT, self.y, text, 9, bold=True, colour=ACCENT, room=ROOM)
        self.sheet.line(LEFT, self.y + 4.5, RIGHT, self.y + 4.5, colour=ACCENT, thick=0.6)
        self.y += 8

    def paragraph(
        self,
        text: str,
        size: float = 8,
        *,
        bold: bool = False,
        colour: str = INK,
        x: float = LEFT,
        room: float = ROOM,
        lines: int = 0,
    ) -> None:
        """Write a text over as many lines as it needs (``lines`` at most)."""
        step = size * 1.38
        for line in fonts.wrap(text, size, room, bold, lines):
            self.need(step)
            self.y += step
            self.sheet.text(x, self.y, line, size, bold=bold, colour=colour)

    def pages(self) -> list[Page]:
        """Return the finished pages, each with its number of how many."""
        count = len(self._sheets)
        furniture = self._furniture
        for index, sheet in enumerate(self._sheets):
            y = HEIGHT - 34
            sheet.line(LEFT, y, RIGHT, y, colour=LINE, thick=0.4)
            page = c_("paper", "page {page} of {pages}").format(page=index + 1, pages=count)
            wide = sheet.text(RIGHT, y + 10, page, 6.8, colour=MUTED, align="right")
            room = ROOM - wide - 16
            first = " · ".join(part for part in (furniture.number, furniture.made) if part)
            sheet.text(LEFT, y + 10, first, 6.8, colour=MUTED, room=room)
            sheet.text(LEFT, y + 19, furniture.fresh, 6.8, colour=MUTED, room=ROOM)
        return [sheet.page() for sheet in self._sheets]
