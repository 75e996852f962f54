"""The history of applications: one entry a step, with what it changed before and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, select

from models.contract.admissions import columns_of
from models.contract.contracts import digest
from models.domain.admissions.states import Event
from provider.services.admissions.department import Department
from provider.services.refusals import refuse
from provider.store.bulk import copy_rows, reserve_ids
from provider.store.changes import child_scope
from provider.store.database import Unit
from provider.store.tables_admissions import history_entry

if TYPE_CHECKING:
    from provider.services.admissions.outside import Taken

_COLUMNS: Final = (
    "id", "tenant_id", "application_id", "at", "transition", "event", "actor", "actor_name", "from_state", "to_state",
    "reason", "detail", "device_id", "offline", "command_id", "actor_id", "reason_code",
)  # fmt: skip


def write(unit: Unit, tenant: int, taken: Sequence[Taken]) -> list[int]:
    """Write an entry for each step that was taken; return their ids."""
    ids = reserve_ids(unit.connection, history_entry, len(taken))
    copy_rows(
        unit.connection,
        history_entry,
        _COLUMNS,
        [
            (
                row_id, tenant, item.held.row.id, item.at, item.step.transition, item.act.event.value,
                item.actor.actor, item.actor.name, item.step.before.state.value, item.step.case.state.value,
                item.act.reason, _detail(item), item.actor.device_id, item.actor.offline, item.command_id,
                item.actor.user_id, item.act.reason_code,
            )
            for row_id, item in zip(ids, taken, strict=True)
        ],
    )  # fmt: skip
    scopes = [(child_scope(item.held.row.child_id), row_id) for row_id, item in zip(ids, taken, strict=True)]
    unit.changes.new_many(tenant, "history_entry", scopes)
    return ids


def refuse_if_done(
    connection: Connection, department: Department, application_id: int, event: Event, group_id: int | None
) -> None:
    """Raise ``Refusal`` ``done-already`` (values ``name``, ``at``) when the newest step is the one asked for again.

    So it is when another computer of the same family, or the other one who may act, was faster.
    """
    newest = (
        select(history_entry)
        .where(history_entry.c.application_id == application_id)
        .order_by(history_entry.c.id.desc())
        .limit(1)
    )
    row = connection.execute(newest).first()
    if row is None or row.event != event or not row.actor_name:
        return
    _before, group = row.detail.get("group_id", (None, group_id))
    if group_id is None or group == group_id:
        at = row.at.astimezone(department.calendar.zone).replace(microsecond=0).isoformat()
        raise refuse("done-already", name=row.actor_name, at=at)


def _detail(item: Taken) -> dict[str, Any]:
    """Return what a step changed, before and after, as plain values."""
    before, after = columns_of(item.step.before), columns_of(item.step.case)
    bound = {} if item.contract is None else {"contract_digest": ["", digest(item.contract)]}
    return (
        dict(item.detail)
        | bound
        | {
            name: [_plain(before[name]), _plain(value)]
            for name, value in after.items()
            if value != before[name] and name not in ("state", "day_terms")
        }
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
