"""Drafts: what a person has typed but not sent, kept over a restart."""

from __future__ import annotations

from models.cache.driver import Connection
from models.cache.store import get_local, set_local


def load(connection: Connection, key: str) -> str:
    """Return the draft kept under ``key``, "" when there is none."""
    return get_local(connection, f"draft:{key}")


def save(connection: Connection, key: str, text: str) -> None:
    """Keep a draft; an empty one is forgotten. Inside a transaction of :meth:`CacheStore.write`."""
    set_local(connection, f"draft:{key}", text)
