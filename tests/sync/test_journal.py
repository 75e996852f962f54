"""The journal as a file: order, chain, damage, other processes, compaction."""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.cache.durable import FileLock
from models.cache.outbox import Entry, Tail
from models.cache.store import CacheStore
from models.contract.outcomes import CommandOutcome, Status
from sync import outbox as outboxes
from sync.frames import FORMAT, MAGIC, Answered, Begin, Ended, Entered, Unsealed
from sync.journal import Ballast, Journal, JournalNewer
from sync.outbox import Outbox

KEY = b"k" * 32
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def entry(name: str, at: datetime = NOW) -> Entry:
    return Entry(id=name, kind="x", version=1, actor=1, payload=msgspec.Raw(b'{"a":1}'), occurred_at=at)


def journal(folder: Path) -> Journal:
    return Journal(folder / "journal", KEY, "p")


def names(opened: Journal) -> list[str]:
    return [frame.record.entry.id for frame in opened.frames() if isinstance(frame.record, Entered)]


def test_what_was_appended_is_read_back_in_order(tmp_path: Path) -> None:
    opened = journal(tmp_path)
    for number in range(50):
        opened.append(Entered(entry(str(number))))
    opened.close()
    again = journal(tmp_path)
    assert again.scan.sound
    assert names(again) == [str(number) for number in range(50)]
    assert again.number == 51


def test_another_key_reads_nothing(tmp_path: Path) -> None:
    journal(tmp_path).append(Entered(entry("secret")))
    other = Journal(tmp_path / "journal", b"o" * 32, "p")
    assert other.scan.frames == []
    assert other.scan.damage


def test_a_frame_taken_out_or_put_elsewhere_is_noticed(tmp_path: Path) -> None:
    opened = journal(tmp_path)
    for number in range(4):
        opened.append(Entered(entry(str(number))))
    frames = opened.frames()
    data = opened.path.read_bytes()
    without = data[: frames[2].start] + data[frames[2].end :]
    opened.path.write_bytes(without)
    assert not journal(tmp_path).scan.sound
    swapped = (
        data[: frames[2].start]
        + data[frames[3].start : frames[3].end]
        + data[frames[2].start : frames[2].end]
        + data[frames[3].end :]
    )
    opened.path.write_bytes(swapped)
    assert not journal(tmp_path).scan.sound


def test_four_kibibytes_of_damage_cost_only_the_frames_they_hit(tmp_path: Path) -> None:
    opened = journal(tmp_path)
    for number in range(2_000):
        opened.append(Entered(entry(str(number))))
    data = opened.path.read_bytes()
    for seed in range(20):
        at = random.Random(seed).randrange(len(data) // 4_096) * 4_096
        opened.path.write_bytes(data[:at] + os.urandom(4_096) + data[at + 4_096 :])
        found = names(journal(tmp_path))
        assert len(found) >= 1_975
        assert found == sorted(found, key=int)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 2_000), tail=st.binary(max_size=300))
def test_any_cut_and_any_rubbish_at_the_end_leaves_the_frames_before(tmp_path: Path, cut: int, tail: bytes) -> None:
    path = tmp_path / "journal"
    path.unlink(missing_ok=True)
    opened = journal(tmp_path)
    for number in range(8):
        opened.append(Entered(entry(str(number))))
    ends = [frame.end for frame in opened.frames()]
    opened.close()
    data = path.read_bytes()
    cut = min(cut, len(data))
    path.write_bytes(data[:cut] + tail)
    again = journal(tmp_path)
    whole = sum(end <= cut for end in ends)
    assert len(again.scan.frames) == whole
    again.close()


def test_a_magic_inside_rubbish_is_no_frame(tmp_path: Path) -> None:
    opened = journal(tmp_path)
    opened.append(Entered(entry("a")))
    with opened.path.open("ab") as file:
        file.write(MAGIC * 20 + os.urandom(50))
    again = journal(tmp_path)
    assert names(again) == ["a"]


