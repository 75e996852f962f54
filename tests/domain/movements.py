"""Movements for tests, said in one line."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from models.contract.records import Entry

_ids = itertools.count(1)


def entry(kind: str, amount: int, day: str, *, service: int = 1, **values: Any) -> Entry:
    """Return a movement of ``amount`` minor units on ``day`` (ISO), posted in that day's month."""
    business_date = date.fromisoformat(day)
    number = next(_ids)
    period = business_date.year * 100 + business_date.month
    fields: dict[str, Any] = {
        "id": number,
        "account_id": 1,
        "service_id": service,
        "transaction_id": number,
        "kind": kind,
        "amount_minor": amount,
        "vat_minor": 0,
        "business_date": business_date,
        "posted_on": business_date,
        "period": period,
        "belongs_to": values.get("period", period),
        "document": "",
        "method": "",
        "purpose": "",
        "reason": "",
        "reversal_of": None,
    }
    return Entry(**(fields | values))
