"""What somebody who is not signed in may learn: an account's number, and one month of its charges without a name.

All five parts of the address and the surname must be right. Whatever is wrong, the answer is the same one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, select

from models.contract.records import AccountView, Entry
from models.domain import identity as names
from models.domain.period import Month
from provider.services import limits
from provider.services.accounts import account_view
from provider.services.logins import clean
from provider.services.refusals import Refusal, refuse
from provider.store.database import Database
from provider.store.tables_utility import account, provider

_FURTHEST: Final = 36  # months back that may be asked for without signing in


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody types to find an account."""

    provider: str
    street: str
    house: str
    prefix: str
    flat: str
    surname: str


@dataclass(frozen=True, slots=True)
class ListedProvider:
    """A provider in the list to choose from."""

    code: str
    name: str
    country: str
    settlement: str


def providers(database: Database) -> list[ListedProvider]:
    """Return every utility of this installation, by name; education departments are asked for by families."""
    with database.read() as connection:
        rows = connection.execute(
            select(provider.c.code, provider.c.name, provider.c.country, provider.c.settlement)
            .where(provider.c.kind == "utility")
            .order_by(provider.c.name, provider.c.id)
        )
        return [ListedProvider(*row) for row in rows]


def streets(database: Database, provider_code: str) -> list[str]:
    """Return the streets that a provider serves, sorted; raises :class:`Refusal` ``not-found`` for an unknown "
    "provider."""
    with database.read() as connection:
        tenant = connection.execute(select(provider.c.id).where(provider.c.code == provider_code)).scalar()
        if tenant is None:
            raise refuse("not-found", "provider", status=404)
        found = connection.execute(
            select(account.c.street).where(account.c.tenant_id == tenant, account.c.status == "open").distinct()
        ).scalars()
        return sorted((street for street in found if street), key=names.normalise_name)


def find_account(database: Database, place: Place, source: str, now: datetime) -> str:
    """Return the number of the account at a place with this owner.

    Raises :class:`Refusal`: ``too-many-attempts`` (429) before anything is looked up; ``unknown-account`` (404) for
    anything that does not match.
    """
    with_limits(database, place, source, now)
    with database.read() as connection:
        return str(_find(connection, place).number)


def breakdown_of(database: Database, place: Place, period: int | None, source: str, now: datetime) -> AccountView:
    """Return one month of an account, last month unless told otherwise: no name, no code, no other month's movements.

    What was owed before the month comes as one opening amount a service. Raises :class:`Refusal` as
    :func:`find_account`, and ``period-invalid`` or ``period-in-future``.
    """
    with_limits(database, place, source, now)
    with database.read() as connection:
        found = _find(connection, place)
        today = now.astimezone(ZoneInfo(found.zone)).date()
        month = _month(period, today)
        view = account_view(connection, found.id, as_of=now)
    return only_month(view, month)


def only_month(view: AccountView, month: Month) -> AccountView:
    """Return what of a view a stranger with the right address may see of one month."""
    before: dict[int, int] = {}
    for entry in view.entries:
        if entry.period < month.number:
            before[entry.service_id] = before.get(entry.service_id, 0) + entry.amount_minor
    opening = [_opening(view, service, amount, month) for service, amount in sorted(before.items()) if amount]
    kept = [entry for entry in view.entries if entry.period == month.number]
    return msgspec.structs.replace(
        view,
        account=msgspec.structs.replace(view.account, holder="", code_masked="", contract="", privileges=[]),
        entries=[*opening, *kept],
        readings=[reading for reading in view.readings if reading.period in (month.number, month.previous().number)],
        assertions=[row for row in view.assertions if row.period == month.number],
        account_services=[msgspec.structs.replace(row, balance_minor=0) for row in view.account_services],
        waiting=[],
    )


def with_limits(database: Database, place: Place, source: str, now: datetime) -> None:
    """Take one look-up from the source, the place and the installation; raises :class:`Refusal` (429)."""
    where = "|".join(
        names.normalise_name(part) for part in (place.provider, place.street, place.house, place.prefix, place.flat)
    )
    limits.take(
        database, now, (limits.LOOKUP_SOURCE, source), (limits.LOOKUP_SUBJECT, where), (limits.LOOKUP_ALL, "all")
    )


def _find(connection: Connection, place: Place) -> Any:
    """Return id, number and zone of the one open account that matches in every part."""
    try:
        wanted = [
            names.normalise_name(clean(text, "", 120, required=False))
            for text in (place.street, place.house, place.prefix, place.flat)
        ]
        surname = clean(place.surname, "", 120)
        code = clean(place.provider, "", 60)
    except Refusal:
        raise _unknown() from None
    rows = connection.execute(
        select(
            account.c.id,
            account.c.number,
            account.c.street,
            account.c.house,
            account.c.prefix,
            account.c.flat,
            account.c.holder,
            provider.c.zone,
        )
        .join(provider, provider.c.id == account.c.tenant_id)
        .where(provider.c.code == code, account.c.status == "open", account.c.street.in_(_spellings(connection, place)))
    ).all()
    matching = [row for row in rows if _same_place(row, wanted) and _is_owner(row.holder, surname)]
    if len(matching) != 1:
        raise _unknown()
    return matching[0]


def _spellings(connection: Connection, place: Place) -> Sequence[str]:
    """Return the registry's streets that are written like the typed one, but for case, spaces and apostrophes."""
    typed = names.normalise_name(place.street)
    found = connection.execute(
        select(account.c.street)
        .join(provider, provider.c.id == account.c.tenant_id)
        .where(provider.c.code == place.provider)
        .distinct()
    ).scalars()
    return [street for street in found if names.normalise_name(street) == typed]


def _same_place(row: Any, wanted: list[str]) -> bool:
    return [names.normalise_name(part) for part in (row.street, row.house, row.prefix, row.flat)] == wanted


def _is_owner(holder: str, surname: str) -> bool:
    """The surname is the holder's first word; a firm's name must be typed whole."""
    words = holder.split()
    return bool(words) and (names.same_surname(words[0], surname) or names.same_surname(holder, surname))


def _unknown() -> Refusal:
    return refuse("unknown-account", status=404)


def _month(period: int | None, today: date) -> Month:
    last = Month.of(today).previous()
    if period is None:
        return last
    try:
        month = Month.from_number(period)
    except ValueError:
        raise refuse("period-invalid", "period") from None
    if month > Month.of(today):
        raise refuse("period-in-future", "period")
    if month < last.shift(-_FURTHEST):
        raise refuse("no-data", "period")
    return month


def _opening(view: AccountView, service_id: int, amount: int, month: Month) -> Entry:
    return Entry(
        id=-service_id,
        account_id=view.account.id,
        service_id=service_id,
        transaction_id=0,
        kind="opening",
        amount_minor=amount,
        vat_minor=0,
        business_date=month.previous().last,
        posted_on=month.previous().last,
        period=month.previous().number,
        belongs_to=month.previous().number,
        document="",
        method="",
        purpose="",
        reason="",
        reversal_of=None,
    )
