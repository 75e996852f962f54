"""Filing an application and changing one that waits."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, insert, text, update

from models.contract.admission_commands import EditApplication, FileApplication
from models.contract.admission_records import Application, Child, Organisation
from models.contract.conflicts import Clash, Conflict
from models.domain.admissions import machine
from models.domain.admissions.case import Act, Step, World
from models.domain.admissions.eligibility import ApplicationFacts, incomplete
from models.domain.admissions.ranking import language_mask
from models.domain.admissions.rules import Rules
from models.domain.admissions.states import Actor, Event, Flag, Programme, State
from models.domain.merge import Merged, merge
from models.domain.problems import Problem
from provider.services.admissions import (
    applications,
    attachments,
    audience,
    bundles,
    numbers,
    outside,
    rights,
    steps,
    worlds,
)
from provider.services.admissions.applications import Held
from provider.services.admissions.checking import NO_DOUBT
from provider.services.admissions.department import Department
from provider.services.admissions.outside import ActorInfo, Taken
from provider.services.logins import clean_phone
from provider.services.refusals import Refusal, refuse
from provider.store.changes import child_scope
from provider.store.database import Unit
from provider.store.rows import fetch
from provider.store.tables_admissions import application, child, organisation

_PROGRAMMES: Final = frozenset({Programme.GENERAL, Programme.SPECIAL, Programme.BULLETIN})
_LOCK_CHILD: Final = text("SELECT 1 FROM child WHERE id = :id FOR UPDATE")
_ANOTHER: Final = text(
    "SELECT applicant FROM application WHERE child_id = :child AND programme = :programme "
    "AND state NOT IN ('draft', 'archived') LIMIT 1"
)
_PERSON: Final = text("SELECT name, phone FROM person WHERE id = :id")
_EDITS: Final = text(
    "SELECT at, actor, actor_name, detail FROM history_entry WHERE application_id = :id AND event = 'edit' "
    "ORDER BY id DESC"
)
_BUNDLE: Final = text("UPDATE application SET bundle_id = :bundle, version = version + 1 WHERE id = ANY(:ids)")


@dataclasses.dataclass(frozen=True, slots=True)
class Filed:
    """A new application: its row, its number, where it stands now."""

    id: int
    number: str
    state: str


def file_application(
    unit: Unit,
    department: Department,
    payload: FileApplication,
    own: rights.Rights,
    actor: ActorInfo,
    now: datetime,
    command_id: str = "",
) -> Filed:
    """Return the application that was put into its queue, or before a doctor.

    Raises ``Refusal``: ``not-found`` for somebody else's child, ``not-allowed`` for one that one may only see,
    ``already-queued`` (value ``by``, masked), whatever the application lacks, and what attaching documents raises.
    """
    connection = unit.connection
    if payload.child_id not in own.children:
        raise refuse("not-found", "child_id", status=404)
    if not own.children[payload.child_id]:
        raise refuse("not-allowed", "child_id", status=403)
    programme = _programme(payload.programme)
    _check_words(department, payload.languages, payload.locality_id, payload.benefit)
    if len(payload.correction) > _WORD:
        raise refuse("field-invalid", "correction")
    # Whoever files for the same child waits here, and then sees the other's application.
    connection.execute(_LOCK_CHILD, {"id": payload.child_id})
    if payload.child_id not in rights.rights(connection, own.user_id, department.tenant).children:
        raise refuse("not-found", "child_id", status=404)  # it left the cabinet meanwhile
    (own_child,) = fetch(connection, Child, child.c.id == payload.child_id, child.c.tenant_id == department.tenant)
    values = {"child": own_child.id, "programme": programme.value}
    another = connection.execute(_ANOTHER, values).scalar()
    if another is not None:
        raise Refusal(Problem("already-queued", values={"by": _masked(another)}))
    uploads = attachments.parse(payload.blobs)
    person = connection.execute(_PERSON, {"id": own.user_id}).one()
    rules = department.rules(programme, now)
    today = department.calendar.local_day(now)
    held = _draft(unit, department, payload, programme, own_child, own.user_id, person, now)
    attachments.attach(unit, department.tenant, held.row, uploads, own.user_id, now)
    attachments.reuse(unit, department.tenant, held.row, payload.documents, own.user_id, now)
    facts = ApplicationFacts(
        programme=programme,
        child_iin=own_child.iin,
        born=own_child.born,
        languages=frozenset(payload.languages),
        locality_id=payload.locality_id,
        consent=payload.consent,
        applicant_complete=bool(person.name and held.row.phone),
        child_complete=bool(own_child.surname or own_child.given_name),
        correction=payload.correction,
        offered_corrections=_offered(connection, department.tenant, payload.organisation_id),
        documents=worlds.documents(connection, held.row.id, today),
    )
    act = Act(Event.SUBMIT, Actor.PARENT, confirmed=payload.consent)
    world = World(incomplete=incomplete(facts, rules, today))
    decided = machine.step(held.case, act, world, rules, department.calendar, now)
    if isinstance(decided, Problem):
        raise Refusal(decided)
    _finish(unit, department, Taken(held, decided, act, actor, now, command_id))
    if payload.bundle:
        _bundle(unit, department, held.row, own_child, rules)
    return Filed(held.row.id, held.row.number, decided.case.state.value)


_WORD: Final = 60


@dataclasses.dataclass(frozen=True, slots=True)
class Edited:
    """An application as it is after an edit; ``conflict`` holds what somebody else had changed, None when nothing."""

    row: Application
    conflict: Conflict | None = None


def edit_application(
    unit: Unit,
    department: Department,
    payload: EditApplication,
    own: rights.Rights,
    actor: ActorInfo,
    now: datetime,
    command_id: str = "",
    seen: Mapping[str, Any] | None = None,
) -> Edited:
    """Return an application that waits as it was changed; its date and number stay. Source: T05, D-06.

    While a voucher or a place runs only the phone may change. Source: T05b.
    ``seen`` is what the person had before them of the fields they change: of what others changed since then, other
    fields stay as they are now, the same field stays too and comes back as a clash. Source: R-MERGE-1.
    Raises ``Refusal``: ``not-found``, ``not-allowed``, ``nothing-to-change``, what the machine says.
    """
    bundled = applications.lock_with_bundle(unit.connection, department.tenant, payload.application_id)
    held = bundled.get(payload.application_id)
    acting = None if held is None else rights.actor_for(unit.connection, own, held.row, Event.EDIT)
    if held is None or acting is None:
        raise refuse("not-found", "application_id", status=404)
    row = held.row
    wanted = _wanted(department, payload, row)
    merged = _merge(wanted, seen or {}, row)
    fields = dict(merged.changes)
    conflict = _conflict(unit.connection, row, wanted, seen or {}, merged) if merged.clashes else None
    leaves_twins = payload.bundle is False and row.bundle_id is not None
    if not (fields or conflict or leaves_twins):
        if wanted.keys() & (seen or {}).keys():
            return Edited(row)  # somebody else made the very change
        raise refuse("nothing-to-change")
    detail = {name: [getattr(row, name), value] for name, value in fields.items()}
    if "benefit" in fields:
        if acting is Actor.OFFICER and row.benefit_state == "verified":
            raise refuse("benefit-proved", "benefit")
        claimed = bool(fields["benefit"])
        fields |= {"benefit_state": "claimed" if claimed else "", "benefit_by": "", "benefit_by_id": None, **NO_DOUBT}
        flags = set(row.flags) - {Flag.BENEFIT_OPEN.value}
        fields["flags"] = sorted(flags | ({Flag.BENEFIT_OPEN.value} if claimed else set()))
    # What is in conflict counts here too: nobody is asked to choose between versions of which one may not be stored.
    contact_only = not leaves_twins and {*merged.changes, *merged.clashes} <= {"phone"}
    act = Act(Event.EDIT, acting, contact_only=contact_only)
    changed = Held(msgspec.structs.replace(row, **fields), held.born)
    rules = department.rules(Programme(row.programme), now)
    decided = machine.step(changed.case, act, World(), rules, department.calendar, now)
    if isinstance(decided, Problem):
        raise Refusal(decided)
    if not (fields or leaves_twins):
        return Edited(row, conflict)
    if fields:
        stored = dict(fields)
        if "languages" in fields:
            stored["language_mask"] = language_mask(fields["languages"])
        unit.connection.execute(update(application).where(application.c.id == row.id).values(**stored))
    if leaves_twins:
        changed = _unbundle(unit, department, changed, bundled)
    actor = dataclasses.replace(actor, actor=acting.value)
    detail["version"] = [row.version, changed.row.version + 1]
    _finish(unit, department, Taken(changed, decided, act, actor, now, command_id, detail))
    return Edited(changed.row, conflict)


def _wanted(department: Department, payload: EditApplication, row: Application) -> dict[str, Any]:
    """Return the fields that the person named, as they are stored."""
    languages = payload.languages if payload.languages is not None else row.languages
    locality = payload.locality_id if payload.locality_id is not None else row.locality_id
    benefit = payload.benefit if payload.benefit not in (None, row.benefit) else ""
    _check_words(department, languages, locality, benefit or "")
    named: dict[str, Any] = {
        "languages": None if payload.languages is None else sorted(set(payload.languages)),
        "locality_id": payload.locality_id,
        "phone": payload.phone if payload.phone in (None, row.phone) else clean_phone(payload.phone or ""),
        "benefit": payload.benefit,
    }
    return {name: value for name, value in named.items() if value is not None}


def _merge(wanted: Mapping[str, Any], seen: Mapping[str, Any], row: Application) -> Merged:
    now = {name: _plain(getattr(row, name)) for name in wanted}
    merged = merge(
        {name: _plain(value) for name, value in wanted.items()},
        {name: _plain(seen[name]) for name in wanted if name in seen},
        now,
    )
    return Merged({name: wanted[name] for name in merged.changes}, merged.clashes)


def _plain(value: Any) -> Any:
    """Return a value as two spellings of it are compared: languages in any order, a text without spaces around."""
    if isinstance(value, list):
        return sorted({str(one) for one in value})
    return value.strip() if isinstance(value, str) else value


def _conflict(
    connection: Connection, row: Application, wanted: Mapping[str, Any], seen: Mapping[str, Any], merged: Merged
) -> Conflict:
    edits = connection.execute(_EDITS, {"id": row.id}).all()
    found = []
    for name in merged.clashes:
        last = next((edit for edit in edits if name in edit.detail), None)
        clash = Clash(name, wanted[name], getattr(row, name), seen[name])
        if last is not None:
            clash = msgspec.structs.replace(clash, by=last.actor_name, actor=last.actor, at=last.at)
        found.append(clash)
    return Conflict(found, list(merged.changes))


def _draft(
    unit: Unit,
    department: Department,
    payload: FileApplication,
    programme: Programme,
    own_child: Child,
    user_id: int,
    person: Any,
    now: datetime,
) -> Held:
    today = department.calendar.local_day(now)
    daily = department.daily(programme, now)
    found = department.category("", own_child.born, today, daily=daily)  # a benefit counts once it is verified
    (number,) = numbers.take(unit.connection, department.tenant, "application", today.year)
    row = Application(
        id=0,
        department_id=department.tenant,
        number=number,
        programme=programme.value,
        child_id=own_child.id,
        applicant_id=user_id,
        applicant=person.name,
        phone=clean_phone(payload.phone) if payload.phone else person.phone,
        state=State.DRAFT.value,
        state_since=now,
        submitted_at=None,
        rank_date=None,
        category_id=found.id if found else None,
        category_rank=found.rank if found else _LAST,
        benefit=payload.benefit,
        benefit_state="claimed" if payload.benefit else "",
        languages=sorted(set(payload.languages)),
        locality_id=payload.locality_id,
        correction=payload.correction if programme is Programme.SPECIAL else "",
        organisation_id=payload.organisation_id if programme is Programme.SPECIAL else None,
        stop="",
        archive="",
        terms={},
        day_terms=[],
        restore_used=0,
        extended=False,
        referral_extended=False,
        declines=0,
        voucher="",
        voucher_number="",
        group_id=None,
        item_id=None,
        placement_group_id=None,
        contract_left=None,
        temp="none",
        temp_end="",
        temp_group_id=None,
        temp_until=None,
        temp_voucher="",
        flags=[Flag.BENEFIT_OPEN.value] if payload.benefit else [],
    )
    values = {name: getattr(row, name) for name in Application.__struct_fields__ if name != "id"}
    values |= {
        "tenant_id": department.tenant,
        "language_mask": language_mask(row.languages),
        "born": own_child.born,
    }
    row_id = unit.connection.execute(insert(application).values(**values).returning(application.c.id)).scalar_one()
    return Held(msgspec.structs.replace(row, id=int(row_id)), own_child.born)


_LAST: Final = 1000  # of a child whose age no category names: behind everybody, and refused by its age


def _finish(unit: Unit, department: Department, taken: Taken) -> None:
    assert isinstance(taken.step, Step)
    done = outside.carry_out(unit, department, [taken])
    steps.settle(unit, department, done, taken.at)


def _programme(word: str) -> Programme:
    if word not in _PROGRAMMES:
        raise refuse("field-invalid", "programme")
    return Programme(word)


def _check_words(department: Department, languages: list[str], locality_id: int, benefit: str) -> None:
    try:
        language_mask(languages)
    except ValueError:
        raise refuse("language-of-education-unknown", "languages") from None
    if locality_id not in {row.id for row in department.localities}:
        raise refuse("not-found", "locality_id", status=404)
    if benefit and benefit not in {row.code for row in department.benefits if row.active}:
        raise refuse("not-found", "benefit", status=404)


def _offered(connection: Connection, tenant: int, organisation_id: int | None) -> frozenset[str] | None:
    if organisation_id is None:
        return None
    found = fetch(connection, Organisation, organisation.c.id == organisation_id, organisation.c.tenant_id == tenant)
    if not found:
        raise refuse("not-found", "organisation_id", status=404)
    return frozenset(found[0].corrections)


def _bundle(unit: Unit, department: Department, row: Application, own_child: Child, rules: Rules) -> None:
    """Serve the application together with those of the applicant's children born at about the same time."""
    others = bundles.siblings(
        unit.connection, department.tenant, row.programme, row.applicant_id, row.child_id, own_child.born,
        rules.bundle_days,
    )  # fmt: skip
    if not others:
        return
    bundle = next((bundle for _, bundle in others if bundle is not None), min(other for other, _ in others))
    ids = [row.id, *(other for other, old in others if old in (None, bundle))]
    unit.connection.execute(_BUNDLE, {"bundle": bundle, "ids": ids})
    for held in applications.lock(unit.connection, department.tenant, ids).values():
        audience.note_application(unit, department.tenant, held.row)


def _unbundle(unit: Unit, department: Department, own: Held, others: Mapping[int, Held]) -> Held:
    """Serve a child alone from now on; of two twins none is a twin any more."""
    ids = list(others) if len(others) <= _PAIR else [own.row.id]
    unit.connection.execute(_BUNDLE, {"bundle": None, "ids": ids})
    for held in others.values():
        unit.changes.live(department.tenant, child_scope(held.row.child_id), "application", held.row.id)
    row = msgspec.structs.replace(own.row, bundle_id=None, version=own.row.version + 1)
    return Held(row, own.born)


_PAIR: Final = 2


def _masked(name: str) -> str:
    """Return a name of which only those who know it recognise the hidden part."""
    return " ".join(f"{part[:1]}•••" for part in name.split()) or "•••"
