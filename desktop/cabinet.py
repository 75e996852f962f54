"""A person's cabinet on this computer: the profile's folder, its cache, the client and the way to the provider.

Screens reach it as their ``Entrance``; the command line uses it directly. One folder a person and provider, so that
several residents of one computer see nothing of each other.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

from msgspec import Struct

from desktop.credentials import SystemKeyring
from desktop.paths import Folders
from desktop.settings import Settings
from models.cache.queries import accounts as account_queries
from models.cache.queries import people as person_queries
from models.cache.store import CacheStore
from models.cache.vault import KeyringPort, VaultLocked
from models.domain.problems import Problem
from sync.client import SyncClient
from sync.families import Families
from sync.link import Link
from sync.outbox import EntryRefused
from sync.people import People
from sync.profile import Profile
from sync.transport import Offline, Refused, Transport, TransportError, answered_directly

log = logging.getLogger(__name__)

DEFAULT_ZONE: Final = "Asia/Almaty"


class NotSignedIn(Exception):
    """Nobody is signed in here; ``problem`` says so."""

    def __init__(self) -> None:
        super().__init__("signed-out")
        self.problem = Problem("signed-out")


class Health(Struct, frozen=True):
    """What a provider says of itself to anybody."""

    name: str = ""


class OwnPeople(People):
    """A signed-in person's requests; a changed password opens the data on this computer as well."""

    def __init__(self, transport: Transport, link: Link, profile: Profile) -> None:
        super().__init__(transport, link)
        self._profile = profile

    def change_password(self, current: str, new: str) -> None:
        """Replace the password at the provider, then that of the files here."""
        super().change_password(current, new)
        self._profile.set_password(new)


