"""Kindergartens, their places, applications and what belongs to them, in PostgreSQL."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from models.contract import admission_records as records
from provider.store.base import metadata, synced_table

locality: Final = synced_table(records.Locality, UniqueConstraint("tenant_id", "code"))

organisation: Final = synced_table(records.Organisation, UniqueConstraint("tenant_id", "code"))

kindergarten_group: Final = synced_table(records.Group, Index("ix_kindergarten_group_organisation", "organisation_id"))

place: Final = synced_table(
    records.Place,
    CheckConstraint("occupied >= 0 AND held >= 0 AND occupied + held <= capacity", name="counted"),
    Index("ix_place_group", "group_id", "mode"),
)
"""The counter that the last place is won on: ``UPDATE … WHERE occupied + held < capacity``."""

programme: Final = synced_table(
    records.ProgrammeRules,
    Column("confirmed_by_id", BigInteger),
    Index("ix_programme_valid", "tenant_id", "programme", "valid_from"),
)

category: Final = synced_table(
    records.Category,
    Index(
        "uq_category_confirmed",
        "tenant_id",
        "code",
        "valid_from",
        unique=True,
        postgresql_where=text("state = 'confirmed' AND (valid_to IS NULL OR valid_to > valid_from)"),
    ),
)
"""``uq_category_confirmed``: from one day one edition of a category; one that is prepared does not count yet."""

benefit: Final = synced_table(records.Benefit, UniqueConstraint("tenant_id", "code"))

calendar_day: Final = synced_table(records.CalendarDay, UniqueConstraint("tenant_id", "day"))

calendar_year: Final = synced_table(records.CalendarYear, UniqueConstraint("tenant_id", "year"))

bulletin_item: Final = synced_table(
    records.BulletinItem,
    CheckConstraint("taken >= 0 AND taken <= places", name="counted"),
    Index("ix_bulletin_item_group", "group_id"),
)

queue_statistic: Final = synced_table(
    records.QueueStatistic, UniqueConstraint("tenant_id", "locality_id", "birth_year", "language")
)

review: Final = synced_table(
    records.Review,
    Column("author_id", BigInteger, nullable=False),
    UniqueConstraint("organisation_id", "author_id"),
)

child: Final = synced_table(records.Child, UniqueConstraint("tenant_id", "iin"))

guardian: Final = synced_table(
    records.Guardian,
    Index("ix_guardian_child", "child_id"),
    Index("ix_guardian_user", "user_id"),
    Index("ix_guardian_ends", "ends_on", postgresql_where=text("until IS NULL AND ends_on IS NOT NULL")),
    Index("uq_guardian_held", "child_id", "user_id", unique=True, postgresql_where=text("until IS NULL")),
)

application: Final = synced_table(
    records.Application,
    Column("language_mask", SmallInteger, nullable=False, server_default=text("0")),
    Column("born", Date),  # the child's, for the queue and its statistics
    Column("next_due", DateTime(timezone=True)),  # when the first of its terms fires, for the clock
    UniqueConstraint("tenant_id", "number"),
    Index(
        "uq_application_live",
        "child_id",
        "programme",
        unique=True,
        postgresql_where=text("state NOT IN ('draft', 'archived')"),
    ),
    Index(
        "ix_application_queue",
        "tenant_id",
        "programme",
        "locality_id",
        "correction",
        "category_rank",
        "rank_date",
        "number",
        postgresql_include=["language_mask"],
        postgresql_where=text("state = 'queued'"),
    ),
    Index(
        "ix_application_order",
        "tenant_id",
        "programme",
        "category_rank",
        "rank_date",
        text("length(number)"),
        "number",
        # a collation as part of the column: written as an expression, the database would give back another one
        postgresql_ops={"number": 'COLLATE "C"'},
        postgresql_include=["id", "language_mask", "locality_id", "correction", "born"],
        postgresql_where=text("state = 'queued'"),
    ),
    Index("ix_application_due", "next_due", "number", postgresql_where=text("next_due IS NOT NULL")),
    Index("ix_application_bundle", "bundle_id", postgresql_where=text("bundle_id IS NOT NULL")),
    Index("ix_application_child", "child_id"),
    Index(
        "ix_application_named",
        "tenant_id",
        "organisation_id",
        "child_id",
        postgresql_where=text("programme = 'special' AND state = 'queued' AND organisation_id IS NOT NULL"),
    ),
)
"""``uq_application_live``: one live application a child and programme, whatever happens at once."""

application_number: Final = Table(
    "application_number",
    metadata,
    Column("tenant_id", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),  # application | voucher | referral | iteration | item, with the year
    Column("last", Integer, nullable=False),
)

queue_count: Final = Table(
    "queue_count",
    metadata,
    Column("tenant_id", Integer, nullable=False),
    Column("programme", Text, nullable=False),
    Column("locality_id", BigInteger, nullable=False),
    Column("correction", Text, nullable=False),
    Column("category_rank", Integer, nullable=False),
    Column("day", Date, nullable=False),  # the first one of the rank date's month, in UTC
    Column("language_mask", SmallInteger, nullable=False),
    Column("count", Integer, nullable=False),  # to be summed: rows are only ever added, and compacted at night
    Index(
        "ix_queue_count_order",
        "tenant_id",
        "programme",
        "locality_id",
        "correction",
        "category_rank",
        "day",
        postgresql_include=["language_mask", "count"],
    ),
)
"""How many applications are queued, by month; numbers are counted from it (provider.store.queue_counts)."""

queue_position: Final = synced_table(records.QueuePosition, UniqueConstraint("application_id"))

waiting_entry: Final = synced_table(
    records.WaitingEntry,
    Index("ix_waiting_entry_group", "group_id", postgresql_where=text("state = 'waiting'")),
    Index("ix_waiting_entry_application", "application_id"),
    Index(
        "ix_waiting_entry_tenant", "tenant_id", "group_id", "application_id", postgresql_where=text("state = 'waiting'")
    ),
)

referral: Final = synced_table(
    records.Referral,
    UniqueConstraint("tenant_id", "number"),
    Index("ix_referral_application", "application_id"),
)

kindergarten_interest: Final = Table(
    "kindergarten_interest",
    metadata,
    Column("tenant_id", BigInteger, primary_key=True, autoincrement=False),
    Column("organisation_id", BigInteger, primary_key=True, autoincrement=False),
    Column("waiting", Integer, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""How many children wait for a kindergarten, as counted every hour for the public statistics."""

