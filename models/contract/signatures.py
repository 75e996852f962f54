"""Signatures of devices over the bytes of their commands."""

from __future__ import annotations

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_DOMAIN = b"kabinet/command/v1\0"


def sign(key: Ed25519PrivateKey, body: bytes) -> str:
    """Return the device's signature over a command's bytes, in hex."""
    return key.sign(_DOMAIN + hashlib.sha256(body).digest()).hex()


def verify(public_key: str, body: bytes, signature: str) -> bool:
    """Return whether ``signature`` was made over ``body`` with the key whose public half is ``public_key`` (hex)."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), _DOMAIN + hashlib.sha256(body).digest())
    except (InvalidSignature, ValueError):
        return False
    return True
