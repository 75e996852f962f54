"""Rows and pages for tests of the cache, as a provider would send them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from models.cache.driver import Connection
from models.contract.messages import Deletions, ScopePage, ScopeRef, TableRows
from models.contract.records import Account, AccountService, Record, columns
from tests.samples import sample_view_kk

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SCOPE = ScopeRef(1, "office")


def rows(records: Sequence[Record], sequences: Sequence[int]) -> TableRows:
    """Return records as rows of a page."""
    kind = type(records[0])
    return TableRows(kind.TABLE, list(columns(kind)), msgspec.Raw(msgspec.json.encode(records)), list(sequences))


def account(number: int, **values: object) -> Account:
    """Return an account with this id."""
    return msgspec.structs.replace(sample_view_kk().account, id=number, number=str(number), **values)


def link(number: int, account_id: int, balance: int = 0) -> AccountService:
    """Return a service of an account."""
    return AccountService(number, account_id, 11, "norm", balance, True)


def page(
    found: Sequence[TableRows], gone: Sequence[Deletions], sequence: int, *, complete: bool = False, tag: str = "t"
) -> ScopePage:
    """Return a page of :data:`SCOPE`."""
    return ScopePage(SCOPE, list(found), list(gone), sequence, tag, sequence, complete)


def add_scope(connection: Connection, key: str = "office", tenant: int = 1) -> int:
    """Make a scope and return its number."""
    connection.execute("INSERT INTO scope (tenant, key) VALUES (?, ?)", (tenant, key))
    return int(connection.execute("SELECT max(id) FROM scope").fetchone()[0])


def content(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    """Return everything that should be the same however it arrived."""
    queries = {
        "account": "SELECT * FROM account ORDER BY id",
        "link": "SELECT * FROM account_service ORDER BY id",
        "digest": "SELECT scope, tbl, count, digest FROM digest WHERE count <> 0 ORDER BY scope, tbl",
        "cursor": "SELECT id, sequence, tag FROM scope ORDER BY id",
        "extra": "SELECT * FROM extra ORDER BY tbl, id, scope",
        "search": "SELECT rowid FROM account_search WHERE account_search MATCH 'holder*' ORDER BY rowid",
    }
    return {name: [tuple(row) for row in connection.execute(query)] for name, query in queries.items()}
