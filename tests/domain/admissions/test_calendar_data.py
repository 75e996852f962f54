"""The calendars that are kept: complete, named in four languages, and as the library has them."""

from __future__ import annotations

import json
from datetime import date

import pytest

from resources.calendars import COUNTRIES, FOLDER, load
from resources.calendars.make import FIRST_YEAR, LAST_YEAR, calendar, library

YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
DIFFERENCES: dict[str, dict[date, str]] = {"KZ": {}, "UA": {}}
"""Days on which our list and the library are known to differ, and why. None at the library's release of July 2026."""


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_year_is_there_with_its_source(country: str) -> None:
    data = load(country)
    assert data.years == set(YEARS)
    assert all(data.sources[year] for year in YEARS)
    assert not set(data.days_off) & set(data.extra)


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_day_has_a_name_in_four_languages(country: str) -> None:
    data = load(country)
    for names in (*data.days_off.values(), *data.extra.values()):
        assert set(names) == {"kk", "ru", "uk", "en"}
        assert all(names.values())


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("year", YEARS)
def test_the_kept_days_are_those_of_the_library(country: str, year: int) -> None:
    data = load(country)
    off, worked = library(country, year)
    ours = {day for day in data.days_off if day.year == year}
    assert {day for day in ours ^ set(off) if day.weekday() < 5} == {
        day for day in DIFFERENCES[country] if day.year == year
    }
    assert {day for day in data.extra if day.year == year} == worked


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_files_are_what_the_script_writes(country: str) -> None:
    kept = json.loads((FOLDER / f"{country.lower()}.json").read_text(encoding="utf-8"))
    assert kept == calendar(country, kept["zone"])


def test_a_moved_day_says_which_holiday_it_is() -> None:
    names = load("KZ").days_off[date(2019, 3, 25)]
    assert names["kk"] == "Наурыз мейрамы (көшірілген демалыс)"
    assert names["en"] == "Nauryz (moved day off)"
    assert load("KZ").days_off[date(2026, 5, 27)]["en"] == "Kurban Ait (expected date)"


def test_there_are_no_days_off_under_martial_law() -> None:
    assert not [day for day in load("UA").days_off if day > date(2022, 3, 15)]


def test_a_country_that_is_not_kept_is_said() -> None:
    with pytest.raises(LookupError, match="FR"):
        load("FR")
