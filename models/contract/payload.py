"""What the content of every command is."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct


class Payload(Struct, frozen=True, forbid_unknown_fields=True):
    """The content of a command; ``KIND`` is its stable name on the wire, ``VERSION`` the newest layout."""

    KIND: ClassVar[str]
    VERSION: ClassVar[int] = 1
    MONEY: ClassVar[bool] = False
    """Money commands are never refused: at worst they wait in suspense for a person."""
    DEED: ClassVar[tuple[str, ...]] = ()
    """The fields that say which deed this is: doing it again settles an earlier try that was refused."""
