"""Files that survive a power cut: atomic replacement with two generations, and locks between processes."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

FULL_DISK: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the operating system says when a file cannot grow: no space, no quota, or a limit on the file's size."""


def sync_folder(folder: Path) -> None:
    """Make names created or replaced in ``folder`` durable; Windows does so by itself."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(path: Path, data: bytes, *, previous: Path | None = None) -> None:
    """Replace the content of ``path`` at once and durably; the old content stays under ``previous`` if that is given.

    Readable by the owner only. Raises OSError and then leaves the old content as it was.
    """
    fresh = path.with_name(path.name + ".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    try:
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(handle, view) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        if previous is not None and path.exists():
            kept = previous.with_name(previous.name + ".new")
            with suppress(FileNotFoundError):
                kept.unlink()
            _copy_name(path, kept)
            kept.replace(previous)
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise
    sync_folder(path.parent)


def _copy_name(source: Path, target: Path) -> None:
    """Give ``source`` a second name; file systems without hard links get a copy."""
    try:
        os.link(source, target)
    except OSError:
        target.write_bytes(source.read_bytes())


def set_aside(path: Path, reason: str, keep: int = 3) -> Path | None:
    """Rename a file so that it is kept but no longer used; returns its new name, None when there was no file.

    At most ``keep`` files set aside for the same name stay; older ones are removed.
    """
    if not path.exists():
        return None
    target = aside_name(path, reason)
    path.replace(target)
    kept = sorted(path.parent.glob(f"{path.name}.{reason}-*"), key=lambda file: file.stat().st_mtime)
    for old in kept[:-keep]:
        with suppress(OSError):
            old.unlink()
    sync_folder(path.parent)
    return target


def aside_name(path: Path, reason: str) -> Path:
    """Return a free name beside ``path`` for what is set aside."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    target = path.with_name(f"{path.name}.{reason}-{stamp}")
    number = 1
    while target.exists():
        number += 1
        target = path.with_name(f"{path.name}.{reason}-{stamp}-{number}")
    return target


class FileLock:
    """An exclusive lock between processes, freed by the operating system when its holder dies.

    One instance is for one thread at a time; it is not re-entrant.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def acquire(self, timeout: float = 0.0) -> bool:
        """Return whether the lock is ours now; waits up to ``timeout`` seconds for another holder."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        end = time.monotonic() + timeout
        while True:
            if _try_lock(handle):
                self._handle = handle
                return True
            if time.monotonic() >= end:
                os.close(handle)
                return False
            time.sleep(0.005)

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._handle is not None:
            handle, self._handle = self._handle, None
            _unlock(handle)
            os.close(handle)

    @contextmanager
    def held(self, timeout: float) -> Iterator[None]:
        """Hold the lock inside the block; raises TimeoutError when another process keeps it longer than ``timeout``."""
        if not self.acquire(timeout):
            raise TimeoutError(str(self._path))
        try:
            yield
        finally:
            self.release()


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            os.lseek(handle, 0, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
