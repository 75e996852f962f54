"""Steps from one set of tables to the next (Alembic). Functions and triggers are no steps: each start brings them up
to date (provider.store.schema)."""
