"""Eight desks take money for one account at the same time, over real HTTP: sums are exact and all see the same."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import text

from models.contract.commands import PaidLine, TakePayment
from provider.services.identity import create_user
from sync.client import SyncClient
from sync.profile import Profile
from sync.transport import Transport
from tests.fixtures.provider import ProviderServer
from tests.sync.world import PASSWORD, World

DESKS = 8
PAYMENTS = 12


def test_eight_desks_at_once_lose_no_payment_and_no_change(
    make_profile: Callable[..., Profile], provider_server: ProviderServer, world: World, tmp_path: Path
) -> None:
    clients = [
        SyncClient(make_profile(provider_server.url, tmp_path / f"desk-{number}"), Transport(provider_server.url))
        for number in range(DESKS)
    ]
    with world.database.change() as unit:
        for number in range(DESKS):
            create_user(unit, f"cashier-{number}", PASSWORD, roles=["cashier"], offices=[world.tenant])
    for number, client in enumerate(clients):
        client.sign_in(f"cashier-{number}", PASSWORD, f"desk {number}")

    def work(number: int) -> list[str]:
        told = []
        for amount in range(1, PAYMENTS + 1):
            lines = [PaidLine(11 if amount % 2 else 12, 100 * amount + number)]
            told.append(clients[number].submit(TakePayment(world.account, "KZT", lines, "cash", f"desk-{number}")))
            if amount % 3 == 0:
                clients[number].sync()
        return told

    with ThreadPoolExecutor(DESKS) as pool:
        told = [command for commands in pool.map(work, range(DESKS)) for command in commands]
    for client in clients:
        assert client.sync().complete
        assert client.waiting() == []
    with world.database.read() as connection:
        rows = connection.execute(text("SELECT command_id FROM transaction WHERE kind = 'payment'")).scalars().all()
        balances = connection.execute(text("SELECT id, balance_minor FROM account_service ORDER BY id")).all()
        paid = connection.execute(text("SELECT sum(amount) FROM posting WHERE account LIKE 'cash:%'")).scalar_one()
    assert sorted(rows) == sorted(told)
    assert paid == sum(100 * amount + number for number in range(DESKS) for amount in range(1, PAYMENTS + 1))
    for client in clients:
        client.sync()  # whoever came first has not seen what the others sent last
        query = "SELECT id, balance_minor FROM account_service ORDER BY id"
        assert client.store.peek(lambda c, q=query: c.execute(q).fetchall()) == [tuple(row) for row in balances]
        assert client.store.peek(lambda c: c.execute("SELECT count(*) FROM entry").fetchone()[0]) == len(told)
        client.transport.close()
