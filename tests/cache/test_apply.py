"""Applying pages: any way of cutting them gives the same cache, and the cursor never goes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.cache.apply import (
    apply_deletions,
    apply_page,
    apply_rows,
    bucket_digests,
    digests,
    load_rows,
    sum_again,
    wipe_scope,
)
from models.cache.store import CacheStore
from models.cache.tables import WireError
from models.contract.codec import add_digest, row_hash
from models.contract.messages import Deletions, TableRows
from models.contract.records import NUMBER
from tests.cache.rows import account, add_scope, content, link, page, rows

KEY = b"k" * 32
ANY_FOLDER = [HealthCheck.function_scoped_fixture]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CacheStore]:
    opened = CacheStore.open(tmp_path / "cache.db", KEY)
    yield opened
    opened.close()


_EVENTS = st.lists(st.tuples(st.sampled_from(["account", "link", "gone"]), st.integers(1, 12)), min_size=1, max_size=40)


def pages_of(
    events: list[tuple[str, int]], cuts: list[int], head: int
) -> Iterator[tuple[int, list[TableRows], list[Deletions]]]:
    """Yield the pages that a compacting index would send when it is read at the given points of history."""
    read = 0
    for upto in [*sorted({min(cut, len(events)) for cut in cuts}), len(events)]:
        newest: dict[tuple[str, int], tuple[int, str]] = {}
        for number, (kind, row) in enumerate(events[:upto], 1):
            table = "account" if kind in ("account", "gone") else "account_service"
            newest[table, row] = (number, kind)
        fresh = {key: value for key, value in newest.items() if value[0] > read}
        accounts = [(row, seq) for (table, row), (seq, kind) in fresh.items() if table == "account" and kind != "gone"]
        links = [(row, seq) for (table, row), (seq, _kind) in fresh.items() if table == "account_service"]
        gone = [(row, seq) for (table, row), (seq, kind) in fresh.items() if kind == "gone"]
        found = []
        if accounts:
            found.append(
                rows([account(row, holder=f"holder {seq}") for row, seq in accounts], [s for _, s in accounts])
            )
        if links:
            found.append(rows([link(row, row, seq) for row, seq in links], [seq for _, seq in links]))
        deleted = [Deletions("account", [row for row, _ in gone], [seq for _, seq in gone])] if gone else []
        yield upto, found, deleted
        read = upto
    assert read == head


@settings(max_examples=80, deadline=None, suppress_health_check=ANY_FOLDER)
@given(events=_EVENTS, cuts=st.lists(st.integers(0, 40), max_size=6), replay=st.lists(st.integers(0, 6), max_size=4))
def test_any_cut_points_and_replays_give_the_same_cache(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[str, int]], cuts: list[int], replay: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("cuts")
    results = []
    for name, points, again in (("whole", [], []), ("cut", cuts, replay)):
        store = CacheStore.open(folder / name, KEY)
        with store.write() as connection:
            scope = add_scope(connection)
        sent = list(pages_of(events, points, len(events)))
        for sequence, found, deleted in [*sent, *(sent[i] for i in again if i < len(sent)), sent[-1]]:
            with store.write() as connection:
                apply_page(connection, scope, page(found, deleted, sequence, tag=str(sequence)))
        with store.write() as connection:
            kept = digests(connection, scope)
            assert all(sum_again(connection, scope, table) == digest for table, digest in kept.items())
        results.append(store.peek(content))
        store.close()
    assert results[0] == results[1]


@settings(max_examples=60, deadline=None, suppress_health_check=ANY_FOLDER)
@given(
    order=st.permutations([("live", 0, 5), ("live", 1, 9), ("gone", 0, 9)]),
    numbers=st.lists(st.integers(1, 5), min_size=1),
)
def test_a_row_that_moves_between_scopes_ends_in_the_new_one_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, order: list[tuple[str, int, int]], numbers: list[int]
) -> None:
    store = CacheStore.open(tmp_path_factory.mktemp("moves") / "cache.db", KEY)
    ids = sorted(set(numbers))
    with store.write() as connection:
        scopes = [add_scope(connection, "account:1"), add_scope(connection, "account:2")]
        for kind, where, sequence in order:
            if kind == "live":
                apply_rows(connection, scopes[where], rows([link(i, 1, sequence) for i in ids], [sequence] * len(ids)))
            else:
                apply_deletions(connection, scopes[where], Deletions("account_service", ids, [sequence] * len(ids)))
    if order.index(("gone", 0, 9)) > order.index(("live", 0, 5)):
        state = store.peek(content)
        assert [row[0] for row in state["link"]] == ids
        assert all(row[-1] == scopes[1] for row in state["link"])
        assert state["extra"] == []
        assert [row[:3] for row in state["digest"]] == [(scopes[1], "account_service", len(ids))]
    store.close()


def test_an_older_page_changes_nothing(store: CacheStore) -> None:
    with store.write() as connection:
        scope = add_scope(connection)
        apply_page(connection, scope, page([rows([account(1, holder="new")], [9])], [], 9, tag="nine"))
        before = content(connection)
        assert apply_page(connection, scope, page([rows([account(1, holder="old")], [3])], [], 3)) == set()
        assert content(connection) == before


def test_a_page_that_cannot_be_read_is_undone_as_a_whole(store: CacheStore) -> None:
    with store.write() as connection:
        scope = add_scope(connection)
    good = rows([account(1)], [1])
    bad = msgspec.structs.replace(rows([link(1, 1)], [2]), rows=msgspec.Raw(b'[["not a number"]]'))
    with pytest.raises(WireError), store.write() as connection:
        apply_page(connection, scope, page([good, bad], [], 2))
    assert store.peek(content)["account"] == []
    assert store.peek(content)["cursor"] == [(scope, 0, "")]


def test_columns_of_a_newer_provider_are_left_out_and_those_of_an_older_one_filled(store: CacheStore) -> None:
    one = rows([link(1, 5, 70)], [1])
    newer = TableRows(
        one.table,
        [*one.columns[:2], "colour", *one.columns[2:]],
        msgspec.Raw(b'[[1,5,{"any":"thing"},11,"norm",70,true]]'),
        [1],
    )
    older = rows([account(1)], [2])
    with store.write() as connection:
        scope = add_scope(connection)
        apply_rows(connection, scope, newer)
        with pytest.raises(WireError):
            apply_rows(connection, scope, TableRows("account", older.columns[:-1], msgspec.Raw(b"[]"), []))
        row = connection.execute("SELECT account_id, service_id, balance_minor, active FROM account_service").fetchone()
    assert tuple(row) == (5, 11, 70, 1)


def test_the_fast_load_is_the_same_as_applying(tmp_path: Path) -> None:
    results = []
    for name, function in (("fast", load_rows), ("slow", apply_rows)):
        store = CacheStore.open(tmp_path / name, KEY)
        with store.write() as connection:
            scope = add_scope(connection)
            function(connection, scope, rows([link(i, i, i) for i in range(1, 300)], range(1, 300)))
        results.append(store.peek(content))
        store.close()
    assert results[0] == results[1]


def test_digests_are_the_contracts(store: CacheStore) -> None:
    with store.write() as connection:
        scope = add_scope(connection)
        apply_rows(connection, scope, rows([account(7), account(300)], [4, 5]))
        kept = digests(connection, scope)["account"]
        buckets = bucket_digests(connection, scope, "account")
    hashes = [row_hash(NUMBER["account"], 7, 4), row_hash(NUMBER["account"], 300, 5)]
    assert kept.count == 2
    assert int(kept.digest) == add_digest(0, *hashes)
    assert buckets == {7: (1, hashes[0]), 44: (1, hashes[1])}


def test_a_wiped_scope_leaves_nothing_behind(store: CacheStore) -> None:
    with store.write() as connection:
        scope, other = add_scope(connection), add_scope(connection, "user:1", 0)
        apply_rows(connection, scope, rows([account(1, holder="holder gone"), account(2)], [1, 2]))
        apply_rows(connection, other, rows([account(2)], [3]))
        assert wipe_scope(connection, scope) == {"account"}
        state = content(connection)
    assert [row[0] for row in state["account"]] == [2]
    assert state["search"] == []
    assert [row[0] for row in state["cursor"]] == [other]
