"""Whatever anybody does in whatever order, counters, scopes and terms agree with the applications."""

from __future__ import annotations

import os
import random
from collections import Counter, defaultdict
from datetime import timedelta

import pytest

from models.contract.admission_records import Application
from models.contract.admissions import case_of
from models.contract.records import NUMBER
from models.domain.admissions.machine import fired_at, possible
from models.domain.admissions.states import HOLDING, TEMP_LIVE, Actor, Event, State
from provider.services.admissions import audience, clock, positions
from provider.store.database import Database
from provider.store.rows import fetch
from tests.provider.admissions_world import Admissions, Family, make_admissions
from tests.provider.sync_world import Device

STEPS = int(os.environ.get("ADMISSION_STEPS", "120"))


def check(edu: Admissions) -> None:
    """Compare what is counted and shown with what the applications say."""
    with edu.database.read() as connection:
        rows = fetch(connection, Application)
        scopes = audience.narrow_scopes(connection, rows)
    held: Counter[int] = Counter()
    occupied: Counter[tuple[int, str]] = Counter()
    for row in rows:
        state = State(row.state)
        if row.group_id is not None and (state in HOLDING or row.group_id != row.placement_group_id):
            held[row.group_id] += 1
        assert (state in HOLDING) <= (row.group_id is not None), row
        assert (row.temp in TEMP_LIVE) == (row.temp_voucher == "bound"), row
        assert (state is State.STOP_LIST) == bool(row.stop), row
        assert (state is State.ARCHIVED) == bool(row.archive), row
        assert set(row.day_terms) <= row.terms.keys()
    for placed in edu.all("SELECT group_id, mode FROM placement WHERE counted"):
        occupied[placed.group_id, placed.mode] += 1
    for place in edu.all(
        "SELECT group_id, mode, sum(held) AS held, sum(occupied) AS occupied FROM place GROUP BY 1, 2"
    ):
        if place.mode == "permanent":
            assert place.held == held[place.group_id], place
        assert place.occupied == occupied[place.group_id, place.mode], place
    due = {row.id: row.next_due for row in edu.all("SELECT id, next_due FROM application")}
    for row in rows:
        ends = [fired_at(term) for term in case_of(row).timers.values()]
        assert due[row.id] == min(ends, default=None)
    shown: dict[int, set[str]] = defaultdict(set)
    for entry in edu.all(
        "SELECT i.row_id, i.scope FROM sync_index i WHERE i.live AND i.table_number = :number "
        "AND (i.scope LIKE 'organisation:%' OR i.scope = 'doctor')",
        number=NUMBER["application"],
    ):
        shown[entry.row_id].add(entry.scope)
    assert {row.id: scopes[row.id] for row in rows} == {row.id: frozenset(shown[row.id]) for row in rows}
    live = edu.all(
        "SELECT child_id, programme, count(*) FROM application WHERE state NOT IN ('draft', 'archived') "
        "GROUP BY 1, 2 HAVING count(*) > 1"
    )
    assert live == []
    offered = edu.all("SELECT application_id FROM waiting_entry WHERE state = 'offered'")
    assert sorted(row.application_id for row in offered) == sorted(
        row.id for row in rows if row.state == State.PLACE_OFFERED
    )
    queued = {row.id for row in rows if row.state == State.QUEUED}
    counted = edu.scalar("SELECT coalesce(sum(count), 0) FROM queue_count")
    assert counted == len(queued)
    kept = {row.id for row in edu.all("SELECT id FROM queue_position")}
    assert kept <= queued


_ELSEWHERE = frozenset({Event.ISSUE_VOUCHER, Event.EDIT, Event.SUBMIT})
_GIVING_UP = frozenset({Event.LEAVE_QUEUE, Event.REFUSE_VOUCHER, Event.REVOKE_VOUCHER, Event.ARCHIVE, Event.LEAVE,
                        Event.EXPEL, Event.GROUP_CLOSE, Event.CHANGE_CHOICE, Event.REJECT})  # fmt: skip


