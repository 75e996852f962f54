"""Pages of any size, in any order of scopes, after any prefix: the cache becomes what the provider has."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.cache.apply import apply_page, cursor, digests, wipe_scope
from models.cache.store import CacheStore
from models.contract.codec import add_digest, row_hash
from models.contract.messages import Deletions, ScopePage, ScopeRef, TableDigest, TableRows
from models.contract.records import NUMBER, Message, columns

SCOPES = ("account:1", "account:2", "account:3")
IDS = range(1, 6)
_AT = datetime(2024, 2, 1, tzinfo=UTC)


@dataclass
class Feed:
    """The provider's change index of one table, as simple as can be."""

    sequence: int = 0
    index: dict[tuple[str, int], tuple[int, bool]] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)

    def put(self, row: int, scope: str, words: str) -> None:
        """Insert, change or move a row."""
        for other in SCOPES:
            if other != scope and self.index.get((other, row), (0, False))[1]:
                self._note(other, row, False)
        self._note(scope, row, True)
        self.words[row] = words

    def delete(self, row: int) -> None:
        """Delete a row wherever it is."""
        for scope in SCOPES:
            if self.index.get((scope, row), (0, False))[1]:
                self._note(scope, row, False)

    def _note(self, scope: str, row: int, live: bool) -> None:
        self.sequence += 1
        self.index[scope, row] = (self.sequence, live)

    def page(self, scope: str, after: int, limit: int) -> ScopePage:
        """Return what came after a cursor."""
        news = sorted((at, row, live) for (key, row), (at, live) in self.index.items() if key == scope and at > after)
        part = news[:limit]
        complete = len(part) == len(news)
        rows = [(at, row) for at, row, live in part if live]
        gone = [(at, row) for at, row, live in part if not live]
        return ScopePage(
            scope=ScopeRef(1, scope),
            rows=[
                TableRows(
                    "message",
                    list(columns(Message)),
                    msgspec.Raw(msgspec.json.encode([self._record(row) for _, row in rows])),
                    [at for at, _ in rows],
                )
            ],
            deletions=[Deletions("message", [row for _, row in gone], [at for at, _ in gone])],
            sequence=self.sequence if complete else part[-1][0],
            tag="",
            head=self.sequence,
            complete=complete,
            digests=self.digests(scope) if complete else [],
        )

    def digests(self, scope: str) -> list[TableDigest]:
        """Return count and digest of a scope."""
        live = [(row, at) for (key, row), (at, alive) in self.index.items() if key == scope and alive]
        total = add_digest(0, *(row_hash(NUMBER["message"], row, at) for row, at in live))
        return [TableDigest("message", len(live), str(total))] if live else []

    def _record(self, row: int) -> Message:
        words = {"kk": self.words[row]}
        return Message(row, 1, None, "message", words, words, _AT)

    def state(self) -> dict[int, tuple[str, int, str]]:
        """Return each living row: its scope, sequence and words."""
        return {row: (key, at, self.words[row]) for (key, row), (at, live) in self.index.items() if live}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CacheStore]:
    opened = CacheStore.open(tmp_path_factory.mktemp("pages") / "cache.db", bytes(32))
    yield opened
    opened.close()


steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from(IDS), st.sampled_from(SCOPES)),
        st.tuples(st.just("delete"), st.sampled_from(IDS), st.just("")),
        st.tuples(st.just("pull"), st.integers(1, 4), st.sampled_from(SCOPES)),
        st.tuples(st.just("again"), st.integers(1, 4), st.sampled_from(SCOPES)),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, order=st.permutations(SCOPES), limit=st.integers(1, 5))
def test_the_cache_becomes_what_the_provider_has(
    store: CacheStore, steps: list[tuple[str, int, str]], order: list[str], limit: int
) -> None:
    feed = Feed()
    numbers = itertools.count()
    old: list[ScopePage] = []
    with store.write() as connection:
        for (scope,) in connection.execute("SELECT id FROM scope").fetchall():
            wipe_scope(connection, scope)
        for number, key in enumerate(SCOPES, 1):
            connection.execute("INSERT INTO scope (id, tenant, key) VALUES (?, 1, ?)", (number, key))
    for kind, number, scope in steps:
        if kind == "put":
            feed.put(number, scope, f"words {next(numbers)}")
        elif kind == "delete":
            feed.delete(number)
        elif kind == "pull":
            old.append(pull(store, feed, scope, number))
        else:
            again = [page for page in old if page.scope.key == scope]
            if again:
                replay(store, again[number % len(again)])
    for scope in order:
        while not pull(store, feed, scope, limit).complete:
            pass
    assert state(store) == feed.state()
    for number, scope in enumerate(SCOPES, 1):
        kept = store.peek(lambda connection, n=number: digests(connection, n))  # type: ignore[misc]
        assert list(kept.values()) == feed.digests(scope)
    assert store.peek(lambda connection: connection.execute("SELECT count(*) FROM extra").fetchone()[0]) == 0


def pull(store: CacheStore, feed: Feed, scope: str, limit: int) -> ScopePage:
    """Ask for a page after the cursor and apply it."""
    number = SCOPES.index(scope) + 1
    page = feed.page(scope, store.peek(lambda connection: cursor(connection, number))[0], limit)
    with store.write() as connection:
        apply_page(connection, number, page)
    return page


def replay(store: CacheStore, page: ScopePage) -> None:
    """Apply an old page again: neither the cursor nor anything else goes back."""
    number = SCOPES.index(page.scope.key) + 1
    before = (state(store), store.peek(lambda connection: cursor(connection, number)))
    with store.write() as connection:
        apply_page(connection, number, page)
    assert (state(store), store.peek(lambda connection: cursor(connection, number))) == before


def state(store: CacheStore) -> dict[int, tuple[str, int, str]]:
    """Return each row of the cache: its scope, sequence and words."""

    def question(connection: Any) -> dict[int, tuple[str, int, str]]:
        rows = connection.execute("SELECT id, _scope, _seq, body FROM message")
        return {row[0]: (SCOPES[row[1] - 1], row[2], json.loads(row[3])["kk"]) for row in rows}

    return store.peek(question)
