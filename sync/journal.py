"""The journal: an append-only encrypted file into which everything a person enters goes first, durably.

The cache holds the same in its outbox table; either of the two makes the other again. Appending is synchronised to disk
before it returns. A failed append leaves the file as it was. Callers hold the profile's entry lock.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from models.cache.durable import FULL_DISK, aside_name, replace_file, sync_folder
from models.cache.outbox import Tail
from sync.frames import FORMAT, SEAL, Begin, Frame, Record, Scan, pack, scan

log = logging.getLogger(__name__)

_WRITE: Final = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)


class JournalFull(Exception):
    """The disk has no room; nothing of the record was kept."""


class JournalFailed(Exception):
    """The disk failed; nothing of the record counts as kept."""


class JournalNewer(Exception):
    """A newer version of the program wrote this journal; this one must not touch it."""


class Journal:
    """An open journal. ``number`` and ``seal`` are those of its last frame."""

    def __init__(self, path: Path, key: bytes, profile: str) -> None:
        """Open or begin the journal at ``path``; :attr:`scan` says what was found there.

        Raises :class:`JournalNewer`, and :class:`JournalFull` or :class:`JournalFailed` when a first frame cannot be
        written.
        """
        self.path = path
        self.number = 0
        self.seal = bytes(SEAL)
        self.size = 0
        self._cipher = AESGCM(key)
        self._profile = profile
        self._handle: int | None = None
        self._inode: tuple[int, int] = (0, 0)
        self.scan = self._open()
        if not self.scan.frames and not self.scan.damage:
            self.append(Begin(FORMAT, profile, Tail()))
            sync_folder(path.parent)

    def append(self, *records: Record) -> int:
        """Write records durably and return the number of the last one; on any failure the file stays as it was."""
        data = bytearray()
        number, seal = self.number, self.seal
        for record in records:
            number += 1
            packed, seal = pack(self._cipher, number, seal, record)
            data += packed
        handle = self._open_handle()
        try:
            os.lseek(handle, self.size, os.SEEK_SET)
            view = memoryview(bytes(data))
            while view:
                view = view[os.write(handle, view) :]
            os.fsync(handle)
        except OSError as error:
            self._cut(self.size)
            if error.errno in FULL_DISK:
                raise JournalFull(str(error)) from error
            raise JournalFailed(str(error)) from error
        self.number, self.seal = number, seal
        self.size += len(data)
        return number

    def mark(self) -> tuple[int, bytes, int]:
        """Return where the file ends now, for :meth:`back_to`."""
        return self.number, self.seal, self.size

    def back_to(self, mark: tuple[int, bytes, int]) -> None:
        """Take back what was appended after ``mark``; nobody may have been told of it."""
        self._cut(mark[2])
        self.number, self.seal, self.size = mark

    def refresh(self) -> None:
        """Learn what other processes have appended, or that one of them has replaced the file."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            self._close()
            self.scan = self._open()
            return
        if (status.st_dev, status.st_ino) != self._inode:
            self._close()
            self.scan = self._open()
        elif status.st_size > self.size:
            self._take(scan(self._cipher, self._read(), start=self.size, number=self.number, seal=self.seal))

    def frames(self, after: int = 0) -> list[Frame]:
        """Return the readable frames with a number above ``after``."""
        return [frame for frame in scan(self._cipher, self._read()).frames if frame.number > after]

    def rewrite(self, tail: Tail, records: Iterable[Record], *, above: int = 0, reason: str = "") -> None:
        """Replace the file by one that begins with ``tail`` and holds ``records``; set the old one aside if ``reason``.

        Numbers go on above both the old file's and ``above``, so that they never repeat.
        """
        number = max(self.number, above)
        seal = bytes(SEAL)
        data = bytearray()
        for record in (Begin(FORMAT, self._profile, tail), *records):
            number += 1
            packed, seal = pack(self._cipher, number, seal, record)
            data += packed
        fresh = self.path.with_name(self.path.name + ".rewritten")
        try:
            replace_file(fresh, bytes(data))
            if reason:
                kept = aside_name(self.path, reason)
                kept.write_bytes(self._read())
                log.warning("the journal is written anew (%s); the old file is %s", reason, kept)
            self._close()
            fresh.replace(self.path)
        except OSError as error:
            with suppress(OSError):
                fresh.unlink()
            self._open()
            if error.errno in FULL_DISK:
                raise JournalFull(str(error)) from error
            raise JournalFailed(str(error)) from error
        sync_folder(self.path.parent)
        self.scan = self._open()

    def close(self) -> None:
        """Close the file."""
        self._close()

    def _open(self) -> Scan:
        """Read the file from its beginning and cut a last write that was torn."""
        self.number, self.seal, self.size = 0, bytes(SEAL), 0
        handle = self._open_handle()
        status = os.fstat(handle)
        self._inode = (status.st_dev, status.st_ino)
        data = self._read()
        found = scan(self._cipher, data)
        first = found.frames[0].record if found.frames else None
        if isinstance(first, Begin) and first.format > FORMAT:
            raise JournalNewer(str(first.format))
        self._take(found)
        self.size = len(data) - found.torn
        if found.torn:
            log.info("the last write of the journal was cut off by %d bytes; it had not been confirmed", found.torn)
            self._cut(self.size)
        return found

    def _take(self, found: Scan) -> None:
        if found.frames:
            last = found.frames[-1]
            self.number, self.seal, self.size = last.number, last.seal, last.end

    def _cut(self, size: int) -> None:
        handle = self._open_handle()
        with suppress(OSError):
            os.ftruncate(handle, size)
            os.fsync(handle)

    def _read(self) -> bytes:
        return self.path.read_bytes()

    def _open_handle(self) -> int:
        if self._handle is None:
            self._handle = os.open(self.path, _WRITE, 0o600)
        return self._handle

    def _close(self) -> None:
        if self._handle is not None:
            handle, self._handle = self._handle, None
            os.close(handle)


class Ballast:
    """A file that only takes room, so that on a full disk there is something to give back.

    While it cannot be made again, new entries are refused and everything else goes on.
    """

    def __init__(self, path: Path, size: int) -> None:
        self._path = path
        self._size = size

    def ready(self) -> bool:
        """Return whether the room is held, taking it if it was given back; an OSError counts as no."""
        try:
            if self._path.exists() and self._path.stat().st_size >= self._size:
                return True
            handle = os.open(self._path, _WRITE, 0o600)
            try:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(handle, 0, self._size)
                else:
                    for _start in range(0, self._size, 1 << 20):
                        os.write(handle, bytes(1 << 20))
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            log.warning("no room for the ballast: %s", error)
            self.release()
            return False
        return True

    def release(self) -> None:
        """Give the room back."""
        with suppress(OSError):
            self._path.unlink()
