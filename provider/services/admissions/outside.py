"""What steps change outside their applications: places, waiting lists, referrals, placements, history, messages.

Everything is written many at once, in the transaction of the steps: applications are locked already, then places by
ascending id. A step's own row is written before its messages, so that a number in the queue counts it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text

from models.domain.admissions.case import Act, Effect, EffectKind, Step
from models.domain.admissions.states import Mode, Programme, State, VoucherState
from provider.services.admissions import (
    applications,
    audience,
    contracts,
    history,
    notices,
    numbers,
    places,
    positions,
    waiting,
)
from provider.services.admissions.applications import Held
from provider.services.admissions.department import Department
from provider.services.admissions.places import Delta
from provider.store.bulk import copy_rows, reserve_ids
from provider.store.changes import child_scope
from provider.store.database import Unit
from provider.store.tables_admissions import placement, referral

_K = EffectKind
_COUNTS: Final[Mapping[EffectKind, tuple[int, int]]] = {
    _K.HOLD: (1, 0),
    _K.RELEASE: (-1, 0),
    _K.OCCUPY: (-1, 1),
    _K.VACATE: (0, -1),
}
_REFERRAL: Final = (
    "tenant_id",
    "id",
    "application_id",
    "number",
    "mode",
    "group_id",
    "issued_at",
    "valid_until",
    "state",
)
_PLACEMENT: Final = ("tenant_id", "id", "application_id", "child_id", "group_id", "mode", "begins_on", "ends_on")
_LIVE_REFERRALS: Final = text(
    "SELECT id FROM referral WHERE application_id = :id AND mode = :mode AND state IN ('valid', 'extended')"
)
_CHANGE_REFERRAL: Final = text(
    "UPDATE referral SET state = coalesce(:state, state), valid_until = coalesce(:until, valid_until) "
    "WHERE id = ANY(:ids)"
)
_LIVE_PLACEMENTS: Final = text(
    "SELECT id FROM placement WHERE application_id = :id AND group_id = :group AND mode = :mode AND counted"
)
_END_PLACEMENT: Final = text("UPDATE placement SET ends_on = :until, counted = :counted WHERE id = ANY(:ids)")
_TWINS: Final = text(
    "SELECT id FROM application WHERE bundle_id = ANY(:bundles) AND tenant_id = :tenant AND NOT id = ANY(:ids)"
)
_UNBUNDLE: Final = text("UPDATE application SET bundle_id = NULL, version = version + 1 WHERE id = ANY(:ids)")
"""Rows are asked for first: a statement that changes no row of a synced table still counts as a change of it."""


@dataclass(frozen=True, slots=True)
class ActorInfo:
    """Who takes a step, as history remembers it."""

    user_id: int | None
    name: str
    actor: str
    device_id: int | None = None
    offline: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was decided and is to be carried out."""

    held: Held
    step: Step
    act: Act
    actor: ActorInfo
    at: datetime
    command_id: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    """What changed beside the machine's fields, as name → [before, after]; history keeps it with theirs."""
    contract: Mapping[str, Any] | None = None
    """The facts of the contract that the step signs."""


@dataclass(slots=True)
class Outside:
    """What came of steps: the rows as they are now, and the groups in which permanent places became free."""

    rows: dict[int, Held] = field(default_factory=dict)
    freed: list[int] = field(default_factory=list)
    history: list[int] = field(default_factory=list)
    enrolled: list[Held] = field(default_factory=list)


