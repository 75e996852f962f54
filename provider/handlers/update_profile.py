"""Change one's own further telephone, address or picture."""

from __future__ import annotations

from models.contract.admission_commands import UpdateProfile
from provider.handlers.context import HandlerContext, Result, applied, in_conflict
from provider.handlers.documents import picture
from provider.services.identity import update_profile


def handle(context: HandlerContext, payload: UpdateProfile) -> Result:
    """Change the profile; what says something else meanwhile is answered with both versions."""
    if (waiting := picture(context, payload.photo or "")) is not None:
        return waiting
    changed = update_profile(context.unit, context.user, payload, context.command.base)
    if changed.conflict is not None:
        return in_conflict(changed.conflict)
    return applied(version=changed.version)
