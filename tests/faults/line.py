"""A line without sockets between a real client and the real provider application, broken on purpose.

The client's ``requests`` session gets an adapter that calls the ASGI application directly; what a real line does to a
conversation happens here, one fault an exchange.
"""

from __future__ import annotations

import asyncio
import random
import threading
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import requests
from fastapi import FastAPI
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

from sync.transport import Transport

ADDRESS: Final = "http://provider.test"
FAULTS: Final = (
    "down",  # nothing arrives
    "half",  # the line breaks while the request is sent
    "lost",  # the provider has done it, the answer does not come
    "silent",  # no answer within the time-out, nothing arrived
    "silent-after",  # no answer within the time-out, the provider has done it
    "gateway",  # a proxy says 502 in HTML after the provider has done it
    "twice",  # a proxy sends the request again
    "at-once",  # the request arrives twice at the same time
    "late",  # the request arrives now and once more later
    "truncated",  # the answer breaks off
    "damaged",  # a byte of the answer is changed
    "portal",  # a web page of a cafe answers
    "redirect",  # ... or sends us elsewhere
    "busy",  # 503 with Retry-After
    "replay",  # an older answer comes again
)


@dataclass(frozen=True)
class Answer:
    """What an application answered."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True)
class Asked:
    """A request as it was sent."""

    method: str
    path: str
    query: str
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Loop:
    """An event loop on a thread of its own, for as many applications as there are."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True, name="provider").start()

    def ask(self, app: FastAPI, *asked: Asked, cut: bool = False) -> list[Answer]:
        """Return the answers to requests made at the same time; ``cut`` breaks the line in the middle of them."""

        async def all_of_them() -> list[Answer]:
            return list(await asyncio.gather(*(_call(app, one, cut) for one in asked)))

        return asyncio.run_coroutine_threadsafe(all_of_them(), self._loop).result(60)


async def _call(app: FastAPI, asked: Asked, cut: bool) -> Answer:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": asked.method,
        "scheme": "http",
        "path": unquote(asked.path),
        "raw_path": asked.path.encode(),
        "query_string": asked.query.encode(),
        "headers": asked.headers,
        "client": ("127.0.0.1", 50_000),
        "server": ("provider.test", 80),
        "root_path": "",
    }
    body = asked.body[: len(asked.body) // 2] if cut else asked.body
    waiting: list[dict[str, Any]] = [{"type": "http.request", "body": body, "more_body": cut}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    if not sent:
        return Answer(0, [], b"")
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in sent[0]["headers"]]
    return Answer(int(sent[0]["status"]), headers, b"".join(one.get("body", b"") for one in sent[1:]))


@dataclass
class Line(HTTPAdapter):
    """One device's line. ``plan`` names the fault of each of the next exchanges, "" for none."""

    loop: Loop
    app: FastAPI
    dice: random.Random
    plan: list[str] = field(default_factory=list)
    down: bool = False
    exchanges: int = 0
    late: list[Asked] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._old: dict[str, list[Answer]] = {}

    def send(self, request: requests.PreparedRequest, *_rest: Any, **_named: Any) -> requests.Response:
        """Carry one request to the application, or part of the way."""
        self.exchanges += 1
        fault = "down" if self.down else self.plan.pop(0) if self.plan else ""
        asked = _asked(request)
        if asked.path.endswith("/sessions/refresh") and fault == "late":
            fault = "twice"  # a renewal that arrives much later is a thief's, and rightly ends the session
        if fault:
            self.trace.append(f"      {asked.path.rpartition('/api/v1')[2]}: {fault}")
        answer = self._carry(fault, asked)
        return self._response(request, answer, fault)

    def deliver_late(self) -> bool:
        """Let a copy of an older request arrive at the provider; returns whether there was one."""
        if not self.late:
            return False
        self.loop.ask(self.app, self.late.pop(0))
        return True

    def _carry(self, fault: str, asked: Asked) -> Answer:
        if fault == "down":
            raise requests.exceptions.ConnectionError("down")
        if fault == "silent":
            raise requests.exceptions.ReadTimeout("silent")
        if fault == "half":
            self.loop.ask(self.app, asked, cut=True)
            raise requests.exceptions.ConnectionError("half")
        if fault == "portal":
            return Answer(200, [("Content-Type", "text/html")], b"<html>Welcome to the cafe</html>")
        if fault == "redirect":
            return Answer(302, [("Location", "http://portal.test/"), ("Content-Type", "text/html")], b"")
        if fault == "busy":
            headers = [("Content-Type", "application/json"), ("Retry-After", str(self.dice.choice((1, 30, 700))))]
            return Answer(503, headers, b'{"problem":{"code":"provider-unavailable"}}')
        if fault == "replay" and self._old.get(asked.path):
            return self.dice.choice(self._old[asked.path])
        if fault == "at-once":
            answer = self.dice.choice(self.loop.ask(self.app, asked, asked))
        else:
            (answer,) = self.loop.ask(self.app, asked)
            if fault == "twice":
                answer = self.dice.choice((answer, self.loop.ask(self.app, asked)[0]))
        if fault == "late":
            self.late.append(asked)
        if fault == "lost":
            raise requests.exceptions.ConnectionError("lost")
        if fault == "silent-after":
            raise requests.exceptions.ReadTimeout("silent")
        if fault == "gateway":
            return Answer(502, [("Content-Type", "text/html")], b"<html>Bad Gateway</html>")
        if answer.status == 200 and asked.path.rpartition("/")[2] in ("pull", "commands"):
            self._old[asked.path] = [*self._old.get(asked.path, []), answer][-6:]
        return answer

    def _response(self, request: requests.PreparedRequest, answer: Answer, fault: str) -> requests.Response:
        body = answer.body
        if fault == "truncated" and body:
            body = body[: self.dice.randrange(len(body))]
        if fault == "damaged" and body:
            at = self.dice.randrange(len(body))
            body = body[:at] + bytes([body[at] ^ (1 << self.dice.randrange(8))]) + body[at + 1 :]
        raw = HTTPResponse(
            body=BytesIO(body),
            headers=HTTPHeaderDict(answer.headers),
            status=answer.status,
            preload_content=False,
            decode_content=False,
            request_method=request.method,
        )
        return self.build_response(request, raw)


def _asked(request: requests.PreparedRequest) -> Asked:
    parts = urlsplit(str(request.url))
    body = request.body or b""
    data = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else b"".join(body)
    headers = [(name.lower().encode(), str(value).encode()) for name, value in request.headers.items()]
    if not any(name == b"content-length" for name, _ in headers):
        headers.append((b"content-length", str(len(data)).encode()))
    return Asked(str(request.method), parts.path, parts.query, headers, data)


class LineTransport(Transport):
    """The client's own transport over a :class:`Line`."""

    def __init__(self, line: Line, **named: Any) -> None:
        super().__init__(ADDRESS, **named)
        self._line = line

    def _session(self) -> requests.Session:
        session = super()._session()
        session.mount("http://", self._line)
        return session

    def knock(self) -> None:
        """Override: whether an exchange breaks is decided when it begins."""
