"""Documents for tests, good ones and hostile ones, made here and now."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject
from reportlab.pdfgen import canvas


def pdf(words: str = "ПМПК", pages: int = 1) -> bytes:
    """Return a plain PDF."""
    file = io.BytesIO()
    sheet = canvas.Canvas(file, invariant=1)
    for page in range(pages):
        sheet.drawString(100, 700, f"{words} {page}")
        sheet.showPage()
    sheet.save()
    return file.getvalue()


def changed_pdf(change: Any) -> bytes:
    """Return a PDF after ``change(writer)``."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    change(writer)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def scripted_pdf() -> bytes:
    """Return a PDF that runs a program when it is opened, under a name written in another way."""

    def change(writer: PdfWriter) -> None:
        action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)

    return changed_pdf(change).replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS ", b"/J#53 ")


def launching_pdf() -> bytes:
    """Return a PDF whose page starts a program."""

    def change(writer: PdfWriter) -> None:
        action = {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("calc.exe")}
        link = {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/A"): DictionaryObject(action),
        }
        writer.pages[0][NameObject("/Annots")] = ArrayObject([DictionaryObject(link)])

    return changed_pdf(change)


def xfa_pdf() -> bytes:
    """Return a PDF with a dynamic form."""

    def change(writer: PdfWriter) -> None:
        form = {NameObject("/XFA"): TextStringObject("<xdp/>"), NameObject("/Fields"): ArrayObject()}
        writer.root_object[NameObject("/AcroForm")] = DictionaryObject(form)

    return changed_pdf(change)


def jpeg(width: int = 64, height: int = 48, exif: bool = True) -> bytes:
    """Return a photograph with the place where it was taken."""
    image = Image.new("RGB", (width, height), (200, 120, 40))
    marks = Image.Exif()
    if exif:
        marks[0x0112] = 6  # to be turned
        marks[0x010E] = "51.1694, 71.4491"
    file = io.BytesIO()
    image.save(file, "JPEG", quality=85, exif=marks)
    return file.getvalue()


def png(width: int = 40, height: int = 30) -> bytes:
    """Return a picture with a note in it."""
    note = PngInfo()
    note.add_text("Comment", "secret note")
    file = io.BytesIO()
    Image.new("RGBA", (width, height), (10, 20, 30, 128)).save(file, "PNG", pnginfo=note)
    return file.getvalue()


def png_bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """Return a small PNG that claims, and holds, an enormous picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    row = b"\0" * (1 + width // 8)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(row) for _ in range(2_000)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def archive() -> bytes:
    """Return a zip file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("../../evil.sh", "rm -rf /")
    return file.getvalue()
