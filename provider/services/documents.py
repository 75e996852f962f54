"""Papers by letter: made at the provider from its own ledger, by the same builders as on a client."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from documents import breakdown, invoice, reconciliation
from models.contract.commands import SendDocument
from models.contract.records import AccountView
from models.domain.period import Month
from provider.services import letters, mail
from provider.services.accounts import account_view
from provider.services.logins import clean_language
from provider.services.refusals import refuse
from provider.store.database import Unit
from provider.store.tables_people import mail as mail_table
from provider.store.tables_people import person
from translations import formats, using

_PDF: Final = "application/pdf"
_LONGEST: Final = 5 * 366  # days of a reconciliation
_DAY: Final = timedelta(days=1)
PAPERS_A_DAY: Final = 30


class NothingToSend(Exception):
    """There is no paper to make; the text is a problem's code."""


def send_document(unit: Unit, user_id: int, payload: SendDocument, command_id: str, now: datetime) -> int | None:
    """Return the number of the queued letter with a paper, None when this command's was queued before.

    Raises :class:`Refusal`: ``no-email``, ``language-unknown``, ``document-unknown``, ``period-invalid``,
    ``period-in-future``, ``dates-reversed``, ``dates-too-far-apart``, ``no-data``, ``too-many-attempts`` after thirty
    papers in a day.
    """
    language = clean_language(payload.language)
    email = unit.connection.execute(select(person.c.email).where(person.c.id == user_id)).scalar()
    if not email:
        raise refuse("no-email")
    _check_number_of_papers(unit.connection, user_id, now)
    view = account_view(unit.connection, payload.account_id, as_of=now)
    paper, shown = _paper(view, payload, language, now)
    letter = letters.document(language, payload.document, view.account.number, view.provider.name, shown)
    return mail.queue(
        unit.connection,
        letter,
        kind="document",
        address=email,
        now=now,
        user_id=user_id,
        key=f"document:{command_id}" if command_id else None,
        attachments=[paper],
    )


def _check_number_of_papers(connection: Connection, user_id: int, now: datetime) -> None:
    """Refuse a person's thirty-first paper of the last 24 hours; a mailbox is not to be flooded by a stuck script."""
    times = connection.execute(
        select(mail_table.c.created_at)
        .where(mail_table.c.user_id == user_id, mail_table.c.kind == "document", mail_table.c.created_at > now - _DAY)
        .order_by(mail_table.c.created_at)
    ).scalars()
    written = list(times)
    if len(written) >= PAPERS_A_DAY:
        free_at = written[-PAPERS_A_DAY] + _DAY
        raise refuse("too-many-attempts", status=429, retry_after=int((free_at - now).total_seconds()) + 1)


def monthly_breakdown(
    connection: Connection, account_id: int, month: Month, language: str, now: datetime
) -> mail.Attachment:
    """Return the breakdown of a month for the mailing; raises :class:`NothingToSend` when the month has no "
    "movements."""
    view = account_view(connection, account_id, as_of=now)
    if not _moves(view, month):
        raise NothingToSend("no-data")
    content = breakdown.build(view, month, language, now)
    return mail.Attachment(_name("breakdown", view, str(month)), _PDF, content)


def _paper(view: AccountView, payload: SendDocument, language: str, now: datetime) -> tuple[mail.Attachment, str]:
    """Return the paper and the period that it is about, in words."""
    if payload.document == "reconciliation":
        first, last = _days(payload)
        if payload.form not in (1, 2):
            raise refuse("field-invalid", "form")
        content = reconciliation.build(view, first, last, payload.form, language, now, emailed=True)
        name = _name("reconciliation", view, f"{first.isoformat()}-{last.isoformat()}")
        return mail.Attachment(name, _PDF, content), f"{formats.day(first)}–{formats.day(last)}"
    if payload.document not in ("invoice", "breakdown"):
        raise refuse("document-unknown", "document")
    month = _month(payload, now)
    if not _moves(view, month):
        raise refuse("no-data", "period")
    if payload.document == "invoice":
        content = invoice.build([view], month, language, now, f"{view.account.number}-{month}")
    else:
        content = breakdown.build(view, month, language, now)
    with using(language):
        shown = formats.month(month.first)
    return mail.Attachment(_name(payload.document, view, str(month)), _PDF, content), shown


def _month(payload: SendDocument, now: datetime) -> Month:
    try:
        month = Month.from_number(payload.period or 0)
    except ValueError:
        raise refuse("period-invalid", "period") from None
    if month > Month.of(now.date()):
        raise refuse("period-in-future", "period")
    return month


def _days(payload: SendDocument) -> tuple[date, date]:
    if payload.date_from is None or payload.date_to is None:
        raise refuse("field-required", "date_from" if payload.date_from is None else "date_to")
    if payload.date_from > payload.date_to:
        raise refuse("dates-reversed", "date_from")
    if (payload.date_to - payload.date_from).days > _LONGEST:
        raise refuse("dates-too-far-apart", "date_from")
    return payload.date_from, payload.date_to


def _moves(view: AccountView, month: Month) -> bool:
    return any(entry.period == month.number for entry in view.entries)


def _name(document: str, view: AccountView, period: str) -> str:
    """Return a file name of plain letters, whatever the account number holds."""
    number = "".join(character for character in view.account.number if character.isalnum() or character in "-_")
    return f"{document}-{number or view.account.id}-{period}.pdf"
