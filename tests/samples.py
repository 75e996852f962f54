"""Sample accounts as values: what a cache would answer, for tests of papers, screens and statements.

People are invented; check digits are valid; the figures are those of the worked examples, so a test may name them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from models.contract.records import (
    Account,
    AccountService,
    AccountView,
    Assertion,
    Entry,
    Meter,
    Provider,
    Reading,
    Recipient,
    Service,
    Tariff,
)
from models.domain.period import Month

EPOCH = "6f1d7c1e-sample"

WATER, DRAINAGE = 11, 12
"""Ids of the services of «Өскемен Водоканал»."""

UK_WATER, UK_DRAINAGE, UK_REFUSE, UK_HOUSING = 21, 22, 23, 24
"""Ids of the services of КП «Міськводоканал»."""

METER_KK = 501
METER_UK_A, METER_UK_B = 601, 602


def _words(kk: str, ru: str, uk: str, en: str) -> dict[str, str]:
    return {"kk": kk, "ru": ru, "uk": uk, "en": en}


CUBIC_METRE = _words("м³", "м³", "м³", "m³")
NO_UNIT = _words("", "", "", "")


def provider_kk() -> Provider:
    """Return «Өскемен Водоканал»: debts positive, readings from the 15th to the 25th, paid by account number."""
    return Provider(
        id=1,
        code="oskemen",
        name="«Өскемен Водоканал»",
        legal_form="МКК",
        registration_code="120740001235",
        country="KZ",
        currency="KZT",
        zone="Asia/Almaty",
        settlement="Өскемен қ.",
        address="070004, Өскемен қ., Өтепов к-сі, 24",
        phone="+7 (7232) 00-00-10",
        email="abonent@vodokanal.example",
        site="vodokanal.example",
        hours="Дс–Жм 8:00–17:00",
        dispatch_phone="+7 (7232) 00-01-09",
        debt_sign="debt_positive",
        due_day=25,
        window_from=15,
        window_to=25,
        grace_days=3,
        unusual_factor=3,
        unusual_minimum=20,
        qr="text",
        qr_template="{account};{period};{amount}",
        pay_link="",
        notice=_words(
            "Есептеуіштің салыстырып тексеру мерзімін қадағалаңыз: мерзімі өткен есептеуіш бойынша төлем норма бойынша "
            "есептеледі.",
            "Следите за сроком поверки счётчика: по счётчику с истёкшим сроком плата начисляется по нормативу.",
            "Стежте за строком повірки лічильника: за лічильником із простроченою повіркою плата нараховується за "
            "нормою.",
            "Mind the verification date of your meter: once it has passed, charges are made by the norm.",
        ),
        tear_off=True,
    )


def services_kk() -> list[Service]:
    """Return water supply and drainage of «Өскемен Водоканал»."""
    return [
        Service(
            id=WATER,
            provider_id=1,
            code="water",
            kind="water",
            name=_words("Сумен жабдықтау", "Водоснабжение", "Водопостачання", "Water supply"),
            unit=CUBIC_METRE,
            priority=1,
            recipient_id=31,
        ),
        Service(
            id=DRAINAGE,
            provider_id=1,
            code="drainage",
            kind="drainage",
            name=_words("Су бұру", "Водоотведение", "Водовідведення", "Drainage"),
            unit=CUBIC_METRE,
            priority=2,
            recipient_id=31,
            volume_from=WATER,
        ),
    ]


def recipients_kk() -> list[Recipient]:
    """Return the one recipient of both services."""
    return [
        Recipient(
            id=31,
            provider_id=1,
            name="«Өскемен Водоканал» МКК",
            code="120740001235",
            iban="KZ16601A871001234567",
            legacy_account="",
            bank="«Халық Банкі» АҚ",
            bank_code="HSBKKZKX",
            purpose="Сумен жабдықтау және су бұру қызметтері үшін",
            commission_percent="0",
            vat_note="",
        )
    ]


def tariffs_kk() -> list[Tariff]:
    """Return the population's prices with norms and those of legal entities, VAT 12 % included."""

    def tariff(number: int, service: int, group: str, price: str, norm: str | None) -> Tariff:
        return Tariff(
            id=number,
            service_id=service,
            consumer_group=group,
            price=price,
            vat_rate="12",
            norm=norm,
            tiers=[],
            subscription_minor=0,
            valid_from=date(2015, 1, 1),
            valid_to=date(2026, 1, 1),
        )

    return [
        tariff(41, WATER, "population", "50.40", "7.6042"),
        tariff(42, DRAINAGE, "population", "43.68", "10.7979"),
        tariff(43, WATER, "legal", "128.23", None),
        tariff(44, DRAINAGE, "legal", "63.43", None),
    ]


