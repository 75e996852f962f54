"""The operating system's keyring as one slot of the vault."""

from __future__ import annotations

import logging
from typing import Final

log = logging.getLogger(__name__)

SERVICE: Final = "kabinet"
ALLOWED: Final = (
    "keyring.backends.SecretService",
    "keyring.backends.kwallet",
    "keyring.backends.libsecret",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)


class SystemKeyring:
    """Keeps a key in the keyring if there is a real one; every trouble means "there is none", never a crash.

    A backend outside the allow-list (null, plain text file) would lose or expose the key, so it counts as none.
    """

    def available(self) -> bool:
        """Return whether a keyring of the allow-list answers."""
        import keyring
        from keyring.errors import KeyringError

        try:
            backend = keyring.get_keyring()
            return type(backend).__module__.startswith(ALLOWED) and backend.priority >= 1
        except (KeyringError, ImportError, RuntimeError) as error:
            log.info("no keyring: %s", type(error).__name__)
            return False

    def backend(self) -> str:
        """Return the backend's name, to tell a person when it changed."""
        import keyring

        return type(keyring.get_keyring()).__module__

    def get(self, name: str) -> bytes | None:
        """Return the key kept under ``name``; None when there is none or the keyring is locked."""
        import keyring
        from keyring.errors import KeyringError

        if not self.available():
            return None
        try:
            text = keyring.get_password(SERVICE, name)
            return bytes.fromhex(text) if text else None
        except (KeyringError, ValueError, RuntimeError) as error:
            log.info("keyring did not answer: %s", type(error).__name__)
            return None

    def set(self, name: str, key: bytes) -> bool:
        """Keep ``key`` and return whether reading it back gave the same; a null keyring says yes and keeps nothing."""
        import keyring
        from keyring.errors import KeyringError

        if not self.available():
            return False
        try:
            keyring.set_password(SERVICE, name, key.hex())
        except (KeyringError, RuntimeError) as error:
            log.info("keyring refused: %s", type(error).__name__)
            return False
        return self.get(name) == key

    def delete(self, name: str) -> None:
        """Forget the key kept under ``name``."""
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.delete_password(SERVICE, name)
        except (KeyringError, RuntimeError) as error:
            log.info("keyring had nothing to forget: %s", type(error).__name__)
