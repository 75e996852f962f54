"""Numbers in the queue: computed by the rules, the same whichever way they are counted."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from models.domain.admissions import ranking
from models.domain.admissions.ranking import Entry
from models.domain.admissions.states import Event, Programme
from provider.services.admissions import positions
from provider.store import queue_counts
from provider.store.database import Database
from tests.provider.admissions_ground import BORN
from tests.provider.admissions_world import Admissions, make_admissions


def fill(edu: Admissions, count: int, programme: str = "general", seed: int = 1) -> list[int]:
    """Queue applications with any ranks, dates, languages and localities."""
    chance = random.Random(seed)
    edu.file(edu.family(), programme)
    with edu.database.change() as unit:
        connection = unit.connection
        template = connection.execute(text("SELECT * FROM application LIMIT 1")).mappings().one()
        names = [name for name in template if name != "id"]
        ids = []
        for number in range(count):
            child = edu_child(connection, number)
            values: dict[str, Any] = dict(template) | {
                "number": f"2025-{number + 1:06}" if number % 7 else f"{number + 1}",
                "child_id": child,
                "category_rank": chance.choice([1, 2, 2, 3, 3, 3, 4]),
                "rank_date": edu.now - timedelta(hours=chance.choice([0, 1, 1, 30, 31, 700])),
                "language_mask": chance.choice([1, 2, 3, 7]),
                "locality_id": chance.choice([edu.city, edu.city, edu.village]),
            }
            marks = ", ".join(
                f"CAST(:{name} AS jsonb)" if isinstance(values[name], list | dict) else f":{name}" for name in names
            )
            plain = {
                name: str(values[name]).replace("'", '"') if isinstance(values[name], list | dict) else values[name]
                for name in names
            }
            ids.append(
                connection.execute(
                    text(f"INSERT INTO application ({', '.join(names)}) VALUES ({marks}) RETURNING id"), plain
                ).scalar_one()
            )
            unit.changes.live(edu.tenant, f"child:{child}", "application", ids[-1])
            unit.changes.live(edu.tenant, f"child:{child}", "child", child)
    return ids


def edu_child(connection: Any, number: int) -> int:
    return int(
        connection.execute(
            text(
                "INSERT INTO child (tenant_id, department_id, iin, surname, given_name, patronymic, born, sex, "
                "ethnicity) VALUES (1, 1, :iin, 's', 'g', '', :born, 'male', '') RETURNING id"
            ),
            {"iin": f"x{number}", "born": BORN},
        ).scalar_one()
    )


def expected(edu: Admissions, programme: Programme) -> dict[int, tuple[int, int]]:
    """Return numbers as the domain's own definition gives them."""
    lines = {row.rank: row.line for row in edu.department().categories}
    rules = edu.department().rules(programme, edu.now)
    rows = edu.all("SELECT * FROM application WHERE state = 'queued'")
    entries = {
        row.id: Entry(row.id, row.number, row.category_rank, row.rank_date, lines[row.category_rank], row.language_mask,
                      row.locality_id)
        for row in rows
    }  # fmt: skip
    found = {}
    for entry in entries.values():
        rivals = [other for other in entries.values() if other.locality_id == entry.locality_id]
        number = ranking.position(entry, rivals, rules)
        found[entry.id] = (number.number, number.total)
    return found


@pytest.mark.parametrize(("programme", "order"), [("general", "strict"), ("bulletin", "interleave")])
def test_a_number_is_what_the_order_of_the_queue_says(database: Database, programme: str, order: str) -> None:
    edu = make_admissions(database, **{programme: {"order": order}})
    fill(edu, 120, programme)
    wanted = expected(edu, Programme(programme))
    with edu.database.read() as connection:
        counted = {row_id: positions.position(connection, row_id, edu.department(), edu.now) for row_id in wanted}
    assert {row_id: (one.number, one.total) for row_id, one in counted.items() if one} == wanted
    assert positions.refresh_positions(edu.database, edu.tenant, edu.now) > 100
    kept = edu.all("SELECT id, number, total FROM queue_position")
    assert {row.id: (row.number, row.total) for row in kept} == wanted


def test_a_refresh_sends_only_what_changed(edu: Admissions) -> None:
    ids = fill(edu, 40)
    positions.refresh_positions(edu.database, edu.tenant, edu.now)
    head = edu.scalar("SELECT value FROM sync_counter WHERE tenant = 1")
    assert positions.refresh_positions(edu.database, edu.tenant, edu.now + timedelta(days=1)) == 0
    assert edu.scalar("SELECT value FROM sync_counter WHERE tenant = 1") == head
    last = edu.all(
        "SELECT a.id, a.child_id FROM application a JOIN queue_position p ON p.id = a.id "
        "WHERE a.id = ANY(:ids) ORDER BY a.locality_id, p.number DESC LIMIT 1",
        ids=ids,
    )[0]
    with edu.database.change() as unit:
        unit.connection.execute(text("UPDATE application SET state = 'archived' WHERE id = :id"), {"id": last.id})
        unit.changes.live(edu.tenant, f"child:{last.child_id}", "application", last.id)
    positions.refresh_positions(edu.database, edu.tenant, edu.now)
    assert edu.scalar("SELECT count(*) FROM queue_position WHERE id = :id", id=last.id) == 0
    assert edu.scalar("SELECT live FROM sync_index WHERE scope = :scope AND row_id = :id AND NOT live",
                      scope=f"child:{last.child_id}", id=last.id) is False  # fmt: skip


def test_counts_follow_every_step_and_survive_their_summing_up(edu: Admissions) -> None:
    families = [edu.file(edu.family()) for _ in range(6)]
    edu.issue(*families[:2])
    edu.act(families[3], Event.LEAVE_QUEUE)

    def numbers() -> list[int | None]:
        with edu.database.read() as connection:
            found = [positions.position(connection, family.application, None, edu.now) for family in families]
        return [one.number if one else None for one in found]

    assert numbers() == [None, None, 1, None, 2, 3]
    with edu.database.engine.begin() as connection:
        queue_counts.compact(connection, edu.tenant)
    assert numbers() == [None, None, 1, None, 2, 3]
    assert edu.scalar("SELECT count(*) FROM queue_count") == 1
    assert edu.scalar("SELECT sum(count) FROM queue_count") == 3


def test_a_device_gets_the_number_with_the_answer_and_loses_it_with_the_voucher(edu: Admissions) -> None:
    family = edu.file(edu.family())
    family.device.pull_all()
    rows = [row for key, (_, row) in family.device.rows.items() if key[2] == "queue_position"]
    assert [row[2:4] for row in rows] == [[1, 1]]
    edu.issue(family)
    family.device.pull_all()
    assert not [key for key in family.device.rows if key[2] == "queue_position"]
