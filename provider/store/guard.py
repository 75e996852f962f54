"""The guard in the database: a commit that changed a synced table without indexing the change is refused.

A statement trigger on each synced table notes the table in a transaction-local setting and, once a transaction, puts a
row into ``sync_dirty``. Only that row has a deferred trigger, so a bulk load of any size costs one check.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from models.contract.records import NUMBER
from provider.store.base import SYNCED

FUNCTIONS: Final = (
    """
CREATE OR REPLACE FUNCTION sync_note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    noted text := coalesce(current_setting('kabinet.changed', true), '');
    mark text := ',' || TG_ARGV[0] || ',';
BEGIN
    IF position(mark IN noted) = 0 THEN
        IF noted = '' THEN
            INSERT INTO sync_dirty VALUES (pg_current_xact_id()::text) ON CONFLICT DO NOTHING;
        END IF;
        PERFORM set_config('kabinet.changed', noted || mark, true);
    END IF;
    RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE FUNCTION sync_judge() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    noted text := coalesce(current_setting('kabinet.changed', true), '');
    indexed text := coalesce(current_setting('kabinet.indexed', true), '');
    number text;
BEGIN
    DELETE FROM sync_dirty WHERE transaction = NEW.transaction;
    FOREACH number IN ARRAY string_to_array(noted, ',') LOOP
        IF number <> '' AND position(',' || number || ',' IN indexed) = 0 THEN
            RAISE EXCEPTION 'synced table % changed without an entry in the change index', number
                USING ERRCODE = 'integrity_constraint_violation', HINT = 'use Database.change() and its ChangeSet';
        END IF;
    END LOOP;
    RETURN NULL;
END $$
""",
    "DROP TRIGGER IF EXISTS sync_judge ON sync_dirty",
    "CREATE CONSTRAINT TRIGGER sync_judge AFTER INSERT ON sync_dirty DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW EXECUTE FUNCTION sync_judge()",
)


def install(connection: Connection) -> None:
    """Create the functions and triggers, or bring them up to date."""
    for statement in FUNCTIONS:
        connection.exec_driver_sql(statement.replace("%", "%%"))  # the driver reads % as a placeholder
    for name in SYNCED:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS sync_note ON {name}")
        connection.exec_driver_sql(
            f"CREATE TRIGGER sync_note AFTER INSERT OR UPDATE OR DELETE ON {name} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION sync_note('{NUMBER[name]}')"
        )
