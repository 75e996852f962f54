"""Children of an imported queue, found by the parent whom the registry names.

A queue that a department brings along has parents who are not in the cabinet yet. When one registers with their IIN
and proves the telephone that the registry names, they get their children; with another telephone they enter the child
themselves, and then the register of persons decides (provider.services.children). Either way the imported applications
become theirs. Source: R-IMPORT-8.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import delete, select, text

from provider.services.logins import code_hash, phone_key
from provider.store.changes import child_scope
from provider.store.database import Unit
from provider.store.tables_claims import child_claim

_OF_NOBODY: Final = text(
    "SELECT id FROM application WHERE child_id = :child AND tenant_id = :tenant AND applicant_id = 0 "
    "ORDER BY id FOR UPDATE"
)
_ADOPT: Final = text(
    "UPDATE application SET applicant_id = p.id, applicant = p.name, version = application.version + 1 FROM person p "
    "WHERE p.id = :user AND application.id = ANY(:ids)"
)


def claim(unit: Unit, user_id: int, code: str, phone: str, now: datetime) -> list[int]:
    """Give a parent the children that an imported queue names as theirs; return the children's ids.

    ``code`` is the parent's own number, ``phone`` the telephone that they proved.
    """
    from provider.services.children import add_parent

    connection = unit.connection
    key = phone_key(phone)
    if not key:
        return []
    rows = connection.execute(
        select(child_claim.c.child_id, child_claim.c.tenant_id)
        .where(child_claim.c.code_key == code_hash(connection, code), child_claim.c.phone_key == key)
        .order_by(child_claim.c.child_id)
        .with_for_update()
    ).all()
    return [row.child_id for row in rows if add_parent(unit, row.tenant_id, row.child_id, user_id, now)]


def adopt(unit: Unit, tenant: int, child_id: int, user_id: int) -> list[int]:
    """Make the imported applications of a child its parent's, and forget the claim; return the applications' ids."""
    connection = unit.connection
    connection.execute(delete(child_claim).where(child_claim.c.child_id == child_id))
    found = list(connection.execute(_OF_NOBODY, {"child": child_id, "tenant": tenant}).scalars())
    if found:  # a statement that changes no row would still have to be indexed
        connection.execute(_ADOPT, {"user": user_id, "ids": found})
    unit.changes.live_many(tenant, "application", [(child_scope(child_id), row_id) for row_id in found])
    return found
