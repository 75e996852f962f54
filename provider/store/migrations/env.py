"""Runs revisions on the connection that provider.store.migrate opened."""

from __future__ import annotations

from alembic import context

from provider.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
