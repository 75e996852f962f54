"""Uploaded documents: taken in piece by piece, checked in a limited process, kept under the hash of what was sent.

The hash names what the parent has and signed for. Of a picture only its pixels are kept, written anew: a photograph
tells where it was taken, and may hide another file. A PDF is kept as it came, because changing it would break its
signatures; one that does anything by itself is refused. Knowing a hash gives nothing: whoever refers to a document has
sent all of it (``blob_owner``), and whoever reads it holds a row that refers to it.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from models.contract.records import NUMBER
from models.domain.attachments import IMAGES, MAX_FILE, MAX_FILES, MAX_USER, is_sha256, sniff
from models.domain.problems import Problem
from provider.services import audit, blob_checks, limits
from provider.services.refusals import Refusal, refuse
from provider.settings import Settings
from provider.store import document_seal
from provider.store.database import Database
from provider.store.tables_admissions import attachment, blob
from provider.store.tables_families import blob_no_room, blob_owner

log = logging.getLogger(__name__)

_CHECKING: Final = ".checking"  # ending of an upload that is whole and is being looked at

_READABLE: Final = text(
    "SELECT a.id, a.tenant_id FROM attachment a WHERE a.sha256 = :sha AND EXISTS ("
    "SELECT FROM sync_index i JOIN scope_grant g ON g.tenant = i.tenant AND g.user_id = :user AND g.revoked_at IS NULL "
    "AND (g.key = i.scope OR g.key = 'office' AND i.wide) "
    "WHERE i.tenant = a.tenant_id AND i.table_number = :attachment AND i.row_id = a.id AND i.live) LIMIT 1"
)
_PICTURE: Final = text(
    "SELECT 1 FROM child c WHERE c.photo = :sha AND EXISTS ("
    "SELECT FROM sync_index i JOIN scope_grant g ON g.tenant = i.tenant AND g.user_id = :user AND g.revoked_at IS NULL "
    "AND (g.key = i.scope OR g.key = 'office' AND i.wide) "
    "WHERE i.tenant = c.tenant_id AND i.table_number = :child AND i.row_id = c.id AND i.live) "
    "UNION ALL SELECT 1 FROM person WHERE id = :user AND photo = :sha LIMIT 1"
)


_LOCK_UPLOADS: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('uploads:' || :user, 0))")
_OWN: Final = text(
    "INSERT INTO blob_owner (sha256, user_id, size, at) SELECT :sha, :user, :size, :now WHERE :size + "
    "(SELECT coalesce(sum(size), 0) FROM blob_owner WHERE user_id = :user AND sha256 <> :sha) <= :most "
    "ON CONFLICT (sha256, user_id) DO UPDATE SET size = excluded.size RETURNING 1"
)


@dataclass(frozen=True, slots=True)
class Upload:
    """How far an upload is. ``problem`` is why the content is not accepted, "" otherwise."""

    received: int
    complete: bool
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """A document that arrived whole and was accepted; ``size`` in bytes as it was sent."""

    sha256: str
    size: int
    media_type: str


def find(connection: Connection, sha256: str, user_id: int, kinds: Collection[str] = ()) -> Stored | Problem:
    """Return a document that a person uploaded, or why it cannot be referred to.

    ``blob-missing``: it has not arrived yet, so a command that names it is held; anything else refuses the command.
    ``kinds`` are the media types that fit, all of them when empty.
    """
    if not is_sha256(sha256):
        return Problem("field-invalid", "sha256")
    row = connection.execute(
        select(blob.c.size, blob.c.media_type, blob.c.refused, blob.c.complete_at, blob_owner.c.user_id)
        .outerjoin(blob_owner, (blob_owner.c.sha256 == blob.c.sha256) & (blob_owner.c.user_id == user_id))
        .where(blob.c.sha256 == sha256)
    ).first()
    if row is not None and row.refused:
        return Problem(row.refused, "file")
    if row is None or row.complete_at is None or row.user_id is None:
        full = connection.execute(
            select(blob_no_room.c.sha256).where(blob_no_room.c.sha256 == sha256, blob_no_room.c.user_id == user_id)
        ).first()
        return _no_room() if full is not None else Problem("blob-missing", "file")
    if kinds and row.media_type not in kinds:
        return Problem("file-kind", "file")
    return Stored(sha256, row.size, row.media_type)


_OF_PHOTOS: Final = {"file-kind": "photo-kind", "file-damaged": "photo-damaged"}


def find_picture(connection: Connection, sha256: str, user_id: int) -> Stored | Problem:
    """Return a picture that a person uploaded, as :func:`find` does; what is wrong is said of photos."""
    found = find(connection, sha256, user_id, IMAGES)
    if isinstance(found, Problem) and found.code in _OF_PHOTOS:
        return Problem(_OF_PHOTOS[found.code], found.field, found.values)
    return found


def check_count(connection: Connection, application_id: int, more: int = 1) -> Problem | None:
    """Return ``too-many-files`` when an application cannot take ``more`` documents; what was refused takes no room."""
    kept = (attachment.c.application_id == application_id, attachment.c.state != "refused")
    held = connection.execute(select(func.count()).where(*kept)).scalar_one()
    return Problem("too-many-files", "file", {"maximum": MAX_FILES}) if held + more > MAX_FILES else None


def state(database: Database, settings: Settings, user_id: int, sha256: str) -> Upload:
    """Return how far a person's upload of a document is; raises :class:`Refusal` for what is no hash."""
    _check_hash(sha256)
    partial = partial_path(settings, user_id, sha256)
    _await_check(partial)
    with database.read() as connection:
        found = find(connection, sha256, user_id)
    size = _size(partial)
    if isinstance(found, Stored):
        if stored_path(settings, sha256).exists():
            return Upload(found.size, True)
        return Upload(size, False)  # the folder of documents was restored from an older copy
    refused = "" if size or found.code in ("blob-missing", "uploads-full") else found.code  # there may be room now
    return Upload(size, False, refused)


