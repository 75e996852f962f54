"""Persons by their numbers: what may be typed as one, whose it is, and what others see of a name."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import Connection, select

from models.domain.identity import decode_iin
from models.domain.problems import Problem
from provider.services.logins import clean, clean_phone, code_hash, code_key, phone_key
from provider.services.refusals import Refusal, refuse
from provider.store.tables_admissions import person_code

_IIN_DIGITS: Final = 12


def clean_mobile(text: str) -> str:
    """Return a typed mobile number; raises :class:`Refusal` ``phone-invalid``."""
    value = clean_phone(text)
    if not 10 <= len(phone_key(value)) <= 15:
        raise refuse("phone-invalid", "phone")
    return value


def clean_person_code(text: str, today: date) -> str:
    """Return a typed IIN or document number; raises :class:`Refusal` ``iin-invalid``, ``field-invalid``."""
    code = code_key(clean(text, "code", 40))
    if not (5 <= len(code) <= 20) or not code.isascii():
        raise refuse("field-invalid", "code")
    if code.isdecimal() and len(code) == _IIN_DIGITS:
        check_iin(code, today)
    return code


def check_iin(code: str, today: date, field: str = "code") -> None:
    """Raise :class:`Refusal` for what is no IIN of somebody alive: ``iin-invalid``, ``iin-check-digit`` and so on."""
    found = decode_iin(code, today)
    if isinstance(found, Problem):
        raise Refusal(Problem(found.code, field, found.values))


def initial(name: str) -> str:
    """Return the first letter of a name and asterisks, which say nothing of its length."""
    return f"{name[0]}***" if name else ""


def masked_name(name: str) -> str:
    """Return a full name as others may see it: the surname's first letter, the given name's whole."""
    surname, _space, rest = name.strip().partition(" ")
    return " ".join(part for part in (rest.split(" ")[0], f"{surname[:1]}.") if part.strip("."))


def user_by_code(connection: Connection, code: str) -> int | None:
    """Return the parent registered with an IIN or document number, None when there is none."""
    found: int | None = connection.execute(
        select(person_code.c.user_id).where(person_code.c.code_key == code_hash(connection, code))
    ).scalar()
    return found


def proved_phone(connection: Connection, user_id: int) -> str:
    """Return the telephone that a person proved, digits only, "" for none."""
    found: str | None = connection.execute(
        select(person_code.c.phone_key).where(person_code.c.user_id == user_id)
    ).scalar()
    return found or ""