VOLUMES_2023 = (980, 1015, 995, 1040, 1075, 1120, 1160, 1090, 1005, 970, 1030, 1050)
"""Hundredths of a cubic metre by month of 2023; they end at the reading 00125,30."""

_WATER_2023 = (49392, 51156, 50148, 52416, 54180, 56448, 58464, 54936, 50652, 48888, 51912, 52920)
_DRAINAGE_2023 = (42806, 44335, 43462, 45427, 46956, 48922, 50669, 47611, 43898, 42370, 44990, 45864)
# Worked by hand from 50.40 and 43.68 a cubic metre, halves up; a test recomputes them.


def _vat(gross: int, rate: int = 12) -> int:
    return (gross * rate * 2 + 100 + rate) // (2 * (100 + rate))


def _text(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def detail(
    month: Month,
    price: str,
    previous: int | None,
    current: int | None,
    volume: str,
    amount_minor: int,
    *,
    basis: str = "meter",
    meter: str = "",
    digits: int = 2,
    vat_rate: str = "12",
    persons: int | None = None,
    norm: str | None = None,
) -> dict[str, Any]:
    """Return how a charge of one segment was computed, as a ledger entry keeps it."""
    return {
        "basis": basis,
        "unit_digits": digits,
        "volume": volume,
        "segments": [
            {
                "date_from": month.first.isoformat(),
                "date_to": month.last.isoformat(),
                "basis": basis,
                "meter_number": meter,
                "previous": previous,
                "current": current,
                "volume": volume,
                "price": price,
                "tier": None,
                "persons": persons,
                "norm": norm,
                "days": month.days,
                "month_days": month.days,
                "amount_minor": amount_minor,
            }
        ],
        "vat_rate": vat_rate,
        "rule": "R-BILL-1",
    }


def entry(
    number: int,
    account: int,
    service: int,
    kind: str,
    amount_minor: int,
    day: date,
    *,
    transaction: int | None = None,
    vat_minor: int = 0,
    belongs_to: int | None = None,
    document: str = "",
    method: str = "",
    purpose: str = "",
    reason: str = "",
    reversal_of: int | None = None,
    detail: dict[str, Any] | None = None,
) -> Entry:
    """Return a ledger movement of ``day``, posted in its month."""
    period = Month.of(day).number
    return Entry(
        id=number,
        account_id=account,
        service_id=service,
        transaction_id=transaction if transaction is not None else number,
        kind=kind,
        amount_minor=amount_minor,
        vat_minor=vat_minor,
        business_date=day,
        posted_on=day,
        period=period,
        belongs_to=belongs_to if belongs_to is not None else period,
        document=document,
        method=method,
        purpose=purpose,
        reason=reason,
        reversal_of=reversal_of,
        detail=detail,
    )


def account_kk() -> Account:
    """Return account 123456."""
    return Account(
        id=101001,
        provider_id=1,
        number="123456",
        kind="individual",
        holder="Серікбаева Айгүл Маратқызы",
        code_masked="8501******24",
        contract="Д-123456",
        settlement="Өскемен қ.",
        street="Қазақстан к-сі",
        house="12",
        prefix="А",
        flat="45",
        residents=3,
        area="54.30",
        consumer_group="population",
        privileges=[],
        status="open",
    )


def _entries_kk() -> list[Entry]:
    """Twelve months of 2023 paid in full the month after, December in part, then January 2024 as worked."""
    account = 101001
    entries: list[Entry] = []
    reading = 0
    for index, volume in enumerate(VOLUMES_2023):
        month = Month(2023, index + 1)
        if index:
            paid = date(2023, month.month, 12)
            for service, charged in ((WATER, _WATER_2023), (DRAINAGE, _DRAINAGE_2023)):
                entries.append(
                    entry(
                        1000 + index * 10 + service,
                        account,
                        service,
                        "payment",
                        -charged[index - 1],
                        paid,
                        transaction=2000 + index,
                        document=str(300 + index),
                        method="bank",
                        purpose="Сумен жабдықтау және су бұру",
                    )
                )
        if month.month == 12:
            for service, part in ((WATER, 14595), (DRAINAGE, -1301)):
                # 529,20 − 145,95 = 383,25; a small recalculation brings drainage to 471,65.
                kind = "payment" if part > 0 else "correction"
                entries.append(
                    entry(
                        1150 + service,
                        account,
                        service,
                        kind,
                        -part,
                        date(2023, 12, 27),
                        transaction=2100 + service,
                        vat_minor=_vat(-part) if kind == "correction" else 0,
                        belongs_to=202311 if kind == "correction" else None,
                        document="318" if kind == "payment" else "7",
                        method="card" if kind == "payment" else "",
                        purpose="Сумен жабдықтау" if kind == "payment" else "",
                        reason="" if kind == "payment" else "Қарашадағы көлем нақтыланды",
                    )
                )
        for service, charged, price in ((WATER, _WATER_2023, "50.40"), (DRAINAGE, _DRAINAGE_2023, "43.68")):
            entries.append(
                entry(
                    1200 + index * 10 + service,
                    account,
                    service,
                    "charge",
                    charged[index],
                    month.last,
                    vat_minor=_vat(charged[index]),
                    document=f"{100 + index}",
                    detail=detail(
                        month, price, reading, reading + volume, _text(volume), charged[index], meter="04518237"
                    ),
                )
            )
        reading += volume
    january = Month(2024, 1)
    for number, service, amount, vat, price in (
        (1411, WATER, 67788, 7263, "50.40"),
        (1412, DRAINAGE, 58750, 6295, "43.68"),
    ):
        entries.append(
            entry(
                number,
                account,
                service,
                "charge",
                amount,
                january.last,
                vat_minor=vat,
                document="112",
                detail=detail(january, price, 12530, 13875, "13.45", amount, meter="04518237"),
            )
        )
    for number, service, amount in ((1421, WATER, -38325), (1422, DRAINAGE, -61675)):
        entries.append(
            entry(
                number,
                account,
                service,
                "payment",
                amount,
                january.last,
                transaction=2201,
                document="401",
                method="card",
                purpose="Су бұру",
            )
        )
    return entries


def sample_view_kk() -> AccountView:
    """Return account 123456 of «Өскемен Водоканал»: the worked example of January 2024 after a year of history.

    At 1 January 2024 it owes 383,25 for water and 471,65 for drainage; 00125,30 → 00138,75 is 13,45 m³; 677,88 and
    587,50 are charged (VAT 72,63 and 62,95); 1 000,00 is paid, 383,25 to water and 616,75 to drainage; 677,88 + 442,40
    = 1 120,28 is to pay.
    """
    readings: list[Reading] = []
    value = 0
    for index, volume in enumerate((*VOLUMES_2023, 1345)):
        month = Month(2023, 1).shift(index)
        if not index:
            readings.append(_reading(700, METER_KK, 0, date(2022, 12, 20), "initial"))
        value += volume
        source = "controller" if index % 6 == 5 else "consumer"
        readings.append(_reading(701 + index, METER_KK, value, date(month.year, month.month, 20), source))
    return AccountView(
        provider=provider_kk(),
        account=account_kk(),
        services=services_kk(),
        recipients=recipients_kk(),
        tariffs=tariffs_kk(),
        account_services=[
            AccountService(1, 101001, WATER, "meter", 67788, True),
            AccountService(2, 101001, DRAINAGE, "meter", 44240, True),
        ],
        meters=[
            Meter(
                id=METER_KK,
                account_id=101001,
                service_id=WATER,
                model="СВК-15",
                number="04518237",
                integer_digits=5,
                fraction_digits=2,
                initial=0,
                installed_on=date(2022, 12, 20),
                removed_on=None,
                seal="KZ-118204",
                verified_until=date(2027, 12, 20),
                status="working",
                place="Жуынатын бөлме",
            )
        ],
        readings=readings,
        entries=_entries_kk(),
        assertions=[],
        as_of=datetime(2024, 2, 5, 8, 20, tzinfo=UTC),
        epoch=EPOCH,
        sequence=4821,
    )


def _reading(number: int, meter: int, value: int, day: date, source: str, account: int = 101001) -> Reading:
    return Reading(
        id=number,
        account_id=account,
        meter_id=meter,
        value=value,
        read_on=day,
        period=Month.of(day).number,
        source=source,
        state="accepted",
        received_at=datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC),
        command_id="",
    )


