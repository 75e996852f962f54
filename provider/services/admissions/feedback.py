"""What people ask or tell a department: a message that only its office sees."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert, text

from models.contract.admission_commands import SendFeedback
from provider.services import limits
from provider.services.admissions.department import Department
from provider.services.logins import clean
from provider.services.refusals import refuse
from provider.store.changes import STAFF
from provider.store.database import Unit
from provider.store.tables_people import message
from translations import LANGUAGES

_SUBJECT: Final = 200
_TEXT: Final = 4_000
_PERSON: Final = text("SELECT name, phone, email FROM person WHERE id = :id")


def send(unit: Unit, department: Department, payload: SendFeedback, user_id: int, now: datetime) -> int:
    """Return the id of the message to the office, with who wrote it and how they are reached.

    Raises ``Refusal``: ``field-required``, ``text-too-long``, ``too-many-attempts`` (429).
    """
    person = unit.connection.execute(_PERSON, {"id": user_id}).first()
    if person is None:
        raise refuse("not-found", status=404)
    subject = clean(payload.subject, "subject", _SUBJECT)
    words = clean(payload.text, "text", _TEXT, lines=True)
    limits.take_beside(unit.connection.engine, now, (limits.FEEDBACK_USER, str(user_id)))
    signed = "\n".join(part for part in (words, "", person.name, person.phone, person.email) if part or part == "")
    values: dict[str, Any] = {
        "tenant_id": department.tenant,
        "provider_id": department.tenant,
        "account_id": None,
        "kind": "message",
        "subject": dict.fromkeys(LANGUAGES, subject),
        "body": dict.fromkeys(LANGUAGES, signed.rstrip()),
        "at": now,
        "link": "",
        "author_id": user_id,
    }
    row_id = int(unit.connection.execute(insert(message).values(**values).returning(message.c.id)).scalar_one())
    unit.changes.live(department.tenant, STAFF, "message", row_id)
    return row_id
