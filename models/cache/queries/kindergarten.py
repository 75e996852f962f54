"""What a kindergarten asks the cache: what it has to do, what it published, who attends its groups."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from models.cache.driver import Connection
from models.cache.queries.department import Line, lines_of
from models.cache.queries.rows import json_ids, read
from models.contract.admission_records import Application, BulletinItem
from models.domain.admissions.states import State


@dataclass(frozen=True, slots=True)
class Work:
    """What a kindergarten has to do, the term that ends first on top."""

    activate: tuple[Line, ...] = ()
    referred: tuple[Line, ...] = ()  # referral issued: the parent brings papers
    send: tuple[Line, ...] = ()
    sign: tuple[Line, ...] = ()
    returned: tuple[Line, ...] = ()  # with the parent
    temporary: tuple[Line, ...] = ()
    attending: tuple[Line, ...] = ()


def work(connection: Connection, groups: Collection[int], limit: int = 500) -> Work:
    """Return what has to be done in groups of kindergartens."""
    chosen = "IN (SELECT value FROM json_each(?))"
    ids = json_ids(groups)
    held = read(
        connection, Application,
        f"WHERE group_id {chosen} AND state NOT IN ('archived', 'enrolled') ORDER BY id LIMIT ?", ids, limit,
    )  # fmt: skip
    away = read(
        connection, Application,
        f"WHERE temp_group_id {chosen} AND temp IN ('booked', 'attending') ORDER BY temp_until, id LIMIT ?", ids, limit,
    )  # fmt: skip
    # Who moves to another kindergarten attends until both signed there. Source: D-17.
    attended = f"WHERE placement_group_id {chosen} AND state <> 'archived' ORDER BY placement_group_id, id LIMIT ?"
    attending = read(connection, Application, attended, ids, limit)
    lines = sorted(lines_of(connection, held), key=_urgency)

    def of(state: State) -> tuple[Line, ...]:
        return tuple(line for line in lines if line.application.state == state)

    return Work(
        of(State.BUL_APPLIED),
        of(State.REFERRAL_ISSUED),
        of(State.CONTRACT_ORG),
        of(State.CONTRACT_ORG_SIGN),
        of(State.CONTRACT_PARENT),
        lines_of(connection, away),
        lines_of(connection, attending),
    )


def items(connection: Connection, groups: Collection[int]) -> tuple[BulletinItem, ...]:
    """Return what groups published, newest first."""
    return tuple(
        read(
            connection, BulletinItem,
            "WHERE group_id IN (SELECT value FROM json_each(?)) ORDER BY published_on DESC, id DESC", json_ids(groups),
        )
    )  # fmt: skip


def children_of(connection: Connection, group_id: int) -> tuple[Line, ...]:
    """Return who attends a group or has a place held in it."""
    rows = read(
        connection, Application,
        "WHERE placement_group_id = ? OR (group_id = ? AND state <> 'archived') OR"
        " (temp_group_id = ? AND temp IN ('booked', 'attending')) ORDER BY id", group_id, group_id, group_id,
    )  # fmt: skip
    return tuple(sorted(lines_of(connection, rows), key=lambda line: line.child.name))


def _urgency(line: Line) -> tuple[str, int]:
    return min(line.application.terms.values(), default="~"), line.application.id
