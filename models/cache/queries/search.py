"""Search as you type over accounts: number, holder, address; bound by the index, never by a scan."""

# ruff: noqa: S608 - names of tables and columns come from our own record classes, never from data

from __future__ import annotations

import unicodedata

from models.cache.driver import Connection
from models.cache.queries.accounts import AccountSummary, summaries
from models.cache.tables import layout, read_records
from models.contract.records import Account


def search(connection: Connection, text: str, limit: int = 50) -> list[AccountSummary]:
    """Return accounts in whose number, holder or address every word of ``text`` begins a word; exact numbers first.

    Case does not matter, letters do: й is not и. The order is that of ids, since ranking a million rows would take
    longer than a key stroke.
    """
    return summaries(connection, find(connection, text, limit))


def find(connection: Connection, text: str, limit: int = 50) -> list[Account]:
    """Return the accounts of :func:`search` without what they owe."""
    tokens = words(text)
    if not tokens:
        return []
    own = layout(Account)
    exact = read_records(
        Account, connection.execute(f"{own.select} WHERE number = ? ORDER BY id LIMIT ?", (text.strip(), limit))
    )
    wanted = ", ".join(f'a."{name}"' for name in own.columns)
    rows = connection.execute(
        f"SELECT {wanted} FROM account_search AS s JOIN account AS a ON a.id = s.rowid"
        " WHERE account_search MATCH ? LIMIT ?",
        (" AND ".join(_term(token) for token in tokens), limit),
    )
    seen = {account.id for account in exact}
    return [*exact, *(account for account in read_records(Account, rows) if account.id not in seen)][:limit]


def words(text: str) -> list[str]:
    """Return the words of ``text`` as the index splits them: runs of letters and digits, at most eight."""
    folded = unicodedata.normalize("NFC", text)
    split = "".join(letter if letter.isalnum() or unicodedata.category(letter) == "Mn" else " " for letter in folded)
    return split.split()[:8]


def _term(token: str) -> str:
    """Return a word as the index is asked for it; a single letter or digit has to be a whole word, such as a house."""
    return f'"{token}"' if len(token) == 1 else f'"{token}"*'
