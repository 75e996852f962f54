"""Reading papers back: their text, their pages, their fonts, their codes."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pypdfium2
import zxingcpp
from pypdf import PdfReader


def pages(pdf: bytes) -> list[str]:
    """Return the text of each page, no-break spaces kept, lines joined by spaces."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [" ".join(page.get_textpage().get_text_bounded().split("\r\n")) for page in document]
    finally:
        document.close()


def text(pdf: bytes) -> str:
    """Return the text of all pages."""
    return " ".join(pages(pdf))


def embedded_fonts(pdf: bytes) -> dict[str, bool]:
    """Return the fonts of the first page and whether their programs are in the file."""
    resources: Any = PdfReader(BytesIO(pdf)).pages[0]["/Resources"]
    fonts = resources["/Font"]
    found = {}
    for name in fonts:
        descendant = fonts[name]["/DescendantFonts"][0].get_object()
        found[str(descendant["/BaseFont"])] = "/FontFile2" in descendant["/FontDescriptor"]
    return found


def codes(pdf: bytes, dots_per_inch: int = 200) -> list[tuple[str, str]]:
    """Return (format, text) of every code that a reader finds on the rendered pages."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    try:
        for page in document:
            picture = page.render(scale=dots_per_inch / 72, grayscale=True).to_pil()
            found += [(str(code.format), code.text) for code in zxingcpp.read_barcodes(picture)]
    finally:
        document.close()
    return found
