"""Billing periods: which one is open, and closing one so that its papers never change again."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

import msgspec
from sqlalchemy import Connection, select, text
from sqlalchemy.dialects.postgresql import insert

from models.domain.period import Month
from provider.store.database import Unit
from provider.store.tables_utility import period as period_table


def last_closed(connection: Connection, tenant: int) -> Month | None:
    """Return the newest closed period, or ``None``."""
    number = connection.execute(
        select(period_table.c.period)
        .where(period_table.c.tenant_id == tenant, period_table.c.state == "closed")
        .order_by(period_table.c.period.desc())
        .limit(1)
    ).scalar_one_or_none()
    return None if number is None else Month.from_number(number)


def posting_day(connection: Connection, tenant: int, day: date) -> date:
    """Return the day on which something of ``day`` is posted: that day, or the first one after the closed periods.

    Source: R-LEDGER-4 in docs/rules.md: late items go to the next open period.
    """
    closed = last_closed(connection, tenant)
    if closed is None or Month.of(day) > closed:
        return day
    return closed.next().first


def state_of(connection: Connection, tenant: int, month: Month) -> str:
    """Return open, charged or closed; a period before a closed one is closed."""
    closed = last_closed(connection, tenant)
    if closed is not None and month <= closed:
        return "closed"
    state = connection.execute(
        select(period_table.c.state).where(period_table.c.tenant_id == tenant, period_table.c.period == month.number)
    ).scalar_one_or_none()
    return state or "open"


def is_charged(connection: Connection, tenant: int, month: Month) -> bool:
    """Return whether the month's charges were made, whole or closed."""
    return state_of(connection, tenant, month) != "open"


def mark_charged(unit: Unit, tenant: int, month: Month, at: datetime) -> None:
    """Note that a month's charges are complete; later readings of it become corrections."""
    unit.connection.execute(
        insert(period_table)
        .values(tenant_id=tenant, period=month.number, state="charged", charged_at=at)
        .on_conflict_do_nothing()
    )


def close_period(unit: Unit, tenant: int, month: Month, at: datetime) -> str:
    """Close a month and all before it; return the hash of its balances. Closing it again changes nothing.

    Running postings are waited for and new ones wait, so nothing slips in between the sums and the close.
    """
    connection = unit.connection
    connection.exec_driver_sql("LOCK TABLE transaction IN SHARE MODE")
    kept = connection.execute(
        select(period_table.c.hash).where(
            period_table.c.tenant_id == tenant,
            period_table.c.period == month.number,
            period_table.c.state == "closed",
        )
    ).scalar_one_or_none()
    if kept is not None:
        return str(kept)
    digest = hashlib.sha256()
    for row in connection.execute(
        text(
            "SELECT account_id, service_id, sum(amount_minor) AS balance FROM entry "
            "WHERE tenant_id = :tenant AND period <= :period GROUP BY 1, 2 ORDER BY 1, 2"
        ),
        {"tenant": tenant, "period": month.number},
    ):
        digest.update(f"{row.account_id}:{row.service_id}:{row.balance}\n".encode())
    totals = {
        row.name: int(row.total)
        for row in connection.execute(
            text(
                "SELECT split_part(p.account, ':', 1) AS name, sum(p.amount) AS total FROM posting p "
                "JOIN transaction t ON t.id = p.transaction_id WHERE t.tenant_id = :tenant AND t.period <= :period "
                "GROUP BY 1 ORDER BY 1"
            ),
            {"tenant": tenant, "period": month.number},
        )
    }
    digest.update(msgspec.json.encode(totals))
    values = {"state": "closed", "closed_at": at, "totals": totals, "hash": digest.hexdigest()}
    connection.execute(
        insert(period_table)
        .values(tenant_id=tenant, period=month.number, **values)
        .on_conflict_do_update(index_elements=["tenant_id", "period"], set_=values)
    )
    return digest.hexdigest()
