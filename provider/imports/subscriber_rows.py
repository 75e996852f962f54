"""Rows of a registry of subscribers understood: what each says, or why it is left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

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
_LEGAL: Final = ("legal", "юр", "заң", "зт", "ю")


@dataclass(frozen=True, slots=True)
class MeterRow:
    """A register as a row states it."""

    service_id: int
    number: str
    model: str
    register: Register
    value: int
    read_on: date | None
    verified_until: date | None


@dataclass(slots=True)
class Subscriber:
    """A row understood."""

    row: Row
    values: tuple[Any, ...]  # in the order of ACCOUNT_COLUMNS
    services: tuple[Service, ...]
    without: tuple[Service, ...]  # services that the row says the account does not have
    balance: int | None
    meter: MeterRow | None
    added: bool = False
    changed: bool = False


class SubscriberRows:
    """Understands rows one after the other and remembers what the file has stated."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._catalogue: Catalogue = context.catalogue
        self._seen: dict[tuple[str, int], int] = {}  # (account, service or 0) → row
        self._services = {name: self._service(name) for name in ("water", "drainage")}
        sign = context.options.debt_sign or context.catalogue.provider.debt_sign
        self._sign = -1 if sign == "debt_negative" else 1
        self._by_text: dict[str, Service | None] = {}

    def _service(self, kind: str) -> Service | None:
        return next((one for one in self._catalogue.services if one.kind == kind), None)

    def understand(self, row: Row) -> Subscriber | None:
        """Return a row as values, or ``None`` after rejecting it."""
        context = self._context
        try:
            number = parse_number(row.get("account"))
        except ValueError:
            context.reject(row, "account", "import-account-invalid")
            return None
        if not number:
            context.reject(row, "account", "import-account-missing")
            return None
        holder = row.get("holder")
        if not holder:
            context.reject(row, "holder", "import-value-missing")
            return None
        services = self._services_of(row)
        if services is None:
            return None
        key = (number, services[0].id if "service" in row.cells else 0)
        if key in self._seen:
            context.reject(row, "account", "import-duplicate-row", first=self._seen[key])
            return None
        code = row.get("code").replace(" ", "")
        problem = self._check_code(code) if code not in EMPTY else None
        if problem is not None:
            context.reject(row, "code", problem.code, **problem.values)
            return None
        code = "" if code in EMPTY else code
        try:
            residents = 0 if row.get("residents") in EMPTY else parse_whole(row.get("residents"))
            if residents > 99:
                raise ValueError("more people than a flat holds")
        except ValueError:
            context.reject(row, "residents", "import-not-a-number")
            return None
        try:
            area = "" if row.get("area") in EMPTY else decimal_text(parse_decimal(row.get("area")))
        except ValueError:
            context.reject(row, "area", "import-not-a-number")
            return None
        try:
            balance = self._sign * parse_money(
                "0" if row.get("balance") in EMPTY else row.get("balance"), in_minor=context.options.minor_units
            )
        except ValueError:
            context.reject(row, "balance", "import-not-money")
            return None
        found, good = self._meter_of(row, services)
        if not good:
            return None
        legal = self._is_legal(row.get("kind"), code)
        self._seen[key] = row.number
        values = (
            number, "legal" if legal else "individual", holder, mask_code(code) if code else "", row.get("contract"),
            self._catalogue.provider.settlement, row.get("street"), row.get("house"), row.get("prefix"),
            row.get("flat"), residents, area, "legal" if legal else "population", code, row.get("phone"),
            row.get("email"),
        )  # fmt: skip
        without: tuple[Service, ...] = ()
        if "drainage" in row.cells and "service" not in row.cells:
            without = tuple(one for one in self._catalogue.services if one.kind == "drainage" and one not in services)
        return Subscriber(row, values, services, without, balance if "balance" in row.cells else None, found)

    def _services_of(self, row: Row) -> tuple[Service, ...] | None:
        context = self._context
        if "service" in row.cells:
            name = row.get("service")
            if name not in self._by_text:
                self._by_text[name] = find_service(self._catalogue, name)
            found = self._by_text[name]
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

    def _meter_of(self, row: Row, services: tuple[Service, ...]) -> tuple[MeterRow | None, bool]:
        context = self._context
        metered = next((one for one in services if one.volume_from is None and any(one.unit.values())), None)
        try:
            number = parse_number(row.get("meter_number"))
        except ValueError:
            context.reject(row, "meter_number", "import-account-invalid")
            return None, False
        if number in EMPTY or metered is None:
            return None, True
        rules = self._catalogue.rules
        register = Register(*rules.register)
        raw = row.get("reading")
        try:
            value = 0 if raw in EMPTY else register_value(raw, register, rules.reading_in_last_digit)
        except ValueError:
            context.reject(row, "reading", "import-not-a-reading")
            return None, False
        if value >= register.capacity:
            context.reject(row, "reading", "import-reading-too-long", digits=register.integer_digits)
            return None, False
        days: list[date | None] = []
        for name in ("read_on", "verified_until"):
            try:
                days.append(None if row.get(name) in EMPTY else parse_day(row.get(name)))
            except ValueError:
                context.reject(row, name, "import-not-a-date")
                return None, False
        model = row.get("meter_model")
        return MeterRow(metered.id, number, model, register, value, days[0], days[1]), True


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
    value = parse_decimal(text)
    if value < 0:
        raise ValueError(f"a negative reading: {text!r}")
    if in_last_digit and not set(",.") & set(text):
        return int(value)
    scaled = value.scaleb(register.fraction_digits)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"more decimals than the meter shows: {text!r}")
    return int(scaled)
