"""Devices: their keys, how far they are, what they have not sent."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from models.contract.messages import Cursor
from provider.store.database import Database

log = logging.getLogger(__name__)

_STATE: Final = text(
    "SELECT d.user_id, d.public_key, d.quarantined_at IS NOT NULL AS quarantined, "
    "(SELECT value FROM installation WHERE name = 'epoch') AS epoch FROM device d WHERE d.id = :device"
)
_SENT: Final = text(
    "UPDATE device SET last_seen = :now, waiting = :waiting, waiting_minor = CAST(:minor AS jsonb) WHERE id = :device"
)
# notes that may be lost: the statement is its own transaction and waits for no disk
_PULLED: Final = text(
    "WITH soon AS (SELECT set_config('synchronous_commit', 'off', true)) "
    "UPDATE device SET last_seen = a.at, schema = a.schema, cursors = CAST(a.cursors AS jsonb) "
    "FROM soon, unnest(CAST(:devices AS bigint[]), CAST(:instants AS timestamptz[]), CAST(:schemas AS integer[]), "
    "CAST(:cursors AS text[])) AS a(device, at, schema, cursors) WHERE id = a.device"
)
_HOLDING: Final = text(
    "SELECT DISTINCT c.device_id, d.user_id FROM command c JOIN device d ON d.id = c.device_id WHERE c.status = 'held'"
)


@dataclass(frozen=True, slots=True)
class DeviceState:
    """A device's owner and public key (hex), whether it is quarantined, and the installation's epoch."""

    user_id: int
    public_key: str
    quarantined: bool
    epoch: str


@dataclass(frozen=True, slots=True)
class Position:
    """How far a device had read at an instant, and the record schema that it speaks."""

    device: int
    at: datetime
    schema: int
    cursors: Sequence[Cursor]


def state(connection: Connection, device: int) -> DeviceState | None:
    """Return a device's state, ``None`` when there is no such device."""
    row = connection.execute(_STATE, {"device": device}).first()
    return None if row is None else DeviceState(row.user_id, row.public_key, row.quarantined, row.epoch)


def sent(connection: Connection, device: int, now: datetime, waiting: int, waiting_minor: Mapping[str, int]) -> None:
    """Note that a device spoke, how many commands it still has and how much unsent cash by currency."""
    minor = msgspec.json.encode(dict(waiting_minor)).decode()
    connection.execute(_SENT, {"device": device, "now": now, "waiting": waiting, "minor": minor})


def pulled(database: Database, positions: Sequence[Position]) -> None:
    """Note how far devices have read; what goes wrong is only logged, for they have their answers already."""
    values = {
        "devices": [one.device for one in positions],
        "instants": [one.at for one in positions],
        "schemas": [one.schema for one in positions],
        "cursors": [msgspec.json.encode(one.cursors).decode() for one in positions],
    }
    try:
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(_PULLED, values)
    except SQLAlchemyError as error:
        log.warning("how far %d devices have read was not noted: %s", len(positions), type(error).__name__)


def with_held_commands(connection: Connection) -> list[tuple[int, int]]:
    """Return (device, its user) of devices with held commands."""
    return [(row.device_id, row.user_id) for row in connection.execute(_HOLDING)]
