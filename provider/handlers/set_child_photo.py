"""Change the picture of a child."""

from __future__ import annotations

from models.contract.admission_commands import SetChildPhoto
from provider.handlers.context import HandlerContext, Result, applied, in_conflict
from provider.handlers.documents import picture
from provider.services import children


def handle(context: HandlerContext, payload: SetChildPhoto) -> Result:
    """Change it once the picture has come; when it is another one meanwhile, both versions are answered."""
    if (waiting := picture(context, payload.photo)) is not None:
        return waiting
    conflict = children.set_photo(context.unit, context.user, payload, context.command.base)
    return applied() if conflict is None else in_conflict(conflict)
