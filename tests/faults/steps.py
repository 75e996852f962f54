"""What happens in a simulated run: people act, other writers write, lines break, programs and disks fail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert

import provider.store.failpoints as provider_points
from models.contract.commands import (
    PaidLine,
    Payload,
    RequestDataCorrection,
    ReversePayment,
    SetMailing,
    SubmitReading,
    TakePayment,
    UpdateContact,
)
from models.domain.period import Month
from provider.handlers.push import sweep
from provider.services.billing import bill
from provider.services.identity import grant_account, grant_office, revoke
from provider.store.base import SYNCED
from provider.store.changes import account_scope
from provider.store.database import Unit
from sync.client import EntryRefused
from tests.faults.line import FAULTS
from tests.faults.scene import Device, Killed, Scene, Told
from tests.faults.watch import look, settle_with_files, violated
from tests.sync.world import PASSWORD

OTHERS: Final = (200_001, 200_002)
"""Accounts beside the resident's own."""
METER: Final = 501
ENTRY_POINTS: Final = ("E1", "E2", "E3")
SYNC_POINTS: Final = ("P1", "P3", "P4", "A1", "A2", "B1", "B2", "B3", "E2")
MISHAPS: Final = ("cache lost", "cache damaged", "cache copied", "cache older", "journal torn", "journal damaged")
PROVIDER_POINTS: Final = (
    "after_claim",
    "before_flush",
    "after_counter",
    "before_commit",
    "after_commit",
    "after_commit_before_reply",
    "during_page",
    "during_chunk",
)


# People


def _own_payments(device: Device) -> list[str]:
    return [one for one, told in device.told.items() if isinstance(told.payload, TakePayment)]


def payload_of(scene: Scene, device: Device) -> tuple[Payload, tuple[str, ...]]:
    """Return something that the device's person may do now, and what it depends on."""
    dice = scene.dice
    own = scene.world.account
    if device.login == scene.world.clerk:
        account = dice.choice((own, own, *OTHERS, 999_999_999))
        paid = _own_payments(device)
        if paid and dice.random() < 0.15:
            target = dice.choice(paid)
            return ReversePayment(own, target, "mistake"), (target,) if dice.random() < 0.5 else ()
        lines = [PaidLine(11, dice.randrange(100, 100_000))]
        if dice.random() < 0.3:
            lines.append(PaidLine(12, dice.randrange(1, 5_000)))
        number = dice.randrange(1, 60) if dice.random() < 0.3 else None  # now and then a number is used twice
        return TakePayment(account, "KZT", lines, "cash", "desk-1", None, "A" if number else "", number), ()
    kind = dice.randrange(5)
    if kind == 0:
        value = dice.choice((14_000, 14_600, 15_100, 15_105, 13_000, 99_000))
        day = (scene.clock() + timedelta(hours=5)).date()
        return SubmitReading(own, METER, value, day, ["reading-unusual"] if dice.random() < 0.3 else []), ()
    if kind == 1:
        return SetMailing(own, dice.random() < 0.5, dice.choice(("kk", "ru"))), ()
    if kind == 2:
        return UpdateContact(device.profile.identity.user_id, language=dice.choice(("kk", "ru", "uk"))), ()
    account = dice.choice((own, own, own, OTHERS[0], 999_999_999))
    earlier = [one for one, told in device.told.items() if not told.ended]
    needs = (dice.choice(earlier),) if earlier and dice.random() < 0.2 else ()
    return RequestDataCorrection(account, "residents", "4", f"words {dice.randrange(10**9)}"), needs


def enter(scene: Scene, device: Device) -> None:
    """A person records something; sometimes the program dies while they do."""
    dice = scene.dice
    payload, needs = payload_of(scene, device)
    point = dice.choice(ENTRY_POINTS) if dice.random() < 0.12 else ""
    try:
        with device.dying_at(f"{point}:raise" if point else ""):
            command = device.client.submit(payload, depends_on=needs)
    except Killed as death:
        device.reborn(death.folder)
        _adopt(scene, device, payload, needs, point)
        return
    device.told[command] = Told(payload, needs)
    scene.say(f"    {payload.KIND} {command[-6:]} {_figures(payload)}")


def _figures(payload: Payload) -> str:
    amount = sum(line.amount_minor for line in payload.lines) if isinstance(payload, TakePayment) else ""
    return f"account {getattr(payload, 'account_id', '-')} {amount}"