placement: Final = synced_table(
    records.Placement,
    Column("counted", Boolean, nullable=False, server_default=text("true")),  # among the taken places of its group
    Index("ix_placement_ending", "ends_on", postgresql_where=text("counted AND ends_on IS NOT NULL")),
    Index("ix_placement_application", "application_id"),
    Index("ix_placement_child", "child_id"),
    Index("ix_placement_group", "group_id"),
)

attachment: Final = synced_table(
    records.Attachment,
    Column("author_id", BigInteger, nullable=False),
    Column("checked_by_id", BigInteger),  # whose ``checked_by`` is: names are not unique
    Index("ix_attachment_application", "application_id"),
    Index("ix_attachment_sha256", "sha256"),
)

appeal: Final = synced_table(
    records.Appeal,
    Column("command_id", Text, nullable=False, server_default=text("''")),
    Column("payload", Text, nullable=False, server_default=text("''")),
    Index("ix_appeal_application", "application_id"),
)

iteration: Final = synced_table(
    records.Iteration,
    UniqueConstraint("tenant_id", "number"),
)

iteration_line: Final = synced_table(
    records.IterationLine,
    Index("ix_iteration_line_iteration", "iteration_id"),
)

history_entry: Final = synced_table(
    records.HistoryEntry,
    Column("actor_id", BigInteger),
    Index("ix_history_entry_application", "application_id"),
)
"""Only ever appended."""

reminder: Final = Table(
    "reminder",
    metadata,
    Column("application_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("due", DateTime(timezone=True), primary_key=True),
    Column("stage", Text, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""A reminder that was given: each once, whatever runs twice."""

phone_message: Final = Table(
    "phone_message",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("key", Text, unique=True),
    Column("phone", Text, nullable=False),
    Column("body", Text, nullable=False),  # emptied once sent when it holds a code
    Column("secret", SmallInteger, nullable=False, server_default=text("0")),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("last_error", Text, nullable=False, server_default=text("''")),
    Column("sent_at", DateTime(timezone=True)),
    Column("failed_at", DateTime(timezone=True)),
    Index("ix_phone_message_waiting", "due_at", postgresql_where=text("sent_at IS NULL AND failed_at IS NULL")),
)
"""Text messages to send, written in the transaction of their cause."""

one_time_code: Final = Table(
    "one_time_code",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("purpose", Text, nullable=False),  # register | recover | sign-in | sign | phone
    Column("subject", Text, nullable=False, index=True),  # hashed phone and person
    Column("code_hash", Text, nullable=False),
    Column("user_id", BigInteger),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("used_at", DateTime(timezone=True)),
    Column("request_hash", Text, nullable=False, server_default=text("''")),  # of the request that used it up
)
"""A code sent to a phone: 80 seconds, five tries, one use. The request that used it may be repeated meanwhile."""

blob: Final = Table(
    "blob",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("media_type", Text, nullable=False, server_default=text("''")),
    Column("received", BigInteger, nullable=False, server_default=text("0")),
    Column("owner_id", BigInteger, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("complete_at", DateTime(timezone=True)),
    Column("refused", Text, nullable=False, server_default=text("''")),  # problem code of a content that was refused
)
"""An uploaded document by the hash of its content; the bytes lie in the data folder."""

person_code: Final = Table(
    "person_code",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("code_key", Text, nullable=False, unique=True),  # IIN or document number, normalised
    Column("phone_key", Text, nullable=False, index=True),
    Column("consent_at", DateTime(timezone=True), nullable=False),
)
"""By what a parent can sign in beside the login."""
