"""The sample accounts that screens and papers are tested with say what the rules say."""

from __future__ import annotations

from datetime import date

import pytest

from models.contract.records import AccountView
from models.domain import statements
from models.domain.billing import ChargeRequest, PriceList, charge, metered
from models.domain.meters import Register
from models.domain.money import vat_included
from models.domain.period import Month
from tests.samples import sample_view_kk, sample_view_uk


@pytest.fixture
def view() -> AccountView:
    return sample_view_kk()


def test_every_metered_charge_of_the_sample_is_what_the_rules_compute(view: AccountView) -> None:
    prices = PriceList(view.tariffs)
    checked = 0
    for entry in view.entries:
        if entry.kind != "charge" or entry.detail is None or entry.detail["basis"] != "meter":
            continue
        [segment] = entry.detail["segments"]
        month = Month.from_number(entry.belongs_to)
        part = metered(Register(5, 2), "", segment["previous"], segment["current"], month.first, month.last)
        [line] = charge(
            ChargeRequest(
                service_id=entry.service_id,
                period=month,
                prices=prices,
                group=view.account.consumer_group,
                basis="meter",
                parts=(part,),
            )
        )
        assert (line.amount_minor, line.vat_minor) == (entry.amount_minor, entry.vat_minor)
        assert line.detail.plain().keys() == entry.detail.keys()
        assert line.detail.plain()["segments"][0].keys() == segment.keys()
        checked += 1
    assert checked >= 26


def test_january_of_the_sample_is_the_worked_example(view: AccountView) -> None:
    services = [service.id for service in sorted(view.services, key=lambda service: service.priority)]
    month = statements.breakdown(view.entries, Month(2024, 1), services)
    assert [(row.opening, row.charged, row.vat, row.paid, row.closing) for row in (*month.services, month.total)] == [
        (38_325, 67_788, 7_263, 38_325, 67_788),
        (47_165, 58_750, 6_295, 61_675, 44_240),
        (85_490, 126_538, 13_558, 100_000, 112_028),
    ]


@pytest.mark.parametrize("sample", [sample_view_kk, sample_view_uk])
def test_balances_of_a_sample_are_the_sums_of_its_movements(sample: object) -> None:
    view: AccountView = sample()  # type: ignore[operator]
    for link in view.account_services:
        assert link.balance_minor == statements.balance(view.entries, link.service_id)


def test_the_state_of_account_101_shows_the_figures_of_its_source() -> None:
    view = sample_view_uk()
    water = next(service.id for service in view.services if service.kind == "water")
    rows = [row for row in statements.state_rows(view.entries, water, view.assertions) if row.month.year < 2020]
    assert len(rows) == 11
    assert (rows[0].month, rows[0].price, rows[0].charged, rows[0].paid) == (Month(2019, 4), "13.21", 4_890, 12_493)
    assert statements.display_balance(rows[0].closing, view.provider.debt_sign) == -136_652
    assert sum(row.charged for row in rows) == 141_835
    assert sum(row.paid for row in rows) == 114_323


def test_what_account_101_has_to_pay_leaves_the_commission_out() -> None:
    view = sample_view_uk()
    assert statements.due_total(view.entries) == 315_497
    assert statements.due_total(view.entries, date(1999, 1, 1)) == 0
    assert vat_included(315_497, "0") == 0
