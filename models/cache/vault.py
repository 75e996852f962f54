"""The vault: one random key for a profile, opened by any of several slots (password, keyring, recovery code).

The key is never kept in the operating system's keyring only, and there is no built-in key: without a slot that opens,
nothing is readable. The slots file is replaced at once and keeps its previous generation. Each slot is the 32-byte key
under AES-256-GCM, bound to the profile and the kind of slot.
"""

from __future__ import annotations

import logging
import os
import secrets
import unicodedata
from pathlib import Path
from typing import Final, Protocol

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Struct

from models.cache.durable import replace_file
from models.domain.problems import Problem

log = logging.getLogger(__name__)

SLOTS: Final = "slots.json"
PREVIOUS: Final = "slots.previous.json"
FORMAT: Final = 1
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
_CODE_BITS: Final = 130


class KeyringPort(Protocol):
    """The operating system's keyring, which has to prove itself by reading back what it wrote."""

    def get(self, name: str) -> bytes | None:
        """Return what is kept under ``name``, None when there is nothing or no usable keyring."""

    def set(self, name: str, key: bytes) -> bool:
        """Keep ``key`` and return whether reading it back gave the same."""

    def delete(self, name: str) -> None:
        """Forget what is kept under ``name``."""


class VaultLocked(Exception):
    """No slot opened; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class Hardness(Struct, frozen=True):
    """Cost of guessing a password: Argon2id memory in KiB, passes and lanes (0.25-0.4 s with these on two cores)."""

    memory: int = 65_536
    passes: int = 3
    lanes: int = 4


class Slot(Struct, frozen=True, omit_defaults=True):
    """The key, sealed by one secret; bytes in hex."""

    kind: str  # password | keyring | recovery
    nonce: str
    sealed: str
    salt: str = ""
    hardness: Hardness | None = None
    name: str = ""  # of the entry in the keyring


class SlotsFile(Struct, frozen=True):
    """Content of the slots file."""

    format: int
    profile: str
    generation: int
    slots: list[Slot]


class Vault:
    """Slots of one profile folder. Opening gives the key; slots come and go without touching the data."""

    def __init__(self, folder: Path) -> None:
        """Read the slots; raises :class:`VaultLocked` when neither generation of the file can be read."""
        self._folder = folder
        self._file = _read(folder)

    @classmethod
    def create(
        cls,
        folder: Path,
        *,
        password: str | None = None,
        keyring: KeyringPort | None = None,
        recovery: bool = False,
        hardness: Hardness | None = None,
    ) -> tuple[Vault, bytes, str]:
        """Make a new key with the slots asked for; returns the vault, the key and the recovery code ("" without one).

        Raises :class:`VaultLocked` with ``keyring-unavailable`` when no slot could be made: then nothing is written.
        """
        key = secrets.token_bytes(32)
        profile = secrets.token_hex(16)
        slots: list[Slot] = []
        code = ""
        if password:
            slots.append(_password_slot(profile, key, password, hardness or Hardness()))
        if keyring is not None:
            slot = _keyring_slot(profile, key, keyring)
            if slot is not None:
                slots.append(slot)
        if recovery:
            code = new_recovery_code()
            slots.append(_recovery_slot(profile, key, code))
        if not slots:
            raise VaultLocked(Problem("keyring-unavailable"))
        for _generation in range(2):
            _write(folder, SlotsFile(FORMAT, profile, 1, slots))
        return cls(folder), key, code

    @property
    def profile(self) -> str:
        """The random name of this profile."""
        return self._file.profile

    @property
    def kinds(self) -> frozenset[str]:
        """Kinds of slots that exist."""
        return frozenset(slot.kind for slot in self._file.slots)

    def unlock(
        self, *, password: str | None = None, keyring: KeyringPort | None = None, recovery: str | None = None
    ) -> bytes:
        """Return the key by whichever of the given secrets opens a slot.

        Raises :class:`VaultLocked`: ``profile-wrong-password`` when a password or code was given and did not fit,
        ``profile-locked`` when a password is needed.
        """
        for slot in self._file.slots:
            secret = self._secret(slot, password, keyring, recovery)
            if secret is None:
                continue
            try:
                return _opened(self.profile, slot, secret)
            except InvalidTag:
                log.info("a %s slot did not open", slot.kind)
        raise VaultLocked(Problem("profile-wrong-password" if password or recovery else "profile-locked"))

    def set_password(self, key: bytes, password: str, hardness: Hardness | None = None) -> None:
        """Make or replace the password slot."""
        self._replace("password", _password_slot(self.profile, key, password, hardness or Hardness()))

    def set_keyring(self, key: bytes, keyring: KeyringPort) -> bool:
        """Make or replace the keyring slot; returns False when the keyring did not keep what it was given."""
        slot = _keyring_slot(self.profile, key, keyring)
        if slot is None:
            return False
        self._replace("keyring", slot)
        return True

    def set_recovery(self, key: bytes) -> str:
        """Make or replace the recovery slot and return its code, which is shown once and kept nowhere."""
        code = new_recovery_code()
        self._replace("recovery", _recovery_slot(self.profile, key, code))
        return code

    def remove(self, kind: str, keyring: KeyringPort | None = None) -> None:
        """Remove the slots of a kind; raises ValueError for the last one, since nothing could open the data then."""
        left = [slot for slot in self._file.slots if slot.kind != kind]
        if not left:
            raise ValueError("the last slot stays: without it nobody could open the data")
        if keyring is not None:
            for slot in self._file.slots:
                if slot.kind == kind and slot.name:
                    keyring.delete(slot.name)
        self._save(left)

    def _replace(self, kind: str, slot: Slot) -> None:
        self._save([*(one for one in self._file.slots if one.kind != kind), slot])

    def _save(self, slots: list[Slot]) -> None:
        self._file = SlotsFile(FORMAT, self._file.profile, self._file.generation + 1, slots)
        _write(self._folder, self._file)

    def _secret(
        self, slot: Slot, password: str | None, keyring: KeyringPort | None, recovery: str | None
    ) -> bytes | None:
        """Return what should open a slot, None when its kind of secret was not given."""
        if slot.kind == "password" and password and slot.hardness is not None:
            return _stretched(password, bytes.fromhex(slot.salt), slot.hardness)
        if slot.kind == "keyring" and keyring is not None:
            return keyring.get(slot.name)
        if slot.kind == "recovery" and recovery:
            return _from_code(recovery, self.profile)
        return None


def exists(folder: Path) -> bool:
    """Return whether the folder holds a vault."""
    return (folder / SLOTS).exists() or (folder / PREVIOUS).exists()


def new_recovery_code() -> str:
    """Return a fresh code of 26 letters and digits in groups; 130 random bits."""
    number = secrets.randbits(_CODE_BITS)
    letters = "".join(_ALPHABET[number >> shift & 31] for shift in range(_CODE_BITS - 5, -5, -5))
    return "-".join(letters[start : start + 5] for start in range(0, len(letters), 5))


def derived(key: bytes, purpose: str) -> bytes:
    """Return a 32-byte key for one purpose, so that one file's key opens no other file."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"kabinet/{purpose}/v1".encode()).derive(key)