def test_a_newer_journal_is_not_touched(tmp_path: Path) -> None:
    opened = journal(tmp_path)
    opened.path.unlink()
    newer = Journal(tmp_path / "journal", KEY, "p")
    newer.rewrite(Tail(), [])
    data = newer.path.read_bytes()
    newer.close()
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from sync.frames import SEAL, pack

    packed, _seal = pack(AESGCM(KEY), 1, bytes(SEAL), Begin(FORMAT + 1, "p", Tail()))
    newer.path.write_bytes(packed)
    with pytest.raises(JournalNewer):
        journal(tmp_path)
    assert newer.path.read_bytes() == packed != data


def test_two_openers_see_each_others_frames(tmp_path: Path) -> None:
    one, two = journal(tmp_path), journal(tmp_path)
    one.append(Entered(entry("a")))
    two.refresh()
    two.append(Entered(entry("b")))
    one.refresh()
    one.append(Entered(entry("c")))
    two.refresh()
    two.rewrite(Tail(7, 3, "h"), [Entered(entry("c"))])
    one.refresh()
    one.append(Entered(entry("d")))
    assert names(journal(tmp_path)) == ["c", "d"]
    assert journal(tmp_path).scan.sound


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    store = CacheStore.open(tmp_path / "cache.db", KEY)
    return Outbox(store, journal(tmp_path), FileLock(tmp_path / "lock"), Ballast(tmp_path / "ballast", 4_096))


def test_compaction_keeps_ninety_days_and_everything_open(
    outbox: Outbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outboxes, "COMPACT_ABOVE", 0)
    old, recent = NOW - timedelta(days=100), NOW - timedelta(days=80)
    for name, at in (("old", old), ("old-open", old), ("recent", recent)):
        outbox.enter(entry(name, at))
    outbox.write(Answered([CommandOutcome("old", Status.APPLIED, at=old)], True))
    outbox.write(Answered([CommandOutcome("recent", Status.APPLIED, at=recent)], True))
    outbox.enter(entry("withdrawn", old))
    outbox.write(Ended("withdrawn", "withdrawn", old.isoformat()))
    before = (tmp_path / "journal").stat().st_size
    assert outbox.compact(NOW) == 2
    assert (tmp_path / "journal").stat().st_size < before
    assert names(journal(tmp_path)) == ["old-open", "recent"]
    outbox.enter(entry("next"))
    assert names(journal(tmp_path)) == ["old-open", "recent", "next"]
    assert outbox.recover().journal_damaged is False


_STEPS = st.lists(
    st.tuples(st.sampled_from(["enter", "answer", "settle", "withdraw", "unseal"]), st.integers(0, 9)), max_size=25
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS, lost=st.sampled_from(["journal", "cache.db"]))
def test_either_file_makes_the_other_again(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]], lost: str
) -> None:
    folder = tmp_path_factory.mktemp("either")

    def opened() -> Outbox:
        store = CacheStore.open(folder / "cache.db", KEY)
        made = Outbox(store, journal(folder), FileLock(folder / "lock"), Ballast(folder / "ballast", 4_096))
        made.recover()
        return made

    first = opened()
    for step, number in steps:
        name = str(number)
        match step:
            case "enter":
                first.enter(entry(name))
            case "answer":
                first.write(Answered([CommandOutcome(name, Status.REFUSED, at=NOW)], False))
            case "settle":
                first.write(Answered([CommandOutcome(name, Status.APPLIED, at=NOW)], True))
            case "withdraw":
                first.write(Ended(name, "withdrawn", NOW.isoformat()))
            case "unseal":
                first.write(Unsealed([name]))
    before = content(first)
    first._store.close()
    first._journal.close()
    for file in folder.glob(f"{lost}*"):
        file.unlink()
    second = opened()
    assert content(second) == before
    second._store.close()
    second._journal.close()


def content(outbox: Outbox) -> list[tuple[object, ...]]:
    from models.cache import outbox as table

    items = outbox._store.peek(table.everything)
    return [(one.entry.id, one.signed, one.outcome, one.settled, one.ended) for one in items]
