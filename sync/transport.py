"""The way to the provider: the only user of ``requests``.

Every answer is either wholly good - right status, right type, right length, right digest - or nothing of it is used.
Time-outs count silence, not duration. Certificates are always checked, redirects never followed, proxies of the
environment ignored unless settings name one.
"""

from __future__ import annotations

import logging
import secrets
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import msgspec
import requests
from backports import zstd
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from models.contract.messages import Failure
from models.domain.problems import Problem
from sync.failpoints import armed, reach

log = logging.getLogger(__name__)

T = TypeVar("T")
_SHORT: Final = timedelta(seconds=2)
"""The provider's clock is looked for in the middle of exchanges that take no longer."""
Query = Mapping[str, str | int] | Sequence[tuple[str, str | int]]

PREFIX: Final = "/api/v1"
CONNECT_SECONDS: Final = 10.0
STALL_SECONDS: Final = 20.0
MAX_ANSWER: Final = 64_000_000
"""Bytes of an answer after unpacking; more is a mistake or an attack."""
_PIECE: Final = 65_536


class TransportError(Exception):
    """No usable answer: ``problem`` says why, ``retry_after`` how many seconds the provider asked us to wait."""

    def __init__(self, problem: Problem, retry_after: float | None = None) -> None:
        super().__init__(problem.code)
        self.problem = problem
        self.retry_after = retry_after


@contextmanager
def answered_directly() -> Iterator[None]:
    """Mark what goes wrong inside as told to a person who waits for the answer, with nothing queued for later."""
    try:
        yield
    except TransportError as error:
        problem = error.problem
        error.problem = Problem(problem.code, problem.field, {**problem.values, "direct": 1})
        raise


class Offline(TransportError):
    """The provider could not be reached, or fell silent."""


class Refused(TransportError):
    """The provider answered with a refusal; ``status`` is HTTP's, ``failure`` its body."""

    def __init__(self, status: int, failure: Failure, retry_after: float | None = None) -> None:
        super().__init__(failure.problem, retry_after)
        self.status = status
        self.failure = failure


class Unexpected(TransportError):
    """Something answered that is not the provider, or its answer arrived damaged; nothing of it was used."""