def _adopt(scene: Scene, device: Device, payload: Payload, needs: tuple[str, ...], point: str) -> None:
    """After a death while recording: all of the entry is there, or nothing of it."""
    found = [item.command_id for item in device.client.waiting() if item.command_id not in device.told]
    expected = 0 if point == "E1" else 1
    if len(found) != expected:
        raise violated("I1", f"{device.name} died at {point} and has {len(found)} new entries, not {expected}")
    for command in found:
        device.told[command] = Told(payload, needs)
    scene.say(f"    died at {point}; kept {[one[-6:] for one in found]}")


def tidy(scene: Scene, device: Device) -> None:
    """A person looks at what needs attention: withdraws, acknowledges, or sends again."""
    items = device.client.waiting()
    if not items:
        return
    item = scene.dice.choice(items)
    try:
        if item.state in ("refused", "conflict") and scene.dice.random() < 0.4:
            again = device.client.resend(item.command_id)
            device.told[again] = Told(item.payload)
            device.told[item.command_id].ended = "acknowledged"
            scene.say(f"    sends {item.command_id[-6:]} again as {again[-6:]}")
        elif item.state in ("refused", "conflict", "suspense"):
            device.client.acknowledge(item.command_id)
            device.told[item.command_id].ended = "acknowledged"
            scene.say(f"    acknowledges {item.command_id[-6:]}")
        else:
            device.client.withdraw(item.command_id)
            device.told[item.command_id].ended = "withdrawn"
            scene.say(f"    withdraws {item.command_id[-6:]}")
    except EntryRefused as refused:
        scene.say(f"    may not: {refused.problem.code}")


# The programs


def run_sync(scene: Scene, device: Device, *, calm: bool = False) -> None:
    """One run of the client, whatever happens to it on the way."""
    dice = scene.dice
    line = device.line
    line.trace = scene.trace
    points = ""
    if not calm:
        if dice.random() < 0.7:
            line.plan = [dice.choice(FAULTS) if dice.random() < 0.6 else "" for _ in range(dice.randrange(1, 7))]
        if dice.random() < 0.2:
            points = f"{dice.choice(SYNC_POINTS)}:{dice.choice((1, 1, 2, 3))}:raise"
        if dice.random() < 0.2:
            provider_points.arm(f"{dice.choice(PROVIDER_POINTS)}:{dice.choice((1, 1, 2, 3))}:raise")
    try:
        with device.dying_at(points):
            report = device.client.sync()
        said = report.problem.code if report.problem else f"pushed {report.pushed}, pulled {report.pulled}"
        if report.complete:
            device.whole = True
        if report.problem is not None and report.problem.code in ("signed-out", "device-forked", "server-restored"):
            raise violated("I9", f"{device.name} was told {report.problem.code} without any reason")
    except Killed as death:
        device.reborn(death.folder)
        said = f"died at {death.point}"
    finally:
        provider_points.arm("")
        line.plan = []
    scene.say(f"    {said}")


def restart(scene: Scene, device: Device) -> None:
    """The person closes the program and opens it again."""
    device.close()
    device.open()


def damage(scene: Scene, device: Device) -> None:
    """Between two runs of the program something happens to one of its files."""
    what = scene.dice.choice(
        ("cache lost", "cache damaged", "cache copied", "cache older", "journal torn", "journal damaged")
    )
    scene.say(f"    {what}")
    device.close()
    settle_with_files(device, what, scene.dice)
    device.open()


def late_copy(scene: Scene, device: Device) -> None:
    """A copy of a request that a proxy had kept arrives."""
    if device.line.deliver_late():
        scene.say("    an old request arrives again")


# The provider


def add_message(scene: Scene, unit: Unit, account: int) -> int:
    """Insert a message of an account and note the change."""
    table = SYNCED["message"]
    words = {"kk": f"{scene.dice.randrange(10**6)}"}
    row = unit.connection.execute(
        insert(table)
        .values(
            tenant_id=scene.world.tenant,
            provider_id=scene.world.tenant,
            account_id=account,
            kind="message",
            subject=words,
            body=words,
            at=scene.clock(),
        )
        .returning(table.c.id)
    ).scalar_one()
    unit.changes.live(scene.world.tenant, account_scope(account), "message", row)
    return int(row)


