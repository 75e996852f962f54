"""A sheet of A4 being drawn on. Positions are points from the top left corner; text stands on its baseline."""

from __future__ import annotations

import zlib
from typing import Final

from documents.kit import fonts
from documents.kit.pdf import A4, Page

WIDTH, HEIGHT = A4
INK: Final = "0.09 0.11 0.13"
MUTED: Final = "0.36 0.40 0.43"
ACCENT: Final = "0.02 0.37 0.39"
LINE: Final = "0.72 0.76 0.78"
TINT: Final = "0.945 0.965 0.965"
PAPER: Final = "1 1 1"


class Sheet:
    """Collects drawing operators."""

    def __init__(self) -> None:
        self._operators: list[str] = []
        self._faces: set[str] = set()

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 8,
        *,
        bold: bool = False,
        colour: str = INK,
        align: str = "left",
        room: float = 0,
    ) -> float:
        """Show ``text`` as it is and return its width; ``align`` says which end of it is at ``x``.

        With ``room`` a longer text is shortened with «…».
        """
        if not text:
            return 0
        if room:
            text = fonts.fit(text, size, room, bold)
        run = fonts.run(text, bold)
        wide = run.width * size
        if align == "right":
            x -= wide
        elif align == "centre":
            x -= wide / 2
        self._faces.add(run.face)
        self._operators.append(
            f"BT {colour} rg /{run.face} {size:g} Tf {x:.2f} {HEIGHT - y:.2f} Td <{run.codes}> Tj ET"
        )
        return wide

    def line(
        self, x1: float, y1: float, x2: float, y2: float, *, colour: str = LINE, thick: float = 0.5, dash: str = ""
    ) -> None:
        """Draw a line; ``dash`` is lengths of marks and gaps in points."""
        self._operators.append(
            f"{colour} RG {thick:g} w [{dash}] 0 d {x1:.2f} {HEIGHT - y1:.2f} m {x2:.2f} {HEIGHT - y2:.2f} l S"
        )

    def box(
        self, x: float, y: float, wide: float, high: float, *, fill: str = "", line: str = "", thick: float = 0.5
    ) -> None:
        """Draw a rectangle whose top left corner is at ``x``, ``y``."""
        paint = "B" if fill and line else "f" if fill else "S"
        colours = (f"{fill} rg " if fill else "") + (f"{line} RG {thick:g} w [] 0 d " if line else "")
        self._operators.append(f"{colours}{x:.2f} {HEIGHT - y - high:.2f} {wide:.2f} {high:.2f} re {paint}")

    def disc(self, x: float, y: float, radius: float, *, fill: str = PAPER) -> None:
        """Draw a filled circle around ``x``, ``y``."""
        handle = radius * 0.5523
        y = HEIGHT - y
        self._operators.append(
            f"{fill} rg {x + radius:.2f} {y:.2f} m "
            f"{x + radius:.2f} {y + handle:.2f} {x + handle:.2f} {y + radius:.2f} {x:.2f} {y + radius:.2f} c "
            f"{x - handle:.2f} {y + radius:.2f} {x - radius:.2f} {y + handle:.2f} {x - radius:.2f} {y:.2f} c "
            f"{x - radius:.2f} {y - handle:.2f} {x - handle:.2f} {y - radius:.2f} {x:.2f} {y - radius:.2f} c "
            f"{x + handle:.2f} {y - radius:.2f} {x + radius:.2f} {y - handle:.2f} {x + radius:.2f} {y:.2f} c f"
        )

    def stencil(self, x: float, y: float, wide: float, high: float, columns: int, rows: int, bits: str) -> None:
        """Paint a one-bit picture in black: ``bits`` are its rows in hex, each padded to whole bytes, 1 = black."""
        self._operators.append(
            f"q 0 0 0 rg {wide:.3f} 0 0 {high:.3f} {x:.3f} {HEIGHT - y - high:.3f} cm "
            f"BI /W {columns} /H {rows} /IM true /D [1 0] /BPC 1 /F /AHx ID {bits}> EI Q"
        )

    def stamp(self, text: str) -> None:
        """Show a large pale word across the sheet, under what is drawn later."""
        run = fonts.run(text, True)
        size = min(96.0, 520 / run.width)
        self._faces.add(run.face)
        self._operators.insert(
            0,
            f"q 0.7071 0.7071 -0.7071 0.7071 {WIDTH / 2:.2f} {HEIGHT / 2:.2f} cm BT 0.9 0.91 0.92 rg "
            f"/{run.face} {size:.1f} Tf {-run.width * size / 2:.2f} {-size * 0.35:.2f} Td <{run.codes}> Tj ET Q",
        )

    def mark(self) -> tuple[int, frozenset[str]]:
        """Return what has been drawn so far, for :meth:`back_to`."""
        return len(self._operators), frozenset(self._faces)

    def back_to(self, mark: tuple[int, frozenset[str]]) -> None:
        """Take away what was drawn after ``mark``."""
        count, faces = mark
        del self._operators[count:]
        self._faces = set(faces)

    def page(self) -> Page:
        """Return the finished page."""
        return Page(zlib.compress("\n".join(self._operators).encode("ascii"), 3), frozenset(self._faces))
