"""Looking into what people asked for without being signed in, after they were answered."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select

from provider.services import recovery, registration
from provider.settings import Settings
from provider.store.database import Database, Unit
from provider.store.tables_people import inquiry

log = logging.getLogger(__name__)

_SETTLE: Final[dict[str, Callable[[Unit, Settings, dict[str, Any], datetime], None]]] = {
    "register": registration.settle,
    "recover": recovery.settle,
}
_OLDEST: Final = timedelta(hours=6)


def settle_due(database: Database, settings: Settings, now: datetime) -> int:
    """Settle what waits, each in its own transaction, and return how many were.

    One that fails is tried again in the next round and is given up after six hours: its sender has asked again by then.
    """
    count, last = 0, 0
    while True:
        try:
            with database.change() as unit:
                row = unit.connection.execute(
                    select(inquiry)
                    .where(inquiry.c.id > last)
                    .order_by(inquiry.c.id)
                    .limit(1)
                    .with_for_update(skip_locked=True)
                ).first()
                if row is None:
                    return count
                last = row.id
                if row.created_at > now - _OLDEST:
                    _SETTLE[row.kind](unit, settings, row.payload, now)
                unit.connection.execute(delete(inquiry).where(inquiry.c.id == row.id))
                count += 1
        except Exception:
            if last == 0:
                raise
            log.exception("inquiry %d was not settled", last)
