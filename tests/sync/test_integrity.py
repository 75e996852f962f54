"""A cache that differs from the provider is found at the next complete pull and put right by itself (F38)."""

from __future__ import annotations

import pytest

from models.cache.queries.accounts import accounts
from models.cache.store import Connection
from sync.client import SyncClient
from tests.sync.wire import Wire
from tests.sync.world import World


def spoil_version(connection: Connection) -> None:
    connection.execute("UPDATE account SET holder = 'wrong', _seq = _seq - 1")


def drop_row(connection: Connection) -> None:
    connection.execute("DELETE FROM meter")


def add_row(connection: Connection) -> None:
    connection.execute(
        "INSERT INTO account_service SELECT 777, account_id, service_id, basis, 5, 1, _seq, _scope"
        " FROM account_service LIMIT 1"
    )


def spoil_digest(connection: Connection) -> None:
    connection.execute("UPDATE digest SET digest = '1' WHERE tbl = 'reading'")


def drop_everything(connection: Connection) -> None:
    for table in ("account", "meter", "reading", "service", "tariff"):
        connection.execute(f"DELETE FROM {table}")


@pytest.mark.parametrize("spoil", [spoil_version, drop_row, add_row, spoil_digest, drop_everything])
def test_whatever_differs_is_repaired_without_asking(client: SyncClient, world: World, spoil: object) -> None:
    def everything(connection: Connection) -> list[list[tuple[object, ...]]]:
        tables = ("account", "meter", "reading", "account_service", "service", "tariff", "digest")
        return [[tuple(row) for row in connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2")] for name in tables]

    before = client.store.peek(everything)
    with client.store.write() as connection:
        spoil(connection)  # type: ignore[operator]
        if spoil is not spoil_digest:  # rows that changed behind the digest's back
            connection.execute("UPDATE digest SET digest = '1' WHERE tbl IN ('account', 'meter', 'account_service')")
            connection.execute("UPDATE digest SET digest = '1' WHERE tbl IN ('reading', 'service', 'tariff')")
    report = client.sync()
    assert report.problem is None
    assert report.complete
    assert client.store.peek(everything) == before
    assert client.store.read(accounts)[0].account.holder != "wrong"


def test_rows_lost_behind_the_digests_back_are_found_within_a_day(client: SyncClient, world: World) -> None:
    with client.store.write() as connection:
        connection.execute("DELETE FROM meter")
    client.sync()
    assert client.store.peek(lambda c: c.execute("SELECT count(*) FROM meter").fetchone()[0]) == 0
    with client.store.write() as connection:
        connection.execute("UPDATE local SET value = '2020-01-01T00:00:00+00:00' WHERE key = 'audited'")
    assert client.sync().complete
    assert client.store.peek(lambda c: c.execute("SELECT count(*) FROM meter").fetchone()[0]) > 0


def test_a_table_that_keeps_differing_is_replaced_and_then_left(client: SyncClient, wire: Wire) -> None:
    for _time in range(5):
        with client.store.write() as connection:
            connection.execute("DELETE FROM meter")
            connection.execute("UPDATE digest SET digest = '1' WHERE tbl = 'meter'")
        before = wire.exchanges
        assert client.sync().complete
        asked = wire.exchanges - before
    assert asked <= 2
