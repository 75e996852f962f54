"""A change of an application: what its form shows when it is opened, and what of it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from models.contract.admission_commands import EditApplication
from models.contract.admission_records import Application
from models.domain.merge import same
from ui.family.model import OPEN

FIELDS: Final = ("languages", "locality_id", "phone", "benefit")


def shown(one: Application, waiting: Iterable[Any]) -> dict[str, Any]:
    """Return the fields that may be changed as the person left them: with their changes that are still on their way."""
    found = {name: getattr(one, name) for name in FIELDS}
    for item in waiting:
        if isinstance(item.payload, EditApplication) and item.state in OPEN and item.payload.application_id == one.id:
            values = {name: getattr(item.payload, name) for name in FIELDS}
            found |= {name: value for name, value in values.items() if value is not None}
    return found


def change(one: Application, before: Mapping[str, Any], wanted: Mapping[str, Any]) -> EditApplication | None:
    """Return the change from what the form showed to what stands in it, None when there is none.

    What the form did not show, or what news changed behind it, is not part of it.
    """
    fields = {name: wanted[name] for name in changed(before, wanted)}
    return EditApplication(one.department_id, one.id, **fields) if fields else None


def changed(before: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """Return the fields that mean something else than before."""
    return [name for name in before if not _same(name, wanted[name], before[name])]


def base(payload: EditApplication, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the person had before them of the fields that a change sends."""
    return {name: value for name, value in before.items() if getattr(payload, name) is not None}


def _same(name: str, value: Any, other: Any) -> bool:
    """Return whether two values mean the same: languages in any order, a telephone in any spelling."""
    return set(value) == set(other) if isinstance(value, list) else same(name, value, other)
