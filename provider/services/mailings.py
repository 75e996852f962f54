"""The monthly mailing of the breakdown of charges: who wants it, and sending last month's once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from models.contract.commands import SetMailing
from models.domain.period import Month
from provider.services import documents, letters, mail
from provider.services.logins import clean_language
from provider.services.refusals import refuse
from provider.store.changes import account_scope
from provider.store.database import Database, Unit
from provider.store.grants import access
from provider.store.tables_people import mail as letter_table
from provider.store.tables_people import mailing, mailing_run, person
from provider.store.tables_utility import account, provider

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MailingReport:
    """What a round of the mailing did; ``problems`` are account numbers without a paper and why."""

    month: Month
    letters: int
    already: int
    problems: tuple[tuple[str, str], ...]


def set_mailing(unit: Unit, user_id: int, payload: SetMailing) -> int:
    """Return the id of the person's mailing for an account, begun or stopped.

    Raises :class:`Refusal`: ``language-unknown``; ``no-email`` when beginning without a confirmed address.
    """
    language = clean_language(payload.language)
    if payload.active:
        email = unit.connection.execute(select(person.c.email).where(person.c.id == user_id)).scalar()
        if not email:
            raise refuse("no-email")
    tenant = unit.connection.execute(select(account.c.tenant_id).where(account.c.id == payload.account_id)).scalar_one()
    statement = upsert(mailing).values(
        tenant_id=tenant, account_id=payload.account_id, user_id=user_id, active=payload.active, language=language
    )
    number = unit.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["account_id", "user_id"], set_={"active": payload.active, "language": language}
        ).returning(mailing.c.id)
    ).scalar_one()
    unit.changes.live(tenant, account_scope(payload.account_id), "mailing", number)
    return int(number)


def run_mailing(database: Database, tenant: int, month: Month, now: datetime) -> MailingReport:
    """Queue last month's breakdown for every active mailing of a provider; each account, person and month once.

    One transaction a letter: a round that was interrupted goes on where it stopped. A person who lost access to the
    account gets nothing.
    """
    with database.change() as unit:
        statement = upsert(mailing_run).values(tenant_id=tenant, period=month.number, started_at=now)
        unit.connection.execute(statement.on_conflict_do_nothing())
    with database.read() as connection:
        wanted = connection.execute(
            select(
                mailing.c.account_id,
                mailing.c.user_id,
                mailing.c.language,
                person.c.email,
                account.c.number,
                provider.c.name,
            )
            .join(person, person.c.id == mailing.c.user_id)
            .join(account, account.c.id == mailing.c.account_id)
            .join(provider, provider.c.id == mailing.c.tenant_id)
            .where(mailing.c.tenant_id == tenant, mailing.c.active, person.c.email != "")
            .order_by(mailing.c.id)
        ).all()
    count, already = 0, 0
    problems: list[tuple[str, str]] = []
    for row in wanted:
        with database.change() as unit:
            try:
                number = _send(unit.connection, row, month, now)
            except documents.NothingToSend as nothing:
                problems.append((row.number, str(nothing)))
                continue
        count += number is not None
        already += number is None
    with database.change() as unit:
        unit.connection.execute(
            update(mailing_run)
            .where(mailing_run.c.tenant_id == tenant, mailing_run.c.period == month.number)
            .values(finished_at=now, letters=mailing_run.c.letters + count, problems=[list(item) for item in problems])
        )
    log.info("mailing of %s for provider %d: %d letters, %d sent before", month, tenant, count, already)
    return MailingReport(month, count, already, tuple(problems))


def _send(connection: Connection, row: Any, month: Month, now: datetime) -> int | None:
    """Return the number of the letter, None when it was written before."""
    key = f"mailing:{row.account_id}:{row.user_id}:{month.number}"
    if connection.execute(select(letter_table.c.id).where(letter_table.c.key == key)).first() is not None:
        return None
    allowed = access(connection, row.user_id, [row.account_id]).get(row.account_id)
    if allowed is None or not allowed.allowed:
        raise documents.NothingToSend("no-access")
    paper = documents.monthly_breakdown(connection, row.account_id, month, row.language, now)
    letter = letters.monthly(row.language, row.number, row.name, month)
    return mail.queue(
        connection,
        letter,
        kind="mailing",
        address=row.email,
        now=now,
        user_id=row.user_id,
        key=key,
        attachments=[paper],
    )
