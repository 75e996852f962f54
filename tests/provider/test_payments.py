"""Payments: where the payer said, never refused, exactly once, and taken back by an exact opposite."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models.domain.payments import Due
from models.domain.period import Month
from models.domain.problems import Problem
from provider.services.payments import Booked, assign_suspense, divide, open_dues, reverse_payment
from provider.store.database import Database
from provider.store.tables_utility import account, suspense
from tests.provider.money import (
    add_account,
    assert_ledger_holds,
    balances,
    charge,
    entries_of,
    pay,
    water_provider,
)

DAY = date(2024, 2, 5)


def test_named_services_get_their_amounts_and_the_rest_pays_the_oldest_debts(database: Database) -> None:
    catalogue = water_provider(database)
    water, drainage = (one.id for one in catalogue.services)
    account_id, _ = add_account(database, catalogue, "1", initial=None, residents=1)
    charge(database, catalogue, [account_id], Month(2024, 1))
    pay(database, catalogue, account_id, 0, DAY, lines=((drainage, 10000), (None, 40000)))
    assert balances(database, account_id) == {water: 0, drainage: 47165 - 10000 - 1675}
    pay(database, catalogue, account_id, 100000, DAY)
    assert balances(database, account_id) == {water: -100000 + 35490, drainage: 0}
    assert_ledger_holds(database)


def test_what_is_unpaid_are_the_newest_charges(database: Database) -> None:
    catalogue = water_provider(database)
    water = catalogue.services[0].id
    account_id, _ = add_account(database, catalogue, "1", initial=None, residents=1, services=1)
    for month in (1, 2, 3):
        charge(database, catalogue, [account_id], Month(2024, month))
    pay(database, catalogue, account_id, 50000, DAY)
    with database.read() as connection:
        dues = open_dues(connection, [account_id], catalogue)[account_id]
    assert sorted((one.period, one.amount_minor) for one in dues) == [(202402, 26650), (202403, 38325)]
    assert {one.service_id for one in dues} == {water}


@pytest.mark.parametrize("case", ["unknown", "closed", "currency", "no-scope"])
def test_money_that_cannot_be_placed_waits_in_suspense(database: Database, case: str) -> None:
    catalogue = water_provider(database)
    account_id, _ = add_account(database, catalogue, "1")
    changes: dict[str, object] = {}
    if case == "closed":
        with database.change() as unit:
            unit.connection.execute(account.update().where(account.c.id == account_id).values(status="closed"))
            unit.changes.live(catalogue.tenant, f"account:{account_id}", "account", account_id)
    elif case == "currency":
        changes["currency"] = "UAH"
    elif case == "no-scope":
        changes["suspense_reason"] = "no-access"
    booked = pay(database, catalogue, 999_999 if case == "unknown" else account_id, 126470, DAY, **changes)
    assert isinstance(booked, Booked)
    assert booked.in_suspense
    assert entries_of(database, account_id) == []
    with database.read() as connection:
        assert connection.execute(select(suspense.c.amount_minor)).scalars().all() == [126470]
    assert_ledger_holds(database)


def test_suspense_is_assigned_once(database: Database) -> None:
    catalogue = water_provider(database)
    account_id, _ = add_account(database, catalogue, "1")
    pay(database, catalogue, 999_999, 5000, DAY)
    with database.read() as connection:
        waiting = connection.execute(select(suspense.c.id)).scalar_one()
    with database.change() as unit:
        assign_suspense(unit, catalogue, waiting, account_id, day=DAY)
    with pytest.raises(LookupError), database.change() as unit:
        assign_suspense(unit, catalogue, waiting, account_id, day=DAY)
    assert sum(balances(database, account_id).values()) == -5000
    assert_ledger_holds(database)


def test_the_same_payment_is_booked_once(database: Database) -> None:
    catalogue = water_provider(database)
    account_id, _ = add_account(database, catalogue, "1")
    pay(database, catalogue, account_id, 5000, DAY, key="command:1")
    with pytest.raises(IntegrityError):
        pay(database, catalogue, account_id, 5000, DAY, key="command:1")
    assert sum(balances(database, account_id).values()) == -5000
    assert_ledger_holds(database)


def test_a_payment_is_taken_back_once_and_stays_visible(database: Database) -> None:
    catalogue = water_provider(database)
    account_id, _ = add_account(database, catalogue, "1")
    pay(database, catalogue, account_id, 5000, DAY, command_id="c1")
    pay(database, catalogue, 999_999, 7000, DAY, command_id="c2")
    for command in ("c1", "c2"):
        with database.change() as unit:
            assert isinstance(reverse_payment(unit, catalogue, command, reason="bounced", day=DAY), int)
        with database.change() as unit:
            again = reverse_payment(unit, catalogue, command, reason="bounced", day=DAY)
        assert isinstance(again, Problem)
    with database.change() as unit:
        assert reverse_payment(unit, catalogue, "c3", reason="?", day=DAY) == Problem(
            "payment-unknown", "payment_command_id"
        )
    assert [(one.kind, one.amount_minor) for one in entries_of(database, account_id)] == [
        ("payment", -5000),
        ("payment_reversal", 5000),
    ]
    assert sum(balances(database, account_id).values()) == 0
    assert_ledger_holds(database)


@given(
    lines=st.lists(st.tuples(st.sampled_from([None, 1, 2, 3]), st.integers(1, 10**7)), min_size=1, max_size=5),
    dues=st.lists(
        st.tuples(st.sampled_from([1, 2, 3]), st.integers(202301, 202312), st.integers(1, 10**6)), max_size=6
    ),
    strategy=st.sampled_from(["named", "oldest", "pro_rata", "penalty_first"]),
)
def test_the_parts_of_a_payment_are_the_payment(
    lines: list[tuple[int | None, int]], dues: list[tuple[int, int, int]], strategy: str
) -> None:
    owed = [Due(service, period, amount, service) for service, period, amount in dues]
    parts = divide(lines, owed, {1: 1, 2: 2, 3: 3}, strategy)
    assert sum(part.amount_minor for part in parts) == sum(amount for _, amount in lines)
    assert all(part.amount_minor > 0 for part in parts)
    assert len({part.service_id for part in parts}) == len(parts)
