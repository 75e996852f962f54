"""Passwords: rules, hashing at a bounded pace, and the same cost for logins that do not exist."""

from __future__ import annotations

import itertools
import re
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import files
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from models.domain.problems import Problem
from provider.services.refusals import Refusal

MINIMUM: Final = 8
MAXIMUM: Final = 64
"""Code points after NFC, so that the same typed word counts the same from every operating system."""
FAMILY_MAXIMUM: Final = 40

_HASHER: Final = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)
_AT_ONCE: Final = 2
_QUEUE: Final = 20
_EDGES: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_slots: Final = threading.BoundedSemaphore(_AT_ONCE)
_places: Final = threading.BoundedSemaphore(_AT_ONCE + _QUEUE)


def normalise(password: str) -> str:
    """Return a password in the one form that is hashed."""
    return unicodedata.normalize("NFC", password)


def check(
    password: str, *, login: str = "", email: str = "", field: str = "password", maximum: int = MAXIMUM
) -> Problem | None:
    """Return why a new password may not be used, None when it may. There are no rules about kinds of characters.

    ``maximum`` is 64 characters, and 40 (``FAMILY_MAXIMUM``) for parents, whose form promises 8 to 40.
    """
    text = normalise(password)
    if len(text) < MINIMUM:
        return Problem("password-too-short", field, {"minimum": MINIMUM})
    if len(text) > maximum:
        return Problem("password-too-long", field, {"maximum": maximum})
    key = text.casefold()
    if key in {login.casefold(), email.casefold(), email.partition("@")[0].casefold()} - {""}:
        return Problem("password-is-login", field)
    if len(set(key)) < 3 or _trivial(key) or {key, _EDGES.sub("", key)} & _common():
        return Problem("password-common", field)
    return None


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password; raises :class:`Refusal` (503) when too many wait."""
    with _turn():
        return _HASHER.hash(normalise(password))


def verify(stored: str | None, password: str) -> bool:
    """Return whether a password fits a stored hash; with ``None`` it takes as long and is always False.

    Raises :class:`Refusal` (503) when too many wait for the same.
    """
    with _turn():
        try:
            _HASHER.verify(stored if stored is not None else _dummy(), normalise(password)[: MAXIMUM * 4])
        except VerifyMismatchError:
            return False
        except (VerificationError, InvalidHashError) as error:
            raise ValueError("a stored password hash is damaged") from error
        return stored is not None


def outdated(stored: str) -> bool:
    """Return whether a hash was made with other costs than today's."""
    return _HASHER.check_needs_rehash(stored)


@contextmanager
def _turn() -> Iterator[None]:
    """Hold memory and processors to two hashes at once and a short queue, so that a flood hurts only itself."""
    if not _places.acquire(blocking=False):
        raise Refusal(Problem("too-busy"), 503, 2)
    try:
        with _slots:
            yield
    finally:
        _places.release()


@lru_cache(maxsize=1)
def _dummy() -> str:
    return _HASHER.hash("a password of nobody")


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    lines = files("resources").joinpath("data", "common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(normalise(word).casefold() for line in lines if not line.startswith("#") for word in line.split())


def _trivial(text: str) -> bool:
    """Return whether each character follows the one before by the same step: 12345678, abcdefgh, 87654321."""
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(text)}
    return steps in ({1}, {-1}, {0})
