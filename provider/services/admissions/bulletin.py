"""The bulletin of free places: published for an hour that lies ahead, lowered or taken out, over with its group.

Locks are taken as everywhere: applications first, then places, then items (``steps``).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, Final

from sqlalchemy import Connection, insert, text, update

from models.contract.admission_commands import PublishItem, WithdrawItem
from models.contract.admission_records import BulletinItem, Group, Organisation
from models.domain.admissions import reasons as domain
from models.domain.admissions.case import Act
from models.domain.admissions.eligibility import birth_years, group_year
from models.domain.admissions.reasons import Reason
from models.domain.admissions.rules import Rules
from models.domain.admissions.states import Actor, Event, Mode, Programme
from models.domain.working_days import TermEnd, WorkingCalendar, add_working_days
from provider.services import audit
from provider.services.admissions import numbers, places, reasons, steps
from provider.services.admissions.authority import acting, must_run
from provider.services.admissions.department import Department
from provider.services.admissions.department import department as load
from provider.services.admissions.rights import Rights
from provider.services.logins import clean
from provider.services.refusals import refuse
from provider.store.changes import PUBLIC
from provider.store.database import Database, Unit
from provider.store.rows import fetch
from provider.store.tables_admissions import bulletin_item, kindergarten_group, organisation

_HOLDERS: Final = text(
    "SELECT id FROM application WHERE tenant_id = :tenant AND item_id = :item "
    "AND state IN ('bulletin-applied', 'referral-issued') ORDER BY id"
)
_PUBLISHED: Final = text(
    "SELECT coalesce(sum(places - taken), 0) FROM bulletin_item WHERE group_id = :group AND state = 'published'"
)
_LOCK_ITEM: Final = text("SELECT places, taken, state FROM bulletin_item WHERE id = :id FOR UPDATE")
_OVER: Final = text(
    "SELECT i.id FROM bulletin_item i JOIN kindergarten_group g ON g.id = i.group_id WHERE i.tenant_id = :tenant "
    "AND i.state = 'published' AND i.taken = 0 AND (g.valid_to < :today OR NOT EXISTS (SELECT FROM "
    "jsonb_array_elements_text(i.birth_years) AS y WHERE CAST(y AS integer) "
    "BETWEEN :year - g.age_to AND :year - g.age_from)) ORDER BY i.id FOR UPDATE OF i"
)


def publish(unit: Unit, department: Department, payload: PublishItem, own: Rights, now: datetime) -> tuple[int, str]:
    """Return the id and number of newly published places.

    They open at the hour of the rules on the day of publication, first to the queue, after the priority window to all.
    Raises ``Refusal``: ``not-found``, ``group-closed``, ``number-out-of-range``, ``more-than-free`` (value ``free``:
    what is published already is not), ``free-from-passed``, ``opening-passed`` (value ``at``),
    ``field-required``, ``birth-years-do-not-fit`` (value ``years``). Source: R-ADM-24.
    """
    group, house = _group(unit, department, payload.group_id)
    must_run(own, house.id)
    today = department.calendar.local_day(now)
    if not house.opened or (group.valid_to is not None and group.valid_to < max(today, payload.free_from)):
        raise refuse("group-closed")
    if payload.free_from < today:
        raise refuse("free-from-passed", "free_from", day=today.isoformat())
    rules = department.rules(Programme.BULLETIN, now)
    opens, opens_to_all = opening(department.calendar, rules, payload.published_on)
    if opens <= now:
        local = opens.astimezone(department.calendar.zone)
        raise refuse("opening-passed", "published_on", at=local.isoformat())
    fitting = birth_years(group.age_from, group.age_to, group_year(payload.free_from))
    if not payload.birth_years:
        raise refuse("field-required", "birth_years")
    if not set(payload.birth_years) <= fitting:
        years = ", ".join(map(str, sorted(fitting, reverse=True)))
        raise refuse("birth-years-do-not-fit", "birth_years", years=years)
    counters = places.read(unit.connection, [group.id], lock=True)
    free = max(0, places.free(counters, group.id, today) - published(unit.connection, group.id))
    if payload.places < 1:
        raise refuse("number-out-of-range", "places", low=1, high=max(1, free))
    if payload.places > free:
        raise refuse("more-than-free", "places", free=free)
    (number,) = numbers.take(unit.connection, department.tenant, "item", today.year)
    values: dict[str, Any] = {
        "tenant_id": department.tenant,
        "group_id": group.id,
        "number": number,
        "places": payload.places,
        "taken": 0,
        "birth_years": sorted(set(payload.birth_years), reverse=True),
        "language": group.language,
        "locality_id": house.locality_id,
        "mode": Mode.PERMANENT.value,
        "responsible": clean(payload.responsible, "responsible", 200, required=False) or group.responsible,
        "free_from": payload.free_from,
        "published_on": payload.published_on,
        "open_at": opens,
        "open_to_all_at": opens_to_all,
        "state": "published",
    }
    row_id = int(
        unit.connection.execute(insert(bulletin_item).values(**values).returning(bulletin_item.c.id)).scalar_one()
    )
    unit.changes.live(department.tenant, PUBLIC, "bulletin_item", row_id)
    audit.note(unit.connection, now, "item-published", actor_id=own.user_id, subject=f"item:{row_id}")
    return row_id, number


def published(connection: Connection, group_id: int) -> int:
    """Return how many places of a group the bulletin offers that nobody has taken."""
    return int(connection.execute(_PUBLISHED, {"group": group_id}).scalar_one())


def opening(calendar: WorkingCalendar, rules: Rules, published_on: date) -> tuple[datetime, datetime]:
    """Return when places published for a day open to the queue, and when to everybody. Source: 004-22, 004-25."""
    hour, _, minute = rules.bulletin_opens.partition(":")
    local = datetime.combine(published_on, time(int(hour), int(minute)), calendar.zone)
    opens = local.astimezone(UTC)
    return opens, add_working_days(opens, rules.priority_window_days, calendar, TermEnd.EXACT).at


def withdraw(unit: Unit, department: Department, payload: WithdrawItem, own: Rights, now: datetime) -> int:
    """Take places out of the bulletin, or lower their number; return how many families lost what they had applied for.

    Raises ``Refusal``: ``not-found``, ``reason-missing``, ``reason-does-not-fit``, ``item-withdrawn`` for one
    that is out already, ``places-below-taken`` (value ``count``), ``number-out-of-range`` for one that is not lower.
    """
    item = _item(unit, department, payload.item_id)
    _, house = _group(unit, department, item.group_id)
    actor = must_run(own, house.id)
    if item.state != "published":
        raise refuse("item-withdrawn")
    reason = reasons.given(payload, domain.ITEM)
    if payload.places is not None and payload.places > 0:
        _lower(unit, department, item, payload.places, reason)
        lost = 0
    else:
        lost = take_out(unit, department, item.id, reason, actor, own, now)
    audit.note(unit.connection, now, "item-withdrawn", actor_id=own.user_id, subject=f"item:{item.id}", lost=lost)
    return lost


def take_out(
    unit: Unit, department: Department, item_id: int, reason: Reason, actor: Actor, own: Rights, now: datetime
) -> int:
    """Withdraw published places whole; return how many applications went back into the queue, without a penalty.

    Source: T60.
    """
    values = {"tenant": department.tenant, "item": item_id}
    act = Act(Event.WITHDRAW_ITEM, actor, reason=reason.words, reason_code=reason.code)
    lost = 0
    while True:
        holders = unit.connection.execute(_HOLDERS, values).scalars().all()
        for application_id in holders:
            steps.take_step(unit, department, application_id, act, acting(own, actor), now)
        lost += len(holders)
        if not holders:
            unit.connection.execute(
                update(bulletin_item)
                .where(bulletin_item.c.id == item_id)
                .values(
                    state="withdrawn",
                    reason=reason.words,
                    reason_code=reason.code,
                    version=bulletin_item.c.version + 1,
                )
            )
            unit.changes.live(department.tenant, PUBLIC, "bulletin_item", item_id)
            # The row is locked now: whoever applied until then is seen, whoever comes later sees it withdrawn.
            if not unit.connection.execute(_HOLDERS, values).first():
                return lost


def expire_items(database: Database, tenant: int, now: datetime) -> int:
    """End published places whose group is over or takes other birth years now; return how many."""
    with database.change() as unit:
        department = load(unit.connection, tenant)
        today = department.calendar.local_day(now)
        values = {"tenant": tenant, "today": today, "year": group_year(today)}
        over = unit.connection.execute(_OVER, values).scalars().all()
        if over:
            unit.connection.execute(update(bulletin_item).where(bulletin_item.c.id.in_(over)).values(state="expired"))
            unit.changes.live_many(tenant, "bulletin_item", [(PUBLIC, row_id) for row_id in over])
    return len(over)


def _lower(unit: Unit, department: Department, item: BulletinItem, count: int, reason: Reason) -> None:
    row = unit.connection.execute(_LOCK_ITEM, {"id": item.id}).one()
    if count >= row.places:
        raise refuse("number-out-of-range", "places", low=row.taken, high=row.places - 1)
    if count < row.taken:
        raise refuse("places-below-taken", "places", count=row.taken)
    unit.connection.execute(
        update(bulletin_item)
        .where(bulletin_item.c.id == item.id)
        .values(places=count, reason=reason.words, reason_code=reason.code, version=bulletin_item.c.version + 1)
    )
    unit.changes.live(department.tenant, PUBLIC, "bulletin_item", item.id)


def _item(unit: Unit, department: Department, item_id: int) -> BulletinItem:
    found = fetch(
        unit.connection, BulletinItem, bulletin_item.c.id == item_id, bulletin_item.c.tenant_id == department.tenant
    )
    if not found:
        raise refuse("not-found", "item_id", status=404)
    return found[0]


def _group(unit: Unit, department: Department, group_id: int) -> tuple[Group, Organisation]:
    found = fetch(
        unit.connection, Group, kindergarten_group.c.id == group_id, kindergarten_group.c.tenant_id == department.tenant
    )
    if not found:
        raise refuse("not-found", "group_id", status=404)
    (house,) = fetch(unit.connection, Organisation, organisation.c.id == found[0].organisation_id)
    return found[0], house
