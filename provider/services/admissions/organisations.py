"""Kindergartens and their groups, entered and changed by officers; a kindergarten changes its own groups."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import insert, text, update

from models.contract.admission_commands import SaveGroup, SaveOrganisation
from models.contract.admission_records import Group, Organisation, Place
from models.domain.admissions.case import Act
from models.domain.admissions.limits import MOST_PLACES, OLDEST
from models.domain.admissions.names import name_key
from models.domain.admissions.ranking import LANGUAGES
from models.domain.admissions.reasons import Reason
from models.domain.admissions.states import Actor, Event, Mode
from models.domain.identity import check_bin
from models.domain.problems import Problem
from provider.services import audit
from provider.services.admissions import bulletin, places, steps, waiting
from provider.services.admissions.authority import acting, must_be_officer, must_run
from provider.services.admissions.department import Department
from provider.services.admissions.rights import Rights
from provider.services.logins import clean, clean_email, clean_phone
from provider.services.refusals import Refusal, refuse
from provider.store.changes import PUBLIC
from provider.store.database import Unit
from provider.store.rows import fetch
from provider.store.tables_admissions import kindergarten_group, organisation, place

KINDS: Final = ("nursery", "nursery-garden", "kindergarten", "school-garden", "special", "sanatorium")
OWNERSHIPS: Final = ("state", "private")
GROUP_KINDS: Final = ("day", "short", "round-the-clock")
_CORRECTION: Final = 60
_LOCK_GROUP: Final = text("SELECT 1 FROM kindergarten_group WHERE id = :id FOR UPDATE")
_LANGUAGES: Final = text(
    "SELECT DISTINCT language FROM kindergarten_group WHERE organisation_id = :id "
    "AND (valid_to IS NULL OR valid_to >= :today)"
)
_NAMED: Final = text("SELECT name, address FROM organisation WHERE tenant_id = :tenant AND id <> :own ORDER BY id")
_GROUPS_NAMED: Final = text(
    "SELECT name FROM kindergarten_group WHERE organisation_id = :house AND id <> :own "
    "AND (valid_to IS NULL OR valid_to >= :today)"
)
_WAITERS: Final = text(
    "SELECT application_id FROM waiting_entry WHERE group_id = :group AND state IN ('waiting', 'offered') "
    "ORDER BY application_id"
)
_OPEN_ITEMS: Final = text("SELECT id FROM bulletin_item WHERE group_id = :group AND state IN ('draft', 'published')")


def save_organisation(unit: Unit, department: Department, payload: SaveOrganisation, own: Rights, now: datetime) -> int:
    """Return the id of a kindergarten entered or changed.

    Raises ``Refusal``: ``not-allowed``, ``not-found``, ``field-invalid``, ``field-required``, ``phone-invalid``,
    ``email-invalid``, ``kindergarten-named-so`` (value ``address``), the problem of a wrong BIN. Source: R-ADM-45.
    """
    must_be_officer(own)
    values = _organisation(department, payload)
    tenant = department.tenant
    if payload.organisation_id is None:
        _name_free(unit, tenant, values["name"])
        values |= {"tenant_id": tenant, "department_id": tenant, "code": "", "languages": []}
        row_id = int(
            unit.connection.execute(
                insert(organisation).values(**values | {"code": f"new-{own.user_id}-{now.timestamp()}"})
                .returning(organisation.c.id)
            ).scalar_one()
        )  # fmt: skip
        code = {"code": f"O{row_id}"}  # a name of its own, until an import brings the registry's
        unit.connection.execute(update(organisation).where(organisation.c.id == row_id).values(**code))
    else:
        found = fetch(
            unit.connection, Organisation, organisation.c.id == payload.organisation_id,
            organisation.c.tenant_id == tenant,
        )  # fmt: skip
        if not found:
            raise refuse("not-found", "organisation_id", status=404)
        row_id = found[0].id
        if name_key(values["name"]) != name_key(found[0].name):
            _name_free(unit, tenant, values["name"], row_id)
        unit.connection.execute(update(organisation).where(organisation.c.id == row_id).values(**values))
    unit.changes.live(tenant, PUBLIC, "organisation", row_id)
    audit.note(unit.connection, now, "organisation-saved", actor_id=own.user_id, subject=f"organisation:{row_id}")
    return row_id


def save_group(unit: Unit, department: Department, payload: SaveGroup, own: Rights, now: datetime) -> int:
    """Return the id of a group entered or changed with its places; new places are offered to who waits for them.

    Raises ``Refusal``: ``not-found``, ``field-invalid``, ``group-named-so``, ``ages-reversed``,
    ``correction-not-offered``, ``number-out-of-range``, ``places-below-taken`` (value ``count``), ``places-published``
    (values ``count``, ``least``) for places that the bulletin offers, and for a last day ``group-not-empty`` (values
    ``occupied``, ``held``) while children or held places remain. Source: R-ADM-25, R-ADM-45, D-22.
    """
    today = department.calendar.local_day(now)
    house = _house(unit, department, payload.organisation_id)
    actor = must_run(own, house.id)
    values = _group(payload, house)
    tenant = department.tenant
    if payload.group_id is None:
        _group_name_free(unit, house.id, values["name"], today)
        row_id = int(
            unit.connection.execute(
                insert(kindergarten_group)
                .values(tenant_id=tenant, organisation_id=house.id, valid_from=today, **values)
                .returning(kindergarten_group.c.id)
            ).scalar_one()
        )
        _add_place(unit, tenant, row_id, payload.capacity, today)
    else:
        row_id = payload.group_id
        known = fetch(
            unit.connection, Group, kindergarten_group.c.id == row_id, kindergarten_group.c.organisation_id == house.id
        )
        if not known:
            raise refuse("not-found", "group_id", status=404)
        if name_key(values["name"]) != name_key(known[0].name):
            _group_name_free(unit, house.id, values["name"], today, row_id)
        if payload.valid_to is None and not payload.open_again:
            values["valid_to"] = known[0].valid_to
        elif payload.valid_to is not None and payload.valid_to != known[0].valid_to:
            _close(unit, department, known[0], payload.valid_to, actor, own, now)
        unit.connection.execute(update(kindergarten_group).where(kindergarten_group.c.id == row_id).values(**values))
        _set_capacity(unit, tenant, row_id, payload.capacity, today)
    unit.changes.live(tenant, PUBLIC, "kindergarten_group", row_id)
    _note_languages(unit, tenant, house, today)
    audit.note(unit.connection, now, "group-saved", actor_id=own.user_id, subject=f"group:{row_id}")
    if values["valid_to"] is None and waiting.waited_for(unit, tenant, [row_id]):
        steps.offer_free(unit, department, row_id, now)
    return row_id


def _organisation(department: Department, payload: SaveOrganisation) -> dict[str, Any]:
    if payload.kind not in KINDS:
        raise refuse("field-invalid", "kind")
    if payload.ownership not in OWNERSHIPS:
        raise refuse("field-invalid", "ownership")
    if payload.locality_id not in {row.id for row in department.localities}:
        raise refuse("not-found", "locality_id", status=404)
    if payload.bin:
        wrong = check_bin(payload.bin)
        if wrong is not None:
            raise Refusal(Problem(wrong.code, "bin", wrong.values))
    return {
        "name": clean(payload.name, "name", 200),
        "kind": payload.kind,
        "ownership": payload.ownership,
        "locality_id": payload.locality_id,
        "address": clean(payload.address, "address", 300),
        "phone": clean_phone(payload.phone),
        "email": clean_email(payload.email) if payload.email.strip() else "",
        "bin": payload.bin,
        "director": clean(payload.director, "director", 200, required=False),
        "corrections": sorted({clean(word, "corrections", _CORRECTION) for word in payload.corrections}),
        "opened": payload.opened,
    }


def _name_free(unit: Unit, tenant: int, name: str, own: int = 0) -> None:
    """Refuse the name of another kindergarten: families choose by it, and lists of groups come with it."""
    wanted = name_key(name)
    for row in unit.connection.execute(_NAMED, {"tenant": tenant, "own": own}):
        if name_key(row.name) == wanted:
            raise refuse("kindergarten-named-so", "name", address=row.address or "–")


def _group_name_free(unit: Unit, house: int, name: str, today: date, own: int = 0) -> None:
    named = unit.connection.execute(_GROUPS_NAMED, {"house": house, "own": own, "today": today}).scalars()
    if name_key(name) in {name_key(one) for one in named}:
        raise refuse("group-named-so", "name")


def _house(unit: Unit, department: Department, organisation_id: int) -> Organisation:
    found = fetch(
        unit.connection, Organisation, organisation.c.id == organisation_id,
        organisation.c.tenant_id == department.tenant,
    )  # fmt: skip
    if not found:
        raise refuse("not-found", "organisation_id", status=404)
    return found[0]


def _group(payload: SaveGroup, house: Organisation) -> dict[str, Any]:
    if not 0 <= payload.age_from < payload.age_to <= OLDEST:
        raise refuse("ages-reversed", "age_to")
    if payload.language not in LANGUAGES:
        raise refuse("language-of-education-unknown", "language")
    if payload.kind not in GROUP_KINDS:
        raise refuse("field-invalid", "kind")
    if payload.correction and payload.correction not in house.corrections:
        raise refuse("correction-not-offered", "correction")
    if not 0 <= payload.capacity <= MOST_PLACES:
        raise refuse("number-out-of-range", "capacity", low=0, high=MOST_PLACES)
    return {
        "name": clean(payload.name, "name", 120),
        "age_from": payload.age_from,
        "age_to": payload.age_to,
        "language": payload.language,
        "kind": payload.kind,
        "correction": payload.correction,
        "responsible": clean(payload.responsible, "responsible", 200, required=False),
        "valid_to": payload.valid_to,
    }


def _add_place(unit: Unit, tenant: int, group_id: int, capacity: int, today: date) -> None:
    row_id = unit.connection.execute(
        insert(place)
        .values(
            tenant_id=tenant, group_id=group_id, mode=Mode.PERMANENT.value, capacity=capacity, occupied=0, held=0,
            valid_from=today,
        )
        .returning(place.c.id)
    ).scalar_one()  # fmt: skip
    unit.changes.live(tenant, PUBLIC, "place", int(row_id))


def _set_capacity(unit: Unit, tenant: int, group_id: int, capacity: int, today: date) -> None:
    counters = places.read(unit.connection, [group_id], lock=True)
    counter = next((row for row in counters if places.valid(row, today)), None)
    if counter is None:
        _add_place(unit, tenant, group_id, capacity, today)
        return
    taken = counter.occupied + counter.held
    if capacity < taken:
        raise refuse("places-below-taken", "capacity", count=taken)
    published = bulletin.published(unit.connection, group_id) if capacity < counter.capacity else 0
    if capacity < taken + published:
        raise refuse("places-published", "capacity", count=published, least=taken + published)
    if capacity != counter.capacity:
        unit.connection.execute(update(place).where(place.c.id == counter.id).values(capacity=capacity))
        unit.changes.live(tenant, PUBLIC, "place", counter.id)


def _close(
    unit: Unit, department: Department, group: Group, last: date, actor: Actor, own: Rights, now: datetime
) -> None:
    """Close a group that nobody attends and nobody is promised; who waits for it is told and chooses anew."""
    today = department.calendar.local_day(now)
    if last < today:
        raise refuse("day-passed", "valid_to", day=today.isoformat())
    for application_id in unit.connection.execute(_WAITERS, {"group": group.id}).scalars().all():
        act = Act(Event.GROUP_CLOSE, actor, group_id=group.id, closing_group_id=group.id, reason=group.name)
        steps.take_step(unit, department, application_id, act, acting(own, actor), now)
    for item_id in unit.connection.execute(_OPEN_ITEMS, {"group": group.id}).scalars().all():
        bulletin.take_out(unit, department, item_id, Reason("group-closed"), actor, own, now)
    unit.connection.execute(_LOCK_GROUP, {"id": group.id})
    counters: list[Place] = places.read(unit.connection, [group.id], lock=True)
    occupied, held = sum(row.occupied for row in counters), sum(row.held for row in counters)
    if occupied or held:
        raise refuse("group-not-empty", "valid_to", occupied=occupied, held=held)


def _note_languages(unit: Unit, tenant: int, house: Organisation, today: date) -> None:
    taught = set(unit.connection.execute(_LANGUAGES, {"id": house.id, "today": today}).scalars())
    languages = [language for language in LANGUAGES if language in taught]
    if languages != list(house.languages):
        unit.connection.execute(update(organisation).where(organisation.c.id == house.id).values(languages=languages))
        unit.changes.live(tenant, PUBLIC, "organisation", house.id)
