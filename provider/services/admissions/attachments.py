"""Documents of applications: their content is uploaded before, found by its hash, and belongs to who uploaded it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert, text

from models.contract.admission_records import Application
from provider.services.admissions import audience
from provider.services.refusals import refuse
from provider.store.database import Unit
from provider.store.tables_admissions import attachment

KINDS: Final = ("pmpk", "027", "birth-certificate", "parent-id", "052-2", "065", "benefit", "extension", "other")
_NAME: Final = 200
_MOST: Final = 40
_BLOBS: Final = text(
    "SELECT sha256, size, media_type FROM blob WHERE sha256 = ANY(:hashes) AND owner_id = :user "
    "AND complete_at IS NOT NULL AND refused = ''"
)
_COUNT: Final = text("SELECT count(*) FROM attachment WHERE application_id = :id")
_KNOWN: Final = text(
    "SELECT kind, name, media_type, size, sha256, state, valid_until, checked_by FROM attachment "
    "WHERE id = ANY(:ids) AND child_id = :child AND tenant_id = :tenant AND state <> 'refused'"
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A document that a command brings: what it is, and the hash under which its content was uploaded."""

    kind: str
    sha256: str
    name: str


def parse(blobs: Iterable[str]) -> tuple[Upload, ...]:
    """Return the documents named as ``kind:sha256:name``; raises ``Refusal`` ``field-invalid``."""
    found = []
    for entry in blobs:
        kind, first, rest = entry.partition(":")
        sha256, second, name = rest.partition(":")
        if not first or not second:
            raise refuse("field-invalid", "blobs")
        found.append(checked(Upload(kind, sha256, name)))
    return tuple(found)


def checked(upload: Upload) -> Upload:
    """Return a document that may be asked for; raises ``Refusal`` ``field-invalid``."""
    if upload.kind not in KINDS:
        raise refuse("field-invalid", "kind")
    if len(upload.sha256) != 64 or not set(upload.sha256) <= set("0123456789abcdef"):
        raise refuse("field-invalid", "sha256")
    if not upload.name.strip() or len(upload.name) > _NAME or not upload.name.isprintable():
        raise refuse("field-invalid", "name")
    return upload


def attach(
    unit: Unit, tenant: int, row: Application, uploads: Sequence[Upload], user_id: int, now: datetime
) -> list[int]:
    """Return the ids of documents added to an application.

    Raises ``Refusal``: ``document-not-uploaded`` for content that this person has not uploaded whole,
    ``too-many-documents``.
    """
    if not uploads:
        return []
    connection = unit.connection
    values = {"hashes": [upload.sha256 for upload in uploads], "user": user_id}
    blobs = {blob.sha256: blob for blob in connection.execute(_BLOBS, values)}
    missing = [upload.name for upload in uploads if upload.sha256 not in blobs]
    if missing:
        raise refuse("document-not-uploaded", "blobs", name=missing[0])
    if connection.execute(_COUNT, {"id": row.id}).scalar_one() + len(uploads) > _MOST:
        raise refuse("too-many-documents", limit=_MOST)
    ids = []
    for upload in uploads:
        blob = blobs[upload.sha256]
        ids.append(
            _insert(
                connection,
                tenant_id=tenant,
                application_id=row.id,
                child_id=row.child_id,
                kind=upload.kind,
                name=upload.name.strip(),
                media_type=blob.media_type,
                size=blob.size,
                sha256=upload.sha256,
                at=now,
                state="received",
                author_id=user_id,
            )
        )
    for row_id in ids:
        audience.note_belonging(unit, tenant, row, "attachment", row_id)
    return ids


def reuse(
    unit: Unit, tenant: int, row: Application, attachment_ids: Sequence[int], user_id: int, now: datetime
) -> list[int]:
    """Return the ids of documents of the same child's earlier applications, added to this one as they were judged.

    Raises ``Refusal`` ``not-found`` for one that is not the child's.
    """
    if not attachment_ids:
        return []
    values = {"ids": list(attachment_ids), "child": row.child_id, "tenant": tenant}
    known = unit.connection.execute(_KNOWN, values).mappings().all()
    if len(known) != len(set(attachment_ids)):
        raise refuse("not-found", "documents", status=404)
    ids = [
        _insert(
            unit.connection,
            tenant_id=tenant,
            application_id=row.id,
            child_id=row.child_id,
            at=now,
            author_id=user_id,
            **dict(found),
        )
        for found in known
    ]
    for row_id in ids:
        audience.note_belonging(unit, tenant, row, "attachment", row_id)
    return ids


def _insert(connection: Connection, **values: object) -> int:
    return int(connection.execute(insert(attachment).values(**values).returning(attachment.c.id)).scalar_one())
