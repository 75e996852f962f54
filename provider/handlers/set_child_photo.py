"""Change the picture of a child."""

from __future__ import annotations

from models.contract.admission_commands import SetChildPhoto
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.documents import picture
from provider.services import children


def handle(context: HandlerContext, payload: SetChildPhoto) -> Result:
    """Change it once the picture has come."""
    if (waiting := picture(context, payload.photo)) is not None:
        return waiting
    children.set_photo(context.unit, context.user, payload.department_id, payload.child_id, payload.photo)
    return applied()
