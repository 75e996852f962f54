"""Everything about one account from one consistent cut, as papers and screens take it."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, text

from models.contract.records import (
    Account,
    AccountService,
    AccountView,
    Assertion,
    Entry,
    Meter,
    Reading,
)
from provider.services.catalogue import load_catalogue
from provider.store.rows import fetch
from provider.store.tables_utility import account, account_service, assertion, entry, meter, reading


def account_view(connection: Connection, account_id: int, *, as_of: datetime | None = None) -> AccountView:
    """Return an account with its provider, services, meters, readings and ledger lines.

    ``connection`` should read one cut (``Database.read``). ``as_of`` defaults to the present instant. Raises
    LookupError for an unknown account.
    """
    found = fetch(connection, Account, account.c.id == account_id)
    if not found:
        raise LookupError(f"no account {account_id}")
    catalogue = load_catalogue(connection, found[0].provider_id)
    account_services = fetch(connection, AccountService, account_service.c.account_id == account_id)
    own = {one.service_id for one in account_services}
    services = [one for one in catalogue.services if one.id in own]
    recipients = {one.recipient_id for one in services}
    epoch = connection.execute(text("SELECT value FROM installation WHERE name = 'epoch'")).scalar_one_or_none()
    sequence = connection.execute(
        text("SELECT value FROM sync_counter WHERE tenant = :tenant"), {"tenant": catalogue.tenant}
    ).scalar_one_or_none()
    return AccountView(
        provider=catalogue.provider,
        account=found[0],
        services=services,
        recipients=[one for one in catalogue.recipients if one.id in recipients],
        tariffs=[one for one in catalogue.tariffs if one.service_id in own],
        account_services=account_services,
        meters=fetch(connection, Meter, meter.c.account_id == account_id),
        readings=fetch(connection, Reading, reading.c.account_id == account_id),
        entries=fetch(connection, Entry, entry.c.account_id == account_id),
        assertions=fetch(connection, Assertion, assertion.c.account_id == account_id),
        as_of=as_of or datetime.now(UTC),
        epoch=str(epoch or ""),
        sequence=int(sequence or 0),
    )
