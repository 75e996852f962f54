"""Tables of people: who they are, how they prove it, what they are told and sent.

A person's record belongs to tenant 0 (the installation) in scope ``user:<id>``; messages, mailings and requests belong
to their provider. Secrets are kept only as hashes, codes of persons only as keyed hashes.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from models.contract import records
from provider.store.base import metadata, synced_table

person: Final = synced_table(records.Person, UniqueConstraint("login"))
"""Somebody who may sign in. ``login`` is kept as typed by the provider's registry, compared case-folded."""

credential: Final = Table(
    "credential",
    metadata,
    Column("user_id", BigInteger, ForeignKey("person.id"), primary_key=True, autoincrement=False),
    Column("login_key", Text, nullable=False, unique=True),  # NFC, case-folded
    Column("password_hash", Text, nullable=False),
    Column("code_hash", Text, nullable=False, server_default=text("''")),  # of IIN, BIN …; "" when unknown
    Column("email_key", Text, nullable=False, server_default=text("''"), index=True),  # confirmed address, case-folded
    Column("password_changed_at", DateTime(timezone=True), nullable=False),
    Column("disabled_at", DateTime(timezone=True)),
)
"""How a person proves who they are."""

registration: Final = Table(
    "registration",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("tenant_id", Integer, nullable=False),
    Column("account_id", BigInteger, nullable=False),
    Column("login", Text, nullable=False),
    Column("login_key", Text, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("code_hash", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
"""Somebody who asked for a login and has not yet opened the letter. Becomes a person only then, so nobody can take a
login away from its owner by registering first with a wrong address."""

link: Final = Table(
    "link",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("code_hash", Text, nullable=False, index=True),
    Column("purpose", Text, nullable=False),  # confirm | recover | email
    Column("user_id", BigInteger, index=True),
    Column("registration_id", BigInteger, ForeignKey("registration.id", ondelete="CASCADE")),
    Column("new_email", Text, nullable=False, server_default=text("''")),
    Column("language", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("used_at", DateTime(timezone=True)),
)
"""A letter's link, and the short code printed under it: one use, one purpose, for a limited time."""

inquiry: Final = Table(
    "inquiry",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("kind", Text, nullable=False),  # register | recover | code
    Column("payload", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
"""What somebody asked for without being signed in. It is looked into after the answer was given, so neither the answer
nor its time tells whether a login or an account exists. Deleted when done; holds hashes of passwords and codes only."""

user_session: Final = Table(
    "user_session",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("user_id", BigInteger, nullable=False, index=True),
    Column("device_id", BigInteger, nullable=False, index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),  # absolute
    Column("revoked_at", DateTime(timezone=True)),
    Column("revoked_because", Text, nullable=False, server_default=text("''")),
)
"""One sign-in on one device; revoking it ends every token made from it."""

access_token: Final = Table(
    "access_token",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("session_id", BigInteger, ForeignKey("user_session.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
)

refresh_token: Final = Table(
    "refresh_token",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("session_id", BigInteger, ForeignKey("user_session.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("parent_hash", Text, nullable=False, server_default=text("''")),
    Column("expires_at", DateTime(timezone=True), nullable=False),  # sliding
    Column("used_at", DateTime(timezone=True)),
    Column("spent_at", DateTime(timezone=True)),
)
"""A used token works until one made from it is used, so a lost reply signs nobody out; a spent one means theft."""

mail: Final = Table(
    "mail",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("key", Text, unique=True),  # names the occasion, so that it is written once: mailing:…, command:…
    Column("kind", Text, nullable=False),
    Column("user_id", BigInteger, index=True),
    Column("address", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),  # emptied once sent: links and account data do not stay
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("last_error", Text, nullable=False, server_default=text("''")),
    Column("sent_at", DateTime(timezone=True)),
    Column("failed_at", DateTime(timezone=True)),  # given up
    Index("ix_mail_waiting", "due_at", postgresql_where=text("sent_at IS NULL AND failed_at IS NULL")),
)
"""Letters to send, written in the transaction of their cause."""

mail_attachment: Final = Table(
    "mail_attachment",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("mail_id", BigInteger, ForeignKey("mail.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

message: Final = synced_table(
    records.Message,
    Column("author_id", BigInteger),
    Index("ix_message_account_id", "account_id"),
)
"""In scope ``account:<id>``, or ``public`` of its provider when it is for everybody."""

mailing: Final = synced_table(records.Mailing, UniqueConstraint("account_id", "user_id"))

mailing_run: Final = Table(
    "mailing_run",
    metadata,
    Column("tenant_id", Integer, primary_key=True, autoincrement=False),
    Column("period", Integer, primary_key=True, autoincrement=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
    Column("letters", Integer, nullable=False, server_default=text("0")),
    Column("problems", JSONB, nullable=False, server_default=text("'[]'")),
)

request: Final = synced_table(
    records.Request,
    Column("author_id", BigInteger),
    Column("item", Text, nullable=False, server_default=text("''")),
    Column("proposed", Text, nullable=False, server_default=text("''")),
    Column("decided_by", BigInteger),
    Column("decided_at", DateTime(timezone=True)),
    Index("ix_request_account_id", "account_id"),
    Index("ix_request_open", "tenant_id", "status"),
    Index("uq_request_command", "command_id", unique=True, postgresql_where=text("command_id <> ''")),
)

request_number: Final = Table(
    "request_number",
    metadata,
    Column("tenant_id", Integer, primary_key=True, autoincrement=False),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

rate_limit: Final = Table(
    "rate_limit",
    metadata,
    Column("key", Text, primary_key=True),  # name and hashed subject: no address and no login in clear
    Column("full_at", DateTime(timezone=True), nullable=False),
    prefixes=["UNLOGGED"],
)
"""Token buckets, one row each: when the bucket will be full again (generic cell rate algorithm)."""

audit: Final = Table(
    "audit",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor_id", BigInteger),
    Column("action", Text, nullable=False),
    Column("object", Text, nullable=False, server_default=text("''")),
    Column("detail", JSONB, nullable=False, server_default=text("'{}'")),
    Index("ix_audit_object", "object"),
)
"""What happened to access, and who decided: sign-ins, changed passwords, grants, decisions of the office. Never a
secret, never a person's code. Only ever appended (provider.store.chain_guard)."""
