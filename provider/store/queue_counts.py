"""How many wait in each queue, by month, kept by the database itself with every change of an application.

Counting a number among hundreds of thousands would read half of them. Whole months are counted already, and of the own
month each application is looked at; by days there would be ten times as many counts to sum up. The triggers add what
each statement changed as rows of their own, so nobody waits for anybody and no order of locks matters; the night sums
them up.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

_KEY: Final = "tenant_id, programme, locality_id, correction, category_rank, day, language_mask"
_ROW: Final = (
    "tenant_id, programme, locality_id, correction, category_rank, "
    "date_trunc('month', rank_date AT TIME ZONE 'UTC')::date AS day, language_mask"
)
_QUEUED: Final = "state = 'queued' AND rank_date IS NOT NULL"
_COME: Final = f"SELECT {_ROW}, 1 AS more FROM new_rows WHERE {_QUEUED}"  # noqa: S608  # names of this module
_GO: Final = f"SELECT {_ROW}, -1 AS more FROM old_rows WHERE {_QUEUED}"  # noqa: S608
_BODIES: Final = {
    "insert": (_COME, "NEW TABLE AS new_rows"),
    "delete": (_GO, "OLD TABLE AS old_rows"),
    "update": (f"{_COME} UNION ALL {_GO}", "OLD TABLE AS old_rows NEW TABLE AS new_rows"),
}
_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION queue_count_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO queue_count ({key}, count)
    SELECT {key}, sum(more) FROM ({rows}) AS changed GROUP BY {key} HAVING sum(more) <> 0;
    RETURN NULL;
END $$
"""
_FILL: Final = text(
    f"INSERT INTO queue_count ({_KEY}, count) SELECT {_KEY}, count(*) "  # noqa: S608  # names of this module
    f"FROM (SELECT {_ROW} FROM application WHERE {_QUEUED}) AS queued "
    f"WHERE NOT EXISTS (SELECT FROM queue_count) GROUP BY {_KEY}"
)
_COMPACT: Final = text(
    f"WITH gone AS (DELETE FROM queue_count WHERE tenant_id = :tenant RETURNING {_KEY}, count) "  # noqa: S608
    f"INSERT INTO queue_count ({_KEY}, count) SELECT {_KEY}, sum(count) FROM gone GROUP BY {_KEY} "
    "HAVING sum(count) <> 0"
)


def install(connection: Connection) -> None:
    """Create the triggers, or bring them up to date, and count what is queued when nothing was counted yet."""
    for event, (rows, tables) in _BODIES.items():
        connection.exec_driver_sql(_FUNCTION.format(event=event, key=_KEY, rows=rows))
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS queue_count_{event} ON application")
        connection.exec_driver_sql(
            f"CREATE TRIGGER queue_count_{event} AFTER {event.upper()} ON application "
            f"REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION queue_count_{event}()"
        )
    connection.execute(_FILL)


def compact(connection: Connection, tenant: int) -> None:
    """Sum up the counts of a tenant. Counts added meanwhile stay rows of their own."""
    connection.execute(_COMPACT, {"tenant": tenant})
