"""What a person had before them of the fields that a command changes, so that the provider notices others' changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from models.cache.driver import Connection
from models.cache.outbox import Item
from models.cache.queries.rows import by_ids
from models.contract.admission_commands import EditApplication, SetChildPhoto, UpdateProfile
from models.contract.admission_records import Application, Child
from models.contract.commands import Payload, UpdateContact
from models.contract.conflicts import conflict_of
from models.contract.outcomes import Status
from models.contract.record import Record
from models.contract.records import Person


@dataclass(frozen=True, slots=True)
class _Changed:
    """What a kind of command changes: a record, which one of them, and its fields."""

    record: type[Record]
    key: str
    fields: tuple[str, ...]


_CHANGED: Final[dict[type[Payload], _Changed]] = {
    EditApplication: _Changed(Application, "application_id", ("languages", "locality_id", "phone", "benefit")),
    SetChildPhoto: _Changed(Child, "child_id", ("photo",)),
    UpdateProfile: _Changed(Person, "user_id", ("extra_phone", "address", "photo")),
    UpdateContact: _Changed(Person, "user_id", ("phone", "language")),
}
_LEFT_AS_IT_WAS: Final = (Status.REFUSED, Status.CONFLICT, Status.SUSPENSE)


def changes_what_others_may(payload: Payload) -> bool:
    """Return whether somebody else may change the same fields, so that it matters what the person saw."""
    return type(payload) in _CHANGED


def seen(connection: Connection, payload: Payload, items: Iterable[Item]) -> dict[str, Any]:
    """Return the fields that ``payload`` changes as this computer knows them; {} when it does not know the record.

    A change that was entered here before (of the open ``items``) counts as seen: the provider gets it first.
    """
    kind = _CHANGED[type(payload)]
    key = getattr(payload, kind.key)
    rows = by_ids(connection, kind.record, [key])
    if not rows:
        return {}
    found = {name: getattr(rows[0], name) for name in kind.fields if getattr(payload, name) is not None}
    for item in items:
        if item.entry.kind != payload.KIND or (item.outcome is not None and item.outcome.status in _LEFT_AS_IT_WAS):
            continue
        earlier = item.entry.command().content()
        if getattr(earlier, kind.key) == key:
            values = {name: getattr(earlier, name) for name in found}
            found |= {name: value for name, value in values.items() if value is not None}
    return found


def seen_by_now(item: Item) -> dict[str, Any]:
    """Return what a person has before them who sends an answered command again: of a conflict both versions."""
    base: dict[str, Any] = dict(item.entry.base)
    conflict = conflict_of(item.outcome.result) if item.outcome is not None else None
    if conflict is not None:
        base |= {clash.field: clash.theirs for clash in conflict.clashes}
    return base
