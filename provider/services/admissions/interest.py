"""How many children wait for which kindergarten: public, so few are not told, and nobody is named.

Counted are children in waiting lists of its groups, and those in the special queue whose application names it. A child
counts once for a kindergarten. Source: R-ADM-20.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

FEWEST: Final = 5
"""Fewer than this are not told: of few one might know who they are."""
_WAITING: Final = text(
    "SELECT wanted.organisation_id, count(*) FROM ("
    "SELECT g.organisation_id, a.child_id FROM waiting_entry w JOIN kindergarten_group g ON g.id = w.group_id "
    "JOIN application a ON a.id = w.application_id WHERE w.tenant_id = :tenant AND w.state = 'waiting' "
    "UNION SELECT organisation_id, child_id FROM application "
    "WHERE tenant_id = :tenant AND programme = 'special' AND state = 'queued' AND organisation_id IS NOT NULL"
    ") wanted JOIN organisation o ON o.id = wanted.organisation_id AND o.opened "
    "GROUP BY wanted.organisation_id HAVING count(*) >= :fewest ORDER BY count(*) DESC, wanted.organisation_id"
)


@dataclass(frozen=True, slots=True)
class Interest:
    """How many children wait for a kindergarten."""

    organisation_id: int
    waiting: int


def interest(connection: Connection, tenant: int) -> list[Interest]:
    """Return the kindergartens for which at least ``FEWEST`` children wait, the most wanted first."""
    found = connection.execute(_WAITING, {"tenant": tenant, "fewest": FEWEST})
    return [Interest(int(row[0]), int(row[1])) for row in found]
