"""Documents that nobody needs any more are deleted: left half, referred to by nothing, or of what ended long ago."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

from provider.services import audit
from provider.services.blobs import stored_path
from provider.settings import Settings
from provider.store.database import Database

_PARTIAL_LASTS: Final = timedelta(days=3)
_UNUSED_LASTS: Final = timedelta(days=30)
_FORGET_UNUSED: Final = text(
    "DELETE FROM blob b WHERE b.created_at < :old AND coalesce(b.complete_at, b.created_at) < :old "
    "AND NOT EXISTS (SELECT FROM attachment a WHERE a.sha256 = b.sha256) "
    "AND NOT EXISTS (SELECT FROM child c WHERE c.photo = b.sha256) "
    "AND NOT EXISTS (SELECT FROM person p WHERE p.photo = b.sha256) RETURNING b.sha256"
)
# An application that ended can be taken up again by an officer, so its last entry in the history is what counts.
_NEEDED: Final = (
    "EXISTS (SELECT FROM attachment a LEFT JOIN application p ON p.id = a.application_id "
    "WHERE a.sha256 = b.sha256 AND NOT (a.state = 'refused' AND a.at < :old) "
    "AND (p.id IS NULL OR p.state <> 'archived' "
    "OR EXISTS (SELECT FROM history_entry h WHERE h.application_id = p.id AND h.at >= :old)))"
)
_FORGET_ENDED: Final = text(
    "DELETE FROM blob b WHERE b.complete_at < :old "  # noqa: S608  # a condition of this module
    f"AND EXISTS (SELECT FROM attachment a WHERE a.sha256 = b.sha256) AND NOT {_NEEDED} "
    "AND NOT EXISTS (SELECT FROM child c WHERE c.photo = b.sha256) "
    "AND NOT EXISTS (SELECT FROM person p WHERE p.photo = b.sha256) RETURNING b.sha256"
)
_FORGET_OWNERS: Final = text("DELETE FROM blob_owner WHERE sha256 = ANY(:gone)")


def forget_partial(settings: Settings, now: datetime) -> int:
    """Delete uploads that nobody has continued for three days; returns how many."""
    count = 0
    folder = settings.documents / "partial"
    for path in folder.glob("*/*") if folder.is_dir() else ():
        try:
            if path.stat().st_mtime < (now - _PARTIAL_LASTS).timestamp():
                path.unlink()
                count += 1
        except FileNotFoundError:
            continue  # it was finished meanwhile, and lies elsewhere
    return count


def forget_unused(database: Database, settings: Settings, now: datetime) -> int:
    """Delete documents that nothing has referred to for a month; returns how many.

    Whoever still has a waiting command that names one keeps the document too, and sends it again.
    """
    with database.engine.begin() as connection:
        gone = list(connection.execute(_FORGET_UNUSED, {"old": now - _UNUSED_LASTS}).scalars())
        _delete(connection, settings, gone)
    return len(gone)


def forget_ended(database: Database, settings: Settings, now: datetime) -> int:
    """Delete the contents of documents that were refused, or whose application ended, longer ago than is configured.

    Their rows stay: what there was, who checked it and when. Returns how many contents. Source: R-BLOB-2.
    """
    with database.engine.begin() as connection:
        gone = list(connection.execute(_FORGET_ENDED, {"old": now - timedelta(days=settings.documents_days)}).scalars())
        if gone:
            audit.note(connection, now, "documents-deleted", because=f"{len(gone)} of ended applications")
        _delete(connection, settings, gone)
    return len(gone)


def _delete(connection: Connection, settings: Settings, gone: list[str]) -> None:
    connection.execute(_FORGET_OWNERS, {"gone": gone})
    for sha256 in gone:  # before the commit: a file without a row is forgotten, a row without its file is a fault
        stored_path(settings, sha256).unlink(missing_ok=True)
