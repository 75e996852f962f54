"""Writes the calendar files from the ``holidays`` library, and from lists of our own where there are any.

Run ``python -m resources.calendars.make`` after the library or a list changed, and read the difference: a day off of a
year that is already in force moves people's terms.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final

from holidays import country_holidays

from resources.calendars import FOLDER

FIRST_YEAR, LAST_YEAR = 2019, 2027
MARTIAL_LAW_FROM = 2022

KZ_LISTED: Final[dict[int, tuple[str, str]]] = {
    # weekdays off, and days worked at a weekend
    2019: ("0101 0102 0107 0308 0321 0322 0325 0501 0507 0509 0510 0708 0830 1202 1216 1217", "0504"),
    2024: ("0101 0102 0308 0321 0322 0325 0501 0507 0508 0509 0708 0830 1025 1216", "0504"),
    2025: ("0101 0102 0103 0107 0310 0321 0324 0325 0501 0507 0509 0606 0707 0901 1027 1216", "0105"),
    2026: ("0101 0102 0107 0309 0323 0324 0325 0501 0507 0511 0527 0706 1026 1216", ""),
    2027: ("0101 0104 0107 0308 0315 0322 0323 0324 0503 0507 0510 0706 1025 1216", ""),
}

_LIBRARY: Final = "holidays 0.109 (vacanza)"
_LISTED: Final = f"list kept with the program, after {_LIBRARY} and the published production calendars"
_ESTIMATED: Final = "; confirm with the government's list of the year, the day of Kurban Ait is an estimate"

_KEYS: Final = {
    "New Year's Day": "new-year",
    "Orthodox Christmas": "christmas",
    "Christmas Day": "christmas",
    "International Women's Day": "women",
    "Nowruz Holiday": "nauryz",
    "Kazakhstan's People Solidarity Holiday": "unity",
    "Labor Day": "labour",
    "Defender of the Fatherland Day": "defender",
    "Day of Victory over Nazism in World War II (Victory Day)": "victory",
    "Victory Day": "victory",
    "Capital Day": "capital",
    "Constitution Day": "constitution",
    "Day of the Constitution of Ukraine": "constitution",
    "Republic Day": "republic",
    "First President Day": "first-president",
    "Independence Day": "independence",
    "Eid al-Adha": "kurban-ait",
    "Easter Sunday (Pascha)": "easter",
    "Pentecost": "pentecost",
    "Defender of Ukraine Day": "defenders",
    "Day of defenders of Ukraine": "defenders",
}

_NAMES: Final[dict[str, tuple[str, str, str, str]]] = {
    "new-year": ("Жаңа жыл", "Новый год", "Новий рік", "New Year"),
    "christmas": ("Рождество", "Рождество Христово", "Різдво Христове", "Christmas"),
    "women": (
        "Халықаралық әйелдер күні",
        "Международный женский день",
        "Міжнародний жіночий день",
        "International Women's Day",
    ),
    "nauryz": ("Наурыз мейрамы", "Наурыз мейрамы", "Наурыз", "Nauryz"),
    "unity": (
        "Қазақстан халқының бірлігі мерекесі",
        "Праздник единства народа Казахстана",
        "Свято єдності народу Казахстану",
        "Day of Unity of the People of Kazakhstan",
    ),
    "labour": ("Еңбек күні", "День труда", "День праці", "Labour Day"),
    "defender": ("Отан қорғаушы күні", "День защитника Отечества", "День захисника Вітчизни", "Defender's Day"),
    "victory": ("Жеңіс күні", "День Победы", "День перемоги", "Victory Day"),
    "capital": ("Астана күні", "День столицы", "День столиці", "Capital Day"),
    "constitution": ("Конституция күні", "День Конституции", "День Конституції", "Constitution Day"),
    "republic": ("Республика күні", "День Республики", "День Республіки", "Republic Day"),
    "first-president": (
        "Тұңғыш Президент күні",
        "День Первого Президента",
        "День Першого Президента",
        "First President Day",
    ),
    "independence": ("Тәуелсіздік күні", "День независимости", "День незалежності", "Independence Day"),
    "kurban-ait": ("Құрбан айт", "Курбан-айт", "Курбан-байрам", "Kurban Ait"),
    "easter": ("Пасха", "Пасха", "Великдень", "Easter"),
    "pentecost": ("Троица күні", "Троица", "Трійця", "Pentecost"),
    "defenders": (
        "Украина қорғаушылары күні",
        "День защитников Украины",
        "День захисників і захисниць України",
        "Day of Defenders of Ukraine",
    ),
    "day-off": ("Демалыс күні", "Выходной день", "Вихідний день", "Day off"),
    "moved": ("көшірілген демалыс", "перенесённый выходной", "перенесений вихідний", "moved day off"),
    "swapped": (
        "жұмыс күнімен ауыстырылған",
        "в обмен на рабочий день",
        "в обмін на робочий день",
        "in exchange for a working day",
    ),
    "estimated": ("болжамды күн", "предположительная дата", "очікувана дата", "expected date"),
    "worked": (
        "Көшірілген жұмыс күні",
        "Перенесённый рабочий день",
        "Перенесений робочий день",
        "Moved working day",
    ),
}


def main() -> None:
    """Write both files."""
    for country, zone in (("KZ", "Asia/Almaty"), ("UA", "Europe/Kyiv")):
        kept = calendar(country, zone)
        text = json.dumps(kept, ensure_ascii=False, indent=1) + "\n"
        (FOLDER / f"{country.lower()}.json").write_text(text, encoding="utf-8")


def calendar(country: str, zone: str) -> dict[str, Any]:
    """Return a country's file as plain values."""
    years = {str(year): _year(country, year) for year in range(FIRST_YEAR, LAST_YEAR + 1)}
    used = {part for year in years.values() for kind in ("days_off", "extra") for part in _parts(year[kind])}
    names = {
        key: dict(zip(("kk", "ru", "uk", "en"), texts, strict=True)) for key, texts in _NAMES.items() if key in used
    }
    return {"country": country, "zone": zone, "names": names, "years": years}


