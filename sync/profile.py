"""A profile: the folder of one person's cabinet with its vault, identity, journal, cache and locks.

Opening heals what can be healed: a damaged, missing or foreign cache is set aside and made again, the outbox comes from
whichever of journal and cache has it, and :attr:`Profile.findings` says what was found.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from models.cache import outbox as table
from models.cache import vault as vaults
from models.cache.driver import DriverError, connect
from models.cache.durable import FileLock, replace_file, set_aside
from models.cache.store import FILES, CacheDamaged, CacheMismatch, CacheStore, set_local
from models.cache.vault import Hardness, KeyringPort, Vault, VaultLocked, derived
from models.domain.problems import Problem
from sync.documents import Documents
from sync.frames import Begin, Enrolled, Record
from sync.identity import Identity, IdentityFile, IdentityLost, new_device_key
from sync.journal import Ballast, Journal, JournalFailed, JournalFull, JournalNewer
from sync.outbox import EntryRefused, Outbox, Recovery, apply, records

log = logging.getLogger(__name__)

BALLAST: Final = 48 << 20
"""Bytes held back on the disk: twice the limit of the cache's write-ahead log, and some more."""
CHECK_BELOW: Final = 64 << 20
"""A cache smaller than this is checked whenever it is opened (0.15 s); a larger one during the first sync."""
_ABOUT: Final = "profile.json"


class About(Struct, frozen=True):
    """What may be known without a key."""

    format: int
    provider_url: str


class Salvage(Struct, frozen=True):
    """What could be read from a cache that is being replaced."""

    records: list[Record] = []
    tail: table.Tail = table.Tail()
    local: dict[str, str] = {}


