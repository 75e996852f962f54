"""Letters: written with their cause, sent once, whole in every alphabet."""

from __future__ import annotations

import email
import email.policy
import smtplib
import socketserver
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import text

from provider.services import mail
from provider.services.mail import Attachment, Letter
from provider.settings import Settings
from provider.store.database import Database

NOW = datetime(2024, 2, 10, 6, 0, tzinfo=UTC)
LETTER = Letter("Шот-түбіртек № 7", "Қайырлы күн!\n\nТөлеуге: 1 120,28 ₸\n.\nсоңы\n", "kk")


def write(database: Database, **options: object) -> int | None:
    values: dict[str, object] = {"kind": "test", "address": "aigul@example.org", "now": NOW} | options
    with database.change() as unit:
        return mail.queue(unit.connection, LETTER, **values)  # type: ignore[arg-type]


def scalar(database: Database, query: str) -> object:
    with database.read() as connection:
        return connection.execute(text(query)).scalar()


def sent_letters(settings: Settings) -> list[EmailMessage]:
    found = []
    for path in sorted(settings.letters.glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        found.append(message)
    return found


class Mailbox(socketserver.ThreadingTCPServer):
    """A mail server of a few lines: keeps what it is given, refuses one address, breaks off when told."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.received: list[bytes] = []
        self.refused = "nobody@example.org"
        self.broken = False

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class Conversation(socketserver.StreamRequestHandler):
    server: Mailbox

    def handle(self) -> None:
        self.wfile.write(b"220 test\r\n")
        for line in self.rfile:
            word = line.split(b":")[0].strip().upper()
            if self.server.broken:
                return
            if word.startswith((b"EHLO", b"HELO")):
                self.wfile.write(b"250-test\r\n250 SMTPUTF8\r\n")
            elif word == b"RCPT TO" and self.server.refused.encode() in line:
                self.wfile.write(b"550 no such mailbox\r\n")
            elif word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self._data()
            elif word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")

    def _data(self) -> None:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b"..") else line)
        self.server.received.append(b"".join(lines))
        self.wfile.write(b"250 taken\r\n")


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_letter_becomes_a_file_with_its_text_and_attachment_whole(
    database: Database, provider_settings: Settings
) -> None:
    paper = b"%PDF-1.7 \x00\xff"
    write(database, attachments=[Attachment("invoice-123456-2024-01.pdf", "application/pdf", paper)])
    assert mail.send_due(database, provider_settings, NOW).sent == 1
    (letter,) = sent_letters(provider_settings)
    assert letter["Subject"] == LETTER.subject
    assert letter["To"] == "aigul@example.org"
    assert letter["Content-Language"] == "kk"
    body = letter.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == LETTER.body
    (attached,) = letter.iter_attachments()
    assert attached.get_filename() == "invoice-123456-2024-01.pdf"
    assert attached.get_content() == paper


def test_a_letter_is_not_written_when_its_cause_is_undone(database: Database, provider_settings: Settings) -> None:
    def cause() -> None:
        with database.change() as unit:
            mail.queue(unit.connection, LETTER, kind="test", address="a@example.org", now=NOW)
            raise RuntimeError("undone")

    with pytest.raises(RuntimeError, match="undone"):
        cause()
    assert mail.send_due(database, provider_settings, NOW).sent == 0


def test_each_letter_is_sent_once_by_however_many_senders(database: Database, provider_settings: Settings) -> None:
    for _ in range(30):
        write(database)
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: mail.send_due(database, provider_settings, NOW).sent, range(4)))
    assert sum(counts) == 30
    assert len(sent_letters(provider_settings)) == 30
    assert mail.send_due(database, provider_settings, NOW).sent == 0


def test_an_occasion_gets_one_letter(database: Database) -> None:
    assert write(database, key="mailing:1:2:202401") is not None
    assert write(database, key="mailing:1:2:202401") is None
    assert scalar(database, "SELECT count(*) FROM mail") == 1


def test_what_was_sent_leaves_no_text_and_no_paper_behind(database: Database, provider_settings: Settings) -> None:
    write(database, attachments=[Attachment("a.pdf", "application/pdf", b"secret")])
    mail.send_due(database, provider_settings, NOW)
    assert scalar(database, "SELECT body FROM mail") == ""
    assert scalar(database, "SELECT count(*) FROM mail_attachment") == 0


def test_a_subject_cannot_smuggle_a_header(database: Database, provider_settings: Settings) -> None:
    with database.change() as unit:
        evil = Letter("Hello\r\nBcc: thief@example.org", "text\n", "en")
        mail.queue(unit.connection, evil, kind="test", address="a@example.org", now=NOW)
    mail.send_due(database, provider_settings, NOW)
    (letter,) = sent_letters(provider_settings)
    assert letter["Bcc"] is None
    assert letter["Subject"] == "Hello Bcc: thief@example.org"


def test_letters_go_through_a_mail_server_over_one_connection(
    database: Database, provider_settings: Settings, mailbox: Mailbox
) -> None:
    settings = replace(provider_settings, smtp_url=mailbox.url)
    for _ in range(3):
        write(database)
    assert mail.send_due(database, settings, NOW).sent == 3
    assert len(mailbox.received) == 3
    message = email.message_from_bytes(mailbox.received[0], policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == LETTER.body


def test_a_refused_letter_waits_and_does_not_hold_up_the_others(
    database: Database, provider_settings: Settings, mailbox: Mailbox
) -> None:
    settings = replace(provider_settings, smtp_url=mailbox.url)
    write(database, address="nobody@example.org")
    write(database)
    assert mail.send_due(database, settings, NOW) == mail.Sent(1, 1)
    assert mail.send_due(database, settings, NOW) == mail.Sent(0, 0)
    mailbox.refused = "somebody else"
    assert mail.send_due(database, settings, NOW + timedelta(minutes=1)) == mail.Sent(1, 0)


def test_a_server_that_breaks_off_costs_one_attempt_and_no_letter(
    database: Database, provider_settings: Settings, mailbox: Mailbox
) -> None:
    settings = replace(provider_settings, smtp_url=mailbox.url)
    for _ in range(5):
        write(database)
    mailbox.broken = True
    assert mail.send_due(database, settings, NOW) == mail.Sent(0, 1)
    mailbox.broken = False
    assert mail.send_due(database, settings, NOW + timedelta(minutes=1)).sent == 5


def test_a_letter_is_given_up_after_twelve_attempts(
    database: Database, provider_settings: Settings, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    settings = replace(provider_settings, smtp_url=mailbox.url)
    write(database, address="nobody@example.org")
    now, failed = NOW, 0
    for _ in range(20):
        failed += mail.send_due(database, settings, now).failed
        now += timedelta(hours=6)
    assert failed == 12
    assert scalar(database, "SELECT failed_at IS NOT NULL FROM mail")
    assert "nobody@example.org" not in caplog.text


def test_a_password_is_not_sent_over_an_open_connection(
    database: Database, provider_settings: Settings, mailbox: Mailbox
) -> None:
    settings = replace(provider_settings, smtp_url=mailbox.url.replace("smtp://", "smtp://user:secret@"))
    write(database)
    assert mail.send_due(database, settings, NOW) == mail.Sent(0, 1)
    assert scalar(database, "SELECT last_error FROM mail") == smtplib.SMTPNotSupportedError.__name__


@pytest.mark.parametrize("subject", ["Жаңа электрондық пошта мекенжайыңызды растаңыз", "Ша " * 60 + "соңы", "In plain"])
def test_a_long_subject_keeps_every_space(database: Database, provider_settings: Settings, subject: str) -> None:
    with database.change() as unit:
        mail.queue(unit.connection, replace(LETTER, subject=subject), kind="test", address="a@example.org", now=NOW)
    mail.send_due(database, provider_settings, NOW)
    (letter,) = sent_letters(provider_settings)
    assert str(letter["Subject"]) == subject
