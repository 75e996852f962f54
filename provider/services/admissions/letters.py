"""Letters of families to a department, and its answers: one thread a letter, which its author and the office see.

The office answers what it has read: who answers a letter that a colleague has answered meanwhile is told so, and what
its author wrote meanwhile leaves it new. Source: R-ADM-42.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, insert, text, update

from models.contract.admission_commands import AnswerLetter, CloseLetter, SendFeedback
from models.contract.admission_texts import render, shown
from models.domain.admissions import letters as domain
from models.domain.admissions import reasons as listed
from models.domain.admissions.letters import EntryKind, LetterState
from provider.services import audit, limits, mail
from provider.services.admissions import notices, reasons
from provider.services.admissions.authority import must_be_officer
from provider.services.admissions.department import Department
from provider.services.admissions.rights import Rights
from provider.services.logins import clean
from provider.services.refusals import refuse
from provider.store.changes import STAFF, user_scope
from provider.store.database import Unit
from provider.store.tables_letters import letter, letter_entry
from provider.store.tables_people import message
from translations import LANGUAGES, using

_PERSON: Final = text("SELECT name, phone, email, language FROM person WHERE id = :id")
_LOCK: Final = text(
    "SELECT id, author_id, subject, state FROM letter WHERE id = :id AND tenant_id = :tenant FOR UPDATE"
)
_ENTRIES: Final = text("SELECT id, kind, author, author_id FROM letter_entry WHERE letter_id = :id ORDER BY id")
_DECIDED: Final = {EntryKind.ANSWER: "letter-answered", EntryKind.CLOSING: "letter-closed"}


def write(
    unit: Unit, department: Department, payload: SendFeedback, user_id: int, now: datetime, command_id: str = ""
) -> tuple[int, int]:
    """Return the ids of a letter and of what was written: a new letter, or the next words under one's own.

    Raises ``Refusal``: ``field-required``, ``text-too-long``, ``text-not-allowed``, ``not-found`` for the letter of
    somebody else, ``too-many-attempts`` (429).
    """
    connection = unit.connection
    person = connection.execute(_PERSON, {"id": user_id}).first()
    if person is None:
        raise refuse("not-found", status=404)
    words = clean(payload.text, "text", domain.LONGEST, lines=True)
    limit = (limits.FEEDBACK_USER, str(user_id))
    reached = {"author": person.name, "phone": person.phone, "email": person.email}
    values: dict[str, Any] = {**reached, "state": LetterState.NEW, "changed_at": now}
    if payload.letter_id is not None:
        row = _locked(unit, department, payload.letter_id)
        if row.author_id != user_id:
            raise refuse("not-found", "letter_id", status=404)
        limits.take_beside(connection.engine, now, limit)
        connection.execute(update(letter).where(letter.c.id == row.id).values(**values))
        letter_id = int(row.id)
    else:
        subject = clean(payload.subject, "subject", domain.SUBJECT)
        limits.take_beside(connection.engine, now, limit)
        values |= {"department_id": department.tenant, "author_id": user_id, "subject": subject, "at": now}
        statement = insert(letter).values(tenant_id=department.tenant, **values).returning(letter.c.id)
        letter_id = int(connection.execute(statement).scalar_one())
    entry = {"kind": EntryKind.QUESTION, "text": words, "author": person.name, "author_id": user_id}
    return letter_id, _add(unit, department, letter_id, user_id, now, command_id, entry)


def answer(
    unit: Unit, department: Department, payload: AnswerLetter, own: Rights, now: datetime, command_id: str = ""
) -> LetterState:
    """Return how a letter stands that was answered: new again if its author wrote on after what was read.

    Raises ``Refusal``: ``not-allowed``, ``not-found``, ``own-child`` for one's own letter, ``field-required``,
    ``text-too-long``, ``letter-answered`` or ``letter-closed`` when a colleague was first, ``too-many-attempts``.
    """
    row, unread = _read(unit, department, payload.letter_id, payload.seen, own)
    words = clean(payload.text, "text", domain.LONGEST, lines=True)
    _colleague_first(unread, own)
    limits.take_beside(unit.connection.engine, now, (limits.ANSWER_USER, str(own.user_id)))
    state = LetterState.NEW if _wrote_on(unread) else LetterState.ANSWERED
    entry = {"kind": EntryKind.ANSWER, "text": words, "author": own.name, "author_id": own.user_id}
    _settle(unit, department, row, state, own, now, command_id, entry)
    _tell(unit, department, row, "letter-answered", {"employee": own.name, "text": words}, now)
    return state


def close(
    unit: Unit, department: Department, payload: CloseLetter, own: Rights, now: datetime, command_id: str = ""
) -> LetterState:
    """Return how a letter stands that was closed without an answer.

    Raises ``Refusal`` as :func:`answer` does, ``reason-missing`` or ``reason-does-not-fit``, and ``letter-goes-on``
    when its author wrote on after what was read.
    """
    row, unread = _read(unit, department, payload.letter_id, payload.seen, own)
    reason = reasons.given(payload, listed.LETTER)
    _colleague_first(unread, own)
    if _wrote_on(unread):
        raise refuse("letter-goes-on")
    if row.state != LetterState.NEW:
        raise refuse("nothing-to-change")
    limits.take_beside(unit.connection.engine, now, (limits.ANSWER_USER, str(own.user_id)))
    entry = {"kind": EntryKind.CLOSING, "text": reason.words, "author": own.name, "author_id": own.user_id}
    _settle(unit, department, row, LetterState.CLOSED, own, now, command_id, {**entry, "reason_code": reason.code})
    _tell(unit, department, row, "letter-closed", {"employee": own.name, **reasons.plain(reason)}, now)
    return LetterState.CLOSED


def _locked(unit: Unit, department: Department, letter_id: int) -> Row[Any]:
    row = unit.connection.execute(_LOCK, {"id": letter_id, "tenant": department.tenant}).first()
    if row is None:
        raise refuse("not-found", "letter_id", status=404)
    return row


def _read(
    unit: Unit, department: Department, letter_id: int, seen: int, own: Rights
) -> tuple[Row[Any], list[Row[Any]]]:
    """Return a letter, locked, and what stands under it that the officer had not read."""
    must_be_officer(own)
    row = _locked(unit, department, letter_id)
    if row.author_id == own.user_id:
        raise refuse("own-child", status=403)
    entries = unit.connection.execute(_ENTRIES, {"id": letter_id}).all()
    return row, [entry for entry in entries if entry.id > seen]


def _colleague_first(unread: list[Row[Any]], own: Rights) -> None:
    for entry in reversed(unread):
        if entry.kind in _DECIDED and entry.author_id != own.user_id:
            raise refuse(_DECIDED[EntryKind(entry.kind)], by=entry.author)


def _wrote_on(unread: list[Row[Any]]) -> bool:
    return any(entry.kind == EntryKind.QUESTION for entry in unread)


def _settle(
    unit: Unit,
    department: Department,
    row: Row[Any],
    state: LetterState,
    own: Rights,
    now: datetime,
    command_id: str,
    entry: dict[str, Any],
) -> None:
    unit.connection.execute(update(letter).where(letter.c.id == row.id).values(state=state, changed_at=now))
    _add(unit, department, row.id, row.author_id, now, command_id, entry)
    audit.note(unit.connection, now, f"letter-{state}", actor_id=own.user_id, subject=f"letter:{row.id}")


def _add(
    unit: Unit,
    department: Department,
    letter_id: int,
    author_id: int,
    now: datetime,
    command_id: str,
    values: dict[str, Any],
) -> int:
    """Write an entry under a letter and show both to the author and to the office."""
    statement = insert(letter_entry).values(
        tenant_id=department.tenant, letter_id=letter_id, at=now, command_id=command_id, **values
    )
    entry_id = int(unit.connection.execute(statement.returning(letter_entry.c.id)).scalar_one())
    for tenant, scope in ((department.tenant, STAFF), (0, user_scope(author_id))):
        unit.changes.live(tenant, scope, "letter", letter_id)
        unit.changes.live(tenant, scope, "letter_entry", entry_id)
    return entry_id


def _tell(
    unit: Unit, department: Department, row: Row[Any], code: str, said: dict[str, str | int], now: datetime
) -> None:
    """Write the author a message, and a letter to their address if they have one."""
    values = shown({**said, "subject": row.subject})
    texts = {}
    for language in LANGUAGES:
        with using(language):
            texts[language] = render(code, values)
    statement = insert(message).values(
        tenant_id=department.tenant,
        provider_id=department.tenant,
        kind="message",
        subject={language: subject for language, (subject, _body) in texts.items()},
        body={language: body for language, (_subject, body) in texts.items()},
        at=now,
        link="letters",
        letter_id=row.id,
    )
    message_id = int(unit.connection.execute(statement.returning(message.c.id)).scalar_one())
    unit.changes.live(0, user_scope(row.author_id), "message", message_id)
    person = unit.connection.execute(_PERSON, {"id": row.author_id}).first()
    if person is not None and person.email:
        language = person.language if person.language in LANGUAGES else LANGUAGES[0]
        subject, body = texts[language]
        mail.queue(
            unit.connection,
            mail.Letter(subject=subject, body=notices.by_mail(body, language), language=language),
            kind="admission",
            address=person.email,
            now=now,
            user_id=row.author_id,
            key=f"message:{message_id}",
        )
