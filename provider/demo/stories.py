"""What happened to the people of the demonstration: readings, charges and payments of some months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Final

from sqlalchemy import select

from models.contract.records import Meter
from models.domain.charges import ChargeDetail, Segment
from models.domain.ledger import VAT
from models.domain.money import vat_included
from models.domain.period import Month
from provider.services.billing import bill_batch
from provider.services.catalogue import Catalogue, load_catalogue
from provider.services.charging_inputs import shared_tariffs
from provider.services.ledger import EntryLine, NewTransaction, income, post
from provider.services.payments import Payment, book_payment
from provider.services.readings import NewReading, accept_reading, install_meter
from provider.services.statements import find_accounts
from provider.store.database import Database, Unit
from provider.store.tables_utility import entry, meter

RESIDENT: Final = "123456"
UKRAINIAN: Final = "101"
LEGAL: Final = "700044"

VOLUMES_2023: Final = (980, 1015, 995, 1040, 1075, 1120, 1160, 1090, 1005, 970, 1030, 1050)
"""What account 123456 used in each month of 2023, in hundredths of a cubic metre: it ends at 00125,30."""

_READINGS_101: Final = (
    (Month(2023, 1), 44_829_229, 52_273_671),
    (Month(2023, 2), 44_832_229, 52_277_257),
)
"""Readings of both meters of account 101 in litres: 6,586 m³ in February, 200,21 of drainage at 30,40."""


def _read(
    database: Database, catalogue: Catalogue, account_id: int, values: Sequence[tuple[int, int]], day: date, source: str
) -> None:
    with database.change() as unit:
        for meter_id, value in values:
            result = accept_reading(
                unit,
                catalogue,
                NewReading(
                    account_id,
                    meter_id,
                    value,
                    day,
                    datetime.combine(day, time(9, 30), UTC),
                    source,
                    confirmed=("reading-rolled-over", "reading-unusual", "reading-zero-again"),
                ),
            )
            if not isinstance(result, dict):
                raise ValueError(f"a reading of the demonstration was refused: {result}")


def _pay(
    database: Database,
    catalogue: Catalogue,
    account_id: int,
    day: date,
    lines: Sequence[tuple[int | None, int]],
    method: str,
    document: str,
    purpose: str,
) -> None:
    with database.change() as unit:
        book_payment(
            unit,
            catalogue,
            Payment(
                account_id,
                tuple(lines),
                method,
                day,
                key=f"demo:{account_id}:{document}",
                document=document,
                purpose=purpose,
            ),
        )


def _meters_of(database: Database, account_id: int) -> list[int]:
    with database.read() as connection:
        return list(
            connection.execute(
                select(meter.c.id).where(meter.c.account_id == account_id).order_by(meter.c.id)
            ).scalars()
        )


def _account(database: Database, tenant: int, number: str) -> int:
    with database.read() as connection:
        return find_accounts(connection, number, tenant)[0]


def resident_until_2024(database: Database, tenant: int) -> None:
    """Give account 123456 the year 2023: monthly readings, charges and payments; it owes 854,90 at its end.

    383,25 of that for water, 471,65 for drainage; and the reading 00138,75 of January 2024.
    """
    with database.read() as connection:
        catalogue = load_catalogue(connection, tenant)
    tariffs = shared_tariffs(catalogue)
    account_id = _account(database, tenant, RESIDENT)
    (meter_id,) = _meters_of(database, account_id)
    water, drainage = catalogue.services[0].id, catalogue.services[1].id
    value = 0
    owed: dict[int, int] = {}
    for index, volume in enumerate(VOLUMES_2023):
        month = Month(2023, index + 1)
        if owed:
            day = date(2023, month.month, 12)
            purpose = "Сумен жабдықтау және су бұру"
            _pay(database, catalogue, account_id, day, list(owed.items()), "bank", str(300 + index), purpose)
        if month.month == 12:
            _pay(
                database, catalogue, account_id, date(2023, 12, 27), [(water, 14_595)], "card", "318", "Сумен жабдықтау"
            )
            with database.change() as unit:
                post(unit, tenant, _november_corrected(account_id, drainage))
        value += volume
        source = "controller" if index % 6 == 5 else "consumer"
        _read(database, catalogue, account_id, [(meter_id, value)], date(2023, month.month, 20), source)
        bill_batch(database, catalogue, tariffs, [account_id], month)
        owed = _charged_in(database, account_id, month)
    _read(database, catalogue, account_id, [(meter_id, 13_875)], date(2024, 1, 20), "consumer")


def _november_corrected(account_id: int, drainage: int) -> NewTransaction:
    amount = 1_301
    vat = vat_included(amount, "12")
    return NewTransaction(
        kind="correction",
        currency="KZT",
        business_date=date(2023, 12, 27),
        period=202312,
        belongs_to=202311,
        document="7",
        author="clerk",
        reason="Қарашадағы көлем нақтыланды",
        key=f"demo:{account_id}:7",
        entries=(EntryLine(account_id, drainage, "correction", amount, vat_minor=vat),),
        others=((income(drainage), vat - amount), (VAT, -vat)),
    )


def _charged_in(database: Database, account_id: int, month: Month) -> dict[int, int]:
    with database.read() as connection:
        rows = connection.execute(
            select(entry.c.service_id, entry.c.amount_minor).where(
                entry.c.account_id == account_id, entry.c.kind == "charge", entry.c.belongs_to == month.number
            )
        )
        return {row.service_id: row.amount_minor for row in rows}


def resident_pays_in_2024(database: Database, tenant: int) -> None:
    """Pay 1 000,00 for account 123456 on 31 January 2024, as its payer named it: 1 120,28 is left to pay."""
    with database.read() as connection:
        catalogue = load_catalogue(connection, tenant)
    account_id = _account(database, tenant, RESIDENT)
    water, drainage = catalogue.services[0].id, catalogue.services[1].id
    lines = [(water, 38_325), (drainage, 61_675)]
    _pay(database, catalogue, account_id, date(2024, 1, 31), lines, "card", "401", "Су бұру")


_LEGAL: Final = (
    ("charge", 1_872_055, date(2024, 1, 31), 202401, "118", ""),
    ("payment", 3_117_055, date(2024, 2, 10), 202402, "45", ""),
    ("charge", 1_700_410, date(2024, 2, 29), 202402, "241", ""),
    ("correction", -120_410, date(2024, 3, 11), 202402, "12", "№241 актіге сторно"),
    ("payment", 1_000_000, date(2024, 3, 15), 202403, "77", ""),
    ("charge", 1_933_333, date(2024, 3, 31), 202403, "377", ""),
)


def legal_entity(database: Database, tenant: int) -> None:
    """Give «Алтай Сауда» the first quarter of 2024: from 12 450,00 owed to 25 133,33 owed."""
    with database.read() as connection:
        catalogue = load_catalogue(connection, tenant)
    account_id = _account(database, tenant, LEGAL)
    water = catalogue.services[0].id
    for kind, amount, day, belongs_to, document, reason in _LEGAL:
        if kind == "payment":
            purpose = "Сумен жабдықтау, Д-2017/44 шарты"
            _pay(database, catalogue, account_id, day, [(water, amount)], "bank", document, purpose)
            continue
        vat = vat_included(amount, "12")
        key = f"demo:{account_id}:{document}"
        if kind == "charge":
            key = f"charge:{belongs_to}:{account_id}:{water}:0"  # the monthly run finds the act and adds nothing
        with database.change() as unit:
            post(
                unit,
                tenant,
                NewTransaction(
                    kind=kind,
                    currency="KZT",
                    business_date=day,
                    period=Month.of(day).number,
                    belongs_to=belongs_to,
                    document=document,
                    reason=reason,
                    author="clerk",
                    key=key,
                    entries=(
                        EntryLine(
                            account_id,
                            water,
                            kind,
                            amount,
                            vat_minor=vat,
                            detail=_act_detail(Month.from_number(belongs_to), amount) if kind == "charge" else None,
                        ),
                    ),
                    others=((income(water), vat - amount), (VAT, -vat)),
                ),
            )


def _act_detail(month: Month, amount: int) -> dict[str, object]:
    """Return the computation of a charge whose sum an act states: its volume is not known here."""
    segment = Segment(
        month.first, month.last, "fixed", "", None, None, "", "128.23", None, None, None, month.days, month.days, amount
    )
    return ChargeDetail("fixed", 2, "", (segment,), "12", "import").plain()


def ukrainian_spring(database: Database, tenant: int) -> None:
    """Give account 101 a second meter, January and February 2023 charged, and the payments of March 2023."""
    with database.read() as connection:
        catalogue = load_catalogue(connection, tenant)
    tariffs = shared_tariffs(catalogue)
    account_id = _account(database, tenant, UKRAINIAN)
    water, drainage = catalogue.services[0].id, catalogue.services[1].id
    with database.change() as unit:
        _second_meter(unit, catalogue, account_id, water)
    first, second = _meters_of(database, account_id)
    for month, one, two in _READINGS_101:
        day = date(month.year, month.month, 25)
        _read(database, catalogue, account_id, [(first, one), (second, two)], day, "consumer")
        bill_batch(database, catalogue, tariffs, [account_id], month)
    _pay(database, catalogue, account_id, date(2023, 3, 12), [(drainage, 13_062)], "card", "90", "водовідведення")
    _pay(database, catalogue, account_id, date(2023, 3, 13), [(water, 1_321)], "card", "91", "водопостачання")


def _second_meter(unit: Unit, catalogue: Catalogue, account_id: int, water: int) -> None:
    install_meter(
        unit,
        catalogue,
        Meter(
            id=0,
            account_id=account_id,
            service_id=water,
            model="НІК 2104",
            number="64046",
            integer_digits=5,
            fraction_digits=3,
            initial=52_269_671,
            installed_on=date(2022, 12, 31),
            removed_on=None,
            seal="",
            verified_until=None,
            status="working",
            place="Ванна кімната",
        ),
        received_at=datetime(2022, 12, 31, 9, 0, tzinfo=UTC),
    )
