"""What a provider charges for and by which rules: services, prices, recipients, and its settings as data."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from msgspec import Struct, field
from sqlalchemy import Connection, insert, select, update

from models.contract.records import Provider, Recipient, Service, Tariff
from provider.store.bulk import reserve_ids
from provider.store.changes import PUBLIC
from provider.store.database import Unit
from provider.store.rows import fetch, values_of
from provider.store.tables_utility import provider, provider_setting, recipient, service, tariff


class PenaltyRules(Struct, frozen=True, forbid_unknown_fields=True):
    """How a late debt grows; off unless a provider says otherwise, because contracts and laws differ.

    ``rate_per_day`` is percent of the debt a day, decimal text; ``cap_percent`` of the debt; ``paused`` are inclusive
    intervals of ISO dates without penalty. ``groups`` are the consumer groups that pay it.
    """

    rate_per_day: str
    cap_percent: str = "100"
    minimum_minor: int = 0
    paused: list[tuple[str, str]] = field(default_factory=list)
    groups: list[str] = field(default_factory=lambda: ["population", "legal"])


class Rules(Struct, frozen=True, forbid_unknown_fields=True):
    """Rules of one provider that law and contracts vary; stored as JSON in ``provider_setting``."""

    rounding: str = "half_up"
    allocation: str = "named"  # a models.domain.payments.Strategy
    average_months: int = 3  # months of readings that an average is taken from
    average_limit: int = 3  # months in a row that may be charged by average, then norm
    register: tuple[int, int] = (5, 2)  # digits of a meter whose file does not say
    reading_in_last_digit: bool = False  # files give readings without a decimal mark in the meter's last digit
    penalty: PenaltyRules | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A provider with everything that charges are computed from, of one instant."""

    provider: Provider
    services: tuple[Service, ...]
    recipients: tuple[Recipient, ...]
    tariffs: tuple[Tariff, ...]
    rules: Rules

    @property
    def tenant(self) -> int:
        """The tenant of the provider's rows."""
        return self.provider.id

    def service_by_id(self, service_id: int) -> Service | None:
        """Return a service, ``None`` when the provider has no such one."""
        return next((one for one in self.services if one.id == service_id), None)

    def service_by_code(self, code: str) -> Service | None:
        """Return a service by its code, ``None`` when the provider has no such one."""
        return next((one for one in self.services if one.code == code), None)

    def dependants(self, service_id: int) -> tuple[Service, ...]:
        """Return the services that take their volume from this one."""
        return tuple(one for one in self.services if one.volume_from == service_id)


def load_catalogue(connection: Connection, tenant: int) -> Catalogue:
    """Return a provider's catalogue. Raises LookupError for an unknown tenant."""
    found = fetch(connection, Provider, provider.c.id == tenant)
    if not found:
        raise LookupError(f"no provider {tenant}")
    services = fetch(connection, Service, service.c.tenant_id == tenant)
    raw = connection.execute(
        select(provider_setting.c.settings).where(provider_setting.c.tenant_id == tenant)
    ).scalar_one_or_none()
    return Catalogue(
        provider=found[0],
        services=tuple(sorted(services, key=lambda one: (one.priority, one.id))),
        recipients=tuple(fetch(connection, Recipient, recipient.c.tenant_id == tenant)),
        tariffs=tuple(fetch(connection, Tariff, tariff.c.tenant_id == tenant)),
        rules=msgspec.convert(raw or {}, Rules),
    )


def find_provider(connection: Connection, code: str) -> int | None:
    """Return the tenant of the provider with this code, or ``None``."""
    return connection.execute(select(provider.c.id).where(provider.c.code == code)).scalar_one_or_none()


def provider_codes(connection: Connection) -> dict[str, int]:
    """Return the tenants of all providers by code."""
    return {row.code: row.id for row in connection.execute(select(provider.c.code, provider.c.id))}


def create_provider(unit: Unit, new: Provider, rules: Rules | None = None) -> int:
    """Add a provider organisation (its ``id`` is ignored) and return its tenant."""
    tenant = reserve_ids(unit.connection, provider, 1)[0]
    unit.connection.execute(insert(provider).values(id=tenant, tenant_id=tenant, **values_of(new)))
    unit.connection.execute(
        insert(provider_setting).values(tenant_id=tenant, settings=msgspec.to_builtins(rules or Rules()))
    )
    unit.changes.live(tenant, PUBLIC, "provider", tenant)
    return tenant


def create_service(unit: Unit, tenant: int, new: Service) -> Service:
    """Add a service (its ``id`` and ``provider_id`` are ignored) and return it as stored."""
    number = unit.connection.execute(
        insert(service)
        .values(tenant_id=tenant, provider_id=tenant, **values_of(new, "provider_id"))
        .returning(service.c.id)
    ).scalar_one()
    unit.changes.live(tenant, PUBLIC, "service", number)
    return msgspec.structs.replace(new, id=number, provider_id=tenant)


def create_tariff(unit: Unit, tenant: int, new: Tariff) -> Tariff:
    """Add a price (its ``id`` is ignored) and return it as stored."""
    number = unit.connection.execute(
        insert(tariff).values(tenant_id=tenant, **values_of(new)).returning(tariff.c.id)
    ).scalar_one()
    unit.changes.live(tenant, PUBLIC, "tariff", number)
    return msgspec.structs.replace(new, id=number)


def set_rules(unit: Unit, tenant: int, rules: Rules) -> None:
    """Replace the rules of a provider."""
    unit.connection.execute(
        update(provider_setting)
        .where(provider_setting.c.tenant_id == tenant)
        .values(settings=msgspec.to_builtins(rules))
    )
