"""HTTP around the services: bodies in and out as contract values, who is asking, what an error looks like.

A body is decoded strictly and never echoed: an error's answer is a ``Failure`` with a code, a field's name and a
request id, whatever was sent (docs/sync.md).
"""

from __future__ import annotations

import gzip
import io
import logging
import re
import secrets
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, ParamSpec, TypeVar

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.contract.codec import encode, sha256
from models.contract.messages import MAX_PUSH_BYTES, Failure
from models.domain.problems import Problem
from provider.services import sessions
from provider.services.refusals import Refusal, refuse
from provider.services.sessions import Principal
from provider.settings import Settings
from provider.store.database import Database
from provider.store.epoch import epoch

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

T = TypeVar("T")
P = ParamSpec("P")
log = logging.getLogger(__name__)

MAX_BODY: Final = 4 * MAX_PUSH_BYTES
"""Bytes of a request, before and after decompression: 200 signed commands with room to spare."""

_SMALL: Final = 600  # bytes that are not worth compressing
_CODES: Final = {401: "signed-out", 403: "no-access", 404: "not-found", 405: "not-found", 413: "too-large"}


def database_of(request: Request) -> Database:
    """Return the application's database."""
    database: Database = request.app.state.database
    return database


def settings_of(request: Request) -> Settings:
    """Return the application's settings."""
    settings: Settings = request.app.state.settings
    return settings


def now_of(request: Request) -> datetime:
    """Return the present instant of the application's clock."""
    return settings_of(request).clock()


def source_of(request: Request) -> str:
    """Return the address that a request came from, as far as trusted proxies tell."""
    return request.client.host if request.client else "unknown"


