"""What every row of the change feed is."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

Texts = dict[str, str]
"""A text by language code: kk, ru, uk, en."""


class Record(Struct, frozen=True, array_like=True):
    """A row of the feed; ``TABLE`` is its name on the wire and in the cache."""

    TABLE: ClassVar[str]

    id: int
