"""What must hold after every step of a run: I1 (nothing recorded is lost) and I5 (nothing goes back or disappears)."""

from __future__ import annotations

import os
import random
import shutil
from functools import partial
from pathlib import Path

from models.cache import outbox as table
from models.cache.store import FILES, Connection
from models.contract.commands import RequestDataCorrection, TakePayment
from models.contract.outcomes import Status
from sync import scopes
from tests.faults.scene import Device, Told


class Violation(AssertionError):
    """A promise was broken; the message begins with its number in the design, such as I2."""


def violated(promise: str, words: str) -> Violation:
    """Return the error for a broken promise."""
    return Violation(f"{promise}: {words}")


def look(device: Device) -> None:
    """Raise :class:`Violation` when a device has lost something or gone back."""
    items, kept = device.client.store.peek(lambda c: (table.everything(c), scopes.kept(c)))
    by_id = {item.entry.id: item for item in items}
    shown = {item.command_id for item in device.client.waiting()}
    for command, told in device.told.items():
        item = by_id.get(command)
        if item is None:
            raise violated("I1", f"{device.name} has forgotten {command}")
        if told.ended and not item.ended:
            raise violated("I1", f"{device.name} forgot that {command} was {told.ended}")
        if not told.ended and command not in shown:
            applied = item.outcome is not None and item.outcome.status is Status.APPLIED
            arrived = device.client.store.peek(partial(table.arrived_outcome, command_id=command))
            if not applied and (arrived is None or arrived.status is not Status.APPLIED):
                raise violated("I6", f"{device.name} shows {command} nowhere, and it was not applied")
            seen = partial(_visible, command=command, told=told, kept=kept, taken=device.taken)
            if device.whole and not device.client.store.peek(seen):
                raise violated("I5", f"{device.name}: {command} is no longer waiting and its effect is not there")
    _never_back(device, kept)


def _visible(connection: Connection, command: str, told: Told, kept: list[scopes.Scope], taken: set[str]) -> bool:
    """Return whether the effect of an applied command is in the cache, where its scope is kept and not taken away."""
    if isinstance(told.payload, TakePayment):
        query, keys = "SELECT 1 FROM entry WHERE command_id = ?", {scopes.WIDE}
    elif isinstance(told.payload, RequestDataCorrection):
        query, keys = "SELECT 1 FROM request WHERE command_id = ?", {f"account:{told.payload.account_id}", scopes.WIDE}
    else:
        return True
    if not any(scope.ref.key in keys - taken and scope.state == scopes.READY for scope in kept):
        return True
    return connection.execute(query, (command,)).fetchone() is not None


def _never_back(device: Device, kept: list[scopes.Scope]) -> None:
    present = {(scope.ref.tenant, scope.ref.key): scope.sequence for scope in kept}
    for scope, sequence in present.items():
        before = device.cursors.get(scope, 0)
        if sequence < before:
            raise violated("I5", f"{device.name}: the cursor of {scope} went from {before} to {sequence}")
    device.cursors = present


def settle_with_files(device: Device, what: str, dice: random.Random) -> None:
    """Do something to the files of a profile that is closed."""
    cache = device.folder / "cache.db"
    journal = device.folder / "journal"
    copied = device.folder / "cache.copied"
    if what == "journal torn":
        data = journal.read_bytes()
        with journal.open("ab") as file:  # the beginning of a write that was never confirmed
            file.write(data[: dice.randrange(1, 90)])
    elif what == "journal damaged":
        _overwrite(journal, dice)
    elif what == "cache copied":
        shutil.copy(cache, copied)
    elif what == "cache older" and not copied.exists():
        return
    else:
        device.lost_cache()
        if what == "cache damaged":
            _overwrite(cache, dice)
            return
        for ending in FILES:
            cache.with_name(cache.name + ending).unlink(missing_ok=True)
        if what == "cache older":
            shutil.copy(copied, cache)


def _overwrite(path: Path, dice: random.Random) -> None:
    size = path.stat().st_size
    with path.open("r+b") as handle:
        handle.seek(dice.randrange(max(1, size - 64)))
        handle.write(os.urandom(64))
