"""Change one's own further telephone, address or picture."""

from __future__ import annotations

from models.contract.admission_commands import UpdateProfile
from models.contract.outcomes import Status
from models.domain.problems import Problem
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.documents import picture
from provider.services.identity import ContactConflict, update_profile


def handle(context: HandlerContext, payload: UpdateProfile) -> Result:
    """Change the profile, or answer both versions when it says something else meanwhile."""
    if (waiting := picture(context, payload.photo or "")) is not None:
        return waiting
    seen = context.command.base.get(f"person:{payload.user_id}")
    try:
        version = update_profile(context.unit, context.user, payload, seen)
    except ContactConflict as conflict:
        return Result(
            Status.CONFLICT, (Problem("changed-meanwhile"),), {"mine": conflict.mine, "theirs": conflict.theirs}
        )
    return applied(version=version)