def carry_out(unit: Unit, department: Department, taken: Sequence[Taken]) -> Outside:
    """Write what steps change; an application may have taken several, in their order.

    Raises ``Refusal`` ``no-free-place`` when a place was lost to somebody else; nothing may be kept then.
    """
    done = Outside()
    first = {item.held.row.id: item.held for item in reversed(taken)}
    before = audience.narrow_scopes(unit.connection, [held.row for held in first.values()])
    _count_places(unit, department, taken, done)
    extra = _extra_columns(unit, department, taken)
    for at, item in enumerate(taken):
        base = done.rows.get(item.held.row.id, item.held)
        command = item.command_id or base.row.command_id
        done.rows[base.row.id] = base.after(item.step.case, item.at, **extra[at], command_id=command)
    applications.write(unit, list(done.rows.values()))
    groups = _lists(unit, department, taken)
    papers = [*_papers(unit, department, taken), *_placements(unit, department, taken)]
    rows = [held.row for held in done.rows.values()]
    after = audience.narrow_scopes(unit.connection, rows)
    audience.note(unit, department.tenant, rows, before, after)
    for application, table, row_id in papers:
        for scope in (child_scope(first[application].row.child_id), *after[application]):
            unit.changes.live(department.tenant, scope, table, row_id)
    _unbundle(unit, department, taken)
    waiting.renumber(unit, department.tenant, groups)
    left = {
        row.id: row.child_id for row in rows if row.state != State.QUEUED and first[row.id].row.state == State.QUEUED
    }
    positions.forget(unit, department.tenant, left)
    done.enrolled = [
        done.rows[item.held.row.id]
        for item in taken
        if item.step.case.state is State.ENROLLED and item.step.before.state is not State.ENROLLED
    ]
    done.history = history.write(unit, department.tenant, taken)
    notices.tell(unit, department, _told(taken, done.rows))
    return done


def _count_places(unit: Unit, department: Department, taken: Sequence[Taken], done: Outside) -> None:
    deltas: dict[tuple[int, Mode], list[Delta]] = defaultdict(list)
    items: dict[int, int] = defaultdict(int)
    today = max(department.calendar.local_day(item.at) for item in taken)
    for item in taken:
        own: dict[tuple[int, Mode], Delta] = {}
        day = department.calendar.local_day(item.at)
        for effect in item.step.effects:
            if effect.kind not in _COUNTS or effect.group_id is None:
                continue
            if effect.kind is _K.VACATE and effect.until is not None and effect.until >= day:
                continue  # the child's last day is not over: counted the day after (places.vacate_ended)
            held, occupied = _COUNTS[effect.kind]
            delta = own.setdefault((effect.group_id, effect.mode), Delta())
            delta.held += held
            delta.occupied += occupied
            delta.until = effect.until or delta.until
            if effect.mode is Mode.TEMPORARY and delta.until is None:
                delta.until = item.step.case.temp_until
            if effect.item_id is not None and effect.kind in (_K.HOLD, _K.RELEASE):
                items[effect.item_id] += held
            if effect.kind in (_K.RELEASE, _K.VACATE) and effect.mode is Mode.PERMANENT:
                done.freed.append(effect.group_id)
        for key, delta in own.items():
            deltas[key].append(delta)
    places.change(unit, department.tenant, deltas, today)
    places.change_items(unit, department.tenant, items)
    for item in taken:
        for effect in item.step.effects:
            if effect.kind is _K.TEMPORARY_PLACE and effect.group_id is not None and effect.until is not None:
                day = department.calendar.local_day(item.at)
                places.open_temporary(unit, department.tenant, effect.group_id, day, effect.until)
            elif effect.kind is _K.TEMPORARY_PLACE_END and effect.group_id is not None:
                places.end_temporary(unit, department.tenant, effect.group_id, effect.start or today)


