"""Who this profile is to the provider: the device's key, its number, and the tokens of the signed-in person.

It lies in a small encrypted file of its own with two generations, so that it outlives any rebuilding of the cache.
"""

from __future__ import annotations

import logging
import os
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from models.cache.durable import replace_file

log = logging.getLogger(__name__)

FILE: Final = "identity"
PREVIOUS: Final = "identity.previous"
_NONCE: Final = 12


class Identity(Struct, frozen=True, kw_only=True):
    """The device and the person; ``device_id`` is 0 before the first sign-in and after a fork."""

    provider_url: str
    device_key: str  # Ed25519 private key, hex
    device_id: int = 0
    device_name: str = ""
    user_id: int = 0
    login: str = ""
    roles: list[str] = []
    access_token: str = ""
    access_until: datetime | None = None
    refresh_token: str = ""
    epoch: str = ""

    @property
    def signed_in(self) -> bool:
        """Whether the provider should know us without asking for the password."""
        return bool(self.device_id and self.refresh_token)

    def private_key(self) -> Ed25519PrivateKey:
        """Return the device's key for signing."""
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.device_key))

    def public_key(self) -> str:
        """Return the public half of the device's key, hex."""
        return self.private_key().public_key().public_bytes_raw().hex()


class IdentityLost(Exception):
    """Neither generation of the identity could be read."""


def new_device_key() -> str:
    """Return a fresh device key, hex."""
    return Ed25519PrivateKey.generate().private_bytes_raw().hex()


class IdentityFile:
    """The encrypted file with the identity; :meth:`save` is durable before it returns."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._path = folder / FILE
        self._previous = folder / PREVIOUS
        self._cipher = AESGCM(key)

    def load(self) -> Identity:
        """Return the newest readable identity; raises :class:`IdentityLost`."""
        for path in (self._path, self._previous):
            try:
                data = path.read_bytes()
                plain = self._cipher.decrypt(data[:_NONCE], data[_NONCE:], FILE.encode())
                return msgspec.json.decode(plain, type=Identity)
            except (OSError, InvalidTag, ValueError, msgspec.DecodeError) as error:
                level = logging.DEBUG if isinstance(error, FileNotFoundError) else logging.WARNING
                log.log(level, "%s cannot be read: %s", path.name, type(error).__name__)
        raise IdentityLost

    def save(self, identity: Identity) -> None:
        """Replace the identity; raises OSError and then the old one stays."""
        nonce = os.urandom(_NONCE)
        sealed = self._cipher.encrypt(nonce, msgspec.json.encode(identity), FILE.encode())
        replace_file(self._path, nonce + sealed, previous=self._previous)