def begin(
    database: Database, settings: Settings, user_id: int, sha256: str, start: int, total: int, now: datetime
) -> Path:
    """Return the file that takes a piece which begins at ``start`` of ``total`` bytes.

    Raises :class:`Refusal`: ``file-empty``, ``file-too-large`` (413), ``uploads-full``, ``too-many-attempts`` for a new
    upload, ``blob-offset`` (409) with ``received`` when the piece begins after what is there.
    """
    _check_hash(sha256)
    if total <= 0:
        raise refuse("file-empty", "file")
    if total > MAX_FILE:
        raise refuse("file-too-large", "file", status=413, maximum=MAX_FILE // 2**20)
    path = partial_path(settings, user_id, sha256)
    held = _size(path)
    if start > held or start >= total:
        raise refuse("blob-offset", status=409, received=held)
    if not path.exists():
        limits.take(database, now, (limits.UPLOAD_USER, str(user_id)))
        with database.read() as connection:
            owned = connection.execute(
                select(func.coalesce(func.sum(blob_owner.c.size), 0)).where(blob_owner.c.user_id == user_id)
            ).scalar_one()
        waiting = sum(_size(other) for other in path.parent.glob("*")) if path.parent.is_dir() else 0
        if owned + waiting + total > MAX_USER:
            with database.engine.begin() as connection:
                _refuse_for_room(connection, user_id, sha256)
            raise Refusal(_no_room())
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
    return path


def finish(database: Database, settings: Settings, user_id: int, sha256: str, total: int, now: datetime) -> Upload:
    """Check a document whose last byte has come, and keep it.

    Raises :class:`Refusal`: ``blob-hash-wrong`` (what came is something else; begin again), ``scan-unavailable`` (503),
    ``uploads-full`` for one that arrived beside others, or why the content is not accepted.
    """
    growing = partial_path(settings, user_id, sha256)
    size = _size(growing)
    if 0 < size < total:
        return Upload(size, False)
    path = growing.with_name(sha256 + _CHECKING)
    if not size or not _take(growing, path):  # a second copy of the piece: the first is doing it or has done it
        return state(database, settings, user_id, sha256)
    try:
        return _finish(database, settings, user_id, sha256, total, path, now)
    except Refusal as refusal:
        if refusal.status == 503:
            path.rename(growing)  # it is whole: the next try only has to check it
        raise
    finally:
        path.unlink(missing_ok=True)


def _take(growing: Path, path: Path) -> bool:
    """Give an upload the name under which it is checked; False when a copy of it is being checked."""
    try:
        path.touch(mode=0o600, exist_ok=False)  # a rename alone would take the place of that copy
    except FileExistsError:
        growing.unlink(missing_ok=True)
        return False
    try:
        growing.rename(path)
    except FileNotFoundError:
        path.unlink(missing_ok=True)
        return False
    os.utime(path)
    return True


def _finish(
    database: Database, settings: Settings, user_id: int, sha256: str, total: int, path: Path, now: datetime
) -> Upload:
    if path.stat().st_size != total or _digest(path) != sha256:
        raise refuse("blob-hash-wrong", "file")
    with path.open("rb") as file:
        head = file.read(16)
    final = stored_path(settings, sha256)
    with database.read() as connection:
        key = document_seal.read_key(connection)
        known = connection.execute(
            select(blob.c.media_type).where(blob.c.sha256 == sha256, blob.c.complete_at.is_not(None))
        ).scalar()
    media_type = known if known is not None and final.exists() else sniff(head)
    if known is None or not final.exists():
        problem = _check(settings, path, media_type, final, sha256, key)
        if problem:
            _keep_refused(database, user_id, sha256, total, problem, now)
            raise refuse(problem, "file")
    _keep(database, user_id, sha256, total, media_type, now)
    return Upload(total, True)


def open_for(database: Database, settings: Settings, user_id: int, sha256: str, now: datetime) -> tuple[bytes, str]:
    """Return a document's bytes and media type to somebody who may read it, and note that they did.

    Its uploader may, and whoever holds a row that refers to it: a guardian, the officer, the doctor, the kindergarten.
    Raises :class:`Refusal` (404): ``not-found`` for everybody else, ``document-deleted`` for one whose application
    ended long ago, ``document-damaged`` for one that is damaged where it lies.
    """
    _check_hash(sha256)
    values = {"sha": sha256, "user": user_id, "attachment": NUMBER["attachment"], "child": NUMBER["child"]}
    with database.engine.begin() as connection:
        row = connection.execute(
            select(blob.c.media_type).where(blob.c.sha256 == sha256, blob.c.complete_at.is_not(None))
        ).first()
        named = connection.execute(_READABLE, values).first()
        own = connection.execute(
            select(blob_owner.c.user_id).where(blob_owner.c.sha256 == sha256, blob_owner.c.user_id == user_id)
        ).first()
        if named is not None and row is None:
            raise refuse("document-deleted", status=404)
        if row is None or (named is None and own is None and connection.execute(_PICTURE, values).first() is None):
            raise refuse("not-found", status=404)
        key = document_seal.read_key(connection)
        if named is not None:
            audit.note(connection, now, "document-read", actor_id=user_id, subject=f"attachment:{named.id}")
    try:
        content = document_seal.unseal(key, sha256, stored_path(settings, sha256).read_bytes())
    except FileNotFoundError:
        log.error("the content of document %s is missing", sha256)
        raise refuse("not-found", status=404) from None
    except document_seal.DocumentDamaged:
        log.error("the content of document %s is damaged", sha256)
        raise refuse("document-damaged", status=404) from None
    return content, str(row.media_type)


def missing(database: Database, settings: Settings) -> int:
    """Return how many accepted documents the database names whose content is not there, as after a restore."""
    with database.read() as connection:
        named = connection.execute(select(blob.c.sha256).where(blob.c.complete_at.is_not(None))).scalars()
        return sum(not stored_path(settings, sha256).exists() for sha256 in named)


def partial_path(settings: Settings, user_id: int, sha256: str) -> Path:
    """Return where a person's upload grows; each has their own, so that nobody spoils another's."""
    return settings.documents / "partial" / str(user_id) / sha256


def stored_path(settings: Settings, sha256: str) -> Path:
    """Return where an accepted document lies."""
    return settings.documents / sha256[:2] / sha256


def _await_check(growing: Path) -> None:
    """Return when nobody checks an upload any more; one whose process died is put back to be checked again."""
    checking = growing.with_name(growing.name + _CHECKING)
    end = time.monotonic() + blob_checks.LONGEST
    while checking.exists() and time.monotonic() < end:
        with suppress(FileNotFoundError):
            if checking.stat().st_mtime < time.time() - 2 * blob_checks.LONGEST:
                checking.rename(growing)
        time.sleep(0.02)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_hash(sha256: str) -> None:
    if not is_sha256(sha256):
        raise refuse("not-found", status=404)


def _check(settings: Settings, path: Path, media_type: str, final: Path, sha256: str, key: bytes) -> str:
    """Return why a document is not accepted, "" when it lies at ``final`` now, sealed."""
    if not media_type:
        return "file-kind"
    settings.documents.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="check-", dir=settings.documents) as folder:
        sent, cleaned = Path(folder) / "sent", Path(folder) / "cleaned"
        shutil.copyfile(path, sent)  # a second copy of a piece may still be writing to the upload itself
        if _digest(sent) != sha256:
            raise refuse("blob-hash-wrong", "file")
        problem = blob_checks.parse(sent, media_type, cleaned) or blob_checks.scan(settings, sent)
        if problem:
            return problem
        content = (cleaned if cleaned.exists() else sent).read_bytes()
        sealed = Path(folder) / "sealed"
        sealed.touch(mode=0o600)
        with sealed.open("wb") as file:
            file.write(document_seal.seal(key, sha256, content))
            file.flush()
            os.fsync(file.fileno())
        final.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        sealed.replace(final)
    return ""


