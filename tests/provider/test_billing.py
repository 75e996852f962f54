"""Monthly charges: exact, made once, and put right by reversing entries."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest

from models.contract.entry_reasons import LATE_READING
from models.contract.records import Meter
from models.domain.period import Month
from provider.services.billing import PeriodClosed, bill, recalculate
from provider.services.catalogue import PenaltyRules, Rules, set_rules
from provider.services.ledger import reverse_many
from provider.services.periods import close_period, is_charged
from provider.services.readings import replace_meter
from provider.store.database import Database
from provider.store.rows import fetch
from provider.store.tables_utility import meter
from tests.provider.money import (
    add_account,
    assert_ledger_holds,
    at,
    balances,
    catalogue_of,
    charge,
    count_entries,
    entries_of,
    pay,
    read,
    water_provider,
)

JANUARY, FEBRUARY, MARCH = Month(2024, 1), Month(2024, 2), Month(2024, 3)


def test_the_worked_example_comes_out_to_the_tiyn(database: Database) -> None:
    catalogue = water_provider(database)
    water, drainage = (one.id for one in catalogue.services)
    account_id, meter_id = add_account(database, catalogue, "123456", initial=12530)
    read(database, catalogue, account_id, meter_id, 13875, date(2024, 1, 20))
    (report,) = bill(database, JANUARY, "oskemen")
    assert (report.accounts, report.entries, report.amount_minor, report.problems) == (1, 2, 126538, [])
    first, second = entries_of(database, account_id)
    assert (first.service_id, first.amount_minor, first.vat_minor, first.period) == (water, 67788, 7263, 202401)
    assert (second.service_id, second.amount_minor, second.vat_minor) == (drainage, 58750, 6295)
    assert first.detail is not None
    assert (first.detail["basis"], first.detail["volume"]) == ("meter", "13.45")
    assert first.detail["segments"][0]["previous"] == 12530
    assert_ledger_holds(database)


def test_charging_twice_changes_nothing(database: Database) -> None:
    catalogue = water_provider(database)
    for number in range(30):
        add_account(database, catalogue, str(number), initial=None if number % 3 else 500, residents=number % 5)
    bill(database, JANUARY)
    before = count_entries(database)
    (again,) = bill(database, JANUARY)
    assert (again.entries, again.corrections, again.amount_minor) == (0, 0, 0)
    assert (count_entries(database), before) == (60, 60)
    with database.read() as connection:
        assert is_charged(connection, catalogue.tenant, JANUARY)
    assert_ledger_holds(database)


def test_a_charge_reversed_by_hand_is_not_made_again_and_stops_nobody_else(database: Database) -> None:
    catalogue = water_provider(database)
    month = Month(2024, 1)
    reversed_one, _ = add_account(database, catalogue, "1")
    charge(database, catalogue, [reversed_one], month)
    made = entries_of(database, reversed_one)
    with database.change() as unit:
        reverse_many(
            unit,
            sorted({one.transaction_id for one in made}),
            business_date=month.last,
            period=month.number,
            reason="a mistake",
        )
    other, _ = add_account(database, catalogue, "2")
    assert charge(database, catalogue, [reversed_one, other], month) == len(made)
    assert len(entries_of(database, reversed_one)) == 2 * len(made)
    assert len(entries_of(database, other)) == len(made)
    assert charge(database, catalogue, [reversed_one, other], month) == 0
    assert_ledger_holds(database)


def test_two_processes_charge_what_one_does(database: Database) -> None:
    catalogue = water_provider(database)
    ids = [add_account(database, catalogue, str(number), residents=2, initial=None)[0] for number in range(5)]
    (report,) = bill(database, JANUARY, processes=2)
    assert (report.accounts, report.entries) == (5, 10)
    assert {tuple(balances(database, one).values()) for one in ids} == {(76650, 94330)}
    assert_ledger_holds(database)


def test_an_account_without_a_meter_is_charged_by_norm_and_people(database: Database) -> None:
    catalogue = water_provider(database)
    account_id, _ = add_account(database, catalogue, "1", initial=None, residents=1)
    charge(database, catalogue, [account_id], JANUARY)
    assert list(balances(database, account_id).values()) == [38325, 47165]


def test_a_month_without_a_reading_is_charged_by_average_then_by_norm(database: Database) -> None:
    catalogue = water_provider(database)
    account_id, meter_id = add_account(database, catalogue, "1", initial=0)
    for month, value in ((JANUARY, 1000), (FEBRUARY, 2000)):
        read(database, catalogue, account_id, meter_id, value, date(2024, month.month, 20))
        charge(database, catalogue, [account_id], month)
    basis = []
    for month in range(3, 8):
        charge(database, catalogue, [account_id], Month(2024, month))
        basis.append([one.detail["basis"] for one in entries_of(database, account_id)[-2:] if one.detail])
    assert basis == [["average"] * 2, ["average"] * 2, ["average"] * 2, ["norm"] * 2, ["norm"] * 2]


def test_a_late_reading_reverses_the_averages_and_is_spread_over_their_months(database: Database) -> None:
    catalogue = water_provider(database)
    water, drainage = (one.id for one in catalogue.services)
    account_id, meter_id = add_account(database, catalogue, "1", initial=0)
    read(database, catalogue, account_id, meter_id, 1000, date(2024, 1, 20))
    charge(database, catalogue, [account_id], JANUARY)
    charge(database, catalogue, [account_id], FEBRUARY)
    read(database, catalogue, account_id, meter_id, 3000, date(2024, 3, 20))
    charge(database, catalogue, [account_id], MARCH)
    # 30,00 m³ in all at one price: whatever was estimated between, the balance is that of the volume
    assert balances(database, account_id) == {water: 151200, drainage: 131040}
    reversals = [one for one in entries_of(database, account_id) if one.reversal_of is not None]
    assert {(one.belongs_to, one.period, one.kind) for one in reversals} == {(202402, 202403, "correction")}
    assert {one.reason for one in reversals} == {LATE_READING}, "a code, which each reader has in their language"
    assert charge(database, catalogue, [account_id], MARCH) == 0
    assert_ledger_holds(database)


def test_a_reading_for_a_charged_month_corrects_it_and_correcting_to_the_same_changes_nothing(
    database: Database,
) -> None:
    catalogue = water_provider(database)
    water, drainage = (one.id for one in catalogue.services)
    account_id, meter_id = add_account(database, catalogue, "1", initial=12530)
    read(database, catalogue, account_id, meter_id, 14875, date(2024, 1, 20))
    charge(database, catalogue, [account_id], JANUARY)
    wrong = balances(database, account_id)
    answer = read(database, catalogue, account_id, meter_id, 13875, date(2024, 1, 21))
    assert isinstance(answer, dict)
    assert balances(database, account_id) == {water: 67788, drainage: 58750}
    assert answer["corrected_minor"] == 67788 + 58750 - sum(wrong.values())
    before = count_entries(database)
    again = read(database, catalogue, account_id, meter_id, 13875, date(2024, 1, 21))
    assert isinstance(again, dict)
    assert (again["corrected_minor"], count_entries(database)) == (0, before)
    read(database, catalogue, account_id, meter_id, 14875, date(2024, 1, 22))
    assert balances(database, account_id) == wrong
    assert_ledger_holds(database)


def test_a_changed_reading_moves_volume_between_charged_months(database: Database) -> None:
    catalogue = water_provider(database)
    water, drainage = (one.id for one in catalogue.services)
    account_id, meter_id = add_account(database, catalogue, "1", initial=0)
    for month, value in ((JANUARY, 1000), (FEBRUARY, 2000)):
        read(database, catalogue, account_id, meter_id, value, date(2024, month.month, 20))
        charge(database, catalogue, [account_id], month)
    total = balances(database, account_id)
    february = [one.amount_minor for one in entries_of(database, account_id) if one.belongs_to == 202402]
    with database.change() as unit:
        assert recalculate(unit, catalogue, account_id, JANUARY, today=date(2024, 3, 1), reason="nothing changed") == 0
    assert balances(database, account_id) == total == {water: 100800, drainage: 87360}
    assert february == [50400, 43680]


def test_a_meter_that_passes_zero_is_charged_for_what_ran_through(database: Database) -> None:
    catalogue = water_provider(database)
    water = catalogue.services[0].id
    account_id, meter_id = add_account(database, catalogue, "1", initial=9_999_025)
    read(database, catalogue, account_id, meter_id, 1_240, date(2024, 1, 20))
    charge(database, catalogue, [account_id], JANUARY)
    assert balances(database, account_id)[water] == 111636  # 22,15 m³ at 50,40


def test_a_replaced_meter_and_its_successor_are_charged_together(database: Database) -> None:
    catalogue = water_provider(database)
    water = catalogue.services[0].id
    account_id, meter_id = add_account(database, catalogue, "1", initial=1000)
    read(database, catalogue, account_id, meter_id, 2000, date(2024, 1, 20))
    charge(database, catalogue, [account_id], JANUARY)
    with database.change() as unit:
        old = fetch(unit.connection, Meter, meter.c.id == meter_id)[0]
        successor = msgspec.structs.replace(old, number="NEW", initial=50)
        new_id = replace_meter(
            unit, catalogue, meter_id, final=2300, successor=successor, day=date(2024, 2, 10),
            received_at=at(date(2024, 2, 10)),
        )  # fmt: skip
    read(database, catalogue, account_id, new_id, 750, date(2024, 2, 20))
    charge(database, catalogue, [account_id], FEBRUARY)
    line = next(one for one in entries_of(database, account_id) if one.belongs_to == 202402)
    assert (line.service_id, line.amount_minor) == (water, 50400)  # (23,00 - 20,00) + (7,50 - 0,50) = 10,00 m³
    assert line.detail is not None
    assert [one["volume"] for one in line.detail["segments"]] == ["3.00", "7.00"]


def test_one_account_without_a_price_does_not_stop_the_others(database: Database) -> None:
    catalogue = water_provider(database)
    good, _ = add_account(database, catalogue, "1", initial=None)
    bad, _ = add_account(database, catalogue, "2", initial=None)
    with database.change() as unit:
        unit.connection.exec_driver_sql(f"UPDATE account SET consumer_group = 'legal' WHERE id = {bad}")
        unit.changes.live(catalogue.tenant, f"account:{bad}", "account", bad)
    (report,) = bill(database, JANUARY)
    assert {(account_id, problem.code) for account_id, problem in report.problems} == {(bad, "tariff-missing")}
    assert len(entries_of(database, good)) == 2


def test_a_closed_month_is_not_charged(database: Database) -> None:
    catalogue = water_provider(database)
    add_account(database, catalogue, "1")
    with database.change() as unit:
        close_period(unit, catalogue.tenant, JANUARY, datetime(2024, 2, 1, tzinfo=UTC))
    with pytest.raises(PeriodClosed):
        bill(database, JANUARY)
    with pytest.raises(LookupError):
        bill(database, FEBRUARY, "no-such-provider")


def test_a_penalty_accrues_only_where_the_provider_says_so_and_once(database: Database) -> None:
    catalogue = water_provider(database)
    water = catalogue.services[0].id
    account_id, _ = add_account(database, catalogue, "1", initial=None, residents=1)
    bill(database, JANUARY)
    bill(database, FEBRUARY)
    assert not [one for one in entries_of(database, account_id) if one.kind == "penalty"]
    with database.change() as unit:
        set_rules(unit, catalogue.tenant, Rules(penalty=PenaltyRules(rate_per_day="0.01")))
    bill(database, MARCH)
    bill(database, MARCH)
    penalties = {one.service_id: one.amount_minor for one in entries_of(database, account_id) if one.kind == "penalty"}
    assert penalties[water] == 142  # 383,25 for 31 days and as much again for 6 days, 0,01 % a day
    assert_ledger_holds(database)
    assert catalogue_of(database, catalogue.tenant).rules.penalty is not None


def test_an_overpayment_is_used_up_by_the_next_charge(database: Database) -> None:
    catalogue = water_provider(database)
    water = catalogue.services[0].id
    account_id, _ = add_account(database, catalogue, "1", initial=None, residents=1, services=1)
    pay(database, catalogue, account_id, 50000, date(2024, 1, 5))
    charge(database, catalogue, [account_id], JANUARY)
    assert balances(database, account_id) == {water: 38325 - 50000}
