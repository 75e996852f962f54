"""Asking other machines over HTTP: gateways and registers. Never a redirect, never a proxy of the environment."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from email.message import Message
from typing import IO, Any, Final

import msgspec

TIMEOUT: Final = 10.0
_MOST: Final = 1_000_000


class OutsideFailed(Exception):
    """The other machine did not do it; ``ours`` tells that it refused what we sent, so that trying again is no use."""

    def __init__(self, reason: str, *, ours: bool = False) -> None:
        super().__init__(reason)
        self.ours = ours


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        return None


_opener: Final = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def post_json(url: str, body: Any, *, token: str = "", key: str = "") -> bytes:
    """Send ``body`` as JSON and return the answer, at most a megabyte; raises :class:`OutsideFailed`.

    ``key`` names the occasion, so that a machine that knows ``Idempotency-Key`` does it once.
    """
    if not url.startswith(("https://", "http://")):
        raise OutsideFailed("the address must be http:// or https://")
    request = urllib.request.Request(url, msgspec.json.encode(body), {"Content-Type": "application/json"})  # noqa: S310 checked above
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    if key:
        request.add_header("Idempotency-Key", key)
    try:
        with _opener.open(request, timeout=TIMEOUT) as answer:
            data: bytes = answer.read(_MOST + 1)
    except urllib.error.HTTPError as error:
        error.close()
        raise OutsideFailed(
            f"HTTP {error.code}", ours=400 <= error.code < 500 and error.code not in (408, 429)
        ) from None
    except (OSError, http.client.HTTPException) as error:
        raise OutsideFailed(type(error).__name__) from None
    if len(data) > _MOST:
        raise OutsideFailed("the answer is too long")
    return data
