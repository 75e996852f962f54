"""The two invented utilities of the demonstration: who they are and what they charge for."""

from __future__ import annotations

from typing import Final

import msgspec
from sqlalchemy import insert, update

from models.contract.records import Provider, Recipient, Service, Texts
from provider.services.catalogue import Rules, create_provider, create_service
from provider.store.changes import PUBLIC
from provider.store.database import Unit
from provider.store.rows import values_of
from provider.store.tables_utility import recipient, service


def texts(kk: str, ru: str, uk: str, en: str) -> Texts:
    """Return a text in the four languages."""
    return {"kk": kk, "ru": ru, "uk": uk, "en": en}


_CUBIC_METRE: Final = texts("м³", "м³", "м³", "m³")
_NO_UNIT: Final = texts("", "", "", "")
_WATER: Final = texts("Сумен жабдықтау", "Водоснабжение", "Водопостачання", "Water supply")
_DRAINAGE: Final = texts("Су бұру", "Водоотведение", "Водовідведення", "Drainage")

OSKEMEN: Final = Provider(
    id=0,
    code="oskemen",
    name="«Өскемен Водоканал»",
    legal_form="МКК",
    registration_code="120740001205",
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
    pay_link="https://pay.vodokanal.example/?account={account}&period={period}&amount={amount}",
    notice=texts(
        "Есептеуіштің салыстырып тексеру мерзімін қадағалаңыз: мерзімі өткен есептеуіш бойынша төлем норма бойынша "
        "есептеледі.",
        "Следите за сроком поверки счётчика: по счётчику с истёкшим сроком плата начисляется по нормативу.",
        "Стежте за строком повірки лічильника: за лічильником із простроченою повіркою плата нараховується за нормою.",
        "Mind the verification date of your meter: once it has passed, charges are made by the norm.",
    ),
    tear_off=True,
)

IZENHARD: Final = Provider(
    id=0,
    code="izenhard",
    name="«Міськводоканал»",
    legal_form="КП",
    registration_code="14360570",
    country="UA",
    currency="UAH",
    zone="Europe/Kyiv",
    settlement="м. Ізенгард",
    address="вул. Зріні Ілони, 6/1, м. Ізенгард, Закарпатська обл., 96001",
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
    notice=texts(
        "Көрсеткіштерді айдың 20-сынан бастап беруге болады.",
        "Показания можно передать начиная с 20 числа месяца.",
        "Показники можна передати починаючи з 20 числа місяця.",
        "Readings may be given from the 20th day of the month.",
    ),
    tear_off=True,
    vat_payer=False,
)


def create_oskemen(unit: Unit) -> int:
    """Add «Өскемен Водоканал» with water supply and drainage, and return its tenant."""
    tenant = create_provider(unit, OSKEMEN)
    water = create_service(unit, tenant, _service("water", _WATER, _CUBIC_METRE, 1))
    drainage = create_service(
        unit, tenant, msgspec.structs.replace(_service("drainage", _DRAINAGE, _CUBIC_METRE, 2), volume_from=water.id)
    )
    account = Recipient(
        id=0,
        provider_id=tenant,
        name="«Өскемен Водоканал» МКК",
        code=OSKEMEN.registration_code,
        iban="KZ16601A871001234567",
        legacy_account="",
        bank="«Халық Банкі» АҚ",
        bank_code="HSBKKZKX",
        purpose="Сумен жабдықтау және су бұру қызметтері үшін",
        commission_percent="0",
        vat_note="",
    )
    number = unit.connection.execute(
        insert(recipient).values(tenant_id=tenant, **values_of(account)).returning(recipient.c.id)
    ).scalar_one()
    unit.changes.live(tenant, PUBLIC, "recipient", number)
    for one in (water, drainage):
        unit.connection.execute(update(service).where(service.c.id == one.id).values(recipient_id=number))
    return tenant


def create_izenhard(unit: Unit) -> int:
    """Add КП «Міськводоканал» with its four services, and return its tenant."""
    rules = Rules(register=(5, 3), reading_in_last_digit=True, average_months=12)
    tenant = create_provider(unit, IZENHARD, rules)
    water = create_service(unit, tenant, _service("water", _WATER, _CUBIC_METRE, 1))
    create_service(
        unit, tenant, msgspec.structs.replace(_service("drainage", _DRAINAGE, _CUBIC_METRE, 2), volume_from=water.id)
    )
    refuse = texts("Қоқыс шығару", "Вывоз отходов", "Вивезення відходів", "Refuse collection")
    housing = texts("Үйлерге қызмет көрсету", "Обслуживание домов", "Обслуговування будинків", "Building maintenance")
    create_service(unit, tenant, _service("refuse", refuse, _NO_UNIT, 3))
    create_service(unit, tenant, _service("housing", housing, _NO_UNIT, 4))
    return tenant


def _service(code: str, name: Texts, unit_name: Texts, priority: int) -> Service:
    return Service(
        id=0, provider_id=0, code=code, kind=code, name=name, unit=unit_name, priority=priority, recipient_id=None
    )
