"""Change one's own phone or language."""

from __future__ import annotations

from models.contract.commands import UpdateContact
from provider.handlers.context import HandlerContext, Result, applied, in_conflict
from provider.services.identity import update_contact


def handle(context: HandlerContext, payload: UpdateContact) -> Result:
    """Change a contact; what says something else meanwhile is answered with both versions."""
    changed = update_contact(context.unit, context.user, payload, context.command.base, context.received_at)
    if changed.conflict is not None:
        return in_conflict(changed.conflict)
    return applied(version=changed.version, phone=changed.phone, language=changed.language)
