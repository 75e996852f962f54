"""КП «Міськводоканал» and its account 101: four services, two meters, debts shown negative."""

from __future__ import annotations

from datetime import UTC, date, datetime

from models.contract.records import (
    Account,
    AccountService,
    AccountView,
    Assertion,
    Entry,
    Meter,
    Provider,
    Recipient,
    Service,
    Tariff,
)
from models.domain.period import Month
from tests.samples.rows import CUBIC_METRE, EPOCH, NO_UNIT, accepted_reading, detail, entry, words

UK_WATER, UK_DRAINAGE, UK_REFUSE, UK_HOUSING = 21, 22, 23, 24
"""Ids of the services of КП «Міськводоканал»."""

METER_UK_A, METER_UK_B = 601, 602


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
        notice=words(
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
            words("Сумен жабдықтау", "Водоснабжение", "Водопостачання", "Water supply"),
            CUBIC_METRE,
            51,
        ),
        service(
            UK_DRAINAGE,
            "drainage",
            words("Су бұру", "Водоотведение", "Водовідведення", "Drainage"),
            CUBIC_METRE,
            52,
            UK_WATER,
        ),
        service(
            UK_REFUSE,
            "refuse",
            words("Қоқыс шығару", "Вывоз отходов", "Вивезення відходів", "Refuse collection"),
            NO_UNIT,
            53,
        ),
        service(
            UK_HOUSING,
            "housing",
            words("Үйлерге қызмет көрсету", "Обслуживание домов", "Обслуговування будинків", "Building maintenance"),
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
            accepted_reading(801, METER_UK_A, 51465905, before, "consumer", 101002),
            accepted_reading(802, METER_UK_B, 52269126, before, "consumer", 101002),
            accepted_reading(803, METER_UK_A, 51466357, now, "consumer", 101002),
            accepted_reading(804, METER_UK_B, 52269671, now, "consumer", 101002),
        ],
        entries=_entries_uk(),
        assertions=_assertions(),
        as_of=datetime(2023, 3, 14, 7, 5, tzinfo=UTC),
        epoch=EPOCH,
        sequence=977,
    )
