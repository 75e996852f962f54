"""What a user may read: grants, and the scopes that follow from them.

A grant names a tenant and ``account:<id>``, ``child:<id>``, ``organisation:<id>``, ``doctor`` or ``office``; or only
``public``, for whoever has nothing of their own there yet (a parent who looks at a department's kindergartens). With it
comes the tenant's public data and the device's own outcomes there; every user also has their own record and the
device's outcomes in tenant 0. ``office`` contains public data and every account, so whoever holds it gets no narrower
scopes of that tenant beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from models.contract.messages import GrantedScope, ScopeRef
from provider.store.changes import DOCTOR, OFFICE, PUBLIC, device_scope, user_scope
from provider.store.database import Unit

_NARROW: Final = "organisation:"
RESIDENT_LEASE: Final = 14 * 24 * 3600
STAFF_LEASE: Final = 72 * 3600

_GRANT: Final = text(
    "INSERT INTO scope_grant (user_id, tenant, key, lease_seconds) VALUES (:user, :tenant, :key, :lease) "
    "ON CONFLICT (user_id, tenant, key) DO UPDATE SET lease_seconds = :lease, revoked_at = NULL, granted_at = now() "
    "WHERE scope_grant.revoked_at IS NOT NULL OR scope_grant.lease_seconds <> :lease RETURNING 1"
)
_REVOKE: Final = text(
    "UPDATE scope_grant SET revoked_at = :now WHERE user_id = :user AND tenant = :tenant AND key = :key "
    "AND revoked_at IS NULL RETURNING 1"
)
_EVER: Final = text(
    "SELECT tenant, key, lease_seconds, revoked_at IS NULL AS held FROM scope_grant WHERE user_id = :user "
    "ORDER BY tenant, key"
)
_ACCOUNTS: Final = text(
    "SELECT a.id, a.tenant_id, "
    "bool_or(g.revoked_at IS NULL AND g.key = 'account:' || a.id) AS own, "
    "bool_or(g.revoked_at IS NULL AND g.key = 'office') AS office, "
    "bool_or(g.key = 'office') AS once_office "
    "FROM account a LEFT JOIN scope_grant g ON g.user_id = :user AND g.tenant = a.tenant_id "
    "AND g.key IN ('office', 'account:' || a.id) WHERE a.id = ANY(:accounts) GROUP BY a.id, a.tenant_id"
)
_TENANTS: Final = text(
    "SELECT DISTINCT tenant FROM scope_grant WHERE user_id = :user AND tenant = ANY(:tenants) AND revoked_at IS NULL"
)


class Access:
    """What a user may do with one account."""

    __slots__ = ("office", "once_office", "own", "tenant")

    def __init__(self, tenant: int, *, own: bool, office: bool, once_office: bool) -> None:
        self.tenant = tenant
        self.own = own
        self.office = office
        self.once_office = once_office
        """Whether the user holds or ever held the office: money they took is never refused."""

    @property
    def allowed(self) -> bool:
        """Whether the user may read the account and act on it."""
        return self.own or self.office


def grant(unit: Unit, user_id: int, tenant: int, key: str, lease_seconds: int = RESIDENT_LEASE) -> None:
    """Let a user read a scope, and wake their devices. Granting twice changes nothing."""
    values = {"user": user_id, "tenant": tenant, "key": key, "lease": lease_seconds}
    if unit.connection.execute(_GRANT, values).first() is not None:
        _wake(unit, user_id)


def revoke(unit: Unit, user_id: int, tenant: int, key: str, now: datetime) -> bool:
    """Take a scope back and wake the user's devices; return whether there was one."""
    values = {"user": user_id, "tenant": tenant, "key": key, "now": now}
    if unit.connection.execute(_REVOKE, values).first() is None:
        return False
    _wake(unit, user_id)
    return True


def _wake(unit: Unit, user_id: int) -> None:
    # The person's own record moves to the head of its scope: a waiting device pulls and learns what it may read now.
    if unit.connection.execute(text("SELECT 1 FROM person WHERE id = :user"), {"user": user_id}).first() is not None:
        unit.changes.live(0, user_scope(user_id), "person", user_id)


def granted(connection: Connection, user_id: int, device_id: int) -> list[GrantedScope]:
    """Return every scope that a user may keep on a device, narrow ones left out where ``office`` contains them.

    The device's outcomes stay after a grant was revoked: what was carried out before must still be answered.
    """
    return scopes_of([tuple(row) for row in connection.execute(_EVER, {"user": user_id})], user_id, device_id)


def scopes_of(ever: Sequence[tuple[int, str, int, bool]], user_id: int, device_id: int) -> list[GrantedScope]:
    """Return the scopes that follow from grants, each as (tenant, key, lease, held now), in the order of both."""
    rows = [(tenant, key, lease) for tenant, key, lease, held in ever if held]
    offices = {tenant for tenant, key, _ in rows if key == OFFICE}
    longest = max((lease for _, _, lease in rows), default=RESIDENT_LEASE)
    found = [
        GrantedScope(ScopeRef(0, user_scope(user_id)), longest),
        GrantedScope(ScopeRef(0, device_scope(device_id)), longest),
    ]
    leases: dict[int, int] = {}
    for tenant, _, lease in rows:
        leases[tenant] = max(lease, leases.get(tenant, 0))
    for tenant in dict.fromkeys(tenant for tenant, *_ in ever):
        if tenant in leases and tenant not in offices:
            found.append(GrantedScope(ScopeRef(tenant, PUBLIC), leases[tenant]))
        if tenant != 0:
            found.append(GrantedScope(ScopeRef(tenant, device_scope(device_id)), leases.get(tenant, longest)))
    found.extend(
        GrantedScope(ScopeRef(tenant, key), lease)
        for tenant, key, lease in rows
        if key != PUBLIC and (tenant not in offices or key in (OFFICE, DOCTOR) or key.startswith(_NARROW))
    )
    return found


def access(connection: Connection, user_id: int, accounts: Iterable[int]) -> dict[int, Access]:
    """Return what a user may do with accounts, by id; accounts that do not exist are absent."""
    rows = connection.execute(_ACCOUNTS, {"user": user_id, "accounts": list(accounts)})
    return {
        row.id: Access(row.tenant_id, own=bool(row.own), office=bool(row.office), once_office=bool(row.once_office))
        for row in rows
    }


def tenants(connection: Connection, user_id: int, wanted: Iterable[int]) -> frozenset[int]:
    """Return those of the tenants in which a user has any right now."""
    asked = sorted(set(wanted))
    if not asked:
        return frozenset()
    return frozenset(connection.execute(_TENANTS, {"user": user_id, "tenants": asked}).scalars())


def cash_tenant(connection: Connection, user_id: int) -> int:
    """Return the tenant whose office the user holds or held last, 0 when none: where stray cash is booked."""
    found = connection.execute(
        text(
            "SELECT tenant FROM scope_grant WHERE user_id = :user AND key = 'office' "
            "ORDER BY revoked_at IS NOT NULL, revoked_at DESC, granted_at DESC LIMIT 1"
        ),
        {"user": user_id},
    ).scalar()
    return int(found or 0)
