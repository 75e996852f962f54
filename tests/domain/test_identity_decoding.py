"""What the numbers of people and organisations in Kazakhstan say, and which mistake is in a wrong one."""

from __future__ import annotations

from datetime import date

import pytest

from models.domain.identity import Bin, Iin, decode_bin, decode_iin
from models.domain.problems import Problem

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("code", "born", "sex"),
    [
        ("210220550811", date(2021, 2, 20), "male"),  # the manual's own
        ("061211600012", date(2006, 12, 11), "female"),  # second row of weights
        ("210220500307", date(2021, 2, 20), "male"),
        ("170720600806", date(2017, 7, 20), "female"),
        ("940225301801", date(1994, 2, 25), "male"),
        ("210220550821", date(2021, 2, 20), "male"),  # a slip in digit 11 that no check digit sees
        (" 210220550811 ", date(2021, 2, 20), "male"),
    ],
)
def test_an_iin_says_birth_and_sex(code: str, born: date, sex: str) -> None:
    assert decode_iin(code, TODAY) == Iin(code.strip(), born, sex)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("210220550812", "iin-check-digit"),
        ("210230550816", "iin-date"),
        ("210220750814", "iin-century"),
        ("21022055081", "iin-invalid"),
        ("21022055081a", "iin-invalid"),
        ("²10220550811", "iin-invalid"),
        ("", "iin-invalid"),
        ("000000000000", "iin-invalid"),
    ],
)
def test_each_mistake_in_an_iin_has_its_own_name(code: str, problem: str) -> None:
    found = decode_iin(code, TODAY)
    assert isinstance(found, Problem)
    assert (found.code, found.field) == (problem, "code")


def test_nobody_is_born_tomorrow() -> None:
    assert decode_iin("210220550811", date(2021, 2, 19)) == Problem("iin-future", "code", {"day": "2021-02-20"})
    assert isinstance(decode_iin("210220550811", date(2021, 2, 20)), Iin)


@pytest.mark.parametrize("last", range(10))
def test_a_serial_that_leaves_ten_twice_has_no_check_digit(last: int) -> None:
    found = decode_iin(f"21022050037{last}", TODAY)
    assert isinstance(found, Problem)
    assert found.code == "iin-check-digit"


@pytest.mark.parametrize("code", ["190640100004", "190640000902"])
def test_a_bin_says_month_and_kind(code: str) -> None:
    found = decode_bin(code, TODAY)
    assert found == Bin(code, 2019, 6, "resident", "head")


@pytest.mark.parametrize(
    ("body", "problem"),
    [("19064010000", ""), ("19134010000", "bin-date"), ("19069010000", "bin-kind"), ("1906401", "bin-invalid")],
)
def test_each_mistake_in_a_bin_has_its_own_name(body: str, problem: str) -> None:
    weights = ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))
    rest = 10
    for row in weights:
        rest = sum(weight * int(digit) for weight, digit in zip(row, body, strict=False)) % 11
        if rest != 10:
            break
    code = f"{body}{rest}" if len(body) == 11 else body
    found = decode_bin(code, TODAY)
    assert (found.code if isinstance(found, Problem) else "") == problem
    if not problem:
        wrong = decode_bin(f"{body}{(rest + 1) % 10}", TODAY)
        assert isinstance(wrong, Problem)
        assert wrong.code == "bin-check-digit"


def test_a_bin_of_a_month_that_lies_ahead_is_of_the_last_century() -> None:
    found = decode_bin("190640100004", date(2019, 5, 31))
    assert isinstance(found, Bin)
    assert found.year == 1919
