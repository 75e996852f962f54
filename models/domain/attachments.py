"""Documents that people attach: what is accepted, how large, under what name.

The client asks before it keeps a file, the provider when it arrives. Sizes are bytes. Source: R-DOC-5 in docs/rules.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from models.domain.problems import Problem

MAX_FILE: Final = 10 * 1024 * 1024
MAX_FILES: Final = 20
"""Documents of one application."""
MAX_USER: Final = 200 * 1024 * 1024
"""All documents that one person uploaded."""
MAX_PIXELS: Final = 40_000_000

PDF: Final = "application/pdf"
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
IMAGES: Final = frozenset({JPEG, PNG})
SUFFIXES: Final[dict[str, tuple[str, ...]]] = {PDF: (".pdf",), JPEG: (".jpg", ".jpeg", ".jpe"), PNG: (".png",)}

_MAGIC: Final = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)
_LONGEST: Final = 120
_SEPARATORS: Final = re.compile(r"[/\\]")
_NEVER: Final = frozenset('<>:"|?*')


@dataclass(frozen=True, slots=True)
class Reference:
    """A document that a command names: what it is, the hash of its content, the name people see."""

    kind: str
    sha256: str
    name: str

    def __str__(self) -> str:
        """Return the text that travels in a command."""
        return f"{self.kind}:{self.sha256}:{self.name}"


def read_reference(text: str) -> Reference | None:
    """Return what ``kind:sha256:name`` names, its name made harmless; ``None`` for anything else."""
    kind, _colon, rest = text.partition(":")
    sha256, _colon, name = rest.partition(":")
    if not kind or len(kind) > 40 or not kind.isascii() or not is_sha256(sha256):
        return None
    return Reference(kind, sha256, clean_name(name))


def named_blobs(payload: object) -> Iterator[str]:
    """Yield the hashes of every document that a command names: its ``photo``, ``sha256`` and ``blobs``."""
    for field in ("photo", "sha256"):
        value = getattr(payload, field, None)
        if isinstance(value, str) and is_sha256(value):
            yield value
    blobs = getattr(payload, "blobs", None)
    for text in blobs if isinstance(blobs, list) else ():
        if isinstance(text, str) and (reference := read_reference(text)) is not None:
            yield reference.sha256


def is_sha256(text: str) -> bool:
    """Return whether a text is a SHA-256 in lower-case hex."""
    return _SHA256.fullmatch(text) is not None


def sniff(head: bytes) -> str:
    """Return the media type that a file's first bytes say, "" for one that is not accepted."""
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")


def check_file(name: str, size: int, head: bytes) -> Problem | None:
    """Return why a file cannot be attached, ``None`` when it may be tried.

    ``file-empty``, ``file-too-large``, ``file-kind``, ``file-name-differs``; ``head`` are its first bytes.
    """
    if size == 0:
        return Problem("file-empty", "file")
    if size > MAX_FILE:
        return Problem("file-too-large", "file", {"maximum": MAX_FILE // 2**20})
    kind = sniff(head)
    if not kind:
        return Problem("file-kind", "file")
    return check_name(name, kind)


def check_name(name: str, media_type: str) -> Problem | None:
    """Return ``file-name-differs`` when a name's ending says another kind than the content."""
    if clean_name(name).casefold().endswith(SUFFIXES.get(media_type, ())):
        return None
    return Problem("file-name-differs", "file")


def clean_name(name: str) -> str:
    """Return a file's name that is safe to show and to save under: no folders, no hidden or reordering characters.

    Names that Windows keeps for devices get ``_`` before them; over-long ones keep their ending.
    """
    last = _SEPARATORS.split(unicodedata.normalize("NFC", name))[-1]
    kept = "".join(
        character
        for character in last
        if character not in _NEVER and unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    )
    kept = " ".join(kept.split()).strip(" .")
    if not kept:
        return "document"
    if _RESERVED.match(kept):
        kept = "_" + kept
    if len(kept) > _LONGEST:
        stem, dot, ending = kept.rpartition(".")
        kept = (
            f"{stem[: _LONGEST - len(ending) - 1].rstrip()}.{ending}" if dot and len(ending) <= 8 else kept[:_LONGEST]
        )
    return kept