def provider_uk() -> Provider:
    """Return КП «Міськводоканал»: debts negative, QR of the National Bank of Ukraine where there is an IBAN."""
    return Provider(
        id=2,
        code="izenhard",
        name="«Міськводоканал»",
        legal_form="КП",
        registration_code="12345678",
        country="UA",
        currency="UAH",
        zone="Europe/Kyiv",
        settlement="м. Ізенгард",
        address="вул. Зріні Ілони 6/1, м. Ізенгард, Закарпатська обл., 96001",
        phone="+38 (050) 123-45-67",
        email="kabinet@izenhard.example",
        site="izenhard.example",
        hours="Пн–Пт 8:00–17:00",
        dispatch_phone="+38 (050) 123-45-68",
        debt_sign="debt_negative",
        due_day=20,
        window_from=20,
        window_to=31,
        grace_days=3,
        unusual_factor=3,
        unusual_minimum=20,
        qr="nbu002",
        qr_template="",
        pay_link="",
        notice=_words(
            "Көрсеткіштерді айдың 20-сынан бастап беруге болады.",
            "Показания можно передать начиная с 20 числа месяца.",
            "Показники можна передати починаючи з 20 числа місяця.",
            "Readings may be given from the 20th day of the month.",
        ),
        tear_off=True,
        vat_payer=False,
    )