class Transport:
    """Requests to one provider. Threads may share it; ``token`` is sent with every request while it is set."""

    def __init__(
        self,
        base_url: str,
        *,
        certificates: str | None = None,
        proxy: str | None = None,
        connect_seconds: float = CONNECT_SECONDS,
        stall_seconds: float = STALL_SECONDS,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Speak to the provider at ``base_url``; ``certificates`` names a file of authorities of one's own."""
        self.base_url = base_url.rstrip("/")
        self.token = ""
        self.offset: timedelta | None = None
        """The provider's clock minus ours, from the latest answer."""
        self.epoch = ""
        """The provider's epoch as the latest answer gave it."""
        self._clock = clock
        self._timeouts = (connect_seconds, stall_seconds)
        self._local = threading.local()
        self._certificates = certificates
        self._proxy = proxy
        self._sessions: list[requests.Session] = []

    def post(self, path: str, body: Any, kind: type[T], *, refresh: bool = False, stall: float | None = None) -> T:
        """Send ``body`` as JSON and return the answer as ``kind``; raises :class:`TransportError`.

        ``refresh`` leaves the access token out, for requests that do not need one.
        """
        data = msgspec.json.encode(body)
        return self._decoded(self._request("POST", path, {}, data, authorised=not refresh, stall=stall), kind)

    def put(self, path: str, piece: bytes, at: int, total: int, kind: type[T]) -> T:
        """Send a piece of a document that begins at byte ``at`` of ``total``; raises :class:`TransportError`."""
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Range": f"bytes {at}-{at + len(piece) - 1}/{total}",
        }
        return self._decoded(self._request("PUT", path, {}, piece, more=headers), kind)

    def get(self, path: str, kind: type[T], query: Query | None = None, *, stall: float | None = None) -> T:
        """Return the answer to a question as ``kind``; raises :class:`TransportError`."""
        return self._decoded(self._request("GET", path, query or {}, None, stall=stall), kind)

    def get_bytes(self, path: str, query: Query | None = None) -> bytes:
        """Return the unpacked and verified body of an answer; raises :class:`TransportError`."""
        return self._request("GET", path, query or {}, None)

    def post_bytes(self, path: str, body: Any) -> bytes:
        """Send ``body`` as JSON and return the unpacked and verified body; raises :class:`TransportError`."""
        return self._request("POST", path, {}, msgspec.json.encode(body))

    def knock(self) -> None:
        """Return when a connection to the provider can be opened; raises :class:`Offline` otherwise. Sends nothing."""
        parts = urlsplit(self._proxy or self.base_url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            socket.create_connection((parts.hostname or "", port), timeout=self._timeouts[0]).close()
        except OSError as error:
            raise Offline(Problem("offline")) from error

    def server_time(self) -> datetime | None:
        """Return what the provider's clock shows now by our estimate, None before the first contact."""
        return None if self.offset is None else self._clock() + self.offset

    def close(self) -> None:
        """Close the connections that are kept open."""
        for session in self._sessions:
            session.close()
        self._sessions.clear()
        self._local = threading.local()

    def _request(
        self,
        method: str,
        path: str,
        query: Query,
        data: bytes | None,
        *,
        authorised: bool = True,
        stall: float | None = None,
        more: Mapping[str, str] | None = None,
    ) -> bytes:
        question = secrets.token_hex(8)
        headers = {"Accept": "application/json", "Accept-Encoding": "zstd, gzip", "X-Question": question}
        if data is not None:
            headers["Content-Type"] = "application/json"
            headers["X-Body-SHA256"] = sha256(data).hexdigest()
            headers.update(more or {})
        if self.token and authorised:
            headers["Authorization"] = f"Bearer {self.token}"
        sent = self._clock()
        try:
            prepared = requests.PreparedRequest()  # without the cookies and the environment that a session adds
            prepared.prepare(
                method,
                f"{self.base_url}{PREFIX}{path}",
                headers,
                data=_halves(data) if data is not None and armed("P2") else data,
                params=list(query.items()) if isinstance(query, Mapping) else list(query),
            )
            timeout = (self._timeouts[0], stall or self._timeouts[1])
            response = self._session().send(prepared, timeout=timeout, allow_redirects=False, stream=True)
        except requests.RequestException as error:
            raise _unreachable(error) from error
        heard = self._clock()  # its first line; the rest may take as long as the line makes it
        with response:
            body = _body(response)
            if not _ours(response, question):
                log.warning("an answer to an earlier question came again; nothing of it is used")
                raise Unexpected(Problem("damaged-answer"))
            self._note_clock(response, sent, heard)
            self.epoch = response.headers.get("X-Epoch", self.epoch)
            return _checked(response, body)

    def _session(self) -> requests.Session:
        """Return this thread's session: requests' sessions are not made for sharing."""
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            session.trust_env = False
            session.verify = self._certificates or True
            if self._proxy:
                session.proxies = {"http": self._proxy, "https": self._proxy}
            session.mount("http://", HTTPAdapter(pool_maxsize=2, max_retries=0))
            session.mount("https://", HTTPAdapter(pool_maxsize=2, max_retries=0))
            self._local.session = session
            self._sessions.append(session)
        return session

    def _decoded(self, body: bytes, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(body, type=kind)
        except msgspec.DecodeError as error:
            log.warning("an answer could not be read: %s", error)
            raise Unexpected(Problem("unexpected-answer")) from error

    def _note_clock(self, response: requests.Response, sent: datetime, heard: datetime) -> None:
        """Measure the provider's clock when it began to answer; never a reason to refuse anything.

        That was in the middle of a short exchange. A long one is a question that was held, a slow upload, or a computer
        that slept meanwhile: it ended just before the answer was heard.
        """
        text = response.headers.get("X-Server-Time", "")
        try:
            server = datetime.fromisoformat(text)
        except ValueError:
            return
        if server.tzinfo is not None:
            took = heard - sent
            self.offset = server - (sent + took / 2 if timedelta(0) <= took <= _SHORT else heard)


def _ours(response: requests.Response, question: str) -> bool:
    """Return whether an answer is to this question and not to an earlier one, kept by a box on the way."""
    return bool(response.headers.get("X-Question", question) == question)


def _halves(data: bytes) -> Iterator[bytes]:
    """Give a body in two pieces with a fail point between them."""
    yield data[: len(data) // 2]
    time.sleep(0.05)  # let the first half leave
    reach("P2")
    yield data[len(data) // 2 :]


def _unreachable(error: requests.RequestException) -> TransportError:
    log.info("no answer: %s", type(error).__name__)
    if isinstance(error, requests.exceptions.SSLError):
        return Offline(Problem("certificate-refused"))
    if isinstance(
        error, requests.exceptions.InvalidURL | requests.exceptions.MissingSchema | requests.exceptions.InvalidSchema
    ):
        return Unexpected(Problem("wrong-address"))
    if isinstance(error, requests.exceptions.ReadTimeout):
        return Offline(Problem("provider-slow"))
    return Offline(Problem("offline"))


def _body(response: requests.Response) -> bytes:
    """Return the whole unpacked body, within bounds; raises :class:`TransportError` when it breaks off."""
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    try:
        packed = bytearray()
        for piece in response.raw.stream(_PIECE, decode_content=False):
            packed += piece
            if len(packed) > MAX_ANSWER:
                raise Unexpected(Problem("unexpected-answer"))
    except (HTTPError, OSError) as error:
        kind = type(error).__name__
        log.info("an answer broke off: %s", kind)
        if "Timeout" in kind:
            raise Offline(Problem("provider-slow")) from error
        raise Offline(Problem("truncated-answer")) from error
    declared = response.headers.get("Content-Length")
    if declared is not None and declared.isdigit() and int(declared) != len(packed):
        raise Offline(Problem("truncated-answer"))
    try:
        return _unpacked(bytes(packed), coding)
    except (zlib.error, zstd.ZstdError, EOFError, ValueError) as error:
        raise Unexpected(Problem("damaged-answer")) from error


def _unpacked(data: bytes, coding: str) -> bytes:
    """Return ``data`` unpacked to at most ``MAX_ANSWER`` bytes; raises ValueError and the libraries' errors."""
    if coding in ("", "identity"):
        return data
    if coding == "gzip":
        unpacker = zlib.decompressobj(wbits=31)
        plain = unpacker.decompress(data, MAX_ANSWER)
        if not unpacker.eof:
            raise ValueError("a gzip body is cut or too long")
        return plain
    if coding == "zstd":
        machine = zstd.ZstdDecompressor()
        plain = bytes(machine.decompress(data, max_length=MAX_ANSWER))
        if not machine.eof:
            raise ValueError("a zstd body is cut or too long")
        return plain
    raise ValueError(f"unknown coding {coding}")


def _checked(response: requests.Response, body: bytes) -> bytes:
    """Return the body of a good answer; raises for everything else."""
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    status = response.status_code
    retry_after = _seconds(response.headers.get("Retry-After", ""))
    if 300 <= status < 400:
        raise Unexpected(Problem("not-a-provider"))
    if kind == "text/html" or (
        kind not in ("application/json", "application/x-ndjson", "application/octet-stream") and status < 400
    ):
        raise Unexpected(Problem("not-a-provider"), retry_after)
    declared = response.headers.get("X-Body-SHA256")
    if declared is not None and declared.lower() != sha256(body).hexdigest():
        raise Unexpected(Problem("damaged-answer"))
    if 200 <= status < 300:
        return body
    try:
        failure = msgspec.json.decode(body, type=Failure)
    except msgspec.DecodeError as error:
        if status in (404, 405):
            raise Unexpected(Problem("wrong-address")) from error
        code = "provider-unavailable" if status in (429, 502, 503, 504) else "server-error"
        if status >= 500 or status == 429:
            raise Offline(Problem(code), retry_after) from error
        raise Unexpected(Problem("unexpected-answer"), retry_after) from error
    raise Refused(status, failure, retry_after)


def _seconds(text: str) -> float | None:
    """Return the wait asked for by ``Retry-After``: seconds or a date, at most an hour."""
    if text.isdigit():
        return float(min(int(text), 3_600))
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return min(max((moment - datetime.now(UTC)).total_seconds(), 0.0), 3_600.0)