def _password_slot(profile: str, key: bytes, password: str, hardness: Hardness) -> Slot:
    salt = os.urandom(16)
    nonce, sealed = _sealed(profile, "password", key, _stretched(password, salt, hardness))
    return Slot("password", nonce, sealed, salt=salt.hex(), hardness=hardness)


def _keyring_slot(profile: str, key: bytes, keyring: KeyringPort) -> Slot | None:
    secret = secrets.token_bytes(32)
    name = f"profile-{profile}"
    if not keyring.set(name, secret) or keyring.get(name) != secret:
        log.info("no keyring slot: the keyring did not give back what it was given")
        return None
    nonce, sealed = _sealed(profile, "keyring", key, secret)
    return Slot("keyring", nonce, sealed, name=name)


def _recovery_slot(profile: str, key: bytes, code: str) -> Slot:
    nonce, sealed = _sealed(profile, "recovery", key, _from_code(code, profile))
    return Slot("recovery", nonce, sealed)


def _stretched(password: str, salt: bytes, hardness: Hardness) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    text = unicodedata.normalize("NFC", password).encode()
    return bytes(
        hash_secret_raw(
            text,
            salt,
            time_cost=hardness.passes,
            memory_cost=hardness.memory,
            parallelism=hardness.lanes,
            hash_len=32,
            type=Type.ID,
        )
    )


def _from_code(code: str, profile: str) -> bytes:
    """Return the secret of a recovery code, however it was typed; a code is random, so it needs no stretching."""
    folded = code.upper().translate(str.maketrans("ILO", "110"))
    letters = "".join(letter for letter in folded if letter in _ALPHABET)
    return derived(f"{profile}:{letters}".encode(), "recovery-code")


def _sealed(profile: str, kind: str, key: bytes, secret: bytes) -> tuple[str, str]:
    nonce = os.urandom(12)
    return nonce.hex(), AESGCM(secret).encrypt(nonce, key, f"{profile}:{kind}".encode()).hex()


def _opened(profile: str, slot: Slot, secret: bytes) -> bytes:
    return AESGCM(secret).decrypt(
        bytes.fromhex(slot.nonce), bytes.fromhex(slot.sealed), f"{profile}:{slot.kind}".encode()
    )


def _write(folder: Path, content: SlotsFile) -> None:
    data = msgspec.json.format(msgspec.json.encode(content), indent=2)
    replace_file(folder / SLOTS, data, previous=folder / PREVIOUS)


def _read(folder: Path) -> SlotsFile:
    for name in (SLOTS, PREVIOUS):
        try:
            content = msgspec.json.decode((folder / name).read_bytes(), type=SlotsFile)
        except (OSError, msgspec.DecodeError) as error:
            log.warning("%s cannot be read: %s", name, type(error).__name__)
            continue
        if content.format > FORMAT:
            raise VaultLocked(Problem("profile-newer"))
        return content
    raise VaultLocked(Problem("profile-locked"))
