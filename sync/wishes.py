"""The key of a wish that must happen once although its answer may be lost: a registration, the use of a one-time code.

The same words give the same key as long as the program runs, other words another; nobody else can know either, because
it is made with a secret that never leaves the program. So a person who presses the button once more is answered as the
first time would have been (provider/services/one_time.py), and nothing has to be remembered here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any, Final

import msgspec

_SECRET: Final = secrets.token_bytes(32)


def key(path: str, words: Mapping[str, Any]) -> str:
    """Return the key of a wish: where it is sent, and everything that the person said with it."""
    said = path.encode() + b"\0" + msgspec.json.encode(words, order="sorted")
    made = hmac.new(_SECRET, said, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")
