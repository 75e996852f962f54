"""Names of kindergartens and groups as they are compared. Source: R-ADM-45."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_SIGNS: Final = re.compile(r"[^\w-]+|_+")


def name_key(name: str) -> str:
    """Return a name without case, quotation marks and other signs: «Айгөлек» and "АЙГӨЛЕК" are one."""
    plain = unicodedata.normalize("NFC", name).casefold().replace("ё", "е")
    return " ".join(_SIGNS.sub(" ", plain.replace("–", "-").replace("—", "-")).split())
