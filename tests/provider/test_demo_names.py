"""Invented people are possible ones: their number tells their birthday and sex, and their surname ends as it should."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from models.contract.admission_records import Child
from models.domain.identity import check_iin
from provider.demo.build import DATA
from provider.demo.families import HOUSEHOLDS, NOT_ENTERED, registered
from tests.samples import balabaqsha, department

TODAY = date(2026, 4, 9)
BOYS = ("ов", "ев", "ин", "ұлы", "ович", "евич")
GIRLS = ("ова", "ева", "ина", "қызы", "овна", "евна")


def assert_possible(code: str, female: bool, *names: str) -> None:
    assert check_iin(code) is None, (code, names)
    assert (int(code[6]) % 2 == 0) is female, (code, names)
    wrong = BOYS if female else GIRLS
    assert not [name for name in names if name.endswith(wrong)], (code, names)


def test_families_of_the_demonstration_are_possible() -> None:
    for household in HOUSEHOLDS:
        assert f"{household.born:%y%m%d}" == household.code[:6]
        assert_possible(household.code, household.sex == "female", household.surname, household.patronymic)
    for member in (*(child for household in HOUSEHOLDS for child in household.children), NOT_ENTERED):
        found = registered(member, [], TODAY)
        assert_possible(found.code, member.female, member.surname, member.patronymic)


def test_children_of_the_imported_queue_are_called_as_their_number_says() -> None:
    with (DATA / "kezek.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))[1:]
    calls: dict[str, set[bool]] = {}
    for row in rows:
        code, (surname, name) = row[2], row[3].split()
        if surname == "Қате":
            continue  # the row that shows how a bad one is told
        assert_possible(code, int(code[6]) % 2 == 0, surname)
        calls.setdefault(name, set()).add(int(code[6]) % 2 == 0)
    assert len(calls) == 10
    assert all(len(sexes) == 1 for sexes in calls.values()), "one name is not a boy's and a girl's"


@pytest.mark.parametrize(
    "rows", [balabaqsha.children(), department.crowd(90), department.at_work()], ids=["family", "crowd", "work"]
)
def test_children_of_the_samples_are_possible(rows: list[object]) -> None:
    children = [row for row in rows if isinstance(row, Child)]
    assert children
    for child in children:
        assert f"{child.born:%y%m%d}" == child.iin[:6]
        assert_possible(child.iin, child.sex == "female", child.surname, child.patronymic)
