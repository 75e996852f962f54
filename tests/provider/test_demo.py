"""The demonstration: its worked examples come out, and building it again changes nothing."""

from __future__ import annotations

from datetime import date

import pytest

from models.contract.records import Assertion, Entry
from models.domain.reconciliation import reconciliation
from provider.demo import build
from provider.services.accounts import account_view
from provider.services.statements import find_accounts, statement
from provider.settings import Settings
from provider.store.database import Database
from provider.store.rows import fetch
from tests.provider.money import assert_ledger_holds, count_entries


@pytest.fixture
def demo(database: Database, provider_settings: Settings) -> Database:
    build(database, provider_settings, accounts=50)
    return database


def test_the_demonstration_holds_the_worked_examples(demo: Database, provider_settings: Settings) -> None:
    assert_ledger_holds(demo)
    with demo.read() as connection:
        (resident,) = find_accounts(connection, "123456")
        (legal,) = find_accounts(connection, "700044")
        (ukrainian,) = find_accounts(connection, "101")
        january = statement(connection, resident, date(2024, 1, 1), date(2024, 1, 31))
        act = reconciliation(account_view(connection, legal).entries, date(2024, 1, 1), date(2024, 3, 31))
        spring = [one for one in account_view(connection, ukrainian).entries if one.kind != "opening"]
        stated = fetch(connection, Assertion)
        view = account_view(connection, resident)
    assert (january.opening_minor, january.closing_minor) == (85490, 112028)
    assert [one.amount_minor for one in january.entries] == [67788, 58750, -38325, -61675]
    assert {one.service_id: one.balance_minor for one in view.account_services} == dict(
        zip((one.id for one in view.services), (67788, 44240), strict=True)
    )
    assert len([one for one in view.readings if one.state == "accepted"]) == 14
    assert (act.opening, act.debit, act.credit, act.closing) == (1245000, 5385388, 4117055, 2513333)
    assert [(row.document, row.debit, row.credit) for row in act.rows] == [
        ("118", 1872055, None),
        ("45", None, 3117055),
        ("241", 1700410, None),
        ("12", -120410, None),
        ("77", None, 1000000),
        ("377", 1933333, None),
    ]
    assert [(one.business_date.isoformat(), -one.amount_minor) for one in spring if one.kind == "payment"] == [
        ("2023-03-12", 13062),
        ("2023-03-13", 1321),
    ]
    february = [one for one in spring if one.belongs_to == 202302]
    assert {one.amount_minor for one in february if one.kind == "charge"} == {24217, 20021, 5250, 21840}
    assert [one.amount_minor for one in february if one.kind == "subscription"] == [1500]
    assert len(stated) == 11
    again = build(demo, provider_settings)
    assert (again.reports, again.accounts) == ([], 3052)


def test_building_it_again_changes_nothing(demo: Database, provider_settings: Settings) -> None:
    before = count_entries(demo)
    build(demo, provider_settings)
    with demo.read() as connection:
        assert len(fetch(connection, Entry)) == before
