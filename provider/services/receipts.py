"""Ranges of receipt numbers for devices, so that a desk can number receipts without a line."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import insert, text

from models.contract.messages import LeaseAnswer, LeaseRequest, ScopeRef
from provider.services.refusals import refuse
from provider.store.changes import OFFICE
from provider.store.database import Database
from provider.store.grants import granted
from provider.store.tables_sync import receipt_lease

MOST: Final = 5_000

_TAKE: Final = text(
    "INSERT INTO receipt_series AS s (tenant, series, next_number) VALUES (:tenant, :series, 1 + :count) "
    "ON CONFLICT (tenant, series) DO UPDATE SET next_number = s.next_number + :count RETURNING next_number"
)


def lease(database: Database, user: int, device: int, wanted: LeaseRequest, now: datetime) -> LeaseAnswer:
    """Return a fresh range of the device's own series with a provider; an answer that was lost leaves a gap with a row.

    Raises ``Refusal``: ``no-access`` (403) without the office's grant, ``field-invalid`` for a count out of 1 … 5,000.
    """
    if wanted.device != device:
        raise refuse("no-access", status=403)
    if not 1 <= wanted.count <= MOST:
        raise refuse("field-invalid", "count")
    with database.engine.begin() as connection:
        scopes = {grant.scope for grant in granted(connection, user, device)}
        if ScopeRef(wanted.tenant, OFFICE) not in scopes:
            raise refuse("no-access", status=403)
        series = f"{wanted.tenant}-{device}"
        values = {"tenant": wanted.tenant, "series": series, "count": wanted.count}
        following = int(connection.execute(_TAKE, values).scalar_one())
        answer = LeaseAnswer(series, following - wanted.count, following - 1)
        connection.execute(
            insert(receipt_lease).values(
                tenant=wanted.tenant,
                device_id=device,
                series=series,
                first_number=answer.first,
                last_number=answer.last,
                leased_at=now,
            )
        )
    return answer
