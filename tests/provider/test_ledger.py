"""The ledger: every transaction balances, nothing is changed, a reversal is exact, a closed month stays closed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from models.contract.records import Entry
from models.domain.period import Month
from provider.services import ledger
from provider.services.ledger import EntryLine, LedgerError, NewTransaction
from provider.services.periods import close_period, posting_day
from provider.services.statements import statement
from provider.store.database import Database
from provider.store.tables_sync import sync_index
from tests.provider.money import (
    add_account,
    assert_ledger_holds,
    balances,
    catalogue_of,
    charge,
    entries_of,
    pay,
    read,
    water_provider,
)


def movement(account_id: int, service_id: int, amount: int, day: date, **changes: object) -> NewTransaction:
    values = {
        "kind": "charge",
        "currency": "KZT",
        "business_date": day,
        "period": Month.of(day).number,
        "belongs_to": Month.of(day).number,
        "entries": (EntryLine(account_id, service_id, "charge", amount),),
        "others": ((f"income:{service_id}", -amount),),
        **changes,
    }
    return NewTransaction(**values)  # type: ignore[arg-type]


def test_a_posting_changes_the_balance_and_tells_the_clients(database: Database) -> None:
    catalogue = water_provider(database)
    account_id, _ = add_account(database, catalogue, "1")
    water, drainage = (one.id for one in catalogue.services)
    with database.change() as unit:
        ledger.post(unit, catalogue.tenant, movement(account_id, water, 67788, date(2024, 1, 31)))
    assert balances(database, account_id) == {water: 67788, drainage: 0}
    with database.read() as connection:
        indexed = connection.execute(
            select(sync_index.c.table_number).where(
                sync_index.c.scope == f"account:{account_id}", sync_index.c.table_number == 14
            )
        ).all()
    assert len(indexed) == 1
    assert_ledger_holds(database)


def test_what_does_not_balance_is_refused_before_and_by_the_database(database: Database) -> None:
    catalogue = water_provider(database)
    account_id, _ = add_account(database, catalogue, "1")
    water = catalogue.services[0].id
    crooked = movement(account_id, water, 100, date(2024, 1, 31), others=((f"income:{water}", -99),))
    with pytest.raises(LedgerError), database.change() as unit:
        ledger.post(unit, catalogue.tenant, crooked)
    with pytest.raises(IntegrityError, match="does not balance"), database.change() as unit:
        unit.connection.execute(
            text("INSERT INTO posting VALUES (:id, 0, :tenant, 'cash:x', 5)"), {"id": 1, "tenant": catalogue.tenant}
        )
    assert balances(database, account_id)[water] == 0


def test_an_account_without_the_service_is_refused(database: Database) -> None:
    catalogue = water_provider(database)
    account_id, _ = add_account(database, catalogue, "1", services=1)
    with pytest.raises(LedgerError), database.change() as unit:
        ledger.post(unit, catalogue.tenant, movement(account_id, catalogue.services[1].id, 5, date(2024, 1, 1)))


@pytest.mark.parametrize("table", ["transaction", "posting", "entry"])
@pytest.mark.parametrize("statement_", ["UPDATE {} SET tenant_id = 9", "DELETE FROM {}", "TRUNCATE {}"])
def test_nothing_posted_is_ever_changed(database: Database, table: str, statement_: str) -> None:
    catalogue = water_provider(database)
    account_id, _ = add_account(database, catalogue, "1")
    pay(database, catalogue, account_id, 500, date(2024, 1, 1))
    with pytest.raises(DBAPIError, match="append-only"), database.engine.begin() as connection:
        connection.exec_driver_sql(statement_.format(table))
    assert len(entries_of(database, account_id)) == 1


def test_a_reversal_is_exact_and_happens_once(database: Database) -> None:
    catalogue = water_provider(database)
    account_id, _ = add_account(database, catalogue, "1")
    water = catalogue.services[0].id
    with database.change() as unit:
        first = ledger.post(unit, catalogue.tenant, movement(account_id, water, 700, date(2024, 1, 31)))
    with database.change() as unit:
        second = ledger.reverse(unit, first, business_date=date(2024, 2, 3), period=202402, reason="typing error")
    original, reversal = entries_of(database, account_id)
    assert (reversal.amount_minor, reversal.reversal_of, reversal.belongs_to, reversal.period) == (
        -700,
        original.id,
        202401,
        202402,
    )
    for again in (first, second):
        with pytest.raises(LedgerError), database.change() as unit:
            ledger.reverse(unit, again, business_date=date(2024, 2, 3), period=202402, reason="again")
    assert balances(database, account_id)[water] == 0
    assert_ledger_holds(database)


def test_an_event_with_a_key_is_posted_once(database: Database) -> None:
    catalogue = water_provider(database)
    account_id, _ = add_account(database, catalogue, "1")
    new = movement(account_id, catalogue.services[0].id, 700, date(2024, 1, 31), key="act:1")
    with database.change() as unit:
        ledger.post(unit, catalogue.tenant, new)
    with pytest.raises(IntegrityError), database.change() as unit:
        ledger.post(unit, catalogue.tenant, new)
    assert len(entries_of(database, account_id)) == 1


def test_a_closed_month_takes_nothing_and_late_money_goes_to_the_next(database: Database) -> None:
    catalogue = water_provider(database)
    account_id, _ = add_account(database, catalogue, "1")
    pay(database, catalogue, account_id, 500, date(2024, 1, 10))
    with database.change() as unit:
        first = close_period(unit, catalogue.tenant, Month(2024, 1), datetime(2024, 2, 1, tzinfo=UTC))
    with pytest.raises(IntegrityError, match="closed"), database.change() as unit:
        ledger.post(
            unit, catalogue.tenant, movement(account_id, catalogue.services[0].id, 5, date(2024, 1, 31), period=202401)
        )
    pay(database, catalogue, account_id, 300, date(2024, 1, 31))
    late = entries_of(database, account_id)[-1]
    assert (late.business_date, late.period, late.belongs_to) == (date(2024, 2, 1), 202402, 202401)
    with database.change() as unit:
        assert close_period(unit, catalogue.tenant, Month(2024, 1), datetime(2024, 3, 1, tzinfo=UTC)) == first
        assert posting_day(unit.connection, catalogue.tenant, date(2023, 5, 5)) == date(2024, 2, 1)


def test_statements_of_adjoining_days_fit_each_other(database: Database) -> None:
    catalogue = water_provider(database)
    account_id, _ = add_account(database, catalogue, "1")
    for number in range(1, 28):
        pay(database, catalogue, account_id, 100 + number, date(2024, 1, number))
    with database.read() as connection:
        whole = statement(connection, account_id, date(2024, 1, 1), date(2024, 1, 31))
        for day in (1, 9, 20):
            left = statement(connection, account_id, date(2024, 1, 1), date(2024, 1, day))
            right = statement(connection, account_id, date(2024, 1, day + 1), date(2024, 1, 31))
            assert left.closing_minor == right.opening_minor
            assert right.closing_minor == whole.closing_minor
            assert len(left.entries) + len(right.entries) == len(whole.entries)


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("pay"), st.integers(1, 300_000), st.integers(1, 28)),
        st.tuples(st.just("read"), st.integers(1, 4_000), st.integers(1, 28)),
        st.tuples(st.just("charge"), st.integers(0, 3), st.just(1)),
        st.tuples(st.just("reverse"), st.integers(0, 20), st.integers(1, 28)),
    ),
    max_size=12,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=ACTIONS)
def test_the_ledger_holds_after_any_sequence_of_events(database: Database, actions: list[tuple[str, int, int]]) -> None:
    with database.read() as connection:
        known = connection.execute(text("SELECT count(*) FROM account")).scalar_one()
        tenant = connection.execute(text("SELECT max(id) FROM provider")).scalar_one()
    catalogue = water_provider(database) if tenant is None else catalogue_of(database, tenant)
    account_id, meter_id = add_account(database, catalogue, f"A{known}", initial=0)
    shown = 0
    month = Month(2024, 1)
    for action, number, day in actions:
        when = date(month.year, month.month, day)
        if action == "pay":
            pay(database, catalogue, account_id, number, when)
        elif action == "read":
            answer = read(database, catalogue, account_id, meter_id, shown + number, when.replace(day=20))
            shown += number if isinstance(answer, dict) else 0
        elif action == "charge":
            charge(database, catalogue, [account_id], month)
            assert charge(database, catalogue, [account_id], month) == 0
            month = month.next() if number else month
        else:
            entries = entries_of(database, account_id)
            if entries:
                target = entries[number % len(entries)].transaction_id
                try:
                    with database.change() as unit:
                        ledger.reverse(unit, target, business_date=when, period=month.number, reason="test")
                except LedgerError:
                    pass  # a reversal, or reversed before: refused as it must be
    assert_ledger_holds(database)
    entries: list[Entry] = entries_of(database, account_id)
    assert sum(balances(database, account_id).values()) == sum(one.amount_minor for one in entries)
