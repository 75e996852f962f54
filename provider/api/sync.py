"""The sync end points (docs/sync.md)."""

from __future__ import annotations

import asyncio
import time
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Query, Request
from msgspec import Struct
from starlette.background import BackgroundTask
from starlette.responses import Response

from models.contract.messages import (
    MAX_COMMANDS,
    LeaseAnswer,
    LeaseRequest,
    PullAnswer,
    PullRequest,
    PushAnswer,
    PushRequest,
    RepairRequest,
    ScopePage,
    ScopeRef,
    SnapshotAnswer,
    SnapshotRequest,
    VerifyAnswer,
    VerifyRequest,
)
from models.contract.version import OLDEST_SCHEMA, SCHEMA
from provider.api.documented import described
from provider.api.http import (
    answer,
    body_of,
    database_of,
    decoded,
    in_thread,
    now_of,
    packed,
    principal,
    received,
    settings_of,
    token_of,
)
from provider.api.positions import Positions
from provider.api.watch import Watcher
from provider.handlers.push import frees_others, push, sweep
from provider.services import feed, receipts, sessions
from provider.services.refusals import refuse
from provider.store.epoch import epoch

router: Final = APIRouter(tags=["sync"])

_LONGEST_WAIT: Final = 25.0
_MAX_WATCHED: Final = 1_000
_MAX_QUESTION: Final = 500_000  # bytes of a pull: 1,000 cursors with room to spare


class Health(Struct, frozen=True):
    """Who answers, and which record schemas it speaks."""

    name: str
    epoch: str
    schema: int
    oldest_schema: int
    server_time: str


class News(Struct, frozen=True):
    """Whether a pull would bring anything."""

    changed: bool


@router.get("/health", openapi_extra=described(gives=Health, signed_in=False))
async def health(request: Request) -> Response:
    """Say that the provider and its database answer."""
    database = database_of(request)

    def read() -> str:
        with database.engine.connect() as connection:
            return epoch(connection)

    present = await in_thread(read)
    return answer(request, Health("kabinet-provider", present, SCHEMA, OLDEST_SCHEMA, now_of(request).isoformat()))


@router.post("/sync/commands", openapi_extra=described(PushRequest, PushAnswer, errors=(403, 409, 503)))
async def commands(request: Request) -> Response:
    """Apply commands, oldest first, and answer one outcome each, in the order sent."""
    who = await principal(request)
    wanted = await received(request, PushRequest)
    if len(wanted.commands) > MAX_COMMANDS:
        raise refuse("too-large", status=413)
    clock = settings_of(request).clock
    database = database_of(request)
    done = await in_thread(push, database, who.user_id, who.device_id, wanted, clock)
    response = answer(request, done)
    if frees_others(done):  # nobody waits for what others' commands do now
        response.background = BackgroundTask(sweep, database, clock)
    return response


@router.post("/sync/pull", openapi_extra=described(PullRequest, PullAnswer, errors=(403, 409, 410, 426)))
async def pull(request: Request) -> Response:
    """Send what came after the cursors."""
    token = token_of(request)
    data = await body_of(request, _MAX_QUESTION)
    database, clock = database_of(request), settings_of(request).clock

    def work() -> tuple[bytes, int, PullRequest | None]:
        # who asks, what they may read and what they get are from one instant
        with database.read(plans_kept=True) as connection:
            who = sessions.authenticate(connection, token, clock())
            wanted = decoded(data, PullRequest)
            page = feed.pull_from(connection, who.user_id, who.device_id, wanted, clock)
        moved = any(part.rows or part.deletions for part in page.pages) or not wanted.cursors
        return msgspec.json.encode(page), who.device_id, wanted if moved else None

    body, device, moved = await in_thread(work)
    if moved is not None:
        positions: Positions = request.app.state.positions
        positions.heard(device, moved, clock())
    return packed(request, body)


@router.get("/sync/wait", openapi_extra=described(gives=News, errors=(409, 422)))
async def wait(
    request: Request,
    scope: Annotated[list[str], Query(description="tenant|key|sequence, once a cursor")],
    seconds: Annotated[float, Query(ge=0, le=_LONGEST_WAIT)] = _LONGEST_WAIT,
) -> Response:
    """Answer when a pull of these cursors would bring something, or after ``seconds``."""
    who = await principal(request)
    database = database_of(request)
    watched = [_watched(text) for text in scope[:_MAX_WATCHED]]
    watcher: Watcher = request.app.state.watcher
    ends = time.monotonic() + seconds
    try:
        while True:
            if await in_thread(feed.has_news, database, who.user_id, who.device_id, watched):
                return answer(request, News(True))
            left = ends - time.monotonic()
            if left <= 0 or not await watcher.moved({item.scope.tenant for item in watched}, left):
                return answer(request, News(False))
    except asyncio.CancelledError:
        return answer(request, News(False))  # the server is ending: who asks again finds the next one


def _watched(text: str) -> feed.Watched:
    parts = text.split("|")
    if len(parts) != 3 or not parts[0].isdecimal() or not parts[2].isdecimal():
        raise refuse("bad-request", "scope")
    return feed.Watched(ScopeRef(int(parts[0]), parts[1]), int(parts[2]))


@router.post("/sync/snapshot", openapi_extra=described(SnapshotRequest, SnapshotAnswer, errors=(403, 409, 426)))
async def snapshot(request: Request) -> Response:
    """Begin a bootstrap of one scope: where the delta will start, and a token for the chunks."""
    who = await principal(request)
    wanted = await received(request, SnapshotRequest)
    clock = settings_of(request).clock
    begun = await in_thread(feed.begin_snapshot, database_of(request), who.user_id, who.device_id, wanted, clock)
    return answer(request, begun)


@router.get("/sync/snapshot/{table}", openapi_extra=described(errors=(403, 404, 409, 410)))
async def snapshot_chunk(
    request: Request, table: str, token: Annotated[str, Query(max_length=2000)], after: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """Send up to 5,000 rows after an id: three JSON lines (``ChunkHeader``, rows, sequences)."""
    who = await principal(request)
    clock = settings_of(request).clock
    database = database_of(request)

    def work() -> Response:
        body = feed.snapshot_chunk(database, who.user_id, who.device_id, table, token, after, clock)
        return packed(request, body, media_type="application/x-ndjson")

    return await in_thread(work)


@router.post("/sync/verify", openapi_extra=described(VerifyRequest, VerifyAnswer, errors=(403, 404, 409)))
async def verify(request: Request) -> Response:
    """Send the digests of a table's 256 buckets."""
    who = await principal(request)
    wanted = await received(request, VerifyRequest)
    return answer(request, await in_thread(feed.verify, database_of(request), who.user_id, who.device_id, wanted))


@router.post("/sync/repair", openapi_extra=described(RepairRequest, ScopePage, errors=(403, 404, 409)))
async def repair(request: Request) -> Response:
    """Send every row of the buckets that differ."""
    who = await principal(request)
    wanted = await received(request, RepairRequest)
    return answer(request, await in_thread(feed.repair, database_of(request), who.user_id, who.device_id, wanted))


@router.post("/receipts/lease", openapi_extra=described(LeaseRequest, LeaseAnswer, errors=(403,)))
async def lease(request: Request) -> Response:
    """Give this device a range of receipt numbers."""
    who = await principal(request)
    wanted = await received(request, LeaseRequest)
    now = now_of(request)
    return answer(
        request, await in_thread(receipts.lease, database_of(request), who.user_id, who.device_id, wanted, now)
    )
