"""Monthly charges: made once, however often the run is repeated, and put right by reversing entries afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from models.contract.entry_reasons import LATE_READING
from models.domain.charges import ChargeLine
from models.domain.period import Month
from models.domain.problems import Problem
from provider.services import ledger
from provider.services.billing_pool import BatchResult, run_workers
from provider.services.catalogue import Catalogue, find_provider, load_catalogue, provider_codes
from provider.services.charging import ChargedAccount, Standing, Tariffs, Wanted, wanted_charges
from provider.services.charging_inputs import load_accounts, shared_tariffs
from provider.services.ledger import EntryLine, NewTransaction
from provider.services.penalties import charge_penalties
from provider.services.periods import mark_charged, posting_day, state_of
from provider.store.database import Database, Unit
from provider.store.garbage import seldom_collected
from provider.store.statistics import refresh
from provider.store.tables_utility import account

BATCH_ACCOUNTS: Final = 1_000
PARALLEL_FROM: Final = 20_000
"""Accounts from which a second process pays for its start."""

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class BillReport:
    """What a run charged. ``entries`` is 0 when everything had been charged before."""

    period: str
    provider: str
    accounts: int = 0
    entries: int = 0
    amount_minor: int = 0
    currency: str = ""
    corrections: int = 0
    penalties: int = 0
    seconds: float = 0.0
    problems: list[tuple[int, Problem]] = field(default_factory=list)  # account id, why a service was not charged

    def add(self, other: BatchResult) -> None:
        """Add what a batch did."""
        self.accounts += other.accounts
        self.entries += other.entries
        self.amount_minor += other.amount_minor
        self.corrections += other.corrections
        self.problems.extend(other.problems)


class PeriodClosed(Exception):
    """The month is closed: nothing can be charged in it."""


def bill(
    database: Database,
    period: Month,
    provider_code: str | None = None,
    progress: Progress | None = None,
    *,
    processes: int | None = None,
) -> list[BillReport]:
    """Charge a month for one provider or for all, and return a report each. A second run changes nothing.

    Accounts are charged in batches, each one transaction, so a run that was broken off is finished by the next one.
    Raises LookupError for an unknown provider and PeriodClosed for a closed month.
    """
    with database.read() as connection:
        if provider_code is None:
            tenants = list(provider_codes(connection).values())
        else:
            tenant = find_provider(connection, provider_code)
            if tenant is None:
                raise LookupError(provider_code)
            tenants = [tenant]
    return [_bill_tenant(database, tenant, period, progress, processes) for tenant in tenants]


def _bill_tenant(
    database: Database, tenant: int, month: Month, progress: Progress | None, processes: int | None
) -> BillReport:
    began = datetime.now(UTC)
    with database.engine.connect() as guard:
        # one run a provider at a time; the lock ends with this connection's transaction, also after a crash
        guard.execute(text("SELECT pg_advisory_xact_lock(:area, :tenant)"), {"area": 7_305_021, "tenant": tenant})
        with database.read() as connection:
            catalogue = load_catalogue(connection, tenant)
            if state_of(connection, tenant, month) == "closed":
                raise PeriodClosed(str(month))
            ids = list(
                connection.execute(
                    select(account.c.id)
                    .where(account.c.tenant_id == tenant, account.c.status == "open")
                    .order_by(account.c.id)
                ).scalars()
            )
        refresh(database)
        report = BillReport(str(month), catalogue.provider.code, currency=catalogue.provider.currency)
        for batch in _run(database, catalogue, ids, month, processes):
            report.add(batch)
            if progress is not None:
                progress(report.accounts, len(ids))
        if catalogue.rules.penalty is not None:
            report.penalties = charge_penalties(database, catalogue, ids, month)
        with database.change() as unit:
            mark_charged(unit, tenant, month, datetime.now(UTC))
        guard.rollback()
    report.seconds = (datetime.now(UTC) - began).total_seconds()
    return report


def _run(
    database: Database, catalogue: Catalogue, ids: Sequence[int], month: Month, processes: int | None
) -> Iterator[BatchResult]:
    batches = [ids[at : at + BATCH_ACCOUNTS] for at in range(0, len(ids), BATCH_ACCOUNTS)]
    if (processes or (2 if len(ids) >= PARALLEL_FROM else 1)) < 2:
        tariffs = shared_tariffs(catalogue)
        for batch in batches:
            with seldom_collected():
                result = bill_batch(database, catalogue, tariffs, batch, month)
            yield result
        return
    yield from run_workers(
        database.url.render_as_string(hide_password=False), catalogue.tenant, month, batches, processes or 2
    )


def bill_batch(
    database: Database, catalogue: Catalogue, tariffs: Tariffs, ids: Sequence[int], month: Month
) -> BatchResult:
    """Charge some accounts in one transaction.

    A charge that a person has reversed is not made again: its key was used, and only a person knows why it is gone.
    """
    try:
        return _bill_batch(database, catalogue, tariffs, ids, month)
    except IntegrityError:  # so seldom that nobody else pays for looking the keys up
        return _bill_batch(database, catalogue, tariffs, ids, month, spare_posted=True)


def _bill_batch(
    database: Database,
    catalogue: Catalogue,
    tariffs: Tariffs,
    ids: Sequence[int],
    month: Month,
    *,
    spare_posted: bool = False,
) -> BatchResult:
    result = BatchResult(accounts=len(ids))
    with database.change() as unit:
        news: list[NewTransaction] = []
        reversals: list[Standing] = []
        for one in load_accounts(unit.connection, ids, month):
            charged = {(standing.service_id) for standing in one.standing if standing.month == month.number}
            if charged.issuperset(one.services):
                continue
            wanted, problems = wanted_charges(one, month, tariffs)
            result.problems.extend((one.id, problem) for problem in problems)
            for item in wanted:
                if item.month == month:
                    if item.service_id not in charged:
                        news.extend(_charges(catalogue, one.id, item))
                elif item.service_id not in charged:
                    _correct(catalogue, one, item, month.last, LATE_READING, news, reversals)
        if spare_posted:
            news = _without_posted(unit, catalogue.tenant, news)
        result.entries = sum(1 for new in news if new.kind != "correction")
        result.corrections = len(reversals)
        result.amount_minor = sum(line.amount_minor for new in news for line in new.entries)
        result.amount_minor -= sum(standing.amount_minor for standing in reversals)
        _reverse(unit, reversals, month.last, LATE_READING)
        ledger.post_many(unit, catalogue.tenant, news)
    return result


def _without_posted(unit: Unit, tenant: int, news: Sequence[NewTransaction]) -> list[NewTransaction]:
    """Return the transactions without those of an account's service of which one was posted before."""
    known = ledger.known_keys(unit.connection, tenant, [new.key for new in news if new.key])
    spared = {(new.entries[0].account_id, new.entries[0].service_id) for new in news if new.key in known}
    return [new for new in news if not new.key or (new.entries[0].account_id, new.entries[0].service_id) not in spared]


