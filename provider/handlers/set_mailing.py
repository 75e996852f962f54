"""Begin or stop the monthly mailing."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

from models.contract.commands import SetMailing
from provider.handlers.context import HandlerContext, Result, applied
from provider.store.changes import account_scope

_SET: Final = text(
    "INSERT INTO mailing (tenant_id, account_id, user_id, active, language) "
    "VALUES (:tenant, :account, :user, :active, :language) "
    "ON CONFLICT (account_id, user_id) DO UPDATE SET active = :active, language = :language RETURNING id"
)


def handle(context: HandlerContext, payload: SetMailing) -> Result:
    """Keep a person's wish for an account."""
    values = {
        "tenant": context.tenant,
        "account": payload.account_id,
        "user": context.user,
        "active": payload.active,
        "language": payload.language,
    }
    mailing_id = context.unit.connection.execute(_SET, values).scalar_one()
    context.unit.changes.live(context.tenant, account_scope(payload.account_id), "mailing", mailing_id)
    return applied(mailing_id=mailing_id)
