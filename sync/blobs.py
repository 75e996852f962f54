"""Sending documents to the provider before the commands that name them, piece by piece.

How far an upload is only the provider knows, so nothing is lost by a broken line or the end of the program: the next
run asks and goes on from there. A document that could not be sent does not stop the commands; the provider holds those
that name it until it has come.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

from msgspec import Struct

from models.cache.outbox import Item
from models.cache.store import get_local, set_local
from models.contract.outcomes import Status
from models.domain.attachments import named_blobs
from sync.link import Link
from sync.transport import Refused

log = logging.getLogger(__name__)

PIECE: Final = 256 * 1024
_DONE: Final = "sent"
_RESTARTS: Final = 3
_LATER: Final = frozenset({"too-many-attempts", "too-busy", "scan-unavailable", "provider-unavailable", "server-error"})


class _State(Struct, frozen=True):
    received: int
    complete: bool
    problem: str = ""


def wanted(items: Iterable[Item]) -> list[str]:
    """Return the hashes of documents named by commands that the provider has not carried out, in their order."""
    found: dict[str, None] = {}
    for item in items:
        if item.outcome is None or item.outcome.status is Status.HELD:
            found.update(dict.fromkeys(named_blobs(item.entry.command().content())))
    return list(found)


def missed(items: Iterable[Item]) -> set[str]:
    """Return the hashes of documents that commands wait for at the provider."""
    return set(wanted(item for item in items if item.outcome is not None))


def upload(
    link: Link,
    hashes: Sequence[str],
    missed: Collection[str],
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> None:
    """Send the documents that the provider does not have; ``progress`` gets bytes sent and all bytes.

    ``missed`` are those that the provider waits for by its own words, whatever we remember of them.

    Raises TransportError when the line or the provider does not serve now, after which the rest is sent another time.
    One that the provider refuses for its content is not sent again: the command that names it gets the answer.
    """
    store, documents = link.profile.store, link.profile.documents
    marks = store.peek(lambda connection: {digest: get_local(connection, _key(digest)) for digest in hashes})
    waiting = [digest for digest, mark in marks.items() if not mark or (mark == _DONE and digest in missed)]
    contents = {digest: content for digest in waiting if (content := documents.read(digest)) is not None}
    for digest in waiting:
        if digest not in contents:
            log.warning("a document that a command names is not on this computer")
    total = sum(len(content) for content in contents.values())
    before = 0
    for digest, content in contents.items():
        if cancelled():
            return

        def report(sent: int, start: int = before) -> None:
            progress(start + sent, total)

        outcome = _send(link, digest, content, report, cancelled)
        if outcome:
            with store.write() as connection:
                set_local(connection, _key(digest), outcome)
        before += len(content)
        progress(before, total)


def forget(link: Link, needed: Iterable[str]) -> None:
    """Drop the marks of documents that no command names any more."""
    store = link.profile.store
    spared = {_key(digest) for digest in needed}
    marks = store.peek(lambda c: c.execute("SELECT key FROM local WHERE key LIKE 'document:%'").fetchall())
    over = [key for (key,) in marks if key not in spared]
    if over:
        with store.write() as connection:
            for key in over:
                set_local(connection, key, "")


def fetch(link: Link, digest: str) -> bytes:
    """Return a document from this computer, or from the provider, keeping it here; raises TransportError."""
    kept = link.profile.documents.read(digest)
    if kept is None:
        kept = link.get_bytes(f"/blobs/{digest}", {})
        link.profile.documents.put_away(digest, kept)
    return kept


def _send(link: Link, digest: str, content: bytes, report: Callable[[int], None], cancelled: Callable[[], bool]) -> str:
    """Return ``sent``, the code of a refusal of the content, or "" when it was cancelled."""
    path = f"/blobs/{digest}"
    state = link.get(f"{path}/state", _State, {})
    at, restarts = min(state.received, len(content)), 0
    while not state.complete:
        if state.problem:
            return state.problem
        if cancelled():
            return ""
        if at >= len(content):  # all of it is there and was not checked: the line broke before the answer
            at = len(content) - 1
        piece = content[at : at + PIECE]
        try:
            state = link.put(path, piece, at, len(content), _State)
            at = state.received
        except Refused as refusal:
            code = refusal.problem.code
            if code in ("blob-offset", "blob-hash-wrong", "bad-request") and restarts < _RESTARTS:
                # It has another part of the document than we thought, or a damaged one: ask and go on from there.
                restarts += 1
                state = link.get(f"{path}/state", _State, {})
                at = min(state.received, len(content))
                continue
            if refusal.status in (401, 403, 404) or refusal.status >= 500 or code in _LATER:
                raise
            log.warning("a document is not accepted: %s", code)
            return code
        report(at)
    return _DONE


def _key(digest: str) -> str:
    return f"document:{digest}"
