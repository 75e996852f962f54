"""What parents think of kindergartens: written by who has or had a child there, public once an officer let it through.

Until then its family and the office see it; the kindergarten's rating counts published ones only.
Source: R-ADM-28.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert, text, update

from models.contract.admission_commands import DecideReview, WriteReview
from models.contract.admission_records import Review
from models.contract.records import NUMBER
from provider.services import audit
from provider.services.admissions.authority import must_be_officer
from provider.services.admissions.department import Department
from provider.services.admissions.rights import Rights
from provider.services.logins import clean
from provider.services.refusals import refuse
from provider.store.changes import PUBLIC, child_scope
from provider.store.database import Unit
from provider.store.rows import fetch
from provider.store.tables_admissions import organisation, review

_TEXT: Final = 2_000
_CHILD_THERE: Final = text(
    "SELECT min(p.child_id) FROM placement p JOIN kindergarten_group g ON g.id = p.group_id "
    "WHERE p.tenant_id = :tenant AND g.organisation_id = :organisation AND p.child_id = ANY(:children) "
    "AND p.begins_on <= :today"
)
_OWN: Final = text("SELECT id FROM review WHERE organisation_id = :organisation AND author_id = :author FOR UPDATE")
_LOCK: Final = text("SELECT author_id FROM review WHERE id = :id AND tenant_id = :tenant FOR UPDATE")
_SCOPE: Final = text(
    "SELECT scope FROM sync_index WHERE tenant = :tenant AND table_number = :number AND row_id = :id AND live"
)
_RATING: Final = text(
    "SELECT n.count, n.tenths FROM organisation o, (SELECT count(*) AS count, "
    "CAST(coalesce(round(avg(stars) * 10), 0) AS integer) AS tenths FROM review "
    "WHERE organisation_id = :id AND state = 'published') AS n "
    "WHERE o.id = :id AND (o.reviews, o.rating_tenths) IS DISTINCT FROM (n.count, n.tenths)"
)


def write(unit: Unit, department: Department, payload: WriteReview, own: Rights, now: datetime) -> int:
    """Return the id of a review that waits for an officer; a person has one of a kindergarten, and may write it anew.

    Raises ``Refusal``: ``not-found``, ``number-out-of-range``, ``field-required``, ``text-too-long``,
    ``review-not-yours`` for whoever never had a child there.
    """
    tenant = department.tenant
    known = unit.connection.execute(
        organisation.select().where(organisation.c.id == payload.organisation_id, organisation.c.tenant_id == tenant)
    ).first()
    if known is None:
        raise refuse("not-found", "organisation_id", status=404)
    if not 1 <= payload.stars <= 5:
        raise refuse("number-out-of-range", "stars", low=1, high=5)
    words = clean(payload.text, "text", _TEXT, lines=True)
    child = unit.connection.execute(
        _CHILD_THERE,
        {
            "tenant": tenant,
            "organisation": payload.organisation_id,
            "children": sorted(own.children),
            "today": department.calendar.local_day(now),
        },
    ).scalar()
    if child is None:
        raise refuse("review-not-yours", status=403)
    values: dict[str, Any] = {
        "stars": payload.stars, "text": words, "author": shortened(own.name), "at": now, "state": "submitted",
        "answer": "", "answered_at": None,
    }  # fmt: skip
    own_values = {"organisation": payload.organisation_id, "author": own.user_id}
    row_id = unit.connection.execute(_OWN, own_values).scalar()
    if row_id is None:
        statement = insert(review).values(
            tenant_id=tenant, organisation_id=payload.organisation_id, author_id=own.user_id, **values
        )
        row_id = int(unit.connection.execute(statement.returning(review.c.id)).scalar_one())
    else:
        unit.connection.execute(update(review).where(review.c.id == row_id).values(**values))
        _rate(unit, tenant, payload.organisation_id)
    _show(unit, tenant, row_id, child_scope(child))
    return int(row_id)


def decide(unit: Unit, department: Department, payload: DecideReview, own: Rights, now: datetime) -> str:
    """Return the state of a review that was published, with an answer or without, or refused; the rating follows.

    Raises ``Refusal``: ``not-allowed``, ``not-found``, ``own-child`` for one's own review, ``reason-missing`` for a
    refusal without an answer.
    """
    must_be_officer(own)
    tenant = department.tenant
    locked = unit.connection.execute(_LOCK, {"id": payload.review_id, "tenant": tenant}).first()
    if locked is None:
        raise refuse("not-found", "review_id", status=404)
    if locked.author_id == own.user_id:
        raise refuse("own-child", status=403)
    answer = clean(payload.answer, "answer", _TEXT, lines=True, required=False)
    if not payload.publish and not answer:
        raise refuse("reason-missing", "answer")
    (row,) = fetch(unit.connection, Review, review.c.id == payload.review_id)
    state = "published" if payload.publish else "refused"
    unit.connection.execute(
        update(review)
        .where(review.c.id == row.id)
        .values(state=state, answer=answer, answered_at=now if answer else None)
    )
    scope = _scope(unit, tenant, row.id)
    if payload.publish:
        scope = PUBLIC
    elif scope == PUBLIC:
        scope = _family(unit, department, row, locked.author_id, now)
    _show(unit, tenant, row.id, scope)
    _rate(unit, tenant, row.organisation_id)
    audit.note(unit.connection, now, "review-decided", actor_id=own.user_id, subject=f"review:{row.id}", state=state)
    return state


def shortened(name: str) -> str:
    """Return a name as the public sees it: the given name, and of the surname, which comes first, one letter."""
    surname, *given = name.split() or [""]
    return f"{given[0]} {surname[:1]}." if given else f"{surname[:1]}."


def _show(unit: Unit, tenant: int, row_id: int, scope: str) -> None:
    """Let a review be in one scope, whichever it was in."""
    for old in unit.connection.execute(_SCOPE, _where(tenant, row_id)).scalars().all():
        if old != scope:
            unit.changes.gone(tenant, old, "review", row_id)
    unit.changes.live(tenant, scope, "review", row_id)


def _scope(unit: Unit, tenant: int, row_id: int) -> str:
    return str(unit.connection.execute(_SCOPE, _where(tenant, row_id)).scalar_one())


def _where(tenant: int, row_id: int) -> dict[str, int]:
    return {"tenant": tenant, "number": NUMBER["review"], "id": row_id}


def _family(unit: Unit, department: Department, row: Review, author_id: int, now: datetime) -> str:
    """Return the scope of the author's child in the kindergarten, for a review that is not public any more."""
    children = unit.connection.execute(
        text("SELECT child_id FROM guardian WHERE user_id = :user"), {"user": author_id}
    ).scalars()
    values = {
        "tenant": department.tenant,
        "organisation": row.organisation_id,
        "children": sorted(children),
        "today": department.calendar.local_day(now),
    }
    return child_scope(int(unit.connection.execute(_CHILD_THERE, values).scalar_one()))


def _rate(unit: Unit, tenant: int, organisation_id: int) -> None:
    # Asked first: a statement that changes no row of a synced table still counts as a change of it.
    rating = unit.connection.execute(_RATING, {"id": organisation_id}).first()
    if rating is not None:
        unit.connection.execute(
            update(organisation)
            .where(organisation.c.id == organisation_id)
            .values(reviews=rating[0], rating_tenths=rating[1])
        )
        unit.changes.live(tenant, PUBLIC, "organisation", organisation_id)
