"""Letters: written with their cause, sent afterwards, each once.

A letter is a row of ``mail`` written in the transaction of what it tells about, so neither happens without the other.
:func:`send_due` sends what is due: one letter a transaction, the row locked meanwhile, so that any number of processes
may send. Without a mail server a letter becomes a file ``<number>.eml``; a file that is written twice is still one.
"""

from __future__ import annotations

import logging
import os
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from provider.settings import Settings
from provider.store.database import Database
from provider.store.tables_people import mail, mail_attachment

log = logging.getLogger(__name__)

_TIMEOUT: Final = 20
_ATTEMPTS: Final = 12
_FIRST_WAIT: Final = timedelta(minutes=1)
_LONGEST_WAIT: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter's text in the reader's language."""

    subject: str
    body: str
    language: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Sent:
    """What a round of sending did."""

    sent: int
    failed: int


def queue(
    connection: Connection,
    letter: Letter,
    *,
    kind: str,
    address: str,
    now: datetime,
    user_id: int | None = None,
    key: str | None = None,
    attachments: Sequence[Attachment] = (),
) -> int | None:
    """Return the number of the queued letter, None when one with the same ``key`` was written before."""
    statement = (
        upsert(mail)
        .values(
            key=key,
            kind=kind,
            user_id=user_id,
            address=address,
            language=letter.language,
            subject=letter.subject,
            body=letter.body,
            created_at=now,
            due_at=now,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(mail.c.id)
    )
    number: int | None = connection.execute(statement).scalar()
    if number is not None and attachments:
        connection.execute(
            insert(mail_attachment),
            [
                {"mail_id": number, "name": item.name, "media_type": item.media_type, "content": item.content}
                for item in attachments
            ],
        )
    return number


def send_due(database: Database, settings: Settings, now: datetime, *, limit: int = 1_000) -> Sent:
    """Send the letters that are due, oldest first; returns how many went, and how many failed and will be tried again.

    A mail server that does not answer ends the round; a refused letter waits longer each time, and is given up after
    twelve attempts (about two days).
    """
    sent = failed = 0
    with _carrier(settings) as carrier:
        while sent + failed < limit:
            with database.engine.begin() as connection:
                row = connection.execute(
                    select(mail)
                    .where(mail.c.sent_at.is_(None), mail.c.failed_at.is_(None), mail.c.due_at <= now)
                    .order_by(mail.c.due_at, mail.c.id)
                    .limit(1)
                    .with_for_update(skip_locked=True)
                ).first()
                if row is None:
                    break
                try:
                    carrier.send(row.id, _message(connection, row, settings, now))
                except (OSError, smtplib.SMTPException) as error:
                    _postpone(connection, row, error, now)
                    failed += 1
                    if not isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
                        break  # not this letter's fault: the server or the disk does not work
                else:
                    _done(connection, row.id, now)
                    sent += 1
    return Sent(sent, failed)


def forget_sent(database: Database, now: datetime) -> int:
    """Delete letters sent more than 90 days ago, and return how many; those with a key stay, so as not to be sent "
    "again."""
    with database.engine.begin() as connection:
        old = mail.c.sent_at < now - timedelta(days=90)
        return connection.execute(delete(mail).where(old, mail.c.key.is_(None))).rowcount


class _Letters(EmailPolicy):
    """The policy of our letters: a long subject keeps its spaces. Python's own folding drops one where it breaks."""

    def fold(self, name: str, value: Any) -> str:
        """Override."""
        if name.lower() != "subject" or str(value).isascii():
            return str(super().fold(name, value))
        encoded = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {encoded}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Override."""
        if name.lower() != "subject":
            return super().fold_binary(name, value)
        return self.fold(name, value).encode("ascii")


_LETTERS: Final = _Letters(linesep="\r\n")


def _message(connection: Connection, row: Any, settings: Settings, now: datetime) -> EmailMessage:
    message = EmailMessage(policy=_LETTERS)
    host = urlsplit(settings.address).hostname or "localhost"
    message["Subject"] = " ".join(row.subject.split())
    message["From"] = settings.mail_from
    message["To"] = row.address
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{row.id}.{row.created_at:%Y%m%d%H%M%S}@{host}>"  # the same at every attempt
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(row.body, cte="quoted-printable")
    found = connection.execute(
        select(mail_attachment).where(mail_attachment.c.mail_id == row.id).order_by(mail_attachment.c.id)
    )
    for item in found:
        kind, _, subtype = item.media_type.partition("/")
        message.add_attachment(item.content, maintype=kind, subtype=subtype, filename=item.name)
    message["Content-Language"] = row.language  # last: setting the content takes such headers away
    return message


def _done(connection: Connection, number: int, now: datetime) -> None:
    # Links, codes and account data do not stay here longer than they must.
    connection.execute(update(mail).where(mail.c.id == number).values(sent_at=now, body="", last_error=""))
    connection.execute(delete(mail_attachment).where(mail_attachment.c.mail_id == number))


def _postpone(connection: Connection, row: Any, error: Exception, now: datetime) -> None:
    attempts = row.attempts + 1
    wait = min(_FIRST_WAIT * 2 ** (attempts - 1), _LONGEST_WAIT)
    given_up = attempts >= _ATTEMPTS
    # The text of a mail server may quote the address, so only the kind of error is kept.
    reason = type(error).__name__
    connection.execute(
        update(mail)
        .where(mail.c.id == row.id)
        .values(attempts=attempts, last_error=reason, due_at=now + wait, failed_at=now if given_up else None)
    )
    log.warning("letter %d was not sent (%s), attempt %d%s", row.id, reason, attempts, ", given up" if given_up else "")


class _Folder:
    """Puts letters into a folder, for a provider without a mail server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> _Folder:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def send(self, number: int, message: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{number:08d}.eml"
        part = path.with_suffix(f".{os.getpid()}.part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(message.as_bytes())
        part.replace(path)


class _Server:
    """Hands letters to a mail server, over one connection a round."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("the mail server must be smtp://… or smtps://…")
        self._parts = parts
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> _Server:
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            try:
                self._server.quit()
            except (OSError, smtplib.SMTPException):
                self._server.close()
            self._server = None

    def send(self, number: int, message: EmailMessage) -> None:
        if self._server is None:
            self._server = self._connect()
        try:
            self._server.send_message(message)
        except (OSError, smtplib.SMTPException):
            self.__exit__()
            raise

    def _connect(self) -> smtplib.SMTP:
        parts, context = self._parts, ssl.create_default_context()
        host = str(parts.hostname)
        server: smtplib.SMTP
        if parts.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=_TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(host, parts.port or 25, timeout=_TIMEOUT)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
        if parts.username:
            if not isinstance(server.sock, ssl.SSLSocket):
                server.close()
                raise smtplib.SMTPNotSupportedError("no password is sent over an open connection")
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server


def _carrier(settings: Settings) -> _Folder | _Server:
    return _Server(settings.smtp_url) if settings.smtp_url else _Folder(settings.letters)
