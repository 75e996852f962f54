"""Figures of an office: every application once, and what is expected of its groups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from models.cache.queries import department, figures
from models.cache.queries.outlook import Outlook, outlook
from models.cache.store import CacheStore
from models.contract.admission_records import Child, Placement
from tests.fixtures.department import office_store
from tests.samples import department as sample
from tests.samples.balabaqsha import DEPARTMENT

TODAY = date(2026, 4, 9)
DAYS = (date(2026, 5, 1), date(2026, 9, 1))


def attending(number: int, born: date, begins: date, ends: date | None = None) -> list[Child | Placement]:
    child = Child(60_000 + number, DEPARTMENT, f"{number:012}", "Ким", "Айлин", "", born, "female", "")
    return [child, Placement(70_000 + number, 80_000 + number, child.id, 1011, "permanent", begins, ends)]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[CacheStore]:
    rows = [
        *sample.office_rows(),
        *attending(1, date(2020, 3, 1), date(2024, 9, 1)),  # goes to school with 1 September
        *attending(2, date(2022, 3, 1), date(2025, 9, 1), date(2026, 4, 30)),  # an announced leaving
        *attending(3, date(2022, 5, 1), date(2025, 4, 9)),  # came a year and a day ago
        *attending(4, date(2022, 5, 1), date(2025, 4, 10)),
        *attending(5, date(2019, 5, 1), date(2023, 9, 1), date(2025, 8, 31)),  # has left
    ]
    store = office_store(tmp_path, "officer", rows)
    yield store
    store.close()


def test_every_application_in_a_queue_counts_once_by_locality_and_year(office: CacheStore) -> None:
    found = office.read(lambda c: figures.demand(c, TODAY))
    states = office.read(figures.figures).states
    queued = sum(count for (_programme, state), count in states.items() if state == "queued")
    assert sum(found.queued.values()) == queued
    assert sum(found.languages.values()) > queued, "who takes two languages counts for both"


def test_who_came_within_twelve_months_is_counted_by_group_and_year(office: CacheStore) -> None:
    found = office.read(lambda c: figures.demand(c, TODAY))
    assert {key: count for key, count in found.admitted.items() if key[0] == 1011} == {(1011, 2022): 2}


def test_what_is_expected_of_a_group_are_announced_leavings_and_who_goes_to_school(office: CacheStore) -> None:
    found = office.read(lambda c: outlook(c, TODAY, DAYS, 6))
    assert [found.left(1011, day) for day in DAYS] == [1, 2]
    assert found.left(999, DAYS[0]) == 0
    assert office.read(lambda c: outlook(c, TODAY, (), 6)) == Outlook()


def test_a_page_of_the_queue_and_the_figures_speak_of_the_same_applications(office: CacheStore) -> None:
    page = office.read(lambda c: department.queue(c, department.Wanted(states=("queued",))))
    assert page.total == sum(office.read(lambda c: figures.demand(c, TODAY)).queued.values())
