"""The history of applications: one entry a step, with what it changed before and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from models.contract.admissions import columns_of
from models.contract.contracts import digest
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
