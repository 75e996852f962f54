"""Signing in on a device, and keeping or ending that."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from msgspec import Struct
from starlette.responses import Response

from models.contract.messages import Session, SignInRequest
from provider.api.documented import described
from provider.api.http import answer, database_of, in_thread, now_of, principal, received, source_of
from provider.services import sessions

router: Final = APIRouter(tags=["sessions"])

_SMALL_BODY: Final = 10_000


class RefreshRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Ask for the next pair of tokens."""

    refresh_token: str


@router.post(
    "/devices/sign-in", openapi_extra=described(SignInRequest, Session, signed_in=False, errors=(401, 403, 409, 429))
)
async def sign_in(request: Request) -> Response:
    """Prove who one is, and enrol this device or return to it."""
    wanted = await received(request, SignInRequest, _SMALL_BODY)
    session = await in_thread(sessions.sign_in, database_of(request), wanted, source_of(request), now_of(request))
    return answer(request, session)


@router.post("/sessions/refresh", openapi_extra=described(RefreshRequest, Session, signed_in=False, errors=(401,)))
async def refresh(request: Request) -> Response:
    """Exchange a refresh token for the next pair."""
    wanted = await received(request, RefreshRequest, _SMALL_BODY)
    return answer(
        request, await in_thread(sessions.refresh, database_of(request), wanted.refresh_token, now_of(request))
    )


@router.post("/sessions/sign-out", status_code=204, openapi_extra=described(status=204))
async def sign_out(request: Request) -> Response:
    """End this session."""
    who = await principal(request)
    database, now = database_of(request), now_of(request)

    def work() -> None:
        with database.change() as unit:
            sessions.sign_out(unit, who, now)

    await in_thread(work)
    return Response(status_code=204)
