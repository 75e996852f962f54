"""What a provider tells its consumers: announcements to all, notifications and messages to one account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert, select

from provider.services.logins import clean
from provider.services.refusals import refuse
from provider.store.changes import PUBLIC, account_scope
from provider.store.database import Unit
from provider.store.tables_people import message
from provider.store.tables_utility import account
from translations import LANGUAGES

KINDS = ("announcement", "notification", "message", "invoice")
_SUBJECT = 200
_BODY = 10_000


def announce(
    unit: Unit,
    tenant: int,
    subject: Mapping[str, str],
    body: Mapping[str, str],
    now: datetime,
    *,
    kind: str = "announcement",
    account_id: int | None = None,
    link: str = "",
    author_id: int | None = None,
) -> int:
    """Return the id of a message to one account, or to every consumer of the provider when ``account_id`` is None.

    Texts come by language; what a language lacks is shown in another one by the client. Raises :class:`Refusal` for an
    unknown kind or language, an empty or over-long text, and an account of another provider.
    """
    if kind not in KINDS:
        raise refuse("field-invalid", "kind")
    if account_id is not None:
        owner = unit.connection.execute(select(account.c.tenant_id).where(account.c.id == account_id)).scalar()
        if owner != tenant:
            raise refuse("not-found", "account_id", status=404)
    number = int(
        unit.connection.execute(
            insert(message)
            .values(
                tenant_id=tenant,
                provider_id=tenant,
                account_id=account_id,
                kind=kind,
                subject=_texts(subject, "subject", _SUBJECT),
                body=_texts(body, "body", _BODY),
                at=now,
                link=clean(link, "link", 40, required=False),
                author_id=author_id,
            )
            .returning(message.c.id)
        ).scalar_one()
    )
    unit.changes.live(tenant, _scope(account_id), "message", number)
    return number


def withdraw(unit: Unit, tenant: int, message_id: int) -> bool:
    """Take a message back from every device; return whether there was one."""
    row = unit.connection.execute(
        delete(message).where(message.c.id == message_id, message.c.tenant_id == tenant).returning(message.c.account_id)
    ).first()
    if row is None:
        return False
    unit.changes.gone(tenant, _scope(row.account_id), "message", message_id)
    return True


def _scope(account_id: int | None) -> str:
    return PUBLIC if account_id is None else account_scope(account_id)


def _texts(texts: Mapping[str, str], field: str, maximum: int) -> dict[str, str]:
    if set(texts) - set(LANGUAGES):
        raise refuse("language-unknown", field)
    cleaned = {
        language: clean(text, field, maximum, lines=field == "body", required=False) for language, text in texts.items()
    }
    if not any(cleaned.values()):
        raise refuse("field-required", field)
    return cleaned
