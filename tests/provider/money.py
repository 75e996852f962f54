"""A small provider for tests about money: two services, prices, and accounts made by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

from sqlalchemy import insert, select

from models.contract.records import Entry, Meter, Tariff
from models.domain.period import Month
from provider.demo.organisations import create_oskemen
from provider.services.billing import bill_batch
from provider.services.catalogue import Catalogue, create_tariff, load_catalogue
from provider.services.charging_inputs import shared_tariffs
from provider.services.payments import Payment, book_payment
from provider.services.readings import NewReading, accept_reading, install_meter
from provider.services.statements import verify_ledger
from provider.store.changes import account_scope
from provider.store.database import Database
from provider.store.rows import fetch
from provider.store.tables_utility import account, account_service, entry

ALL_QUESTIONS = ("reading-rolled-over", "reading-unusual", "reading-zero-again")


def water_provider(database: Database) -> Catalogue:
    """Return a provider of water at 50,40 and drainage at 43,68, VAT 12 % included, norms 7,6042 and 10,7979."""
    with database.change() as unit:
        tenant = create_oskemen(unit)
        services = load_catalogue(unit.connection, tenant).services
        for service, price, norm in ((services[0], "50.40", "7.6042"), (services[1], "43.68", "10.7979")):
            create_tariff(
                unit,
                tenant,
                Tariff(0, service.id, "population", price, "12", norm, [], 0, date(2015, 1, 1), date(2026, 1, 1)),
            )
    return catalogue_of(database, tenant)


def catalogue_of(database: Database, tenant: int) -> Catalogue:
    """Return a provider's catalogue as it is now."""
    with database.read() as connection:
        return load_catalogue(connection, tenant)


def add_account(
    database: Database,
    catalogue: Catalogue,
    number: str,
    *,
    residents: int = 2,
    initial: int | None = 10_000,
    read_on: date = date(2023, 12, 20),
    services: int = 2,
) -> tuple[int, int]:
    """Add an account with its services and, unless ``initial`` is None, a meter; return both ids (meter 0 if none)."""
    tenant = catalogue.tenant
    with database.change() as unit:
        account_id = unit.connection.execute(
            insert(account)
            .values(
                tenant_id=tenant, provider_id=tenant, number=number, kind="individual", holder="Серікбаева Айгүл",
                code_masked="", contract="", settlement="Өскемен қ.", street="Абай", house="1", prefix="", flat="1",
                residents=residents, area="", consumer_group="population", privileges=[], status="open",
            )
            .returning(account.c.id)
        ).scalar_one()  # fmt: skip
        scope = account_scope(account_id)
        unit.changes.live(tenant, scope, "account", account_id)
        for service in catalogue.services[:services]:
            row = unit.connection.execute(
                insert(account_service)
                .values(
                    tenant_id=tenant, account_id=account_id, service_id=service.id, basis="norm", balance_minor=0,
                    active=True,
                )
                .returning(account_service.c.id)
            ).scalar_one()  # fmt: skip
            unit.changes.live(tenant, scope, "account_service", row)
        meter_id = 0
        if initial is not None:
            meter_id = install_meter(
                unit,
                catalogue,
                Meter(
                    id=0,
                    account_id=account_id,
                    service_id=catalogue.services[0].id,
                    model="СВК-15",
                    number=f"{account_id:08d}",
                    integer_digits=5,
                    fraction_digits=2,
                    initial=initial,
                    installed_on=read_on,
                    removed_on=None,
                    seal="",
                    verified_until=None,
                    status="working",
                ),
                received_at=at(read_on),
            )
    return account_id, meter_id


def at(day: date) -> datetime:
    """Return nine o'clock in the morning of a day, UTC."""
    return datetime.combine(day, time(9), UTC)


def read(
    database: Database, catalogue: Catalogue, account_id: int, meter_id: int, value: int, day: date, **changes: object
) -> object:
    """Submit a reading with every question confirmed, and return what the provider answered."""
    values = {"confirmed": ALL_QUESTIONS, "received_at": at(day), **changes}
    with database.change() as unit:
        return accept_reading(unit, catalogue, NewReading(account_id, meter_id, value, day, **values))  # type: ignore[arg-type]


def charge(database: Database, catalogue: Catalogue, ids: list[int], month: Month) -> int:
    """Charge accounts for a month and return how many entries that made, corrections included."""
    before = count_entries(database)
    bill_batch(database, catalogue, shared_tariffs(catalogue), ids, month)
    return count_entries(database) - before


def count_entries(database: Database) -> int:
    """Return how many entries the ledger has."""
    with database.read() as connection:
        return len(fetch(connection, Entry))


def pay(database: Database, catalogue: Catalogue, account_id: int, amount: int, day: date, **changes: object) -> object:
    """Book a payment in cash and return where it went."""
    lines = changes.pop("lines", ((None, amount),))
    with database.change() as unit:
        return book_payment(
            unit,
            catalogue,
            Payment(account_id, lines, "cash", day, desk="K01", **changes),  # type: ignore[arg-type]
        )


def entries_of(database: Database, account_id: int) -> list[Entry]:
    """Return an account's entries in the order they were posted."""
    with database.read() as connection:
        return fetch(connection, Entry, entry.c.account_id == account_id)


def balances(database: Database, account_id: int) -> dict[int, int]:
    """Return the stored balances of an account by service."""
    with database.read() as connection:
        rows = connection.execute(
            select(account_service.c.service_id, account_service.c.balance_minor).where(
                account_service.c.account_id == account_id
            )
        )
        return {row.service_id: row.balance_minor for row in rows}


def assert_ledger_holds(database: Database) -> None:
    """Fail when an invariant of the ledger is broken."""
    with database.read() as connection:
        assert verify_ledger(connection) == []


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write a text file and return it."""
    path.write_bytes(text.encode(encoding))
    return path