def _keep(database: Database, user_id: int, sha256: str, size: int, media_type: str, now: datetime) -> None:
    """Keep an accepted document as one of a person's, unless theirs would be too much with it.

    Several that arrive at once are counted one after another. One too many stays nobody's, and is deleted as such.
    Raises :class:`Refusal` ``uploads-full``.
    """
    values = {"size": size, "media_type": media_type, "received": size, "complete_at": now, "refused": ""}
    with database.engine.begin() as connection:
        connection.execute(_LOCK_UPLOADS, {"user": str(user_id)})
        connection.execute(
            upsert(blob)
            .values(sha256=sha256, owner_id=user_id, created_at=now, **values)
            .on_conflict_do_update(index_elements=["sha256"], set_=values)
        )
        own = {"sha": sha256, "user": user_id, "size": size, "now": now, "most": MAX_USER}
        kept = connection.execute(_OWN, own).first() is not None
        if kept:
            connection.execute(
                delete(blob_no_room).where(blob_no_room.c.sha256 == sha256, blob_no_room.c.user_id == user_id)
            )
        else:
            _refuse_for_room(connection, user_id, sha256)
    if not kept:
        raise Refusal(_no_room())


def _no_room() -> Problem:
    return Problem("uploads-full", "file", {"maximum": MAX_USER // 2**20})


def _refuse_for_room(connection: Connection, user_id: int, sha256: str) -> None:
    """Remember it, so that a command that names the document is answered and does not wait for ever."""
    connection.execute(upsert(blob_no_room).values(sha256=sha256, user_id=user_id).on_conflict_do_nothing())


def _keep_refused(database: Database, user_id: int, sha256: str, size: int, problem: str, now: datetime) -> None:
    """Remember the verdict, so that a command that names the document is refused in the same words."""
    with database.engine.begin() as connection:
        values = {"refused": problem, "complete_at": None}
        connection.execute(
            upsert(blob)
            .values(sha256=sha256, owner_id=user_id, size=size, created_at=now, **values)
            .on_conflict_do_update(index_elements=["sha256"], set_=values)
        )
        audit.note(connection, now, "document-refused", actor_id=user_id, because=problem)
