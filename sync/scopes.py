"""Which parts of the provider's world are kept here: cursors, leases, what is granted and what was revoked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from models.cache.driver import Connection
from models.cache.store import get_local, set_local
from models.contract.messages import Cursor, GrantedScope, ScopeRef

NEW = "new"
LOADING = "loading"
READY = "ready"
WIDE = "office"


class Scope(Struct, frozen=True):
    """A kept scope."""

    id: int
    ref: ScopeRef
    sequence: int
    tag: str
    state: str
    loading: str

    @property
    def cursor(self) -> Cursor:
        """How far it has been read."""
        return Cursor(self.ref, self.sequence, self.tag)


def kept(connection: Connection) -> list[Scope]:
    """Return the scopes, public data before people's own, whole offices last."""
    rows = connection.execute("SELECT id, tenant, key, sequence, tag, state, loading FROM scope ORDER BY id")
    found = [Scope(row[0], ScopeRef(row[1], row[2]), row[3], row[4], row[5], row[6]) for row in rows]
    return sorted(found, key=lambda scope: (scope.ref.key == WIDE, scope.ref.key != "public", scope.id))


def grant(connection: Connection, granted: Iterable[GrantedScope], now: datetime) -> bool:
    """Begin to keep what is granted and renew the leases; returns whether something is new."""
    known = {(row[0], row[1]) for row in connection.execute("SELECT tenant, key FROM scope")}
    leases = {
        (one.scope.tenant, one.scope.key): (now + timedelta(seconds=one.lease_seconds)).isoformat() for one in granted
    }
    rows = [(until, *place) for place, until in leases.items()]
    connection.executemany("UPDATE scope SET lease_until = ? WHERE tenant = ? AND key = ?", rows)
    new = [row for row in rows if row[1:] not in known]
    connection.executemany("INSERT INTO scope (lease_until, tenant, key) VALUES (?, ?, ?)", new)
    return bool(new)


def mark(connection: Connection, scope: int, state: str, loading: str = "") -> None:
    """Set the state of a scope."""
    connection.execute("UPDATE scope SET state = ?, loading = ? WHERE id = ?", (state, loading, scope))


def lease_until(connection: Connection) -> datetime | None:
    """Return when the first lease ends, None when nothing is kept."""
    row = connection.execute("SELECT min(lease_until) FROM scope WHERE lease_until <> ''").fetchone()
    return datetime.fromisoformat(row[0]) if row and row[0] else None


def seen(connection: Connection) -> datetime | None:
    """Return the latest moment this profile has seen, so that turning the clock back prolongs no lease."""
    text = get_local(connection, "seen")
    return datetime.fromisoformat(text) if text else None


def see(connection: Connection, now: datetime) -> None:
    """Remember a moment, unless a later one is known."""
    known = seen(connection)
    if known is None or known < now:
        set_local(connection, "seen", now.isoformat())


def complete(connection: Connection, ids: Iterable[int], at: datetime) -> None:
    """Note that scopes were read to their ends, as they were at an instant of the provider's clock."""
    stamp = at.isoformat()
    connection.executemany(
        "UPDATE scope SET complete_at = ?, state = ?, loading = '' WHERE id = ?", [(stamp, READY, one) for one in ids]
    )
