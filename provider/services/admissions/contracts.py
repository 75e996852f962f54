"""The contract of a place at the provider: what it says at the instant of a signature, and what is kept of it.

Source: R-DOC-12 in docs/rules.md.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from models.contract import contracts
from models.contract.admission_records import Application, Child, Group, Locality, Organisation, Referral
from models.contract.contracts import SIGNING, Signature
from models.domain.admissions.case import Act, World
from provider.store.rows import fetch
from provider.store.tables_admissions import child, kindergarten_group, locality, organisation, referral

__all__ = ["SIGNING", "begun", "facts", "signed", "world"]


def facts(connection: Connection, row: Application) -> dict[str, Any] | None:
    """Return what an application's contract says now as plain facts; None where there is no group to contract for."""
    group_id = contracts.group_of(row)
    groups = fetch(connection, Group, kindergarten_group.c.id == group_id) if group_id is not None else []
    if not groups:
        return None
    (house,) = fetch(connection, Organisation, organisation.c.id == groups[0].organisation_id)
    (own,) = fetch(connection, Child, child.c.id == row.child_id)
    places = fetch(connection, Locality, locality.c.id == house.locality_id)
    referrals = fetch(connection, Referral, referral.c.application_id == row.id)
    name = places[0].name if places else {}
    return contracts.plain(contracts.facts_of(row, own, house, groups[0], name, referrals))


def world(known: World, row: Application, now: Mapping[str, Any]) -> World:
    """Return a world that knows what the contract says and what of it is not as the parent signed it."""
    before = contracts.signed(row, contracts.group_of(row))
    changed = contracts.changed(before.facts, now) if before is not None and before.parent is not None else []
    return dataclasses.replace(known, contract_changed=tuple(changed), contract_digest=contracts.digest(now))


def signed(row: Application, now: Mapping[str, Any], act: Act, name: str, at: datetime) -> dict[str, Any] | None:
    """Return what an application keeps once the actor of a step signed its contract."""
    group_id = contracts.group_of(row)
    if group_id is None:
        return row.contract
    kind = act.signature or "click"
    return contracts.with_signature(row, group_id, now, act.event, Signature(at, name, kind))


def begun(row: Application) -> dict[str, Any] | None:
    """Return what an application keeps when the contract about its group begins anew: no signature of it."""
    return contracts.without(row, contracts.group_of(row))
