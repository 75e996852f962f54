"""SQL is never put together from values: only from names of our own tables and from clauses that we wrote."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

import pytest

from tests.architecture.composed_sql import composed

ROOT = Path(__file__).parents[2]

TABLES: Final = "a table of our own records; whoever calls has looked it up in BY_TABLE or NUMBER"
COLUMNS: Final = "quoted columns of our own records"
CLAUSE: Final = "a clause written out in the same function, its values bound"
OURS: Final = "a whole statement of ours"

REVIEWED: Final[dict[str, dict[str, str]]] = {
    "models/cache/apply.py": {"table": TABLES},
    "models/cache/driver.py": {
        "key.hex()": "32 bytes as hexadecimal digits; a key cannot be bound",
        "pragma": "settings written out above",
    },
    "models/cache/outbox.py": {"where": CLAUSE},
    "models/cache/queries/accounts.py": {
        "_select(Account)": OURS,
        "_select(AccountService)": OURS,
        "_select(record)": OURS,
        "column": "a column written out by the caller, in the same file",
        "order": "an order written out by the caller, in the same file",
    },
    "models/cache/queries/admissions.py": {
        "layout(record).select": OURS,
        "clause": "a clause written out by the caller, in the same file",
    },
    "models/cache/queries/children.py": {
        "column": "a column written out by the caller, in the same file",
        "select": "a select written out by the caller, in the same file",
    },
    "models/cache/queries/cut.py": {"where": CLAUSE},
    "models/cache/queries/department.py": {
        "clause": "conditions written out in the same file, their values bound",
        "parts": "conditions written out in the same file, their values bound",
    },
    "models/cache/queries/kindergarten.py": {"chosen": CLAUSE},
    "models/cache/queries/messages.py": {"layout(Message).select": OURS},
    "models/cache/queries/people.py": {
        "layout(Person).select": OURS,
        "layout(Mailing).select": OURS,
        "layout(Request).select": OURS,
    },
    "models/cache/queries/rows.py": {
        "layout(record).select": OURS,
        "clause": "a clause written out by the caller in this package, its values bound",
    },
    "models/cache/queries/search.py": {"own.select": OURS, "wanted": COLUMNS},
    "models/cache/store.py": {"pragma": "checks written out above"},
    "models/cache/tables.py": {
        "body": COLUMNS,
        "changes": COLUMNS,
        "stored": COLUMNS,
        "marks": "question marks",
        "sql.split()[5]": "the name of an index, out of our own statement",
    },
    "sync/bootstrap.py": {"name": TABLES, "upper": CLAUSE},
    "sync/integrity.py": {"table": TABLES},
    "sync/profile.py": {"keep": CLAUSE},
    "provider/services/admissions/public_queue.py": {
        "parts[0]": "what is counted beside the order, written out above",
        "parts[1]": "how a place follows from it, written out above",
        "which": "conditions written out in the same function",
    },
    "provider/store/base.py": {'value.replace("\'", "\'\'")': "a default of our own records, quoted"},
    "provider/store/bulk.py": {"table.name": TABLES, "names": COLUMNS, "table": TABLES, "columns": COLUMNS},
    "provider/store/database.py": {"name": "quoted by psycopg.sql.Identifier; a name cannot be bound"},
    "provider/store/feed.py": {
        "_row(record.TABLE)": COLUMNS,
        "_row(table)": COLUMNS,
        "table": TABLES,
        "keys": "one of two clauses written out above",
    },
    "provider/store/chain_guard.py": {"table": "tables written out there", "statement": OURS},
    "provider/store/guard.py": {"name": TABLES, "NUMBER[name]": "a number", "statement": OURS},
    "provider/store/ledger_guard.py": {"table": "tables written out above", "statement": OURS},
    "provider/store/migrations/versions/0001_first.py": {"statement": OURS},
    "provider/store/queue_counts.py": {
        "event": "one of three words written out above",
        "event.upper()": "one of three words written out above",
        "rows": CLAUSE,
        "tables": CLAUSE,
    },
    "provider/store/schema.py": {"function": OURS},
    "provider/store/statistics.py": {"name": "a table of metadata"},
}
"""What may go into a statement, by file: the expression, and why it is no value. Add a line only after reading it."""

FORMS: Final = {
    "f-string": """connection.execute(f"SELECT * FROM account WHERE number = '{number}'")""",
    "nested f-string": """connection.execute("SELECT 1" + f" FROM account WHERE number = '{number}'")""",
    "%": """connection.execute("SELECT * FROM account WHERE number = '%s'" % number)""",
    "% with several": """connection.execute("SELECT * FROM %s WHERE number = '%s'" % (TABLE, number))""",
    "+": """connection.execute("SELECT * FROM account WHERE number = '" + number + "'")""",
    "+ of names": """connection.execute(query + number)""",
    "+=": """
