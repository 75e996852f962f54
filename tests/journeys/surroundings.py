"""What is around the program: the clock, the keyring, the post, the provider's books, and how a paper is read."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from sqlalchemy import select

from models.cache.vault import Hardness
from models.domain.period import Month
from provider.jobs.rounds import letters_round, mailing_round
from provider.services.billing import bill
from provider.store.tables_utility import meter, reading
from sync.profile import Profile
from tests.fixtures.provider import ProviderServer


class Clock:
    """A clock that goes on from a given instant."""

    def __init__(self, begin: datetime) -> None:
        self._begin = begin
        self._started = time.monotonic()

    def __call__(self) -> datetime:
        """Return the instant now."""
        return self._begin + timedelta(seconds=time.monotonic() - self._started)

    def go(self, moment: datetime) -> None:
        """Go on from another instant."""
        self._begin, self._started = moment, time.monotonic()


class Keyring:
    """A keyring that keeps what it is given."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def get(self, name: str) -> bytes | None:
        """Return what is kept."""
        return self.kept.get(name)

    def set(self, name: str, key: bytes) -> bool:
        """Keep."""
        self.kept[name] = key
        return True

    def delete(self, name: str) -> None:
        """Forget."""
        self.kept.pop(name, None)


class SmallProfile(Profile):
    """A profile that holds back little of the disk and is cheap to open."""

    @classmethod
    def create(cls, folder: Path, provider_url: str, **options: Any) -> Profile:
        """Create with a cheap key."""
        return super().create(folder, provider_url, hardness=Hardness(64, 1, 1), ballast=1 << 20, **options)

    @classmethod
    def open(cls, folder: Path, **options: Any) -> Profile:
        """Open with little ballast."""
        return super().open(folder, ballast=1 << 20, **options)


class Post:
    """The letters of a provider, as files."""

    def __init__(self, server: ProviderServer) -> None:
        self._server = server
        self._folder = server.settings.letters

    def letters(self, address: str) -> list[EmailMessage]:
        """Send what is due and return all letters to this address, oldest first."""
        letters_round(self._server.database, self._server.settings)
        found = []
        for path in sorted(self._folder.glob("*.eml"), key=lambda path: int(path.stem)):
            letter = message_from_bytes(path.read_bytes(), policy=policy.default)
            assert isinstance(letter, EmailMessage)
            if letter["To"] == address:
                found.append(letter)
        return found

    def mailing(self) -> None:
        """Charge January, as the provider does in its time, and run the monthly mailing."""
        bill(self._server.database, Month(2024, 1), "oskemen")
        mailing_round(self._server.database, self._server.settings.clock())

    def text(self, address: str) -> str:
        """Return the words of the last letter to this address."""
        body = self.letters(address)[-1].get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    def link(self, address: str) -> str:
        """Return the first link of the last letter to this address."""
        return next(word for word in self.text(address).split() if word.startswith("http"))


def pdf_text(data: bytes) -> str:
    """Return the words of a document."""
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).replace("\u00a0", " ")


def readings_at(server: ProviderServer, number: str) -> list[int]:
    """Return every value that the provider has for a meter, in the order in which they came."""
    with server.database.read() as connection:
        rows = connection.execute(
            select(reading.c.value)
            .join(meter, meter.c.id == reading.c.meter_id)
            .where(meter.c.number == number)
            .order_by(reading.c.id)
        )
        return [int(row.value) for row in rows]
