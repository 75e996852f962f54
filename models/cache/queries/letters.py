"""Letters to a department with what stands under them, as frozen values from the cache."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from models.cache.driver import Connection
from models.cache.queries.rows import by_ids, json_ids, read
from models.contract.letter_records import Letter, LetterEntry
from models.domain.admissions.letters import LetterState

LISTED: Final = 300
"""So many letters an office lists at once; words narrow them."""
_OLDEST: Final = "SELECT id, author, subject FROM letter WHERE ? IN ('', state) ORDER BY changed_at, id"
_NEWEST: Final = "SELECT id, author, subject FROM letter WHERE ? IN ('', state) ORDER BY changed_at DESC, id DESC"


@dataclass(frozen=True, slots=True)
class Thread:
    """A letter with its entries in order."""

    letter: Letter
    entries: tuple[LetterEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """Letters as an office lists them; ``counts`` has how many there are in each state, ``total`` how many suit."""

    letters: tuple[Letter, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    total: int = 0


def written_by(connection: Connection, user_id: int) -> tuple[Thread, ...]:
    """Return the letters of a person, the one that changed last first."""
    letters = read(connection, Letter, "WHERE author_id = ? ORDER BY changed_at DESC, id DESC", user_id)
    return _threads(connection, letters)


def thread(connection: Connection, letter_id: int) -> Thread | None:
    """Return a letter with its entries, None when it is not here."""
    return next(iter(_threads(connection, by_ids(connection, Letter, [letter_id]))), None)


def listed(connection: Connection, state: str = "", words: str = "", limit: int = LISTED) -> Listed:
    """Return letters in a state ("" for all) whose author or subject has all the words: those that wait by how long,
    others from the newest."""
    counts = dict(connection.execute("SELECT state, count(*) FROM letter GROUP BY state").fetchall())
    found = connection.execute(_OLDEST if state == LetterState.NEW else _NEWEST, (state,)).fetchall()
    wanted = words.casefold().split()
    ids = [row[0] for row in found if all(word in f"{row[1]} {row[2]}".casefold() for word in wanted)]
    rows = {one.id: one for one in by_ids(connection, Letter, ids[:limit])}
    return Listed(tuple(rows[one] for one in ids[:limit]), counts, len(ids))


def waiting(connection: Connection) -> int:
    """Return how many letters wait for an answer."""
    found = connection.execute("SELECT count(*) FROM letter WHERE state = ?", (LetterState.NEW.value,)).fetchone()
    return int(found[0])


def _threads(connection: Connection, letters: Iterable[Letter]) -> tuple[Thread, ...]:
    found = tuple(letters)
    entries: dict[int, tuple[LetterEntry, ...]] = {}
    clause = "WHERE letter_id IN (SELECT value FROM json_each(?)) ORDER BY id"
    for entry in read(connection, LetterEntry, clause, json_ids(one.id for one in found)):
        entries[entry.letter_id] = (*entries.get(entry.letter_id, ()), entry)
    return tuple(Thread(one, entries.get(one.id, ())) for one in found)
