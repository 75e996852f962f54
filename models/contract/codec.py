"""Values to bytes and back, ids, hashes and digests."""

from __future__ import annotations

import hashlib
import os
import time
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_MASK = (1 << 64) - 1


def encode(value: Any) -> bytes:
    """Return ``value`` as compact JSON, fields in declaration order: the same value gives the same bytes."""
    return msgspec.json.encode(value)


def decode(data: bytes, kind: type[T]) -> T:
    """Return the ``kind`` in ``data``; raises ``msgspec.DecodeError`` (or its ValidationError) for anything else."""
    return msgspec.json.decode(data, type=kind)


def sha256(data: bytes) -> str:
    """Return the SHA-256 of ``data`` in hex."""
    return hashlib.sha256(data).hexdigest()


def row_hash(table_number: int, row_id: int, sequence: int) -> int:
    """Return the unsigned 64-bit hash of a row's identity and version, as summed by digests.

    ``table_number`` is ``records.NUMBER[table]``.
    """
    packed = b"%d:%d:%d" % (table_number, row_id, sequence)
    return int.from_bytes(hashlib.blake2b(packed, digest_size=8).digest(), "big")


def add_digest(total: int, *hashes: int) -> int:
    """Return the sum of a digest and hashes modulo 2**64; negative hashes take a row away."""
    return (total + sum(hashes)) & _MASK


def uuid7(now_ms: int | None = None) -> str:
    """Return a new UUID version 7: sortable by creation, never used for ordering by rule.

    The standard library has one only from Python 3.14.
    """
    ms = int(time.time() * 1000) if now_ms is None else now_ms
    number = int.from_bytes(os.urandom(10), "big")
    value = (
        (ms & ((1 << 48) - 1)) << 80
        | 0x7 << 76
        | ((number >> 68) & 0xFFF) << 64
        | 0b10 << 62
        | number & ((1 << 62) - 1)
    )
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
