"""An education department and a user's rights in it, read once for all commands of a transaction."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from provider.handlers.context import HandlerContext
from provider.services.admissions.department import Department, department
from provider.services.admissions.outside import ActorInfo
from provider.services.admissions.rights import Rights, rights

_OFFLINE: Final = timedelta(minutes=5)


def department_of(context: HandlerContext) -> Department:
    """Return the department that a command is for; raises ``Refusal`` ``not-found`` for a tenant that is none."""
    key = ("department", context.tenant)
    if key not in context.memo:
        context.memo[key] = department(context.unit.connection, context.tenant)
    found: Department = context.memo[key]
    return found


def forget_department(context: HandlerContext) -> None:
    """Let the next command of the transaction read the department anew: this one changed it."""
    context.memo.pop(("department", context.tenant), None)


def rights_of(context: HandlerContext) -> Rights:
    """Return what the command's user may do in its department.

    Not read once: an earlier command of the same transaction may have given or taken a child.
    """
    return rights(context.unit.connection, context.user, context.tenant)


def actor_of(context: HandlerContext, own: Rights, actor: str) -> ActorInfo:
    """Return who takes a step, as history remembers it."""
    late = context.received_at - context.occurred_at > _OFFLINE
    return ActorInfo(context.user, own.name, actor, context.device, late and not context.clock_suspect)
