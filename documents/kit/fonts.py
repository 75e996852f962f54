"""The two faces of the papers: measuring text and turning it into glyph codes, and the font objects of a file.

Each face is embedded as a subset made once a process: a core of Latin, Cyrillic with the Kazakh and Ukrainian letters,
and signs. A text with a character outside the core is set from the whole face; what even that lacks shows as an empty
box, never as another letter. Codes are one to one with characters, so text copied out of a paper is the text put in.
"""

from __future__ import annotations

import unicodedata
import zlib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from reportlab.pdfbase.ttfonts import TTFontFile

import resources

_FOLDER: Final = Path(resources.__file__).parent / "fonts"
_FILES: Final = {"R": "IBMPlexSans-Regular.ttf", "B": "IBMPlexSans-Bold.ttf"}
_KAZAKH: Final = "ҒғҚқҢңҮүҰұҺһӘәӨө"
_SIGNS: Final = "ҐґĀāĞğİıŞşŽžŠš№₴₸€$−–—‘’“”„…•·×÷≤≥≈²³°§¶«»ʼ←→↑↓✓"
_REPLACEMENT: Final = 0xFFFD
_NARROW: Final = "\u2007\u2008\u2009\u200a\u202f"


@dataclass(frozen=True, slots=True)
class FontProgram:
    """A face as it goes into a file: dictionaries' contents and compressed streams, without object numbers."""

    name: str
    program: bytes  # zlib of the TrueType subset
    program_length: int
    to_glyph: bytes  # zlib of the code → glyph map
    to_unicode: bytes  # zlib of the code → character map
    widths: str
    descriptor: str


@dataclass(frozen=True, slots=True)
class Run:
    """A text ready to be shown: which face, its codes in hex, its width at size 1."""

    face: str
    codes: str
    width: float


class _Face:
    """A loaded face with one repertoire."""

    def __init__(self, key: str, file: TTFontFile, characters: list[int]) -> None:
        self.key = key
        self._file = file
        self._characters = characters
        unit = 1 / 1000
        self.codes = {code: f"{index + 1:04x}" for index, code in enumerate(characters)}
        self.widths = {code: file.charWidths.get(code, file.defaultWidth) * unit for code in characters}

    def program(self) -> FontProgram:
        file, characters = self._file, self._characters
        glyphs: dict[int, int] = {0: 0}
        to_glyph = bytearray(b"\0\0")
        for code in characters:
            glyph = glyphs.setdefault(file.charToGlyph.get(code, 0), len(glyphs))
            to_glyph += glyph.to_bytes(2, "big")
        data: bytes = file.makeSubset(characters)
        name = f"KBNT{self.key[0]}{'X' if len(self.key) > 1 else 'C'}+{file.name.decode()}"
        box = " ".join(f"{value:.0f}" for value in file.bbox)
        widths = " ".join(f"{self.widths[code] * 1000:.0f}" for code in characters)
        return FontProgram(
            name=name,
            program=zlib.compress(data, 9),
            program_length=len(data),
            to_glyph=zlib.compress(bytes(to_glyph), 9),
            to_unicode=zlib.compress(_unicode_map(characters), 9),
            widths=f"/DW {file.defaultWidth:.0f} /W [1 [{widths}]]",
            descriptor=(
                f"/FontName /{name} /Flags 4 /FontBBox [{box}] /ItalicAngle 0 /Ascent {file.ascent:.0f} "
                f"/Descent {file.descent:.0f} /CapHeight {file.capHeight:.0f} /StemV {file.stemV:.0f}"
            ),
        )


def _unicode_map(characters: list[int]) -> bytes:
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Kabinet def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    for start in range(0, len(characters), 100):
        part = characters[start : start + 100]
        lines.append(f"{len(part)} beginbfchar")
        lines += [
            f"<{start + index + 1:04X}> <{chr(code).encode('utf-16-be').hex().upper()}>"
            for index, code in enumerate(part)
        ]
        lines.append("endbfchar")
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode("ascii")


