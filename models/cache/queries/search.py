"""Search as you type over accounts: number, holder, address; bound by the index, never by a scan."""

# ruff: noqa: S608 - names of tables and columns come from our own record classes, never from data

from __future__ import annotations

import unicodedata
from typing import Any, Final

from models.cache.driver import Connection
from models.cache.queries.accounts import AccountSummary, summaries
from models.cache.tables import layout, read_records
from models.contract.records import Account

_INDEXED: Final = 5
"""Letters of the longest beginning that the index keeps, see models.cache.tables."""
_TRIED: Final = 120
"""Rows compared here before the index is asked for the whole word."""


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
    seen = {account.id for account in exact}
    rest = [account for account in _matching(connection, tokens, limit) if account.id not in seen]
    return [*exact, *rest][:limit]


def _matching(connection: Connection, tokens: list[str], limit: int) -> list[Account]:
    """Return accounts that match every word, by id.

    The index knows beginnings of up to five letters at once; a longer one makes it merge every word that begins so,
    60 ms for a frequent name among a million. So the first five letters are looked up and the rest is compared here. A
    rare word among many with the same five letters is left to the index, which is quick with rare ones.
    """
    short = [token[:_INDEXED] for token in tokens]
    if short != tokens:
        found = []
        rows = read_records(Account, _rows(connection, short, _TRIED))
        for account in rows:
            if _has(account, tokens):
                found.append(account)
                if len(found) == limit:
                    return found
        if len(rows) < _TRIED:
            return found
    return read_records(Account, _rows(connection, tokens, limit))


def _rows(connection: Connection, tokens: list[str], limit: int) -> Any:
    wanted = ", ".join(f'a."{name}"' for name in layout(Account).columns)
    return connection.execute(
        f"SELECT {wanted} FROM account_search AS s JOIN account AS a ON a.id = s.rowid"
        " WHERE account_search MATCH ? LIMIT ?",
        (" AND ".join(_term(token) for token in tokens), limit),
    )


def _has(account: Account, tokens: list[str]) -> bool:
    """Return whether each word begins a word of an account."""
    text = " ".join(
        (
            account.number,
            account.holder,
            account.settlement,
            account.street,
            account.house,
            account.prefix,
            account.flat,
        )
    )
    there = words(text.lower(), most=100)
    return all(any(word.startswith(token) for word in there) for token in (token.lower() for token in tokens))


def words(text: str, most: int = 8) -> list[str]:
    """Return the words of ``text`` as the index splits them: runs of letters and digits, at most ``most``."""
    folded = unicodedata.normalize("NFC", text)
    split = "".join(letter if letter.isalnum() or unicodedata.category(letter) == "Mn" else " " for letter in folded)
    return split.split()[:most]


def _term(token: str) -> str:
    """Return a word as the index is asked for it; a single letter or digit has to be a whole word, such as a house."""
    return f'"{token}"' if len(token) == 1 else f'"{token}"*'
