"""What consumers ask the provider to correct: numbered, answered by a clerk, told back to the account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from models.contract.commands import RequestDataCorrection
from models.domain.problems import Problem
from provider.services import messages
from provider.services.logins import clean
from provider.services.refusals import Refusal, refuse
from provider.store.changes import account_scope
from provider.store.database import Unit
from provider.store.tables_people import request, request_number
from provider.store.tables_utility import account
from translations import LANGUAGES, N_, _, using

ITEMS: Final = ("residents", "area", "privileges", "holder", "address", "other")
NEXT: Final = {
    "submitted": frozenset({"accepted", "done", "refused"}),
    "accepted": frozenset({"done", "refused"}),
    "done": frozenset({"accepted"}),  # reopened
    "refused": frozenset({"accepted"}),
}
_PROPOSED: Final = 500
_EXPLANATION: Final = 2_000
_ANSWER: Final = 2_000
_SUBJECTS: Final = {
    "accepted": N_("Your request {number} was accepted"),
    "done": N_("Your request {number} was carried out"),
    "refused": N_("Your request {number} was refused"),
}


@dataclass(frozen=True, slots=True)
class Created:
    """A new request: its id, and the number that people quote."""

    id: int
    number: str


def create(unit: Unit, user_id: int, payload: RequestDataCorrection, command_id: str, now: datetime) -> Created:
    """Return the new request to correct data; the same command makes it once.

    Raises :class:`Refusal`: ``field-invalid`` for an unknown item, ``field-required``, ``text-too-long``.
    """
    if payload.item not in ITEMS:
        raise refuse("field-invalid", "item")
    proposed = clean(payload.proposed, "proposed", _PROPOSED)
    explanation = clean(payload.explanation, "explanation", _EXPLANATION, lines=True, required=False)
    tenant = unit.connection.execute(select(account.c.tenant_id).where(account.c.id == payload.account_id)).scalar_one()
    known = unit.connection.execute(
        select(request.c.id, request.c.number).where(request.c.command_id == command_id, request.c.command_id != "")
    ).first()
    if known is not None:
        return Created(known.id, known.number)
    number = _next_number(unit.connection, tenant, now.year)
    text = f"{proposed}\n{explanation}" if explanation else proposed
    row_id = unit.connection.execute(
        insert(request)
        .values(
            tenant_id=tenant,
            account_id=payload.account_id,
            number=number,
            kind="data_correction",
            text=text,
            status="submitted",
            answer="",
            at=now,
            command_id=command_id,
            author_id=user_id,
            item=payload.item,
            proposed=proposed,
        )
        .returning(request.c.id)
    ).scalar_one()
    unit.changes.live(tenant, account_scope(payload.account_id), "request", row_id)
    return Created(int(row_id), number)


def decide(unit: Unit, tenant: int, request_id: int, status: str, answer: str, user_id: int, now: datetime) -> None:
    """Set what became of a request and tell the account; a refusal needs an answer.

    Raises :class:`Refusal`: ``not-found``, ``request-state`` for a step that does not follow, ``field-required``.
    """
    row = unit.connection.execute(
        select(request).where(request.c.id == request_id, request.c.tenant_id == tenant).with_for_update()
    ).first()
    if row is None:
        raise refuse("not-found", status=404)
    if status not in NEXT[row.status]:
        raise Refusal(Problem("request-state", "status", {"number": row.number}), 409)
    text = clean(answer, "answer", _ANSWER, lines=True, required=status == "refused")
    unit.connection.execute(
        update(request)
        .where(request.c.id == request_id)
        .values(status=status, answer=text, decided_by=user_id, decided_at=now)
    )
    unit.changes.live(tenant, account_scope(row.account_id), "request", request_id)
    subject = {}
    for language in LANGUAGES:
        with using(language):
            subject[language] = _(_SUBJECTS[status]).format(number=row.number)
    body = dict.fromkeys(LANGUAGES, text) if text else subject
    messages.announce(
        unit,
        tenant,
        subject,
        body,
        now,
        kind="notification",
        account_id=row.account_id,
        link="requests",
        author_id=user_id,
    )


def _next_number(connection: Connection, tenant: int, year: int) -> str:
    """Return the next number of a provider's year, gapless because its row is locked until the commit: "
    "``2026-00017``."""
    statement = upsert(request_number).values(tenant_id=tenant, year=year, last=1)
    last = connection.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "year"], set_={"last": request_number.c.last + 1}
        ).returning(request_number.c.last)
    ).scalar_one()
    return f"{year}-{last:05d}"
