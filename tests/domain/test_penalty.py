"""Penalty for paying late."""

from __future__ import annotations

from datetime import date

import pytest

from models.contract.records import Entry
from models.domain.penalty import Penalty, PenaltyRate, PenaltyRule, accrue, first_penalty_day, overdue
from models.domain.period import Month
from tests.domain.movements import entry

RATE = PenaltyRate(date(2000, 1, 1), "0.01")
RULE = PenaltyRule(rates=(RATE,))
APRIL = Month(2024, 4)


def due_on(period: int) -> date:
    """The 20th of the month after."""
    return Month.from_number(period).next().first.replace(day=20)


def of(movements: list[Entry], rule: PenaltyRule = RULE, month: Month = APRIL, already: int = 0) -> Penalty:
    return accrue(overdue(movements, due_on, rule), month, rule, group="population", already_minor=already)


def test_thirty_days_are_rounded_once() -> None:
    accrued = of([entry("charge", 86_927, "2024-01-31")])
    assert accrued.amount_minor == 261
    [days] = accrued.days
    assert (days.date_from, days.date_to, days.days, days.base_minor) == (APRIL.first, APRIL.last, 30, 86_927)


def test_the_day_of_payment_does_not_count() -> None:
    movements = [entry("charge", 1_000_000, "2024-01-31"), entry("payment", -1_000_000, "2024-04-11")]
    assert of(movements).amount_minor == 10 * 100
    part = [entry("charge", 1_000_000, "2024-01-31"), entry("payment", -400_000, "2024-04-11")]
    assert of(part).amount_minor == 10 * 100 + 20 * 60


def test_a_payment_taken_back_was_no_payment() -> None:
    paid = entry("payment", -1_000_000, "2024-04-11")
    back = entry("payment_reversal", 1_000_000, "2024-04-21", reversal_of=paid.id)
    assert of([entry("charge", 1_000_000, "2024-01-31"), paid, back]).amount_minor == 20 * 100


def test_nothing_accrues_before_the_first_day() -> None:
    charge = [entry("charge", 1_000_000, "2024-03-31")]
    assert of(charge).amount_minor == 10 * 100  # due on 20 April, so the 21st to the 30th
    assert of(charge, month=Month(2024, 3)) == Penalty(0, ())


@pytest.mark.parametrize(("due", "day"), [("2024-01-20", "2024-01-22"), ("2024-01-23", "2024-01-25")])
def test_the_first_day_may_wait_for_a_working_day(due: str, day: str) -> None:
    rule = PenaltyRule(rates=(RATE,), from_working_day=True)
    holiday = date(2024, 1, 24)
    assert first_penalty_day(date.fromisoformat(due), rule, {holiday}) == date.fromisoformat(day)


def test_no_penalty_on_penalty() -> None:
    movements = [entry("charge", 86_927, "2024-01-31"), entry("penalty", 500_000, "2024-02-29")]
    assert of(movements).amount_minor == 261


def test_days_of_a_moratorium_do_not_count() -> None:
    rule = PenaltyRule(rates=(RATE,), moratoria=((date(2022, 2, 24), date(2024, 4, 10)),))
    assert of([entry("charge", 1_000_000, "2021-01-31")], rule).amount_minor == 20 * 100


def test_a_rate_changes_on_its_day() -> None:
    rule = PenaltyRule(rates=(PenaltyRate(date(2024, 4, 16), "0.025"), RATE))
    accrued = of([entry("charge", 1_000_000, "2024-01-31")], rule)
    assert accrued.amount_minor == 15 * 100 + 15 * 250
    assert [days.percent_per_day for days in accrued.days] == ["0.01", "0.025"]


def test_penalties_never_exceed_the_debt() -> None:
    charge = [entry("charge", 86_927, "2024-01-31")]
    assert of(charge, already=86_827).amount_minor == 100
    assert of(charge, already=90_000).amount_minor == 0


def test_trifles_and_groups_that_are_not_charged_accrue_nothing() -> None:
    charge = [entry("charge", 86_927, "2024-01-31")]
    assert of(charge, PenaltyRule(rates=(RATE,), minimum_minor=300)).amount_minor == 0
    assert of(charge, PenaltyRule(rates=(RATE,), groups=frozenset({"legal"}))).amount_minor == 0
    assert of(charge, PenaltyRule(rates=())).amount_minor == 0


def test_a_correction_of_an_old_month_is_owed_from_the_day_it_was_made() -> None:
    late = entry("correction", 1_000_000, "2024-04-21", belongs_to=202401)
    assert of([late]).amount_minor == 10 * 100


def test_accrual_may_stop_before_the_end_of_the_month() -> None:
    base = overdue([entry("charge", 1_000_000, "2024-01-31")], due_on, RULE)
    assert accrue(base, APRIL, RULE, group="population", until=date(2024, 4, 10)).amount_minor == 10 * 100
