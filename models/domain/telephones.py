"""Telephone numbers in the one form in which they are compared, and as people write them."""

from __future__ import annotations

import re
from typing import Final

# Signs with which a telephone is written or shown in one line, each as the plain one that is kept.
_SIGNS: Final = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2010": "-", "\u2011": "-", "\u2013": "-", ".": " "})
_PHONE: Final = re.compile(r"\+?[0-9 ()-]{5,24}")


def plain_phone(text: str) -> str:
    """Return a telephone with the plain signs that are kept, whichever it was written with."""
    return text.translate(_SIGNS)


def is_phone(text: str) -> bool:
    """Return whether a text without outer spaces can be a telephone."""
    return _PHONE.fullmatch(plain_phone(text)) is not None


def phone_key(phone: str) -> str:
    """Return a telephone number as it is compared and sent to: its digits with the country's code.

    ``8`` before ten digits is how people in Kazakhstan begin a call at home, and ten digits from ``7`` lack the code.
    """
    digits = "".join(character for character in phone if character.isdecimal() and character.isascii())
    if len(digits) == 11 and digits[0] == "8" and not phone.strip().startswith("+"):
        return "7" + digits[1:]
    return "7" + digits if len(digits) == 10 and digits[0] == "7" else digits


def written(phone: str) -> str:
    """Return a telephone of bare digits as people write it here, ``+7 (701) 555-01-07``; any other as it is."""
    if len(phone) == 12 and phone.startswith("+7") and phone.isascii() and phone[1:].isdigit():
        return f"+7 ({phone[2:5]}) {phone[5:8]}-{phone[8:10]}-{phone[10:]}"
    return phone
