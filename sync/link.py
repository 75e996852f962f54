"""The line between one profile and its provider: requests with the person's token, renewed when it has run out."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from msgspec import Struct

from models.cache.outbox import tail
from models.contract.messages import Session
from models.domain.problems import Problem
from sync.identity import Identity
from sync.profile import Profile
from sync.transport import Offline, Query, Refused, Transport, TransportError

log = logging.getLogger(__name__)

T = TypeVar("T")

_RENEWING_SECONDS: Final = 60.0


class SignedOut(TransportError):
    """The provider wants the password; everything entered is kept."""


class ServerRestored(Exception):
    """The provider was restored from a backup: the cache starts again and finished commands are sent again."""


class DeviceForked(Exception):
    """The provider knows another history of this device: it has to be enrolled anew."""


class RefreshRequest(Struct, frozen=True):
    """Body of a request for the next pair of tokens."""

    refresh_token: str


class Link:
    """Requests of one profile; threads may share it."""

    def __init__(self, profile: Profile, transport: Transport, clock: Callable[[], datetime]) -> None:
        self.profile = profile
        self.transport = transport
        self.clock = clock
        self._renewing = threading.Lock()
        self.transport.token = profile.identity.access_token

    @property
    def identity(self) -> Identity:
        """Who we are to the provider."""
        return self.profile.identity

    def post(self, path: str, body: Any, kind: type[T]) -> T:
        """Send a request with our token; raises TransportError, :class:`ServerRestored`, :class:`DeviceForked`."""
        return self._authorised(lambda: self.transport.post(path, body, kind))

    def post_bytes(self, path: str, body: Any) -> bytes:
        """Send a request with our token and return the body as it is."""
        return self._authorised(lambda: self.transport.post_bytes(path, body))

    def put(self, path: str, piece: bytes, at: int, total: int, kind: type[T]) -> T:
        """Send a piece of a document that begins at byte ``at`` of ``total``."""
        return self._authorised(lambda: self.transport.put(path, piece, at, total, kind))

    def get(self, path: str, kind: type[T], query: Query, *, stall: float | None = None) -> T:
        """Ask with our token."""
        return self._authorised(lambda: self.transport.get(path, kind, query, stall=stall))

    def get_bytes(self, path: str, query: Query) -> bytes:
        """Ask with our token and return the body as it is."""
        return self._authorised(lambda: self.transport.get_bytes(path, query))

    def take(self, session: Session) -> None:
        """Keep what signing in or renewing gave."""
        now = self.clock()
        self.profile.save_identity(
            device_id=session.device_id,
            user_id=session.user_id,
            roles=list(session.roles),
            access_token=session.access_token,
            access_until=now + timedelta(seconds=session.expires_in),
            refresh_token=session.refresh_token,
        )
        self.transport.token = session.access_token

    def forget_tokens(self) -> None:
        """Be signed out, with everything else kept."""
        self.profile.save_identity(access_token="", access_until=None, refresh_token="")
        self.transport.token = ""

    def _authorised(self, ask: Callable[[], T]) -> T:
        identity = self.identity
        if not identity.signed_in:
            raise SignedOut(Problem("signed-out"))
        self.transport.token = identity.access_token
        early = identity.access_until is not None and identity.access_until <= self.clock()
        if early or not identity.access_token:
            self._renew(identity.access_token)
        used = self.identity.access_token
        try:
            return _read(ask)
        except Refused as refusal:
            if refusal.status != 401:
                raise
        self._renew(used)
        try:
            return _read(ask)
        except Refused as refusal:
            if refusal.status == 401:
                self.forget_tokens()
                raise SignedOut(Problem("signed-out")) from refusal
            raise

    def _renew(self, spent: str) -> None:
        """Get the next pair of tokens in place of the access token ``spent``, unless somebody else has just done so.

        One thread of one process at a time: a refresh token used twice would look like a stolen one and end the
        session. If the answer is lost, the old token still works.
        """
        with self._renewing:
            if not self.profile.session.acquire(_RENEWING_SECONDS):
                raise Offline(Problem("provider-slow"))
            try:
                identity = self.profile.reload_identity()
                if identity.access_token and identity.access_token != spent:
                    self.transport.token = identity.access_token
                    return
                if not identity.signed_in:
                    raise SignedOut(Problem("signed-out"))
                self._exchange()
            finally:
                self.profile.session.release()

    def _exchange(self) -> None:
        body = RefreshRequest(self.identity.refresh_token)
        try:
            session = _read(lambda: self.transport.post("/sessions/refresh", body, Session, refresh=True))
        except Refused as refusal:
            if refusal.status in (400, 401, 403, 422):
                self.forget_tokens()
                raise SignedOut(refusal.problem if refusal.status == 403 else Problem("signed-out")) from refusal
            raise
        self.take(session)
        if session.epoch != self.identity.epoch and self.identity.epoch:
            raise ServerRestored
        if session.last_n > self.profile.store.peek(tail).n:
            raise DeviceForked


def _read(ask: Callable[[], T]) -> T:
    """Ask, and name the refusals that concern the whole conversation."""
    try:
        return ask()
    except Refused as refusal:
        if refusal.problem.code == "server-restored":
            raise ServerRestored from refusal
        if refusal.problem.code == "device-forked":
            raise DeviceForked from refusal
        if refusal.problem.code == "device-revoked":
            raise SignedOut(refusal.problem) from refusal
        raise
