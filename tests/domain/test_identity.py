"""Codes and names of people and firms."""

from __future__ import annotations

import pytest

from models.domain.identity import (
    check_bin,
    check_edrpou,
    check_iban,
    check_iin,
    check_rnokpp,
    mask_code,
    normalise_name,
    same_surname,
)
from models.domain.problems import Problem


@pytest.mark.parametrize("code", ["850101300124", "991231504564", " 850101300124 "])
def test_true_iins_pass(code: str) -> None:
    assert check_iin(code) is None
    assert check_bin(code) is None


@pytest.mark.parametrize("code", ["850101300125", "85010130012", "8501013001244", "85010130012x", "", "000000000000"])
def test_false_iins_are_refused(code: str) -> None:
    assert check_iin(code) == Problem("iin-invalid", "code")
    assert check_bin(code) == Problem("bin-invalid", "code")


def test_the_second_row_of_weights_decides_when_the_first_leaves_ten() -> None:
    body = next(
        f"{number:011d}"
        for number in range(10_000_000_000, 10_000_000_100)
        if sum(weight * int(digit) for weight, digit in zip(range(1, 12), f"{number:011d}", strict=True)) % 11 == 10
    )
    weights = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
    last = sum(weight * int(digit) for weight, digit in zip(weights, body, strict=True)) % 11
    assert last != 10
    assert check_iin(f"{body}{last}") is None
    assert check_iin(f"{body}{(last + 1) % 10}") is not None


@pytest.mark.parametrize("code", ["14360570", "00032106", "12345678", "32855961"])
def test_true_edrpou_codes_pass(code: str) -> None:
    assert check_edrpou(code) is None


@pytest.mark.parametrize("code", ["14360571", "1436057", "", "1436057O"])
def test_false_edrpou_codes_are_refused(code: str) -> None:
    assert check_edrpou(code) == Problem("edrpou-invalid", "code")


def test_tax_numbers_and_ibans_are_checked() -> None:
    assert check_rnokpp("1234567899") is None
    assert check_rnokpp("1234567890") == Problem("rnokpp-invalid", "code")
    assert check_iban("KZ16601A871001234567") is None
    assert check_iban("UA39 3052 9900 0002 6006 0603 6569 6") is None
    assert check_iban("UA393052990000026006060365697") == Problem("iban-invalid", "iban")
    assert check_iban("26005060383123") == Problem("iban-invalid", "iban")


@pytest.mark.parametrize(
    ("code", "masked"),
    [
        ("850101300124", "8501******24"),
        ("14360570", "14****70"),
        ("1234567899", "123*****99"),
        ("123", "***"),
        ("", ""),
    ],
)
def test_the_middle_of_a_code_is_hidden(code: str, masked: str) -> None:
    assert mask_code(code) == masked


@pytest.mark.parametrize(
    ("written", "registered"),
    [
        ("кожемяка", "Кожемяка"),
        ("  КОЖЕМЯКА ", "Кожемяка"),
        ("Дерев'янко", "Дерев’янко"),
        ("Деревʼянко", "Дерев’янко"),
        ("Лiщинськa", "Ліщинська"),  # Latin i and a from a DOS file
        ("Ковальова", "Ковальова"),
        ("Ковалёв", "Ковалев"),
        ("Нечуй–Левицький", "Нечуй-Левицький"),
        ("Әбілқасымова", "ӘБІЛҚАСЫМОВА"),
        ("Ғұмарұлы", "ғұмарұлы"),
        ("Саһипов", "Саhипов"),
        ("Й\u0438\u0306", "Й\u0439"),
    ],
)
def test_the_same_surname_is_recognised_however_it_is_typed(written: str, registered: str) -> None:
    assert same_surname(written, registered)


@pytest.mark.parametrize(("a", "b"), [("Кожемяка", "Кожемякін"), ("", ""), ("Smith", "Ѕміт"), ("Ганна", "Ґанна")])
def test_different_surnames_differ(a: str, b: str) -> None:
    assert not same_surname(a, b)


def test_latin_names_stay_latin() -> None:
    assert normalise_name("O’Connor") == "o'connor"
