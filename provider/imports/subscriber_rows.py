"""Rows of a registry of subscribers understood: what each says, or why it is left out."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct

from models.contract.records import Service
from models.domain.identity import check_bin, check_edrpou, check_iin, check_rnokpp, mask_code
from models.domain.meters import Register
from models.domain.problems import Problem
from provider.imports.columns import service_kinds
from provider.imports.runs import Context, Row
from provider.imports.values import (
    EMPTY,
    decimal_text,
    parse_day,
    parse_decimal,
    parse_flag,
    parse_money,
    parse_number,
    parse_whole,
)
from provider.services.catalogue import Catalogue

ACCOUNT_COLUMNS: Final = (
    "number", "kind", "holder", "code_masked", "contract", "settlement", "street", "house", "prefix", "flat",
    "residents", "area", "consumer_group", "code", "phone", "email",
)  # fmt: skip
"""Columns of an account that a registry states, in the order of ``Subscriber.values``."""
_READING: Final = re.compile(r"([0-9]{1,15})(?:[.,]([0-9]{1,6}))?")
_LEGAL: Final = ("legal", "юр", "заң", "зт", "ю")


class MeterRow(Struct, frozen=True, gc=False):
    """A register as a row states it."""

    service_id: int
    number: str
    model: str
    register: Register
    value: int
    read_on: date | None
    verified_until: date | None


class Subscriber(Struct, gc=False):
    """A row understood."""

    row: Row
    values: tuple[Any, ...]  # in the order of ACCOUNT_COLUMNS
    services: tuple[Service, ...]
    without: tuple[Service, ...]  # services that the row says the account does not have
    balance: int | None
    meter: MeterRow | None
    added: bool = False
    changed: bool = False


class Offer(Struct, frozen=True, gc=False):
    """What the text of a row's service column, or of its drainage column, says about the account's services."""

    services: tuple[Service, ...]
    without: tuple[Service, ...]
    metered: Service | None


class SubscriberRows:
    """Understands rows one after the other and remembers what the file has stated."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._catalogue: Catalogue = context.catalogue
        self._seen: dict[tuple[str, int], int] = {}  # (account, service or 0) → row
        self._services = {name: self._service(name) for name in ("water", "drainage")}
        sign = context.options.debt_sign or context.catalogue.provider.debt_sign
        self._sign = -1 if sign == "debt_negative" else 1
        self._offers: dict[str, Offer] = {}  # by the text of the column that names services
        self._register = Register(*context.catalogue.rules.register)
        self._capacity = self._register.capacity
        self._in_last_digit = context.catalogue.rules.reading_in_last_digit

    def _service(self, kind: str) -> Service | None:
        return next((one for one in self._catalogue.services if one.kind == kind), None)

    def understand(self, row: Row) -> Subscriber | None:
        """Return a row as values, or ``None`` after rejecting it."""
        context, cells = self._context, row.cells
        get = cells.get
        try:
            number = parse_number(get("account", ""))
        except ValueError:
            context.reject(row, "account", "import-account-invalid")
            return None
        if not number:
            context.reject(row, "account", "import-account-missing")
            return None
        holder = get("holder", "")
        if not holder:
            context.reject(row, "holder", "import-value-missing")
            return None
        offer = self._offer_of(row)
        if offer is None:
            return None
        key = (number, offer.services[0].id if "service" in cells else 0)
        if key in self._seen:
            context.reject(row, "account", "import-duplicate-row", first=self._seen[key])
            return None
        code = get("code", "").replace(" ", "")
        if code in EMPTY:
            code = ""
        problem = self._check_code(code) if code else None
        if problem is not None:
            context.reject(row, "code", problem.code, **problem.values)
            return None
        try:
            residents = _residents(get("residents", ""))
        except ValueError:
            context.reject(row, "residents", "import-not-a-number")
            return None
        try:
            area = _area(get("area", ""))
        except ValueError:
            context.reject(row, "area", "import-not-a-number")
            return None
        stated = get("balance")
        try:
            in_minor = context.options.minor_units
            balance = 0 if stated is None or stated in EMPTY else self._sign * parse_money(stated, in_minor=in_minor)
        except ValueError:
            context.reject(row, "balance", "import-not-money")
            return None
        found, good = self._meter_of(row, offer.metered)
        if not good:
            return None
        legal = self._is_legal(get("kind", ""), code)
        self._seen[key] = row.number
        values = (
            number, "legal" if legal else "individual", holder, mask_code(code) if code else "", get("contract", ""),
            self._catalogue.provider.settlement, get("street", ""), get("house", ""), get("prefix", ""),
            get("flat", ""), residents, area, "legal" if legal else "population", code, get("phone", ""),
            get("email", ""),
        )  # fmt: skip
        return Subscriber(row, values, offer.services, offer.without, None if stated is None else balance, found)

    def _offer_of(self, row: Row) -> Offer | None:
        """Return the services that a row is about, or ``None`` after rejecting it."""
        text = row.cells.get("service", row.cells.get("drainage", ""))
        offer = self._offers.get(text)
        if offer is None:
            services = self._services_of(row)
            if services is None:
                return None
            without: tuple[Service, ...] = ()
            if "drainage" in row.cells and "service" not in row.cells:
                every = self._catalogue.services
                without = tuple(one for one in every if one.kind == "drainage" and one not in services)
            metered = next((one for one in services if one.volume_from is None and any(one.unit.values())), None)
            offer = self._offers[text] = Offer(services, without, metered)
        return offer

    def _services_of(self, row: Row) -> tuple[Service, ...] | None:
        context = self._context
        if "service" in row.cells:
            found = find_service(self._catalogue, row.get("service"))
            if found is None:
                context.reject(row, "service", "import-service-unknown")
                return None
            return (found,)
        if "drainage" in row.cells:
            try:
                drained = parse_flag(row.get("drainage"))
            except ValueError:
                context.reject(row, "drainage", "import-not-a-flag")
                return None
            kinds = ("water", "drainage") if drained else ("water",)
            return tuple(one for kind in kinds if (one := self._services[kind]) is not None)
        return self._catalogue.services

    def _check_code(self, code: str) -> Problem | None:
        if self._catalogue.provider.country == "UA":
            return check_edrpou(code) if len(code) == 8 else check_rnokpp(code)
        return check_bin(code) if len(code) == 12 and code[4] in "456" else check_iin(code)

    def _is_legal(self, kind: str, code: str) -> bool:
        if kind:
            return kind.casefold().startswith(_LEGAL)
        if self._catalogue.provider.country == "UA":
            return len(code) == 8
        return len(code) == 12 and code[4] in "456"

    def _meter_of(self, row: Row, metered: Service | None) -> tuple[MeterRow | None, bool]:
        """Return the meter that a row states, and whether the row may be taken."""
        context, get = self._context, row.cells.get
        try:
            number = parse_number(get("meter_number", ""))
        except ValueError:
            context.reject(row, "meter_number", "import-account-invalid")
            return None, False
        if number in EMPTY or metered is None:
            return None, True
        raw = get("reading", "")
        try:
            value = 0 if raw in EMPTY else register_value(raw, self._register, self._in_last_digit)
        except ValueError:
            context.reject(row, "reading", "import-not-a-reading")
            return None, False
        if value >= self._capacity:
            context.reject(row, "reading", "import-reading-too-long", digits=self._register.integer_digits)
            return None, False
        days: list[date | None] = []
        for name in ("read_on", "verified_until"):
            text = get(name, "")
            try:
                days.append(None if text in EMPTY else _day(text))
            except ValueError:
                context.reject(row, name, "import-not-a-date")
                return None, False
        meter = MeterRow(metered.id, number, get("meter_model", ""), self._register, value, days[0], days[1])
        return meter, True


