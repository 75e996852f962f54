"""A provider's catalogue, read once for all commands of a transaction."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from provider.handlers.context import HandlerContext
from provider.services.catalogue import Catalogue, load_catalogue


def catalogue_of(context: HandlerContext, tenant: int) -> Catalogue:
    """Return the catalogue of a tenant; raises ``LookupError`` for an unknown one."""
    key = ("catalogue", tenant)
    if key not in context.memo:
        context.memo[key] = load_catalogue(context.unit.connection, tenant)
    found: Catalogue = context.memo[key]
    return found


def local_day(zone: str, at: datetime) -> date:
    """Return the day of an instant in a zone (IANA name)."""
    return at.astimezone(ZoneInfo(zone)).date()
