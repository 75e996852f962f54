"""Numbers that people read: of applications, vouchers, referrals, rounds, published places."""

from __future__ import annotations

from sqlalchemy import Connection, text

_TAKE = text(
    "INSERT INTO application_number AS n (tenant_id, kind, last) VALUES (:tenant, :kind, :count) "
    "ON CONFLICT (tenant_id, kind) DO UPDATE SET last = n.last + :count RETURNING last"
)
_LETTERS = {
    "application": "",
    "voucher": "V",
    "referral": "R",
    "iteration": "I",
    "item": "B",
    "collection": "W",
    "forming": "F",
}


def take(connection: Connection, tenant: int, kind: str, year: int, count: int = 1) -> list[str]:
    """Return the next ``count`` numbers of a kind in a year: ``2026-000248``, vouchers ``V2026-000248`` and so on.

    The counter stays locked until the commit, so numbers have no gaps. Equally long, so that they sort as they count.
    """
    last = int(connection.execute(_TAKE, {"tenant": tenant, "kind": f"{kind}-{year}", "count": count}).scalar_one())
    letter = _LETTERS[kind]
    return [f"{letter}{year}-{number:06}" for number in range(last - count + 1, last + 1)]
