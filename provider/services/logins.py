"""Logins, e-mail addresses and other typed texts in the one form that is compared, and what may not be typed at all."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection

from models.domain.emails import is_email
from models.domain.telephones import is_phone, plain_phone
from models.domain.telephones import phone_key as phone_key  # known here too
from provider.services.refusals import refuse
from provider.store.epoch import secret
from translations import LANGUAGES

# Characters that reorder or hide text around them; a name or a note never needs them.
_UNSEEN: Final = frozenset(
    "\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)


def login_key(login: str) -> str:
    """Return a login as it is compared: without spaces around it, NFC, case-folded."""
    return unicodedata.normalize("NFC", login).strip().casefold()


def email_key(email: str) -> str:
    """Return an e-mail address as it is compared; the part before ``@`` too, as people type it either way."""
    return unicodedata.normalize("NFC", email).strip().casefold()


def code_key(code: str) -> str:
    """Return an identity code as its digits (and letters) only."""
    return "".join(character for character in code if character.isalnum()).casefold()


def code_hash(connection: Connection, code: str) -> str:
    """Return the keyed hash of an identity code, "" for none. Such codes are few enough to be guessed without a key."""
    return code_hasher(connection)(code)


def code_hasher(connection: Connection) -> Callable[[str], str]:
    """Return what makes the hashes of :func:`code_hash`, for many codes."""
    kept = secret(connection)

    def hashed(code: str) -> str:
        key = code_key(code)
        return hmac.new(kept, b"kabinet/code/v1\0" + key.encode(), hashlib.sha256).hexdigest() if key else ""

    return hashed


def clean(text: str, field: str, maximum: int, *, lines: bool = False, required: bool = True) -> str:
    """Return typed text in NFC without spaces around it.

    Raises :class:`Refusal`: ``field-required``, ``text-too-long``, or ``text-not-allowed`` for control characters, lone
    surrogates and signs that reorder text. ``lines`` allows line breaks.
    """
    value = unicodedata.normalize("NFC", text).strip()
    if required and not value:
        raise refuse("field-required", field)
    if len(value) > maximum:
        raise refuse("text-too-long", field, maximum=maximum)
    if value.isprintable():  # most texts are; nothing of what follows can be in them
        return value
    allowed = "\n" if lines else ""
    for character in value:
        if character in _UNSEEN or (unicodedata.category(character) in ("Cc", "Cs") and character not in allowed):
            raise refuse("text-not-allowed", field)
    return value


def clean_email(text: str, field: str = "email") -> str:
    """Return a typed e-mail address; raises :class:`Refusal` ``email-invalid`` for what cannot be one."""
    value = clean(text, field, 254)
    if not is_email(value):
        raise refuse("email-invalid", field)
    return value


def clean_phone(text: str, field: str = "phone") -> str:
    """Return a typed telephone number, "" for none; raises :class:`Refusal` ``phone-invalid``."""
    value = clean(plain_phone(text), field, 24, required=False)
    if value and not is_phone(value):
        raise refuse("phone-invalid", field)
    return value


def clean_language(text: str, field: str = "language") -> str:
    """Return a language's code; raises :class:`Refusal` ``language-unknown``."""
    if text not in LANGUAGES:
        raise refuse("language-unknown", field)
    return text
