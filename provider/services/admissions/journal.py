"""History of what happens to an application beside the machine's steps: a term moved, a benefit decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from models.contract.admission_records import Application
from models.domain.admissions.reasons import Reason
from provider.services.admissions.rights import Rights
from provider.store.bulk import copy_rows, reserve_ids
from provider.store.changes import child_scope
from provider.store.database import Unit
from provider.store.tables_admissions import history_entry

_COLUMNS: Final = (
    "id", "tenant_id", "application_id", "at", "transition", "event", "actor", "actor_name", "from_state", "to_state",
    "reason", "detail", "command_id", "actor_id", "reason_code",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened to an application, whose state stays as it is."""

    row: Application
    event: str
    actor: str
    reason: Reason = field(default_factory=Reason)
    detail: dict[str, Any] = field(default_factory=dict)


def write_history(
    unit: Unit, tenant: int, lines: Sequence[Line], own: Rights, now: datetime, command_id: str = ""
) -> None:
    """Append lines to the history of applications, for their families and the office."""
    ids = reserve_ids(unit.connection, history_entry, len(lines))
    copy_rows(
        unit.connection,
        history_entry,
        _COLUMNS,
        [
            (row_id, tenant, line.row.id, now, "", line.event, line.actor, own.name, line.row.state, line.row.state,
             line.reason.words, line.detail, command_id, own.user_id, line.reason.code)
            for row_id, line in zip(ids, lines, strict=True)
        ],
    )  # fmt: skip
    scopes = [(child_scope(line.row.child_id), row_id) for row_id, line in zip(ids, lines, strict=True)]
    unit.changes.new_many(tenant, "history_entry", scopes)