def library(country: str, year: int) -> tuple[dict[date, str], frozenset[date]]:
    """Return what the library says of a year: days off with their names in English, and worked weekend days."""
    found = country_holidays(country, years=year, language="en_US")
    worked = frozenset(day for day in found.weekend_workdays if day.year == year)
    return {day: found[day] for day in found if day.year == year}, worked


def key_of(name: str) -> str:
    """Return our key of the library's English name."""
    if name.startswith("Day off"):
        return "day-off+swapped"
    name = name.partition(";")[0].strip()
    for mark, special in ((" (observed)", "+moved"), (" (estimated)", "+estimated")):
        if name.endswith(mark):
            return _KEYS[name.removesuffix(mark)] + special
    return _KEYS[name]


def _year(country: str, year: int) -> dict[str, Any]:
    named, worked = library(country, year)
    days_off = {day: key_of(name) for day, name in named.items()}
    source = _LIBRARY
    if country == "KZ" and year in KZ_LISTED:
        off, extra = ([_day(year, text) for text in days.split()] for days in KZ_LISTED[year])
        weekends = {day: key for day, key in days_off.items() if day.weekday() >= 5}
        days_off = weekends | {day: days_off.get(day, "day-off") for day in off}
        worked = frozenset(extra)
        source = _LISTED + (_ESTIMATED if year >= 2026 else "")
    elif country == "UA" and year >= MARTIAL_LAW_FROM:
        source += "; no days off under martial law from 15.03.2022"
    return {
        "source": source,
        "days_off": {day.isoformat(): key for day, key in sorted(days_off.items())},
        "extra": {day.isoformat(): "worked" for day in sorted(worked)},
    }


def _day(year: int, text: str) -> date:
    return date(year, int(text[:2]), int(text[2:]))


def _parts(days: dict[str, str]) -> set[str]:
    return {part for key in days.values() for part in key.split("+")}


if __name__ == "__main__":
    main()
