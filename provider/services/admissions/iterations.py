"""Rounds of vouchers: planned by one officer, issued by another, all vouchers in one transaction.

The plan's lines are kept for the printed protocol, which only the office sees. A plan is issued only as it was read:
when the queue gives another one by then, the round is stale and has to be planned anew. Source: R-ADM-16 to R-ADM-18.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, text, update

from models.contract.admission_commands import CancelIteration, IssueIteration, PlanIteration
from models.contract.admission_records import Iteration
from models.domain.admissions import iteration as rounds
from models.domain.admissions import machine
from models.domain.admissions.case import Act, Step, World
from models.domain.admissions.effects import is_voucher_programme
from models.domain.admissions.limits import MOST_VOUCHERS
from models.domain.admissions.ranking import LANGUAGES
from models.domain.admissions.rules import Rules
from models.domain.admissions.states import Actor, Event, Programme
from provider.services import audit
from provider.services.admissions import applications, numbers, outside, queue, steps
from provider.services.admissions.authority import acting, must_be_officer
from provider.services.admissions.department import Department
from provider.services.admissions.outside import Taken
from provider.services.admissions.queue import Wanted
from provider.services.admissions.rights import Rights
from provider.services.logins import clean
from provider.services.refusals import refuse
from provider.store.bulk import copy_rows, reserve_ids
from provider.store.changes import STAFF
from provider.store.database import Unit
from provider.store.rows import fetch
from provider.store.tables_admissions import iteration, iteration_line

_FRONT: Final = 1_000
_YEARS: Final = (2000, 2100)
_LOCK: Final = text("SELECT state FROM iteration WHERE id = :id AND tenant_id = :tenant FOR UPDATE")
_LINE: Final = (
    "id", "tenant_id", "iteration_id", "position", "application_id", "number", "child", "category_rank", "rank_date",
    "skipped",
)  # fmt: skip
_WINNERS: Final = text(
    "SELECT string_agg(CAST(application_id AS text), ',') FROM iteration_line WHERE iteration_id = :id AND skipped = ''"
)
_NAMES: Final = text(
    "SELECT a.id, concat_ws(' ', nullif(c.surname, ''), nullif(c.given_name, ''), nullif(c.patronymic, '')) "
    "FROM application a JOIN child c ON c.id = a.child_id WHERE a.id = ANY(CAST(:ids AS bigint[]))"
)
_PLACES: Final = text(
    "SELECT coalesce(sum(greatest(p.capacity - p.occupied - p.held, 0)), 0) FROM place p "
    "JOIN kindergarten_group g ON g.id = p.group_id JOIN organisation o ON o.id = g.organisation_id "
    "WHERE p.tenant_id = :tenant AND p.mode = 'permanent' AND o.opened AND (g.valid_to IS NULL OR g.valid_to > :today) "
    "AND p.valid_from <= :today AND (p.valid_to IS NULL OR p.valid_to >= :today) "
    "AND (CAST(:localities AS bigint[]) IS NULL OR o.locality_id = ANY(CAST(:localities AS bigint[]))) "
    "AND (:language = '' OR g.language = :language) "
    "AND (g.correction <> '') = :special AND :correction IN ('', g.correction)"
)


@dataclasses.dataclass(frozen=True, slots=True)
class Planned:
    """A planned round: how many vouchers it gives, and how many free places there are for them now."""

    id: int
    number: str
    planned: int
    passed_over: int
    free_places: int


@dataclasses.dataclass(frozen=True, slots=True)
class Issued:
    """What came of issuing: ``stale`` when the queue gives another plan by now, and nothing was issued."""

    state: str
    vouchers: int = 0
    number: str = ""


def plan_round(connection: Connection, department: Department, payload: PlanIteration, now: datetime) -> rounds.Plan:
    """Return what a round would give now, and write nothing.

    Raises ``Refusal``: ``programme-unknown``, ``number-out-of-range``, ``not-found`` for a locality,
    ``language-of-education-unknown``.
    """
    return _plan(connection, department, _wanted(department, payload), payload.vouchers, now)


def plan(unit: Unit, department: Department, payload: PlanIteration, own: Rights, now: datetime) -> Planned:
    """Keep the plan of a round with its lines; nothing is issued.

    Raises ``Refusal``: ``not-allowed``, what :func:`plan_round` raises, and ``round-gives-nothing`` when nobody would
    get a voucher.
    """
    must_be_officer(own)
    wanted = _wanted(department, payload)
    made = _plan(unit.connection, department, wanted, payload.vouchers, now)
    if not made.winners:
        passed = Counter(line.skipped for line in made.lines)
        raise refuse(
            "round-gives-nothing",
            waiting=len(made.lines),
            holding=passed[rounds.HAS_VOUCHER],
            young=passed[rounds.TOO_YOUNG],
            twins=passed[rounds.TWINS],
        )
    tenant = department.tenant
    year = department.calendar.local_day(now).year
    (number,) = numbers.take(unit.connection, tenant, "iteration", year)
    row_id = int(
        unit.connection.execute(
            insert(iteration)
            .values(
                tenant_id=tenant,
                department_id=tenant,
                number=number,
                programme=payload.programme,
                locality_id=payload.locality_id,
                birth_year=payload.birth_year,
                language=payload.language,
                correction=payload.correction,
                vouchers=payload.vouchers,
                planned=len(made.winners),
                state="planned",
                planned_by=own.name,
                planned_at=now,
                planner_id=own.user_id,
                fingerprint=made.fingerprint,
            )
            .returning(iteration.c.id)
        ).scalar_one()
    )
    unit.changes.live(tenant, STAFF, "iteration", row_id)
    _write_lines(unit, tenant, row_id, made.lines)
    audit.note(unit.connection, now, "round-planned", actor_id=own.user_id, subject=f"round:{number}")
    passed_over = len(made.lines) - len(made.winners)
    free = free_places(unit.connection, department, wanted, now)
    return Planned(row_id, number, len(made.winners), passed_over, free)


def issue(
    unit: Unit, department: Department, payload: IssueIteration, own: Rights, now: datetime, *,
    device_id: int | None = None, command_id: str = "",
) -> Issued:  # fmt: skip
    """Give the vouchers of a plan that another officer made, if the queue still gives the same plan.

    Raises ``Refusal``: ``not-allowed``, ``not-found``, ``round-decided`` (value ``state``), ``needs-another-officer``
    for who planned it. Source: T06.
    """
    must_be_officer(own)
    tenant = department.tenant
    row = _locked(unit, tenant, payload.iteration_id)
    if row.planner_id == own.user_id:
        raise refuse("needs-another-officer", by=row.planned_by)
    winners = unit.connection.execute(_WINNERS, {"id": row.id}).scalar() or ""
    # First of all locked, so that nobody leaves meanwhile.
    held = applications.lock(unit.connection, tenant, [int(row_id) for row_id in winners.split(",") if row_id])
    wanted = _wanted(department, _asked(row))
    made = _plan(unit.connection, department, wanted, row.vouchers, now)
    if made.fingerprint != row.fingerprint:
        _change(unit, tenant, row.id, state="stale", issued_by=own.name, issued_at=now)
        audit.note(unit.connection, now, "round-stale", actor_id=own.user_id, subject=f"round:{row.number}")
        return Issued("stale", number=row.number)
    act = Act(Event.ISSUE_VOUCHER, Actor.OFFICER)
    rules = department.rules(Programme(row.programme), now)
    actor = acting(own, Actor.OFFICER, device_id)
    taken = []
    for line in made.winners:
        # Who is too young was passed over by the plan, which alone knows when their turn comes (R-ADM-17).
        step = machine.step(held[line.id].case, act, World(), rules, department.calendar, now)
        assert isinstance(step, Step), step
        taken.append(Taken(held[line.id], step, act, actor, now, command_id))
    steps.settle(unit, department, outside.carry_out(unit, department, taken), now)
    _change(unit, tenant, row.id, state="issued", issued_by=own.name, issued_at=now)
    audit.note(unit.connection, now, "round-issued", actor_id=own.user_id, subject=f"round:{row.number}")
    return Issued("issued", len(taken), row.number)


def cancel(unit: Unit, department: Department, payload: CancelIteration, own: Rights, now: datetime) -> None:
    """Throw a plan away. Raises ``Refusal``: ``not-allowed``, ``not-found``, ``round-decided`` (value ``state``)."""
    must_be_officer(own)
    row = _locked(unit, department.tenant, payload.iteration_id)
    reason = clean(payload.reason, "reason", 500, lines=True, required=False)
    _change(unit, department.tenant, row.id, state="cancelled", issued_by=own.name, issued_at=now, reason=reason)
    audit.note(unit.connection, now, "round-cancelled", actor_id=own.user_id, subject=f"round:{row.number}")


def free_places(connection: Connection, department: Department, wanted: Wanted, now: datetime) -> int:
    """Return how many permanent places are free now for whom a round is meant; what an officer fixes the number by."""
    values = {
        "tenant": department.tenant,
        "today": department.calendar.local_day(now),
        "localities": None if wanted.localities is None else sorted(wanted.localities),
        "language": wanted.language,
        "special": wanted.programme is Programme.SPECIAL,
        "correction": wanted.correction,
    }
    return int(connection.execute(_PLACES, values).scalar_one())


def _locked(unit: Unit, tenant: int, row_id: int) -> Iteration:
    found = unit.connection.execute(_LOCK, {"id": row_id, "tenant": tenant}).first()
    if found is None:
        raise refuse("not-found", "iteration_id", status=404)
    if found.state != "planned":
        raise refuse("round-decided", state=found.state)
    (record,) = fetch(unit.connection, Iteration, iteration.c.id == row_id)
    return record


def _asked(record: Iteration) -> PlanIteration:
    return PlanIteration(
        record.department_id, record.programme, record.vouchers, record.locality_id, record.birth_year,
        record.language, record.correction,
    )  # fmt: skip


def _wanted(department: Department, payload: PlanIteration) -> Wanted:
    try:
        programme = Programme(payload.programme)
    except ValueError:
        raise refuse("programme-unknown", "programme") from None
    if not is_voucher_programme(programme):
        raise refuse("programme-unknown", "programme")
    if not 1 <= payload.vouchers <= MOST_VOUCHERS:
        raise refuse("number-out-of-range", "vouchers", low=1, high=MOST_VOUCHERS)
    if payload.birth_year is not None and not _YEARS[0] <= payload.birth_year <= _YEARS[1]:
        raise refuse("number-out-of-range", "birth_year", low=_YEARS[0], high=_YEARS[1])
    if payload.language and payload.language not in LANGUAGES:
        raise refuse("language-of-education-unknown", "language")
    if payload.locality_id is None:
        return Wanted(programme, None, payload.birth_year, payload.language, payload.correction)
    place = next((row for row in department.localities if row.id == payload.locality_id), None)
    if place is None:
        raise refuse("not-found", "locality_id", status=404)
    return Wanted(
        programme, queue.inside(department, place.id), payload.birth_year, payload.language, payload.correction,
        district=place.kind == "district",
    )  # fmt: skip


def _plan(connection: Connection, department: Department, wanted: Wanted, vouchers: int, now: datetime) -> rounds.Plan:
    if wanted.district:
        wanted = queue.without_full_villages(connection, department, wanted, now)
    rules = department.rules(wanted.programme, now)
    # Nearly always the front of the queue is enough, and gives the very same plan.
    limit = 2 * vouchers + _FRONT
    front = queue.front(connection, department, wanted, now, limit)
    made = rounds.plan(front.entries, vouchers, rules)
    if front.whole or _is_same(made, front, limit, vouchers, rules):
        return made
    return rounds.plan(queue.front(connection, department, wanted, now, None).entries, vouchers, rules)


def _is_same(made: rounds.Plan, front: queue.Front, limit: int, vouchers: int, rules: Rules) -> bool:
    """Return whether the whole queue would give this plan too: its vouchers were given within the first ``limit`` of
    the order, whom no twin from elsewhere stands among, and none to a child whose turn comes after everybody's."""
    winners = made.winners
    if len(winners) < vouchers or made.lines[-1].position > limit:
        return False
    ages = {entry.id: entry.age_months for entry in front.entries}
    if any(ages[line.id] < rules.min_age_months for line in winners):
        return False
    return not front.twins.intersection(line.id for line in made.lines)


def _write_lines(unit: Unit, tenant: int, row_id: int, lines: Sequence[rounds.Line]) -> None:
    ids = reserve_ids(unit.connection, iteration_line, len(lines))
    wanted = "{" + ",".join(str(line.id) for line in lines) + "}"
    children: dict[int, str] = {found[0]: found[1] for found in unit.connection.execute(_NAMES, {"ids": wanted})}
    copy_rows(
        unit.connection,
        iteration_line,
        _LINE,
        (
            (own_id, tenant, row_id, line.position, line.id, line.number, children.get(line.id, ""),
             line.category_rank, line.rank_date, line.skipped)
            for own_id, line in zip(ids, lines, strict=True)
        ),
    )  # fmt: skip
    unit.changes.new_many(tenant, "iteration_line", [(STAFF, own_id) for own_id in ids])


def _change(unit: Unit, tenant: int, row_id: int, **values: Any) -> None:
    unit.connection.execute(update(iteration).where(iteration.c.id == row_id).values(**values))
    unit.changes.live(tenant, STAFF, "iteration", row_id)
