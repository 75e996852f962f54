"""Penalties for paying late, where a provider's rules have them; most do not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from models.contract.records import Entry
from models.domain.ledger import PENALTY_INCOME
from models.domain.penalty import PenaltyRate, PenaltyRule, accrue, overdue
from models.domain.period import Month
from provider.services import ledger
from provider.services.catalogue import Catalogue, PenaltyRules
from provider.services.ledger import EntryLine, NewTransaction
from provider.store.database import Database
from provider.store.rows import fetch
from provider.store.tables_utility import account, entry


def domain_rule(rules: PenaltyRules) -> PenaltyRule:
    """Return a provider's stored rule as the domain reads it."""
    return PenaltyRule(
        rates=(PenaltyRate(date.min, rules.rate_per_day),),
        groups=frozenset(rules.groups),
        cap_percent=int(rules.cap_percent) if rules.cap_percent else None,
        moratoria=tuple((date.fromisoformat(begin), date.fromisoformat(end)) for begin, end in rules.paused),
        minimum_minor=rules.minimum_minor,
    )


def charge_penalties(database: Database, catalogue: Catalogue, ids: Sequence[int], month: Month) -> int:
    """Post the month's penalties of accounts and return how many; what was posted before stays as it is."""
    if catalogue.rules.penalty is None:
        return 0
    rule = domain_rule(catalogue.rules.penalty)
    due_day = catalogue.provider.due_day

    def due_on(period: int) -> date:
        following = Month.from_number(period).next()
        return following.first.replace(day=min(due_day, following.days))

    posted = 0
    for at in range(0, len(ids), 1_000):
        part = list(ids[at : at + 1_000])
        with database.change() as unit:
            rows = unit.connection.execute(select(account.c.id, account.c.consumer_group).where(account.c.id.in_(part)))
            groups = {row.id: row.consumer_group for row in rows}
            by_place: dict[tuple[int, int], list[Entry]] = {}
            for one in fetch(unit.connection, Entry, entry.c.account_id.in_(part), entry.c.business_date <= month.last):
                by_place.setdefault((one.account_id, one.service_id), []).append(one)
            keys = [f"penalty:{month.number}:{one}:{service}" for one, service in by_place]
            known = ledger.known_keys(unit.connection, catalogue.tenant, keys)
            news = []
            for (account_id, service_id), entries in by_place.items():
                key = f"penalty:{month.number}:{account_id}:{service_id}"
                if key in known:
                    continue
                already = sum(one.amount_minor for one in entries if one.kind == "penalty")
                found = accrue(
                    overdue(entries, due_on, rule),
                    month,
                    rule,
                    group=groups.get(account_id, "population"),
                    already_minor=already,
                )
                if found.amount_minor <= 0:
                    continue
                news.append(
                    NewTransaction(
                        kind="penalty",
                        currency=catalogue.provider.currency,
                        business_date=month.last,
                        period=month.number,
                        belongs_to=month.number,
                        key=key,
                        document=str(month),
                        author="billing",
                        entries=(EntryLine(account_id, service_id, "penalty", found.amount_minor),),
                        others=((PENALTY_INCOME, -found.amount_minor),),
                    )
                )
            ledger.post_many(unit, catalogue.tenant, news)
            posted += len(news)
    return posted
