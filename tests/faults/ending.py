"""What must hold at the end of a run, when everything is healed and quiet: I1, I2, I3, I6, I8 and I9."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

from sqlalchemy import Connection as Provider

from models.cache import outbox as table
from models.cache import tables
from models.cache.store import Connection as Cache
from models.contract.commands import RequestDataCorrection, ReversePayment, TakePayment
from models.contract.outcomes import Status
from models.contract.records import BY_TABLE, NUMBER
from provider.handlers.push import sweep
from provider.store import feed
from provider.store.grants import granted
from sync import scopes
from tests.faults.scene import Device, Scene
from tests.faults.steps import run_sync
from tests.faults.watch import look, violated

ROUNDS = 8
"""Runs of each client within which every queue has to be empty."""
_NAMES = {number: name for name, number in NUMBER.items()}


def settle(scene: Scene) -> int:
    """Heal everything and let the programs run by themselves until they are quiet; returns how many rounds it took."""
    scene.service.end_open()
    for device in scene.devices:
        device.line.down = False
    for round_ in range(1, ROUNDS + 1):
        scene.say(f"round {round_}")
        quiet = True
        for device in scene.devices:
            due = device.client.next_sync_at() - device.skew
            if (due - scene.clock()).total_seconds() > 3_700:
                raise violated("I9", f"{device.name} would not try again before {due}")
            scene.clock.now = max(scene.clock.now, due)
            before = device.client.store.peek(_position)
            run_sync(scene, device, calm=True)
            look(device)
            moved = device.client.store.peek(_position) != before
            open_ones = [item for item in device.client.waiting() if item.state in ("waiting", "sending", "held")]
            quiet = quiet and not moved and not open_ones and device.client.status().complete
        sweep(scene.service.database, scene.clock)
        if quiet:
            return round_
    left = {d.name: [(i.command_id[-6:], i.state) for i in d.client.waiting()] for d in scene.devices}
    raise violated("I9", f"not quiet after {ROUNDS} rounds: {left}")


def _position(connection: Cache) -> list[Any]:
    return [(scope.ref, scope.sequence, scope.state) for scope in scopes.kept(connection)]


def check(scene: Scene, before: dict[tuple[int, int], int]) -> None:
    """Raise :class:`Violation` when a promise is broken; ``before`` are the balances at the beginning."""
    _commands(scene)
    _money(scene, before)
    _effects(scene)
    _index(scene)
    for device in scene.devices:
        _same_rows(scene, device)
        wrong = device.client.store.check() + device.profile.check(thorough=False)
        if wrong:
            raise violated("I11", f"{device.name}: {wrong}")


def _commands(scene: Scene) -> None:
    """Every command ended once, at the provider and here, and both say the same; nothing else was carried out."""
    known = {row.id: row for row in scene.service.rows("SELECT id, status, device_id, n FROM command")}
    told = {command: (device, one) for device in scene.devices for command, one in device.told.items()}
    for command in known.keys() - told.keys():
        raise violated("I2", f"the provider has {command} ({known[command].status}), which nobody was told of")
    for command, (device, one) in told.items():
        row = known.get(command)
        item = device.client.store.peek(partial(table.one, command_id=command))
        assert item is not None
        if one.ended == "withdrawn":
            if row is not None:
                raise violated("I6", f"{command} was withdrawn and carried out")
            continue
        if row is None:
            raise violated("I1", f"{command} of {device.name} never reached the provider")
        if row.status == "held":
            raise violated("I6", f"{command} of {device.name} is held for ever")
        if item.outcome is None or item.outcome.status != row.status:
            raise violated("I6", f"{command} is {row.status}, {device.name} knows {item.outcome}")
        waits = command in {waiting.command_id for waiting in device.client.waiting()}
        if waits != (row.status != Status.APPLIED and not one.ended):
            raise violated("I6", f"{command} is {row.status}, ended {one.ended!r}, and shown: {waits}")
    for device_id in {row.device_id for row in known.values()}:
        numbers = sorted(row.n for row in known.values() if row.device_id == device_id)
        if numbers != list(range(1, len(numbers) + 1)):
            raise violated("I2", f"device {device_id} has a gap in its numbers: {numbers}")


def _money(scene: Scene, before: dict[tuple[int, int], int]) -> None:
    """Money at the provider is the sum over distinct accepted commands, and every transaction sums to zero."""
    service = scene.service
    if service.value("SELECT coalesce(sum(amount), 0) FROM posting"):
        raise violated("I2", "debits and credits differ")
    lame = service.rows("SELECT transaction_id FROM posting GROUP BY 1 HAVING sum(amount) <> 0")
    if lame:
        raise violated("I2", f"transactions that do not balance: {lame}")
    status = {row.id: row.status for row in service.rows("SELECT id, status FROM command")}
    unbooked = {row[0] for row in service.rows("SELECT command_id FROM alarm WHERE kind = 'money-unbooked'")}
    booked = Counter(row[0] for row in service.rows("SELECT command_id FROM transaction WHERE command_id <> ''"))
    cash = {
        row.command_id: int(row.total)
        for row in service.rows(
            "SELECT t.command_id, sum(p.amount) AS total FROM transaction t JOIN posting p ON p.transaction_id = t.id "
            "WHERE p.account LIKE 'cash:%' GROUP BY 1"
        )
    }
    amounts: dict[str, int] = {}
    for device in scene.devices:
        for command, told in device.told.items():
            if isinstance(told.payload, TakePayment) and told.ended != "withdrawn":
                amounts[command] = sum(line.amount_minor for line in told.payload.lines)
                if status[command] not in ("applied", "suspense"):
                    raise violated("I2", f"cash {command} ended as {status[command]}")
    reversals = {
        command: amounts.get(told.payload.payment_command_id, 0)
        for device in scene.devices
        for command, told in device.told.items()
        if isinstance(told.payload, ReversePayment) and status.get(command) == "applied"
    }
    expected = amounts | {command: -amount for command, amount in reversals.items()}
    for command, amount in expected.items():
        if booked[command] != 1 and not (command in unbooked and not booked[command]):
            raise violated("I2", f"{command} was booked {booked[command]} times")
        if booked[command] and cash.get(command, 0) != amount:
            raise violated("I2", f"{command} is {amount} and was booked as {cash.get(command)}")
    total = sum(amount for command, amount in expected.items() if command not in unbooked)
    if total != sum(cash.values()):
        raise violated("I2", f"people took {total}, the provider booked {sum(cash.values())}")
    rows = service.rows(
        "SELECT s.account_id, s.service_id, s.balance_minor, coalesce(sum(e.amount_minor), 0) AS moved "
        "FROM account_service s LEFT JOIN entry e ON e.account_id = s.account_id AND e.service_id = s.service_id "
        "GROUP BY 1, 2, 3"
    )
    for row in rows:
        if row.balance_minor != before[row.account_id, row.service_id] + row.moved:
            raise violated("I2", f"the balance of {row.account_id}/{row.service_id} is not the sum of its entries")


def _effects(scene: Scene) -> None:
    """Every applied request was filed once, and no other."""
    status = {row.id: row.status for row in scene.service.rows("SELECT id, status FROM command")}
    filed = Counter(row[0] for row in scene.service.rows("SELECT command_id FROM request"))
    for device in scene.devices:
        for command, told in device.told.items():
            if isinstance(told.payload, RequestDataCorrection):
                wanted = 1 if status.get(command) == "applied" else 0
                if filed[command] != wanted:
                    raise violated("I2", f"{command} was filed {filed[command]} times, not {wanted}")


def _index(scene: Scene) -> None:
    """The change index knows every row of every synced table, and no other."""
    for name, number in NUMBER.items():
        live = Counter(
            row[0]
            for row in scene.service.rows("SELECT row_id FROM sync_index WHERE live AND table_number = :n", n=number)
        )
        rows = Counter(row[0] for row in scene.service.rows(f"SELECT id FROM {name}"))
        if live != rows:
            raise violated("I3", f"the index of {name} has {live - rows} too much and lacks {rows - live}")


def _same_rows(scene: Scene, device: Device) -> None:
    """The cache holds the rows of the granted scopes, each as the provider has it, and nothing else."""
    identity = device.profile.identity
    kept = device.client.store.peek(scopes.kept)
    with scene.service.database.read() as connection:
        allowed = {one.scope for one in granted(connection, identity.user_id, identity.device_id)}
        if {scope.ref for scope in kept} != allowed:
            raise violated("I8", f"{device.name} keeps {[scope.ref for scope in kept]}, granted is {allowed}")
        theirs = _rows_of_provider(connection, [(ref.tenant, ref.key) for ref in allowed])
    ours = device.client.store.peek(_rows_of_cache)
    for name in BY_TABLE:
        mine, other = ours[name], theirs.get(name, {})
        if mine.keys() != other.keys():
            more, less = sorted(mine.keys() - other.keys()), sorted(other.keys() - mine.keys())
            raise violated("I3", f"{device.name}, {name}: {more} too much, {less} missing")
        for row_id, row in mine.items():
            if row != other[row_id]:
                raise violated("I3", f"{device.name}, {name} {row_id}: {row} here, {other[row_id]} at the provider")


def _rows_of_provider(connection: Provider, wanted: list[tuple[int, str]]) -> dict[str, dict[int, tuple[Any, ...]]]:
    sequences: dict[str, dict[int, int]] = {}
    for tenant, key in wanted:
        where = "wide" if key == scopes.WIDE else "scope = %(key)s"
        found = connection.exec_driver_sql(
            f"SELECT table_number, row_id, sequence FROM sync_index WHERE tenant = %(tenant)s AND live AND {where}",
            {"tenant": tenant, "key": key},
        )
        for number, row_id, sequence in found:
            sequences.setdefault(_NAMES[number], {})[row_id] = sequence
    rows: dict[str, dict[int, tuple[Any, ...]]] = {}
    for name, known in sequences.items():
        sent = feed.bodies(connection, name, known)
        decoded = tables.rows_decoder(name, tuple(sent.columns))(sent.rows)
        rows[name] = {row[0]: (*row, known[row[0]]) for row in decoded}
    return rows


def _rows_of_cache(connection: Cache) -> dict[str, dict[int, tuple[Any, ...]]]:
    rows = {}
    for name, record in BY_TABLE.items():
        names = ", ".join(f'"{column}"' for column in tables.layout(record).columns)
        rows[name] = {row[0]: tuple(row) for row in connection.execute(f'SELECT {names}, _seq FROM "{name}"')}
    return rows