def services_uk() -> list[Service]:
    """Return the four services of the seed's pay screen."""

    def service(
        number: int,
        code: str,
        name: dict[str, str],
        unit: dict[str, str],
        recipient: int,
        volume_from: int | None = None,
    ) -> Service:
        return Service(
            id=number,
            provider_id=2,
            code=code,
            kind=code,
            name=name,
            unit=unit,
            priority=number - 20,
            recipient_id=recipient,
            volume_from=volume_from,
        )

    return [
        service(
            UK_WATER,
            "water",
            _words("Сумен жабдықтау", "Водоснабжение", "Водопостачання", "Water supply"),
            CUBIC_METRE,
            51,
        ),
        service(
            UK_DRAINAGE,
            "drainage",
            _words("Су бұру", "Водоотведение", "Водовідведення", "Drainage"),
            CUBIC_METRE,
            52,
            UK_WATER,
        ),
        service(
            UK_REFUSE,
            "refuse",
            _words("Қоқыс шығару", "Вывоз отходов", "Вивезення відходів", "Refuse collection"),
            NO_UNIT,
            53,
        ),
        service(
            UK_HOUSING,
            "housing",
            _words("Үйлерге қызмет көрсету", "Обслуживание домов", "Обслуговування будинків", "Building maintenance"),
            NO_UNIT,
            54,
        ),
    ]


def recipients_uk() -> list[Recipient]:
    """Return the recipients of the seed: one IBAN, three accounts of before 2020."""

    def recipient(number: int, iban: str, legacy: str, bank: str, code: str, service: str, percent: str) -> Recipient:
        return Recipient(
            id=number,
            provider_id=2,
            name="КП «Міськводоканал»",
            code="12345678",
            iban=iban,
            legacy_account=legacy,
            bank=bank,
            bank_code=code,
            purpose=f"за послугу {service} без ПДВ",
            commission_percent=percent,
            vat_note="без ПДВ",
        )

    return [
        recipient(51, "", "26005060383123", "ПАТ КБ «Приватбанк»", "", "Водопостачання", "0"),
        recipient(52, "", "26004300092595", "ФХ ОУ АТ «Ощадбанк»", "", "Водовідведення", "2.9024"),
        recipient(53, "", "26007707224620", "АТ «РАЙФАЙЗЕН БАНК АВАЛЬ»", "", "Вивезення відходів", "0"),
        recipient(
            54,
            "UA393052990000026006060365696",
            "",
            "АТ КБ «ПРИВАТБАНК» Дніпропетровське РУ",
            "305299",
            "Обслуговування будинків",
            "0.1273",
        ),
    ]


