"""Take places out of the bulletin, or lower their number."""

from __future__ import annotations

from models.contract.admission_commands import WithdrawItem
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, rights_of
from provider.services.admissions import bulletin


def handle(context: HandlerContext, payload: WithdrawItem) -> Result:
    """Withdraw; families keep their place in the queue."""
    department, own = department_of(context), rights_of(context)
    return applied(
        item_id=payload.item_id, lost=bulletin.withdraw(context.unit, department, payload, own, context.received_at)
    )