class Profile:
    """An open profile. Several processes may open the same one; :attr:`sender` decides which of them synchronises."""

    def __init__(self, folder: Path, vault: Vault, key: bytes, *, ballast: int = BALLAST) -> None:
        """Open with a key that the vault gave; see :meth:`create` and :meth:`open`."""
        self.folder = folder
        self.vault = vault
        self.findings: list[Problem] = []
        self.recovery_code = ""
        self.on_change: Callable[[], None] = lambda: None
        self.sender = FileLock(folder / "sender.lock")
        self.session = FileLock(folder / "session.lock")
        """Held while tokens are exchanged."""
        self._identity_lock = threading.RLock()
        self._identity_file = IdentityFile(folder, derived(key, "identity"))
        self._key = key
        try:
            journal = Journal(folder / "journal", derived(key, "journal"), vault.profile)
        except JournalNewer as error:
            raise VaultLocked(Problem("profile-newer")) from error
        except JournalFull as error:
            raise EntryRefused(Problem("disk-full")) from error
        except JournalFailed as error:
            raise EntryRefused(Problem("disk-failed")) from error
        self.journal = journal
        self.documents = Documents(folder / "documents", derived(key, "documents"))
        self.needs_rebuild = threading.Event()
        """Set when the cache turned out to be damaged while in use."""
        self.store = self._open_store()
        self.store.on_damage = self.needs_rebuild.set
        self.outbox = Outbox(self.store, journal, FileLock(folder / "entry.lock"), Ballast(folder / "ballast", ballast))
        self._report(self.outbox.recover())
        self.identity = self._load_identity()
        self._copy_identity()

    @classmethod
    def create(
        cls,
        folder: Path,
        provider_url: str,
        *,
        password: str | None = None,
        keyring: KeyringPort | None = None,
        recovery: bool = False,
        hardness: Hardness | None = None,
        ballast: int = BALLAST,
    ) -> Profile:
        """Make a profile for a provider; :attr:`recovery_code` is shown once when one was asked for.

        Raises VaultLocked when no slot could be made, EntryRefused (``disk-full``), FileExistsError for a folder that
        holds a profile.
        """
        folder.mkdir(parents=True, exist_ok=True)
        if vaults.exists(folder):
            raise FileExistsError(str(folder))
        about = About(1, provider_url.rstrip("/"))
        replace_file(folder / _ABOUT, msgspec.json.encode(about))
        vault, key, code = Vault.create(
            folder, password=password, keyring=keyring, recovery=recovery, hardness=hardness
        )
        profile = cls(folder, vault, key, ballast=ballast)
        profile.recovery_code = code
        return profile

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        password: str | None = None,
        keyring: KeyringPort | None = None,
        recovery: str | None = None,
        ballast: int = BALLAST,
    ) -> Profile:
        """Open a profile with whichever secret fits; raises :class:`VaultLocked` when none does."""
        vault = Vault(folder)
        return cls(folder, vault, vault.unlock(password=password, keyring=keyring, recovery=recovery), ballast=ballast)

    @staticmethod
    def exists(folder: Path) -> bool:
        """Return whether the folder holds a profile."""
        return vaults.exists(folder)

    def close(self) -> None:
        """Close every file."""
        self.sender.release()
        self.store.close()
        self.journal.close()

    def set_password(self, password: str, hardness: Hardness | None = None) -> None:
        """Make the vault open with this password, for instance after the provider's was changed."""
        self.vault.set_password(self._key, password, hardness)

    def set_keyring(self, keyring: KeyringPort) -> bool:
        """Make the vault open by the system's keyring; returns False when there is no usable one."""
        return self.vault.set_keyring(self._key, keyring)

    def save_identity(self, **changes: object) -> Identity:
        """Change fields of the identity durably and return it."""
        with self._identity_lock:
            before = self.identity
            self.identity = msgspec.structs.replace(self.identity, **changes)
            self._identity_file.save(self.identity)
            if (before.device_key, before.device_id) != (self.identity.device_key, self.identity.device_id):
                self._copy_identity()
            return self.identity

    def reload_identity(self) -> Identity:
        """Return the identity as another process may have left it."""
        with self._identity_lock:
            try:
                self.identity = self._identity_file.load()
            except IdentityLost:
                self._identity_file.save(self.identity)
            return self.identity

    def rebuild_cache(self, reason: str = "damaged") -> None:
        """Set the cache aside and make an empty one with the outbox in it; the rows come with the next sync."""
        with self.outbox.exclusive():
            self.needs_rebuild.clear()
            salvage = self._salvage()
            self.store.close()
            self._set_cache_aside(reason)
            self.store.reopen()
            self._restore(self.store, salvage)
        self._report(self.outbox.recover())
        self.findings.append(Problem("cache-damaged"))

    def check(self, *, thorough: bool = True) -> list[str]:
        """Return what is wrong with the local files, nothing when they are sound."""
        found = self.store.check(thorough=thorough)
        with self.outbox.exclusive():
            journal = Journal(self.journal.path, derived(self._key, "journal"), self.vault.profile)
        try:
            found += [f"journal: bytes {start} to {end}" for start, end in journal.scan.damage]
            if journal.scan.missing:
                found.append(f"journal: {journal.scan.missing} frames are missing")
        finally:
            journal.close()
        return found

    def _open_store(self) -> CacheStore:
        path = self.folder / "cache.db"
        key = derived(self._key, "cache")
        unclean = path.with_name(path.name + "-wal").exists()
        try:
            store = CacheStore.open(path, key)
            if unclean or path.stat().st_size < CHECK_BELOW:
                wrong = store.check()
                if wrong:
                    store.close()
                    raise CacheDamaged(wrong[0])
            return store
        except (CacheDamaged, CacheMismatch) as error:
            damaged = isinstance(error, CacheDamaged)
            log.error("the cache is set aside: %s", error)
            salvage = self._salvage()
            self._set_cache_aside("damaged" if damaged else "other-version")
            store = CacheStore.open(path, key)
            self._restore(store, salvage)
            if damaged:
                self.findings.append(Problem("cache-damaged"))
            return store

    def _salvage(self) -> Salvage:
        """Return the outbox and the local values of the present cache file, as far as they can be read."""
        path = self.folder / "cache.db"
        found = Salvage()
        if not path.exists():
            return found
        try:
            connection = connect(path, derived(self._key, "cache"))
        except (CacheDamaged, DriverError) as error:
            log.warning("nothing could be read from the old cache: %s", error)
            return found
        try:
            items = table.everything(connection)
            found = Salvage(records(items), table.tail(connection))
            keep = "key = 'journal' OR key LIKE 'draft:%' OR key LIKE 'read:%'"
            rows = connection.execute(f"SELECT key, value FROM local WHERE {keep}").fetchall()  # noqa: S608
            found = Salvage(found.records, found.tail, dict(rows))
        except (DriverError, CacheDamaged, msgspec.MsgspecError, sqlite3.Error) as error:
            log.warning("only a part of the old cache could be read: %s", error)
        finally:
            connection.close()
        return found

    def _restore(self, store: CacheStore, salvage: Salvage) -> None:
        """Put what was salvaged into a new cache."""
        with store.write() as connection:
            apply(connection, 0, Begin(1, self.vault.profile, salvage.tail))
            for number, record in enumerate(salvage.records, 1):
                apply(connection, number, record, fill=True)
            for name, value in salvage.local.items():
                set_local(connection, name, value)

    def _set_cache_aside(self, reason: str) -> None:
        path = self.folder / "cache.db"
        for ending in FILES:
            set_aside(path.with_name(path.name + ending), reason)

    def _report(self, recovery: Recovery) -> None:
        if recovery.journal_damaged:
            self.findings.append(Problem("journal-damaged"))
        if recovery.replayed:
            log.info("%d entries came back from the journal, %d are waiting", recovery.replayed, recovery.waiting)

    def _load_identity(self) -> Identity:
        try:
            return self._identity_file.load()
        except IdentityLost:
            pass  # A new profile, or a lost file: the journal has a copy of what cannot be made again.
        for frame in reversed(self.journal.frames()):
            if isinstance(frame.record, Enrolled):
                identity = msgspec.json.decode(frame.record.identity, type=Identity)
                break
        else:
            about = msgspec.json.decode((self.folder / _ABOUT).read_bytes(), type=About)
            identity = Identity(provider_url=about.provider_url, device_key=new_device_key())
        self._identity_file.save(identity)
        return identity

    def _copy_identity(self) -> None:
        """Keep a copy of the device's key in the journal, unless the newest one is the same."""
        bare = msgspec.structs.replace(self.identity, access_token="", access_until=None, refresh_token="")
        copy = Enrolled(msgspec.Raw(msgspec.json.encode(bare)))
        for frame in reversed(self.journal.frames()):
            if isinstance(frame.record, Enrolled):
                kept = msgspec.json.decode(frame.record.identity, type=Identity)
                if (kept.device_key, kept.device_id) == (bare.device_key, bare.device_id):
                    return
                break
        self.outbox.write(copy)
