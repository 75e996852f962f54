"""Uploaded documents are sealed where they lie: whoever has the folder or its copy alone can read none of them.

The key of the installation is in the database, so it is in the database's copies and not in those of the folder. Each
document has a key of its own, derived from that key and the document's hash, so that none can stand for another.
"""

from __future__ import annotations

import os
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, text

_MARK: Final = b"KABINET1"
_NONCE: Final = 12
_NAME: Final = "document-key"
_GET: Final = text("SELECT value FROM installation WHERE name = :name")
_KEEP: Final = text("INSERT INTO installation (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING")


class DocumentDamaged(ValueError):
    """What lies under a document's hash is not what was put there, or was sealed with another installation's key."""


def make_key(connection: Connection) -> None:
    """Make the key of the installation, unless there is one: it is never replaced, by no restore and no new epoch."""
    connection.execute(_KEEP, {"name": _NAME, "value": secrets.token_hex(32)})


def read_key(connection: Connection) -> bytes:
    """Return the key of the installation."""
    return bytes.fromhex(str(connection.execute(_GET, {"name": _NAME}).scalar_one()))


def seal(key: bytes, sha256: str, content: bytes) -> bytes:
    """Return a document as it is kept under its hash: AES-256-GCM, the hash authenticated with it."""
    nonce = os.urandom(_NONCE)
    return _MARK + nonce + AESGCM(_own(key, sha256)).encrypt(nonce, content, sha256.encode())


def unseal(key: bytes, sha256: str, kept: bytes) -> bytes:
    """Return a document; raises :class:`DocumentDamaged`."""
    nonce, sealed = kept[len(_MARK) : len(_MARK) + _NONCE], kept[len(_MARK) + _NONCE :]
    if not kept.startswith(_MARK) or len(nonce) < _NONCE:
        raise DocumentDamaged(sha256)
    try:
        return AESGCM(_own(key, sha256)).decrypt(nonce, sealed, sha256.encode())
    except InvalidTag as failure:
        raise DocumentDamaged(sha256) from failure


def _own(key: bytes, sha256: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"kabinet document " + sha256.encode()).derive(key)
