"""Guessing the encoding of a text: reading with a wrong one-byte table never fails, so plausibility must decide."""

from __future__ import annotations

import codecs
from typing import Final

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ONE_BYTE: Final = ("cp1251", "kz1048", "cp866", "cp1125", "koi8_u")
_KAZAKH: Final = frozenset("әғқңөұүһіӘҒҚҢӨҰҮҺІ")
_UKRAINIAN: Final = frozenset("іїєґІЇЄҐ")
_RUSSIAN: Final = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ")
_TOLERATED: Final = frozenset("«»—–№’…°₴₸\u00a0")


def sniff_encoding(sample: bytes, country: str = "") -> str:
    """Return the codec that makes ``sample`` most plausible as Kazakh, Russian or Ukrainian.

    cp1251 and kz1048, and cp866 and cp1125, agree on Russian letters; ``country`` (KZ, UA) breaks such a tie.
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if sample.startswith(mark):
            return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)  # tolerates a character cut at the end of the sample
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    part = sample[:60_000]
    preferred = {"KZ": ("kz1048", "cp866"), "UA": ("cp1251", "cp1125")}.get(country, ("cp1251", "cp866"))
    order = [*preferred, *(name for name in _ONE_BYTE if name not in preferred)]
    return max(order, key=lambda name: plausibility(part.decode(name, "replace")))  # the first of equals wins


_LEAST: Final = 4
"""So many letters of several bytes each, and nothing else beyond ASCII, no line of a one-byte table has by chance."""


def line_in_utf8(sample: bytes) -> int:
    """Return the number, from 1, of the first line that is certainly UTF-8; 0 where none is.

    For a text that as a whole is none: pasted together of several, it would be read in part as other letters.
    """
    for number, line in enumerate(sample.splitlines(), 1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            continue
        if sum(not sign.isascii() for sign in text) >= _LEAST:
            return number
    return 0


def plausibility(text: str) -> int:
    """Return how much ``text`` looks like words: +2 a small letter, +1 a capital that begins a word, -3 an oddity."""
    score = 0
    before = " "
    for sign in text:
        if sign.isascii():
            pass
        elif sign in _RUSSIAN or sign in _KAZAKH or sign in _UKRAINIAN:
            if sign.islower():
                score += 2 if not before.isupper() or before == " " else 1
            elif not before.isalpha() or before.isupper():
                score += 1
            else:
                score -= 2
        elif sign not in _TOLERATED:
            score -= 3
        before = sign
    return score
