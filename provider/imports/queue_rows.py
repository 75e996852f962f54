"""Rows of an existing queue understood: what each says, or why it is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from msgspec import Struct

from models.domain.admissions.categories import ages_out, counting_year
from models.domain.admissions.ranking import language_mask
from models.domain.admissions.states import Programme
from models.domain.identity import decode_iin
from models.domain.problems import Problem
from models.domain.telephones import is_phone, plain_phone
from provider.imports import admission_words as words
from provider.imports.department_runs import Localities, stated
from provider.imports.runs import Context, Row
from provider.imports.values import EMPTY, parse_day, parse_number
from provider.services.admissions.department import Department

_INSTANT: Final = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?)")
_DAY_FIRST: Final = re.compile(r"(\d{1,2}[./]\d{1,2}[./]\d{4})[ T,]+(\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?)")
_IIN_PROBLEMS: Final = {"iin-invalid": "import-iin-length", "iin-check-digit": "import-iin-check"}
_OF_AGE: Final = 18
_TEXTS: Final = {"child_name": 200, "parent_name": 200, "phone": 60}


class QueueRow(Struct, gc=False):
    """A row understood. ``benefit`` is "" for none; ``rank`` and ``category_id`` follow from it and the age."""

    row: Row
    number: str
    submitted_at: datetime
    iin: str
    born: date
    sex: str
    surname: str
    given_name: str
    patronymic: str
    parent: str
    parent_name: str
    phone: str
    benefit: str
    category_id: int | None
    rank: int
    languages: tuple[str, ...]
    mask: int
    programme: Programme
    locality_id: int
    correction: str
    kindergarten: str  # as it is compared; "" for none


class QueueRows:
    """Understands rows one after the other and remembers what the file has stated."""

    def __init__(self, context: Context, department: Department) -> None:
        self._context = context
        self._department = department
        self._zone = department.calendar.zone
        self._today = context.today
        self._benefits = words.Benefits(department.benefits)
        self._localities = Localities(department)
        self._numbers: dict[str, int] = {}
        self._children: dict[tuple[str, str], int] = {}
        self._ranks: dict[tuple[str, date], tuple[int | None, int]] = {}
        noon = datetime.combine(context.today, time(12), self._zone)
        rules = {programme: department.rules(programme, noon) for programme in Programme}
        self._max_age = {programme: one.max_age_years for programme, one in rules.items()}
        self._bundle_days = {programme.value: one.bundle_days for programme, one in rules.items()}

    def understand(self, rows: Sequence[Row]) -> list[QueueRow]:
        """Return the rows that can be taken; the report says what is wrong with the others."""
        return [one for row in rows if (one := self._understand(row)) is not None]

    def _understand(self, row: Row) -> QueueRow | None:
        context, get = self._context, row.cells.get
        number = self._number(row)
        if number is None:
            return None
        try:
            submitted_at = instant(get("submitted_at", ""), self._zone)
        except ValueError:
            context.reject(row, "submitted_at", "import-not-an-instant")
            return None
        if submitted_at.astimezone(self._zone).date() > self._today:
            context.reject(row, "submitted_at", "import-date-in-future")
            return None
        child = decode_iin(get("child_iin", "").replace(" ", ""), self._today)
        if isinstance(child, Problem):
            context.reject(row, "child_iin", _IIN_PROBLEMS.get(child.code, "import-iin-day"))
            return None
        if ages_out(child.born, counting_year(self._today), _OF_AGE):
            context.reject(row, "child_iin", "import-not-a-child", years=self._today.year - child.born.year)
            return None
        parent = self._parent(row)
        if parent is None:
            return None
        texts = stated(context, row, _TEXTS)
        if texts is None:
            return None
        names = texts["child_name"].split()
        if len(names) < 2:
            context.reject(row, "child_name", "import-value-missing")
            return None
        found = self._words(row)
        if found is None:
            return None
        programme, benefit, languages, locality, correction = found
        first = self._children.setdefault((child.code, programme.value), row.number)
        if first != row.number:
            context.reject(row, "child_iin", "import-child-repeated", first=first)
            return None
        self._numbers[number] = row.number
        category_id, rank = self._rank(benefit, child.born)
        return QueueRow(
            row, number, submitted_at, child.code, child.born, child.sex, names[0], names[1], " ".join(names[2:]),
            parent, texts["parent_name"], self._phone(row, texts["phone"]), benefit, category_id, rank, languages,
            language_mask(languages), programme, locality, correction, words.plain(get("kindergarten", "")),
        )  # fmt: skip

    def _number(self, row: Row) -> str | None:
        context = self._context
        try:
            number = parse_number(row.get("number"))
        except ValueError:
            number = ""
        if not number:
            context.reject(row, "number", "import-value-missing")
            return None
        if number in self._numbers:
            context.reject(row, "number", "import-duplicate-row", first=self._numbers[number])
            return None
        return number

    def _parent(self, row: Row) -> str | None:
        """Return the parent's IIN or document number, "" for none, ``None`` after rejecting the row."""
        code = row.get("parent_iin").replace(" ", "")
        if code in EMPTY:
            return ""
        if code.isalnum() and not code.isdigit() and 5 <= len(code) <= 20:
            return code  # a parent without an IIN is known by a document
        found = decode_iin(code, self._today)
        if isinstance(found, Problem):
            self._context.reject(row, "parent_iin", _IIN_PROBLEMS.get(found.code, "import-iin-day"))
            return None
        return code

    def _phone(self, row: Row, text: str) -> str:
        """Return a telephone number as the file has it, "" for none and for what is no number."""
        if text in EMPTY:
            return ""
        if is_phone(plain_phone(text)):
            return text
        self._context.warn(row, "phone", "import-phone-wrong")
        return ""

    def _words(self, row: Row) -> tuple[Programme, str, tuple[str, ...], int, str] | None:
        """Return programme, benefit, languages, locality and correction, ``None`` after rejecting the row."""
        context = self._context
        try:
            programme = words.queue(row.get("queue"))
        except ValueError:
            context.reject(row, "queue", "import-queue-unknown")
            return None
        try:
            benefit = self._benefits.code(row.get("category"))
        except ValueError:
            context.reject(row, "category", "import-category-unknown")
            return None
        try:
            languages = words.languages(row.get("languages"))
        except ValueError:
            context.reject(row, "languages", "import-language-unknown")
            return None
        try:
            locality = self._localities.find(row.get("locality"))
        except ValueError:
            context.reject(row, "locality", "import-locality-unknown")
            return None
        try:
            corrections = words.corrections(row.get("correction"))
        except ValueError:
            context.reject(row, "correction", "import-correction-unknown")
            return None
        special = programme is Programme.SPECIAL and bool(corrections)
        return programme, benefit, languages, locality, corrections[0] if special else ""

    def bundle_days(self, programme: str) -> int:
        """Return how far apart the births of children served together may lie."""
        return self._bundle_days[programme]

    def look(self, one: QueueRow) -> None:
        """Point at what is strange in a row that is taken all the same."""
        context, row = self._context, one.row
        if one.submitted_at.astimezone(self._zone).date() < one.born:
            context.warn(row, "submitted_at", "import-queued-before-birth", day=one.born.isoformat())
        years = self._max_age[one.programme]
        if ages_out(one.born, counting_year(self._today), years):
            context.warn(row, "child_iin", "import-child-too-old", years=years)
        if not one.parent and "parent_iin" in row.cells:
            context.warn(row, "parent_iin", "import-parent-missing")

    def _rank(self, benefit: str, born: date) -> tuple[int | None, int]:
        """Return the category's id and rank; who is too old keeps the oldest band until the queue is refreshed."""
        key = (benefit, born)
        found = self._ranks.get(key)
        if found is None:
            department, day = self._department, self._today
            row = department.category(benefit, born, day)
            while row is None and born < day:
                born += timedelta(days=365)
                row = department.category(benefit, born, day)
            found = self._ranks[key] = (None, 0) if row is None else (row.id, row.rank)
        return found


def instant(text: str, zone: object) -> datetime:
    """Return an instant written in local time, to the microsecond; a day alone is its beginning. Raises ValueError."""
    from zoneinfo import ZoneInfo

    assert isinstance(zone, ZoneInfo)
    plain = text.strip()
    match = _INSTANT.fullmatch(plain)
    if match is not None:
        day = date.fromisoformat(match[1])
    else:
        match = _DAY_FIRST.fullmatch(plain)
        day = _day(plain if match is None else match[1])
    clock = match[2] if match is not None else "0:00"
    hours, minutes, *rest = clock.replace(",", ".").split(":")
    seconds, _dot, fraction = (rest[0] if rest else "0").partition(".")
    local = datetime(
        day.year, day.month, day.day, int(hours), int(minutes), int(seconds), int(fraction.ljust(6, "0") or "0"), zone
    )
    return local.astimezone(UTC)


_day: Final = lru_cache(4096)(parse_day)
