"""Documents of applications: their content is uploaded before, found by its hash, and belongs to who uploaded it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert, text

from models.contract.admission_records import Application
from models.domain.attachments import check_name, clean_name
from models.domain.problems import Problem
from provider.services import blobs
from provider.services.admissions import audience
from provider.services.refusals import Refusal, refuse
from provider.store.database import Unit
from provider.store.tables_admissions import attachment

KINDS: Final = ("pmpk", "027", "birth-certificate", "parent-id", "052-2", "065", "benefit", "extension", "other")
_NAME: Final = 200
_KNOWN: Final = text(
    "SELECT kind, name, media_type, size, sha256, state, valid_until, checked_by, checked_by_id "
    "FROM attachment WHERE id = ANY(:ids) AND child_id = :child AND tenant_id = :tenant AND state <> 'refused'"
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A document that a command brings: what it is, and the hash under which its content was uploaded."""

    kind: str
    sha256: str
    name: str


def parse(entries: Iterable[str]) -> tuple[Upload, ...]:
    """Return the documents named as ``kind:sha256:name``; raises ``Refusal`` ``field-invalid``."""
    found = []
    for entry in entries:
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
    unit: Unit,
    tenant: int,
    row: Application,
    uploads: Sequence[Upload],
    user_id: int,
    now: datetime,
    accepted_by: str = "",
) -> list[int]:
    """Return the ids of documents added to an application.

    ``accepted_by`` names who attached them to a decision of their own: nobody is asked about those any more.
    Raises ``Refusal``: ``blob-missing`` for content that this person has not uploaded whole yet (which holds the
    command), why a content was not accepted, ``file-name-differs``, ``too-many-files``.
    """
    if not uploads:
        return []
    connection = unit.connection
    if (problem := blobs.check_count(connection, row.id, len(uploads))) is not None:
        raise Refusal(problem)
    stored = []
    for upload in uploads:
        found = blobs.find(connection, upload.sha256, user_id)
        if isinstance(found, Problem):
            raise Refusal(found)
        if (problem := check_name(upload.name, found.media_type)) is not None:
            raise Refusal(problem)
        stored.append(found)
    check: dict[str, object] = {"state": "received"}
    if accepted_by:
        check = {"state": "accepted", "checked_by": accepted_by, "checked_by_id": user_id}
    ids = []
    for upload, blob in zip(uploads, stored, strict=True):
        ids.append(
            _insert(
                connection,
                tenant_id=tenant,
                application_id=row.id,
                child_id=row.child_id,
                kind=upload.kind,
                name=clean_name(upload.name),
                media_type=blob.media_type,
                size=blob.size,
                sha256=upload.sha256,
                at=now,
                author_id=user_id,
                **check,
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
