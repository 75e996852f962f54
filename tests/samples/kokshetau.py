"""An education department as rows of the cache: localities, kindergartens, groups, places, rules, bulletin, figures.

``NOW`` is a Thursday afternoon in Kökshetau (UTC+5).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from models.contract.admission_records import (
    Benefit,
    BulletinItem,
    CalendarDay,
    CalendarYear,
    Category,
    Group,
    Locality,
    Organisation,
    Place,
    ProgrammeRules,
    QueueStatistic,
    Review,
)
from models.contract.record import Record
from models.contract.records import Provider
from tests.samples.rows import words

NOW: Final = datetime(2026, 4, 9, 9, 40, tzinfo=UTC)
"""14:40:00 on 09.04.2026 in Kökshetau."""
DEPARTMENT: Final = 500
REGION, CITY, DISTRICT, VILLAGE = 1, 2, 3, 4
TEMPORARY: Final = date(2026, 4, 30)
"""The last day of the temporary place in group 1032."""


def iin(born: date, female: bool, serial: int) -> str:
    """Return an IIN with valid check digit for somebody born in this century; raises for a serial never issued."""
    head = f"{born:%y%m%d}{6 if female else 5}{serial:04d}"
    digits = [int(character) for character in head]
    first = sum(digit * weight for digit, weight in zip(digits, range(1, 12), strict=True)) % 11
    second = sum(digit * (weight % 11 + 1) for digit, weight in zip(digits, range(2, 13), strict=True)) % 11
    check = first if first < 10 else second
    if check == 10:
        raise ValueError(f"serial {serial} is never issued")
    return f"{head}{check}"


def at(day: int, hour: int = 9, minute: int = 0, month: int = 4, second: int = 0) -> datetime:
    """Return a moment of 2026, wall clock of Kökshetau, in UTC."""
    return datetime(2026, month, day, hour, minute, second, tzinfo=UTC) - timedelta(hours=5)


def midnight_after(day: int, month: int = 4) -> str:
    """Return the end of a local day of 2026 as a term travels."""
    return (at(day, 0, 0, month) + timedelta(days=1)).isoformat()


def department() -> Provider:
    """Return the education department of the samples."""
    return Provider(
        id=DEPARTMENT,
        code="kokshetau-edu",
        name="Көкшетау қаласының білім бөлімі",
        legal_form="ММ",
        registration_code="990340004517",
        country="KZ",
        currency="KZT",
        zone="Asia/Almaty",
        settlement="Көкшетау қ.",
        address="Абай к-сі, 89",
        phone="+7 7162 25-00-00",
        email="edu@kokshetau.example",
        site="https://edu.kokshetau.example",
        hours="9:00–18:00",
        dispatch_phone="",
        debt_sign="debt_positive",
        due_day=25,
        window_from=1,
        window_to=25,
        grace_days=0,
        unusual_factor=0,
        unusual_minimum=0,
        qr="none",
        qr_template="",
        pay_link="",
        notice={},
        tear_off=False,
        kind="department",
        support_phone="8 (727) 339-72-22",
        support_chat="https://wa.me/77473397222",
    )


def localities() -> list[Locality]:
    """Return a region with a city, a district and a village."""
    return [
        Locality(REGION, DEPARTMENT, "11", "region", words("Ақмола облысы", "Акмолинская область",
                                                           "Акмолинська область", "Aqmola region")),
        Locality(CITY, DEPARTMENT, "1110", "city", words("Көкшетау қ.", "г. Кокшетау", "м. Кокшетау", "Kökshetau"),
                 REGION),
        Locality(DISTRICT, DEPARTMENT, "1146", "district", words("Бурабай ауданы", "Бурабайский район",
                                                                 "Бурабайський район", "Burabay district"), REGION),
        Locality(VILLAGE, DEPARTMENT, "114632", "village", words("Бурабай кенті", "пос. Бурабай", "смт Бурабай",
                                                                 "Burabay"), DISTRICT),
    ]  # fmt: skip


_KINDERGARTENS: Final[tuple[tuple[Any, ...], ...]] = (
    (101, "Амина", "kindergarten", "private", CITY, "Әуезов к-сі, 14", "+7 7162 31-11-01", [], ["kk", "ru"], 46, 12),
    (102, "№24 «Солнышко» балабақшасы", "kindergarten", "state", CITY, "М. Ғабдуллин к-сі, 52", "+7 7162 31-24-24", [],
     ["ru"], 42, 31),
    (103, "№1 «Айгөлек» бөбекжайы", "nursery", "state", CITY, "Абай к-сі, 97", "+7 7162 31-01-01", [], ["kk"], 48, 57),
    (104, "«Ақбота» бөбекжай-бақшасы", "nursery-garden", "state", CITY, "Сәтбаев к-сі, 8", "+7 7162 31-07-70", [],
     ["kk", "ru", "en"], 39, 9),
    (105, "№40 арнайы бөбекжай-бақша", "special", "state", CITY, "Горький к-сі, 21", "+7 7162 31-40-40",
     ["speech", "vision"], ["kk", "ru"], 47, 22),
    (106, "«Балпан» бөбекжай-бақшасы", "nursery-garden", "private", DISTRICT, "Щучинск қ., Ауэзов к-сі, 73",
     "+7 71636 4-30-30", [], ["kk"], 0, 0),
    (107, "«Арман» санаторлық балабақшасы", "sanatorium", "state", VILLAGE, "Бурабай к., Кенесары к-сі, 5",
     "+7 71630 7-12-12", [], ["kk", "ru"], 44, 5),
)  # fmt: skip

_GROUPS: Final = (
    # id, organisation, name, from, to, language, correction, capacity, occupied, held
    (1011, 101, "Солнце", 3, 4, "ru", "", 23, 21, 0),
    (1012, 101, "Жұлдыз", 3, 4, "kk", "", 24, 20, 1),
    (1021, 102, "Ромашка", 3, 4, "ru", "", 25, 25, 0),
    (1022, 102, "Теремок", 2, 3, "ru", "", 20, 20, 0),
    (1031, 103, "Ақбөбек", 2, 3, "kk", "", 20, 19, 1),
    (1032, 103, "Қарлығаш", 3, 4, "kk", "", 25, 24, 0),
    (1041, 104, "Көбелек", 3, 4, "kk", "", 25, 22, 1),
    (1042, 104, "Butterfly", 3, 4, "en", "", 16, 10, 0),
    (1051, 105, "Тұлпар", 4, 5, "kk", "speech", 12, 9, 0),
    (1052, 105, "Зоркий", 3, 4, "ru", "vision", 10, 10, 0),
    (1061, 106, "Жұлдызша", 3, 5, "kk", "", 24, 19, 0),
    (1062, 106, "Ақжелек", 2, 3, "kk", "", 24, 24, 0),
)


def kindergartens() -> list[Record]:
    """Return kindergartens, their groups and places; one place is temporary."""
    result: list[Record] = []
    for number, name, kind, ownership, where, address, phone, corrections, languages, rating, reviews in _KINDERGARTENS:
        result.append(
            Organisation(
                number,
                DEPARTMENT,
                f"KG-{number}",
                name,
                kind,
                ownership,
                where,
                address,
                phone,
                f"kg{number}@example.kz",
                "190640100004",
                "Дүйсенова Мөлдір Умарқызы",
                corrections,
                languages,
                rating_tenths=rating,
                reviews=reviews,
            )
        )
    for number, owner, name, low, high, language, correction, capacity, occupied, held in _GROUPS:
        begun = date(2025, 9, 1)
        result.append(
            Group(number, owner, name, low, high, language, "day", correction, "Дүйсенова Мөлдір Умарқызы", begun)
        )
        result.append(Place(number * 10, number, "permanent", capacity, occupied, held, begun))
    result.append(Place(10321, 1032, "temporary", 1, 0, 0, date(2026, 4, 1), TEMPORARY))
    return result


def rules() -> list[Record]:
    """Return programmes, categories, benefits and the working calendar."""
    begun = date(2026, 1, 1)
    off = {
        1: (1, 2, 7), 3: (9, 23, 24, 25), 5: (1, 7, 11, 27), 7: (6,), 10: (26,), 12: (16,),
    }  # fmt: skip
    days = [date(2026, month, day) for month, found in off.items() for day in found]
    holiday = words("Демалыс күні", "Выходной", "Вихідний", "Day off")
    return [
        ProgrammeRules(1, DEPARTMENT, "general", begun, None, {"signature_contract": "code"}),
        ProgrammeRules(2, DEPARTMENT, "special", begun, None, {"docs_review": True, "signature_contract": "code"}),
        ProgrammeRules(3, DEPARTMENT, "bulletin", begun, None,
                       {"interest_days": 0, "contract_days": 0, "extension_days": 0, "order": "interleave"}),
        Category(21, DEPARTMENT, "general-3", words(
            "Кезекте тұрған, 3 жасқа толған балалар", "Дети в очереди, которым исполнилось 3 года",
            "Діти в черзі, яким виповнилося 3 роки", "Children in the queue who have turned 3"),
            "", 36, 48, 33, "ordinary", begun),
        Category(22, DEPARTMENT, "large-3", words(
            "Көп балалы отбасынан шыққан балалар (3 жас)", "Дети из многодетных семей (3 года)",
            "Діти з багатодітних сімей (3 роки)", "Children of large families (3 years)"),
            "large", 36, 48, 23, "first", begun),
        Category(23, DEPARTMENT, "general-2", words(
            "2 жастағы балалар", "Дети двух лет", "Діти двох років", "Children of two years"),
            "", 24, 36, 34, "ordinary", begun),
        Benefit(31, DEPARTMENT, "large", words("Көп балалы отбасы", "Многодетная семья", "Багатодітна сім’я",
                                               "Large family"), "benefit"),
        Benefit(32, DEPARTMENT, "military", words(
            "Әскери қызметшінің баласы", "Ребёнок военнослужащего", "Дитина військовослужбовця",
            "Child of a serviceman"), "benefit"),
        *(CalendarYear(60 + year - 2025, DEPARTMENT, year, "sample") for year in (2025, 2026, 2027)),
        *(CalendarDay(7000 + number, DEPARTMENT, day, False, holiday) for number, day in enumerate(days)),
    ]  # fmt: skip


def bulletin() -> list[Record]:
    """Return published places: open, opening today at 18:00, in a language or locality of others, taken, withdrawn."""
    person_ = "Дүйсенова Мөлдір Умарқызы"
    today, open_today = date(2026, 4, 9), at(9, 18)
    return [
        BulletinItem(801, 1011, "Б-2026-31", 2, 1, [2022], "ru", CITY, "permanent", person_, today, date(2026, 4, 8),
                     at(8, 18), at(13, 18), "published"),
        BulletinItem(802, 1012, "Б-2026-32", 3, 0, [2022], "kk", CITY, "permanent", person_, today, today, open_today,
                     at(14, 18), "published"),
        BulletinItem(803, 1042, "Б-2026-33", 6, 0, [2022, 2021], "en", CITY, "permanent", person_, today,
                     date(2026, 4, 7), at(7, 18), at(10, 18), "published"),
        BulletinItem(804, 1061, "Б-2026-34", 5, 0, [2022, 2021], "kk", DISTRICT, "permanent", person_, today,
                     date(2026, 4, 6), at(6, 18), at(9, 12), "published"),
        BulletinItem(805, 1041, "Б-2026-35", 2, 2, [2022], "kk", CITY, "permanent", person_, today, date(2026, 4, 3),
                     at(3, 18), at(8, 18), "published"),
        BulletinItem(806, 1031, "Б-2026-30", 1, 0, [2023], "kk", CITY, "permanent", person_, today, date(2026, 4, 1),
                     at(1, 18), at(6, 18), "withdrawn", "Топ жөндеуде"),
    ]  # fmt: skip


def opinions() -> list[Record]:
    """Return published reviews and one that awaits an officer."""
    return [
        Review(901, 103, 5, "Тәрбиешілер мейірімді, балам қуанып барады.", "Айгүл С.", at(1, 10), "published",
               "Рақмет! Сізді қуанта береміз.", at(2, 11)),
        Review(902, 103, 4, "Хороший сад, но тесная парковка.", "Марина К.", at(20, 18, month=3), "published"),
        Review(903, 101, 5, "Тамағы жақсы, топтар жарық.", "Ерлан Т.", at(11, 9, month=3), "published"),
    ]  # fmt: skip


def statistics() -> list[Record]:
    """Return how many wait and how many places are expected, as computed at night."""
    counted = at(9, 3, 0)
    coming = {"2026-06-01": 4, "2026-09-01": 61, "2026-12-01": 70}
    lines = (
        (1, CITY, 2022, "kk", 612, 140, 7), (2, CITY, 2022, "ru", 431, 122, 2), (3, CITY, 2023, "kk", 704, 88, 0),
        (4, CITY, 2023, "ru", 380, 61, 0), (5, DISTRICT, 2022, "kk", 96, 40, 5), (6, VILLAGE, 2022, "kk", 18, 9, 0),
    )  # fmt: skip
    return [
        QueueStatistic(number, DEPARTMENT, place, year, language, queued, admitted, free,
                       {day: free + extra * (1 if place == CITY else 0) for day, extra in coming.items()}, counted)
        for number, place, year, language, queued, admitted, free in lines
    ]  # fmt: skip
