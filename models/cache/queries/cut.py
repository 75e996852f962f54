"""From which consistent state of the provider's data the cache answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from models.cache.driver import Connection
from models.cache.store import get_local

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cut:
    """``complete`` is False while the cache catches up: no paper may be made then; ``as_of`` is the last cut."""

    epoch: str
    sequence: int
    as_of: datetime
    complete: bool


def cut(connection: Connection, scope: int | None = None) -> Cut:
    """Return the cut of a scope, or of everything kept: then the oldest scope decides."""
    where, values = ("", ()) if scope is None else ("WHERE id = ?", (scope,))
    row = connection.execute(
        f"SELECT max(sequence), min(complete_at), count(*), sum(state <> 'ready') FROM scope {where}",  # noqa: S608
        values,
    ).fetchone()
    behind = get_local(connection, "catching-up") != ""
    as_of = datetime.fromisoformat(row[1]) if row[1] else NEVER
    return Cut(
        get_local(connection, "epoch"), row[0] or 0, as_of, bool(row[2]) and not row[3] and bool(row[1]) and not behind
    )
