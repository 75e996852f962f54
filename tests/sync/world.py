"""A small world at a real provider for tests of the client: one utility, some accounts, a resident, a cashier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import insert, text

from models.contract.records import Account, AccountService, Record
from provider.services.identity import create_user
from provider.store.base import SYNCED
from provider.store.changes import PUBLIC, account_scope
from provider.store.database import Database, Unit
from provider.store.rows import values_of
from tests.samples import sample_view_kk

PASSWORD = "kabinet-demo"


@dataclass(frozen=True)
class World:
    """What there is at the provider."""

    database: Database
    tenant: int
    account: int
    resident: str = "123456"
    clerk: str = "clerk"

    def add(self, unit: Unit, scope: str, rows: Sequence[Record]) -> None:
        """Insert records under their own ids and index them."""
        table = rows[0].TABLE
        values = [{"id": row.id, "tenant_id": self.tenant, **values_of(row)} for row in rows]
        unit.connection.execute(insert(SYNCED[table]), values)
        unit.changes.live_many(self.tenant, table, [(scope.format(row=row), row.id) for row in rows])

    def add_accounts(self, numbers: Iterable[int]) -> None:
        """Add accounts with a service each; ``number`` is id and account number."""
        view = sample_view_kk()
        wanted = list(numbers)
        for start in range(0, len(wanted), 1_000):
            part = wanted[start : start + 1_000]
            with self.database.change() as unit:
                accounts = [
                    msgspec.structs.replace(view.account, id=n, number=str(n), holder=f"Абонент {n}") for n in part
                ]
                links = [AccountService(10_000_000 + n, n, view.services[0].id, "norm", n * 100, True) for n in part]
                self.add(unit, "account:{row.id}", accounts)
                self.add(unit, "account:{row.account_id}", links)

    def rename(self, account: int, holder: str) -> None:
        """Change an account's holder."""
        self.touch("account", account, holder=holder)

    def touch(self, table: str, row_id: int, **values: Any) -> None:
        """Change a row of the account's scope and index it."""
        with self.database.change() as unit:
            where = SYNCED[table].c.id == row_id
            unit.connection.execute(SYNCED[table].update().where(where).values(**values))
            account = row_id if table == "account" else self.account
            unit.changes.live(self.tenant, account_scope(account), table, row_id)

    def remove(self, table: str, row_id: int, account: int) -> None:
        """Delete a row of an account."""
        with self.database.change() as unit:
            unit.connection.execute(SYNCED[table].delete().where(SYNCED[table].c.id == row_id))
            unit.changes.gone(self.tenant, account_scope(account), table, row_id)

    def count(self, query: str, **values: Any) -> int:
        """Return one number from the provider's database."""
        with self.database.read() as connection:
            return int(connection.execute(text(query), values).scalar_one())

    def requests(self, words: str = "") -> int:
        """Return how many data corrections were filed, with these words in them."""
        return self.count("SELECT count(*) FROM request WHERE text LIKE :t", t=f"%{words}%")


def build_world(database: Database, extra: Iterable[int] = ()) -> World:
    """Fill a fresh provider: the sample account for the resident 123456, an office for the clerk."""
    view = sample_view_kk()
    world = World(database, view.provider.id, view.account.id)
    with database.change() as unit:
        for rows in ([view.provider], view.recipients, view.services, view.tariffs):
            if rows:
                world.add(unit, PUBLIC, rows)
        world.add(unit, "account:{row.id}", [view.account])
        for rows in (view.account_services, view.meters, view.readings):
            if rows:
                world.add(unit, "account:{row.account_id}", rows)
        now = datetime.now(UTC)
        create_user(unit, world.resident, PASSWORD, accounts=[view.account.id], email="a@example.org", now=now)
        create_user(unit, world.clerk, PASSWORD, roles=["clerk", "cashier"], offices=[world.tenant], now=now)
    world.add_accounts(extra)
    return world


def other_database(world: World, database: Database) -> World:
    """Return the same world over another handle of its database."""
    return replace(world, database=database)


def account_row(number: int) -> Account:
    """Return the sample account under another id and number."""
    return msgspec.structs.replace(sample_view_kk().account, id=number, number=str(number))
