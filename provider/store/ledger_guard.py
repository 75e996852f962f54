"""Triggers that keep the ledger append-only, balanced and out of closed periods, whoever writes to it.

They run once a statement over its transition table, so a bulk load of a month's charges costs one grouped check. A
transaction's postings must therefore be inserted by one statement.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

STATEMENTS: Final = (
    """
CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % of % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', HINT = 'post a reversing entry';
END $$
""",
    """
CREATE OR REPLACE FUNCTION ledger_check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong bigint;
BEGIN
    SELECT transaction_id INTO wrong FROM added GROUP BY transaction_id HAVING sum(amount) <> 0 LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'transaction % does not balance', wrong USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE FUNCTION ledger_check_period() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong integer;
BEGIN
    SELECT p.period INTO wrong
    FROM (SELECT DISTINCT tenant_id, period FROM added) AS a
    JOIN period AS p ON p.tenant_id = a.tenant_id AND p.period >= a.period AND p.state = 'closed' LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'period % is closed', wrong USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
""",
    *(
        statement
        for table in ("transaction", "posting", "entry")
        for statement in (
            f"DROP TRIGGER IF EXISTS ledger_refuse_change ON {table}",
            f"CREATE TRIGGER ledger_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()",
        )
    ),
    "DROP TRIGGER IF EXISTS ledger_check_balance ON posting",
    "CREATE TRIGGER ledger_check_balance AFTER INSERT ON posting REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_balance()",
    "DROP TRIGGER IF EXISTS ledger_check_period ON transaction",
    "CREATE TRIGGER ledger_check_period AFTER INSERT ON transaction REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_period()",
)


def install(connection: Connection) -> None:
    """Create the functions and triggers, or bring them up to date."""
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement.replace("%", "%%"))  # the driver reads % as a placeholder
