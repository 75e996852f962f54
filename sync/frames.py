"""Frames of the journal: sealed records, each bound to the one before, found again after damage.

Layout: magic (8), length of the sealed part (4), number (8), seal of the frame before (16), nonce (12), sealed part.
The sealed part is AES-256-GCM over the record with everything before the nonce as associated data; its last 16 bytes
are the seal to which the next frame points. So a frame can be neither changed, moved, dropped nor put in unnoticed.
"""

from __future__ import annotations

import os
import struct
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from models.cache.outbox import Entry, Tail
from models.contract.commands import Signed
from models.contract.outcomes import CommandOutcome

MAGIC: Final = b"\x8fKabJ\x01\r\n"
FORMAT: Final = 1
_HEAD: Final = struct.Struct("<8sIQ16s")
_NONCE: Final = 12
SEAL: Final = 16
MAX_RECORD: Final = 4_000_000


class Begin(Struct, frozen=True, tag="begin"):
    """First frame of a file: which format, and where the device's chain stood when older frames were left out."""

    format: int
    profile: str
    tail: Tail


class Entered(Struct, frozen=True, tag="entered"):
    """A person entered something."""

    entry: Entry


class SealedCommand(Struct, frozen=True):
    """The bytes of a command as they will travel."""

    id: str
    device: int
    n: int
    signed: Signed


class Sealed(Struct, frozen=True, tag="sealed"):
    """Commands got their ordinals and signatures; from here on they may have reached the provider."""

    commands: list[SealedCommand]


class Unsealed(Struct, frozen=True, tag="unsealed"):
    """Commands will travel under another device's identity."""

    ids: list[str]


class Answered(Struct, frozen=True, tag="answered"):
    """The provider answered; ``settled`` when the outcomes also came as rows."""

    outcomes: list[CommandOutcome]
    settled: bool


class Reopened(Struct, frozen=True, tag="reopened"):
    """The provider was restored: commands are sent again."""

    ids: list[str]


class Ended(Struct, frozen=True, tag="ended"):
    """A person withdrew or acknowledged an entry."""

    id: str
    how: str
    at: str


class Enrolled(Struct, frozen=True, tag="enrolled"):
    """Copy of the identity, so that it survives the loss of its own file."""

    identity: msgspec.Raw


Record = Begin | Entered | Sealed | Unsealed | Answered | Reopened | Ended | Enrolled

_decoder: Final[msgspec.json.Decoder[Record]] = msgspec.json.Decoder(Record)


class Frame(Struct, frozen=True):
    """A frame as read: its number, its seal, its record, and where it lies."""

    number: int
    seal: bytes
    previous: bytes
    record: Record
    start: int
    end: int


class Scan(Struct, frozen=True):
    """What a file holds. ``damage`` lists spans of bytes that are no frames; ``torn`` is a last write that was cut."""

    frames: list[Frame]
    damage: list[tuple[int, int]]
    missing: int
    torn: int

    @property
    def sound(self) -> bool:
        """Whether every frame is there and in order."""
        return not self.damage and not self.missing


def pack(cipher: AESGCM, number: int, previous: bytes, record: Record) -> tuple[bytes, bytes]:
    """Return a frame's bytes and its seal."""
    plain = msgspec.json.encode(record)
    head = _HEAD.pack(MAGIC, len(plain) + SEAL, number, previous)
    nonce = os.urandom(_NONCE)
    sealed = cipher.encrypt(nonce, plain, head)
    return head + nonce + sealed, sealed[-SEAL:]


def scan(cipher: AESGCM, data: bytes, *, start: int = 0, number: int = 0, seal: bytes = bytes(SEAL)) -> Scan:
    """Return the frames in ``data`` from ``start``, going on at the next magic after damage.

    ``number`` and ``seal`` are those of the frame before ``start``.
    """
    frames: list[Frame] = []
    damage: list[tuple[int, int]] = []
    missing = 0
    position = start
    end = len(data)
    while position < end:
        frame = _frame_at(cipher, data, position)
        if frame is not None:
            if frame.number > number:
                begins = not frames and not damage and number == 0 and isinstance(frame.record, Begin)
                if not begins:  # a compacted file begins with a higher number
                    missing += frame.number - number - 1
                    missing += frame.number == number + 1 and frame.previous != seal
                frames.append(frame)
                number, seal = frame.number, frame.seal
            position = frame.end
            continue
        found = data.find(MAGIC, position + 1)
        while found >= 0 and _frame_at(cipher, data, found) is None:
            found = data.find(MAGIC, found + 1)
        stop = end if found < 0 else found
        if found < 0 and _cut(data, position):
            return Scan(frames, damage, missing, end - position)
        damage.append((position, stop))
        position = stop
    return Scan(frames, damage, missing, 0)


def _frame_at(cipher: AESGCM, data: bytes, position: int) -> Frame | None:
    """Return the sound frame that begins at ``position``, None when there is none."""
    body = position + _HEAD.size
    if body + _NONCE > len(data):
        return None
    magic, length, number, previous = _HEAD.unpack_from(data, position)
    stop = body + _NONCE + length
    if magic != MAGIC or not SEAL <= length <= MAX_RECORD + SEAL or stop > len(data):
        return None
    sealed = data[body + _NONCE : stop]
    try:
        plain = cipher.decrypt(data[body : body + _NONCE], sealed, data[position:body])
        record = _decoder.decode(plain)
    except (InvalidTag, msgspec.DecodeError):
        return None
    return Frame(number, sealed[-SEAL:], previous, record, position, stop)


def _cut(data: bytes, position: int) -> bool:
    """Return whether the bytes from ``position`` look like the beginning of a frame whose end was never written."""
    rest = data[position:]
    if len(rest) < _HEAD.size:
        return MAGIC.startswith(rest[:8])
    magic, length, _number, _previous = _HEAD.unpack_from(rest)
    return bool(magic == MAGIC) and len(rest) < _HEAD.size + _NONCE + length
