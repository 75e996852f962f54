"""Loading what charges are computed from, for many accounts in a few statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, text

from models.contract.records import Service
from models.domain.averages import AverageRule
from models.domain.meters import Register
from models.domain.money import Rounding
from models.domain.period import Month
from models.domain.tariffs import PriceList
from provider.services.catalogue import Catalogue
from provider.services.charging import ChargedAccount, ChargedMeter, ReadValue, Standing, Tariffs
from provider.store.bulk import array

HISTORY_MONTHS: Final = 13
"""How far back readings and charges matter, besides the last reading of each meter."""

_ACCOUNTS: Final = text(
    "SELECT id, consumer_group, residents FROM account WHERE id = ANY(CAST(:ids AS bigint[])) ORDER BY id"
)
_SERVICES: Final = text(
    "SELECT account_id, service_id, opened_on, closed_on FROM account_service "
    "WHERE account_id = ANY(CAST(:ids AS bigint[])) AND active"
)
_METERS: Final = text(
    "SELECT id, account_id, service_id, number, integer_digits, fraction_digits, initial, installed_on, removed_on, "
    "final FROM meter WHERE account_id = ANY(CAST(:ids AS bigint[])) "
    "AND (removed_on IS NULL OR removed_on >= :first) ORDER BY id"
)
_READINGS: Final = text(
    "SELECT meter_id, value, read_on, period, source FROM reading "
    "WHERE account_id = ANY(CAST(:ids AS bigint[])) AND state IN ('accepted', 'next_period') AND period <= :period "
    "AND period >= :since "
    "UNION ALL (SELECT DISTINCT ON (meter_id) meter_id, value, read_on, period, source FROM reading "
    "WHERE account_id = ANY(CAST(:ids AS bigint[])) AND state IN ('accepted', 'next_period') AND period < :since "
    "ORDER BY meter_id, read_on DESC, id DESC) ORDER BY meter_id, period, read_on, value"
)
_STANDING: Final = text(
    "SELECT e.id, e.transaction_id, e.account_id, e.service_id, e.belongs_to, e.kind, e.amount_minor, "
    "coalesce(e.detail->>'basis', '') AS basis, coalesce(e.detail->>'volume', '') AS volume, "
    "e.detail "
    # + 0: while a month is being charged for the first time, the planner takes that month's index for an empty one
    "FROM entry e WHERE e.account_id = ANY(CAST(:ids AS bigint[])) AND e.belongs_to + 0 BETWEEN :since AND :period "
    "AND e.kind IN ('charge', 'subscription', 'correction') AND e.detail IS NOT NULL AND e.reversal_of IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reversal_of = e.id) ORDER BY e.id"
)


def shared_tariffs(catalogue: Catalogue) -> Tariffs:
    """Return what all accounts of a provider share, made once a run."""
    rules = catalogue.rules
    return Tariffs(
        services=in_order(catalogue),
        prices=PriceList(catalogue.tariffs),
        average=AverageRule(rules.average_months, rules.average_limit),
        rounding=Rounding(rules.rounding),
    )


def in_order(catalogue: Catalogue) -> tuple[Service, ...]:
    """Return the services with those that give their volume before those that take it."""
    return tuple(sorted(catalogue.services, key=lambda one: (one.volume_from is not None, one.priority, one.id)))


def load_accounts(connection: Connection, ids: Sequence[int], month: Month) -> list[ChargedAccount]:
    """Return accounts with their services, meters, readings up to the month, and charges that stand."""
    wanted = array(ids)
    since = month.shift(-HISTORY_MONTHS).number
    accounts = {
        row.id: ChargedAccount(row.id, row.consumer_group, row.residents)
        for row in connection.execute(_ACCOUNTS, {"ids": wanted})
    }
    for row in connection.execute(_SERVICES, {"ids": wanted}):
        accounts[row.account_id].services[row.service_id] = (row.opened_on, row.closed_on)
    meters: dict[int, ChargedMeter] = {}
    registers: dict[tuple[int, int], Register] = {}
    for row in connection.execute(_METERS, {"ids": wanted, "first": month.shift(-HISTORY_MONTHS).first}):
        digits = (row.integer_digits, row.fraction_digits)
        register = registers.get(digits) or registers.setdefault(digits, Register(*digits))
        meters[row.id] = ChargedMeter(
            row.id, row.service_id, row.number, register, row.initial, row.installed_on, row.removed_on, row.final
        )
        accounts[row.account_id].meters.append(meters[row.id])
    for row in connection.execute(_READINGS, {"ids": wanted, "period": month.number, "since": since}):
        meter = meters.get(row.meter_id)
        if meter is not None:
            meter.readings.append(ReadValue(row.value, row.read_on, row.period, row.source))
    for row in connection.execute(_STANDING, {"ids": wanted, "period": month.number, "since": since}):
        accounts[row.account_id].standing.append(
            Standing(
                row.id,
                row.transaction_id,
                row.service_id,
                row.belongs_to,
                row.kind,
                row.amount_minor,
                row.basis,
                row.volume,
                row.detail,
            )
        )
    return list(accounts.values())
