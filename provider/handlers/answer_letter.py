"""Answer a letter of a family."""

from __future__ import annotations

from models.contract.admission_commands import AnswerLetter
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, rights_of
from provider.services.admissions import letters


def handle(context: HandlerContext, payload: AnswerLetter) -> Result:
    """Put the answer under the letter; its author is told."""
    department, own = department_of(context), rights_of(context)
    state = letters.answer(context.unit, department, payload, own, context.received_at, context.command.id)
    return applied(letter_id=payload.letter_id, state=state.value)
