"""Work that is done once on an occasion, whoever looks first: a night, a morning, a year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from sqlalchemy import text

from provider.store.database import Database

_DONE: Final = text("SELECT last FROM application_number WHERE tenant_id = :tenant AND kind = :kind")
_MARK: Final = text(
    "INSERT INTO application_number (tenant_id, kind, last) VALUES (:tenant, :kind, :stamp) "
    "ON CONFLICT (tenant_id, kind) DO UPDATE SET last = :stamp"
)


def day_stamp(day: date) -> int:
    """Return a day as a number that grows: 20260907."""
    return day.year * 10_000 + day.month * 100 + day.day


def once(database: Database, tenant: int, kind: str, stamp: int, work: Callable[[], int]) -> int:
    """Return what ``work`` returns, 0 when it was done for this ``stamp`` or a later one.

    The mark is set when the work is done: interrupted work is done again, so it must not mind.
    """
    values = {"tenant": tenant, "kind": kind}
    with database.read() as connection:
        if (connection.execute(_DONE, values).scalar() or 0) >= stamp:
            return 0
    count = work()
    with database.engine.begin() as connection:
        connection.execute(_MARK, {**values, "stamp": stamp})
    return count