def other_writer(scene: Scene, _device: Device) -> None:
    """Somebody at the provider changes, adds, deletes or moves rows."""
    dice, world = scene.dice, scene.world
    account = dice.choice((world.account, *OTHERS))
    kind = dice.choice(("rename", "place", "message", "delete", "delete", "move", "move", "many", "status"))
    scene.say(f"    {kind} {account}")
    if kind == "rename":
        world.rename(account, f"Абонент {dice.randrange(1000)}")
    elif kind == "place":
        world.touch("meter", METER, place=f"place {dice.randrange(1000)}")
    elif kind == "message":
        with world.database.change() as unit:
            add_message(scene, unit, account)
    elif kind == "many":
        with world.database.change() as unit:
            for _ in range(dice.randrange(5, 40)):
                add_message(scene, unit, account)
    elif kind == "status":
        status = "open" if account == world.account or dice.random() < 0.6 else "closed"
        with world.database.change() as unit:
            table = SYNCED["account"]
            unit.connection.execute(table.update().where(table.c.id == account).values(status=status))
            unit.changes.live(world.tenant, account_scope(account), "account", account)
    else:
        found = scene.service.rows("SELECT id, account_id FROM message ORDER BY id")
        if not found:
            return
        row, owner = dice.choice(found)
        if kind == "delete":
            world.remove("message", row, owner)
            return
        with world.database.change() as unit:
            table = SYNCED["message"]
            unit.connection.execute(table.update().where(table.c.id == row).values(account_id=account))
            if owner != account:
                unit.changes.gone(world.tenant, account_scope(owner), "message", row)
            unit.changes.live(world.tenant, account_scope(account), "message", row)


def slow_writer(scene: Scene, _device: Device) -> None:
    """A transaction begins and writes, others overtake it, then it commits."""
    if scene.service.end_open():
        scene.say("    the slow transaction commits")
        return
    unit = scene.service.begin_open()
    account = scene.dice.choice((scene.world.account, *OTHERS))
    add_message(scene, unit, account)
    scene.say(f"    a slow transaction writes for {account}")


def charge(scene: Scene, _device: Device) -> None:
    """The month's charges are made."""
    bill(scene.service.database, Month(2024, 1))


def change_rights(scene: Scene, _device: Device) -> None:
    """Somebody gets or loses access."""
    dice, world = scene.dice, scene.world
    now = datetime.now(UTC)
    who = dice.choice((world.resident, world.resident, world.clerk))
    user = scene.service.value("SELECT id FROM person WHERE login = :login", login=who)
    with world.database.change() as unit:
        if who == world.clerk:
            given = dice.random() < 0.6
            if given:
                grant_office(unit, user, world.tenant, now)
            else:
                revoke(unit, user, world.tenant, "office", now)
            scene.say(f"    office {'given to' if given else 'taken from'} {who}")
            _tell(scene, who, "office", given)
            return
        account = dice.choice((OTHERS[0], OTHERS[0], world.account))
        given = dice.random() < 0.6
        if given:
            grant_account(unit, user, account, now)
        else:
            revoke(unit, user, world.tenant, account_scope(account), now)
        scene.say(f"    {account} {'given to' if given else 'taken from'} {who}")
        _tell(scene, who, account_scope(account), given)


def _tell(scene: Scene, login: str, scope: str, given: bool) -> None:
    for device in scene.devices:
        if device.login == login:
            device.may_read(scope, given)


def restart_provider(scene: Scene, _device: Device) -> None:
    """The provider's process ends and another one begins."""
    scene.restart_provider()


def worker(scene: Scene, _device: Device) -> None:
    """The provider's worker looks after commands that waited."""
    sweep(scene.service.database, scene.clock)


def weather(scene: Scene, device: Device) -> None:
    """A line goes down or comes back."""
    device.line.down = not device.line.down
    scene.say(f"    {'down' if device.line.down else 'up'}")


STEPS: Final[tuple[tuple[int, Callable[[Scene, Device], Any]], ...]] = (
    (22, enter),
    (38, run_sync),
    (5, tidy),
    (3, restart),
    (3, damage),
    (3, late_copy),
    (9, other_writer),
    (7, slow_writer),
    (1, charge),
    (4, change_rights),
    (2, restart_provider),
    (2, worker),
    (3, weather),
)


def step(scene: Scene, number: int) -> None:
    """Take one step of the run and look whether every promise still holds."""
    device = scene.dice.choice(scene.devices)
    action = scene.dice.choices([one for _, one in STEPS], [weight for weight, _ in STEPS])[0]
    scene.clock.advance(scene.dice.choice((0, 1, 3, 20, 45, 400)))
    scene.say(f"{number:3} {scene.clock():%H:%M:%S} {device.name}: {action.__name__}")
    action(scene, device)
    for one in scene.devices:
        look(one)


__all__ = ["PASSWORD", "STEPS", "run_sync", "step", "worker"]
