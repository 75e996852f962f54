"""Editions of a programme's rules: prepared by one officer, confirmed by another, in force from a day that lies ahead.

A prepared edition is the office's own row; everybody sees it once it is confirmed. Source: R-ADM-22.
"""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import insert, text, update

from models.contract.admission_commands import ConfirmChange, SetProgramme
from models.contract.admission_records import ProgrammeRules
from models.domain.admissions.rules import OFFERED_SIGNATURES, Rules, parse
from models.domain.admissions.states import Programme
from models.domain.problems import Problem
from provider.services import audit
from provider.services.admissions.authority import must_be_officer
from provider.services.admissions.department import Department
from provider.services.admissions.rights import Rights
from provider.services.refusals import refuse
from provider.store.changes import PUBLIC, STAFF
from provider.store.database import Unit
from provider.store.rows import fetch
from provider.store.tables_admissions import programme

_LOCK: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('programme:' || :tenant, 0))")


def prepare(
    unit: Unit, department: Department, payload: SetProgramme, own: Rights, now: datetime
) -> int | list[Problem]:
    """Return the id of the prepared edition, or everything that is wrong with its settings, by field.

    An edition that waited for the same day is replaced. Raises ``Refusal``: ``not-allowed``, ``programme-unknown``,
    ``valid-from-passed`` for a day that is not ahead.
    """
    must_be_officer(own)
    meant = _programme(payload.programme)
    _must_be_ahead(department, payload.valid_from, now)
    rules = parse(meant, payload.settings)
    if not isinstance(rules, Rules):
        return rules
    unsigned = [
        Problem("rule-not-offered", name)
        for name, value in payload.settings.items()
        if name.startswith("signature_") and value not in OFFERED_SIGNATURES
    ]
    if unsigned:
        return unsigned
    editions = _locked(unit, department.tenant, meant)
    for old in editions:
        if old.state == "prepared" and old.valid_from == payload.valid_from:
            _change(unit, department.tenant, old.id, STAFF, state="refused", confirmed_by=own.name)
    values = {
        "tenant_id": department.tenant,
        "department_id": department.tenant,
        "programme": meant.value,
        "valid_from": payload.valid_from,
        "valid_to": None,
        "settings": _stored(rules, payload.settings),
        "state": "prepared",
        "prepared_by": own.name,
        "prepared_by_id": own.user_id,
        "version": max((old.version for old in editions), default=0) + 1,
    }
    new = int(unit.connection.execute(insert(programme).values(**values).returning(programme.c.id)).scalar_one())
    unit.changes.live(department.tenant, STAFF, "programme", new)
    audit.note(unit.connection, now, "programme-prepared", actor_id=own.user_id, subject=f"programme:{new}")
    return new


def decide(unit: Unit, department: Department, payload: ConfirmChange, own: Rights, now: datetime) -> str:
    """Return the state of an edition that a second officer confirmed or refused.

    The edition before it ends where it begins; one that begins later ends it. Raises ``Refusal``: ``not-allowed``,
    ``not-found``, ``change-decided``, ``needs-another-officer`` for who prepared it, ``valid-from-passed``.
    """
    must_be_officer(own)
    found = fetch(
        unit.connection, ProgrammeRules, programme.c.id == payload.programme_id,
        programme.c.tenant_id == department.tenant,
    )  # fmt: skip
    if not found:
        raise refuse("not-found", "programme_id", status=404)
    meant = Programme(found[0].programme)
    editions = {row.id: row for row in _locked(unit, department.tenant, meant)}
    edition = editions[payload.programme_id]
    if edition.state != "prepared":
        raise refuse("change-decided", by=edition.confirmed_by)
    if not payload.accepted:
        _change(unit, department.tenant, edition.id, STAFF, state="refused", confirmed_by=own.name)
        audit.note(unit.connection, now, "programme-refused", actor_id=own.user_id, subject=f"programme:{edition.id}")
        return "refused"
    if edition.prepared_by_id == own.user_id:
        raise refuse("needs-another-officer", by=edition.prepared_by)
    _must_be_ahead(department, edition.valid_from, now)
    if not isinstance(parse(meant, edition.settings), Rules):
        raise refuse("change-not-valid")
    confirmed = [row for row in editions.values() if row.state == "confirmed"]
    for row in confirmed:
        if row.valid_from <= edition.valid_from and (row.valid_to is None or row.valid_to > edition.valid_from):
            _change(unit, department.tenant, row.id, PUBLIC, valid_to=edition.valid_from)
    later = [row.valid_from for row in confirmed if row.valid_from > edition.valid_from]
    unit.changes.gone(department.tenant, STAFF, "programme", edition.id)
    _change(
        unit, department.tenant, edition.id, PUBLIC, state="confirmed", confirmed_by=own.name,
        confirmed_by_id=own.user_id, valid_to=min(later, default=None),
    )  # fmt: skip
    audit.note(unit.connection, now, "programme-confirmed", actor_id=own.user_id, subject=f"programme:{edition.id}")
    return "confirmed"


def _programme(word: str) -> Programme:
    try:
        return Programme(word)
    except ValueError:
        raise refuse("programme-unknown", "programme") from None


def _must_be_ahead(department: Department, day: date, now: datetime) -> None:
    today = department.calendar.local_day(now)
    if day <= today:
        raise refuse("valid-from-passed", "valid_from", day=today.isoformat())


def _locked(unit: Unit, tenant: int, meant: Programme) -> list[ProgrammeRules]:
    """Return a programme's editions; nobody else changes any of the department's until the commit."""
    unit.connection.execute(_LOCK, {"tenant": str(tenant)})
    return fetch(unit.connection, ProgrammeRules, programme.c.tenant_id == tenant, programme.c.programme == meant.value)


def _stored(rules: Rules, given: dict[str, Any]) -> dict[str, Any]:
    """Return the settings that were given, in the form of the rules; what was not given stays the default."""
    known = dataclasses.asdict(rules)
    return {name: list(known[name]) if isinstance(known[name], tuple) else known[name] for name in given}


def _change(unit: Unit, tenant: int, row_id: int, scope: str, **values: Any) -> None:
    unit.connection.execute(update(programme).where(programme.c.id == row_id).values(**values))
    unit.changes.live(tenant, scope, "programme", row_id)
