"""What stands in words for the values of commands that several people change: children, localities, benefits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from models.cache.driver import Connection
from models.cache.queries.rows import by_ids, read
from models.contract.admission_records import Application, Benefit, Child, Guardian, Locality
from models.contract.department_records import Organisation
from models.contract.payload import Payload
from models.contract.record import Texts


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id; those of applications are child and number."""

    children: Mapping[int, str] = field(default_factory=dict)
    applications: Mapping[int, str] = field(default_factory=dict)
    localities: Mapping[int, Texts] = field(default_factory=dict)
    benefits: Mapping[str, Texts] = field(default_factory=dict)
    organisations: Mapping[int, str] = field(default_factory=dict)


def names(
    connection: Connection, applications: Iterable[int], children: Iterable[int], organisations: Iterable[int] = ()
) -> Names:
    """Return the names of these applications, children and kindergartens, and of the localities and benefits."""
    found = by_ids(connection, Application, applications)
    wanted = {*children, *(one.child_id for one in found)}
    called = {child.id: child.name for child in by_ids(connection, Child, wanted)}
    return Names(
        called,
        {one.id: " · ".join(part for part in (called.get(one.child_id, ""), one.number) if part) for one in found},
        {one.id: one.name for one in read(connection, Locality, "ORDER BY id")},
        {one.code: one.name for one in read(connection, Benefit, "ORDER BY id")},
        {one.id: one.name for one in by_ids(connection, Organisation, organisations)},
    )


def about(connection: Connection, payload: Payload) -> str:
    """Return whose application, which child or whose entrusting a command is about, as it is known here now."""
    applications = by_ids(connection, Application, _wanted(payload, "application_id"))
    children = {*_wanted(payload, "child_id"), *(one.child_id for one in applications)}
    children |= {one.child_id for one in by_ids(connection, Guardian, _wanted(payload, "guardian_id"))}
    called = [child.name for child in by_ids(connection, Child, children)]
    return " · ".join(part for part in (*called, *(one.number for one in applications)) if part)


def _wanted(payload: Payload, key: str) -> list[int]:
    found = getattr(payload, key, None)
    return [found] if isinstance(found, int) else []