def _extra_columns(unit: Unit, department: Department, taken: Sequence[Taken]) -> list[dict[str, Any]]:
    """Return the columns that effects change beside those of the case, for each step."""
    vouchers: dict[int, list[int]] = defaultdict(list)
    found: list[dict[str, Any]] = [{} for _item in taken]
    for at, item in enumerate(taken):
        for effect in item.step.effects:
            if effect.kind is _K.VOUCHER and effect.mode is Mode.PERMANENT:
                if effect.state is VoucherState.ISSUED:
                    vouchers[department.calendar.local_day(item.at).year].append(at)
                elif effect.state is VoucherState.VOID:
                    found[at]["voucher_number"] = ""
            elif effect.kind is _K.VOUCHER and effect.state is VoucherState.VOID and item.step.case.voucher is None:
                found[at]["voucher_number"] = ""  # that of the temporary place; a later one has a number of its own
            elif effect.kind is _K.CONTRACT_SEND:
                found[at] |= {"contract_sent": True, "contract": contracts.begun(item.held.row)}
            elif effect.kind is _K.CONTRACT_RETURN:
                found[at]["contract"] = contracts.begun(item.held.row)
            elif effect.kind is _K.CONTRACT_CANCEL:
                found[at] |= {"contract_sent": False, "contract": contracts.begun(item.held.row)}
            elif effect.kind is _K.CONTRACT_SIGN_ORG:
                found[at]["contract_sent"] = False
            elif effect.kind is _K.RECATEGORISE:
                found[at] |= category_columns(department, item.held, item.at)
        if item.contract is not None:
            who = item.actor.name
            found[at]["contract"] = contracts.signed(item.held.row, item.contract, item.act, who, item.at)
        if item.step.case.state is State.ARCHIVED and item.held.row.bundle_id is not None:
            found[at]["bundle_id"] = None
    for year, wanted in vouchers.items():
        for at, number in zip(
            wanted, numbers.take(unit.connection, department.tenant, "voucher", year, len(wanted)), strict=True
        ):
            found[at]["voucher_number"] = number
    return found


def category_columns(department: Department, held: Held, at: datetime) -> dict[str, Any]:
    """Return the category of an application at an instant; only a verified benefit counts. Source: D-06."""
    if held.born is None:
        return {}
    verified = held.row.benefit if held.row.benefit_state == "verified" else ""
    daily = department.daily(Programme(held.row.programme), at)
    row = department.category(verified, held.born, department.calendar.local_day(at), daily=daily)
    return {} if row is None else {"category_id": row.id, "category_rank": row.rank}


def _lists(unit: Unit, department: Department, taken: Sequence[Taken]) -> set[int]:
    """Change waiting lists; return the groups whose lists changed."""
    tenant, groups = department.tenant, set()
    for item in taken:
        row = item.held.row
        for effect in item.step.effects:
            if effect.kind is _K.ENTRIES_CANCEL:
                groups |= set(waiting.cancel(unit, tenant, row.id, row.child_id))
            elif effect.group_id is None:
                continue
            elif effect.kind is _K.ENTRY_ADD:
                waiting.add(unit, tenant, row.id, row.child_id, effect.group_id, item.at)
            elif effect.kind is _K.ENTRY_OFFER:
                waiting.become(unit, tenant, row.id, row.child_id, effect.group_id, "offered")
            elif effect.kind is _K.ENTRY_TAKE:
                waiting.become(unit, tenant, row.id, row.child_id, effect.group_id, "taken")
            elif effect.kind is _K.ENTRY_DROP:
                waiting.drop(unit, tenant, row.id, row.child_id, effect.group_id, effect.reason)
            else:
                continue
            if effect.group_id is not None:
                groups.add(effect.group_id)
    return groups


_Paper = tuple[int, str, int]  # application, table, row


