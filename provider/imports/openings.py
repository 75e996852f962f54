"""Opening balances of a registry: posted once, corrected by difference, otherwise compared and never forced."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct
from sqlalchemy import text

from models.contract.entry_reasons import CORRECTED_REGISTRY
from models.domain.period import Month
from provider.imports.runs import Context, Row
from provider.services.ledger import EntryLine, NewTransaction, post_many
from provider.services.periods import posting_day
from provider.store.database import Unit


class Opening(Struct, frozen=True, gc=False):
    """What a row says that an account owed for a service.

    ``fresh`` ones have no entries yet, and their balance was written with the account's service just now.
    """

    row: Row
    account_id: int
    service_id: int
    balance_minor: int
    fresh: bool


def post_openings(unit: Unit, context: Context, openings: Sequence[Opening], as_of: date) -> list[Opening]:
    """Bring opening balances to what the file says and return those that were posted.

    They are dated the day before ``as_of``, so that the month of ``as_of`` opens with them. An account that has an
    opening balance of that day gets the difference; one that opened on another day is only compared with its ledger,
    and a difference is reported, never posted. Source: R-IMPORT-5 in docs/rules.md.
    """
    day = as_of - timedelta(days=1)
    posted_on = posting_day(unit.connection, context.catalogue.tenant, day)
    kept = _kept(unit, [one for one in openings if not one.fresh], day)
    done: list[Opening] = []
    news: list[NewTransaction] = []
    counted: list[NewTransaction] = []
    period, belongs_to = Month.of(posted_on).number, Month.of(day).number
    currency, document = context.catalogue.provider.currency, context.report.file
    for one in openings:
        same_day, other_day, balance = kept.get((one.account_id, one.service_id), (None, False, 0))
        if same_day is None and other_day:
            if balance != one.balance_minor:
                context.warn(
                    one.row,
                    "balance",
                    "import-balance-differs",
                    expected_minor=balance,
                    difference_minor=one.balance_minor - balance,
                    currency=currency,
                )
            continue
        delta = one.balance_minor - (same_day or 0)
        if not delta:
            continue
        first = same_day is None
        (counted if one.fresh else news).append(
            NewTransaction(
                kind="opening",
                currency=currency,
                business_date=posted_on,
                period=period,
                belongs_to=belongs_to,
                key=f"opening:{one.account_id}:{one.service_id}" if first else None,
                document=document,
                author="import",
                reason="" if first else CORRECTED_REGISTRY,
                entries=(EntryLine(one.account_id, one.service_id, "opening", delta),),
                others=(("opening", -delta),),
            )
        )
        done.append(one)
    post_many(unit, context.catalogue.tenant, news)
    post_many(unit, context.catalogue.tenant, counted, balances_counted=True)
    return done


def _kept(unit: Unit, openings: Sequence[Opening], day: date) -> dict[tuple[int, int], tuple[int | None, bool, int]]:
    """Return by account and service: opening of that day, whether anything else was posted, and balance by that day."""
    if not openings:
        return {}
    rows = unit.connection.execute(
        text(
            "SELECT account_id, service_id, "
            "sum(amount_minor) FILTER (WHERE kind = 'opening' AND business_date = :day) AS same_day, "
            "bool_or(kind = 'opening' AND business_date <> :day) AS other_day, "
            "coalesce(sum(amount_minor) FILTER (WHERE business_date <= :day), 0) AS balance "
            "FROM entry WHERE account_id = ANY(CAST(:accounts AS bigint[])) GROUP BY 1, 2"
        ),
        {"accounts": list({one.account_id for one in openings}), "day": day},
    )
    return {
        (row.account_id, row.service_id): (
            None if row.same_day is None else int(row.same_day),
            bool(row.other_day),
            int(row.balance),
        )
        for row in rows
    }
