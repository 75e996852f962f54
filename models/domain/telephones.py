"""Telephone numbers in the one form in which they are compared."""

from __future__ import annotations


def phone_key(phone: str) -> str:
    """Return a telephone number as it is compared and sent to: its digits with the country's code.

    ``8`` before ten digits is how people in Kazakhstan begin a call at home, and ten digits from ``7`` lack the code.
    """
    digits = "".join(character for character in phone if character.isdecimal() and character.isascii())
    if len(digits) == 11 and digits[0] == "8" and not phone.strip().startswith("+"):
        return "7" + digits[1:]
    return "7" + digits if len(digits) == 10 and digits[0] == "7" else digits