STATE_101: tuple[tuple[int, str, int, int, int], ...] = (
    (201806, "16.89", 8534, 4593, 135298),
    (201807, "12.95", 8384, 9893, 135387),
    (201808, "16.45", 2747, 5893, 132164),
    (201809, "19.32", 6754, 8693, 184312),
    (201810, "18.30", 9433, 4793, 157842),
    (201811, "11.64", 4890, 1693, 173464),
    (201812, "13.12", 7446, 6393, 174378),
    (201901, "7.30", 23464, 1393, 123558),
    (201902, "11.80", 8496, 53293, 131153),
    (201903, "16.35", 56797, 5193, 126321),
    (201904, "13.21", 4890, 12493, 136652),
)
"""The seed's table «Стан рахунків»: period, tariff, charged, paid, closing (positive: owed). It does not add up."""


def _assertions() -> list[Assertion]:
    rows: list[Assertion] = []
    before: int | None = None
    for number, (period, tariff, charged, paid, closing) in enumerate(STATE_101):
        rows.append(
            Assertion(
                id=900 + number,
                account_id=101002,
                service_id=UK_WATER,
                period=period,
                tariff=tariff,
                charged_minor=charged,
                penalty_minor=None,
                correction_minor=None,
                subscription_minor=None,
                paid_minor=paid,
                closing_minor=closing,
                expected_minor=None if before is None else before + charged - paid,
                source="stan_rakhunkiv_101.csv",
            )
        )
        before = closing
    return rows


def account_uk() -> Account:
    """Return account 101."""
    return Account(
        id=101002,
        provider_id=2,
        number="101",
        kind="individual",
        holder="Кожемяка Себастьян Боромирович",
        code_masked="1234****99",
        contract="",
        settlement="м. Ізенгард",
        street="вул. Боромира",
        house="4",
        prefix="",
        flat="29",
        residents=2,
        area="",
        consumer_group="population",
        privileges=[],
        status="open",
    )


def _entries_uk() -> list[Entry]:
    account = 101002
    february = Month(2023, 2)
    start = date(2023, 1, 1)
    opening = "Залишок за попередній період"
    return [
        entry(3001, account, UK_WATER, "opening", 127791, start, document="1", reason=opening),
        entry(3002, account, UK_DRAINAGE, "opening", 78469, start, document="1", reason=opening),
        entry(3004, account, UK_HOUSING, "opening", 102100, start, document="1", reason=opening),
        entry(
            3011,
            account,
            UK_DRAINAGE,
            "charge",
            20020,
            february.last,
            document="57",
            # The source states the sum; no meter of two or three decimals gives it, so the volume stays unknown.
            detail={
                **detail(february, "30.40", None, None, "", 20020, vat_rate="0", persons=2),
                "rule": "import",
            },
        ),
        entry(
            3012,
            account,
            UK_DRAINAGE,
            "subscription",
            1500,
            february.last,
            document="57",
            detail=detail(february, "15.00", None, None, "", 1500, basis="fixed", vat_rate="0"),
        ),
        entry(
            3021,
            account,
            UK_DRAINAGE,
            "payment",
            -13062,
            date(2023, 3, 12),
            document="90",
            method="card",
            purpose="водовідведення",
        ),
        entry(
            3022,
            account,
            UK_WATER,
            "payment",
            -1321,
            date(2023, 3, 13),
            document="91",
            method="card",
            purpose="водопостачання",
        ),
    ]