class Cabinet:
    """Opens, keeps and closes one profile at a time. Methods may wait for disk or network: not for the GUI thread."""

    def __init__(
        self,
        folders: Folders,
        settings: Settings,
        *,
        keyring: KeyringPort | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        transport: Callable[[str], Transport] = Transport,
    ) -> None:
        self._folders = folders
        self._settings = settings
        self._keyring: KeyringPort = keyring if keyring is not None else SystemKeyring()
        self._clock = clock
        self._transport = transport
        self._client: SyncClient | None = None
        self._people: People | None = None

    # The way in

    def connect(self, address: str) -> str:
        """Check a provider's address and remember it; returns the provider's name. Raises TransportError."""
        url = _normal(address)
        transport = self._transport(url)
        try:
            with answered_directly():
                health = transport.get("/health", Health)
        finally:
            transport.close()
        self._settings.set("provider_url", url)
        self._people = None  # they spoke to the provider before
        return health.name

    def people(self) -> People:
        """Return what can be done without signing in."""
        if self._people is None:
            self._people = People(self._transport(self._settings.get("provider_url")))
        return self._people

    def families(self) -> Families:
        """Return what a parent can do without signing in."""
        return Families(self._transport(self._settings.get("provider_url")))

    def sign_in_by_code(self, phone: str, code: str, one_time: str, device_name: str) -> Any:
        """Open a parent's data here with a one-time code, and return ``ui.context.Inside``.

        Without a password only the system's keyring can open the files again. Raises as :meth:`sign_in`.
        """
        login, url = "".join(code.split()), self._settings.get("provider_url")
        folder = self._folder(url, login)
        fresh = not Profile.exists(folder)
        try:
            make = partial(Profile.create, folder, url) if fresh else partial(Profile.open, folder)
            profile = make(keyring=self._keyring)
        except VaultLocked:
            if fresh:
                shutil.rmtree(folder, ignore_errors=True)
            raise
        try:
            client = SyncClient(profile, self._transport(url), clock=self._clock)
            client.sign_in_by_code(phone, code, one_time, device_name)
        except Exception:
            profile.close()
            if fresh:
                shutil.rmtree(folder, ignore_errors=True)
            raise
        self._settings.set("login", login)
        return self._inside(profile)

    def sign_in(self, login: str, password: str, device_name: str) -> Any:
        """Open the person's data here, with a line or without, and return ``ui.context.Inside``.

        A profile of this person opens by its password first, so that a cut line locks nobody out. Raises
        TransportError, VaultLocked or EntryRefused, each with a ``problem``.
        """
        login = login.strip()
        url = self._settings.get("provider_url")
        folder = self._folder(url, login)
        fresh = not Profile.exists(folder)
        if fresh:
            profile = self._enrol(folder, url, login, password, device_name)
        else:
            profile = self._reopen(folder, url, login, password, device_name)
        profile.set_keyring(self._keyring)
        self._settings.set("login", login)
        return self._inside(profile)

    def open_last(self, password: str | None = None) -> Any:
        """Open the profile used last, by the keyring or a password; None when nothing opens without a question."""
        url, login = self._settings.get("provider_url"), self._settings.get("login")
        folder = self._folder(url, login)
        if not (url and login and Profile.exists(folder)):
            return None
        try:
            profile = Profile.open(folder, password=password, keyring=self._keyring)
        except VaultLocked as locked:
            if password is not None:
                raise
            log.info("the profile needs its password: %s", locked.problem.code)
            return None
        if not profile.identity.signed_in:
            profile.close()
            return None
        return self._inside(profile)

    def sign_out(self, *, force: bool = False) -> None:
        """End the session. The files go; with ``force`` and unsent work they stay, encrypted, for the next time.

        Raises EntryRefused ``work-waits`` while something waits and ``force`` is not set.
        """
        client = self.client
        client.sign_out(force=force)
        profile, waits = client.profile, bool(client.waiting())
        profile.vault.remove("keyring", self._keyring)
        self.close()
        if not waits:
            shutil.rmtree(profile.folder, ignore_errors=True)
        self._settings.set("login", "")

    # What is open

    @property
    def client(self) -> SyncClient:
        """The client of the open profile; raises NotSignedIn."""
        if self._client is None:
            raise NotSignedIn
        return self._client

    @property
    def store(self) -> CacheStore:
        """The cache of the open profile; raises NotSignedIn."""
        return self.client.store

    @property
    def is_open(self) -> bool:
        """Whether a profile is open."""
        return self._client is not None

    def zone(self) -> str:
        """Return the zone in which moments are shown: that of the first account's provider."""
        found = self.store.read(lambda c: account_queries.accounts(c, limit=1))
        return found[0].provider.zone if found else DEFAULT_ZONE

    def check(self) -> list[Problem]:
        """Check every file of the profile thoroughly; a damaged cache is marked to be made again at the next sync."""
        findings = list(self.client.profile.findings)
        if self.store.check(thorough=True):
            self.client.profile.needs_rebuild.set()
            findings.append(Problem("cache-damaged"))
        return findings

    def close(self) -> None:
        """Close the files; what waits stays in them."""
        if self._client is not None:
            client, self._client = self._client, None
            client.profile.close()
            client.transport.close()

    # Inside

    def _folder(self, url: str, login: str) -> Path:
        who = hashlib.sha256(f"{url}\n{login.casefold()}".encode()).hexdigest()[:16]
        return self._folders.data / "profiles" / who

    def _enrol(self, folder: Path, url: str, login: str, password: str, device_name: str) -> Profile:
        profile = Profile.create(folder, url, password=password)
        try:
            SyncClient(profile, self._transport(url), clock=self._clock).sign_in(login, password, device_name)
        except Exception:
            # Nobody was let in, so there is nothing to keep.
            profile.close()
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return profile

    def _reopen(self, folder: Path, url: str, login: str, password: str, device_name: str) -> Profile:
        try:
            profile = Profile.open(folder, password=password)
        except VaultLocked as locked:
            if locked.problem.code != "profile-wrong-password":
                raise
            return self._open_after_new_password(folder, url, login, password, device_name, locked)
        try:
            SyncClient(profile, self._transport(url), clock=self._clock).sign_in(login, password, device_name)
        except Offline:
            if not profile.identity.signed_in:
                profile.close()
                raise
        except (TransportError, EntryRefused) as error:
            refused = isinstance(error, Refused) and error.status in (401, 403)
            if refused or not profile.identity.signed_in:
                profile.close()
                raise
        return profile

    def _open_after_new_password(
        self, folder: Path, url: str, login: str, password: str, device_name: str, locked: VaultLocked
    ) -> Profile:
        """Open by the keyring's slot when the password does not fit the files but the provider takes it: it is new."""
        try:
            profile = Profile.open(folder, keyring=self._keyring)
        except VaultLocked:
            raise locked from None
        try:
            SyncClient(profile, self._transport(url), clock=self._clock).sign_in(login, password, device_name)
        except TransportError:
            profile.close()
            raise
        profile.set_password(password)
        return profile

    def _inside(self, profile: Profile) -> Any:
        from ui.context import Inside

        self.close()
        transport = self._transport(profile.identity.provider_url)
        self._client = SyncClient(profile, transport, clock=self._clock)
        name = ""
        with contextlib.suppress(Exception):  # a lease that ended hides the name, and no more
            person = self.store.read(person_queries.person)
            name = person.name if person else ""
        identity = profile.identity
        return Inside(
            store=self.store,
            client=self._client,
            people=cast(Any, OwnPeople(transport, self._client.link, profile)),
            login=identity.login,
            name=name,
            roles=tuple(identity.roles) or ("resident",),
            families=cast(Any, Families(transport, self._client.link)),
        )


def _normal(address: str) -> str:
    """Return a typed address as a URL; a bare name means https, a bare loopback address http."""
    text = address.strip().rstrip("/")
    if "://" not in text:
        local = text.startswith(("127.", "localhost", "[::1]"))
        text = f"{'http' if local else 'https'}://{text}"
    return text