@cache
def _faces(weight: str) -> tuple[_Face, _Face]:
    file = TTFontFile(str(_FOLDER / _FILES[weight]))
    whole = sorted(file.charToGlyph)
    core = [
        code
        for code in whole
        if 0x20 <= code <= 0x7E
        or 0xA0 <= code <= 0xFF
        or 0x400 <= code <= 0x45F
        or chr(code) in _KAZAKH
        or chr(code) in _SIGNS
    ]
    if _REPLACEMENT not in file.charToGlyph:
        whole.append(_REPLACEMENT)
    return _Face(weight, file, core), _Face(f"{weight}X", file, whole)


@cache
def program(face: str) -> FontProgram:
    """Return what a file needs of ``face``: R, B, and RX, BX for texts outside the core; made once a process."""
    core, whole = _faces(face[0])
    return (whole if face.endswith("X") else core).program()


@lru_cache(maxsize=16384)
def run(text: str, bold: bool = False) -> Run:
    """Return ``text`` cleaned and coded for showing; characters without a glyph become the empty box."""
    text = clean(text)
    core, whole = _faces("B" if bold else "R")
    try:
        codes = core.codes
        coded = "".join([codes[ord(character)] for character in text])
        face = core
    except KeyError:
        face = whole
        missing = whole.codes[_REPLACEMENT]
        coded = "".join([whole.codes.get(ord(character), missing) for character in text])
    widths = face.widths
    width = sum([widths.get(ord(character), 0.5) for character in text])
    return Run(face.key, coded, width)


def width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of ``text`` in points."""
    return run(text, bold).width * size


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """Return ``text`` on one line, composed, without control, direction-changing and invisible characters.

    A name that turns the direction of what follows could make a figure read backwards on paper.
    """
    if text.replace("\u00a0", " ").isprintable() and unicodedata.is_normalized("NFC", text):
        return text
    text = unicodedata.normalize("NFC", text)
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if character in "\t\n\r\v\f" or category in ("Zl", "Zp"):
            kept.append(" ")
        elif character in _NARROW:
            kept.append("\u00a0")  # the face has no narrow ones, and such spaces hold a figure together
        elif category[0] != "C":
            kept.append(character)
    return "".join(kept)


def wrap(text: str, size: float, room: float, bold: bool = False, lines: int = 0) -> tuple[str, ...]:
    """Return ``text`` broken into lines no wider than ``room`` points, at spaces, or inside a word too long for a line.

    With ``lines`` the last of them ends in «…» when not all fits.
    """
    text = clean(text)
    if width(text, size, bold) <= room:
        return (text,)
    return _wrapped(text, size, round(room, 2), bold, lines)


@lru_cache(maxsize=4096)
def _wrapped(text: str, size: float, room: float, bold: bool, lines: int) -> tuple[str, ...]:
    space = width(" ", size, bold)
    broken: list[str] = []
    line, used = "", 0.0
    for word in text.split(" "):
        for piece in _pieces(word, size, room, bold):
            wide = width(piece, size, bold)
            if line and used + space + wide > room:
                broken.append(line)
                line, used = piece, wide
            elif line:
                line, used = f"{line} {piece}", used + space + wide
            else:
                line, used = piece, wide
    broken.append(line)
    if lines and len(broken) > lines:
        broken[lines - 1 :] = [_shortened(" ".join(broken[lines - 1 :]), size, room, bold)]
    return tuple(broken)


def _pieces(word: str, size: float, room: float, bold: bool) -> list[str]:
    if width(word, size, bold) <= room:
        return [word]
    pieces: list[str] = []
    piece = ""
    for character in word:
        if piece and width(piece + character, size, bold) > room:
            pieces.append(piece)
            piece = ""
        piece += character
    return [*pieces, piece]


def fit(text: str, size: float, room: float, bold: bool = False) -> str:
    """Return ``text``, ended with «…» if it is wider than ``room`` points."""
    text = clean(text)
    return text if width(text, size, bold) <= room else _shortened(text, size, room, bold)


def _shortened(text: str, size: float, room: float, bold: bool) -> str:
    room -= width("…", size, bold)
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle], size, bold) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"