class Crowd:
    """Families, kindergartens, an officer and a doctor who do anything they can think of."""

    def __init__(self, edu: Admissions, seed: int) -> None:
        self.chance = random.Random(seed)
        self.edu = edu
        self.families: list[Family] = []
        self.kindergartens = [edu.kindergarten("Amina"), edu.kindergarten("Balapan")]
        self.officer, self.doctor = edu.officer(), edu.doctor()
        self.item = edu.item(edu.groups["star"], 2)

    def act(self) -> None:
        """Let somebody do something, or time pass."""
        chance = self.chance
        what = chance.random()
        if what < 0.1 and len(self.families) < 9:
            family = self.edu.family()
            programme = chance.choice(["general", "general", "bulletin"])
            self.families.append(self.edu.file(family, programme))
        elif what < 0.17:
            self.edu.later(hours=chance.choice([1, 5, 24, 24, 24, 120]))
            clock.run_due(self.edu.database, self.edu.now, batch=chance.choice([1, 3, 1000]))
        elif what < 0.19:
            positions.refresh_positions(self.edu.database, self.edu.tenant, self.edu.now)
        elif self.families:
            self.step(chance.choice(self.families))

    def step(self, family: Family) -> None:
        """Take a step that may or may not be possible."""
        chance = self.chance
        row = self.edu.row(family.application)
        if row.state == "queued" and row.programme == "general" and chance.random() < 0.6:
            self.edu.issue(family)
            return
        if row.state == "archived" and chance.random() < 0.7:
            self.edu.file(family, row.programme)
            return
        found = [
            (device, event)
            for actor, device in self.people(family)
            for event in possible(case_of(row), actor)
            if event not in _ELSEWHERE and (event not in _GIVING_UP or chance.random() < 0.1)
        ]
        if not found or chance.random() < 0.05:
            found = [(device, event) for _, device in self.people(family) for event in set(Event) - _ELSEWHERE]
        device, event = chance.choice(sorted(found, key=lambda one: (one[0].id, one[1].value)))
        owner = Family(device, device.user, family.child)
        self.edu.documents(family)
        self.edu.step(
            device,
            row.id,
            event,
            group_id=None
            if event is Event.GROUP_CLOSE and chance.random() < 0.5
            else chance.choice([*self.edu.groups.values()]),
            item_id=self.item,
            until=self.edu.now.date() + timedelta(days=chance.choice([3, 20, 60])),
            days=chance.choice([1, 30]),
            reason="because",
            fault_of_parent=chance.random() < 0.3,
            blobs=[f"other:{self.edu.upload(owner, 'x')}:x.pdf"] if chance.random() < 0.5 else [],
            ticked=["parent-id", "birth-certificate", "027", "referral"],
        )

    def people(self, family: Family) -> list[tuple[Actor, Device]]:
        """Return those who may have a say."""
        return [
            (Actor.PARENT, family.device),
            (Actor.KINDERGARTEN, self.kindergartens[0]),
            (Actor.KINDERGARTEN, self.kindergartens[1]),
            (Actor.OFFICER, self.officer),
            (Actor.DOCTOR, self.doctor),
        ]


@pytest.mark.parametrize("seed", range(int(os.environ.get("ADMISSION_SEEDS", "2"))))
def test_counters_scopes_and_terms_agree_with_the_applications(database: Database, seed: int) -> None:
    edu = make_admissions(database)
    crowd = Crowd(edu, seed)
    for done in range(STEPS):
        crowd.act()
        if done % 10 == 0:
            check(edu)
    check(edu)
    assert edu.scalar("SELECT count(*) FROM command WHERE status = 'held'") == 0
    assert edu.scalar("SELECT count(*) FROM alarm") == 0
    assert edu.scalar("SELECT count(DISTINCT transition) FROM history_entry") >= 10
    everybody = [family.device for family in crowd.families] + crowd.kindergartens + [crowd.officer, crowd.doctor]
    for device in everybody:  # what was pulled piece by piece is what a new device gets
        device.pull_all()
        fresh = edu.world.device(device.user)
        fresh.pull_all()
        own = {key for key in device.rows if not key[1].startswith("device")}
        assert own == {key for key in fresh.rows if not key[1].startswith("device")}
