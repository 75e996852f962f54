"""Triggers that keep the history of applications and the audit table append-only, and chain what each commit adds.

A statement trigger notes the ids of new rows in a transaction-local setting and, once a transaction, puts a row into
``chain_dirty``. Its deferred trigger writes one link at commit, the only moment at which transactions wait for each
other; so no order of locks matters, and a bulk load of any size costs one link. Nobody who writes rows need know.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

ERASING: Final = "kabinet.erasing"
"""Setting of a transaction that empties rows and records it (provider.services.admissions.erasure)."""
HASH_HISTORY: Final = (
    "sha256(convert_to(jsonb_build_array(h.id, h.tenant_id, h.application_id, "
    "(extract(epoch FROM h.at) * 1000000)::bigint, h.transition, h.event, h.actor, h.actor_name, h.from_state, "
    "h.to_state, h.reason, h.detail, h.device_id, h.offline, h.command_id, h.reason_code, h.actor_id)::text, 'UTF8'))"
)
HASH_AUDIT: Final = (
    "sha256(convert_to(jsonb_build_array(a.id, (extract(epoch FROM a.at) * 1000000)::bigint, a.actor_id, a.action, "
    "a.object, a.detail)::text, 'UTF8'))"
)
"""A row's hash is about all of it, instants in microseconds. These stay as they are: with a new column links want a
number of their form, by which old ones are still read as they were written."""
HEAD: Final = (
    "sha256(before || convert_to(concat_ws(' ', l.n, (extract(epoch FROM l.at) * 1000000)::bigint, l.history, "
    "l.audit), 'UTF8') || l.hashes)"
)
"""A link's head from the one before it."""


STATEMENTS: Final = (
    """
CREATE OR REPLACE FUNCTION chain_note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    noted text := coalesce(current_setting('kabinet.chained', true), '');
    ids text;
BEGIN
    SELECT range_agg(int8range(id, id, '[]'))::text INTO ids FROM added;
    IF ids IS NOT NULL THEN
        IF noted = '' THEN
            INSERT INTO chain_dirty VALUES (pg_current_xact_id()::text) ON CONFLICT DO NOTHING;
        END IF;
        PERFORM set_config('kabinet.chained', noted || TG_TABLE_NAME || ids || ';', true);
    END IF;
    RETURN NULL;
END $$
""",
    f"""
CREATE OR REPLACE FUNCTION chain_append() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    noted text := coalesce(current_setting('kabinet.chained', true), '');
    before bytea;
    l chain_link;
BEGIN
    DELETE FROM chain_dirty WHERE transaction = NEW.transaction;
    PERFORM set_config('kabinet.chained', '', true);
    SELECT coalesce(range_agg(substr(part, 14)::int8multirange) FILTER (WHERE part LIKE 'history\\_entry%'), '{{}}'),
        coalesce(range_agg(substr(part, 6)::int8multirange) FILTER (WHERE part LIKE 'audit%'), '{{}}')
    INTO l.history, l.audit
    FROM string_to_table(noted, ';') AS part;
    IF isempty(l.history) AND isempty(l.audit) THEN
        RETURN NULL;
    END IF;
    l.hashes :=
        coalesce((SELECT string_agg({HASH_HISTORY}, '' ORDER BY h.id) FROM unnest(l.history) AS r(ids)
            JOIN history_entry AS h ON h.id >= lower(r.ids) AND h.id < upper(r.ids)), '')
        || coalesce((SELECT string_agg({HASH_AUDIT}, '' ORDER BY a.id) FROM unnest(l.audit) AS r(ids)
            JOIN audit AS a ON a.id >= lower(r.ids) AND a.id < upper(r.ids)), '');
    -- From here to the end of the commit nobody else adds a link.
    PERFORM pg_advisory_xact_lock(7305020118);
    SELECT n + 1, head INTO l.n, before FROM chain_link ORDER BY n DESC LIMIT 1;
    l.n := coalesce(l.n, 1);
    before := coalesce(before, '');
    l.at := date_trunc('microseconds', clock_timestamp());
    l.head := {HEAD};
    INSERT INTO chain_link VALUES (l.*);
    RETURN NULL;
END $$
""",  # noqa: S608  # names of this module
    f"""
CREATE OR REPLACE FUNCTION chain_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'history_entry' AND current_setting('{ERASING}', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'decisions are append-only: % of % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', HINT = 'kabinet-provider audit erase';
END $$
""",
    *(
        statement
        for table in ("history_entry", "audit", "chain_link")
        for statement in (
            f"DROP TRIGGER IF EXISTS chain_refuse_change ON {table}",
            f"CREATE TRIGGER chain_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION chain_refuse_change()",
        )
    ),
    *(
        statement
        for table in ("history_entry", "audit")
        for statement in (
            f"DROP TRIGGER IF EXISTS chain_note ON {table}",
            f"CREATE TRIGGER chain_note AFTER INSERT ON {table} REFERENCING NEW TABLE AS added "
            "FOR EACH STATEMENT EXECUTE FUNCTION chain_note()",
        )
    ),
    "DROP TRIGGER IF EXISTS chain_append ON chain_dirty",
    "CREATE CONSTRAINT TRIGGER chain_append AFTER INSERT ON chain_dirty DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW EXECUTE FUNCTION chain_append()",
)


def install(connection: Connection) -> None:
    """Create the functions and triggers, or bring them up to date."""
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement.replace("%", "%%"))  # the driver reads % as a placeholder
