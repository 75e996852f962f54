"""What the samples are made of: movements, readings, details of a charge, texts in four languages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from models.contract.records import (
    Entry,
    Reading,
)
from models.domain.period import Month

EPOCH = "6f1d7c1e-sample"


def words(kk: str, ru: str, uk: str, en: str) -> dict[str, str]:
    """Return a text in the four languages."""
    return {"kk": kk, "ru": ru, "uk": uk, "en": en}


CUBIC_METRE = words("м³", "м³", "м³", "m³")
NO_UNIT = words("", "", "", "")


def vat_within(gross: int, rate: int = 12) -> int:
    """Return the VAT within a gross amount, halves up."""
    return (gross * rate * 2 + 100 + rate) // (2 * (100 + rate))


def decimal_text(hundredths: int) -> str:
    """Return hundredths as the decimal text that travels."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def detail(
    month: Month,
    price: str,
    previous: int | None,
    current: int | None,
    volume: str,
    amount_minor: int,
    *,
    basis: str = "meter",
    meter: str = "",
    digits: int = 2,
    vat_rate: str = "12",
    persons: int | None = None,
    norm: str | None = None,
) -> dict[str, Any]:
    """Return how a charge of one segment was computed, as a ledger entry keeps it."""
    return {
        "basis": basis,
        "unit_digits": digits,
        "volume": volume,
        "segments": [
            {
                "date_from": month.first.isoformat(),
                "date_to": month.last.isoformat(),
                "basis": basis,
                "meter_number": meter,
                "previous": previous,
                "current": current,
                "volume": volume,
                "price": price,
                "tier": None,
                "persons": persons,
                "norm": norm,
                "days": month.days,
                "month_days": month.days,
                "amount_minor": amount_minor,
            }
        ],
        "vat_rate": vat_rate,
        "rule": "R-BILL-1",
    }


def entry(
    number: int,
    account: int,
    service: int,
    kind: str,
    amount_minor: int,
    day: date,
    *,
    transaction: int | None = None,
    vat_minor: int = 0,
    belongs_to: int | None = None,
    document: str = "",
    method: str = "",
    purpose: str = "",
    reason: str = "",
    reversal_of: int | None = None,
    detail: dict[str, Any] | None = None,
) -> Entry:
    """Return a ledger movement of ``day``, posted in its month."""
    period = Month.of(day).number
    return Entry(
        id=number,
        account_id=account,
        service_id=service,
        transaction_id=transaction if transaction is not None else number,
        kind=kind,
        amount_minor=amount_minor,
        vat_minor=vat_minor,
        business_date=day,
        posted_on=day,
        period=period,
        belongs_to=belongs_to if belongs_to is not None else period,
        document=document,
        method=method,
        purpose=purpose,
        reason=reason,
        reversal_of=reversal_of,
        detail=detail,
    )


def accepted_reading(number: int, meter: int, value: int, day: date, source: str, account: int = 101001) -> Reading:
    """Return a reading of ``day`` that the provider accepted."""
    return Reading(
        id=number,
        account_id=account,
        meter_id=meter,
        value=value,
        read_on=day,
        period=Month.of(day).number,
        source=source,
        state="accepted",
        received_at=datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC),
        command_id="",
    )