# Registries say the same few thousand days, areas and numbers of people over and over.
_day: Final = lru_cache(4096)(parse_day)


@lru_cache(4096)
def _residents(text: str) -> int:
    count = 0 if text in EMPTY else parse_whole(text)
    if count > 99:
        raise ValueError("more people than a flat holds")
    return count


@lru_cache(4096)
def _area(text: str) -> str:
    return "" if text in EMPTY else decimal_text(parse_decimal(text))


def find_service(catalogue: Catalogue, name: str) -> Service | None:
    """Return the service that a file names by code, by its name in any language, or by a word for its kind."""
    plain = " ".join(name.casefold().split())
    for one in catalogue.services:
        if plain == one.code.casefold() or plain in {text.casefold() for text in one.name.values()}:
            return one
    kinds = service_kinds(name)
    if len(kinds) != 1:
        return None
    return next((one for one in catalogue.services if one.kind == kinds[0]), None)


def basis_of(service: Service, metered: set[int]) -> str:
    """Return how a service is charged: by a meter of its own or of the service it follows, by norm, or fixed."""
    if not any(service.unit.values()):
        return "fixed"
    return "meter" if service.id in metered or service.volume_from in metered else "norm"


def register_value(text: str, register: Register, in_last_digit: bool) -> int:
    """Return a reading of a file in the register's last digit. Raises ValueError, also for too many decimals."""
    plain = _READING.fullmatch(text)
    if plain is not None:
        whole, decimals = plain.groups()
        if decimals is None:
            return int(whole) if in_last_digit else int(whole) * 10**register.fraction_digits
        if len(decimals) <= register.fraction_digits:
            return int(whole + decimals.ljust(register.fraction_digits, "0"))
    value = parse_decimal(text)
    if value < 0:
        raise ValueError(f"a negative reading: {text!r}")
    if in_last_digit and not set(",.") & set(text):
        return int(value)
    scaled = value.scaleb(register.fraction_digits)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"more decimals than the meter shows: {text!r}")
    return int(scaled)
