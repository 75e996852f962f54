"""Figures of a department, counted from the rows that its office holds: every application and place once.

What an office publishes is counted by the provider at night and cannot be summed (models.domain.admissions.forecast);
these are counted when they are asked for, so their date is that of the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from models.cache.driver import Connection
from models.domain.admissions.states import State

_STATES = (
    "SELECT programme, state, voucher, archive, count(*) FROM application GROUP BY state, programme, voucher, archive"
)
_QUEUED = (
    "SELECT a.locality_id, CAST(substr(c.born, 1, 4) AS INTEGER), count(*) FROM application AS a"
    " JOIN child AS c ON c.id = a.child_id WHERE a.state = 'queued' GROUP BY 1, 2"
)
_LANGUAGES = (
    "SELECT l.value, count(*) FROM application AS a, json_each(a.languages) AS l WHERE a.state = 'queued' GROUP BY 1"
)
_ADMITTED = (
    "SELECT p.group_id, CAST(substr(c.born, 1, 4) AS INTEGER), count(*) FROM placement AS p"
    " JOIN child AS c ON c.id = p.child_id WHERE p.mode = 'permanent' AND p.begins_on > ? AND p.begins_on <= ?"
    " GROUP BY 1, 2"
)
_LISTS = "SELECT group_id, count(*) FROM waiting_entry WHERE state = 'waiting' GROUP BY 1"
_WANTED = (
    "SELECT organisation_id, count(*) FROM application WHERE organisation_id IS NOT NULL"
    " AND state IN ('docs-review', 'queued') GROUP BY 1"
)


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of a department's applications."""

    states: Mapping[tuple[str, str], int] = field(default_factory=dict)  # (programme, state) → applications
    vouchers: Mapping[str, int] = field(default_factory=dict)
    archive: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Demand:
    """Who waits and who came, to stand beside the places that there are."""

    queued: Mapping[tuple[int, int], int] = field(default_factory=dict)
    """Applications in queues, by locality and birth year."""
    languages: Mapping[str, int] = field(default_factory=dict)
    """The same by language; who takes several languages counts for each."""
    admitted: Mapping[tuple[int, int], int] = field(default_factory=dict)
    """Children who came into a group within the last twelve months, by group and birth year."""
    lists: Mapping[int, int] = field(default_factory=dict)
    """Children in the waiting list of a group."""
    wanted: Mapping[int, int] = field(default_factory=dict)
    """Applications in queues that name a kindergarten."""


def figures(connection: Connection) -> Figures:
    """Return the counts by state."""
    states: dict[tuple[str, str], int] = {}
    vouchers: dict[str, int] = {}
    archive: dict[str, int] = {}
    for programme, state, voucher, reason, count in connection.execute(_STATES):
        states[programme, state] = states.get((programme, state), 0) + count
        if voucher:
            vouchers[voucher] = vouchers.get(voucher, 0) + count
        if state == State.ARCHIVED:
            archive[reason] = archive.get(reason, 0) + count
    return Figures(states, vouchers, archive)


def demand(connection: Connection, today: date) -> Demand:
    """Return who waits and who came; it looks at every application that is in a queue."""
    last = 28 if (today.month, today.day) == (2, 29) else today.day
    since = today.replace(year=today.year - 1, day=last)
    return Demand(
        {(row[0], row[1]): row[2] for row in connection.execute(_QUEUED)},
        dict(connection.execute(_LANGUAGES).fetchall()),
        {(row[0], row[1]): row[2] for row in connection.execute(_ADMITTED, (since.isoformat(), today.isoformat()))},
        dict(connection.execute(_LISTS).fetchall()),
        dict(connection.execute(_WANTED).fetchall()),
    )
