"""Clicks that were in time on a machine without a line and late at the provider, for an officer to look at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert

from models.contract.admission_records import Application
from provider.store.changes import child_scope
from provider.store.database import Unit
from provider.store.tables_admissions import appeal


def keep(
    unit: Unit,
    row: Application,
    event: str,
    *,
    occurred_at: datetime,
    received_at: datetime,
    due: datetime,
    command_id: str,
    payload: str,
) -> int:
    """Return the id of the kept appeal; its family and the office see it. Nothing else of the click is kept."""
    values = {
        "tenant_id": row.department_id,
        "application_id": row.id,
        "event": event,
        "occurred_at": occurred_at,
        "received_at": received_at,
        "due": due,
        "state": "open",
        "command_id": command_id,
        "payload": payload,
    }
    found = unit.connection.execute(insert(appeal).values(**values).returning(appeal.c.id)).scalar_one()
    unit.changes.live(row.department_id, child_scope(row.child_id), "appeal", int(found))
    return int(found)
