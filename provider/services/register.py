"""The register of persons: who an IIN belongs to, whose child somebody is.

The register belongs to the state; this is the one place that asks it. Without its address a file in the provider's
data folder stands for it: ``register.json`` (a list under ``persons``), which an officer's clerk or a demonstration
fills. Never ask it inside a transaction: another machine may take its time.
"""

from __future__ import annotations

import logging
import threading
from datetime import date
from pathlib import Path
from typing import Final, Protocol

import msgspec
from msgspec import Struct

from models.domain.identity import Iin, decode_iin
from provider.services.logins import code_key, phone_key
from provider.services.outside import OutsideFailed, post_json
from provider.services.refusals import Refusal, refuse
from provider.settings import Settings

log = logging.getLogger(__name__)

FILE: Final = "register.json"
_MOST: Final = 200_000_000


class RegisteredPerson(Struct, frozen=True):
    """What the register says about a person. ``parents`` are IINs of parents and legal representatives."""

    code: str
    surname: str
    given_name: str
    patronymic: str = ""
    born: date | None = None
    sex: str = ""  # male | female
    ethnicity: str = ""
    parents: list[str] = []
    phones: list[str] = []  # [] when the register does not know

    @property
    def name(self) -> str:
        """Surname, given name and patronymic."""
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    def has_phone(self, number: str) -> bool:
        """Whether the register knows this phone as the person's."""
        return phone_key(number) in {phone_key(phone) for phone in self.phones}


class PersonRegister(Protocol):
    """Anything that knows persons by IIN or document number."""

    def find(self, code: str) -> RegisteredPerson | None:
        """Return the person, None when there is none; raises :class:`Refusal` (503) ``register-unavailable``."""
        ...


class _File(Struct, frozen=True):
    persons: list[RegisteredPerson]


class FileRegister:
    """A register in a file, read anew when the file changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._persons: dict[str, RegisteredPerson] = {}

    def find(self, code: str) -> RegisteredPerson | None:
        """Return the person with this number."""
        with self._lock:
            try:
                self._read()
            except (OSError, msgspec.DecodeError) as error:
                log.error("%s cannot be read: %s", self._path, error)
                raise _unavailable() from None
            return self._persons.get(code_key(code))

    def _read(self) -> None:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            self._stamp, self._persons = None, {}
            return
        stamp = (found.st_mtime_ns, found.st_size)
        if stamp == self._stamp:
            return
        if found.st_size > _MOST:
            raise OSError("the file is too large")
        persons = msgspec.json.decode(self._path.read_bytes(), type=_File).persons
        self._persons = {code_key(person.code): person for person in persons}
        self._stamp = stamp


class HttpRegister:
    """A register behind an address: ``{"code": …}`` is posted, the person or 404 comes back."""

    def __init__(self, url: str, token: str = "") -> None:
        self._url = url
        self._token = token

    def find(self, code: str) -> RegisteredPerson | None:
        """Return the person with this number."""
        try:
            answer = post_json(self._url, {"code": code}, token=self._token)
            found = msgspec.json.decode(answer, type=RegisteredPerson | None)
        except OutsideFailed as error:
            if str(error) == "HTTP 404":
                return None
            log.error("the register of persons did not answer: %s", error)
            raise _unavailable() from None
        except msgspec.DecodeError:
            log.error("the register of persons answered something else")
            raise _unavailable() from None
        if found is not None and code_key(found.code) != code_key(code):
            log.error("the register of persons answered about somebody else")
            raise _unavailable()
        return found


_files: Final[dict[Path, FileRegister]] = {}


def open_register(settings: Settings) -> PersonRegister:
    """Return the register that the settings name."""
    if settings.register_url:
        return HttpRegister(settings.register_url, settings.register_token)
    path = settings.data_dir / FILE
    return _files.setdefault(path, FileRegister(path))


def write_register(settings: Settings, persons: list[RegisteredPerson]) -> Path:
    """Write the file that stands for the register and return its path; for demonstrations and tests."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    path = settings.data_dir / FILE
    fresh = path.with_suffix(".new")
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(_File(persons)), indent=1))
    fresh.chmod(0o600)
    fresh.replace(path)
    return path


def with_facts(person: RegisteredPerson) -> RegisteredPerson:
    """Return a person whose day of birth and sex come from the IIN where the register leaves them out."""
    facts = decode_iin(person.code, date.max)
    if not isinstance(facts, Iin):
        return person
    return msgspec.structs.replace(person, born=person.born or facts.born, sex=person.sex or facts.sex)


def birthday(born: date, years: int) -> date:
    """Return the day on which somebody becomes so many years old; 1 March for a 29 February that is not there."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def _unavailable() -> Refusal:
    refusal = refuse("register-unavailable", status=503)
    refusal.retry_after = 60
    return refusal
