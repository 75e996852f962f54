"""Who changed a field before: for those whose own change of it met another, and who have to choose."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, text

from models.contract.commands import Command
from models.contract.records import NUMBER

_OWN: Final = text(
    "SELECT c.body, c.received_at, d.name FROM device d JOIN command c ON c.device_id = d.id "
    "WHERE d.user_id = :user AND c.actor = :user AND c.kind = ANY(:kinds) AND c.status IN ('applied', 'conflict') "
    "ORDER BY c.received_at DESC, c.n DESC LIMIT 50"
)
_LAST: Final = text(
    "SELECT c.kind, c.actor, c.received_at, p.name FROM sync_index i JOIN command c ON c.id = i.changed_by "
    "LEFT JOIN person p ON p.id = c.actor "
    "WHERE i.tenant = :tenant AND i.table_number = :number AND i.row_id = :row AND i.live LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Change:
    """When something was changed, and by whom or, of one's own, on which device."""

    at: datetime
    by: str
    user: int


def own_change(connection: Connection, user_id: int, kinds: Collection[str], name: str) -> Change | None:
    """Return the newest change of a field of a person's own record that they sent from a device, None for none."""
    values: dict[str, Any] = {"user": user_id, "kinds": list(kinds)}
    for row in connection.execute(_OWN, values):
        content = msgspec.json.decode(msgspec.json.decode(row.body, type=Command).payload)
        if content.get(name) is not None:
            return Change(row.received_at, row.name, user_id)
    return None


def last_change(connection: Connection, tenant: int, table: str, row_id: int, kind: str) -> Change | None:
    """Return who changed a synced row last, if that was by a command of this kind."""
    values = {"tenant": tenant, "number": NUMBER[table], "row": row_id}
    row = connection.execute(_LAST, values).first()
    return None if row is None or row.kind != kind else Change(row.received_at, row.name or "", row.actor)
