"""Forgetting old deletions: whoever was away for longer fetches everything anew."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from provider.store.database import Database

KEPT: Final = timedelta(days=180)

_OLD: Final = text(
    "SELECT k.tenant, max(c.sequence) AS floor FROM sync_counter k JOIN sync_commit c ON c.tenant = k.tenant "
    "WHERE c.at < :before AND c.sequence > k.floor GROUP BY k.tenant ORDER BY k.tenant"
)
_RAISE: Final = text("UPDATE sync_counter SET floor = :floor WHERE tenant = :tenant")
_FORGET: Final = text("DELETE FROM sync_index WHERE tenant = :tenant AND NOT live AND sequence <= :floor")
_UNTAG: Final = text("DELETE FROM sync_commit WHERE tenant = :tenant AND sequence < :floor")


def compact(database: Database, now: datetime) -> int:
    """Delete what was gone more than 180 days ago, and the tags before that; return how many rows.

    A cursor below the new floor is answered with ``cursor-too-old``.
    """
    count = 0
    with database.read() as connection:
        tenants = connection.execute(_OLD, {"before": now - KEPT}).all()
    for tenant, floor in tenants:
        values = {"tenant": tenant, "floor": floor}
        with database.engine.begin() as connection:
            connection.execute(_RAISE, values)
            count += connection.execute(_FORGET, values).rowcount
            count += connection.execute(_UNTAG, values).rowcount
    return count
