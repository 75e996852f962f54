"""Looking into what people asked for without being signed in, after they were answered."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError

from provider.services import families, recovery, registration
from provider.settings import Settings
from provider.store.database import Database, Unit
from provider.store.tables_people import inquiry

log = logging.getLogger(__name__)

_SETTLE: Final[dict[str, Callable[[Unit, Settings, dict[str, Any], datetime], None]]] = {
    "register": registration.settle,
    "recover": recovery.settle,
    "code": families.settle_code,
}
_OLDEST: Final = timedelta(hours=6)


def settle_due(database: Database, settings: Settings, now: datetime) -> int:
    """Settle what waits, each in its own transaction, and return how many were.

    One that fails is tried again in the next round and is given up after six hours: its sender has asked again by then.
    Trouble with the database itself ends the round and is raised.
    """
    count, last = 0, 0
    while True:
        taken: int | None = None
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
                taken = last = row.id
                if row.created_at > now - _OLDEST:
                    _SETTLE[row.kind](unit, settings, row.payload, now)
                unit.connection.execute(delete(inquiry).where(inquiry.c.id == row.id))
        except Exception as error:
            # Whatever goes wrong with one person's inquiry is logged and left for the next round: those behind it must
            # not wait. Before one was taken, or when the connection went, no inquiry is at fault.
            if taken is None or (isinstance(error, DBAPIError) and error.connection_invalidated):
                raise
            log.exception("inquiry %d was not settled", taken)
        else:
            count += 1
