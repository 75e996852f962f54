"""The letters of the demonstration: one that an officer has answered, and one that waits for an answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from models.contract.admission_commands import AnswerLetter, SendFeedback
from provider.demo.families import People
from provider.services.admissions import letters
from provider.services.admissions.department import department
from provider.services.admissions.rights import rights
from provider.store.database import Database

_ANSWERED: Final = (
    "Сурдоаудармашы керек",
    "Сәлеметсіз бе! Қабылдау күні бөлімге сурдоаудармашы шақыруға бола ма?",
    "Сәлеметсіз бе! Иә, бейсенбі сайын 10:00–12:00 аралығында бөлімде сурдоаудармашы болады. Алдын ала жазылу қажет "
    "емес.",
)
_NEW: Final = (
    "Переезд в другой район",
    "Здравствуйте! В декабре мы переезжаем в Западный район. Нужно ли подавать новое заявление, или можно изменить "
    "населённый пункт в этом, чтобы не потерять дату?",
)


def write_letters(database: Database, tenant: int, people: People, now: datetime) -> None:
    """Let two families write to the department, and an officer answer the first. Raises Refusal."""
    subject, question, answer = _ANSWERED
    first, written = now - timedelta(days=6), now - timedelta(hours=20)
    with database.change() as unit:
        known = department(unit.connection, tenant)
        asked = SendFeedback(tenant, subject, question)
        letter_id, entry_id = letters.write(unit, known, asked, people.users["parent"], first)
        own = rights(unit.connection, people.users["officer"], tenant)
        letters.answer(unit, known, AnswerLetter(tenant, letter_id, answer, entry_id), own, first + timedelta(hours=5))
        subject, question = _NEW
        letters.write(unit, known, SendFeedback(tenant, subject, question), people.users["parent2"], written)
