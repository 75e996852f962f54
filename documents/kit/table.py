"""Tables of wrapped texts and right-aligned figures that go on over sheets under a repeated head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from documents.kit import fonts
from documents.kit.flow import LEFT, RIGHT, Flow
from documents.kit.sheet import ACCENT, INK, LINE, MUTED, TINT

_PAD = 3.0
_MOST_LINES = 8  # a row must fit a sheet whatever somebody wrote into a name


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, its width in points, where its texts stand."""

    title: str
    width: float
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of a row; ``notes`` are smaller lines under the first cell, ``under`` one under others by their number.

    ``kind`` is plain, group or total.
    """

    cells: Sequence[str]
    notes: Sequence[str] = ()
    kind: str = "plain"
    under: Mapping[int, str] = field(default_factory=dict)


class Table:
    """Draws rows onto a flow."""

    def __init__(
        self,
        flow: Flow,
        columns: Sequence[Column],
        *,
        size: float = 7.6,
        grid: bool = False,
        over: Sequence[tuple[str, int]] = (),
    ) -> None:
        """``over`` is a head above the head: a text and how many columns it spans; ``grid`` draws upright lines."""
        self._flow = flow
        self._columns = columns
        self._size = size
        self._grid = grid
        self._over = over
        self._head_sizes = [_head_size(column) for column in columns]
        self._heads = [
            fonts.wrap(column.title, head_size, column.width - _PAD - self._left_pad(index) + 0.1)
            for index, (column, head_size) in enumerate(zip(columns, self._head_sizes, strict=True))
        ]
        self._head_high = max(len(lines) for lines in self._heads) * 8.2 + 5
        over_lines = [
            fonts.wrap(text, 7, sum(column.width for column in columns[at : at + span]) - 2 * _PAD, True, 3)
            for text, span, at in self._spans()
        ]
        self._over_texts = over_lines
        self._over_high = max((len(lines) for lines in over_lines), default=0) * 8.8 + (4 if over_lines else 0)

    def _spans(self) -> list[tuple[str, int, int]]:
        spans, at = [], 0
        for text, span in self._over:
            spans.append((text, span, at))
            at += span
        return spans

    @property
    def _right(self) -> float:
        return LEFT + sum(column.width for column in self._columns) if self._columns else RIGHT

    def begin(self) -> None:
        """Draw the head, not alone at the end of a sheet."""
        self._flow.need(self._head_high + self._over_high + 26)
        self._head()

    def _head(self) -> None:
        flow, sheet = self._flow, self._flow.sheet
        top = flow.y + 3
        sheet.box(LEFT, top, self._right - LEFT, self._head_high + self._over_high, fill=TINT)
        for (_text, span, at), lines in zip(self._spans(), self._over_texts, strict=True):
            x = LEFT + sum(column.width for column in self._columns[:at])
            wide = sum(column.width for column in self._columns[at : at + span])
            for number, line in enumerate(lines):
                sheet.text(x + wide / 2, top + 8.8 * (number + 1), line, 7, bold=True, align="centre")
        base = top + self._over_high
        x = LEFT
        heads = zip(self._columns, self._heads, self._head_sizes, strict=True)
        for index, (column, lines, head_size) in enumerate(heads):
            first = base + self._head_high - 4.5 - 8.2 * (len(lines) - 1)
            for number, line in enumerate(lines):
                at_x = self._at(index, x)
                sheet.text(at_x, first + number * 8.2, line, head_size, colour=MUTED, align=column.align)
            x += column.width
        bottom = base + self._head_high
        sheet.line(LEFT, bottom, self._right, bottom, colour=ACCENT, thick=0.6)
        if self._grid:
            self._upright(base, bottom)
            for edge in (0, *(at + span for _text, span, at in self._spans())):
                x = LEFT + sum(column.width for column in self._columns[:edge])
                sheet.line(x, top, x, base, colour=LINE, thick=0.4)
        flow.y = bottom

    def _left_pad(self, index: int) -> float:
        # A text right after a figure would touch it where no line stands between them.
        if self._grid or not index:
            return _PAD
        return _PAD + 6 if (self._columns[index - 1].align, self._columns[index].align) == ("right", "left") else _PAD

    def _at(self, index: int, x: float) -> float:
        """Return where the texts of a column that begins at ``x`` stand."""
        column = self._columns[index]
        if column.align == "right":
            return x + column.width - _PAD
        return x + column.width / 2 if column.align == "centre" else x + self._left_pad(index)

    def _cell(self, index: int, text: str, bold: bool) -> tuple[str, ...]:
        column = self._columns[index]
        if not text:
            return ()
        if column.align == "right":
            return (text,)
        room = column.width - _PAD - self._left_pad(index)
        return fonts.wrap(text, self._size, room, bold, _MOST_LINES)

    def _upright(self, top: float, bottom: float) -> None:
        x = LEFT
        for column in [*self._columns, None]:
            self._flow.sheet.line(x, top, x, bottom, colour=LINE, thick=0.4)
            x += column.width if column is not None else 0

    def add(self, row: Row) -> None:
        """Draw a row, on a new sheet under the head again if it does not fit."""
        flow, size = self._flow, self._size
        bold = row.kind in ("total", "group")
        if row.kind == "group":
            self._group(row)
            return
        wrapped = [self._cell(index, cell, bold) for index, cell in enumerate(row.cells)]
        note_room = self._columns[0].width - 2 * _PAD
        notes = [line for note in row.notes if note for line in fonts.wrap(note, 6.6, note_room, False, 3)]
        step = size * 1.3
        depths = [
            len(lines) * step + (8.2 if row.under.get(index) else 0) for index, lines in enumerate(wrapped[1:], 1)
        ]
        high = max([*depths, len(wrapped[0]) * step + len(notes) * 8.2]) + 6
        flow.need(high, self._head)
        sheet, top = flow.sheet, flow.y
        if row.kind == "total":
            sheet.line(LEFT, top, self._right, top, colour=ACCENT, thick=0.6)
        x = LEFT
        for index, (column, lines) in enumerate(zip(self._columns, wrapped, strict=True)):
            at_x = self._at(index, x)
            for number, line in enumerate(lines):
                room = column.width - 2 * _PAD
                shown = size
                if column.align == "right":
                    # A figure never breaks: a longer one is set smaller.
                    shown = min(size, room / max(fonts.width(line, 1, bold), 0.01))
                sheet.text(at_x, top + 3 + size * 0.95 + number * step, line, shown, bold=bold, align=column.align)
            note = row.under.get(index, "")
            if note:
                sheet.text(
                    at_x, top + 1 + size * 0.95 + max(1, len(lines)) * step, note, 6.6, colour=MUTED, align=column.align
                )
            x += column.width
        under = top + 3 + size * 0.95 + len(wrapped[0]) * step - 1
        for number, line in enumerate(notes):
            sheet.text(LEFT + _PAD, under + number * 8.2, line, 6.6, colour=MUTED)
        flow.y = top + high
        sheet.line(LEFT, flow.y, self._right, flow.y, colour=LINE, thick=0.35)
        if self._grid:
            self._upright(top, flow.y)

    def _group(self, row: Row) -> None:
        flow = self._flow
        flow.need(30, self._head)
        flow.y += 12
        flow.sheet.text(LEFT + _PAD, flow.y, row.cells[0], 7.6, bold=True, colour=INK, room=self._right - LEFT - 8)
        flow.y += 4
        flow.sheet.line(LEFT, flow.y, self._right, flow.y, colour=LINE, thick=0.35)


def _head_size(column: Column) -> float:
    """Return a size at which no word of a head breaks."""
    widest = max(fonts.width(word, 1) for word in column.title.split(" ")) if column.title else 0.1
    return max(4.8, min(6.6, (column.width - 2 * _PAD) / max(widest, 0.1)))
