"""Price lists for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.contract.records import Tariff

WATER, DRAINAGE, HOUSING = 1, 2, 4


def tariff(service: int = WATER, price: str = "50.40", **values: Any) -> Tariff:
    """Return a tariff of the population, VAT 12 % included, valid since 2015 unless ``values`` say otherwise."""
    fields: dict[str, Any] = {
        "id": 1,
        "service_id": service,
        "consumer_group": "population",
        "price": price,
        "vat_rate": "12",
        "norm": None,
        "tiers": [],
        "subscription_minor": 0,
        "valid_from": date(2015, 1, 1),
        "valid_to": None,
    }
    return Tariff(**(fields | values))