def _papers(unit: Unit, department: Department, taken: Sequence[Taken]) -> list[_Paper]:
    changed: list[_Paper] = []
    new: dict[int, list[tuple[Taken, Effect]]] = defaultdict(list)
    for item in taken:
        for effect in item.step.effects:
            if effect.kind is _K.REFERRAL:
                new[department.calendar.local_day(item.at).year].append((item, effect))
            elif effect.kind in _REFERRAL_STATES:
                found = (
                    unit.connection.execute(_LIVE_REFERRALS, {"id": item.held.row.id, "mode": effect.mode.value})
                    .scalars()
                    .all()
                )
                if found:
                    values = {"ids": found, "state": _REFERRAL_STATES[effect.kind], "until": effect.until}
                    unit.connection.execute(_CHANGE_REFERRAL, values)
                changed += [(item.held.row.id, "referral", row_id) for row_id in found]
    for year, wanted in new.items():
        given = numbers.take(unit.connection, department.tenant, "referral", year, len(wanted))
        ids = reserve_ids(unit.connection, referral, len(wanted))
        rows = [
            (department.tenant, row_id, item.held.row.id, number, effect.mode.value, effect.group_id, item.at,
             effect.until, "valid")
            for row_id, number, (item, effect) in zip(ids, given, wanted, strict=True)
        ]  # fmt: skip
        copy_rows(unit.connection, referral, _REFERRAL, rows)
        changed += [(item.held.row.id, "referral", row_id) for row_id, (item, _) in zip(ids, wanted, strict=True)]
    return changed


_REFERRAL_STATES: Final = {
    _K.REFERRAL_EXTEND: "extended",
    _K.REFERRAL_MOVE: None,  # what it is worth stays
    _K.REFERRAL_VOID: "void",
    _K.REFERRAL_USE: "used",
}


def _placements(unit: Unit, department: Department, taken: Sequence[Taken]) -> list[_Paper]:
    changed: list[_Paper] = []
    for item in taken:
        row = item.held.row
        for effect in item.step.effects:
            if effect.kind is _K.PLACEMENT_BEGIN:
                (row_id,) = reserve_ids(unit.connection, placement, 1)
                group, mode = effect.group_id, effect.mode.value
                values = (department.tenant, row_id, row.id, row.child_id, group, mode, effect.start, effect.until)
                copy_rows(unit.connection, placement, _PLACEMENT, [values])
                changed.append((row.id, "placement", row_id))
            elif effect.kind is _K.PLACEMENT_END:
                ended = _end_placement(unit, department, item, effect)
                changed += [(row.id, "placement", row_id) for row_id in ended]
    return changed


def _end_placement(unit: Unit, department: Department, item: Taken, effect: Effect) -> Sequence[int]:
    # Moving a last day (T44) does not end anything: the place is given back only by a VACATE.
    vacated = any(
        other.kind is _K.VACATE and other.group_id == effect.group_id and other.mode is effect.mode
        for other in item.step.effects
    )
    over = vacated and effect.until is not None and effect.until < department.calendar.local_day(item.at)
    values = {"id": item.held.row.id, "group": effect.group_id, "mode": effect.mode.value}
    found = unit.connection.execute(_LIVE_PLACEMENTS, values).scalars().all()
    if found:
        unit.connection.execute(_END_PLACEMENT, {"ids": found, "until": effect.until, "counted": not over})
    return found


def _unbundle(unit: Unit, department: Department, taken: Sequence[Taken]) -> None:
    """Twins are no bundle any more when one of them is out. Source: D-23."""
    bundles = {
        item.held.row.bundle_id
        for item in taken
        if item.held.row.bundle_id is not None and item.step.case.state is State.ARCHIVED
    }
    if not bundles:
        return
    own = {item.held.row.id for item in taken}
    values = {"bundles": sorted(bundles), "tenant": department.tenant, "ids": sorted(own)}
    others = unit.connection.execute(_TWINS, values).scalars().all()
    if others:
        unit.connection.execute(_UNBUNDLE, {"ids": others})
    for held in applications.lock(unit.connection, department.tenant, others).values():
        audience.note_application(unit, department.tenant, held.row)


def _told(taken: Sequence[Taken], rows: Mapping[int, Held]) -> list[notices.Told]:
    return [
        notices.Told(
            rows[item.held.row.id].row,
            item.step.case,
            item.step.before,
            notice,
            item.at,
            item.actor.name,
            item.act.closing_group_id or item.act.group_id,
        )
        for item in taken
        for notice in item.step.notices
    ]
