"""The signed-in person: profile, mailings, requests."""

from __future__ import annotations

from models.cache.driver import Connection
from models.cache.tables import layout, read_records
from models.contract.records import Mailing, Person, Request


def person(connection: Connection) -> Person | None:
    """Return the signed-in person's profile, None before it has come."""
    rows = connection.execute(f"{layout(Person).select} ORDER BY id LIMIT 1")
    found = read_records(Person, rows)
    return found[0] if found else None


def mailings(connection: Connection) -> list[Mailing]:
    """Return the monthly mailings that were begun or stopped."""
    return read_records(Mailing, connection.execute(f"{layout(Mailing).select} ORDER BY account_id, id"))


def requests(connection: Connection, account_id: int | None = None) -> list[Request]:
    """Return requests to providers, newest first; of one account if it is given."""
    if account_id is None:
        rows = connection.execute(f"{layout(Request).select} ORDER BY at DESC, id DESC")
    else:
        rows = connection.execute(
            f"{layout(Request).select} WHERE account_id = ? ORDER BY at DESC, id DESC", (account_id,)
        )
    return read_records(Request, rows)
