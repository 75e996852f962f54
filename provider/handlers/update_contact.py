"""Change one's own phone or language."""

from __future__ import annotations

from models.contract.commands import UpdateContact
from models.contract.outcomes import Status
from models.domain.problems import Problem
from provider.handlers.context import HandlerContext, Result, applied
from provider.services.identity import ContactConflict, update_contact


def handle(context: HandlerContext, payload: UpdateContact) -> Result:
    """Change a contact, or answer both versions when it says something else meanwhile."""
    seen = context.command.base.get(f"person:{payload.user_id}")
    try:
        changed = update_contact(context.unit, context.user, payload, seen, context.received_at)
    except ContactConflict as conflict:
        return Result(
            Status.CONFLICT, (Problem("changed-meanwhile"),), {"mine": conflict.mine, "theirs": conflict.theirs}
        )
    return applied(version=changed.version, phone=changed.phone, language=changed.language)