async def in_thread(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Return what a blocking function returns, run beside the event loop."""
    return await run_in_threadpool(function, *arguments, **named)


async def principal(request: Request) -> Principal:
    """Return who is asking; raises ``Refusal`` ``signed-out`` (401) for a token that is missing or does not work."""
    token = token_of(request)
    database, now = database_of(request), now_of(request)

    def look_up() -> Principal:
        with database.read(plans_kept=True) as connection:
            return sessions.authenticate(connection, token, now)

    return await in_thread(look_up)


def token_of(request: Request) -> str:
    """Return the access token that a request brings, unproved; raises ``Refusal`` ``signed-out`` (401) without one."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise refuse("signed-out", status=401)
    return token.strip()


async def received(request: Request, kind: type[T], limit: int = MAX_BODY) -> T:
    """Return the request's body as a ``kind``; raises ``Refusal``: ``too-large`` (413), ``bad-request`` (422)."""
    return decoded(await body_of(request, limit), kind)


async def body_of(request: Request, limit: int = MAX_BODY) -> bytes:
    """Return the request's body, unpacked and whole; raises ``Refusal``: ``too-large`` (413), ``bad-request``."""
    declared = request.headers.get("Content-Length", "0")
    if not declared.isdecimal() or int(declared) > limit:
        raise refuse("too-large", status=413)
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > limit:
            raise refuse("too-large", status=413)
    body = _unpacked(bytes(data), request.headers.get("Content-Encoding", "identity").strip().lower(), limit)
    claimed = request.headers.get("X-Body-SHA256")
    if claimed is not None and claimed.lower() != sha256(body):
        raise refuse("bad-request", status=400)
    return body


def decoded(body: bytes, kind: type[T]) -> T:
    """Return a body as a ``kind``, strictly; raises ``Refusal`` ``bad-request`` (422)."""
    try:
        text = body.decode("utf-8")
        if "\\u0000" in text or "\0" in text:  # PostgreSQL keeps no NUL
            raise refuse("text-not-allowed")
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as failure:
        raise refuse("bad-request", _field(str(failure))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise refuse("bad-request") from None


def _field(words: str) -> str:
    """Return the place that a validation error names, such as ``commands[0].signature``, without any value."""
    _, found, place = words.rpartition(" - at `$.")
    return place.rstrip("`")[:80] if found else ""


def _unpacked(data: bytes, coding: str, limit: int) -> bytes:
    if coding in ("", "identity"):
        return data
    if coding not in ("gzip", "zstd"):
        raise refuse("bad-request", status=415)
    try:
        source: Any = gzip.GzipFile(fileobj=io.BytesIO(data)) if coding == "gzip" else zstd.ZstdFile(io.BytesIO(data))
        with source:
            body: bytes = source.read(limit + 1)
    except (OSError, EOFError, zstd.ZstdError):
        raise refuse("bad-request") from None
    if len(body) > limit:
        raise refuse("too-large", status=413)
    return body


def answer(request: Request, value: Any, status: int = 200) -> Response:
    """Return a value as a JSON answer with its digest, compressed as the client likes."""
    return packed(request, encode(value), status, "application/json")


def packed(request: Request, body: bytes, status: int = 200, media_type: str = "application/json") -> Response:
    """Return bytes as an answer with the SHA-256 of the uncompressed body, compressed with zstd 1 or gzip 1."""
    headers = {"X-Body-SHA256": sha256(body), "Cache-Control": "no-store"}
    if len(body) > _SMALL:
        accepted = request.headers.get("Accept-Encoding", "").lower()
        if "zstd" in accepted:
            body, headers["Content-Encoding"] = zstd.compress(body, 1), "zstd"
        elif "gzip" in accepted:
            body, headers["Content-Encoding"] = gzip.compress(body, 1), "gzip"
    return Response(body, status, headers, media_type)


def failure(request: Request, problem: Problem, status: int, retry_after: int | None = None) -> Response:
    """Return a problem as an answer."""
    headers = {"Cache-Control": "no-store"}
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    request_id = request.scope.get("state", {}).get("request_id", "")
    return Response(encode(Failure(problem, request_id)), status, headers, "application/json")


def install_errors(app: FastAPI) -> None:
    """Replace every answer of the framework that would echo what was sent."""

    async def refused(request: Request, raised: Exception) -> Response:
        assert isinstance(raised, Refusal)
        return failure(request, raised.problem, raised.status, raised.retry_after)

    async def http(request: Request, raised: Exception) -> Response:
        assert isinstance(raised, HTTPException)
        return failure(request, Problem(_CODES.get(raised.status_code, "bad-request")), raised.status_code)

    async def invalid(request: Request, _raised: Exception) -> Response:
        return failure(request, Problem("bad-request"), 422)

    async def busy(request: Request, raised: Exception) -> Response:
        log.warning("the database did not answer in time: %s", type(raised).__name__)
        return failure(request, Problem("provider-unavailable"), 503, 5)

    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(OperationalError, busy)
    app.add_exception_handler(PoolTimeout, busy)


_QUESTION: Final = re.compile(rb"[0-9a-f]{16}")


class Edge:
    """The outermost layer: request id, time and epoch on each answer; a fault says nothing of itself."""

    def __init__(self, app: ASGIApp, database: Database, clock: Callable[[], datetime]) -> None:
        self._app = app
        self._database = database
        self._clock = clock
        self._epoch = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and complete the head of its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        if not self._epoch:
            self._epoch = await run_in_threadpool(self._read_epoch)

        begun = False
        question = next((value for name, value in scope["headers"] if name == b"x-question"), b"")
        # so that a client knows an answer to an earlier question, which some box on the way gave again
        echo = [(b"x-question", question)] if _QUESTION.fullmatch(question) else []

        async def complete(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = [
                    *message.get("headers", []),
                    (b"x-request-id", request_id.encode()),
                    (b"x-server-time", self._clock().isoformat().encode()),
                    (b"x-epoch", self._epoch.encode()),
                    (b"x-content-type-options", b"nosniff"),
                    *echo,
                ]
            await send(message)

        try:
            await self._app(scope, receive, complete)
        except Exception as raised:
            log.exception("request %s failed", request_id)
            if begun:
                raise
            lost = isinstance(raised, DBAPIError) and raised.connection_invalidated
            if lost:
                said = failure(Request(scope), Problem("provider-unavailable"), 503, 5)
            else:
                said = failure(Request(scope), Problem("server-error"), 500)
            await said(scope, receive, complete)

    def _read_epoch(self) -> str:
        with self._database.engine.connect() as connection:
            return epoch(connection)
