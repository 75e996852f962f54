"""QR codes and Code 128 as one-bit pictures on a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

import zxingcpp

from documents.kit.sheet import PAPER, Sheet

MILLIMETRE: Final = 72 / 25.4
BAR: Final = 0.33 * MILLIMETRE
"""Width of the thinnest bar of Code 128."""
_QUIET: Final = 4  # modules of white around a QR code


@dataclass(frozen=True, slots=True)
class Matrix:
    """Modules of a code: ``bits`` are rows in hex, padded to whole bytes, 1 = black."""

    columns: int
    rows: int
    bits: str


_TO_BITS: Final = bytes.maketrans(b"\x00\xff", b"10")


def _matrix(barcode: zxingcpp.Barcode, rows: int = 0) -> Matrix:
    # The library's picture answers the buffer protocol, which its stub does not say.
    picture = memoryview(cast("bytes", barcode.to_image(scale=1, add_quiet_zones=False)))
    high, wide = picture.shape or (0, 0)
    high = rows or high
    digits = (wide + 7) // 8 * 2
    padding = digits * 4 - wide
    black = bytes(picture).translate(_TO_BITS)
    lines = [f"{int(black[row * wide : (row + 1) * wide], 2) << padding:0{digits}x}" for row in range(high)]
    return Matrix(wide, high, "".join(lines))


def qr(text: str, *, smallest_version: int = 1, largest_version: int = 40, strong: bool = False) -> Matrix:
    """Return the QR code of ``text``; ``strong`` corrects up to a quarter of it, so that a sign may lie in its centre.

    A text that would need more than ``largest_version`` gets weaker correction instead. Raises ValueError if the text
    does not fit at all.
    """
    matrix = _qr(text, "Q" if strong else "M", smallest_version)
    if strong and _version(matrix) > largest_version:
        matrix = _qr(text, "M", smallest_version)
    return matrix


def _qr(text: str, level: str, smallest_version: int) -> Matrix:
    matrix = _matrix(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level))
    if _version(matrix) >= smallest_version:
        return matrix
    return _matrix(
        zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level, version=smallest_version)
    )


def _version(matrix: Matrix) -> int:
    return (matrix.columns - 17) // 4


def draw_qr(sheet: Sheet, x: float, y: float, matrix: Matrix, side: float, sign: str = "") -> float:
    """Draw ``matrix`` with its quiet zone into a square at ``x``, ``y`` and return the side it took, in points.

    ``side`` is wished; modules are never smaller than half a millimetre. ``sign`` stands in a white circle in the
    centre.
    """
    modules = matrix.columns + 2 * _QUIET
    module = max(side / modules, 0.5 * MILLIMETRE)
    side = module * modules
    inner = module * matrix.columns
    sheet.box(x, y, side, side, fill=PAPER)
    sheet.stencil(x + module * _QUIET, y + module * _QUIET, inner, inner, matrix.columns, matrix.rows, matrix.bits)
    if sign:
        radius = inner * 0.085
        sheet.disc(x + side / 2, y + side / 2, radius)
        sheet.text(x + side / 2, y + side / 2 + radius * 0.52, sign, radius * 1.5, bold=True, align="centre")
    return side


@lru_cache(maxsize=256)
def code128(text: str) -> Matrix | None:
    """Return the bars of ``text`` as one row, or ``None`` if Code 128 cannot say it (letters beyond ASCII)."""
    if not text or not text.isascii() or not text.isprintable() or len(text) > 40:
        return None
    return _matrix(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128), rows=1)


def draw_bars(
    sheet: Sheet, x: float, y: float, matrix: Matrix, high: float, module: float = 0.33 * MILLIMETRE
) -> float:
    """Draw bars ``high`` points high and return how wide they are."""
    wide = BAR * matrix.columns
    sheet.stencil(x, y, wide, high, matrix.columns, 1, matrix.bits)
    return wide