def _charges(catalogue: Catalogue, account_id: int, wanted: Wanted) -> Iterator[NewTransaction]:
    for number, line in enumerate(wanted.lines):
        month = wanted.month
        yield NewTransaction(
            kind=line.kind,
            currency=catalogue.provider.currency,
            business_date=month.last,
            period=month.number,
            belongs_to=month.number,
            key=f"charge:{month.number}:{account_id}:{line.service_id}:{number}",
            document=str(month),
            author="billing",
            entries=(entry_of(account_id, line, line.kind),),
            others=others_of(line),
        )


def entry_of(account_id: int, line: ChargeLine, kind: str) -> EntryLine:
    """Return the receivable line of a charge."""
    return EntryLine(
        account_id, line.service_id, kind, line.amount_minor, vat_minor=line.vat_minor, detail=line.detail.plain()
    )


def others_of(line: ChargeLine) -> tuple[tuple[str, int], ...]:
    """Return the provider's own lines of a charge: income and VAT."""
    earned = (f"income:{line.service_id}", line.vat_minor - line.amount_minor)
    return (earned, ("vat", -line.vat_minor)) if line.vat_minor else (earned,)


def _correct(
    catalogue: Catalogue,
    one: ChargedAccount,
    wanted: Wanted,
    day: date,
    reason: str,
    news: list[NewTransaction],
    reversals: list[Standing],
) -> None:
    """Replace what stands for a service and month where it differs from what should stand."""
    lines = [line for line in wanted.lines if line.kind == "charge"]
    standing = [
        kept
        for kept in one.standing
        if kept.service_id == wanted.service_id and kept.month == wanted.month.number and kept.kind != "subscription"
    ]
    if not standing:
        return  # the service was not charged in that month, so nothing is wrong with it
    if sorted((kept.amount_minor, kept.volume, kept.basis) for kept in standing) == sorted(
        (line.amount_minor, line.detail.volume, line.detail.basis) for line in lines
    ):
        return
    reversals.extend(standing)
    news.extend(
        NewTransaction(
            kind="correction",
            currency=catalogue.provider.currency,
            business_date=day,
            period=Month.of(day).number,
            belongs_to=wanted.month.number,
            document=str(wanted.month),
            author="billing",
            reason=reason,
            entries=(entry_of(one.id, line, "correction"),),
            others=others_of(line),
        )
        for line in lines
    )


def _reverse(unit: Unit, reversals: Sequence[Standing], day: date, reason: str) -> None:
    """Post the exact opposite of charges, each transaction once."""
    ledger.reverse_many(
        unit,
        list(dict.fromkeys(standing.transaction_id for standing in reversals)),
        business_date=day,
        period=Month.of(day).number,
        reason=reason,
        author="billing",
    )


def recalculate(unit: Unit, catalogue: Catalogue, account_id: int, since: Month, *, today: date, reason: str) -> int:
    """Put right what an account was charged for ``since`` and later months; return by how much its debt changed.

    Each charge that differs is reversed exactly and posted anew, both in the open period, both about the old month.
    Doing it again changes nothing. Source: R-LEDGER-5, R-BILL-11 in docs/rules.md.
    """
    tariffs = shared_tariffs(catalogue)
    day = posting_day(unit.connection, catalogue.tenant, today)
    newest = unit.connection.execute(
        text(
            "SELECT max(belongs_to) FROM entry WHERE account_id = :account AND kind = 'charge' AND belongs_to >= :since"
        ),
        {"account": account_id, "since": since.number},
    ).scalar_one_or_none()
    change = 0
    month = since
    while newest is not None and month.number <= newest:
        accounts = load_accounts(unit.connection, [account_id], month)
        news: list[NewTransaction] = []
        reversals: list[Standing] = []
        for one in accounts:
            charged = {standing.service_id for standing in one.standing if standing.month == month.number}
            wanted, _ = wanted_charges(one, month, tariffs)
            for item in wanted:
                if item.service_id in charged:
                    _correct(catalogue, one, item, day, reason, news, reversals)
        _reverse(unit, reversals, day, reason)
        ledger.post_many(unit, catalogue.tenant, news)
        change += sum(line.amount_minor for new in news for line in new.entries)
        change -= sum(standing.amount_minor for standing in reversals)
        month = month.next()
    return change
