"""Queries of the cache: search as people type, drafts, read marks, and reading from many threads."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.cache.apply import apply_rows
from models.cache.queries import drafts, messages
from models.cache.queries.accounts import account_view, accounts
from models.cache.queries.cut import cut
from models.cache.queries.search import search
from models.cache.store import CacheMismatch, CacheStore, set_local
from models.contract.records import Message
from tests.cache.rows import NOW, account, add_scope, link, rows
from tests.samples import sample_view_kk

KEY = b"k" * 32
WORDS = {"kk": "а", "ru": "б", "uk": "в", "en": "c"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CacheStore]:
    opened = CacheStore.open(tmp_path / "cache.db", KEY)
    view = sample_view_kk()
    people = [
        account(1, holder="Әлімбекова Айгүл", street="Қабанбай батыр көшесі", house="12", flat="4"),
        account(2, holder="Іваненко Їжак", street="Шевченка", house="5", flat="12"),
        account(3, holder="Йотов Иван", street="Абая", house="12/1", flat=""),
        account(12345, holder="Петров", street="Абая", house="7", flat="1"),
    ]
    with opened.write() as connection:
        scope = add_scope(connection)
        apply_rows(connection, scope, rows([view.provider], [1]))
        apply_rows(connection, scope, rows(view.services, range(2, 2 + len(view.services))))
        apply_rows(connection, scope, rows(people, [10, 11, 12, 13]))
        apply_rows(connection, scope, rows([link(1, 1, 150), link(2, 1, -50)], [20, 21]))
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("әлім", [1]),
        ("ӘЛІМБЕКОВА", [1]),
        ("айг қаб", [1]),
        ("їж", [2]),
        ("їжак шев", [2]),
        ("абая 12", [3, 12345]),
        ("абая", [3, 12345]),
        ("12345", [12345]),
        ("1234", [12345]),
        ("йот", [3]),
        ("иот", []),
        ("ив", [3]),
        ("2", [2]),
        ("", []),
        ("   ", []),
        ('"); DROP TABLE account; --', []),
        ("абая AND NOT 7", []),
        ("*", []),
    ],
)
def test_search_finds_by_the_beginning_of_words(store: CacheStore, text: str, found: list[int]) -> None:
    assert [line.account.id for line in store.read(lambda c: search(c, text))] == found


def test_the_list_shows_what_is_owed_for_each_service(store: CacheStore) -> None:
    lines = store.read(accounts)
    assert [line.account.id for line in lines] == [1, 2, 3, 12345]
    assert lines[0].total_minor == 100
    assert [debt.balance_minor for debt in lines[0].balances] == [150, -50]
    assert [line.account.id for line in store.read(lambda c: accounts(c, after=2, limit=1))] == [3]


def test_records_come_back_as_they_were_sent(tmp_path: Path) -> None:
    view = sample_view_kk()
    store = CacheStore.open(tmp_path / "one.db", KEY)
    with store.write() as connection:
        scope = add_scope(connection)
        parts = [
            [view.provider], view.services, view.recipients, view.tariffs, [view.account], view.account_services,
            view.meters, view.readings, view.entries, view.assertions,
        ]  # fmt: skip
        for part in parts:
            if part:
                apply_rows(connection, scope, rows(part, range(1, len(part) + 1)))
        connection.execute("UPDATE scope SET complete_at = ?, sequence = 9, state = 'ready'", (NOW.isoformat(),))
        set_local(connection, "epoch", "e")
    got = store.read(lambda c: account_view(c, view.account.id))
    assert got is not None
    for name in ("provider", "account", "services", "tariffs", "meters", "recipients"):
        assert getattr(got, name) == getattr(view, name)
    assert sorted(got.entries, key=lambda one: one.id) == sorted(view.entries, key=lambda one: one.id)
    assert sorted(got.readings, key=lambda one: one.id) == sorted(view.readings, key=lambda one: one.id)
    assert (got.epoch, got.sequence, got.as_of) == ("e", 9, NOW)
    assert store.read(cut).complete
    store.close()


def test_an_unknown_account_has_no_view(store: CacheStore) -> None:
    assert store.read(lambda c: account_view(c, 999)) is None


def test_drafts_and_read_marks_are_kept(store: CacheStore) -> None:
    with store.write() as connection:
        scope = add_scope(connection, "public")
        sent = [Message(i, 1, None, "announcement", WORDS, WORDS, NOW) for i in (1, 2)]
        apply_rows(connection, scope, rows(sent, [1, 2]))
        drafts.save(connection, "reading:501", "125,3")
        messages.mark_read(connection, 2)
    assert store.read(lambda c: drafts.load(c, "reading:501")) == "125,3"
    assert [(one.message.id, one.read) for one in store.read(messages.messages)] == [(2, True), (1, False)]
    assert store.read(messages.unread) == 1
    with store.write() as connection:
        drafts.save(connection, "reading:501", "")
    assert store.read(lambda c: drafts.load(c, "reading:501")) == ""


def test_an_office_reads_its_own_messages_and_not_those_to_consumers(store: CacheStore) -> None:
    sent = {
        "office": [
            Message(1, 1, 7, "notification", WORDS, WORDS, NOW),
            Message(2, 1, None, "announcement", WORDS, WORDS, NOW),
        ],
        "staff": [Message(3, 1, None, "notification", WORDS, WORDS, NOW, application_id=9)],
        "account:5": [Message(4, 1, 5, "notification", WORDS, WORDS, NOW)],
    }
    with store.write() as connection:
        for key, some in sent.items():
            scope = add_scope(connection, key=key, tenant=2)
            apply_rows(connection, scope, rows(some, [one.id for one in some]))
    assert [one.message.id for one in store.read(messages.messages)] == [4, 3, 2]
    assert store.read(messages.unread) == 3


def test_an_error_inside_a_transaction_undoes_it(store: CacheStore) -> None:
    def fail() -> None:
        with store.write() as connection:
            drafts.save(connection, "a", "b")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert store.read(lambda c: drafts.load(c, "a")) == ""


def test_readers_see_one_state_while_a_writer_works(store: CacheStore) -> None:
    wrong: list[tuple[str, str]] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            pair = store.read(lambda c: (drafts.load(c, "a"), drafts.load(c, "b")))
            if pair[0] != pair[1]:
                wrong.append(pair)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(100):
        with store.write() as connection:
            drafts.save(connection, "a", str(number))
            drafts.save(connection, "b", str(number))
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_a_cache_of_another_version_is_not_opened(store: CacheStore) -> None:
    with store.write() as connection:
        set_local(connection, "fingerprint", "older")
    store.close()
    with pytest.raises(CacheMismatch):
        CacheStore.open(store.path, KEY)


def test_sqlalchemy_can_read_the_same_file(store: CacheStore) -> None:
    from sqlalchemy import text

    with store.engine().connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM account")).scalar_one() == 4


def test_opening_a_cache_imports_neither_sqlalchemy_nor_requests() -> None:
    code = (
        "import sys, models.cache.store, models.cache.queries.accounts, models.cache.queries.search;"
        "print([name for name in ('sqlalchemy', 'requests', 'cryptography', 'argon2') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
