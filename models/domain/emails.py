"""What an e-mail address looks like."""

from __future__ import annotations

import re
from typing import Final

_EMAIL: Final = re.compile(r"[^\s@<>\"(),:;\[\]\\]{1,64}@(?=.{4,190}$)([^\W_]([\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,24}")


def is_email(text: str) -> bool:
    """Return whether a text without outer spaces can be an e-mail address."""
    return _EMAIL.fullmatch(text) is not None and ".." not in text
