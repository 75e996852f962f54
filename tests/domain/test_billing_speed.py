"""Charging is fast enough for a provider of a town."""

from __future__ import annotations

import time

from models.domain.billing import ChargeRequest, PriceList, charge, drained, metered
from models.domain.meters import Register
from models.domain.period import Month
from tests.domain.tariffs import DRAINAGE, WATER, tariff

JANUARY = Month(2024, 1)
LINES_A_SECOND = 6_000
"""What the rules may take at most of a core; measured on one of two shared cores: 80,000 with the plain detail."""


def test_thousands_of_lines_are_charged_a_second() -> None:
    prices = PriceList([tariff(WATER, "50.40"), tariff(DRAINAGE, "43.68")])
    register = Register(5, 2)
    accounts = 3_000
    began = time.process_time()
    total = 0
    for index in range(accounts):
        parts = (metered(register, "04518237", 12_530, 13_000 + index, JANUARY.first, JANUARY.last),)
        for service, volumes in ((WATER, parts), (DRAINAGE, drained(parts))):
            request = ChargeRequest(
                service_id=service,
                period=JANUARY,
                prices=prices,
                group="population",
                basis="meter",
                parts=volumes,
                residents=3,
            )
            for line in charge(request):
                total += len(line.detail.plain()["segments"])
    assert total == 2 * accounts
    assert 2 * accounts / (time.process_time() - began) > LINES_A_SECOND
