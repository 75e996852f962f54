"""Collections of wishes: opened by an officer, filled by families until an instant, ended by the clock.

What a family files replaces what it filed before; what comes after the end is refused. Twins have one list. Families
whose child suits one of the groups are told of a collection once, in the clock's rounds, and those of them that have
filed nothing are reminded from nine in the morning of the day before it ends. Source: R-ADM-34, R-CAL-8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, insert, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from models.contract.admission_records import Application
from models.contract.collection_commands import CancelCollection, FileWishes, OpenCollection
from models.contract.collection_records import Collection
from models.domain.admissions.case import Notice
from models.domain.admissions.effects import is_voucher_programme
from models.domain.admissions.eligibility import birth_years, group_year
from models.domain.admissions.ranking import language_mask
from models.domain.admissions.states import Actor, Event, Programme, State
from models.domain.problems import Problem
from provider.services import audit
from provider.services.admissions import applications, forming, notices, numbers, worlds
from provider.services.admissions.applications import Held
from provider.services.admissions.authority import must_be_officer
from provider.services.admissions.department import Department, department
from provider.services.admissions.reminders import HOUR
from provider.services.admissions.rights import Rights, actor_for
from provider.services.logins import clean
from provider.services.refusals import Refusal, refuse
from provider.store.changes import PUBLIC, STAFF, child_scope
from provider.store.database import Database, Unit
from provider.store.rows import fetch
from provider.store.tables_collections import collection, collection_told, wish_list
from provider.store.tables_people import message
from translations import LANGUAGES, N_, _, formats, using

WISHING: Final = (State.QUEUED, State.VOUCHER_ACTIVE, State.VOUCHER_WAITLISTED)
"""States in which an application may wish for a place: it has none, and none is offered to it."""
MOST_GROUPS: Final = 2_000
_SHORTEST: Final = timedelta(hours=1)
_LONGEST: Final = timedelta(days=200)
_BATCH: Final = 1_000
_LOCK: Final = text("SELECT id FROM collection WHERE id = :id AND tenant_id = :tenant FOR UPDATE")
_DUE: Final = text("SELECT id, tenant_id FROM collection WHERE state = 'collecting' AND closes_at <= :now ORDER BY id")
_UNTOLD: Final = text(
    "SELECT t.collection_id AS id, t.tenant_id, t.notice FROM collection_told t "
    "JOIN collection c ON c.id = t.collection_id "
    "WHERE NOT t.done AND c.state = 'collecting' ORDER BY t.collection_id, t.notice DESC"
)
_NEAR_END: Final = text(
    "SELECT c.id, c.tenant_id, c.opened_at, c.closes_at FROM collection c WHERE c.state = 'collecting' "
    "AND c.closes_at > :now AND c.closes_at <= :far AND NOT EXISTS "
    "(SELECT 1 FROM collection_told t WHERE t.collection_id = c.id AND t.notice = :notice) ORDER BY c.id"
)
_AFTER: Final = text(
    "SELECT after FROM collection_told WHERE collection_id = :id AND notice = :notice AND NOT done FOR UPDATE"
)
_TOLD: Final = text(
    "UPDATE collection_told SET after = :after, done = :done WHERE collection_id = :id AND notice = :notice"
)
_TOLD_ENOUGH: Final = text("UPDATE collection_told SET done = true WHERE collection_id = :id")
_SUITED: Final = text(
    "SELECT id FROM application WHERE tenant_id = :tenant AND id > :after AND programme = :programme "
    "AND state IN ('queued', 'voucher-active', 'voucher-waitlisted') "
    "AND language_mask & :languages <> 0 AND born >= :first AND born < :last AND NOT EXISTS (SELECT 1 FROM wish_list w "
    "WHERE w.collection_id = :collection AND w.application_id = application.id AND w.state = 'filed') "
    "ORDER BY id LIMIT :limit"
)
_FILED: Final = text("SELECT id FROM wish_list WHERE collection_id = :collection AND application_id = :application")
_LISTS: Final = text(
    "SELECT w.id, w.application_id, a.child_id FROM wish_list w JOIN application a ON a.id = w.application_id "
    "WHERE w.collection_id = :id AND w.state = 'filed' ORDER BY w.application_id"
)
_COUNT: Final = text("SELECT count(*) FROM wish_list WHERE collection_id = :id AND state = 'filed'")
_CLOSED: Final = N_("Wishes are collected: {number}")
_CLOSED_BODY: Final = N_(
    "The collection of wishes {number} ended on {moment}. Lists filed: {count}. Now have the result computed; another "
    "officer gives the places."
)


def open_collection(unit: Unit, known: Department, payload: OpenCollection, own: Rights, now: datetime) -> Collection:
    """Return the new collection.

    Raises ``Refusal``: ``not-allowed``, ``programme-unknown``, ``collection-without-groups``, ``not-found`` for a
    group, ``group-closed``, ``collection-open-already`` (value ``number``) when one of the groups is in another,
    ``collection-end`` for an end that is over, too near or too far.
    """
    must_be_officer(own)
    tenant = known.tenant
    try:
        programme = Programme(payload.programme)
    except ValueError:
        raise refuse("programme-unknown", "programme") from None
    if not is_voucher_programme(programme):
        raise refuse("programme-unknown", "programme")
    groups = sorted(set(payload.group_ids))
    if not 1 <= len(groups) <= MOST_GROUPS:
        raise refuse("collection-without-groups", "group_ids")
    if not now + _SHORTEST <= payload.closes_at <= now + _LONGEST:
        raise refuse("collection-end", "closes_at")
    last = known.calendar.local_day(payload.closes_at)
    if not last <= payload.starts_on <= last + _LONGEST:
        raise refuse("collection-start", "starts_on")
    choices = forming.choices(unit.connection, known)
    for group in groups:
        if group not in choices:
            raise refuse("not-found", "group_ids", status=404)
        found, ends = choices[group], choices[group].group.valid_to
        if not found.organisation.opened or (ends is not None and ends <= payload.starts_on):
            raise refuse("group-closed", "group_ids")
    for other in fetch(
        unit.connection, Collection, collection.c.tenant_id == tenant, collection.c.state.in_(("collecting", "closed"))
    ):
        if other.programme == payload.programme and not set(groups).isdisjoint(other.group_ids):
            raise refuse("collection-open-already", "group_ids", number=other.number)
    (number,) = numbers.take(unit.connection, tenant, "collection", known.calendar.local_day(now).year)
    values: dict[str, Any] = {
        "department_id": tenant,
        "number": number,
        "programme": payload.programme,
        "group_ids": groups,
        "starts_on": payload.starts_on,
        "opened_at": now,
        "closes_at": payload.closes_at,
        "state": "collecting",
    }
    row_id = int(
        unit.connection.execute(
            insert(collection).values(tenant_id=tenant, **values).returning(collection.c.id)
        ).scalar_one()
    )
    unit.connection.execute(insert(collection_told).values(collection_id=row_id, tenant_id=tenant))
    unit.changes.live(tenant, PUBLIC, "collection", row_id)
    audit.note(unit.connection, now, "collection-opened", actor_id=own.user_id, subject=f"collection:{number}")
    return Collection(row_id, **values)


def cancel(unit: Unit, known: Department, payload: CancelCollection, own: Rights, now: datetime) -> None:
    """Give a collection up and tell the families that filed. Raises ``Refusal``: ``not-allowed``, ``not-found``,
    ``collection-decided`` (value ``state``), ``field-required`` for no reason."""
    must_be_officer(own)
    row = locked(unit, known.tenant, payload.collection_id)
    if row.state not in ("collecting", "closed"):
        raise refuse("collection-decided", state=row.state)
    reason = clean(payload.reason, "reason", 500, lines=True)
    change(unit, known.tenant, row.id, state="cancelled", decided_at=now, reason=reason)
    unit.connection.execute(_TOLD_ENOUGH, {"id": row.id})
    lists = unit.connection.execute(_LISTS, {"id": row.id}).all()
    _tell(unit, known, [one.application_id for one in lists], "wishes-cancelled", now, reason=reason)
    audit.note(unit.connection, now, "collection-cancelled", actor_id=own.user_id, subject=f"collection:{row.number}")


def file_wishes(unit: Unit, known: Department, payload: FileWishes, own: Rights, now: datetime) -> list[int]:
    """Keep the ranked groups of a family, for all its twins; return the ids of the lists.

    Raises ``Refusal``: ``not-found``, ``collection-over`` (value ``due``) after the end, ``wish-not-possible`` for an
    application that is not waiting for a place in this programme, ``too-many-wishes`` (value ``limit``),
    ``wish-not-offered`` for a group that is not in the collection, and why a group does not suit the child.
    """
    tenant = known.tenant
    found = fetch(unit.connection, Collection, collection.c.id == payload.collection_id,
                  collection.c.tenant_id == tenant)  # fmt: skip
    if not found:
        raise refuse("not-found", "collection_id", status=404)
    asked = found[0]
    held = applications.lock_with_bundle(unit.connection, tenant, payload.application_id)
    one = held.get(payload.application_id)
    if one is None or actor_for(unit.connection, own, one.row, Event.CHOOSE_PLACE) is not Actor.PARENT:
        raise refuse("not-found", "application_id", status=404)
    if asked.state != "collecting" or now > asked.closes_at:
        raise refuse("collection-over", due=_shown(known, asked.closes_at))
    twins = [own_ for own_ in held.values() if own_.row.programme == asked.programme and own_.row.state in WISHING]
    if one not in twins:
        raise refuse("wish-not-possible", "application_id")
    groups = list(dict.fromkeys(payload.groups))
    limit = known.rules(Programme(asked.programme), now).preferences
    if len(groups) > limit:
        raise refuse("too-many-wishes", "groups", limit=limit)
    _must_suit(unit.connection, known, asked, twins, groups)
    ids = [_keep(unit, tenant, asked.id, twin.row, groups, now) for twin in twins]
    if groups:
        _tell(unit, known, [one.row.id], "wishes-filed", now, count=len(groups), due=_local(known, asked.closes_at))
    else:
        _tell(unit, known, [one.row.id], "wishes-taken-back", now, due=_local(known, asked.closes_at))
    return ids


def close_due(database: Database, now: datetime) -> int:
    """End the collections whose instant has come, and tell the office; return how many."""
    with database.read() as connection:
        due = connection.execute(_DUE, {"now": now}).all()
    for row_id, tenant in due:
        with database.change() as unit:
            known = department(unit.connection, tenant)
            row = locked(unit, tenant, row_id)
            if row.state != "collecting":
                continue
            change(unit, tenant, row_id, state="closed")
            unit.connection.execute(_TOLD_ENOUGH, {"id": row_id})
            count = int(unit.connection.execute(_COUNT, {"id": row_id}).scalar_one())
            _tell_office(unit, known, row, count)
    return len(due)


def tell_families(database: Database, now: datetime) -> int:
    """Tell the families whose child suits a group of a new collection, and remind those that have filed nothing of its
    end, each once; return how many."""
    _begin_reminding(database, now)
    with database.read() as connection:
        untold = connection.execute(_UNTOLD).all()
    return sum(_tell_families(database, one.tenant_id, one.id, one.notice, now) for one in untold)


def _begin_reminding(database: Database, now: datetime) -> None:
    """Note the collections of whose end families are reminded from now on; one opened that late is news enough."""
    values = {"now": now, "far": now + timedelta(days=2), "notice": _REMINDER}
    with database.read() as connection:
        near = connection.execute(_NEAR_END, values).all()
    for one in near:
        with database.change() as unit:
            zone = department(unit.connection, one.tenant_id).calendar.zone
            eve = one.closes_at.astimezone(zone).date() - timedelta(days=1)
            if now >= datetime.combine(eve, HOUR, zone) and one.opened_at.astimezone(zone).date() < eve:
                row = {"collection_id": one.id, "notice": _REMINDER, "tenant_id": one.tenant_id}
                unit.connection.execute(upsert(collection_told).values(**row).on_conflict_do_nothing())


def locked(unit: Unit, tenant: int, row_id: int) -> Collection:
    """Return a collection, locked; raises ``Refusal`` ``not-found``."""
    if unit.connection.execute(_LOCK, {"id": row_id, "tenant": tenant}).first() is None:
        raise refuse("not-found", "collection_id", status=404)
    (row,) = fetch(unit.connection, Collection, collection.c.id == row_id)
    return row


def change(unit: Unit, tenant: int, row_id: int, **values: Any) -> None:
    """Change a collection and note it for everybody."""
    unit.connection.execute(update(collection).where(collection.c.id == row_id).values(**values))
    unit.changes.live(tenant, PUBLIC, "collection", row_id)


def _must_suit(
    connection: Connection, known: Department, asked: Collection, twins: Sequence[Held], groups: Sequence[int]
) -> None:
    """Raise ``Refusal`` for a group that was not offered or that one of the children may not come into."""
    offered = frozenset(asked.group_ids)
    choices = forming.choices(connection, known) if groups else {}
    for group in groups:
        if group not in offered or group not in choices:
            raise refuse("wish-not-offered", "groups")
        for twin in twins:
            wrong = worlds.why_not(twin, choices[group], asked.starts_on)
            if wrong:
                raise Refusal(Problem(wrong[0].code, "groups", wrong[0].values))


def _keep(unit: Unit, tenant: int, collection_id: int, row: Application, groups: Sequence[int], now: datetime) -> int:
    values: dict[str, Any] = {"groups": list(groups), "filed_at": now, "state": "filed" if groups else "withdrawn"}
    known = unit.connection.execute(_FILED, {"collection": collection_id, "application": row.id}).scalar()
    if known is not None:
        unit.connection.execute(update(wish_list).where(wish_list.c.id == known).values(**values))
    else:
        own = {"tenant_id": tenant, "collection_id": collection_id, "application_id": row.id}
        statement = insert(wish_list).values(**own, **values).returning(wish_list.c.id)
        known = unit.connection.execute(statement).scalar_one()
    unit.changes.live(tenant, child_scope(row.child_id), "wish_list", int(known))
    return int(known)


def _tell_families(database: Database, tenant: int, row_id: int, notice: str, now: datetime) -> int:
    total = 0
    while True:
        with database.change() as unit:
            known = department(unit.connection, tenant)
            (row,) = fetch(unit.connection, Collection, collection.c.id == row_id)
            after = unit.connection.execute(_AFTER, {"id": row_id, "notice": notice}).scalar()
            if after is None:
                return total
            chosen = [one for group, one in forming.choices(unit.connection, known).items() if group in row.group_ids]
            ids = unit.connection.execute(_SUITED, {**_reach(row, chosen), "tenant": tenant, "after": after}).scalars()
            wanted = list(ids)
            values = {"after": wanted[-1] if wanted else after, "done": len(wanted) < _BATCH}
            unit.connection.execute(_TOLD, {"id": row_id, "notice": notice, **values})
            held = applications.lock(unit.connection, tenant, wanted)
            suited = [
                own.row.id
                for own in held.values()
                if any(not worlds.why_not(own, choice, row.starts_on) for choice in chosen)
            ]
            _tell(unit, known, suited, notice, now, due=_local(known, row.closes_at))
            total += len(suited)
            if len(wanted) < _BATCH:
                return total


def _reach(row: Collection, chosen: Sequence[worlds.Chosen]) -> Mapping[str, Any]:
    """Return whom groups may suit at all: languages, and birth dates with a year to spare on both sides."""
    year = group_year(row.starts_on)
    years = {born for one in chosen for born in birth_years(one.group.age_from, one.group.age_to, year)} or {year}
    return {
        "collection": row.id,
        "programme": row.programme,
        "languages": language_mask(one.group.language for one in chosen),
        "first": date(min(years) - 1, 1, 1),
        "last": date(max(years) + 2, 1, 1),
        "limit": _BATCH,
    }


def _tell(unit: Unit, known: Department, ids: Sequence[int], code: str, now: datetime, **values: str | int) -> None:
    """Write a message about applications to their families."""
    held = applications.lock(unit.connection, known.tenant, ids)
    told = [
        notices.Told(own.row, own.case, own.case, Notice(code, values, sms=code in _RINGS), now)
        for own in held.values()
    ]
    notices.tell(unit, known, told)


_REMINDER: Final = "remind-wishes"
_RINGS: Final = frozenset({"wishes-cancelled", _REMINDER})


def _tell_office(unit: Unit, known: Department, row: Collection, count: int) -> None:
    subject, body = {}, {}
    for language in LANGUAGES:
        with using(language):
            subject[language] = _(_CLOSED).format(number=row.number)
            body[language] = _(_CLOSED_BODY).format(
                number=row.number, moment=formats.moment(row.closes_at, known.zone), count=count
            )
    values = {
        "tenant_id": known.tenant,
        "provider_id": known.tenant,
        "account_id": None,
        "kind": "notification",
        "subject": subject,
        "body": body,
        "at": row.closes_at,
        "link": "",
    }
    row_id = int(unit.connection.execute(insert(message).values(**values).returning(message.c.id)).scalar_one())
    unit.changes.live(known.tenant, STAFF, "message", row_id)


def _local(known: Department, moment: datetime) -> str:
    return moment.astimezone(known.calendar.zone).isoformat()


def _shown(known: Department, moment: datetime) -> str:
    return f"{moment.astimezone(known.calendar.zone):%d.%m.%Y %H:%M}"
