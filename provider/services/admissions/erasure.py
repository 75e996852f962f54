"""Emptying the history of an application where the law wants it, in a recorded way.

Names, reasons and details go; that something happened, when and by which transition stays. The record in the audit
table has the hash of each row as it is from then on, so the chain still holds. Source: R-AUDIT-3.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import text

from provider.services import audit
from provider.services.refusals import refuse
from provider.store.chain_guard import ERASING, HASH_HISTORY
from provider.store.changes import child_scope
from provider.store.database import Unit

_LOCK: Final = text("SELECT id, child_id FROM application WHERE tenant_id = :tenant AND number = :number FOR UPDATE")
_ALLOW: Final = text(f"SELECT set_config('{ERASING}', :on, true)")
_FULL: Final = text(
    "SELECT id FROM history_entry WHERE application_id = :id AND (actor_name <> '' OR reason <> '' OR detail <> '{}' "
    "OR actor_id IS NOT NULL OR device_id IS NOT NULL) ORDER BY id"
)
_EMPTY: Final = text(
    "UPDATE history_entry AS h SET actor_name = '', reason = '', detail = '{}', actor_id = NULL, "  # noqa: S608
    f"device_id = NULL WHERE id = ANY(:ids) RETURNING h.id, {HASH_HISTORY} AS hash"
)


def erase_history(unit: Unit, tenant: int, number: str, because: str, now: datetime) -> int:
    """Empty the history of an application for the family and the office; return how many entries it was.

    Raises ``Refusal``: ``not-found`` for a number that the department does not have, ``field-required`` without a
    reason, which stays in the audit table.
    """
    if not because.strip():
        raise refuse("field-required", "because")
    found = unit.connection.execute(_LOCK, {"tenant": tenant, "number": number}).first()
    if found is None:
        raise refuse("not-found", "number", status=404)
    full = list(unit.connection.execute(_FULL, {"id": found.id}).scalars())
    if not full:
        return 0
    unit.connection.execute(_ALLOW, {"on": "on"})
    emptied = unit.connection.execute(_EMPTY, {"ids": full}).all()
    unit.connection.execute(_ALLOW, {"on": ""})
    for row in sorted(emptied):
        audit.note(
            unit.connection,
            now,
            "history-erased",
            subject=f"application:{number}",
            entry=row.id,
            hash=bytes(row.hash).hex(),
            because=because.strip()[:300],
        )
    scope = child_scope(found.child_id)
    unit.changes.live_many(tenant, "history_entry", [(scope, row.id) for row in emptied])
    return len(emptied)
