"""Failed runs in a row: kept in the cache, so that the pause between attempts survives a restart."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final

import msgspec

from models.cache.store import CacheDamaged, CacheFull, CacheStore, Connection, get_local, set_local
from models.domain.problems import Problem
from sync import scopes

log = logging.getLogger(__name__)

_KEY: Final = "failed"


class Failure(msgspec.Struct, frozen=True):
    """How many runs in a row have failed, when the last one was, and why; ``retry_after`` in seconds."""

    count: int
    at: datetime
    retry_after: float | None
    problem: Problem


def last_failure(connection: Connection) -> Failure | None:
    """Return the failure that no success has followed."""
    text = get_local(connection, _KEY)
    return msgspec.json.decode(text, type=Failure) if text else None


def forget_failures(connection: Connection) -> None:
    """Begin to count anew: the provider has answered."""
    set_local(connection, _KEY, "")


def count_failures(store: CacheStore) -> int:
    """Return how many runs in a row have failed; 0 for a damaged cache, which the next run makes again."""
    try:
        failure = store.peek(last_failure)
    except CacheDamaged:
        return 0
    return failure.count if failure else 0


def note_failure(store: CacheStore, failure: Failure) -> None:
    """Keep a failure; it decides when the next attempt is due."""
    try:
        with store.write() as connection:
            set_local(connection, _KEY, msgspec.json.encode(failure).decode())
            scopes.see(connection, failure.at)
    except (CacheFull, CacheDamaged) as error:
        log.warning("a failure could not be noted: %s", error)
