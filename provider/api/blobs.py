"""HTTP of uploaded documents: pieces in, whole documents out."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from hashlib import sha256 as sha256_of
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from msgspec import Struct
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from models.domain.attachments import SUFFIXES
from provider.api.documented import described
from provider.api.http import answer, database_of, in_thread, now_of, packed, principal, settings_of
from provider.handlers.push import release
from provider.services import blobs
from provider.services.blobs import Upload
from provider.services.refusals import Refusal, refuse

log = logging.getLogger(__name__)
router: Final = APIRouter(prefix="/blobs", tags=["documents"])

_RANGE: Final = re.compile(r"bytes (\d{1,10})-(\d{1,10})/(\d{1,10})")
_NOT_ACCEPTED: Final = 422


class UploadState(Struct, frozen=True):
    """How far an upload is: the next piece begins at ``received``; ``problem`` is the code of a refusal."""

    received: int
    complete: bool
    problem: str = ""


@router.head("/{sha256}", openapi_extra=described(None, None))
async def head(request: Request, sha256: str) -> Response:
    """Tell how much of a document has come: ``X-Received``, ``X-Complete`` (0 or 1), ``X-Problem``."""
    who = await principal(request)
    found = await in_thread(blobs.state, database_of(request), settings_of(request), who.user_id, sha256)
    headers = {
        "X-Received": str(found.received),
        "X-Complete": str(int(found.complete)),
        "X-Problem": found.problem,
        "Cache-Control": "no-store",
    }
    return Response(status_code=200, headers=headers, media_type="application/json")


@router.get("/{sha256}/state", openapi_extra=described(None, UploadState, errors=(404,)))
async def state(request: Request, sha256: str) -> Response:
    """Tell the same as a body."""
    who = await principal(request)
    found = await in_thread(blobs.state, database_of(request), settings_of(request), who.user_id, sha256)
    return _said(request, found)


@router.put("/{sha256}", openapi_extra=described(None, UploadState, errors=(400, 404, 409, 413, 415, 422, 429, 503)))
async def put(request: Request, sha256: str) -> Response:
    """Take a piece, named by ``Content-Range: bytes first-last/total``; the last one completes the document.

    Whatever arrived of a piece before the line broke is kept.
    """
    who = await principal(request)
    database, settings, now = database_of(request), settings_of(request), now_of(request)
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise refuse("bad-request", status=415)
    match = _RANGE.fullmatch(request.headers.get("Content-Range", ""))
    if match is None:
        raise refuse("bad-request", "Content-Range", status=400)
    first, last, total = (int(part) for part in match.groups())
    if not first <= last < total:
        raise refuse("bad-request", "Content-Range", status=400)
    found = await in_thread(blobs.state, database, settings, who.user_id, sha256)
    if not found.complete:
        decided = False
        try:
            path = await in_thread(blobs.begin, database, settings, who.user_id, sha256, first, total, now)
            try:
                await _write(request, path, first, last - first + 1)
            except FileNotFoundError:  # a copy of this piece was faster and the document is being checked
                log.info("a piece of a document came twice at once")
            found = await in_thread(blobs.finish, database, settings, who.user_id, sha256, total, now)
            decided = found.complete
        except Refusal as refusal:
            decided = refusal.status == _NOT_ACCEPTED
            raise
        finally:
            if decided:
                # commands of this device may have come before the document that they name, and wait for it
                await in_thread(release, database, who.user_id, who.device_id, settings.clock)
    return _said(request, found)


@router.get("/{sha256}", openapi_extra=described(None, None, errors=(404,)))
async def get(request: Request, sha256: str) -> Response:
    """Give a document to somebody who may read it. It is never shown by a browser itself."""
    who = await principal(request)
    body, media_type = await in_thread(
        blobs.open_for, database_of(request), settings_of(request), who.user_id, sha256, now_of(request)
    )
    given = packed(request, body, media_type="application/octet-stream")
    suffix = SUFFIXES.get(media_type, ("",))[0]
    given.headers["Content-Disposition"] = f'attachment; filename="{sha256[:16]}{suffix}"'
    given.headers["X-Media-Type"] = media_type
    return given


async def _write(request: Request, path: Path, first: int, length: int) -> None:
    """Write a piece to its place in a growing file; raises ``Refusal`` when it is not the piece that was announced."""
    digest, written = sha256_of(), 0
    try:
        with path.open("r+b", buffering=0) as file:
            file.seek(first)
            async for part in request.stream():
                written += len(part)
                if written > length:
                    raise refuse("bad-request", "Content-Range", status=400)
                digest.update(part)
                await in_thread(file.write, part)
    except ClientDisconnect:
        raise refuse("bad-request", status=400) from None
    claimed = request.headers.get("X-Body-SHA256")
    if written != length or (claimed is not None and claimed.lower() != digest.hexdigest()):
        if written >= length:  # damaged on the way: nothing of it is worth keeping
            await in_thread(_cut, path, first)
        raise refuse("bad-request", status=400)


def _cut(path: Path, size: int) -> None:
    with suppress(FileNotFoundError), path.open("r+b") as file:
        file.truncate(size)


def _said(request: Request, found: Upload) -> Response:
    return answer(request, UploadState(found.received, found.complete, found.problem))
