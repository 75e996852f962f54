"""Collections of wishes, families' lists and results of forming groups, as frozen values from the cache."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.cache.driver import Connection
from models.cache.queries.rows import by_ids, read
from models.contract.collection_records import Collection, Forming, FormingLine, WishList


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a family knows: the collections, newest first, and its own lists by collection and application."""

    collections: tuple[Collection, ...] = ()
    lists: Mapping[tuple[int, int], WishList] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Collected:
    """A collection as an officer sees it: how many lists came, and the results that were computed, newest first."""

    collection: Collection
    filed: int = 0
    formings: tuple[Forming, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """A computed result with its lines in order."""

    forming: Forming
    lines: tuple[FormingLine, ...] = ()


def wishes(connection: Connection) -> Wishes:
    """Return what a family can wish for, and what it has wished."""
    lists = read(connection, WishList, "ORDER BY id")
    return Wishes(collections(connection), {(one.collection_id, one.application_id): one for one in lists})


def collections(connection: Connection, limit: int = 100) -> tuple[Collection, ...]:
    """Return the collections, newest first."""
    return tuple(read(connection, Collection, "ORDER BY opened_at DESC, id DESC LIMIT ?", limit))


def collected(connection: Connection, collection_id: int) -> Collected | None:
    """Return a collection with the number of its lists and its results."""
    found = by_ids(connection, Collection, [collection_id])
    if not found:
        return None
    filed = connection.execute(
        "SELECT count(*) FROM wish_list WHERE collection_id = ? AND state NOT IN ('withdrawn')", (collection_id,)
    ).fetchone()[0]
    formings = read(connection, Forming, "WHERE collection_id = ? ORDER BY id DESC", collection_id)
    return Collected(found[0], filed, tuple(formings))


def result(connection: Connection, forming_id: int) -> Result | None:
    """Return a computed result with all its lines."""
    found = by_ids(connection, Forming, [forming_id])
    if not found:
        return None
    lines = read(connection, FormingLine, "WHERE forming_id = ? ORDER BY position, id", forming_id)
    return Result(found[0], tuple(lines))
