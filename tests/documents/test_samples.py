from __future__ import annotations

from decimal import Decimal

import pytest

from models.contract.records import AccountView
from models.domain import statements
from models.domain.money import round_minor
from models.domain.period import Month
from tests import samples


@pytest.mark.parametrize(
    "view", [samples.sample_view_kk(), samples.sample_view_uk(), samples.sample_view_legal()], ids=["kk", "uk", "legal"]
)
def test_balances_of_a_sample_are_what_its_movements_say(view: AccountView) -> None:
    for link in view.account_services:
        assert statements.balance(view.entries, link.service_id) == link.balance_minor
    assert len({entry.id for entry in view.entries}) == len(view.entries)


def test_the_year_before_is_charged_by_its_volumes() -> None:
    view = samples.sample_view_kk()
    for service, price in ((samples.WATER, "50.40"), (samples.DRAINAGE, "43.68")):
        charged = [one for one in view.entries if one.kind == "charge" and one.service_id == service]
        volumes = [*samples.VOLUMES_2023, 1345]
        assert [one.amount_minor for one in charged] == [
            round_minor(Decimal(volume).scaleb(-2) * Decimal(price)) for volume in volumes
        ]


def test_january_is_the_worked_example() -> None:
    view = samples.sample_view_kk()
    found = statements.breakdown(view.entries, Month(2024, 1), [samples.WATER, samples.DRAINAGE])
    assert [(line.opening, line.charged, line.vat, line.paid, line.closing) for line in found.services] == [
        (38325, 67788, 7263, 38325, 67788),
        (47165, 58750, 6295, 61675, 44240),
    ]
    assert (found.total.opening, found.total.charged, found.total.vat) == (85490, 126538, 13558)
    assert (found.total.paid, found.total.closing) == (100000, 112028)
