"""What happened to access, for the provider's own eyes: who, what, when; never a secret, never a person's code."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert

from provider.store.tables_people import audit


def note(
    connection: Connection,
    now: datetime,
    action: str,
    *,
    actor_id: int | None = None,
    subject: str = "",
    **detail: str | int,
) -> None:
    """Write one line, in the transaction of what it tells about."""
    connection.execute(insert(audit).values(at=now, actor_id=actor_id, action=action, object=subject, detail=detail))
