"""What consumers ask the provider to correct: numbered, answered by a clerk, told back to the account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from models.contract.commands import RequestDataCorrection
from models.domain.problems import Problem
from provider.services import messages
from provider.services.logins import clean
from provider.services.refusals import Refusal, refuse
from provider.store.bulk import copy_rows, reserve_ids
from provider.store.changes import account_scope
from provider.store.database import Unit
from provider.store.tables_people import request, request_number
from translations import LANGUAGES, N_, _, using

ITEMS: Final = ("residents", "area", "privileges", "holder", "address", "other")
NEXT: Final = {
    "submitted": frozenset({"accepted", "done", "refused"}),
    "accepted": frozenset({"done", "refused"}),
    "done": frozenset({"accepted"}),  # reopened
    "refused": frozenset({"accepted"}),
}
_COLUMNS: Final = (
    "id", "tenant_id", "account_id", "number", "kind", "text", "status", "answer", "at", "command_id", "author_id",
    "item", "proposed",
)  # fmt: skip
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


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request to correct data, as a person made it."""

    user_id: int
    payload: RequestDataCorrection
    command_id: str
    at: datetime


def create(unit: Unit, user_id: int, payload: RequestDataCorrection, command_id: str, now: datetime) -> Created:
    """Return the new request to correct data; the same command makes it once.

    Raises :class:`Refusal`: ``field-invalid`` for an unknown item, ``field-required``, ``text-too-long``.
    """
    made = create_many(unit, [NewRequest(user_id, payload, command_id, now)])[0]
    if isinstance(made, Problem):
        raise Refusal(made)
    return made


def create_many(unit: Unit, news: Sequence[NewRequest]) -> list[Created | Problem]:
    """Return the new requests, or what is wrong with each, made in a few statements and numbered in their order."""
    checked = [_checked(new.payload) for new in news]
    good = [(at, new) for at, new in enumerate(news) if not isinstance(checked[at], Problem)]
    made: list[Created | Problem | None] = [one if isinstance(one, Problem) else None for one in checked]
    known = _known(unit.connection, [new.command_id for _, new in good if new.command_id])
    tenants = _tenants(unit.connection, {new.payload.account_id for _, new in good})
    waiting: dict[tuple[int, int], list[tuple[int, NewRequest]]] = {}
    for at, new in good:
        made[at] = known.get(new.command_id)
        if made[at] is None:
            waiting.setdefault((tenants[new.payload.account_id], new.at.year), []).append((at, new))
    for (tenant, year), own in sorted(waiting.items()):
        numbers = _next_numbers(unit.connection, tenant, year, len(own))
        ids = reserve_ids(unit.connection, request, len(own))
        rows = []
        for row_id, number, (at, new) in zip(ids, numbers, own, strict=True):
            words = checked[at]
            assert isinstance(words, tuple)
            rows.append(
                (
                    row_id, tenant, new.payload.account_id, number, "data_correction", words[1], "submitted", "",
                    new.at, new.command_id, new.user_id, new.payload.item, words[0],
                )
            )  # fmt: skip
            made[at] = Created(row_id, number)
        copy_rows(unit.connection, request, _COLUMNS, rows)
        unit.changes.live_many(tenant, "request", [(account_scope(row[2]), row[0]) for row in rows])
    return [one for one in made if one is not None]


def _checked(payload: RequestDataCorrection) -> tuple[str, str] | Problem:
    """Return what is proposed and the whole text of a request, or what is wrong with it."""
    try:
        if payload.item not in ITEMS:
            raise refuse("field-invalid", "item")
        proposed = clean(payload.proposed, "proposed", _PROPOSED)
        explanation = clean(payload.explanation, "explanation", _EXPLANATION, lines=True, required=False)
    except Refusal as refusal:
        return refusal.problem
    return proposed, f"{proposed}\n{explanation}" if explanation else proposed


def _known(connection: Connection, commands: list[str]) -> dict[str, Created]:
    rows = connection.execute(
        text("SELECT command_id, id, number FROM request WHERE command_id = ANY(:commands)"), {"commands": commands}
    )
    return {row.command_id: Created(int(row.id), row.number) for row in rows}


def _tenants(connection: Connection, accounts: set[int]) -> dict[int, int]:
    rows = connection.execute(text("SELECT id, tenant_id FROM account WHERE id = ANY(:ids)"), {"ids": list(accounts)})
    return {row.id: row.tenant_id for row in rows}


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
    words = clean(answer, "answer", _ANSWER, lines=True, required=status == "refused")
    unit.connection.execute(
        update(request)
        .where(request.c.id == request_id)
        .values(status=status, answer=words, decided_by=user_id, decided_at=now)
    )
    unit.changes.live(tenant, account_scope(row.account_id), "request", request_id)
    subject = {}
    for language in LANGUAGES:
        with using(language):
            subject[language] = _(_SUBJECTS[status]).format(number=row.number)
    body = dict.fromkeys(LANGUAGES, words) if words else subject
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


def _next_numbers(connection: Connection, tenant: int, year: int, count: int) -> list[str]:
    """Return the next numbers of a provider's year, as ``2026-00017``.

    They are gapless because their row is locked until the commit.
    """
    statement = upsert(request_number).values(tenant_id=tenant, year=year, last=count)
    last = connection.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "year"], set_={"last": request_number.c.last + count}
        ).returning(request_number.c.last)
    ).scalar_one()
    return [f"{year}-{number:05d}" for number in range(last - count + 1, last + 1)]
