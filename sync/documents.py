"""Documents that a person chose, kept encrypted in the profile until the provider has them, and to look at again.

A document is found by the SHA-256 of its content. The file's name is a keyed hash of that, so the folder tells nobody
who holds the same document what is in it.
"""

from __future__ import annotations

import hmac
import logging
import os
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from models.cache.durable import FULL_DISK, replace_file
from models.domain.attachments import MAX_FILE, check_file, clean_name, sniff
from models.domain.problems import Problem
from sync.outbox import EntryRefused

log = logging.getLogger(__name__)

_NONCE: Final = 12
_LASTS: Final = timedelta(days=30)


class KeptDocument(Struct, frozen=True):
    """A document in the profile: the hash of its content, its name, its size in bytes, what it is."""

    sha256: str
    name: str
    size: int
    media_type: str


class Documents:
    """The documents of one profile."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._key = key
        self._cipher = AESGCM(key)

    def keep_file(self, path: Path) -> KeptDocument:
        """Keep a copy of a file; raises :class:`EntryRefused` as :meth:`keep`, and ``file-unreadable``."""
        try:
            with path.open("rb") as file:
                content = file.read(MAX_FILE + 1)
        except OSError as error:
            log.info("%s cannot be read: %s", path.suffix, type(error).__name__)
            raise EntryRefused(Problem("file-unreadable", "file")) from error
        return self.keep(path.name, content)

    def keep(self, name: str, content: bytes) -> KeptDocument:
        """Keep a document durably and return what commands name it by.

        Raises :class:`EntryRefused`: ``file-empty``, ``file-too-large``, ``file-kind``, ``file-name-differs``,
        ``disk-full``, ``disk-failed``.
        """
        if (problem := check_file(name, len(content), content[:16])) is not None:
            raise EntryRefused(problem)
        digest = sha256(content).hexdigest()
        self._write(digest, content)
        return KeptDocument(digest, clean_name(name), len(content), sniff(content[:16]))

    def put_away(self, digest: str, content: bytes) -> None:
        """Keep a document that came from the provider, which may be a cleaned copy of what the hash names."""
        self._write(digest, content)

    def read(self, digest: str) -> bytes | None:
        """Return a document's content, None when it is not here or was damaged."""
        path = self._path(digest)
        try:
            data = path.read_bytes()
            return self._cipher.decrypt(data[:_NONCE], data[_NONCE:], digest.encode())
        except FileNotFoundError:
            return None
        except (OSError, InvalidTag, ValueError) as error:
            log.error("a kept document cannot be read: %s", type(error).__name__)
            return None

    def has(self, digest: str) -> bool:
        """Return whether a document is here."""
        return self._path(digest).exists()

    @property
    def used(self) -> bool:
        """Whether a document was ever kept here."""
        return self._folder.is_dir()

    def forget_old(self, needed: Collection[str], now: datetime) -> int:
        """Delete documents that nothing has needed for a month; returns how many."""
        if not self._folder.is_dir():
            return 0
        spared = {self._path(digest).name for digest in needed}
        oldest = (now - _LASTS).timestamp()
        count = 0
        for path in self._folder.iterdir():
            if path.name not in spared and path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)
                count += 1
        return count

    def _write(self, digest: str, content: bytes) -> None:
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, content, digest.encode())
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(self._path(digest), sealed)
        except OSError as error:
            code = "disk-full" if error.errno in FULL_DISK else "disk-failed"
            raise EntryRefused(Problem(code)) from error

    def _path(self, digest: str) -> Path:
        return self._folder / hmac.new(self._key, digest.encode(), sha256).hexdigest()
