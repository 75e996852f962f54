"""«Өскемен Водоканал» and two of its accounts: a household, 123456, and a legal entity, 700044."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from models.contract.records import (
    Account,
    AccountService,
    AccountView,
    Entry,
    Meter,
    Provider,
    Reading,
    Recipient,
    Service,
    Tariff,
)
from models.domain.period import Month
from tests.samples.rows import CUBIC_METRE, EPOCH, accepted_reading, decimal_text, detail, entry, vat_within, words

WATER, DRAINAGE = 11, 12
"""Ids of the services of «Өскемен Водоканал»."""

METER_KK = 501


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
        notice=words(
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
            name=words("Сумен жабдықтау", "Водоснабжение", "Водопостачання", "Water supply"),
            unit=CUBIC_METRE,
            priority=1,
            recipient_id=31,
        ),
        Service(
            id=DRAINAGE,
            provider_id=1,
            code="drainage",
            kind="drainage",
            name=words("Су бұру", "Водоотведение", "Водовідведення", "Drainage"),
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
                        vat_minor=vat_within(-part) if kind == "correction" else 0,
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
                    vat_minor=vat_within(charged[index]),
                    document=f"{100 + index}",
                    detail=detail(
                        month, price, reading, reading + volume, decimal_text(volume), charged[index], meter="04518237"
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
            readings.append(accepted_reading(700, METER_KK, 0, date(2022, 12, 20), "initial"))
        value += volume
        source = "controller" if index % 6 == 5 else "consumer"
        readings.append(accepted_reading(701 + index, METER_KK, value, date(month.year, month.month, 20), source))
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
            vat_minor=vat_within(amount) if kind == "charge" else -vat_within(-amount) if kind == "correction" else 0,
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