query = "SELECT * FROM account"
query += number
connection.execute(query)
""",
    "format": """connection.execute("SELECT * FROM account WHERE number = '{}'".format(number))""",
    "format by name": """connection.execute("SELECT * FROM account WHERE number = '{n}'".format(n=number))""",
    "format of a name": """connection.execute(QUERY.format(number))""",
    "join": """connection.execute("SELECT * FROM account WHERE " + " AND ".join(number))""",
    "join of made parts": """connection.execute("SELECT 1 WHERE " + " OR ".join(f"id = {number}" for _ in rows))""",
    "replace": """connection.execute("SELECT * FROM account WHERE number = $1".replace("$1", number))""",
    "choice": """connection.execute(f"DELETE FROM account WHERE id = {number}" if number else "SELECT 1")""",
    "choice inside": """connection.execute(f"DELETE FROM account WHERE id = {number if number else 1}")""",
    "text of SQLAlchemy": """text(f"{number}")""",
    "driver's own": """connection.exec_driver_sql(f"NOTIFY {number}")""",
    "many": """connection.executemany(f"INSERT INTO account VALUES ({number})", rows)""",
    "made before": """
query = "{}".format(number)
connection.execute(query)
""",
    "made elsewhere": """QUERIES = {"one": f"SELECT * FROM account WHERE number = {number}"}""",
    "from a function": """
def query(number):
    return "UPDATE account SET number = " + number
""",
}


@pytest.mark.parametrize("form", sorted(FORMS))
def test_every_form_of_putting_sql_together_is_noticed(form: str) -> None:
    assert "number" in {part.expression for part in composed(ast.parse(FORMS[form]))}


@pytest.mark.parametrize(
    "code",
    [
        """connection.execute("SELECT * FROM account WHERE number = ?", (number,))""",
        """connection.execute(text("SELECT * FROM account WHERE number = :number"), {"number": number})""",
        """connection.execute("SELECT 1 " "FROM account")""",
        """connection.execute(f"SELECT {COLUMNS} FROM account {tables.REST} LIMIT {int(limit)}")""",
        """text("UPDATE account SET " + ", ".join(f"{name} = n.{name}" for name in WRITTEN))""",
        """log.info(f"{number} rows of {table} where it matters")""",
        """label = "Sum: " + total""",
    ],
)
def test_what_is_bound_or_constant_is_welcome(code: str) -> None:
    assert composed(ast.parse(code)) == []


def found() -> dict[str, dict[str, int]]:
    """Return the parts of statements that are in the code: file, expression, line."""
    parts: dict[str, dict[str, int]] = {}
    for room in ("models", "sync", "provider"):
        for file in sorted((ROOT / room).rglob("*.py")):
            here = composed(ast.parse(file.read_text(encoding="utf-8")))
            if here:
                parts[file.relative_to(ROOT).as_posix()] = {part.expression: part.line for part in here}
    return parts


def test_sql_is_never_put_together_from_values() -> None:
    fresh = [
        f"{file}:{line}: {expression} goes into SQL: bind it, or review it in REVIEWED"
        for file, parts in found().items()
        for expression, line in parts.items()
        if expression not in REVIEWED.get(file, {})
    ]
    assert fresh == []


def test_what_was_reviewed_is_still_there() -> None:
    parts = found()
    gone = [(file, one) for file, known in REVIEWED.items() for one in known if one not in parts.get(file, {})]
    assert gone == []
