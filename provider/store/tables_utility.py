"""Tables of a utility: who it serves, what its meters showed, and the ledger.

Synced tables have a record's columns and, after them, what stays with the provider: full identity codes, contacts,
keys of imported rows. Ledger tables have no foreign keys on purpose: a month's charges are half a million rows, so
:mod:`provider.store.ledger_guard` checks whole statements instead.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from models.contract import records
from provider.store.base import metadata, synced_table


def _private_text(name: str) -> Column[str]:
    """Return a column that stays with the provider."""
    return Column(name, Text, nullable=False, server_default=text("''"))


provider: Final = synced_table(records.Provider, UniqueConstraint("code"))
"""A provider organisation; its id is the tenant of all its rows."""

service: Final = synced_table(
    records.Service,
    UniqueConstraint("provider_id", "code"),
)

recipient: Final = synced_table(records.Recipient, Index("ix_recipient_provider_id", "provider_id"))

tariff: Final = synced_table(
    records.Tariff,
    UniqueConstraint("service_id", "consumer_group", "valid_from"),
)

account: Final = synced_table(
    records.Account,
    _private_text("code"),  # IIN, BIN, EDRPOU or RNOKPP in full: never leaves the provider
    _private_text("phone"),
    _private_text("email"),
    UniqueConstraint("tenant_id", "number"),
    Index("ix_account_place", "tenant_id", "street", "house", "flat"),
)

account_service: Final = synced_table(
    records.AccountService,
    Column("opened_on", Date),
    Column("closed_on", Date),
    UniqueConstraint("account_id", "service_id"),
    Index("ix_account_service_service_id", "service_id"),
    postgresql_with={"fillfactor": "70"},  # balances are updated with every movement
)

meter: Final = synced_table(
    records.Meter,
    Column("final", BigInteger),  # the last value of a removed register
    Index("ix_meter_account_id", "account_id"),
    Index(
        "uq_meter_installed",
        "account_id",
        "service_id",
        "number",
        unique=True,
        postgresql_where=text("removed_on IS NULL"),
    ),
    Index("ix_meter_number", "tenant_id", "number"),
)

reading: Final = synced_table(
    records.Reading,
    Index("ix_reading_account_id", "account_id"),
    Index("ix_reading_meter", "meter_id", "read_on"),
    Index(
        "uq_reading_accepted",
        "meter_id",
        "period",
        "source",
        unique=True,
        postgresql_where=text("state IN ('accepted', 'next_period')"),
    ),
    Index("ix_reading_period", "tenant_id", "period"),
)

entry: Final = synced_table(
    records.Entry,
    Index("ix_entry_account_id", "account_id", "id"),
    Index("ix_entry_period", "tenant_id", "belongs_to"),
    Index("ix_entry_transaction_id", "transaction_id"),
    Index("uq_entry_reversal_of", "reversal_of", unique=True, postgresql_where=text("reversal_of IS NOT NULL")),
)
"""Receivable postings as consumers see them. Append only."""

assertion: Final = synced_table(
    records.Assertion,
    UniqueConstraint("account_id", "service_id", "period"),
)

transaction: Final = Table(
    "transaction",
    metadata,
    Column("id", BigInteger, Identity(always=False), primary_key=True),
    Column("tenant_id", Integer, nullable=False),
    Column("key", Text),  # names the event, so that it is posted once: charge:…, bank:…, command:…
    Column("kind", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("business_date", Date, nullable=False),
    Column("posted_on", Date, nullable=False),
    Column("posted_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("period", Integer, nullable=False),  # the open period it was posted in
    Column("belongs_to", Integer, nullable=False),  # the period it is about
    Column("document", Text, nullable=False, server_default=text("''")),
    Column("author", Text, nullable=False, server_default=text("''")),
    Column("device_id", BigInteger),
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("reversal_of", BigInteger),
    Column("command_id", Text, nullable=False, server_default=text("''")),
    UniqueConstraint("tenant_id", "key"),
    Index("uq_transaction_reversal_of", "reversal_of", unique=True, postgresql_where=text("reversal_of IS NOT NULL")),
    Index("ix_transaction_period", "tenant_id", "period"),
    Index("ix_transaction_command_id", "command_id", postgresql_where=text("command_id <> ''")),
)
"""A ledger event. Append only; its postings sum to zero in its currency."""

posting: Final = Table(
    "posting",
    metadata,
    Column("transaction_id", BigInteger, nullable=False),
    Column("line", SmallInteger, nullable=False),
    Column("tenant_id", Integer, nullable=False),
    Column("account", Text, nullable=False),  # receivable:{account}:{service}, income:{service}, vat, cash:{desk} …
    Column("amount", BigInteger, nullable=False),  # minor units; debit positive
    PrimaryKeyConstraint("transaction_id", "line"),
)

suspense: Final = Table(
    "suspense",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("tenant_id", Integer, nullable=False),
    Column("transaction_id", BigInteger, nullable=False),
    Column("account_number", Text, nullable=False),  # as the source wrote it
    Column("payer", Text, nullable=False, server_default=text("''")),
    Column("purpose", Text, nullable=False, server_default=text("''")),
    Column("amount_minor", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),  # account-unknown | account-closed | no-scope | no-service …
    Column("received_on", Date, nullable=False),
    Column("resolved_by", BigInteger),  # the transaction that moved the money to its place
    Index("ix_suspense_open", "tenant_id", "received_on", postgresql_where=text("resolved_by IS NULL")),
)
"""Money taken that belongs to nobody yet; a person decides."""

period: Final = Table(
    "period",
    metadata,
    Column("tenant_id", Integer, nullable=False),
    Column("period", Integer, nullable=False),
    Column("state", Text, nullable=False),  # open | charged | closed
    Column("charged_at", DateTime(timezone=True)),
    Column("closed_at", DateTime(timezone=True)),
    Column("totals", JSONB, nullable=False, server_default=text("'{}'")),  # trial balance at the close
    Column("hash", Text, nullable=False, server_default=text("''")),
    PrimaryKeyConstraint("tenant_id", "period"),
)

provider_setting: Final = Table(
    "provider_setting",
    metadata,
    Column("tenant_id", Integer, ForeignKey("provider.id"), primary_key=True),
    Column("settings", JSONB, nullable=False, server_default=text("'{}'")),
)
"""Rules of one provider as data: averages, rounding, allocation, penalty. See provider.services.catalogue."""

import_run: Final = Table(
    "import_run",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("tenant_id", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True), nullable=False),
    Column("counts", JSONB, nullable=False),
    Column("problems", JSONB, nullable=False),
    Index("ix_import_run_file", "tenant_id", "kind", "sha256"),
)
"""What each imported file did."""
