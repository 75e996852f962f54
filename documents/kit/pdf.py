"""The file: objects, fonts, pages and the cross-reference table, written as they come.

Nothing random and no clock gets in: the same pages give the same bytes. Pages go out as soon as they are added, so a
file of ten thousand costs the memory of its offsets. A writer of our own because a library that makes its font subset
for every file spends most of its time there; the font is subset once a process instead.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from documents.kit import fonts

A4: Final = (595.28, 841.89)
_GROUP: Final = 64  # pages under one node of the page tree


@dataclass(frozen=True, slots=True)
class Page:
    """A finished page: its drawing operators, compressed, and the faces they use."""

    content: bytes
    faces: frozenset[str]


def text_string(text: str) -> str:
    """Return ``text`` as a PDF string that no character of it can end or escape."""
    return "<feff" + text.encode("utf-16-be", "replace").hex() + ">"


class PdfWriter:
    """Writes one file through ``sink``; call :meth:`add` for each page and :meth:`close` at the end."""

    def __init__(self, sink: Callable[[bytes], object], *, title: str, language: str, made_at: datetime) -> None:
        self._sink = sink
        self._position = 0
        self._hash = hashlib.blake2b(digest_size=16)
        self._offsets: list[int] = []
        self._title, self._language, self._made_at = title, language, made_at
        self._faces: set[str] = set()
        self._groups: list[tuple[int, int]] = []
        self._kids: list[int] = []
        self._group = 0
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self._catalogue, self._tree, self._resources, self._info = (self._reserve() for _ in range(4))

    def add(self, page: Page) -> None:
        """Write a page."""
        if not self._kids:
            self._group = self._reserve()
        self._faces |= page.faces
        content = self._stream(page.content)
        number = self._object(
            f"<< /Type /Page /Parent {self._group} 0 R /MediaBox [0 0 {A4[0]} {A4[1]}] "
            f"/Resources {self._resources} 0 R /Contents {content} 0 R >>"
        )
        self._kids.append(number)
        if len(self._kids) == _GROUP:
            self._end_group()

    def close(self) -> None:
        """Write what remains: fonts, the page tree, the catalogue, the table of offsets."""
        if self._kids:
            self._end_group()
        named = " ".join(f"/{face} {self._font(face)} 0 R" for face in sorted(self._faces))
        self._object(f"<< /ProcSet [/PDF /Text /ImageB] /Font << {named} >> >>", self._resources)
        kids = " ".join(f"{number} 0 R" for number, _ in self._groups)
        count = sum(pages for _, pages in self._groups)
        self._object(f"<< /Type /Pages /Count {count} /Kids [{kids}] >>", self._tree)
        stamp = self._made_at.strftime("D:%Y%m%d%H%M%SZ")
        self._object(
            f"<< /Title {text_string(self._title)} /Creator (Kabinet) /Producer (Kabinet) /CreationDate ({stamp}) "
            f"/ModDate ({stamp}) >>",
            self._info,
        )
        self._object(
            f"<< /Type /Catalog /Pages {self._tree} 0 R /Lang ({self._language}) "
            "/ViewerPreferences << /DisplayDocTitle true >> >>",
            self._catalogue,
        )
        start = self._position
        mark = self._hash.hexdigest()
        table = [f"xref\n0 {len(self._offsets) + 1}\n0000000000 65535 f \n"]
        table += [f"{offset:010d} 00000 n \n" for offset in self._offsets]
        table.append(
            f"trailer\n<< /Size {len(self._offsets) + 1} /Root {self._catalogue} 0 R /Info {self._info} 0 R "
            f"/ID [<{mark}> <{mark}>] >>\nstartxref\n{start}\n%%EOF\n"
        )
        self._write("".join(table).encode("ascii"))

    def _font(self, face: str) -> int:
        made = fonts.program(face)
        program = self._stream(made.program, f"/Length1 {made.program_length} ")
        to_glyph = self._stream(made.to_glyph)
        to_unicode = self._stream(made.to_unicode)
        descriptor = self._object(f"<< /Type /FontDescriptor {made.descriptor} /FontFile2 {program} 0 R >>")
        descendant = self._object(
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{made.name} /FontDescriptor {descriptor} 0 R "
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
            f"{made.widths} /CIDToGIDMap {to_glyph} 0 R >>"
        )
        return self._object(
            f"<< /Type /Font /Subtype /Type0 /BaseFont /{made.name} /Encoding /Identity-H "
            f"/DescendantFonts [{descendant} 0 R] /ToUnicode {to_unicode} 0 R >>"
        )

    def _end_group(self) -> None:
        kids = " ".join(f"{number} 0 R" for number in self._kids)
        self._object(
            f"<< /Type /Pages /Parent {self._tree} 0 R /Count {len(self._kids)} /Kids [{kids}] >>", self._group
        )
        self._groups.append((self._group, len(self._kids)))
        self._kids = []

    def _reserve(self) -> int:
        self._offsets.append(0)
        return len(self._offsets)

    def _object(self, body: str, number: int = 0) -> int:
        number = number or self._reserve()
        self._offsets[number - 1] = self._position
        self._write(f"{number} 0 obj\n{body}\nendobj\n".encode("ascii"))
        return number

    def _stream(self, data: bytes, extra: str = "") -> int:
        number = self._reserve()
        self._offsets[number - 1] = self._position
        head = f"{number} 0 obj\n<< {extra}/Length {len(data)} /Filter /FlateDecode >>\nstream\n".encode("ascii")
        self._write(head + data + b"\nendstream\nendobj\n")
        return number

    def _write(self, data: bytes) -> None:
        self._hash.update(data)
        self._position += len(data)
        self._sink(data)