def sample_view_uk() -> AccountView:
    """Return account 101 of КП «Міськводоканал» after the payments of March 2023.

    To pay: water 1 264,70, drainage 869,27, refuse 0, housing 1 021,00; together 3 154,97. Balances are shown with
    debts negative; only housing has an IBAN; the table of 2018–2019 is kept as assertions that do not add up.
    """

    def meter(number: int, model: str, serial: str) -> Meter:
        return Meter(
            id=number,
            account_id=101002,
            service_id=UK_WATER,
            model=model,
            number=serial,
            integer_digits=8,
            fraction_digits=0,
            initial=51_000_000,
            installed_on=date(2018, 5, 14),
            removed_on=None,
            seal="",
            verified_until=None,
            status="working",
        )

    before, now = date(2023, 1, 31), date(2023, 2, 28)
    return AccountView(
        provider=provider_uk(),
        account=account_uk(),
        services=services_uk(),
        recipients=recipients_uk(),
        tariffs=[
            Tariff(61, UK_WATER, "population", "36.77", "0", "3.6", [], 0, date(2022, 1, 1), None),
            Tariff(62, UK_DRAINAGE, "population", "30.40", "0", "3.6", [], 1500, date(2022, 1, 1), None),
        ],
        account_services=[
            AccountService(21, 101002, UK_WATER, "meter", 126470, True),
            AccountService(22, 101002, UK_DRAINAGE, "meter", 86927, True),
            AccountService(23, 101002, UK_REFUSE, "fixed", 0, True),
            AccountService(24, 101002, UK_HOUSING, "fixed", 102100, True),
        ],
        meters=[meter(METER_UK_A, "НІК 2102", "032264"), meter(METER_UK_B, "НІК 2104", "64046")],
        readings=[
            _reading(801, METER_UK_A, 51465905, before, "consumer", 101002),
            _reading(802, METER_UK_B, 52269126, before, "consumer", 101002),
            _reading(803, METER_UK_A, 51466357, now, "consumer", 101002),
            _reading(804, METER_UK_B, 52269671, now, "consumer", 101002),
        ],
        entries=_entries_uk(),
        assertions=_assertions(),
        as_of=datetime(2023, 3, 14, 7, 5, tzinfo=UTC),
        epoch=EPOCH,
        sequence=977,
    )


def sample_view_legal() -> AccountView:
    """Return «Алтай Сауда» ЖШС, a legal entity, with the movements of January to March 2024 of the worked act.

    It opens with 12 450,00, turns over 53 853,88 and 41 170,55, and closes at 25 133,33 owed.
    """
    account = 101003
    moves: Sequence[tuple[int, str, int, date, str, int | None, int | None, str]] = (
        (5000, "opening", 1245000, date(2023, 12, 31), "1", None, None, ""),
        (5001, "charge", 1872055, date(2024, 1, 31), "118", None, None, ""),
        (5002, "payment", -3117055, date(2024, 2, 10), "45", None, None, ""),
        (5003, "charge", 1700410, date(2024, 2, 29), "241", None, None, ""),
        (5004, "correction", -120410, date(2024, 3, 11), "12", 5003, 202402, "№241 актіге сторно"),
        (5005, "payment", -1000000, date(2024, 3, 15), "77", None, None, ""),
        (5006, "charge", 1933333, date(2024, 3, 31), "377", None, None, ""),
    )
    entries = [
        entry(
            number,
            account,
            WATER,
            kind,
            amount,
            day,
            vat_minor=_vat(amount) if kind == "charge" else -_vat(-amount) if kind == "correction" else 0,
            belongs_to=belongs_to,
            document=document,
            method="bank" if kind == "payment" else "",
            purpose="Сумен жабдықтау, Д-2017/44 шарты" if kind == "payment" else "",
            reason=reason,
            reversal_of=reversal_of,
        )
        for number, kind, amount, day, document, reversal_of, belongs_to, reason in moves
    ]
    return AccountView(
        provider=provider_kk(),
        account=Account(
            id=account,
            provider_id=1,
            number="700044",
            kind="legal",
            holder="«Алтай Сауда» ЖШС",
            code_masked="0905******44",
            contract="Д-2017/44",
            settlement="Өскемен қ.",
            street="Тәуелсіздік даңғылы",
            house="88",
            prefix="",
            flat="",
            residents=0,
            area="",
            consumer_group="legal",
            privileges=[],
            status="open",
        ),
        services=services_kk(),
        recipients=recipients_kk(),
        tariffs=tariffs_kk(),
        account_services=[AccountService(5, account, WATER, "meter", 2513333, True)],
        meters=[],
        readings=[],
        entries=entries,
        assertions=[],
        as_of=datetime(2024, 4, 2, 5, 0, tzinfo=UTC),
        epoch=EPOCH,
        sequence=5120,
    )
